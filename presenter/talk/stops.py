"""Where a position stands among the stops of its slide.

A step has one stop (`RUN`) or two that follow each other (`TYPE`, `RUN`). Stops of hidden demos are
passed over by every press.
"""

from __future__ import annotations

from collections.abc import Sequence

from presenter.deck.model import Demo, DemoStop, Phase, Stop
from presenter.talk.session import Position, Script


def step_begin(stops: Sequence[Stop], index: int) -> int:
    """The index of the first stop of the step that `stops[index]` belongs to."""
    stop = stops[index]
    while index > 0 and _same_step(stops[index - 1], stop):
        index -= 1
    return index


def step_end(stops: Sequence[Stop], index: int) -> int:
    """The index after the last stop of the step that `stops[index]` belongs to."""
    stop = stops[index]
    while index < len(stops) and _same_step(stops[index], stop):
        index += 1
    return index


def whole(stops: Sequence[Stop], index: int) -> int:
    """`index` as a position that is within bounds and not in the middle of a step."""
    index = max(0, min(index, len(stops)))
    inside = 0 < index < len(stops) and _same_step(stops[index - 1], stops[index])
    return step_begin(stops, index) if inside else index


def over_hidden(script: Script, position: Position) -> int:
    """The stop of the position, or the first one after it that is not of a hidden demo."""
    stops, demos = script.stops(position.slide), script.demos(position.slide)
    index = position.stop
    while index < len(stops) and _hidden(stops[index], demos):
        index += 1
    return index


def before_hidden(script: Script, position: Position) -> int:
    """The stop of the position, or a smaller one with no hidden demo's stop right before it."""
    stops, demos = script.stops(position.slide), script.demos(position.slide)
    index = position.stop
    while index > 0 and _hidden(stops[index - 1], demos):
        index -= 1
    return index


def passed_step(script: Script, position: Position, demo: int) -> int:
    """The last step of the slide's demo `demo` whose run has been passed; -1 for none."""
    passed = script.stops(position.slide)[: position.stop]
    steps = [
        stop.step
        for stop in passed
        if isinstance(stop, DemoStop) and stop.demo == demo and stop.phase is Phase.RUN
    ]
    return max(steps, default=-1)


def demo_in_view(script: Script, position: Position) -> int | None:
    """The demo whose pane matters at the position: the last one used, else the first to come."""
    stops, demos = script.stops(position.slide), script.demos(position.slide)
    shown = [
        (index, stop.demo)
        for index, stop in enumerate(stops)
        if isinstance(stop, DemoStop) and not _hidden(stop, demos)
    ]
    passed = [demo for index, demo in shown if index < position.stop]
    if passed:
        return passed[-1]
    return shown[0][1] if shown else None


def _same_step(one: Stop, other: Stop) -> bool:
    return (
        isinstance(one, DemoStop)
        and isinstance(other, DemoStop)
        and (one.demo, one.step) == (other.demo, other.step)
    )


def _hidden(stop: Stop, demos: Sequence[Demo]) -> bool:
    return isinstance(stop, DemoStop) and demos[stop.demo].hidden
