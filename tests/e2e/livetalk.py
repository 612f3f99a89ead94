"""A live talk that is being given: its console, its journal, what its speaker is told."""

from __future__ import annotations

import contextlib
import functools
import json
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from presenter.deck.deck import Deck
from presenter.demo.store import read_journal
from presenter.demo.wire import decode_message
from presenter.layout.speakerstate import SpeakerState
from presenter.talk.journal import fold
from presenter.talk.session import Session
from tests.console import Console, presenter_command

Event = tuple[str, dict[str, object]]
LOOK_SECONDS = 6.0
"""A look at a condition takes half as long at most."""


class LiveTalk:
    """`presenter DECK` with `arguments`, in a real PTY."""

    def __init__(
        self,
        deck: Deck,
        env: Mapping[str, str],
        *arguments: str,
        wrap: tuple[str, ...] = (),
        size: tuple[int, int] = (100, 34),
        command: str = "",
    ) -> None:
        """`wrap` is put before the command; `command` before the deck."""
        self.deck = deck
        self.kept_in = Path(env["PRESENTER_STATE_DIR"])
        """Where its state is kept, as the test sees it."""
        argv = [*wrap, presenter_command(), *command.split(), str(deck.path), *arguments]
        folder = self.kept_in.parent
        self.console = Console(argv, columns=size[0], rows=size[1], env=env, cwd=folder)
        self._speaker: _Speaker | None = None
        self._since = 0

    def __enter__(self) -> LiveTalk:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._speaker is not None:
            self._speaker.close()
        self.console.close()

    # --- the journal --------------------------------------------------------------------------

    def journal(self) -> Path | None:
        """The newest one."""
        paths = self.kept_in.rglob("journals/**/*.jsonl")
        return max(paths, key=lambda path: path.stat().st_mtime, default=None)

    def session(self) -> Session:
        """The talk as its journal has it."""
        path = self.journal()
        assert path is not None, "no journal"
        return fold(read_journal(path).stamped, self.deck)

    def events(self) -> list[Event]:
        """Kind and fields of every event of the newest journal.

        But for the plan, which comes when the deck has been read, whatever the speaker does.
        """
        path = self.journal()
        text = path.read_text() if path is not None else ""
        lines = text[: text.rfind("\n") + 1].splitlines()
        events = [(line["k"], line["f"]) for line in map(json.loads, lines)]
        return [event for event in events if event[0] != "PlanMade"]

    def of(self, *kinds: str) -> list[Event]:
        """The events of these kinds."""
        return [event for event in self.events() if event[0] in kinds]

    def wait_event(self, *kinds: str, timeout: float = 20.0) -> Event:
        """The first event of one of these kinds since the last `press`."""

        def found() -> Event | None:
            return next(
                (event for event in self.events()[self._since :] if event[0] in kinds), None
            )

        what = f"{' or '.join(kinds)}, but {self.events()[-3:]}"
        self.console.wait(lambda: found() is not None, what, timeout)
        event = found()
        assert event is not None
        return event

    def press(self, key: str = "pagedown") -> None:
        """Press a key and wait for the event that it leads to."""
        self._since = len(self.events())
        self.console.press(key)
        self.console.wait(lambda: len(self.events()) > self._since, f"what {key} does")

    def ready(self) -> None:
        """Until the talk takes keys: what was pressed before would come late."""
        self.console.wait(lambda: b"\x1b[?2004h" in self.console.received, "the application")

    def type_step(self) -> None:
        """From before a step to its command, complete, on the screen."""
        self.press()
        _, typed = self.wait_event("StepTyped")
        command = self._command(typed)
        self.console.wait(functools.partial(self._shows, command), f"the command {command!r}")

    def run(self, key: str = "pagedown") -> None:
        """Begin to run the command that stands typed, or answer the question that stands.

        A press that was made before that was drawn does nothing, and leaves no event.
        """
        while self.console.read(0.05):
            pass
        self._since = len(self.events())
        for _ in range(4):
            self.console.press(key)
            with contextlib.suppress(AssertionError):
                self.console.wait(lambda: len(self.events()) > self._since, "a run", 5.0)
                return
        raise AssertionError(f"nothing runs in:\n{self.console.text()}")

    def run_step(self, timeout: float = 20.0) -> Event:
        """Run the command that stands typed, until it has ended or asks: the last event."""
        self.run()
        return self.wait_event("StepFinished", "StepAsked", timeout=timeout)

    def _command(self, typed: Mapping[str, object]) -> str:
        demo = next(d for d in self.deck.all_demos() if d.name == typed["demo"])
        return demo.steps[int(str(typed["step"]))].command.splitlines()[0][:40]

    def _shows(self, text: str) -> bool:
        return text in self.console.text()

    # --- the speaker --------------------------------------------------------------------------

    def state(self) -> SpeakerState | None:
        """What the speaker's own screen is told now; None before it is told anything."""
        if self._speaker is None:
            place = _place(self.kept_in / "run")
            if place is None:
                return None
            self._speaker = _Speaker(place)
        return self._speaker.state()

    def wait_state(
        self, wanted: Callable[[SpeakerState], bool], what: str, timeout: float = 20.0
    ) -> SpeakerState:
        """The first state that is as wanted."""

        def come() -> bool:
            state = self.state()
            return state is not None and wanted(state)

        self.console.wait(come, what, timeout)
        state = self.state()
        assert state is not None
        return state

    def wait_conditions(self, known: Mapping[str, str]) -> None:
        """Until the conditions stand as named: `true`, `false` or `unknown`.

        A command stands typed. A look that was late is made anew with the typing.
        """

        def stand(state: SpeakerState) -> bool:
            found = {name: truth for name, truth, _ in state.conditions}
            return all(found.get(name) == truth for name, truth in known.items())

        for _ in range(4):
            with contextlib.suppress(AssertionError):
                self.wait_state(stand, "", LOOK_SECONDS)
                return
            self.press("left")
            self.type_step()
        self.wait_state(stand, f"{dict(known)}")

    def leave(self) -> None:
        self.console.press("ctrl+q")
        self.console.wait_text("End the talk?")
        self.console.press("y")
        assert self.console.wait_end() == 0
        assert self.console.restored()


class _Speaker:
    """The other end of the speaker's socket; only listens."""

    def __init__(self, place: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(str(place))
        self._socket.setblocking(False)
        self._rest = b""
        self._state: SpeakerState | None = None

    def state(self) -> SpeakerState | None:
        """The newest one that has come."""
        with contextlib.suppress(BlockingIOError):
            while data := self._socket.recv(1 << 16):
                self._rest += data
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            self._state = decode_message(line).state or self._state
        return self._state

    def close(self) -> None:
        self._socket.close()


def _place(folder: Path) -> Path | None:
    """The socket that a talk listens on, behind the file that tells of a short path."""
    for pointer in folder.glob("*.at"):
        place = Path(pointer.read_text())
        return place if place.exists() else None
    return next(iter(folder.glob("*.sock")), None)
