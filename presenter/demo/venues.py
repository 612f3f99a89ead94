"""What was measured at the venue: `<state>/presenter/venues/<deck>.json`, one file a deck."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from presenter.demo.folders import state_dir
from presenter.demo.ownfile import read_own, replace_own
from presenter.demo.store import deck_id
from presenter.errors import PresenterError
from presenter.talk.silence import Measured, decode, encode, is_fresh

FOLDER = "venues"
MOST_BYTES = 8192


def venue_path(deck: Path, root: Path | None = None) -> Path:
    """Where it is kept; `root` is the folder of the program's state."""
    return (root or state_dir()) / FOLDER / f"{deck_id(deck)}.json"


def keep_silence(deck: Path, silence: float, when: datetime, root: Path | None = None) -> None:
    """Keep what was measured, in seconds; raises PresenterError where that cannot be done."""
    path = venue_path(deck, root)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_own(path, encode(Measured(str(deck.resolve()), when, silence)))
    except OSError as error:
        raise PresenterError(
            f"{path}: cannot be written: {error.strerror or error}",
            "name another folder in PRESENTER_STATE_DIR",
        ) from error


def usual_silence(
    deck: Path, now: datetime, note: Callable[[str], None], root: Path | None = None
) -> float:
    """The seconds of silence that are usual where the deck was checked lately; 0 where unknown.

    `note` takes a line about a file that is not believed. Never raises.
    """
    path = venue_path(deck, root)
    try:
        measured = decode(read_own(path, MOST_BYTES), now)
        if measured.deck != str(deck.resolve()):
            raise ValueError("is of another deck")  # noqa: TRY301 — said below
    except FileNotFoundError:
        return 0.0
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        note(f"{path}: {reason}: what was measured is not used (`presenter check` measures anew)")
        return 0.0
    return measured.silence if is_fresh(measured, now) else 0.0
