"""The screens of all demos: an emulator each, and what was fed to it step by step.

What a step published is kept, so that going back, forward and skipping show final screens without
playing anything: the screen is then made anew from its beginning, which brings its scrollback back
too (a snapshot of the emulator holds none).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from presenter.deck.model import Demo, Grid
from presenter.demo.hub import Data, Hub, LaneEvent, Output, Resized, Rewound, StepBegan, StepEnded
from presenter.demo.showing import RESET, prompted
from presenter.terminal.emulator import Emulator, Snapshot

if TYPE_CHECKING:
    from presenter.demo.drawing import Drawing
    from presenter.layout.datapicture import Picture

EmulatorFactory = Callable[[int, int], Emulator]
"""From columns and rows."""


KEPT_TEXT = 1_000_000
"""Characters that are kept of one step, so that it can be shown again without playing."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """All the data of a step: its picture has taken it in, and is drawn for any size."""

    picture: Picture


_Kept = LaneEvent | _Drawn


@dataclass(slots=True)
class _Screen:
    terminal: Emulator
    drawing: Drawing | None = None
    """Of the data of the step shown last."""
    opening: list[_Kept] = field(default_factory=list)
    """What stands before the first step: a prompt."""
    parts: dict[int, list[_Kept]] = field(default_factory=dict)
    """For each step that has been shown, all that it published, its typed command included."""
    pending: list[_Kept] = field(default_factory=list)
    """What the step at hand has published so far."""
    kept: int = 0
    """Characters in `pending`."""
    begun: tuple[Snapshot, list[_Kept]] | None = None
    """The screen where the output of the step at hand began, and what was published before it."""
    room: tuple[int, int] | None = None
    """Columns and rows that data is drawn for; None for the deck's grid."""
    shown: int = -1
    """The last of the steps whose parts are on the screen; -1 for the opening alone."""

    @property
    def emulator(self) -> Emulator:
        """With all that it has been fed on it."""
        if self.drawing is not None:
            self.drawing.draw()
        return self.terminal


class Screens:
    """Listens to the hub and keeps the screen of every demo that has been opened."""

    def __init__(
        self,
        hub: Hub,
        factory: EmulatorFactory,
        grid: Grid,
        on_failure: Callable[[Exception], None] = lambda _: None,
    ) -> None:
        self.on_change: Callable[[str], None] = lambda _demo: None
        """Called with a demo's name when its screen has changed; the caller coalesces."""
        self._factory = factory
        self._grid = grid
        self._on_failure = on_failure
        self._screens: dict[str, _Screen] = {}
        hub.subscribe(self._on_event)

    def open(self, demo: Demo) -> None:
        """Show the demo's first prompt, if it has not been opened before."""
        if demo.name in self._screens:
            return
        screen = self._screen(demo.name)
        if demo.steps and demo.steps[0].command:
            screen.opening.append(Output(prompted(demo.steps[0].prompt)))
        self._show(demo.name, screen, -1)

    def emulator(self, name: str) -> Emulator:
        """The emulator of a demo; an empty one where it has not been opened."""
        return self._screen(name).emulator

    def begins_at_the_top(self, name: str) -> bool:
        """Whether a longer content is read from its first line on: that of data."""
        drawing = self._screens[name].drawing if name in self._screens else None
        return drawing is not None and drawing.picture.from_the_top

    def fit(self, name: str, columns: int, rows: int) -> None:
        """Data of this demo is drawn for so much room, as it is from now on."""
        screen = self._screen(name)
        screen.room = columns, rows
        if (screen.terminal.columns, screen.terminal.rows) != screen.room:
            screen.terminal.resize(columns, rows)

    def column(self, name: str) -> int:
        """The column of the demo's cursor, from 0."""
        return self._screen(name).emulator.cursor.column

    def start_of(self, name: str) -> Snapshot:
        """The screen where the output of the step at hand began; as it is now before that."""
        screen = self._screen(name)
        return screen.begun[0] if screen.begun is not None else screen.emulator.snapshot()

    def knows(self, name: str, step: int) -> bool:
        """Whether the step's final screen can be shown."""
        return name in self._screens and step in self._screens[name].parts

    def show(self, name: str, step: int) -> None:
        """The final screen of the last known step up to `step`; the first prompt for -1."""
        screen = self._screen(name)
        last = max((known for known in screen.parts if known <= step), default=-1)
        if screen.shown != last or screen.pending:
            self._show(name, screen, last)

    def forget(self, name: str) -> None:
        """As if the demo had never been opened."""
        self._screens.pop(name, None)
        self.on_change(name)

    def _screen(self, name: str) -> _Screen:
        screen = self._screens.get(name)
        if screen is None:
            emulator = self._factory(self._grid.columns, self._grid.rows)
            screen = self._screens[name] = _Screen(emulator)
        return screen

    def _show(self, name: str, screen: _Screen, last: int) -> None:
        screen.drawing = None
        screen.emulator.reset()
        screen.emulator.resize(*(screen.room or (self._grid.columns, self._grid.rows)))
        screen.pending.clear()
        screen.kept = 0
        screen.begun = None
        screen.shown = last
        for event in screen.opening:
            self._feed(screen, event)
        for step in sorted(screen.parts):
            if step <= last:
                for event in screen.parts[step]:
                    self._feed(screen, event)
        self.on_change(name)

    def _on_event(self, name: str, event: LaneEvent) -> None:
        try:
            self._take(name, event)
        except Exception as error:  # noqa: BLE001 — a subscriber that raises is dropped: not this one
            self._on_failure(error)
        self.on_change(name)

    def _take(self, name: str, event: LaneEvent) -> None:
        screen = self._screen(name)
        match event:
            case Output(aside=True):
                if event.behind is None or event.behind <= screen.shown:
                    self._feed(screen, event)
                self._keep_aside(screen, event)
            case Data():
                self._feed(screen, event)
                self._keep_drawn(screen)
            case Output() | Resized():
                self._keep(screen, event)
                self._feed(screen, event)
            case StepBegan():
                screen.begun = screen.emulator.snapshot(), list(screen.pending)
            case Rewound() if screen.begun is not None:
                snapshot, before = screen.begun
                screen.drawing = None
                screen.emulator.restore(snapshot)
                screen.pending = list(before)
                screen.kept = _characters(before)
            case StepEnded():
                screen.parts[event.step] = screen.pending
                screen.pending = []
                screen.kept = 0
                screen.begun = None
                screen.shown = event.step

    def _keep_drawn(self, screen: _Screen) -> None:
        """Of data, its picture: taking it in once more would hold up the slides."""
        if screen.drawing is not None:
            drawn = _Drawn(screen.drawing.picture)
            if screen.pending[-1:] != [drawn]:
                screen.pending.append(drawn)

    def _keep(self, screen: _Screen, event: Output | Resized) -> None:
        """Remember what the step at hand has published; of a flood, only its last screen."""
        screen.kept += max(_characters([event]), 1)
        screen.pending.append(event)
        if screen.kept > KEPT_TEXT:
            screen.pending[:] = [*_as_it_is(screen), event]
            screen.kept = _characters(screen.pending)

    def _keep_aside(self, screen: _Screen, event: Output) -> None:
        """What was typed freely belongs to the step before; of a flood, only its last screen."""
        if screen.pending and event.behind is None:  # a step is at hand: then it goes with that
            screen.pending.append(event)
            return
        behind = screen.shown if event.behind is None else event.behind
        part = screen.parts.get(behind, screen.opening)
        part.append(event)
        screen.kept += len(event.text)
        if screen.kept > KEPT_TEXT:
            screen.kept = 0
            if behind == screen.shown:
                part[:] = _as_it_is(screen)
            else:  # nobody looks at it: what is oldest goes
                del part[: len(part) // 2]

    def _feed(self, screen: _Screen, event: _Kept) -> None:
        try:
            if isinstance(event, _Drawn):
                screen.drawing = _drawing(screen.terminal, event.picture)
            elif isinstance(event, Data):
                if screen.drawing is None:
                    screen.drawing = _drawing(screen.terminal, _picture_of(event.lines))
                screen.drawing.take(event.lines)
            elif isinstance(event, Output):
                page = event.text.startswith(RESET)  # then nobody will see what stands there
                (screen.terminal if page else screen.emulator).feed(event.text)
                screen.drawing = None
            elif isinstance(event, Resized) and screen.room is None:
                screen.emulator.resize(event.columns, event.rows)
        except Exception as error:  # noqa: BLE001 — an engine that fails costs a screen, no more
            screen.emulator.reset()
            self._on_failure(error)


def _drawing(emulator: Emulator, picture: Picture) -> Drawing:
    from presenter.demo.drawing import Drawing  # only a demo of data needs it

    return Drawing(emulator, picture)


def _picture_of(lines: str) -> Picture:
    from presenter.layout.datapicture import picture_of

    return picture_of(lines)


def _characters(events: Iterable[_Kept]) -> int:
    return sum(len(event.text) for event in events if isinstance(event, Output))


def _as_it_is(screen: _Screen) -> list[_Kept]:
    """What brings the screen back as it is now, without its scrollback."""
    snapshot = screen.emulator.snapshot()
    return [Resized(snapshot.columns, snapshot.rows), Output(RESET + snapshot.data)]
