"""What the plan of a talk is made of: the deck's own files, and the talks given before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from presenter.deck.deck import Deck, open_deck
from presenter.demo.desk import Desk
from presenter.demo.library import read_library
from presenter.demo.pacer import Pacer
from presenter.demo.planfacts import read_facts
from presenter.errors import PresenterError
from presenter.talk.plan import SlideFacts
from presenter.talk.wish import Wish
from presenter.wiring.desk import deck_materials

PAST_TALKS = 5
"""So many of the last talks and rehearsals say how long a slide takes."""


def make_pacer(desk: Desk, wish: Wish) -> Pacer:
    """The pacer of a desk; what it reads, it reads from a deck opened anew, in a thread."""
    return Pacer(desk, facts_of, past_of, wish)


def facts_of(deck: Deck) -> Sequence[SlideFacts]:
    """The facts of the deck as it is on disk now. Raises DeckError."""
    again = open_deck(deck.path, deck.os_name)
    return read_facts(again, deck_materials(again))


def past_of(deck: Deck) -> Mapping[str, float]:
    """For each slide, the median of the seconds that it took lately, by its id."""
    try:
        library = read_library(deck.path)
    except PresenterError:
        return {}
    timed = [record for record in library.records if record.timed][:PAST_TALKS]
    ids = {slide_id for record in timed for slide_id in record.slides}
    return {
        one: median(record.slides[one] for record in timed if one in record.slides) for one in ids
    }
