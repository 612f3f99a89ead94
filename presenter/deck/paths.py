"""Files that a deck names: only inside the deck's root, only text, only up to 5 MB."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from presenter.errors import DeckError

MAX_BYTES = 5_000_000
LONGEST = 1024
"""Characters of a path written in a deck."""


class PathRefused(Exception):  # noqa: N818 - says what happened to the path, not that we failed
    """A path written in a deck may not be used; the message says why."""


def deck_root(path: Path) -> Path:
    """The deck's folder, or its parent when that folder is named `slides`."""
    folder = path.absolute().parent
    return folder.parent if folder.name == "slides" else folder


def inside(root: Path, base: Path, written: str) -> Path:
    """The path that `written` names, seen from `base`; raises PathRefused when it leaves `root`.

    Links are followed before the check, so that none leads out. The file need not exist; a pipe or
    a device, of which reading may never end, is refused too.
    """
    if not written or "\0" in written:
        raise PathRefused("the path is empty" if not written else "the path holds a NUL")
    if len(written) > LONGEST:
        raise PathRefused(f"the path is longer than {LONGEST} characters")
    posix, windows = PurePosixPath(written), PureWindowsPath(written)
    if posix.is_absolute() or windows.drive or windows.root:
        raise PathRefused(f"`{written}` is absolute: write it relative to the deck")
    try:
        resolved = (base / written).resolve()
        if not resolved.is_relative_to(root.resolve()):
            raise PathRefused(f"`{written}` leads out of the deck's folder")
        if resolved.exists() and not (resolved.is_file() or resolved.is_dir()):
            raise PathRefused(f"`{written}` is no ordinary file")
    except (OSError, RuntimeError, ValueError) as error:
        raise PathRefused(f"`{written}` cannot be resolved: {error}") from error
    return base / written


@dataclass(frozen=True, slots=True)
class Text:
    """A text file's bytes and what they say, with `\\n` line ends and without a byte order mark."""

    data: bytes
    text: str


def read_text(path: Path, name: str) -> Text:
    """Read a deck or an included file; raises DeckError naming it `name`."""
    try:
        if path.is_dir():
            raise DeckError(f"{name}: is a folder", "name the deck's Markdown file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise DeckError(f"{name}: no such file", "check the path") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise DeckError(f"{name}: cannot be read: {reason}") from error
    if len(data) > MAX_BYTES:
        raise DeckError(f"{name}: larger than 5 MB", "split the deck, or move images out of it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The decoder counts from behind a byte order mark.
        offset = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        raise DeckError(f"{name}: not UTF-8 text at byte {offset}", "save it as UTF-8") from error
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Text(data, text)
