"""The talk's screen: the stage, the private panel, and the way from a key to a command.

A key's binding says which action it stands for; the action dispatches a command to the runtime;
what comes of it is drawn. While the pane has the focus, every key but one goes to the pane. All
this is done before the next key is looked at: Textual's own bindings are found later, when the key
has come up to the application, and a fast hand's next key would be judged by what stood before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from textual import events

from presenter.demo.autoplay import Autoplay
from presenter.demo.desk import Desk
from presenter.demo.seat import Mouse
from presenter.layout.theme import next_theme
from presenter.talk import commands
from presenter.terminal.keys import MouseKind
from presenter.ui.bindings import PLAYER_KEYS, bound
from presenter.ui.drawing import DeskScreen
from presenter.ui.overlays import OVERLAYS
from presenter.ui.planning import Planning
from presenter.ui.stage import Stage
from presenter.ui.stagelink import PAGE_ROWS, StageLink

COMMANDS: dict[str, Callable[[], commands.Command]] = {
    "next": commands.Next,
    "previous": commands.Previous,
    "next_slide": commands.NextSlide,
    "previous_slide": commands.PreviousSlide,
    "first": lambda: commands.GoTo(0),
    "last": commands.Last,
    "back": commands.Back,
    "skip": commands.Skip,
    "skip_demo": commands.SkipDemo,
    "take_question": lambda: commands.TakeQuestion(None),
    "replay": commands.Replay,
    "black": commands.Black,
    "freeze": commands.Freeze,
    "force": commands.Force,
    "keep": commands.Keep,
    "live_again": commands.LiveAgain,
    "scratch": commands.Scratch,
    "reset_timer": commands.ResetTimer,
}

WATCH_SECONDS = 1.0
"""How often the deck's files are asked whether they have changed: a `stat` each."""
QUESTIONS_HERE = "questions open on the speaker's own screen: press Q there"
PROBLEM_SECONDS = 60.0
"""How long what is wrong with a deck is shown, unless it is mended before."""


class TalkScreen(DeskScreen, inherit_bindings=False):
    """Shows a desk's frames and sends it the speaker's keys."""

    def __init__(
        self,
        desk: Desk,
        keys: Mapping[str, str],
        *,
        watch: bool = False,
        auto: Autoplay | None = None,
    ) -> None:
        """`keys`: binding id → keys, where the speaker has changed them.

        `watch`: take a changed deck at once, and show the slide that has changed. `auto` presses
        the key.
        """
        super().__init__(desk)
        self._watch = watch
        self.keys = keys
        self._bound = bound(keys)
        self._controls = bound(keys, PLAYER_KEYS)
        self._number = ""
        self._link = StageLink(self, COMMANDS, self._bound, self.on_key)
        self._planning = Planning(self, self._link, auto)
        self._pressed = 0.0
        """When the key at hand was pressed, by the clock of events."""

    def on_mount(self) -> None:
        self.desk.on_change = self.draw_soon
        self.desk.view.depth = self.app.depth  # type: ignore[attr-defined]
        self.app.dress(self.desk.view.theme)  # type: ignore[attr-defined]
        self.query_one("#stage", Stage).focus()
        self.desk.opened()
        self.set_interval(WATCH_SECONDS, self._each_second)
        self.run_worker(self._link.listen(), group="link", exit_on_error=False)
        self._planning.begin()

    def on_unmount(self) -> None:
        self._link.close()

    def _each_second(self) -> None:
        self.desk.look_after_sleep()
        if self._planning.look() or self.private_shown:
            self.draw_soon()
        if self.desk.changed_on_disk() and self._watch:
            self.action_reload()

    # --- keys ---------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """Keys of the pane, of a typed command, of a number; else those of the bindings."""
        self._pressed = event.time
        event.stop()
        event.prevent_default()
        binding = self._bound.get(event.key)
        # The one binding whose keys the pane does not get.
        way_back = "scratch.toggle" if self.desk.session.scratch else "pane.leave"
        if self.desk.keyboard.editing is not None:
            self.desk.keyboard.edit_key(event.key, event.character)
            self.draw()
        elif self._pane_has_keys and (binding is None or binding.id != way_back):
            control = self._controls.get(event.key)
            self.desk.keyboard.key(event.key, event.character, control.action if control else "")
            self.draw_soon()
        elif event.is_printable and self.desk.typing_by_keys(complete=event.key != "space"):
            self.desk.dispatch(commands.TypeKey())
            self.draw()
        elif event.character is not None and event.character.isdecimal():
            self._number = (self._number + event.character)[-5:]
        else:
            if binding is None or binding.id != "nav.last":
                self._number = ""
            if binding is not None:
                await self.run_action(binding.action)

    def on_paste(self, event: events.Paste) -> None:
        """Text pasted into the terminal: for the pane that has the keys, else for nobody."""
        event.stop()
        self.desk.keyboard.paste(event.text)

    @property
    def _pane_has_keys(self) -> bool:
        return self.desk.view.pane_focused or self.desk.session.scratch

    def keys_of(self, binding: str) -> list[str]:
        """The keys that are bound to a binding now."""
        return [name for name, key in self._bound.items() if key.id == binding]

    def action_send(self, name: str) -> None:
        """Dispatch the command of that name; `last` after a number means that slide."""
        unseen = self.desk.view.unseen_text() if name == "next" else 0
        if unseen:
            self.action_scroll("text", min(unseen, PAGE_ROWS))
            return
        command = COMMANDS[name]()
        if isinstance(command, commands.Next | commands.Replay) and self._pressed < self._shown[1]:
            # It was meant for what stood before: it may type and move, not run.
            command = replace(command, queued=True)
        if name == "last" and self._number:
            command = commands.GoTo(int(self._number) - 1)
        self._number = ""
        self.desk.dispatch(command)
        self.draw()

    def action_scroll(self, what: str, rows: int) -> None:
        self.desk.view.scroll(what, rows)
        self.draw()

    def action_pane(self, focused: bool) -> None:
        self.desk.keyboard.focus(focused)
        self.draw()

    def action_edit(self) -> None:
        self.desk.keyboard.start_editing()
        self.draw()

    def action_keep_take(self) -> None:
        """What the demo in view ran live becomes its recording."""
        self.run_worker(self.desk.keep_take(), group="take", exit_on_error=False)

    def action_cancel(self) -> None:
        """One Ctrl-C for the live step at hand; without one, the question whether to quit."""
        before = self.desk.session.sequence
        self.desk.dispatch(commands.Interrupt())
        if self.desk.session.sequence == before:  # there is nothing that takes one
            self.action_open("quit")
        self.draw()

    def action_next_theme(self) -> None:
        self.desk.dispatch(commands.SetTheme(next_theme(self.desk.view.theme.name)))
        self.app.dress(self.desk.view.theme)  # type: ignore[attr-defined]
        self.draw()

    def action_reload(self) -> None:
        """Read the deck anew, away from the keys; the old one stays while the new one is wrong."""

        async def reload() -> None:
            await self.desk.reload(jump=self._watch)
            self.draw()
            self.app.clear_notifications()
            if self.desk.problem:
                self.notify(
                    self.desk.problem, severity="error", timeout=PROBLEM_SECONDS, markup=False
                )

        self.run_worker(reload(), group="reload", exclusive=True, exit_on_error=False)

    def action_open(self, name: str) -> None:
        """Open one of the screens over the stage."""
        if name == "question" and self._link.screens and not self.private_shown:
            self.desk.reports.note(QUESTIONS_HERE)  # not where the audience would see that
            self.draw_soon()
            return
        screen, done = OVERLAYS[name](self)

        def answered(answer: object) -> None:
            done(answer)
            if self.desk.session.ended:
                self.app.exit(0)
            self.draw()

        self.app.push_screen(screen, answered)

    # --- mouse --------------------------------------------------------------------------------

    def on_stage_moused(self, event: Stage.Moused) -> None:
        if event.stage.id != "panel":
            self.desk.keyboard.mouse(event.told)

    def on_stage_clicked(self, event: Stage.Clicked) -> None:
        within = self.desk.view.in_pane(event.x, event.y)
        if event.stage.id != "panel" and within != self._pane_has_keys:
            self.desk.keyboard.focus(within)
            self.draw()

    def on_stage_wheeled(self, event: Stage.Wheeled) -> None:
        kind: MouseKind = "wheel_up" if event.rows < 0 else "wheel_down"
        if event.stage.id == "panel":
            what = "notes"
        elif self.desk.keyboard.mouse(Mouse(kind, event.x, event.y)):
            return
        else:
            what = "pane" if self.desk.view.in_pane(event.x, event.y) else "text"
        self.action_scroll(what, event.rows)
