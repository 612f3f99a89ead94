"""The errors that a user can meet, and the statuses with which the command then ends.

    PresenterError            1  a problem with what was asked
    ├── DeckError                the deck cannot be opened at all (missing, not text, too large)
    ├── RecordingError           a recording cannot be opened at all
    └── UsageError            2  wrong usage

Each message is one line that says what is wrong and where; `hint` says what to do about it.
"""

from __future__ import annotations


class PresenterError(Exception):
    """A problem with what was asked; the command ends with `status`."""

    status = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class DeckError(PresenterError):
    """The deck cannot be opened at all; a deck that is merely wrong in places opens."""


class RecordingError(PresenterError):
    """The recording cannot be opened at all; one that is merely damaged plays."""


class UsageError(PresenterError):
    """The command line is wrong."""

    status = 2
