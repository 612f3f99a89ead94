"""Whether a deck may run or contact anything, told without reading a slide.

What it takes for a command may be none; what it takes for none is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from presenter.deck.text import CONTROL

if TYPE_CHECKING:
    from presenter.deck.deck import Deck

FRONT_MATTER = ("vars", "start", "setup", "reset")
"""The keys of the front matter that say what is run or looked at, beside `needs`."""

_FENCE = re.compile(r"(?:```|~~~)[^\n]*")


def holds_demo(text: str) -> bool:
    """Whether a slide's text may hold a demo that runs or contacts something.

    A demo is a `console` block, or has an attribute that makes it one.
    """
    fences = _FENCE.findall(CONTROL.sub("", text))
    return any("+" in fence or "console" in fence.casefold() for fence in fences)


def may_run(deck: Deck) -> bool:
    """Whether a deck may run or contact anything at all."""
    extra = deck.meta.extra
    if deck.meta.needs or any(extra.get(key) for key in FRONT_MATTER):
        return True
    return any(holds_demo(deck.raw(index)) for index in range(len(deck)))
