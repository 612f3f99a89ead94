"""Of the deck itself: what is wrong in it, whether it fits, and what is below live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from presenter.deck.model import Demo, DemoKind, Reveal, Severity, Slide, Step
from presenter.deck.questions import read_questions
from presenter.demo.preflight.subject import Subject, step_name
from presenter.demo.supply import Supply
from presenter.errors import RecordingError
from presenter.layout.frame import PaneView, Size
from presenter.layout.stage import LEAST, StageView, compose
from presenter.live.kube_state import trouble_of
from presenter.recording.har_values import compiled
from presenter.recording.reader import open_cast
from presenter.talk.condition import CURRENT_CLUSTER, needs_of, variables_of
from presenter.talk.plan import cuts_of
from presenter.talk.preflight import Below, Issue, Level

SMALL = Size(80, 24)
"""What a projector's terminal may come down to."""
_RECORD = "run it live and press W"


def deck_problems(subject: Subject) -> Iterator[Issue]:
    """What reading the deck has found wrong."""
    if not len(subject.deck):
        yield Issue(Level.NO_GO, str(subject.deck.path), "there are no slides in it", "write some")
    for problem in subject.deck.problems():
        wrong = problem.severity is Severity.ERROR
        level, todo = (Level.NO_GO, "correct the deck") if wrong else (Level.WARNING, "")
        yield Issue(level, str(problem.place), problem.message, todo)


def questions_can_be_read(subject: Subject) -> Iterator[Issue]:
    """What is wrong in the file of prepared questions, where there is one."""
    for problem in read_questions(subject.deck.path).problems:
        yield Issue(Level.WARNING, str(problem.place), problem.message)


def needs_are_named(subject: Subject) -> Iterator[Issue]:
    """Whether the deck says what the conditions are that its steps need."""
    known = {*subject.deck.meta.needs, *subject.provided, CURRENT_CLUSTER}
    for name in subject.needed:
        if name not in known:
            demo, step = next(one for one in subject.live_steps() if name in needs_of(*one))
            what = f"{demo.name}: nothing says what {name} is, which it needs"
            todo = f"name {name} in `needs`"
            yield Issue(Level.WARNING, str(step.place), what, todo, (demo.name,))


def cuts_are_slides(subject: Subject) -> Iterator[Issue]:
    """Whether the shorter versions leave out what is there."""
    deck = subject.deck
    for name, (_, ids) in cuts_of(deck.meta).items():
        for one in ids:
            if deck.index_of(one) is None:
                what = f"the cut {name} leaves out `{one}`, and there is no such slide"
                todo = "see `presenter outline` for the ids of the slides"
                yield Issue(Level.WARNING, str(deck.path), what, todo)


def requests_are_complete(subject: Subject) -> Iterator[Issue]:
    """Whether something gives each variable of a request, or of a query, its value."""
    for demo, step in subject.live_steps():
        text = "\n".join(one.text for one in (step.request, step.query) if one is not None)
        for name in sorted(variables_of(text) - subject.variables):
            what = f"{step_name(demo, step)}: nothing gives `{{{{{name}}}}}` a value"
            todo = f"name {name} in `vars`, or export it with `+export:{name}`"
            yield Issue(Level.WARNING, str(step.place), what, todo, (demo.name,))


def queries_can_be_read(subject: Subject) -> Iterator[Issue]:
    """Whether paths of queries, and patterns of those and of requests, are such.

    But for those with variables.
    """
    for demo, step in subject.live_steps():
        paths, patterns = _paths_and_patterns(step)
        troubles = [trouble_of(path) for path in paths if not variables_of(path)]
        for pattern in patterns:
            if pattern and not variables_of(pattern) and compiled(pattern) is None:
                troubles.append(f"`{pattern}` is no pattern")
        for trouble in filter(None, troubles):
            what = f"{step_name(demo, step)}: {trouble}"
            yield Issue(Level.WARNING, str(step.place), what, "correct it", (demo.name,))


def _paths_and_patterns(step: Step) -> tuple[list[str], list[str]]:
    if step.query is not None:
        until = step.query.until
        paths = [path for _, path in (*step.query.columns, *step.query.exports)]
        if until is None:
            return paths, []
        return [*paths, until.path] if until.path else paths, [until.pattern]
    if step.request is None:
        return [], []
    asked = step.request
    picks = [one.pick for one in (*asked.groups, *asked.exports)]
    picks += [asked.until.pick] if asked.until is not None else []
    return [], [pick.expression for pick in picks if pick.kind == "regex"]


# --- does it fit? -----------------------------------------------------------------------------


def slides_fit(subject: Subject) -> Iterator[Issue]:
    """Whether the text of every slide is seen as a whole, at 80×24 and on this terminal."""
    here = subject.terminal.size
    sizes = dict.fromkeys([SMALL, *([here] if here is not None else [])])
    for slide in subject.slides:
        try:
            hidden = {size: _hidden_rows(subject, slide, size) for size in sizes}
        except Exception as error:  # noqa: BLE001 — whatever it is, the stage shows a card for it
            what = f"slide {slide.id} cannot be laid out ({type(error).__name__})"
            yield Issue(Level.NO_GO, str(slide.place), what, "report it, with the slide")
            continue
        too_long = [f"{rows} rows at {_said(size)}" for size, rows in hidden.items() if rows]
        if too_long:
            what = f"slide {slide.id} does not fit: {', '.join(too_long)} are below the edge"
            yield Issue(Level.WARNING, str(slide.place), what, "shorten it, or split it in two")


def _hidden_rows(subject: Subject, slide: Slide, size: Size) -> int:
    """Rows of the slide's text below the edge, all of it revealed."""
    if size.columns < LEAST.columns or size.rows < LEAST.rows:
        return 0  # no slide is shown there at all
    deck, grid = subject.deck, subject.deck.meta.grid
    pane = PaneView((), grid.columns, grid.rows) if slide.demos else None
    view = StageView(
        slide=slide,
        size=size,
        theme=subject.theme,
        meta=deck.meta,
        folder=deck.path.parent,
        reveals=sum(isinstance(stop, Reveal) for stop in slide.stops),
        index=slide.index,
        total=len(deck),
        pane=pane,
        pane_shown=False,
        full=any(demo.full for demo in slide.demos),
    )
    return compose(view).hidden_rows


def _said(size: Size) -> str:
    return f"{size.columns}x{size.rows}"


# --- what is below live? ----------------------------------------------------------------------


def below(subject: Subject, demo: Demo) -> Below:
    """The highest rung below live of each step."""
    supply = Supply(subject.materials, lambda _error: None)
    return Below(tuple(supply.material(demo, step).rung for step in range(len(demo.steps))))


def fallbacks(subject: Subject) -> Iterator[Issue]:
    """Whether each step has something below live, and whether that is of its command."""
    for _, demo in subject.demos:
        if demo.kind is DemoKind.CAST:
            yield from _cast(subject, demo)
        else:
            yield from _demo(subject, demo)
    written = tuple(demo.name for _, demo in subject.demos if _is_only_written(subject, demo))
    if written:
        what = f"no recording, what the deck says is shown instead: {', '.join(written)}"
        yield Issue(Level.NOTE, str(subject.deck.path), what, _RECORD, written)


def _is_only_written(subject: Subject, demo: Demo) -> bool:
    """Whether every step has a transcript and nothing else."""
    if demo.kind is not DemoKind.SHELL or subject.materials.path(demo) is not None:
        return False
    return set(below(subject, demo).rungs) == {"transcript"}


def _cast(subject: Subject, demo: Demo) -> Iterator[Issue]:
    path = subject.materials.path(demo)
    if path is None:
        what = f"{demo.name}: there is no recording {demo.recording}"
        todo = "put it there, or correct the block's path"
        yield _no_go(demo, what, todo)
        return
    try:
        open_cast(path)
    except RecordingError as error:
        yield _no_go(demo, error.message, error.hint)


def _demo(subject: Subject, demo: Demo) -> Iterator[Issue]:
    path = subject.materials.path(demo)
    rungs = below(subject, demo).rungs
    if path is None:
        yield from _without_recording(demo, rungs)
        return
    try:
        take = subject.materials.take(demo)
    except RecordingError as error:
        yield _warning(demo, error.message, error.hint or _RECORD)
        return
    stale, absent = [], []
    for number, step in enumerate(demo.steps):
        taken = take.step(number, step.whole) if take is not None else None
        if taken is None and step.live != "only":
            absent.append(number)
        elif taken is not None and taken.stale:
            stale.append(number)
    if stale:
        what = f"{_steps(demo, stale)}: {path.name} was recorded for another command"
        yield _warning(demo, what, _RECORD)
    if absent:
        fall = " and ".join(sorted({_FALL[rungs[number]] for number in absent}))
        yield _warning(demo, f"{_steps(demo, absent)}: {path.name} lacks it: {fall}", _RECORD)
    if take is not None and (take.torn or take.skipped):
        yield _warning(demo, f"{demo.name}: {path.name} is damaged in places", _RECORD)


_FALL = {
    "transcript": "what the deck says is shown instead",
    "card": "there is nothing below live",
    "recording": "",
}


def _without_recording(demo: Demo, rungs: Sequence[str]) -> Iterator[Issue]:
    bare = [
        number
        for number, step in enumerate(demo.steps)
        if rungs[number] == "card" and step.live != "only"
    ]
    if demo.recording:
        what = f"{demo.name}: there is no recording {demo.recording}"
        todo = "put it there, or correct `+recording`"
        yield _warning(demo, what, todo)
    elif bare:
        what = f"{_steps(demo, bare)}: nothing is below live: no recording, no transcript"
        yield _warning(demo, what, _RECORD)


def _no_go(demo: Demo, what: str, todo: str) -> Issue:
    return Issue(Level.NO_GO, str(demo.place), what, todo, (demo.name,), live=False)


def _warning(demo: Demo, what: str, todo: str) -> Issue:
    return Issue(Level.WARNING, str(demo.place), what, todo, (demo.name,))


def _steps(demo: Demo, numbers: Sequence[int]) -> str:
    if len(demo.steps) == 1:
        return demo.name
    word = "step" if len(numbers) == 1 else "steps"
    return f"{demo.name}, {word} {', '.join(str(number + 1) for number in numbers)}"
