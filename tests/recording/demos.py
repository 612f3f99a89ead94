"""Demos made by hand, for the tests."""

from __future__ import annotations

from pathlib import Path

from presenter.deck.model import Demo, DemoKind, Place, Step

PLACE = Place("deck.md", 1)


def step(
    command: str, *transcript: str, known: bool = True, expect_exit: int | None = None
) -> Step:
    lines = transcript if known else None
    return Step(command=command, place=PLACE, transcript=lines, expect_exit=expect_exit)


def demo(
    *steps: Step,
    name: str = "pods",
    os: str = "",
    recording: str = "",
    kind: DemoKind = DemoKind.SHELL,
    file: Path | None = None,
) -> Demo:
    place = Place(str(file), 1) if file else PLACE
    return Demo(name=name, kind=kind, place=place, steps=steps, os=os, recording=recording)
