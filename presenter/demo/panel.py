"""The private panel: clock, position, the step's health, what comes next, and the notes.

Only the speaker may see it; `ui` opens it only after the speaker has said that the screen is not on
the projector.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment

from presenter.deck.model import Demo, DemoStop, Note, Phase, Reveal, Slide
from presenter.layout.frame import Frame, Line, Size
from presenter.layout.lines import fit
from presenter.layout.notes import notes_lines, window
from presenter.layout.pacing import pace_line
from presenter.layout.text import one_line
from presenter.layout.theme import Theme
from presenter.talk.clocks import clock
from presenter.talk.pace import Pace
from presenter.talk.session import Lane, StepResult

if TYPE_CHECKING:
    from presenter.demo.livefacts import LiveFacts
    from presenter.demo.runtime import Runtime

MARGIN = 1


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What the speaker wants to know of the step at hand, or of the one shown last."""

    rung: str
    source: str = ""
    """`captured`, `transcribed`, or nothing."""
    date: str = ""
    stale: bool = False
    result: StepResult | None = None


@dataclass(frozen=True, slots=True)
class PanelView:
    slide: Slide
    total: int
    stop: int
    elapsed: float | None
    """Seconds since the timer started; None before."""
    planned: float | None
    wall: str
    """The wall clock, as `14:05`."""
    upcoming: str
    """What the next press does, in words."""
    waiting: bool
    frozen: bool
    step: StepFacts | None
    notes: tuple[Note, ...]
    live: tuple[str, ...] = ()
    """How the live side stands, a line each; the first is the most urgent."""
    pace: Pace | None = None
    savings: tuple[str, ...] = ()
    """What would save time, in words."""
    message: str = ""
    scroll: int = 0
    """Rows by which the speaker has moved the notes from where they stand by themselves."""


def upcoming(slide: Slide, lanes: dict[str, Lane], stop: int, next_title: str | None) -> str:
    """What the next press does: reveal, type or run a command, or show another slide."""
    if stop < len(slide.stops):
        match slide.stops[stop]:
            case Reveal():
                return "reveal"
            case DemoStop(demo=index, step=number, phase=phase):
                demo = slide.demos[index]
                command = demo.steps[number].command.partition("\n")[0] or demo.name
                if number in lanes.get(demo.name, Lane()).results:
                    return f"last screen of {command}"
                return f"type {command}" if phase is Phase.TYPE else f"run {command}"
    return f"slide {next_title}" if next_title is not None else "the end: nothing"


def step_facts(runtime: Runtime, demo: Demo, lane: Lane) -> StepFacts:
    """What there is to say of the step at hand, or of the one shown last."""
    result = lane.results.get(lane.step)
    shown = lane.rung or (result.rung if result is not None else "")
    rung = shown or runtime.rung(demo, lane.step)
    material = runtime.material(demo, lane.step)
    if rung != material.rung:  # it tells nothing of what is shown
        return StepFacts(rung, result=result)
    return StepFacts(rung, material.source, material.date, material.stale, result)


def step_words(step: StepFacts) -> str:
    """`recording · transcribed · exit 0 · 2.3 s`."""
    words = [step.rung]
    if step.source:
        words.append(f"{step.source} {step.date}".rstrip())
    if step.stale:
        words.append("stale: the command has changed")
    if step.result is not None:
        if step.result.status is not None:
            words.append(f"exit {step.result.status}")
        if step.result.seconds:
            words.append(f"{step.result.seconds:.1f} s")
        if step.result.cut:
            words.append("cut short")
    return " · ".join(words)


def live_words(live: LiveFacts) -> tuple[str, ...]:
    """What the speaker has to know of the live side, the most urgent first."""
    lines: list[str] = []
    if live.asks():
        lines.append("it failed: next plays the recording, K keeps what is shown")
    countdown = live.countdown()
    if countdown is not None:
        lines.append(f"falls in {countdown:.0f} s")
    tainted = live.tainted()
    lines += filter(
        None, (live.reason(), f"recorded: {tainted} (L says all is well)" * bool(tainted))
    )
    lines += [f"{name}: {words}" for name, truth, words in live.conditions() if truth != "true"]
    lines += [f"beside: {demo} {how}" for demo, how in live.background()]
    return (*lines, live.mode())


def panel_frame(view: PanelView, size: Size, theme: Theme) -> Frame:
    """The panel as a frame of exactly `size`; notes that do not fit are counted."""
    style = theme.style("text", "panel")
    strong = theme.style("accent", "panel", bold=True)
    quiet = theme.style("muted", "panel")
    inner = max(1, size.columns - 2 * MARGIN)
    planned = f" of {clock(view.planned)}" if view.planned else ""
    elapsed = "not started" if view.elapsed is None else clock(view.elapsed)
    slide = view.slide
    position = f"slide {slide.index + 1} of {view.total}, press {view.stop} of {len(slide.stops)}"
    flags = [
        word
        for on, word in ((view.waiting, "1 press waits"), (view.frozen, "picture frozen"))
        if on
    ]
    head: list[Line] = [
        [Segment(f"{elapsed}{planned}", strong), Segment(f"   {view.wall}   private", quiet)],
        [Segment(" · ".join([position, *flags]), style)],
        [Segment("next: ", quiet), Segment(view.upcoming, strong)],
    ]
    if view.pace is not None:
        head.insert(1, pace_line(view.pace, inner, theme, "panel"))
    if view.savings:
        head.append([Segment(f"to save time: {' · '.join(view.savings)}", quiet)])
    if view.step is not None:
        head.append([Segment(step_words(view.step), style)])
    head += [[Segment(one_line(line), style)] for line in view.live]
    if view.message:
        head.append([Segment(view.message, theme.style("warn", "panel", bold=True))])
    room = size.rows - len(head) - 1
    notes = window(notes_lines(view.notes, view.stop, inner, theme), view.scroll, room, theme)
    body = [*head, [], *notes.lines][: size.rows]
    body += [[] for _ in range(size.rows - len(body))]
    lines = [
        fit([Segment(" " * MARGIN, style), *fit(line, inner, style)], size.columns, style)
        for line in body
    ]
    return Frame(size, lines, hidden_rows=notes.below, hidden_above=notes.above)
