"""Talks in one file, for another machine.

    {"presenter-talks":1,"talks":2}
    {"talk":"istio-101-5d0a43ce/20180301T080000.000000Z-7","lines":233,"sha256":"9f86…"}
    … the 233 lines of its journal, as they are …
    {"talk":…

A talk is taken if its name and its lines have the checksum that stands above them. What is damaged
costs the talks that it is in: reading goes on at the next line that begins one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from presenter.demo.library import MOST_BYTES
from presenter.errors import PresenterError

KIND = "presenter-talks"
VERSION = 1
MOST_OF_ALL = 512 << 20
"""Bytes of such a file."""
MOST_LINES = 1_000_000
"""Of one journal."""
MOST_TROUBLES = 100
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}/[A-Za-z0-9][A-Za-z0-9.-]{0,99}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_BEGIN = b'{"talk":'
"""What no line of a journal begins with."""


@dataclass(frozen=True, slots=True)
class Packed:
    """One talk of a file."""

    name: str
    """`<folder>/<session>`, checked: it leads nowhere else."""
    data: bytes


def packed(talks: Sequence[Packed]) -> Iterator[bytes]:
    """The file's pieces; a last line that was torn off is left out."""
    yield _line({KIND: VERSION, "talks": len(talks)})
    for talk in talks:
        whole = talk.data[: talk.data.rfind(b"\n") + 1]
        name, count = fitting(talk.name), whole.count(b"\n")
        yield _line({"talk": name, "lines": count, "sha256": _checksum(name, whole)})
        yield whole


def fitting(name: str) -> str:
    """The name, or one like it that a file may have anywhere."""
    if _NAME.fullmatch(name):
        return name
    folder, _, session = name.partition("/")
    folder = re.sub(r"[^a-z0-9]+", "-", folder.lower()).strip("-")[:64].strip("-") or "deck"
    session = re.sub(r"[^A-Za-z0-9]+", "-", session).strip("-")[:100] or "talk"
    return f"{folder}/{session}"


def unpacked(data: bytes) -> tuple[list[Packed], list[str]]:
    """The talks that are whole, and a line for each thing that is not as it was written.

    Raises PresenterError where the file is no such file, or one of a later version.
    """
    end = data.find(b"\n") + 1 or len(data)
    promised = _promised(data[:end])
    talks: list[Packed] = []
    troubles: list[str] = []
    for found in _talks(data, end):
        if isinstance(found, Packed):
            talks.append(found)
        elif len(troubles) == MOST_TROUBLES:
            troubles.append("too much is damaged: the rest of the file is left out")
            break
        else:
            troubles.append(found)
    if not troubles and len(talks) != promised:
        troubles.append(f"{len(talks)} of {promised} talks are there: the file was cut off")
    return talks, troubles


def _promised(line: bytes) -> int:
    """How many talks the first line says that there are."""
    head = _object(line)
    version, count = head.get(KIND), head.get("talks")
    if type(version) is int and version > VERSION:
        raise PresenterError(
            f"its talks are written in way {version}; this program reads {VERSION}",
            "a later version of it does",
        )
    if type(version) is not int or type(count) is not int:
        raise PresenterError("holds no talks", "`presenter talks --export FILE` makes such files")
    return count


def _talks(data: bytes, at: int) -> Iterator[Packed | str]:
    """Each talk, or what is wrong with it."""
    told = False  # of the damage that is being passed over
    while at < len(data):
        if not data.startswith(_BEGIN, at):
            if not told:
                yield f"line {_number(data, at)}: belongs to no talk; left out"
            told = True
            at = data.find(b"\n" + _BEGIN, at) + 1 or len(data)
            continue
        start = data.find(b"\n", at) + 1 or len(data)
        found, end = _talk(data, at, start)
        yield found
        told = isinstance(found, str)
        at = end


def _talk(data: bytes, at: int, start: int) -> tuple[Packed | str, int]:
    """The talk that begins at a byte (its journal at `start`), and where to go on."""
    head = _object(data[at:start])
    name, count, checksum = head.get("talk"), head.get("lines"), head.get("sha256")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return f"line {_number(data, at)}: no name that a talk may have; left out", start
    if type(count) is not int or not 0 < count <= MOST_LINES:
        return f"{name}: not a number of lines that a talk may have; left out", start
    if not isinstance(checksum, str) or not _SHA256.fullmatch(checksum):
        return f"{name}: no checksum; left out", start
    end = start
    for _ in range(count):
        end = data.find(b"\n", end) + 1
        if not end:
            return f"{name}: is cut off; left out", start
    if end - start > MOST_BYTES:
        return f"{name}: is larger than {MOST_BYTES >> 20} MiB; left out", end
    if _checksum(name, data[start:end]) != checksum:
        return f"{name}: is damaged; left out", start
    return Packed(name, data[start:end]), end


def _checksum(name: str, lines: bytes) -> str:
    return sha256(f"{name}\n".encode() + lines).hexdigest()


def _number(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def _object(line: bytes) -> dict[str, object]:
    """The object in a line; an empty one where there is none."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"
