"""Whether a step may and can be live: what the ladder's decision before its first rung rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from presenter.deck.deck import Deck
from presenter.deck.model import Demo, DemoKind
from presenter.deck.trust import Fingerprint
from presenter.demo.conditions import Conditions
from presenter.demo.supply import Supply
from presenter.talk.condition import needs_of
from presenter.talk.fallback import (
    Bar,
    Begin,
    Fault,
    Health,
    Lane,
    Mode,
    Policy,
    Wish,
    deadline,
    decide,
)
from presenter.talk.session import Session
from presenter.talk.taint import Taint


def can_run(demo: Demo, step: int, os_name: str) -> bool:
    """Whether the step is one that runs or asks, on a machine with the system `os_name`."""
    told = demo.steps[step]
    runs = bool(told.run or told.command or demo.snippet)
    return (
        (demo.kind is DemoKind.SHELL or demo.kind.gives_data) and runs and demo.os in ("", os_name)
    )


class Readiness:
    """Of the steps of one deck."""

    def __init__(
        self,
        deck: Deck,
        mode: Mode,
        trusted: Fingerprint | None,
        conditions: Conditions,
        busy: Callable[[Demo], bool],
    ) -> None:
        """`trusted`: what the user has said yes to; `busy`: whether a demo's shell is."""
        self.mode = mode
        self.trusted = trusted
        self.supply: Supply | None = None
        """What is below live; without it, anything might be."""
        self._deck = deck
        self._conditions = conditions
        self._busy = busy
        self._covered: dict[int, tuple[Demo, list[bool]]] = {}

    def use(self, deck: Deck) -> None:
        """Another version of the deck: of what it runs, only what was trusted may."""
        self._deck = deck
        self._covered.clear()

    @property
    def nothing(self) -> bool:
        """Whether no step can be live: the deck is not trusted, or the speaker wants recordings."""
        return self.trusted is None or self.mode is Mode.RECORDED

    def begin(self, session: Session, demo: Demo, step: int) -> Begin:
        """How a step would begin now; never raises."""
        names = self.needs(demo, step)
        health = Health(
            fault=self.link(names),
            conditions=self._conditions.truth(names),
            tainted=bool(session.taints.get(demo.session, Taint())),
            busy=self._waits_for_a_shell(demo) and self._busy(demo),
        )
        wish = Wish.REPLAY if session.forced else Wish.NONE
        begun = decide(Lane(), health, self.policy(demo, step, wish))
        return begun if isinstance(begun, Begin) else Begin("card", Bar.SOURCE)

    def _waits_for_a_shell(self, demo: Demo) -> bool:
        return demo.kind is DemoKind.SHELL and not demo.background and not self.nothing

    def policy(self, demo: Demo, step: int, wish: Wish = Wish.NONE) -> Policy:
        """What the talk and the deck say of a step."""
        told = demo.steps[step]
        ends = not told.endless
        live = told.live if can_run(demo, step, self._deck.os_name) else "never"
        policy = Policy(
            mode=self.mode,
            # What never runs is not among what is said yes to.
            trusted=self.trusted is not None if live == "never" else self._may_run(demo, step),
            live=live,
            on_fail=told.on_fail,
            deadline=deadline(told.timeout, None) if ends else told.timeout,
            wish=wish,
        )
        if self.supply is None:
            return policy
        material = self.supply.material(demo, step)
        captured = material.source == "captured" and not material.stale
        if captured and not demo.background and ends:
            limit = deadline(told.timeout, material.seconds)
            policy = replace(policy, deadline=limit)
        policy = replace(policy, available=self.supply.available(demo, step))
        if told.gives_data and not policy.available.recording and not policy.on_fail:
            return replace(policy, stays=True)  # an answer is more than a card
        return policy

    def needs(self, demo: Demo, step: int) -> tuple[str, ...]:
        """The conditions of a step."""
        return needs_of(demo, demo.steps[step])

    def link(self, names: tuple[str, ...]) -> Fault | None:
        """What was found to be wrong with these; with `--live`, nothing keeps a step from it."""
        return None if self.mode is Mode.LIVE else self._conditions.fault(names)

    def _may_run(self, demo: Demo, step: int) -> bool:
        """Whether the yes to the deck covers the step."""
        if self.trusted is None:
            return False
        if id(demo) not in self._covered:  # the demo is kept, so that its id stays its own
            covered = [self.trusted.covers(demo, each) for each in demo.steps]
            self._covered[id(demo)] = demo, covered
        return self._covered[id(demo)][1][step]
