"""The live side of a talk: what may run, where it runs, and what is known of the world.

It answers how a step would begin (`begin`), makes live showings (`showing`), looks at conditions
ahead of the steps that need them, and tells the speaker how things stand. The talk's rules ask it;
no view does.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from presenter.deck.deck import Deck
from presenter.deck.model import Demo, DemoKind, Place, Step
from presenter.deck.trust import Fingerprint, changed_files
from presenter.demo.clock import Clock
from presenter.demo.conditions import Conditions, Known
from presenter.demo.execution import execution, shell_line
from presenter.demo.hands import Hands
from presenter.demo.hub import Hub
from presenter.demo.livesource import LiveSource
from presenter.demo.shells import Shells
from presenter.demo.supply import Supply
from presenter.live.shell import ShellError
from presenter.talk import events as e
from presenter.talk.commands import Command, Provided
from presenter.talk.condition import needs_of
from presenter.talk.fallback import (
    Bar,
    Begin,
    Health,
    Lane,
    Mode,
    Policy,
    Wish,
    deadline,
    decide,
)
from presenter.talk.session import Activity, Session
from presenter.talk.taint import Taint

WATCH_SECONDS = 1.0
"""How often what a running step needs is looked at."""

_PLACE = Place("", 1)
_NO_DEMO = Demo("", DemoKind.SHELL, _PLACE, (Step("", _PLACE),))


class LiveSide:
    """One for each talk, also for one that runs nothing."""

    def __init__(
        self,
        deck: Deck,
        mode: Mode,
        trusted: Fingerprint | None,
        shells: Shells,
        conditions: Conditions,
        hands: Hands,
        on_failure: Callable[[Exception], None],
    ) -> None:
        """`trusted`: what the user has said yes to; None: nothing of the deck may run."""
        self.deck = deck
        self.mode = mode
        self.shells = shells
        self.conditions = conditions
        self._trusted = trusted
        self._on_failure = on_failure
        self.hands: Hands = hands
        self._supply: Supply | None = None
        self._beside: dict[str, LiveSource] = {}
        self._dispatch: Callable[[Command], None] = lambda _command: None
        self._session = Session()
        self._at_hand: LiveSource | None = None
        self._covered: dict[tuple[int, int], bool] = {}
        self._folders: list[Path] = []
        self._watch: asyncio.Task[None] | None = None
        self._warm: set[asyncio.Task[None]] = set()
        conditions.on_change = self._conditions_changed

    def connect(self, supply: Supply, dispatch: Callable[[Command], None]) -> None:
        """What is below live, and where decisions go."""
        self._supply = supply
        self._dispatch = dispatch

    def use(self, deck: Deck) -> None:
        """Another version of the deck: of what it runs, only what was trusted may."""
        self.deck = deck
        self._covered.clear()
        self.conditions.use(deck.meta.needs)

    @property
    def runs_nothing(self) -> bool:
        """Whether no step can be live: the deck is not trusted, or the speaker wants recordings."""
        return self._trusted is None or self.mode is Mode.RECORDED

    # --- the ladder ---------------------------------------------------------------------------

    def begin(self, session: Session, demo: Demo, step: int) -> Begin:
        """How a step would begin now; never raises."""
        names = self._needs(demo, step)
        health = Health(
            fault=self.conditions.fault(names) if self.mode is not Mode.LIVE else None,
            conditions=self.conditions.truth(names),
            tainted=bool(session.taints.get(demo.session, Taint())),
            busy=not demo.background and not self.runs_nothing and self.shells.busy(demo),
        )
        wish = Wish.REPLAY if session.forced else Wish.NONE
        begun = decide(Lane(), health, self._policy(demo, step, wish))
        return begun if isinstance(begun, Begin) else Begin("card", Bar.SOURCE)

    def _policy(self, demo: Demo, step: int, wish: Wish) -> Policy:
        told, supply = demo.steps[step], self._supply
        policy = Policy(
            mode=self.mode,
            trusted=self._may_run(demo, step),
            live=told.live if self._can_run(demo, step) else "never",
            on_fail=told.on_fail,
            wish=wish,
        )
        if supply is None:
            return policy
        limit = None
        if not demo.background:
            material = supply.material(demo, step)
            captured = material.seconds if material.source == "captured" else None
            limit = deadline(told.timeout, captured)
        return replace(policy, available=supply.available(demo, step), deadline=limit)

    def _can_run(self, demo: Demo, step: int) -> bool:
        """Whether the step is one for a shell, on this machine's system."""
        told = demo.steps[step]
        runs = bool(told.run or told.command or demo.snippet)
        return demo.kind is DemoKind.SHELL and runs and demo.os in ("", self.deck.os_name)

    def _may_run(self, demo: Demo, step: int) -> bool:
        key = id(demo), step
        if key not in self._covered:
            trusted = self._trusted
            self._covered[key] = trusted is not None and trusted.covers(demo, demo.steps[step])
        return self._covered[key]

    def _needs(self, demo: Demo, step: int) -> tuple[str, ...]:
        return needs_of(demo, demo.steps[step])

    # --- showings -----------------------------------------------------------------------------

    def showing(
        self, hub: Hub, clock: Clock, demo: Demo, step: int, column: Callable[[], int], text: str
    ) -> LiveSource:
        """A live showing; `text` is the command as the speaker has changed it, or empty."""
        names = self._needs(demo, step)
        source = LiveSource(
            hub,
            clock,
            demo,
            step,
            column,
            execution=execution(self.shells, demo),
            command=lambda: text or self._line(demo, step),
            may_run=lambda: self._last_look(demo, step),
            policy=self._policy(demo, step, Wish.NONE),
            link=lambda: self.conditions.fault(names) if self.mode is not Mode.LIVE else None,
            dispatch=self._dispatch,
            on_failure=self._on_failure,
        )
        self._at_hand = source
        if demo.background:
            self._beside[demo.name] = source
        return source

    def running_beside(self, demo: Demo) -> LiveSource | None:
        """The showing whose process runs on in the background for the demo."""
        running = [one for one in self.shells.background if one.demo == demo.name]
        return self._beside.get(demo.name) if running and not running[0].ended else None

    def any_demo(self) -> Demo:
        """A demo for a shell where the slide at hand has none."""
        found = (d for d in self.deck.all_demos() if d.kind is DemoKind.SHELL and not d.session)
        return next(found, _NO_DEMO)

    def _line(self, demo: Demo, step: int) -> str:
        if demo.snippet is not None:
            return shell_line(demo.snippet, self._folders.append)
        told = demo.steps[step]
        return told.run or told.command

    async def _last_look(self, demo: Demo, step: int) -> Bar | None:
        """What keeps a step from running at the last moment: a file that has changed."""
        if self._trusted is None:
            return Bar.UNTRUSTED
        changed = await asyncio.to_thread(changed_files, self._trusted, self.deck)
        if changed:
            self._on_failure(ShellError(f"changed since it was trusted: {', '.join(changed)}"))
            return Bar.UNTRUSTED
        return None

    def warm(self, demo: Demo, step: int) -> None:
        """The step's command is being typed: its shell is started, what it needs is looked at."""
        if self.runs_nothing:
            return
        self.conditions.look(self._needs(demo, step))
        if not demo.background and self.begin(self._session, demo, step).rung == "live":
            task = asyncio.get_running_loop().create_task(self._start_shell(demo))
            self._warm.add(task)
            task.add_done_callback(self._warm.discard)

    async def _start_shell(self, demo: Demo) -> None:
        try:
            await self.shells.post(demo)
        except (ShellError, OSError):
            return  # said when the step runs

    # --- the world ----------------------------------------------------------------------------

    def on_events(self, session: Session, stamped: Sequence[e.Stamped]) -> None:
        """Looks at what the steps on this slide and the next one need, when that changes."""
        self._session = session
        if self.runs_nothing:
            return
        for one in stamped:
            match one.event:
                case e.SessionStarted() | e.SessionResumed() | e.Moved() | e.DeckReloaded():
                    self._look_around()
                case e.StepStarted() | e.StepFinished() | e.LiveWished():
                    self._look_around()
        playing = session.active and session.lanes[session.active].activity is Activity.PLAYING
        live = playing and session.lanes[session.active].rung == "live"
        if live and self._watch is None:
            self._watch = asyncio.get_running_loop().create_task(self._keep_looking())
        elif not live and self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if not session.active:
            self._at_hand = None

    def _look_around(self) -> None:
        self.conditions.look(self._names())

    def opened(self) -> None:
        """The talk is on the stage: what its first slide needs is looked at."""
        if not self.runs_nothing:
            self._look_around()

    def _names(self) -> list[str]:
        """The conditions of this slide's steps and the next one's, and what taints wait for."""
        slide = self._session.position.slide
        names = [
            name for demo, step in self._steps(slide, slide + 1) for name in self._needs(demo, step)
        ]
        for taint in self._session.taints.values():
            names += taint.awaited
        return list(dict.fromkeys(names))

    def _steps(self, *slides: int) -> Iterator[tuple[Demo, int]]:
        for slide in slides:
            if slide < len(self.deck):
                for demo in self.deck.demos(slide):
                    yield from ((demo, step) for step in range(len(demo.steps)))

    async def _keep_looking(self) -> None:
        source = self._at_hand
        while source is not None and not source.ended:
            self.conditions.look(self._needs(source.demo, source.step))
            await asyncio.sleep(WATCH_SECONDS)

    def _conditions_changed(self) -> None:
        if self._at_hand is not None:
            self._at_hand.poke()
        awaited = frozenset(n for t in self._session.taints.values() for n in t.awaited)
        if awaited & self.conditions.holding():
            self._dispatch(Provided(awaited & self.conditions.holding()))

    def variables(self) -> Mapping[str, str]:
        """What `{{NAME}}` stands for: the deck's own variables, and what steps have exported."""
        told = self.deck.meta.extra.get("vars")
        own = {str(k): str(v) for k, v in told.items()} if isinstance(told, Mapping) else {}
        return own | self.shells.variables()

    def close(self) -> None:
        """End everything that runs; bounded, never raises."""
        for task in (self._watch, *self._warm):
            if task is not None:
                task.cancel()
        self.conditions.close()
        self.shells.close()
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)

    # --- for the speaker ------------------------------------------------------------------------

    def facts(self) -> list[Known]:
        """The conditions of the steps on this slide and the next one, as they stand."""
        return [] if self.runs_nothing else self.conditions.known(self._names())

    def countdown(self) -> float | None:
        """Seconds until the deadline of the live step; None where none runs."""
        return self._at_hand.countdown() if self._at_hand is not None else None

    def mode_words(self) -> str:
        """How the talk is given, in words."""
        if self.mode is Mode.RECORDED:
            return "recorded"
        if self._trusted is None:
            return "not trusted: recordings"
        if self._session.forced:
            return "recordings, by your key"
        return "live, whatever is known" if self.mode is Mode.LIVE else "live where it can be"

    def tainted(self, demo: Demo) -> str:
        """Why later steps of the demo's session stay recorded; empty where they do not."""
        taint = self._session.taints.get(demo.session, Taint())
        if not taint or self.runs_nothing:
            return ""
        first = taint.unmade[0]
        what = f"{first.demo} {first.step + 1}" if first.step >= 0 else "what ran before the break"
        waits = ", ".join(sorted(taint.awaited))
        return f"{what} did not really happen" + (f"; {waits} would show it" if waits else "")
