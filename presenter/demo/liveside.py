"""The live side of a talk: makes live showings, and looks at the world ahead of those who need it.

The talk's rules ask it how a step would begin; no view does.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from presenter.deck.deck import Deck
from presenter.deck.model import Demo, DemoKind
from presenter.demo.asked import plan_of, reader_of, why_unfit
from presenter.demo.asking import Senders
from presenter.demo.clock import MonotonicClock
from presenter.demo.conditions import Conditions
from presenter.demo.execution import Executions, shell_line
from presenter.demo.hands import Hands
from presenter.demo.hub import Hub
from presenter.demo.livesource import LiveSource, Plan
from presenter.demo.namedfiles import NamedFiles
from presenter.demo.pins import chooses_context
from presenter.demo.readiness import Readiness
from presenter.demo.shells import Shells
from presenter.demo.supply import Supply
from presenter.errors import PresenterError
from presenter.live.shell import ShellError
from presenter.talk import events as e
from presenter.talk.commands import Command, Provided
from presenter.talk.condition import CURRENT_CLUSTER
from presenter.talk.fallback import Bar, Mode
from presenter.talk.session import Activity, Lane, Session

WATCH_SECONDS = 1.0
"""How often what a running step needs is looked at."""


class LiveSide:
    """One for each talk, also for one that runs nothing."""

    def __init__(
        self,
        deck: Deck,
        ready: Readiness,
        shells: Shells,
        executions: Executions,
        conditions: Conditions,
        hands: Hands,
        senders: Mapping[DemoKind, Senders],
        on_failure: Callable[[Exception], None],
    ) -> None:
        self.deck = deck
        self.ready = ready
        self.shells = shells
        self.executions = executions
        self.conditions = conditions
        self.hands = hands
        self.senders = senders
        self.at_hand: LiveSource | None = None
        """The live showing at hand, or the last one."""
        self._beside: dict[tuple[str, int], LiveSource] = {}
        self._on_failure = on_failure
        self._dispatch: Callable[[Command], None] = lambda _command: None
        self._session = Session()
        self.files = NamedFiles(ready.trusted)
        self._recorded: dict[str, str] = {}
        """What the demos exported that were shown from a recording."""
        self._folders: list[Path] = []
        self._watch: asyncio.Task[None] | None = None
        self._warm: set[asyncio.Task[None]] = set()
        conditions.on_change = self._conditions_changed
        conditions.on_look = self._lift_taints

    def connect(self, supply: Supply, dispatch: Callable[[Command], None]) -> None:
        """What is below live, and where decisions go."""
        self.ready.supply = supply
        self._dispatch = dispatch

    def use(self, deck: Deck) -> None:
        """Another version of the deck."""
        self.deck = deck
        self.ready.use(deck)
        trusted = self.ready.trusted
        needs = deck.meta.needs.items() if trusted is not None else ()
        # Only what the yes was to is looked at, whatever the deck says by now.
        self.conditions.use(
            {n: one for n, one in needs if trusted and trusted.covers_value("condition", n, one)}
        )

    # --- showings -----------------------------------------------------------------------------

    def showing(
        self, hub: Hub, demo: Demo, step: int, column: Callable[[], int], text: str
    ) -> LiveSource:
        """A live showing; `text` is the command as the speaker has changed it, or empty.

        Its time is the world's own, at whatever pace recordings are played.
        """
        names = self.ready.needs(demo, step)
        plan = Plan(
            execution=self.executions.of(demo, step),
            line=lambda: text or self._line(demo, step),
            may_run=lambda: self._last_look(demo, step),
            policy=self.ready.policy(demo, step),
            link=lambda: self.ready.link(names),
            dispatch=self._dispatch,
            on_failure=self._on_failure,
            edited=bool(text),
            reads=reader_of(demo.steps[step]),
            size=(self.deck.meta.grid.columns, self.deck.meta.grid.rows),
        )
        source = LiveSource(hub, MonotonicClock(), demo, step, column, plan)
        self.at_hand = source
        if demo.background:
            self._beside[demo.name, step] = source
        return source

    def running_beside(self, demo: Demo) -> LiveSource | None:
        """The showing whose process runs on in the background for the demo."""
        running = [one for one in self.shells.beside if one.demo == demo.name and not one.ended]
        return self._beside.get((demo.name, running[-1].step)) if running else None

    def _line(self, demo: Demo, step: int) -> str:
        if demo.snippet is not None:
            return shell_line(demo.snippet, self._folders.append)
        told = demo.steps[step]
        if told.gives_data:
            return plan_of(told, step, self.variables(), _kubeconfig(self.shells, demo))
        return told.run or told.command

    async def _last_look(self, demo: Demo, step: int) -> Bar | None:
        """What keeps a step from running at the last moment: a changed file, another cluster."""
        trusted = self.ready.trusted
        if trusted is None:
            return Bar.UNTRUSTED
        told = demo.steps[step]
        if told.gives_data and (unfit := why_unfit(told, self.variables())):
            self._on_failure(PresenterError(f"{told.place}: {unfit}"))
            return Bar.CONDITION
        names, post = self.ready.needs(demo, step), self.shells.at_hand(demo)
        named = _kubeconfig(self.shells, demo)
        changed, trouble = await asyncio.gather(
            self.files.changed(self.deck),
            self.conditions.trouble(
                [name for name in names if name != CURRENT_CLUSTER]
                if self.ready.mode is Mode.LIVE
                else names,
                named,
                post.shell.cwd if post is not None else None,
            ),
        )
        if trouble:
            self._on_failure(PresenterError(f"{demo.name}: {trouble}"))
            self.conditions.look(names)
        if changed:
            self._on_failure(PresenterError(f"changed since it was trusted: {', '.join(changed)}"))
            return Bar.UNTRUSTED
        return Bar.CONDITION if trouble else None

    def warm(self, demo: Demo, step: int) -> None:
        """The step's command is being typed: its shell is started, what it needs is looked at."""
        if self.ready.nothing:
            return
        self.conditions.look(self.ready.needs(demo, step))
        if not demo.background and self.ready.begin(self._session, demo, step).rung == "live":
            self._begin(self._warm_up(demo))

    async def _warm_up(self, demo: Demo) -> None:
        try:
            await self.executions.warm(demo)
        except (ShellError, OSError):
            return  # said when the step runs

    # --- the world ----------------------------------------------------------------------------

    def opened(self) -> None:
        """The talk is on the stage: what its first slide needs is looked at."""
        if not self.ready.nothing:
            self.conditions.attend(self.names())

    def on_events(self, session: Session, stamped: Sequence[e.Stamped]) -> None:
        """Looks at what the steps on this slide and the next one need, when that changes."""
        self._session = session
        if self.ready.nothing:
            return
        moves = e.SessionResumed | e.Moved | e.DeckReloaded | e.StepFinished | e.LiveWished
        for one in stamped:
            if isinstance(one.event, e.StepFinished):
                self._take_over(one.event)
        lane = session.lanes.get(session.active, Lane())
        self.conditions.hold(lane.activity in (Activity.PLAYING, Activity.ASKED))
        if any(isinstance(one.event, moves) for one in stamped):
            self.conditions.attend(self.names())
        live = lane.activity is Activity.PLAYING and lane.rung == "live"
        if live and self._watch is None:
            self._watch = asyncio.get_running_loop().create_task(self._keep_looking())
        elif not live and self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _take_over(self, shown: e.StepFinished) -> None:
        """What a recorded demo exported stands in for what a live one would have.

        What a live one has made, or chosen, is not what it was.
        """
        supply, slide = self.ready.supply, self._session.position.slide
        if supply is None or slide >= len(self.deck):
            return
        for demo in self.deck.demos(slide):
            if demo.name != shown.demo:
                continue
            if shown.rung == "live":
                self.files.left(self.deck)
                told = demo.steps[shown.step]
                chosen = chooses_context(told.run or told.command)
                self.conditions.happened(shown.provides, chosen=chosen)
            elif shown.rung == "recording" and demo.exports:
                found = supply.material(demo, shown.step).exports
                self._recorded |= {name: found[name] for name in demo.exports if name in found}

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._warm.add(task)
        task.add_done_callback(self._warm.discard)

    def names(self) -> list[str]:
        """The conditions of this slide's steps and the next one's, and what taints wait for."""
        slide = self._session.position.slide
        steps = self._steps(slide, slide + 1)
        names = [name for demo, step in steps for name in self.ready.needs(demo, step)]
        for taint in self._session.taints.values():
            names += taint.awaited
        return list(dict.fromkeys(names))

    def _steps(self, *slides: int) -> Iterator[tuple[Demo, int]]:
        for slide in slides:
            if slide < len(self.deck):
                for demo in self.deck.demos(slide):
                    yield from ((demo, step) for step in range(len(demo.steps)))

    async def _keep_looking(self) -> None:
        source = self.at_hand
        while source is not None and not source.ended:
            self.conditions.look(self.ready.needs(source.demo, source.step))
            await asyncio.sleep(WATCH_SECONDS)

    def _conditions_changed(self) -> None:
        if self.at_hand is not None:
            self.at_hand.poke()

    def _lift_taints(self) -> None:
        awaited = frozenset(n for t in self._session.taints.values() for n in t.awaited)
        if awaited & self.conditions.holding():
            self._dispatch(Provided(awaited & self.conditions.holding()))

    def variables(self) -> Mapping[str, str]:
        """What `{{NAME}}` stands for: the deck's own variables, and what steps have exported."""
        told, trusted = self.deck.meta.extra.get("vars"), self.ready.trusted
        own = {
            str(name): str(value)
            for name, value in (told.items() if isinstance(told, Mapping) else ())
            if trusted is not None and trusted.covers_value("variable", str(name), value)
        }
        asked = {
            name: value for one in self.senders.values() for name, value in one.exports.items()
        }
        return {**own, **self._recorded, **self.executions.variables(), **asked}

    def close(self) -> None:
        """End everything that runs; bounded, never raises."""
        for task in (self._watch, *self._warm):
            if task is not None:
                task.cancel()
        ends: tuple[Callable[[], object], ...] = (
            partial(self.hands.leave, put_back=False),
            self.conditions.close,
            *(one.close for one in self.senders.values()),
            self.shells.close,
        )
        for end in ends:
            try:
                end()
            except Exception as error:  # noqa: BLE001 — what comes after it is ended all the same
                self._on_failure(error)
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)


def _kubeconfig(shells: Shells, demo: Demo) -> str:
    """The variable of the session's shell, empty where it has none."""
    post = shells.at_hand(demo)
    return post.shell.exported.get("KUBECONFIG", "") if post is not None else ""
