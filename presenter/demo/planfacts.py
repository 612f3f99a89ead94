"""What the plan needs to know of a deck: read in a thread, from a copy of the deck of its own."""

from __future__ import annotations

import re

from presenter.deck.deck import Deck
from presenter.deck.model import Demo, DemoStop, Phase, Slide
from presenter.demo.materials import Materials
from presenter.demo.replay import playing_times
from presenter.demo.showing import typing_times
from presenter.errors import PresenterError
from presenter.talk.plan import SlideFacts

_WORD = re.compile(r"\w[\w'’-]*")
_COMMENT = re.compile(r"<!--.*?-->|^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)


def read_facts(deck: Deck, materials: Materials) -> tuple[SlideFacts, ...]:
    """The facts of every slide; reads all slides, and opens all recordings."""
    return tuple(
        _facts(deck.slide(n), deck.raw(n), materials, before_timer=n == 0 and len(deck) > 1)
        for n in range(len(deck))
    )


def _facts(slide: Slide, raw: str, materials: Materials, *, before_timer: bool) -> SlideFacts:
    shown = [demo for demo in slide.demos if not demo.hidden]
    steps = {
        demo.name: tuple(step_seconds(materials, demo, step) for step in range(len(demo.steps)))
        for demo in shown
    }
    hidden = {n for n, demo in enumerate(slide.demos) if demo.hidden}
    return SlideFacts(
        slide.id,
        slide.title,
        0.0 if before_timer else slide.share,
        slide.optional,
        note_words=sum(len(_WORD.findall(note.text)) for note in slide.notes),
        text_words=len(_WORD.findall(_COMMENT.sub("", raw))),
        presses=sum(
            not (isinstance(stop, DemoStop) and (stop.demo in hidden or stop.phase is Phase.TYPE))
            for stop in slide.stops
        ),
        demos=steps,
    )


def step_seconds(materials: Materials, demo: Demo, step: int) -> float:
    """For typing a step's command and playing what was recorded of it; 0 where nothing is known."""
    command = demo.steps[step].command
    typing = typing_times(command, demo.name)[-1] if command else 0.0
    try:
        material = materials(demo, step)
    except PresenterError:  # the talk says so when it comes to it
        return typing
    return typing + playing_times(material.chunks, material.seconds)[-1]
