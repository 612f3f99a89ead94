"""Small talks for tests: a few slides with a step each, live, in a real PTY."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from presenter.deck.deck import open_deck
from presenter.recording.transcribe import transcribe_deck
from tests.e2e.livetalk import LiveTalk
from tests.e2e.stubs import environment

WAITS = "until [ -e $T/go ]; do sleep 0.02; done"
"""A command that goes on when the test says so: $T is the test's folder, and not the deck's."""


def demo(name: str, *lines: str, fence: str = "", own: bool = True) -> str:
    """A slide with one demo, in a shell of its own unless told otherwise."""
    session = f" +session:{name}" if own else ""
    text = "\n".join(lines)
    return f"# {name}\n\n```console +demo:{name}{session} {fence}\n{text}\n```\n"


def small(
    folder: Path,
    *slides: str,
    front: str = "",
    arguments: tuple[str, ...] = ("--trust", "--speed", "16"),
    command: str = "",
    env: Mapping[str, str] | None = None,
    wrap: tuple[str, ...] = (),
    recorded: bool = False,
) -> LiveTalk:
    """A talk of these slides, begun at the first.

    `env` goes over the usual environment, `wrap` before the command; with `recorded` the demos
    have recordings, made of their transcripts.
    """
    path = folder / "talk" / "talk.md"
    path.parent.mkdir(exist_ok=True)
    head = f"---\ngrid: 80x16\n{front}\n---\n\n"
    path.write_text(head + "\n---\n\n".join(slides), "utf-8")
    deck = open_deck(path)
    if recorded:
        transcribe_deck(deck, path.parent / "recordings" / path.stem, "a test")
    around = environment(folder) | {"T": str(folder)} | dict(env or {})
    talk = LiveTalk(deck, around, *arguments, command=command, wrap=wrap)
    talk.ready()
    return talk


def run(talk: LiveTalk, timeout: float = 20.0) -> Mapping[str, object]:
    """Type and run the next step, to its end or its question."""
    talk.type_step()
    return talk.run_step(timeout)[1]


def go(folder: Path) -> None:
    (folder / "go").touch()


def start(talk: LiveTalk, seen: str = "│live") -> None:
    """Type and run the next step, until its output is seen."""
    talk.type_step()
    talk.run()
    talk.console.wait_text(seen)


def shows(talk: LiveTalk, text: str) -> bool:
    """Whether the pane shows a text, over as many rows as it takes."""
    rows = [line.split("│")[1] for line in talk.console.lines() if line.count("│") == 2]
    return text in "".join(rows)
