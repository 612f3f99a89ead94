"""The opening of a talk: its first slide shows before the rest of the program is loaded."""

from __future__ import annotations

from pathlib import Path

from presenter.deck.deck import Deck, open_deck
from presenter.layout.frame import Frame, Size
from presenter.layout.theme import Depth
from presenter.ui.curtain import curtain, need_terminal, terminal_depth, terminal_size
from presenter.wiring.choices import choose_theme, find_slide, read_settings


def present(
    path: Path,
    *,
    slide: str | None = None,
    theme: str | None = None,
    watch: bool = False,
    speed: float = 1.0,
) -> int:
    """Give the talk of the deck at `path`; returns the process's status."""
    deck = open_deck(path)
    first = find_slide(deck, slide)
    _complain_of(deck)
    settings = read_settings()
    chosen = choose_theme(theme, settings, deck)
    need_terminal()
    depth = terminal_depth()
    with curtain(_first_frame(deck, first, chosen, depth), depth):
        from presenter.wiring.stage import give

        return give(deck, first, chosen, settings, watch=watch, speed=speed)


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
