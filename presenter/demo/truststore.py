"""The decks that the user has trusted: `<state>/presenter/trust.jsonl`, a line a deck's path.

    {"v": 1, "path": …, "digest": …, "when": …, "lines": […], "deck": …, "files": […]}

The file is replaced as a whole, so that a crash leaves the old one or the new one. Whatever is odd
about it (damaged, owned or writable by others, a link) means that nothing is trusted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from presenter.deck.named import FileRefused, hash_file
from presenter.demo.folders import state_dir
from presenter.demo.ownfile import read_own, replace_own
from presenter.errors import PresenterError

if TYPE_CHECKING:
    from presenter.deck.deck import Deck
    from presenter.deck.trust import Fingerprint

try:
    import fcntl
except ImportError:  # Windows has none: there two changes at once may lose one
    fcntl = None  # type: ignore[assignment]

VERSION = 1
MAX_BYTES = 16 * 1024 * 1024
MAX_LINES = 2000
"""Readable lines kept of a deck; they are for showing what has changed, the digest decides."""
LONGEST_LINE = 500


@dataclass(frozen=True, slots=True)
class Trusted:
    """One deck that has been trusted."""

    path: str
    digest: str
    when: str
    """ISO 8601, with offset."""
    lines: tuple[str, ...] = ()
    """What was trusted, as the user saw it."""
    deck: str = ""
    """The hash of the deck's own bytes at that time."""
    files: tuple[tuple[str, str], ...] = ()
    """The executed files, each with its SHA-256."""


class TrustStore:
    """The trusted decks of this user; every call looks at the file anew."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is where the file is; the default is the program's state."""
        self._folder = folder if folder is not None else state_dir()
        self.path = self._folder / "trust.jsonl"
        self.problem = ""
        """What was odd about the file when it was read last."""

    def is_trusted(self, deck: Fingerprint) -> bool:
        """Whether exactly this was trusted at this path; never raises."""
        entry = self.find(deck.path)
        return bool(deck.digest) and entry is not None and entry.digest == deck.digest

    def presumes(self, deck: Deck) -> bool:
        """Whether the deck's bytes and executed files are as they were trusted; never raises.

        That is told before a slide is read. It is not the last word: `is_trusted` has that.
        """
        entry = self.find(str(deck.path.resolve()))
        if entry is None or entry.deck != deck.hash:
            return False
        try:
            return all(hash_file(deck.root / name, name) == told for name, told in entry.files)
        except FileRefused:
            return False

    def find(self, path: str) -> Trusted | None:
        """What was trusted at a deck's path (absolute, links followed)."""
        return next((entry for entry in self.entries() if entry.path == path), None)

    def entries(self) -> tuple[Trusted, ...]:
        """All trusted decks by their path; never raises."""
        self.problem = ""
        try:
            data = read_own(self.path, MAX_BYTES)
            found = {entry.path: entry for entry in map(_decode, data.splitlines()) if entry}
        except FileNotFoundError:
            return ()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            self.problem = f"{self.path}: {reason}: no deck is trusted"
            return ()
        return tuple(found[path] for path in sorted(found))

    def trust(self, deck: Fingerprint, when: str) -> None:
        """Remember a yes to `deck`; raises PresenterError where that cannot be done."""
        if not deck.digest:
            raise PresenterError(f"{deck.path}: cannot be trusted: {deck.problem}")
        lines = tuple(line[:LONGEST_LINE] for line in deck.lines[:MAX_LINES])
        with self._locked():
            others = [entry for entry in self.entries() if entry.path != deck.path]
            entry = Trusted(deck.path, deck.digest, when, lines, deck.deck, deck.files)
            self._write([*others, entry])

    def revoke(self, path: str) -> bool:
        """Forget the deck at `path`; False where it was not trusted. Raises PresenterError."""
        with self._locked():
            entries = self.entries()
            others = [entry for entry in entries if entry.path != path]
            if len(others) < len(entries):
                self._write(others)
            return len(others) < len(entries)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One change at a time."""
        handle = -1
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
            handle = os.open(self.path.with_suffix(".lock"), flags, 0o600)
            if fcntl is not None:
                with suppress(OSError):  # a file system without locks
                    fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        except OSError as error:
            raise PresenterError(
                f"{self.path}: cannot be written: {error.strerror}",
                "name another folder in PRESENTER_STATE_DIR",
            ) from error
        finally:
            if handle >= 0:
                os.close(handle)

    def _write(self, entries: list[Trusted]) -> None:
        replace_own(self.path, "".join(map(_encode, entries)).encode("ascii"))


def _encode(entry: Trusted) -> str:
    told = {
        "v": VERSION,
        "path": entry.path,
        "digest": entry.digest,
        "when": entry.when,
        "lines": entry.lines,
        "deck": entry.deck,
        "files": entry.files,
    }
    return json.dumps(told) + "\n"


def _decode(line: bytes) -> Trusted | None:
    """None for a blank line or one of another version; raises ValueError for a damaged one."""
    if not line.strip():
        return None
    try:
        told = json.loads(line)
    except RecursionError as error:
        raise ValueError("is damaged") from error
    if not isinstance(told, dict):
        raise ValueError("is damaged")  # noqa: TRY004 — the file is wrong, not the call
    if told.get("v") != VERSION:
        return None
    words = [told.get(key) for key in ("path", "digest", "when")]
    lines = told.get("lines")
    if not all(isinstance(word, str) for word in words) or not isinstance(lines, list):
        raise ValueError("is damaged")
    path, digest, when = map(str, words)
    deck, files = told.get("deck", ""), told.get("files", [])
    if not isinstance(files, list) or not all(
        isinstance(pair, list) and len(pair) == 2 for pair in files
    ):
        raise ValueError("is damaged")
    hashes = tuple((str(name), str(sha256)) for name, sha256 in files)
    return Trusted(path, digest, when, tuple(map(str, lines)), str(deck), hashes)
