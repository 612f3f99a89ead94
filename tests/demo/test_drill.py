"""Faults between a step and what runs it: by clocks that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from presenter.demo.drill import (
    FIT_SECONDS,
    MOST_HELD,
    Drill,
    Struck,
    StruckExecutions,
    StruckProber,
    Weather,
)
from presenter.demo.execution import Execution
from presenter.demo.replay import StepMaterial
from presenter.demo.taped import FairWeather, Taped, Tapes
from presenter.live.marks import Ended, Printed
from presenter.live.shell import ShellEvent
from presenter.talk.commands import Command, Inject
from presenter.talk.condition import Truth
from presenter.talk.drill import Injected, Strike
from presenter.talk.fallback import Fault
from presenter.talk.health import (
    Broken,
    Endpoint,
    Evidence,
    Good,
    Standing,
    Thresholds,
    Waiting,
    observe,
)
from tests.demo.rig import Time
from tests.talk.script import demo, step

DEMO = demo("pods", step("kubectl get pods", ("out",)))
LINES = StepMaterial("recording", ((1.0, "one\r\n"), (2.0, "two\r\n")), status=3, seconds=4.0)


class Ear:
    """Who shows the step."""

    def __init__(self) -> None:
        self.events: list[ShellEvent] = []
        self.questions = 0

    def heard(self, event: ShellEvent) -> None:
        self.events.append(event)

    def asked(self) -> None:
        self.questions += 1

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.events if isinstance(one, Printed))

    @property
    def status(self) -> int | None:
        return next((one.status for one in self.events if isinstance(one, Ended)), None)


class Scene:
    """A taped step that a fault strikes."""

    def __init__(self, fault: Injected, after: float = 1.5, lasting: float = 5.0) -> None:
        self.time = Time()
        self.ear = Ear()
        self.commands: list[Command] = []
        self.sizes: list[float] = []
        strike = Strike(fault, after, lasting)
        self.drill = Drill({("pods", 0): strike}, self.time, self.sizes.append, self.time)
        self.drill.dispatch = self.commands.append
        tapes = Tapes(lambda _demo, _step: LINES, self.time)
        self.executions = StruckExecutions(tapes, self.drill)
        self.execution: Execution = self.executions.of(DEMO, 0)

    async def start(self) -> Scene:
        await self.execution.prepare()
        await self.execution.start("", "", self.ear)
        return self

    async def at(self, moment: float) -> str:
        await self.time.advance(moment - self.time.now())
        return self.ear.text


# --- recordings that run --------------------------------------------------------------------------


async def test_a_taped_step_prints_what_was_recorded_and_ends() -> None:
    time, ear = Time(), Ear()
    taped = Taped(lambda: LINES, time)
    await taped.prepare()
    await taped.start("", "", ear)
    await time.advance(1.0)
    assert ear.text == "one\r\n"
    await time.advance(2.9)
    assert (ear.text, ear.status) == ("one\r\ntwo\r\n", None)
    await time.advance(0.2)
    assert ear.status == 3
    assert taped.seat is None


async def test_ctrl_c_ends_a_taped_step_once() -> None:
    time, ear = Time(), Ear()
    taped = Taped(lambda: LINES, time)
    await taped.start("", "", ear)
    await time.advance(1.0)
    taped.interrupt()
    await time.advance(0)
    taped.interrupt()
    await time.advance(10)
    assert (ear.text, ear.status) == ("one\r\n^C\r\n", 130)
    assert len(ear.events) == 3


async def test_a_taped_step_that_is_left_prints_nothing_more() -> None:
    time, ear = Time(), Ear()
    taped = Taped(lambda: LINES, time)
    await taped.start("", "", ear)
    taped.leave(Ear())
    await time.advance(1.0)
    taped.leave(ear)
    await time.advance(10)
    assert ear.text == "one\r\n"


async def test_what_was_never_recorded_prints_its_card_and_ends_well() -> None:
    time, ear = Time(), Ear()
    taped = Taped(lambda: StepMaterial("card", ((0.3, "(nothing is known)\r\n"),)), time)
    await taped.prepare()
    await taped.start("", "", ear)
    await time.advance(1.0)
    assert (ear.text, ear.status) == ("(nothing is known)\r\n", 0)


async def test_what_a_recorded_step_exported_is_known_when_it_has_run() -> None:
    time = Time()
    exporting = replace(DEMO, exports=("URL", "OTHER"))
    material = replace(LINES, exports={"URL": "http://x", "MORE": "y"})
    tapes = Tapes(lambda _demo, _step: material, time)
    assert tapes.variables() == {}
    await tapes.of(exporting, 0).start("", "", Ear())
    await time.advance(0)
    assert tapes.variables() == {"URL": "http://x"}


async def test_in_fair_weather_everything_is_there() -> None:
    prober = FairWeather()
    heard: asyncio.Queue[tuple[str, Evidence | None]] = asyncio.Queue()
    prober.on_beat = lambda key, evidence: heard.put_nowait((key, evidence))
    prober.watch({"a": {"tcp": "h:1"}, "b": {"tcp": "h:2"}}, 1.0)
    async with asyncio.timeout(10):
        beats = [await heard.get() for _ in range(4)]
    assert [key for key, _ in beats] == ["a", "b", "a", "b"]
    assert all(isinstance(evidence, Good) for _, evidence in beats)
    assert (await prober.probe("a", {})).truth is Truth.TRUE
    assert (await prober.current("", None, 1.0)).facts == ()
    prober.close()


# --- steps that are struck ------------------------------------------------------------------------


async def test_a_step_that_is_not_in_the_plan_is_left_alone() -> None:
    scene = Scene(Injected.HANG)
    assert isinstance(scene.execution, Struck)
    assert not isinstance(scene.executions.of(DEMO, 1), Struck)
    assert not isinstance(scene.executions.of(DEMO, 0), Struck), "run again, it is left alone"
    await scene.executions.warm(DEMO)


async def test_a_step_that_hangs_goes_on_for_ever() -> None:
    scene = await Scene(Injected.HANG).start()
    assert await scene.at(100) == "one\r\n"
    assert scene.ear.status is None
    assert scene.commands == [Inject("pods", 0, "hang", 5.0)]


async def test_ctrl_c_ends_a_step_that_hangs() -> None:
    scene = await Scene(Injected.HANG).start()
    await scene.at(1.8)
    scene.execution.interrupt()
    assert (scene.ear.text, scene.ear.status) == ("one\r\n^C\r\n", 130)


async def test_ctrl_c_brings_what_a_hanging_step_had_kept() -> None:
    scene = await Scene(Injected.HANG).start()
    await scene.at(10)
    scene.execution.interrupt()
    assert (scene.ear.text, scene.ear.status) == ("one\r\ntwo\r\n", 3)


async def test_a_wrong_status_comes_at_the_end() -> None:
    scene = await Scene(Injected.WRONG_STATUS).start()
    assert await scene.at(3.9) == "one\r\ntwo\r\n"
    assert scene.commands == []
    await scene.at(4.1)
    assert scene.ear.status == 3  # which is not what the step expects
    assert scene.commands == [Inject("pods", 0, "wrong exit status", 5.0)]


@pytest.mark.parametrize(
    ("failure", "expected", "status", "wrong"),
    [
        (False, None, 0, 1),
        (False, None, 5, 5),
        (True, None, 3, 0),
        (False, 1, 1, 0),
        (False, None, None, 1),
    ],
)
async def test_a_wrong_status_is_one_that_the_step_does_not_expect(
    failure: bool, expected: int | None, status: int | None, wrong: int
) -> None:
    strike = Strike(Injected.WRONG_STATUS, 0.0, 5.0)
    drill = Drill({("pods", 0): strike}, Time(), lambda _seconds: None, Time())
    one = replace(DEMO.steps[0], expect_failure=failure, expect_exit=expected)
    told = replace(DEMO, steps=(one,))
    execution = StruckExecutions(Tapes(lambda _d, _s: LINES, Time()), drill).of(told, 0)
    ear = Ear()
    await execution.start("", "", ear)
    assert isinstance(execution, Struck)
    execution.heard(Ended(status))
    execution.leave(ear)
    assert ear.status == wrong


async def test_what_is_slow_comes_by_fits_and_all_of_it() -> None:
    scene = await Scene(Injected.SLOW).start()
    assert await scene.at(1.5 + FIT_SECONDS - 0.1) == "one\r\n"
    assert await scene.at(1.5 + FIT_SECONDS + 0.1) == "one\r\ntwo\r\n"
    await scene.at(20)
    assert scene.ear.status == 3


@pytest.mark.parametrize("fault", [Injected.CLUSTER_GONE, Injected.NETWORK_GONE, Injected.FROZEN])
async def test_without_the_link_nothing_comes_until_it_is_there_again(fault: Injected) -> None:
    scene = await Scene(fault).start()
    assert await scene.at(6.4) == "one\r\n"
    assert await scene.at(6.6) == "one\r\ntwo\r\n"
    assert scene.ear.status == 3


async def test_another_size_changes_nothing_of_what_is_printed() -> None:
    scene = await Scene(Injected.RESIZED).start()
    assert await scene.at(5) == "one\r\ntwo\r\n"
    assert scene.sizes == [5.0]


async def test_a_step_that_ends_sooner_than_planned_is_not_struck() -> None:
    scene = await Scene(Injected.HANG, after=4.5).start()
    await scene.at(10)
    assert scene.ear.status == 3
    assert scene.commands == []


async def test_a_step_that_is_left_is_not_struck_any_more() -> None:
    scene = await Scene(Injected.HANG).start()
    await scene.at(1.2)
    scene.execution.leave(Ear())
    scene.execution.leave(scene.ear)
    await scene.at(10)
    assert scene.commands == []
    assert scene.ear.text == "one\r\n"


async def test_a_flood_behind_a_hang_is_not_kept_without_bound() -> None:
    scene = await Scene(Injected.HANG, after=0.5).start()
    await scene.at(0.6)
    assert isinstance(scene.execution, Struck)
    for _ in range(100):
        scene.execution.heard(Printed("x" * 8000, running=True))
    scene.execution.interrupt()
    assert len(scene.ear.text) < MOST_HELD + 10_000
    assert scene.ear.status == 130


async def test_a_question_of_a_program_waits_with_the_rest() -> None:
    scene = await Scene(Injected.HANG).start()
    assert isinstance(scene.execution, Struck)
    scene.execution.asked()
    await scene.at(2)
    scene.execution.asked()
    assert scene.ear.questions == 1


# --- who answers ----------------------------------------------------------------------------------

CLUSTER: Mapping[str, object] = {"kubernetes": {}}
PAGE: Mapping[str, object] = {"http": "http://localhost:1/"}


class Air:
    """A prober behind the weather, and how its endpoints stand by what it tells."""

    def __init__(self, time: Time) -> None:
        self.inner = FairWeather()
        self.weather = Weather(time)
        self.time = time
        self.prober = StruckProber(self.inner, self.weather)
        self.prober._watched = {"cluster": CLUSTER, "page": PAGE}
        self.endpoints: dict[str, Endpoint] = {}
        self.kinds: list[type[Evidence]] = []
        self.prober.on_beat = self._heard

    def _heard(self, key: str, evidence: Evidence | None) -> None:
        assert evidence is not None
        self.kinds.append(type(evidence))
        before = self.endpoints.get(key, Endpoint())
        self.endpoints[key] = observe(before, evidence, Thresholds())

    def beats(self) -> None:
        for key in ("cluster", "page"):
            self.inner.on_beat(key, Good(self.time.now()))

    def stands(self) -> dict[str, tuple[Standing, Fault | None]]:
        return {key: (each.standing, each.fault) for key, each in self.endpoints.items()}


async def test_a_cluster_that_is_gone_refuses_and_nobody_else_does() -> None:
    time = Time()
    air = Air(time)
    air.beats()
    air.weather.strike(Strike(Injected.CLUSTER_GONE, 0, 5.0))
    await time.advance(0.05)
    air.beats()
    assert air.stands() == {
        "cluster": (Standing.DOWN, Fault.REFUSED),
        "page": (Standing.UP, None),
    }
    found = await air.prober.probe("cluster", CLUSTER)
    assert (found.truth, found.fault) == (Truth.FALSE, Fault.REFUSED)
    assert (await air.prober.probe("page", PAGE)).truth is Truth.TRUE


@pytest.mark.parametrize("fault", [Injected.NETWORK_GONE, Injected.FROZEN])
async def test_who_is_silent_is_down_as_soon_as_the_detector_says(fault: Injected) -> None:
    time = Time()
    air = Air(time)
    air.beats()
    air.weather.strike(Strike(fault, 0, 5.0))
    await time.advance(1.0)
    air.beats()
    assert {standing for standing, _ in air.stands().values()} == {Standing.SUSPECT}
    await time.advance(0.4)
    assert air.stands() == dict.fromkeys(("cluster", "page"), (Standing.DOWN, Fault.SILENT))
    found = await air.prober.probe("page", PAGE)
    assert (found.truth, found.fault) == (Truth.FALSE, Fault.SILENT)


async def test_when_the_weather_is_over_answers_come_again() -> None:
    time = Time()
    air = Air(time)
    air.weather.strike(Strike(Injected.NETWORK_GONE, 0, 2.0))
    await time.advance(2.1)
    told = len(air.kinds)
    await time.advance(1)
    assert len(air.kinds) == told, "nothing ticks any more"
    air.beats()
    assert (air.kinds[0], air.kinds[-1]) == (Waiting, Good)
    assert (await air.prober.probe("page", PAGE)).truth is Truth.TRUE
    air.weather.strike(Strike(Injected.CLUSTER_GONE, 0, 2.0))
    await time.advance(0.1)
    assert Broken in air.kinds


@pytest.mark.parametrize("fault", [Injected.HANG, Injected.SLOW, Injected.RESIZED])
async def test_what_is_none_of_the_link_leaves_the_answers_alone(fault: Injected) -> None:
    time = Time()
    air = Air(time)
    air.weather.strike(Strike(fault, 0, 5.0))
    await time.advance(1)
    assert air.kinds == []
    air.beats()
    assert air.kinds == [Good, Good]


async def test_the_prober_behind_is_asked_watched_and_closed(tmp_path: Path) -> None:
    air = Air(Time())
    air.prober.watch({"x": PAGE}, 1.5)
    assert air.inner._keys == ("x",)
    assert air.prober.heard > 0
    assert (await air.prober.current("", tmp_path, 1.0)).facts == ()
    air.prober.close()
    assert air.inner._beating is not None
    with pytest.raises(asyncio.CancelledError):
        await air.inner._beating
