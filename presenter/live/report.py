"""The private folder through which presenter and a shell's hooks tell each other things."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from presenter.live import lifeline

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Report:
    """What a shell said of itself at its last prompt."""

    cwd: Path
    exported: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    variables: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Those that it was asked for, exported or not."""


def parse_report(data: bytes) -> Report | None:
    """`data` is the directory, the variables, an empty record and the environment, each record

    ended by NUL. None where it is not complete; a record that is no assignment is left out.
    """
    records = data.split(b"\0")
    if len(records) < 3 or not records[0] or b"" not in records[1:-1]:
        return None
    end = records.index(b"", 1)
    return Report(
        Path(os.fsdecode(records[0])),
        MappingProxyType(_assignments(records[end + 1 :])),
        MappingProxyType(_assignments(records[1:end])),
    )


def _assignments(records: list[bytes]) -> dict[str, str]:
    pairs = (os.fsdecode(record).partition("=") for record in records)
    return {name: value for name, equals, value in pairs if name and equals}


class Mailbox:
    """A folder of mode 0700: each file in it is replaced at once, for the shell may be reading."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=lifeline.FOLDERS))
        lifeline.tell(str(self.folder))

    def put(self, name: str, text: str) -> None:
        new = self.folder / f"{name}.ours"
        new.write_bytes(encode(text))
        new.replace(self.folder / name)

    def fresh_nonce(self) -> str:
        """Made anew for each command; in no variable, so that no output of the shell has it."""
        nonce = secrets.token_hex(16)
        self.put("nonce", nonce + "\n")
        return nonce

    def report(self) -> Report | None:
        try:
            return parse_report((self.folder / "state").read_bytes())
        except OSError:
            return None

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def encode(text: str) -> bytes:
    """UTF-8 for a shell; NUL, which no shell takes, is left out."""
    return text.replace("\0", "").encode("utf-8", "surrogateescape")
