"""The whole Istio 101 talk by one key, through the installed command in a real PTY."""

from __future__ import annotations

import contextlib
import functools
import json
from pathlib import Path

from presenter.deck.deck import Deck, open_deck
from presenter.deck.model import DemoStop, Phase, Reveal
from presenter.samples import find_deck
from tests.console import Console, presenter_command


class Talk:
    """A talk that is being given: the console, and what its journal says."""

    def __init__(self, console: Console, state: Path, deck: Deck) -> None:
        self.console = console
        self.deck = deck
        self._state = state

    def events(self) -> list[tuple[str, dict[str, object]]]:
        """Kind and fields of every event in the journal."""
        text = "".join(path.read_text() for path in self._state.rglob("*.jsonl"))
        lines = text[: text.rfind("\n") + 1].splitlines()
        events = [(line["k"], line["f"]) for line in map(json.loads, lines)]
        return [event for event in events if event[0] != "PlanMade"]  # it comes at any time

    def wait_event(self, kind: str, **fields: object) -> dict[str, object]:
        """The last event, once it is of that kind and has those fields."""

        def happened() -> bool:
            last_kind, last = self.events()[-1]
            return last_kind == kind and all(last[name] == fields[name] for name in fields)

        self.console.wait(happened, f"{kind} {fields}")
        return self.events()[-1][1]

    def wait_quiet(self) -> None:
        """Until nothing more is drawn: what is due has been read."""
        while self.console.read(0.15):
            pass

    def press(self) -> None:
        self.console.press("pagedown")

    def press_to_run(self) -> None:
        """A press that was made before the typed command was drawn does nothing: it is repeated."""
        self.wait_quiet()
        before = len(self.events())
        for _ in range(4):
            self.press()
            with contextlib.suppress(AssertionError):
                self.console.wait(lambda: len(self.events()) > before, "a run", 5.0)
                return
        raise AssertionError(f"nothing runs in:\n{self.console.text()}")

    def shown(self, lines: tuple[str, ...]) -> bool:
        """Whether the lines stand on the screen below each other (`...` stands for any)."""
        rows = iter(self.console.lines())
        grid = self.deck.meta.grid.columns
        whole = [line.rstrip() for line in lines if line.strip() not in {"", "..."}]
        wanted = [line[at : at + grid] for line in whole for at in range(0, len(line), grid)]
        return all(any(_holds(row, line) for row in rows) for line in wanted)


def _holds(row: str, line: str) -> bool:
    inner = row.split("│")[1] if row.count("│") >= 2 else row
    return line.expandtabs(8).rstrip() in inner


def give_slide(talk: Talk, index: int) -> int:
    """Press through one slide, checking each press; returns how many transcripts were found."""
    deck, console = talk.deck, talk.console
    slide = deck.slide(index)
    found = 0
    console.wait_text(f"{index + 1} / {len(deck)}")
    for number, stop in enumerate(slide.stops, 1):
        if isinstance(stop, DemoStop) and stop.phase is Phase.RUN:
            talk.press_to_run()
        else:
            talk.press()
        if isinstance(stop, Reveal):
            talk.wait_event("Moved", slide=index, stop=number)
            continue
        assert isinstance(stop, DemoStop)
        demo = slide.demos[stop.demo]
        step = demo.steps[stop.step]
        if stop.phase is Phase.TYPE:
            talk.wait_event("StepTyped", demo=demo.name, step=stop.step)
            first = step.command.splitlines()[0][:60]
            console.wait(functools.partial(talk.shown, (first,)), f"the command {first!r}")
            continue
        ended = talk.wait_event("StepFinished", demo=demo.name, step=stop.step)
        word = {"recording": "▶ recorded", "transcript": "≡ transcript", "card": "◇ not run"}
        below = "recording" if step.transcript is not None or demo.recording else "card"
        assert ended["rung"] == below, step.command
        console.wait_text(word[str(ended["rung"])])
        console.wait_text(f"{index + 1} / {len(deck)}")
        if step.transcript:
            console.wait(functools.partial(talk.shown, step.transcript), f"{step.transcript}")
            found += 1
    talk.wait_quiet()
    return found


def test_one_key_gives_the_whole_talk(tmp_path: Path) -> None:
    deck = open_deck(find_deck(None))
    expected = sum(bool(step.transcript) for demo in deck.all_demos() for step in demo.steps)
    assert expected >= 14
    env = {"PRESENTER_STATE_DIR": str(tmp_path), "PRESENTER_CONFIG": str(tmp_path / "none.toml")}
    argv = [presenter_command(), "--recorded", "--speed", "16"]
    with Console(argv, columns=120, rows=40, env=env) as console:
        talk = Talk(console, tmp_path, deck)
        found = 0
        for index in range(len(deck)):
            found += give_slide(talk, index)
            talk.press()
        assert found == expected
        console.press("ctrl+q")
        console.wait_text("End the talk?")
        console.press("y")
        assert console.wait_end() == 0
        assert console.restored()
        kinds = [kind for kind, _ in talk.events()]
        assert kinds[-1] == "SessionEnded"
        assert kinds.count("StepFinished") == sum(
            len(demo.steps) for demo in deck.all_demos() if not demo.hidden
        )
