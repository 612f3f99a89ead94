"""Where the speaker's keys go: to the pane in view, or to the command that is being changed.

The talk knows nothing of it: whatever is typed, the script stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from presenter.deck.deck import Deck
from presenter.deck.model import Demo, DemoKind, Place, Step
from presenter.demo.lineedit import Line, drawn, press
from presenter.demo.showing import Showing
from presenter.layout.text import one_line
from presenter.talk import events as e
from presenter.talk.commands import Edit, Next, Replay, Typed
from presenter.talk.fallback import Mode
from presenter.talk.session import Activity, Lane

if TYPE_CHECKING:
    from presenter.demo.desk import Desk
    from presenter.demo.effects import Effects
    from presenter.demo.liveside import LiveSide
    from presenter.demo.seat import Mouse


P = ParamSpec("P")


def _never_raises(method: Callable[P, None]) -> Callable[P, None]:
    """What goes wrong is reported, and the next key is taken."""

    @wraps(method)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        keyboard = args[0]
        assert isinstance(keyboard, Keyboard)  # noqa: S101 — it decorates methods
        try:
            method(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 — whatever breaks, the next keypress works
            keyboard.report(error)

    return guarded


class Keyboard:
    """The keys of one desk."""

    def __init__(self, desk: Desk, effects: Effects, side: LiveSide | None) -> None:
        self.editing: Line | None = None
        """The command at hand while the speaker changes it."""
        self._desk = desk
        self._effects = effects
        self._side = side
        self._lent = False
        """The pane has the keys because its step asked for them."""

    def report(self, error: Exception) -> None:
        self._desk.reports(error)

    @property
    def goes_to(self) -> str:
        """Where a key goes: see `SpeakerState.keys`."""
        desk = self._desk
        if self.editing is not None:
            return "line"
        if desk.session.scratch:
            return "scratch"
        if desk.view.pane_focused:
            return "pane"
        return "typing" if desk.typing_by_keys(complete=True) else "talk"

    # --- the pane -----------------------------------------------------------------------------

    @_never_raises
    def focus(self, focused: bool) -> None:
        """Give the keys to the pane, if one is there, or take them back."""
        view = self._desk.view
        if focused == view.pane_focused or self._desk.session.scratch:
            return
        demo = self._in_view()
        if focused and demo is not None and self._is_shown(demo):
            return
        view.focus_pane(focused)
        if view.pane_focused and demo is not None:
            self._take(demo)
        else:
            self._leave()

    @_never_raises
    def key(self, key: str, character: str | None, control: str = "") -> None:
        """A key for the focused pane, by Textual's name; `control`: what it is to a player."""
        if self._side is not None and self._side.hands.taken:
            self._side.hands.key(key, character)
            return
        demo = self._in_view()
        if demo is None or demo.kind is not DemoKind.CAST:
            return
        if not self._desk.session.active:
            # It has ended, or not begun: a key of the player's brings it back.
            began = demo.name in self._desk.session.lanes
            self._desk.dispatch(Replay() if began else Next())
        self._effects.press(control or key)

    @_never_raises
    def paste(self, text: str) -> None:
        """Pasted text for the focused pane, or for the command that is edited."""
        if self.editing is not None:
            self._edit(self.editing.typed(text))
        elif self._side is not None and self._side.hands.taken:
            self._side.hands.paste(text)

    def mouse(self, told: Mouse) -> bool:
        """The mouse over a cell of the frame; False where no program there wants to know."""
        if self._side is None or not self._side.hands.taken:
            return False
        cell = self._desk.view.cell_at(told.x, told.y)
        return cell is not None and self._side.hands.mouse(replace(told, x=cell[0], y=cell[1]))

    def on_event(self, event: e.Event) -> None:
        """The keys go to a step that wants them, and on to its shell when it has ended."""
        match event:
            case e.ScratchSet():
                self._scratch(event.on)
            case e.StepEdited():
                self.editing = None
                self._show_typed()
            case _ if self._desk.session.scratch:
                return  # the hands are on the scratch shell, whatever the steps do
            case e.StepStarted(rung="live"):
                demo = self._in_view()
                if demo is not None and demo.name == event.demo and demo.takes_keys:
                    self._lent = True
                    self.focus(True)
            case e.StepFinished() | e.StepFell() if self._desk.view.pane_focused:
                self._step_ended(event)

    def _step_ended(self, event: e.StepFinished | e.StepFell) -> None:
        demo = self._in_view()
        if demo is None or demo.name != event.demo:
            return
        if self._lent or isinstance(event, e.StepFell) or event.rung != "live":
            self._lent = False
            self.focus(False)
        else:
            self._take(demo)

    @_never_raises
    def slide_left(self) -> None:
        """Another slide is shown: its pane has no keys yet."""
        if not self._desk.session.scratch:
            self._leave()

    def _in_view(self) -> Demo | None:
        return self._desk.demo(self._desk.session.position)

    def _is_shown(self, demo: Demo) -> bool:
        """Whether a step is at hand that takes no keys: a failure that waits, or a replay."""
        session = self._desk.session
        lane = session.lanes.get(session.active, Lane())
        plays = lane.activity is Activity.PLAYING and lane.rung != "live"
        return demo.kind is DemoKind.SHELL and (plays or lane.activity is Activity.ASKED)

    def _take(self, demo: Demo) -> None:
        """To what runs in the demo's pane, else to its session's shell."""
        side, session = self._side, self._desk.session
        if side is None or side.ready.nothing or demo.kind is not DemoKind.SHELL:
            return
        lane = session.lanes.get(demo.name, Lane())
        source = self._effects.live_source()
        if source is None or lane.activity is not Activity.PLAYING:
            source = side.running_beside(demo)
        if source is not None:
            side.hands.on_step(source)
            return
        if session.active:  # a command that stands typed gives way to the shell's own prompt
            if session.lanes[session.active].activity is Activity.TYPING:
                self._desk.dispatch(Typed())
            self._effects.take_away(session.active, session.lanes[session.active].step)
        step = min(lane.step + (lane.step in lane.results), len(demo.steps) - 1)
        side.hands.on_shell(demo, demo.steps[max(step, 0)].prompt)

    def _leave(self) -> None:
        if self._side is not None and self._side.hands.taken:
            self._side.hands.leave()
            self._side.files.left(self._side.deck)
            self._show_typed()

    def _scratch(self, on: bool) -> None:
        side = self._side
        if side is None:
            return
        if on and side.ready.mode is Mode.RECORDED:
            side.hands.say_on_scratch("no shell is started when a talk is given with --recorded")
        elif on:
            demos = self._desk.deck.demos(self._desk.session.position.slide)
            shells = [demo for demo in demos if demo.kind is DemoKind.SHELL]
            side.hands.on_scratch(shells[0] if shells else _any_demo(self._desk.deck))
        else:
            side.hands.leave()
            self._desk.view.focus_pane(False)

    # --- the command at hand --------------------------------------------------------------------

    @_never_raises
    def start_editing(self) -> None:
        """The command that stands typed can be changed, if it is one that would run live."""
        at_hand = self._desk.step_at_hand()
        if at_hand is None or at_hand[1].activity is not Activity.TYPED:
            return
        demo, lane = at_hand
        if self._desk.runtime.rung(demo, lane.step) == "live" and demo.snippet is None:
            told = demo.steps[lane.step]
            if told.gives_data:  # the yes was to this one
                return
            text = lane.text or told.run or told.command
            self._edit(Line(text, len(text)))

    @_never_raises
    def edit_key(self, key: str, character: str | None) -> None:
        """A key while a command is edited: Enter takes it, Escape leaves it as it was."""
        line = self.editing
        if line is None:
            return
        if key in ("enter", "escape", "ctrl+right_square_bracket"):
            self.editing = None
            if key == "enter" and line.text.strip():
                self._desk.dispatch(Edit(line.text))
            else:
                self._show_typed()
        else:
            self._edit(press(line, key, character))

    def _edit(self, line: Line) -> None:
        self.editing = line
        source = self._typed_source()
        if source is not None:
            source.begin()
            source.output(drawn(line))

    def _show_typed(self) -> None:
        """The command that stands typed is shown as the talk has it."""
        source = self._typed_source()
        if source is not None:
            session = self._desk.session
            source.command = session.lanes[session.active].text or source.command
            source.type_rest()

    def _typed_source(self) -> Showing | None:
        """A new source for the step whose command stands typed; None where none does."""
        session = self._desk.session
        lane = session.lanes.get(session.active, Lane())
        if lane.activity is not Activity.TYPED:
            return None
        source = self._effects.prepare(session.active, lane.step)
        return source if isinstance(source, Showing) else None


def keys_place(keyboard: Keyboard) -> str:
    """Which pane or command has the keys: one that was meant for another is for nobody."""
    desk = keyboard._desk
    at_hand = desk.step_at_hand() if keyboard.editing is not None else None
    return one_line(f"{desk.view.pane.lane} {at_hand[1].step if at_hand is not None else ''}")


def _any_demo(deck: Deck) -> Demo:
    """A demo for a shell, on a slide that has none."""
    found = (d for d in deck.all_demos() if d.kind is DemoKind.SHELL and not d.session)
    place = Place(str(deck.path), 1)
    return next(found, Demo("", DemoKind.SHELL, place, (Step("", place),)))
