"""One hub between the sources of a demo's output and everything that listens to it.

A source publishes; panes, recorders and remote views subscribe. None of them can tell whether a
process, a cluster or a file speaks. A subscriber that fails is dropped and reported; the show goes
on for the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Output:
    """Text for the lane's terminal, as decoded from UTF-8."""

    text: str
    aside: bool = False
    """No part of a step: what the speaker typed freely, or a background process printed later."""
    behind: int | None = None
    """Of an aside: the step that it belongs behind; None for the one that is shown."""


@dataclass(frozen=True, slots=True)
class Data:
    """Whole lines of data of a step (`recording.har_lines`), of which views draw a picture."""

    lines: str


@dataclass(frozen=True, slots=True)
class Resized:
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class StepBegan:
    """The output of step `step` begins; `rung` names what feeds it (`live`, `recording`, …)."""

    step: int
    rung: str


@dataclass(frozen=True, slots=True)
class Rewound:
    """The lane is again as it was when the step's output began; `rung` feeds it from now on."""

    step: int
    rung: str


@dataclass(frozen=True, slots=True)
class StepEnded:
    """Step `step` has shown all that it has; the status is None where it is not known."""

    step: int
    status: int | None
    seconds: float


LaneEvent = Output | Data | Resized | StepBegan | Rewound | StepEnded
Subscriber = Callable[[str, LaneEvent], None]


class Hub:
    """Passes each lane's events to its subscribers, in the order in which they subscribed."""

    def __init__(self, on_failure: Callable[[Exception], None]) -> None:
        self._subscribers: list[Subscriber] = []
        self._on_failure = on_failure

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Returns a function that ends the subscription; calling it twice is harmless."""
        self._subscribers.append(subscriber)

        def unsubscribe() -> None:
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)

        return unsubscribe

    def publish(self, lane: str, event: LaneEvent) -> None:
        for subscriber in tuple(self._subscribers):
            try:
                subscriber(lane, event)
            except Exception as error:  # noqa: BLE001 — a failing subscriber must not end the show
                self._subscribers.remove(subscriber)
                self._on_failure(error)
