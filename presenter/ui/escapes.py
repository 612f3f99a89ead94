"""An Escape with a key right behind it: both, as they were pressed.

Terminals send Alt with a key as Escape and that key, so Textual takes what comes within a tenth of
a second for one press. It has a name for it with letters alone: of Escape and `:` only the colon
was left, of Escape and `5` the sign `∞`. Who leaves vim's insert mode is as fast as that.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual._xterm_parser import XTermParser

ESCAPE = "\x1b"
_told = XTermParser._sequence_to_key_events


def _keys(parser: XTermParser, sequence: str, alt: bool = False) -> Iterable[events.Key]:
    """What Textual makes of a sequence, but for Escape and one character."""
    if len(sequence) == 2 and sequence[0] == ESCAPE != sequence[1]:
        if not list(_told(parser, sequence)):
            return  # it may be the beginning of a longer one
        sequence, alt = sequence[1], True
    for event in _told(parser, sequence, alt):
        if alt and not event.key.startswith("alt+"):
            yield events.Key("escape", ESCAPE)
        yield event


def keep_escapes() -> None:
    """Let this process's terminal tell of both keys; before it is opened."""
    XTermParser._sequence_to_key_events = _keys  # type: ignore[assignment, method-assign]
