"""Which picture draws a step's data: its first line tells."""

from __future__ import annotations

from typing import Protocol


class Picture(Protocol):
    """Takes lines of data as they come, and is drawn whenever somebody looks."""

    @property
    def from_the_top(self) -> bool:
        """Whether a longer picture is read from its first line on."""

    def take(self, lines: str) -> None: ...

    def text(self, columns: int, rows: int) -> str:
        """Lines with colours, for a terminal whose cursor stands at a line's begin.

        `rows`: what fits; a picture may have more.
        """


def picture_of(lines: str) -> Picture:
    """One for data that begins with these lines."""
    if lines.startswith('{"asked":'):
        from presenter.layout.kubernetes import KubePicture

        return KubePicture()
    from presenter.layout.exchange import HttpPicture

    return HttpPicture()
