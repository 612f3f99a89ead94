"""Demos of queries: live, kept, fallen, and played again by the same picture."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from presenter.deck.model import DemoKind
from presenter.deck.trust import fingerprint
from presenter.demo.clock import MonotonicClock
from presenter.demo.drill import Drill
from presenter.demo.reports import Reports
from presenter.layout.frame import Size
from presenter.layout.paint import paint_text
from presenter.recording.kube_file import read_watched
from presenter.talk.commands import GoTo, Interrupt, Next, Previous, Skip
from presenter.talk.drill import Injected, Strike
from presenter.talk.fallback import Mode
from presenter.talk.session import Activity
from presenter.wiring.desk import make_desk
from presenter.wiring.recording import record
from tests.deck.decks import make
from tests.demo import test_asking
from tests.live.kube_stubs import (
    PODS,
    Answer,
    Api,
    Reply,
    event,
    hangs,
    refusal,
    row,
    serving_api,
    table,
    watch,
    whole,
)
from tests.live.probe_stubs import kubeconfig

SIZE = Size(100, 34)


class Talk(test_asking.Talk):
    """A deck with a demo of queries, at its desk."""

    def __init__(
        self,
        folder: Path,
        block: str,
        *,
        trusted: bool = True,
        front: str = "",
        mode: Mode = Mode.DEFAULT,
        drill: Drill | None = None,
    ) -> None:
        (folder / "recordings").mkdir(exist_ok=True)
        head = f"---\n{front}\n---\n" if front else ""
        self.deck = make(folder, f"{head}# Page\n\n```kubernetes +demo:page +full\n{block}\n```\n")
        self.reports = Reports()
        told = fingerprint(self.deck) if trusted else None
        self.desk = make_desk(
            self.deck,
            self.reports,
            mode=mode,
            trusted=told,
            speed=50,
            drill=drill,
            taped=drill is not None,
        )
        self.desk.runtime.start(str(self.deck.path), self.deck.hash, "test", 0)

    async def begin(self) -> None:
        """Type and run the next step."""
        self.desk.dispatch(Next())
        await self.until(lambda: self.lane.activity is Activity.TYPED)
        self.desk.dispatch(Next())

    async def shows(self, *words: str) -> str:
        await self.until(lambda: all(word in self.shown() for word in words))
        return self.shown()

    def rows(self, size: Size = SIZE) -> list[str]:
        """What the pane shows, but for ages."""
        text = paint_text(self.desk.view.frame(size))
        inner = [line.split("│")[1].rstrip() for line in text.splitlines() if line.count("│") >= 2]
        told = [line for line in inner if line and not line.startswith(("watch pods", "get pods"))]
        return [" ".join(line.split()[:-1]) for line in told]


Stage = Callable[..., Talk]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Makes talks whose cluster is a stub."""
    talks: list[Talk] = []

    def make_talk(api: Api, block: str, **told: object) -> Talk:
        api.pages.setdefault("/readyz", whole("ok", kind="text/plain"))
        path = kubeconfig(tmp_path / "config", api.address)
        monkeypatch.setenv("KUBECONFIG", str(path))
        talks.append(Talk(tmp_path, block, **told))  # type: ignore[arg-type]
        return talks[-1]

    yield make_talk
    for talk in talks:
        talk.close()


def lists(api: Api) -> int:
    return sum(one.path == PODS and not one.watches for one in api.requests)


FIRST = whole(table(row("a", 1, "Pending"), row("b", 2, token="x")))  # noqa: S106 — a label
EVENTS = (
    event("MODIFIED", row("a", 11, "ContainerCreating")),
    event("ADDED", row("c", 12, "Pending")),
    event("MODIFIED", row("a", 13)),
    event("MODIFIED", row("c", 14)),
)
BLOCK = "watch: pods\nuntil: 3 ready\n---\nget: pods"
RECORDED = ("recordings", "talk", "page.jsonl")


async def test_live_kept_and_played_from_the_recording(stage: Stage, tmp_path: Path) -> None:
    last = whole(table(*(row(name, 20) for name in "abc")))
    with serving_api([FIRST, last], [watch(*EVENTS)]) as api:
        talk = stage(api, BLOCK)
        await talk.step()
        assert talk.way == ("live", "")
        first = talk.rows()
        assert first[0].startswith("3 pods in shop Running 3 until 3")
        assert [line.split("1/1")[0].strip() for line in first[2:]] == ["~ a", "b", "+ c"]
        assert "● live" in talk.shown()
        await talk.step()
        second = talk.rows()
        assert "kept 2 of 2 steps of page" in await talk.keep()
    path = tmp_path.joinpath(*RECORDED)
    steps = read_watched(path).steps
    assert [step.status for step in steps] == [0, 0]
    assert not any("tick" in line for step in steps for line in step.lines)
    with serving_api() as api:
        again = stage(api, BLOCK, trusted=False)
        await again.step()
        assert again.way == ("recording", "untrusted")
        assert "▶ recorded" in again.shown()
        assert again.rows() == first
        await again.step()
        assert again.rows() == second
        again.desk.dispatch(Previous())
        assert again.rows() == first
        assert not api.requests
        for size in (Size(60, 20), Size(160, 50), Size(40, 12)):
            assert any(line.startswith("~ a") for line in again.rows(size))


async def test_it_falls_in_the_middle_without_losing_a_row(stage: Stage, tmp_path: Path) -> None:
    """What was there stays there, and the recording goes on from what was seen."""
    with serving_api([FIRST], [watch(*EVENTS)]) as api:
        talk = stage(api, "watch: pods\nuntil: 3 ready")
        await talk.step()
        whole_picture = talk.rows()
        await talk.keep()
    broken = threading.Event()

    def breaks(reply: Reply) -> None:
        reply.begin()
        reply.events(*EVENTS[:2])
        broken.wait(60)
        reply.cut()

    with serving_api([FIRST], [breaks]) as api:
        again = stage(api, "watch: pods\nuntil: 3 ready")
        seen: list[list[str]] = []
        loop = asyncio.get_running_loop()
        again.desk.on_change = lambda: loop.call_soon(lambda: seen.append(again.rows()))  # type: ignore[assignment]
        await again.begin()
        await again.shows("ContainerCreating", "Pending 1", "+ c")
        from_here = len(seen)
        api.pages["/readyz"] = api.pages[PODS] = Reply.cut
        broken.set()
        await again.until(lambda: bool(again.lane.results))
        assert again.way[0] == "recording"
        assert again.way[1] in ("refused", "silent")
        for rows in seen[from_here:]:
            names = " ".join(rows)
            assert all(f"{name} " in names for name in "abc"), rows
            assert "refused" not in names
        assert again.rows() == whole_picture


async def test_the_next_press_ends_a_watch_and_it_can_be_kept(stage: Stage, tmp_path: Path) -> None:
    with serving_api([FIRST], [watch(*EVENTS, ends=False)]) as api:
        talk = stage(api, "watch: pods\n---\nget: pods")
        await talk.begin()
        await talk.shows("Running 3")
        assert talk.desk.live is not None
        assert talk.desk.side is not None
        assert talk.desk.side.at_hand is not None
        assert talk.desk.side.at_hand.countdown() is None
        await talk.answer(Next())
        assert talk.way == ("live", "")
        assert not talk.desk.session.waiting
        assert not talk.desk.side.senders[DemoKind.KUBERNETES]._open
        assert "kept 1 of 2 steps of page" in await talk.keep()
        rows = talk.rows()
        again = stage(api, "watch: pods\n---\nget: pods", trusted=False)
        await again.step()
        assert again.rows() == rows
        assert again.way == ("recording", "untrusted")


async def test_the_next_press_ends_a_recorded_watch_too(stage: Stage) -> None:
    with serving_api([FIRST], [watch(*EVENTS, ends=False)]) as api:
        talk = stage(api, "watch: pods")
        await talk.begin()
        await talk.shows("Running 3")
        await talk.answer(Next())
        await talk.keep()
        again = stage(api, "watch: pods", mode=Mode.RECORDED)
        await again.begin()
        again.desk.dispatch(Next())
        assert again.lane.activity is Activity.IDLE
        assert "Running 3" in again.shown()


async def test_ctrl_c_ends_it_and_is_no_fault(stage: Stage) -> None:
    with serving_api([FIRST], [watch(*EVENTS, ends=False)]) as api:
        talk = stage(api, "watch: pods\nuntil: 4 ready")
        await talk.begin()
        await talk.shows("2 pods")
        await talk.answer(Interrupt())
        assert talk.way == ("live", "")
        assert talk.lane.results[0].status == 130
        assert "b " in talk.shown()


async def test_a_skip_shows_the_end_of_the_recording(stage: Stage) -> None:
    with serving_api([FIRST], [watch(*EVENTS)]) as api:
        talk = stage(api, BLOCK)
        await talk.step()
        await talk.keep()
        rows = talk.rows()
    with serving_api([FIRST], [watch(ends=False)]) as api:
        again = stage(api, BLOCK)
        await again.begin()
        await again.shows("2 pods")
        again.desk.dispatch(Skip())
        assert again.rows() == rows


async def test_its_deadline_ends_it(stage: Stage) -> None:
    with serving_api([FIRST], [watch(ends=False)]) as api:
        talk = stage(api, "#: timeout 500ms\nwatch: pods\nuntil: 3 ready")
        await talk.step()
        assert talk.way == ("live", "deadline")
        assert talk.desk.side is not None
        assert not talk.desk.side.senders[DemoKind.KUBERNETES]._open
        assert "2 pods" in talk.shown()  # below is nothing that says more


@pytest.mark.parametrize(
    ("answer", "words", "reason"),
    [
        (refusal(403, "pods is forbidden"), "✗ pods is forbidden", "exit status"),
        (whole("[]"), "✗ the answer is no object", "exit status"),
    ],
)
async def test_a_refusal_is_shown_and_stays(
    stage: Stage, answer: Answer, words: str, reason: str
) -> None:
    with serving_api([answer]) as api:
        talk = stage(api, "get: pods")
        shown = await talk.step()
        assert talk.way == ("live", reason)
        assert words in shown
        assert "2 pods" not in shown


async def test_what_is_wrong_falls_unseen_where_there_is_a_recording(stage: Stage) -> None:
    with serving_api([FIRST]) as api:
        talk = stage(api, "get: pods")
        await talk.step()
        rows = talk.rows()
        await talk.keep()
    for answer, reason in (
        (refusal(403, "pods is forbidden"), "exit status"),
        (refusal(401, "Unauthorized"), "refused"),
        (whole("<html>", kind="text/html"), "captive portal"),
    ):
        with serving_api([answer]) as api:
            again = stage(api, "get: pods")
            again.desk.on_change = lambda again=again: words_are_missing(again)  # type: ignore[misc]
            await again.step()
            assert again.way == ("recording", reason)
            assert again.rows() == rows
            again.close()


def words_are_missing(talk: Talk) -> None:
    assert "✗" not in talk.shown()


async def test_nothing_is_asked_before_trust(stage: Stage) -> None:
    with serving_api([FIRST]) as api:
        talk = stage(api, BLOCK, trusted=False)
        await talk.step()
        assert talk.way == ("card", "untrusted")
        assert not api.requests


async def test_another_cluster_is_not_asked(stage: Stage, tmp_path: Path) -> None:
    with serving_api([FIRST]) as api, serving_api([FIRST]) as other:
        talk = stage(api, "get: pods\n---\nget: pods")
        talk.desk.opened()
        await talk.step()
        assert talk.way == ("live", "")
        kubeconfig(tmp_path / "config", other.address)
        await talk.step()
        assert talk.way == ("card", "condition")
        assert not other.requests


async def test_a_variable_without_a_value_keeps_it_from_being_asked(stage: Stage) -> None:
    with serving_api([FIRST]) as api:
        talk = stage(api, "get: pods\nnamespace: {{NS}}")
        await talk.step()
        assert talk.way == ("card", "condition")
        assert "`{{NS}}` has no value yet" in talk.reports.lines[0]
        odd = stage(api, "get: pods\nnamespace: {{NS}}", front="vars: {NS: 'a/../b'}")
        await odd.step()
        assert odd.way == ("card", "condition")
        assert "`a/../b` is no namespace" in odd.reports.lines[0]
        good = stage(api, "get: pods\nnamespace: {{NS}}", front="vars: {NS: other}")
        await good.step()
        assert good.way == ("live", "")
        assert api.requests[-1].path == "/api/v1/namespaces/other/pods" or any(
            one.path == "/api/v1/namespaces/other/pods" for one in api.requests
        )
        assert not lists(api)


async def test_a_damaged_recording_costs_a_rung(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path.joinpath(*RECORDED)
    path.parent.mkdir(parents=True)
    path.write_text('{"format":"presenter-kubernetes","version":1}\n{"at":1}\n')
    with serving_api() as api:
        talk = stage(api, "get: pods", trusted=False)
        await talk.step()
    assert talk.way[0] == "card"
    assert "page.jsonl:2: stands before the first step" in talk.reports.lines[0]


async def test_a_pattern_is_looked_for_in_what_a_person_reads(stage: Stage) -> None:
    with serving_api([FIRST]) as api:
        talk = stage(
            api,
            '#: expect "^a +0/1 +Pending", on_fail keep\nget: pods\n---\n'
            '#: expect "resourceVersion", on_fail keep\nget: pods',
        )
        await talk.step()
        assert talk.way == ("live", "")
        await talk.step()
        assert talk.way == ("live", "expected pattern")


async def test_a_drill_strikes_what_is_taped(stage: Stage) -> None:
    with serving_api([FIRST], [watch(*EVENTS)]) as api:
        talk = stage(api, BLOCK)
        await talk.step()
        rows = talk.rows()
        await talk.keep()
        talk.close()
    with serving_api([]) as api:
        for fault in (Injected.WRONG_STATUS, Injected.HANG, Injected.SLOW):
            clock = MonotonicClock()
            drill = Drill({("page", 0): Strike(fault, 0.0, 5.0)}, clock, lambda _n: None, clock)
            struck = stage(api, f"#: timeout 3s\n{BLOCK}", drill=drill)
            drill.dispatch = struck.desk.dispatch
            await struck.step()
            assert struck.rows() == rows
            struck.close()
        assert api.requests == []


async def test_recording_a_deck_ends_a_watch_by_itself(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presenter.wiring.running.ENDLESS_SECONDS", 0.0)
    with serving_api([FIRST], [watch(*EVENTS, ends=False)]) as api:
        deck = stage(api, "watch: pods").deck
        said: list[str] = []
        assert await record(deck, (), fingerprint(deck), "", said.append), said
    (step,) = read_watched(tmp_path.joinpath(*RECORDED)).steps
    assert any("list" in json.loads(line) for line in step.lines)


async def test_a_server_that_hangs_leaves_the_keys_free(stage: Stage) -> None:
    with serving_api([hangs]) as api:
        talk = stage(api, "get: pods")
        await talk.begin()
        await talk.shows("waiting for the API server")
        talk.desk.dispatch(GoTo(0))
        talk.desk.dispatch(Previous())
        assert talk.lane.activity is Activity.IDLE
        assert talk.desk.side is not None
        assert not talk.desk.side.senders[DemoKind.KUBERNETES]._open
