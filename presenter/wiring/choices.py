"""What the command line, the settings and the deck ask for, made into one choice."""

from __future__ import annotations

from presenter.deck.deck import Deck
from presenter.errors import PresenterError
from presenter.layout.theme import THEMES, theme
from presenter.settings import Settings, load_settings, nearest, settings_path
from presenter.talk.health import DOWN_SECONDS, SUSPECT_SECONDS, Thresholds
from presenter.ui.bindings import IDS

DEFAULT_THEME = next(iter(THEMES))


def read_settings() -> Settings:
    """The speaker's settings; what is wrong with them goes to standard error."""
    path = settings_path()
    settings = load_settings(path, IDS)
    problems = list(settings.problems)
    if settings.theme and settings.theme not in THEMES:
        near = nearest(settings.theme, THEMES) or f" ({', '.join(THEMES)})"
        problems.append(f"{path}: no theme {settings.theme!r}{near}")
    for problem in problems:
        from presenter.terminal.text import complain  # not for the first frame of most talks

        complain(f"presenter: {problem}")
    return settings


def choose_theme(asked: str | None, settings: Settings, deck: Deck | None = None) -> str:
    """The theme that the command line, the settings or the deck name, in this order."""
    if asked:
        return theme(asked).name
    named = deck.meta.theme if deck is not None else ""
    # A deck may name a theme of another program: then ours is the default one.
    return next((name for name in (settings.theme, named) if name in THEMES), DEFAULT_THEME)


def choose_thresholds(settings: Settings, silence: float = 0.0) -> Thresholds:
    """How long a silence may be: where one is named, the other gives way.

    `silence`: the seconds that are usual at this venue (see `talk.silence`), which only raise it.
    """
    suspect = settings.health.get("suspect", SUSPECT_SECONDS)
    down = settings.health.get("down", max(suspect, DOWN_SECONDS))
    return Thresholds(min(suspect, down), down).raised(silence)


def find_slide(deck: Deck, name: str | None) -> int:
    """The index of the slide with that id or number (from 1); PresenterError names the nearest."""
    if name is None:
        return 0
    index = deck.index_of(name)
    if index is not None:
        return index
    if name.isdecimal() and 1 <= int(name) <= len(deck):
        return int(name) - 1
    ids = [deck.slide_id(i) for i in range(len(deck))]
    raise PresenterError(
        f"{deck.path}: no slide {name!r}{nearest(name, ids)}", "`presenter outline` lists them"
    )
