"""Where `presenter cast` writes: beside and renamed, never over what is there without a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from presenter.errors import PresenterError
from presenter.recording.asciicast import Event, Header
from presenter.recording.reader import Cast
from presenter.recording.versions import encode_version
from presenter.recording.writer import replacing
from presenter.terminal.text import complain


def may_write(output: Path, inputs: Sequence[Path], *, force: bool) -> None:
    """Raises PresenterError where the file is there, and `force` does not say that it may go."""
    if not output.exists() and not output.is_symlink():
        return
    if not output.is_file():
        raise PresenterError(f"{output}: is there, and is no ordinary file", "name another one")
    is_input = any(path.exists() and output.samefile(path) for path in inputs)
    if not force:
        what = "is the recording itself" if is_input else "is there already"
        raise PresenterError(f"{output}: {what}", "name another file, or say --force")


@contextmanager
def new_file(output: Path) -> Iterator[BinaryIO]:
    """A file that takes its place when it is complete; compressed where its name says so."""
    try:
        with replacing(output, packed=output.suffix.lower() == ".gz") as stream:
            yield stream
    except FileNotFoundError as error:
        raise PresenterError(
            f"{output}: cannot be written: {error.strerror}", "its folder must be there already"
        ) from error
    except OSError as error:
        raise PresenterError(f"{output}: cannot be written: {error.strerror}") from error


def write_cast_file(output: Path, header: Header, events: Iterable[Event], version: int) -> None:
    with new_file(output) as stream:
        stream.writelines(piece.encode() for piece in encode_version(header, events, version))


def tell_left_out(cast: Cast) -> None:
    """Says on standard error what of a damaged recording is not in the new one."""
    if cast.skipped:
        line, reason = cast.skipped[0]
        more = len(cast.skipped) - 1
        rest = f", and {more} more" if more else ""
        complain(
            f"presenter: {cast.path}:{line}: left out: {reason}{rest} "
            "(`presenter cast check` tells all)"
        )
    if cast.torn:
        complain(f"presenter: {cast.path}: its last line is torn off, and left out")
