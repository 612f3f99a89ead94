"""Small decks for the tests of the talk: slides written as rows of stops."""

from __future__ import annotations

from dataclasses import dataclass, replace

from presenter.deck.model import (
    Demo,
    DemoKind,
    DemoStop,
    Phase,
    Place,
    Reveal,
    Step,
    Stop,
    Typing,
)

PLACE = Place("deck.md", 1)


@dataclass(frozen=True)
class Page:
    id: str
    stops: tuple[Stop, ...] = ()
    demos: tuple[Demo, ...] = ()


@dataclass(frozen=True)
class Pages:
    """A `Script` of the pages given."""

    pages: tuple[Page, ...]

    def __len__(self) -> int:
        return len(self.pages)

    def slide_id(self, index: int) -> str:
        return self.pages[index].id

    def index_of(self, slide_id: str) -> int | None:
        ids = [page.id for page in self.pages]
        return ids.index(slide_id) if slide_id in ids else None

    def stops(self, index: int) -> tuple[Stop, ...]:
        return self.pages[index].stops

    def demos(self, index: int) -> tuple[Demo, ...]:
        return self.pages[index].demos


def step(
    command: str = "ls",
    transcript: tuple[str, ...] | None = ("out",),
    typing: Typing = Typing.AUTO,
    note: str = "",
) -> Step:
    return Step(command, PLACE, transcript=transcript, typing=typing, note=note)


def demo(name: str, *steps: Step, hidden: bool = False) -> Demo:
    return Demo(name, DemoKind.SHELL, PLACE, steps, hidden=hidden)


def page(name: str, pattern: str = "", *demos: Demo) -> Page:
    """A slide; in `pattern` an `r` is a reveal, a digit the next step of that demo.

    Steps without a command have only the stop that runs them.
    """
    stops: list[Stop] = []
    taken = [0] * len(demos)
    reveals = 0
    for letter in pattern:
        if letter == "r":
            reveals += 1
            stops.append(Reveal(reveals))
            continue
        index = int(letter)
        number = taken[index]
        taken[index] += 1
        if demos[index].steps[number].command:
            stops.append(DemoStop(index, number, Phase.TYPE))
        stops.append(DemoStop(index, number, Phase.RUN))
    return Page(name, tuple(stops), demos)


def without(pages: Pages, name: str) -> Pages:
    return replace(pages, pages=tuple(page for page in pages.pages if page.id != name))


def sample() -> Pages:
    """title · reveals · a demo of two steps with a reveal between them · keys · bare · end."""
    shell = demo("shell", step("kubectl get pods"), step("ls -l"))
    keys = demo("keys", step("abc", typing=Typing.KEYS), step("now", typing=Typing.INSTANT))
    bare = demo("bare", step(""), step("after"))
    return Pages(
        (
            page("title"),
            page("reveals", "rr"),
            page("pods", "0r0", shell),
            page("keys", "00", keys),
            page("bare", "00", bare),
            page("end"),
        )
    )
