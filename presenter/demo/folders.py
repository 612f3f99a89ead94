"""Where the program keeps what it remembers: journals, trusted decks, sockets."""

from __future__ import annotations

import os
import re
import zlib
from pathlib import Path

STATE_VARIABLE = "PRESENTER_STATE_DIR"
PICTURE = "last-rehearsal.png"


def state_dir() -> Path:
    """The folder of this user's state; `PRESENTER_STATE_DIR` names another place."""
    named = os.environ.get(STATE_VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_state_path  # not needed where the variable is set

    return user_state_path("presenter", appauthor=False)


def journals_dir(root: Path | None = None) -> Path:
    """Where all journals are; `root` is the state directory (default: the user's)."""
    return (root or state_dir()) / "journals"


def picture_path(deck: Path, root: Path | None = None) -> Path:
    """Where the picture of a deck's last rehearsal is."""
    return journals_dir(root) / deck_id(deck) / PICTURE


def is_there(deck: Path) -> bool:
    """Whether the deck that a journal names is on this machine.

    The path may come from another one: too long for this, in a folder that cannot be entered, or
    the bare name of a journal that was made anonymous, which names no place at all.
    """
    try:
        return deck.is_absolute() and deck.is_file()
    except (OSError, ValueError):
        return False


def deck_id(deck: Path) -> str:
    """A folder's name for a deck: readable, and one for each path."""
    resolved = deck.resolve()
    return f"{word_of(resolved)}-{zlib.crc32(os.fsencode(resolved)):08x}"


def word_of(deck: Path) -> str:
    """The readable part of a deck's id: the same for every file of that name."""
    return re.sub(r"[^a-z0-9]+", "-", deck.stem.lower()).strip("-")[:40] or "deck"
