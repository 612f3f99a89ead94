"""The outline of a deck: everything that another program, or a person, may want to know of it."""

from __future__ import annotations

from collections.abc import Callable

from presenter.deck.deck import Deck
from presenter.deck.http import HttpRequest
from presenter.deck.model import Demo, Meta, Problem, Slide, Step
from presenter.deck.questions import Prepared, Questions
from presenter.deck.text import clean

NONE = Questions()


def outline(
    deck: Deck, resolve: Callable[[Demo], object] | None = None, questions: Questions = NONE
) -> dict[str, object]:
    """The deck as values for JSON; reads every slide.

    `questions`: those that stand beside it.

    `resolve` says which recording a demo would use, as a value for JSON; without it the demos
    have no key `recording`.
    """
    return {
        "path": str(deck.path),
        "hash": deck.hash,
        "dialect": deck.dialect,
        "os": deck.os_name,
        "meta": _meta(deck.meta),
        "slides": [_slide(deck.slide(index), resolve) for index in range(len(deck))],
        "questions": [_question(one) for one in questions.prepared],
        "problems": [_problem(problem) for problem in deck.problems() + questions.problems],
    }


def _meta(meta: Meta) -> dict[str, object]:
    return {
        "title": meta.title,
        "sub_title": meta.sub_title,
        "authors": list(meta.authors),
        "event": meta.event,
        "location": meta.location,
        "date": meta.date,
        "theme": meta.theme,
        "grid": f"{meta.grid.columns}x{meta.grid.rows}",
        "duration": meta.duration,
        "recordings": meta.recordings,
        "needs": plain(meta.needs),
        "extra": plain(meta.extra),
    }


def plain(value: object) -> object:
    """`value` with keys of text and nothing in it that JSON does not have."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(each) for each in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _slide(slide: Slide, resolve: Callable[[Demo], object] | None) -> dict[str, object]:
    return {
        "id": slide.id,
        "index": slide.index,
        "title": slide.title,
        "place": str(slide.place),
        "notes": [{"text": note.text, "stop": note.stop} for note in slide.notes],
        "stops": len(slide.stops),
        "share": slide.share,
        "optional": slide.optional,
        "demos": [_demo(demo, resolve) for demo in slide.demos],
        "variants": [_demo(demo, resolve) for demo in slide.variants],
    }


def _demo(demo: Demo, resolve: Callable[[Demo], object] | None) -> dict[str, object]:
    values: dict[str, object] = {
        "name": demo.name,
        "kind": demo.kind.value,
        "language": demo.language,
        "place": str(demo.place),
        "session": demo.session,
        "needs": list(demo.needs),
        "exports": list(demo.exports),
        "os": demo.os,
        "background": demo.background,
        "hidden": demo.hidden,
        "full": demo.full,
        "open": demo.open_url,
        "steps": [_step(step) for step in demo.steps],
    }
    if resolve is not None:
        values["recording"] = resolve(demo)
    return values


def _step(step: Step) -> dict[str, object]:
    values: dict[str, object] = {
        "command": step.command,
        "run": step.run,
        "prompt": step.prompt,
        "place": str(step.place),
        "transcript": None if step.transcript is None else list(step.transcript),
        "timeout": step.timeout,
        "expect": step.expect,
        "expect_exit": step.expect_exit,
        "expect_failure": step.expect_failure,
        "provides": list(step.provides),
        "needs": list(step.needs),
        "type": step.typing.value,
        "live": step.live,
        "on_fail": step.on_fail,
        "note": step.note,
    }
    if step.request is not None:
        values["request"] = _request(step.request)
    if step.query is not None:
        values["query"] = step.query.text
    return values


def _request(request: HttpRequest) -> dict[str, object]:
    until = request.until
    return {
        "method": request.method,
        "url": request.url,
        "headers": [list(header) for header in request.headers],
        "body": request.body,
        "name": request.name,
        "repeat": request.repeat,
        "every": request.every,
        "at_once": request.at_once,
        "until": f"{until.pick} {until.value}".rstrip() if until is not None else "",
        "groups": [{"name": group.name, "by": str(group.pick)} for group in request.groups],
        "picture": request.picture,
    }


def _question(prepared: Prepared) -> dict[str, object]:
    return {
        "question": prepared.question,
        "answer": prepared.answer,
        "tags": list(prepared.tags),
        "as_of": prepared.as_of,
        "also": list(prepared.also),
        "place": str(prepared.place),
    }


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "severity": problem.severity.value,
        "message": problem.message,
    }


def outline_text(deck: Deck, questions: Questions = NONE) -> str:
    """The outline as a tree for people: slides, their demos and commands; ends with a newline."""
    lines = [deck.meta.title or clean(deck.path.name)]
    width = len(str(len(deck)))
    for index in range(len(deck)):
        lines.extend(_slide_lines(deck.slide(index), width))
    if questions.prepared:
        said = _count(len(questions.prepared), "prepared question", "prepared questions")
        without = sum(not one.answer for one in questions.prepared)
        lines.append(f"{said}, {without} without an answer" if without else said)
    return "\n".join(lines) + "\n"


def _slide_lines(slide: Slide, width: int) -> list[str]:
    facts = []
    if slide.stops:
        facts.append(_count(len(slide.stops), "press", "presses"))
    if slide.notes:
        facts.append("notes")
    if slide.optional:
        facts.append("optional")
    tail = f"  ({', '.join(facts)})" if facts else ""
    lines = [f"{slide.index + 1:>{width}}  {slide.title or '(no title)'}  #{slide.id}{tail}"]
    pad = " " * (width + 2)
    for demo in slide.demos:
        hidden = ", hidden" if demo.hidden else ""
        lines.append(f"{pad}▸ {demo.name} ({demo.kind.value}{hidden})")
        for step in demo.steps:
            first, *more = (step.command or f"the {demo.kind.value} block").split("\n")
            lines.append(f"{pad}    {step.prompt if step.command else ''}{first}")
            lines.extend(f"{pad}      {line}" for line in more)
    return lines


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
