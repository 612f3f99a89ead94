"""A frame as a file: the kind of picture follows the file's ending."""

from __future__ import annotations

from pathlib import Path

from presenter.errors import PresenterError, UsageError
from presenter.layout.frame import Frame
from presenter.layout.theme import Theme

KINDS = (".txt", ".svg", ".png")


def check_kind(output: Path) -> None:
    """Raises UsageError where the ending is of no kind of picture."""
    if output.suffix not in KINDS:
        raise UsageError(f"{output}: unknown kind of picture", "use .svg, .png or .txt")


def write_picture(frame: Frame, theme: Theme, output: Path) -> None:
    """Raises UsageError for an unknown kind, PresenterError where the file cannot be written."""
    check_kind(output)
    try:
        output.write_bytes(_painted(frame, theme, output.suffix))
    except OSError as error:
        raise PresenterError(
            f"{output}: cannot be written: {error.strerror}", "its folder must be there already"
        ) from error


def _painted(frame: Frame, theme: Theme, kind: str) -> bytes:
    from presenter.layout.paint import paint_png, paint_svg, paint_text

    if kind == ".txt":
        return paint_text(frame).encode()
    return paint_svg(frame, theme).encode() if kind == ".svg" else paint_png(frame, theme)
