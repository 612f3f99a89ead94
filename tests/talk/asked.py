"""Four talks with the questions that came up after each, as journals of other places have them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from presenter.talk import events as e
from presenter.talk.history import TalkRecord, record_of
from presenter.talk.journal import encode

READY, ROADMAP = "When will Istio be production ready?", "What is on Istio's roadmap?"
OVERHEAD, RANCHER = (
    "What is the performance overhead of Envoy?",
    "How is Istio different from Rancher?",
)
VENUES = {
    "Codemotion Rome": ("2018-04-13", ["Can you have custom metrics in Istio?"]),
    "TDC Florianópolis": (
        "2018-04-18", [READY, ROADMAP, OVERHEAD, RANCHER, "Do WebSockets work with Envoy?"],
    ),
    "QCon Beijing": ("2018-04-22", ["when will istio be PRODUCTION ready", ROADMAP, OVERHEAD]),
    "GDG Beijing": ("2018-04-24", [ROADMAP, READY, OVERHEAD, RANCHER, "Is lunch served?"]),
}  # fmt: skip


def events(
    questions: Sequence[e.Event], day: str, *, purpose: str = "", deck: str = "/x/istio-101.md",
    **told: str,
) -> list[e.Stamped]:  # fmt: skip
    wall = f"{day}T12:00:00+00:00"
    started = e.SessionStarted(deck, "h", wall, "0", purpose, "title", source="a report")
    facts = [e.Told(name, value) for name, value in told.items()]
    every = [started, *questions, *facts]
    return [e.Stamped(n, 0.0, wall, one) for n, one in enumerate(every, start=1)]


def noted(text: str, tag: str = "") -> e.QuestionNoted:
    return e.QuestionNoted(text, "title", tag)


def four_talks() -> list[list[e.Stamped]]:
    return [
        events([noted(text) for text in questions], day, event=venue)
        for venue, (day, questions) in VENUES.items()
    ]


def records() -> list[TalkRecord]:
    """The newest first, as the library gives them."""
    return [record_of(one, f"t/{n}") for n, one in enumerate(four_talks())][::-1]


def write(folder: Path, talks: Sequence[Sequence[e.Stamped]]) -> None:
    for number, talk in enumerate(talks):
        path = folder / f"venue-{number}" / "talk.jsonl"
        path.parent.mkdir(parents=True)
        path.write_text("".join(map(encode, talk)), "utf-8")
