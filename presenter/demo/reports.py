"""What went wrong behind the scenes: for the speaker's panel, and for standard error afterwards."""

from __future__ import annotations


class Reports:
    """Keeps lines; takes errors as a callback does."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, error: Exception) -> None:
        self.note(str(error) or type(error).__name__)

    def note(self, line: str) -> None:
        """Keep a line; the same one is kept once."""
        if line not in self.lines:
            self.lines.append(line)
