"""The rules of the plan: questions that stop its clock, slides that are dropped, what was told."""

from __future__ import annotations

from presenter.talk import commands as c
from presenter.talk import events as e
from presenter.talk.scene import Events, Scene

MOST_QUESTION = 1000
"""Characters of a question that is written down."""
MOST_ANSWER = 20_000
"""Characters of a prepared answer that the journal keeps."""


def of_the_plan(scene: Scene, command: c.Command) -> Events:
    """What a command about the plan, or about a question, leads to."""
    match command:
        case c.NoteQuestion() if command.text.strip():
            text = command.text.strip()[:MOST_QUESTION]
            return [e.QuestionNoted(text, _here(scene), command.tag)]
        case c.MarkAsked() if command.question:
            answer = command.answer[:MOST_ANSWER]
            told = command.question, _here(scene), answer, command.as_of, command.tags
            return [e.QuestionAsked(*told)]
        case c.TakeQuestion():
            stands = scene.session.clock.paused_at is not None
            on = not stands if command.on is None else command.on
            return [] if on == stands else [e.PlanPaused(on)]
        case c.Drop():
            return _drop(scene, command)
        case c.Tell():
            return [command.event]
    return []


def _here(scene: Scene) -> str:
    return scene.script.slide_id(scene.slide)


def _drop(scene: Scene, command: c.Drop) -> Events:
    """What has passed is not dropped; what was dropped and has passed stays so."""
    session, script = scene.session, scene.script
    may = {script.slide_id(index) for index in range(scene.slide + 1, len(script))}
    may |= session.dropped
    ids = tuple(dict.fromkeys(one for one in command.slides if one in may))
    # A cut of which nothing is left stays in force; one that leaves out nothing does not begin.
    was = session.dropped_as.split("+")
    name = "+".join(part for part in command.name.split("+") if ids or part in was)
    same = session.dropped_as == name and session.dropped == frozenset(ids)
    return [] if same else [e.SlidesDropped(name, ids)]
