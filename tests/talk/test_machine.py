"""Any sequence of commands leaves a talk that can go on, and a journal that tells it."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from presenter.deck.model import Typing
from presenter.talk import commands as c
from presenter.talk import events as e
from presenter.talk.decide import begin, decide
from presenter.talk.evolve import evolve
from presenter.talk.journal import decode_lines, encode, fold
from presenter.talk.session import Activity, Session
from presenter.talk.stops import whole
from tests.talk.script import Pages, demo, page, sample, step

SPEAKER = [
    c.Next(),
    c.Next(),
    c.Next(),
    c.Next(queued=True),
    c.Previous(),
    c.NextSlide(),
    c.PreviousSlide(),
    c.GoTo("pods"),
    c.GoTo("nowhere"),
    c.GoTo(3),
    c.Last(),
    c.Back(),
    c.Skip(),
    c.SkipDemo(),
    c.Drop("optional", ("reveals", "pods", "end")),
    c.Drop("20m", ("bare",)),
    c.TakeQuestion(None),
    c.NoteQuestion("why?", "tag"),
    c.MarkAsked("why?", "because"),
    c.Tell(e.PlanMade(("title", "pods"), ("T", "P"), (0.0, 9.0), 20.0, (5.0,))),
    c.Tell(e.TalkDescribed("T", ("A",))),
    c.Replay(),
    c.TypeKey(),
    c.Black(),
    c.Freeze(),
    c.SetTheme("light"),
    c.ResetTimer(),
]
MAY_START = (c.Next, c.Skip, c.SkipDemo, c.Replay)
OTHER = Pages(
    (
        page("pods", "0", demo("shell", step("one", typing=Typing.KEYS))),
        page("end", "r"),
    )
)


class TalkMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.script = sample()
        self.session = Session()
        self.lines: list[str] = []
        started = e.SessionStarted("/talk.md", "h", "2026-05-04T09:00:00+02:00", "1")
        self.fold(begin(self.script, started))

    def fold(self, events: list[e.Event]) -> None:
        for event in events:
            number = self.session.sequence + 1
            stamped = e.Stamped(number, number * 0.1, "2026-05-04T09:00:00+02:00", event)
            self.lines.append(encode(stamped))
            self.session = evolve(self.session, stamped)

    def do(self, command: c.Command) -> None:
        before = self.session
        events = decide(before, command, self.script)
        if any(isinstance(event, e.StepStarted) for event in events):
            assert isinstance(command, MAY_START)
            assert command != c.Next(queued=True)
            assert not before.waiting or isinstance(command, c.Skip | c.SkipDemo | c.Replay)
        if before.black and isinstance(command, MAY_START):
            assert events == [e.BlackSet(on=False)]
        self.fold(events)

    @rule(command=st.sampled_from(SPEAKER))
    def press(self, command: c.Command) -> None:
        self.do(command)

    @rule(command=st.sampled_from([c.Typed(), c.Finished(0, 1.0), c.Fell("card"), c.Settled()]))
    def time_passes(self, command: c.Command) -> None:
        self.do(command)

    @rule(other=st.booleans(), slide=st.integers(-1, 7), stop=st.integers(-1, 7))
    def reload(self, other: bool, slide: int, stop: int) -> None:
        self.script = OTHER if other else sample()
        self.do(c.Reloaded("h2", slide, stop, ("shell",)))

    @invariant()
    def position_is_valid(self) -> None:
        here = self.session.position
        assert 0 <= here.slide < len(self.script)
        stops = self.script.stops(here.slide)
        assert 0 <= here.stop <= len(stops)
        if not self.session.active:
            assert whole(stops, here.stop) == here.stop

    @invariant()
    def only_the_active_lane_is_busy(self) -> None:
        busy = [
            name for name, lane in self.session.lanes.items() if lane.activity is not Activity.IDLE
        ]
        assert busy == ([self.session.active] if self.session.active else [])
        if self.session.waiting:
            assert not busy or self.session.lanes[busy[0]].activity is Activity.PLAYING

    @invariant()
    def the_journal_tells_the_same_session(self) -> None:
        read = decode_lines("".join(self.lines).encode())
        assert fold(read.stamped) == self.session
        assert fold(read.stamped, self.script) == self.session


TestTalkMachine = TalkMachine.TestCase
TestTalkMachine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
