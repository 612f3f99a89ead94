"""The first frame on the terminal before the application is loaded: what the audience sees at once.

Loading Textual takes longer than reading a deck and laying out its first slide. So that slide is
written first; the application then draws the same picture again and takes the terminal over. Keys
that are pressed meanwhile wait in the terminal.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

from rich.color import ColorSystem

from presenter.errors import PresenterError
from presenter.layout.frame import Frame
from presenter.layout.theme import Depth
from presenter.ui.plain import speak_plainly

SYSTEMS: dict[Depth, ColorSystem] = {
    "truecolor": ColorSystem.TRUECOLOR,
    "256": ColorSystem.EIGHT_BIT,
    "16": ColorSystem.STANDARD,
}
NAMELESS = frozenset({"", "dumb", "unknown"})
"""What TERM says of a terminal of which nothing is known."""
ENTER, LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"


def terminal_depth() -> Depth:
    """How many colours the environment promises: the rule of rich, which Textual follows."""
    if os.environ.get("COLORTERM", "").strip().lower() in {"truecolor", "24bit"}:
        return "truecolor"
    kind = os.environ.get("TERM", "").strip().lower().rpartition("-")[2]
    return "256" if kind in {"256color", "kitty"} else "16"


def paint(frame: Frame, depth: Depth) -> str:
    """The frame as what a terminal in its alternate screen is sent."""
    system = SYSTEMS[depth]
    rows = []
    for y, line in enumerate(frame.lines, 1):
        cells = "".join(
            segment.style.render(segment.text, color_system=system)
            if segment.style
            else segment.text
            for segment in line
        )
        rows.append(f"\x1b[{y};1H{cells}")
    return "".join(rows)


@contextlib.contextmanager
def curtain(frame: Frame | None, depth: Depth) -> Iterator[None]:
    """Show `frame` (None: nothing) while the body runs; the terminal is as before afterwards."""
    if frame is None:
        yield
        return
    import termios

    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    quiet = termios.tcgetattr(terminal)
    quiet[0] &= ~termios.IXON  # Ctrl-Q is a key of ours
    quiet[3] &= ~(termios.ECHO | termios.ICANON)
    output = sys.__stdout__ or sys.stdout
    try:
        termios.tcsetattr(terminal, termios.TCSANOW, quiet)
        output.write(ENTER + paint(frame, depth))
        output.flush()
        yield
    except BaseException:
        output.write(LEAVE)
        output.flush()
        raise
    finally:
        with contextlib.suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(terminal, termios.TCSANOW, before)


def need_terminal() -> None:
    """Raises PresenterError where keys cannot be read or nothing can be shown.

    What is written from here on is what the terminal can have.
    """
    for name, stream in (("input", sys.stdin), ("output", sys.stdout)):
        if stream is None or stream.closed or not stream.isatty():
            raise PresenterError(
                f"standard {name} is not a terminal",
                "run it in a terminal; `presenter shot` and `presenter outline` need none",
            )
    speak_plainly()
    if os.environ.get("TERM") in NAMELESS:
        os.environ["TERM"] = "ansi"  # rich would not ask such a one for its size


def terminal_size() -> tuple[int, int] | None:
    """Columns and rows; None where there is no terminal to show a frame on."""
    try:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            return None
        size = os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):
        return None
    import importlib.util

    return (size.columns, size.lines) if importlib.util.find_spec("termios") else None
