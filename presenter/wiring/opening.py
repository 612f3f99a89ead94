"""The opening of a talk: its first slide shows before the rest of the program is loaded."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from presenter.deck.deck import Deck, open_deck
from presenter.layout.frame import Frame, Size
from presenter.layout.theme import Depth
from presenter.talk.wish import AS_IT_IS, Wish
from presenter.ui.curtain import curtain, need_terminal, terminal_depth, terminal_size
from presenter.wiring.choices import choose_theme, find_slide, read_settings
from presenter.wiring.trusting import decide_trust, presumed

if TYPE_CHECKING:
    from presenter.deck.trust import Fingerprint
    from presenter.settings import Settings
    from presenter.wiring.rehearsal import Rehearsal


class _Asks(Exception):  # noqa: N818 - nothing is wrong
    """There is a question after all: the curtain goes down for it."""


def present(
    path: Path,
    *,
    slide: str | None = None,
    theme: str | None = None,
    watch: bool = False,
    speed: float = 1.0,
    mode: str = "default",
    trust: bool = False,
    rehearsal: Rehearsal | None = None,
    wish: Wish = AS_IT_IS,
) -> int:
    """Give the talk of the deck at `path`, or rehearse it; returns the process's status.

    `mode` is `default`, `live` or `recorded`; `trust` is a yes to all that the deck may run.
    """
    deck = _open(path, wish.cut)
    first = find_slide(deck, slide)
    _complain_of(deck)
    settings = read_settings()
    chosen = choose_theme(theme, settings, deck)
    need_terminal()
    depth = terminal_depth()
    frame = _first_frame(deck, first, chosen, depth)
    give = partial(
        _give, deck, first, chosen, settings,
        watch=watch, speed=speed, mode=mode, rehearsal=rehearsal, wish=wish,
    )  # fmt: skip
    trusted = None
    if rehearsal is not None and rehearsal.taped:
        trusted = _all_of(deck)
    elif mode != "recorded" and (trust or not presumed(deck)):
        trusted = decide_trust(deck, ask=True, assume_yes=trust)
    elif mode != "recorded":
        with suppress(_Asks), curtain(frame, depth):
            return give(trusted=_without_a_question(deck))
        trusted = decide_trust(deck, ask=True, assume_yes=False)
    with curtain(frame, depth):
        return give(trusted=trusted)


def _open(path: Path, cut: str) -> Deck:
    """Raises UsageError where the deck has no such shorter version."""
    deck = open_deck(path)
    if cut:
        from presenter.wiring.pacing import need_cut  # not for the first frame of most talks

        need_cut(deck, cut)
    return deck


def _all_of(deck: Deck) -> Fingerprint:
    """Nothing of the deck will run, and nobody be contacted: there is nothing to ask."""
    from presenter.deck.trust import fingerprint

    return fingerprint(deck)


def _without_a_question(deck: Deck) -> Fingerprint:
    """What was presumed to be trusted; raises _Asks where it is not (the program reads it anew)."""
    trusted = decide_trust(deck, ask=False, assume_yes=False)
    if trusted is None:
        raise _Asks
    return trusted


def _give(
    deck: Deck, slide: int, theme: str, settings: Settings, *,
    watch: bool, speed: float, mode: str, rehearsal: Rehearsal | None, trusted: Fingerprint | None,
    wish: Wish,
) -> int:  # fmt: skip
    from presenter.wiring.stage import give

    return give(
        deck, slide, theme, settings,
        watch=watch, speed=speed, mode=mode, trusted=trusted, rehearsal=rehearsal, wish=wish,
    )  # fmt: skip


def _complain_of(deck: Deck) -> None:
    """Errors outside of slides, such as in the front matter: nothing else would show them."""
    for problem in deck.scan_problems:
        from presenter.deck.model import Severity
        from presenter.terminal.text import complain  # not for the first frame of a sound deck

        if problem.severity is Severity.ERROR:
            complain(str(problem))


def _first_frame(deck: Deck, index: int, theme: str, depth: Depth) -> Frame | None:
    """The first slide, where it has no pane and there is a terminal to show it on."""
    size = terminal_size()
    if size is None or deck.demos(index):
        return None
    from presenter.layout.depth import for_depth
    from presenter.layout.stage import StageView, compose
    from presenter.layout.theme import theme as theme_named

    return compose(
        StageView(
            slide=deck.slide(index),
            size=Size(*size),
            theme=for_depth(theme_named(theme), depth),
            meta=deck.meta,
            folder=deck.path.parent,
            index=index,
            total=len(deck),
            progress=(index + 1) / len(deck),
        )
    )
