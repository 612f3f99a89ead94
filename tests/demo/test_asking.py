"""Demos of requests: live, recorded, fallen, and played again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from presenter.deck.deck import Deck
from presenter.deck.model import Demo, DemoKind, Place, Step
from presenter.deck.trust import fingerprint
from presenter.demo.asked import plan_of, why_unfit
from presenter.demo.asking import Asking, Senders
from presenter.demo.desk import Desk
from presenter.demo.reports import Reports
from presenter.layout.frame import Size
from presenter.layout.paint import paint_text
from presenter.live.marks import Ended, Printed
from presenter.live.sender import REQUESTS
from presenter.live.shell import Broken, Lost, ShellEvent
from presenter.talk.commands import Command, Next, Previous
from presenter.talk.fallback import Mode
from presenter.talk.session import Activity, Lane
from presenter.wiring.desk import make_desk
from tests.deck.decks import make
from tests.live.probe_stubs import Page, free_port, serving

PATIENCE = 60.0
"""Seconds for what takes less than two on an idle machine."""
SIZE = Size(100, 34)


class Talk:
    """A deck with a demo of requests, at its desk."""

    def __init__(self, folder: Path, block: str, port: int, *, trusted: bool = True) -> None:
        text = f"---\nvars: {{HOST: '127.0.0.1:{port}'}}\n---\n# Page\n\n"
        (folder / "recordings").mkdir(exist_ok=True)
        self.deck: Deck = make(folder, f"{text}```http +demo:page +full\n{block}\n```\n")
        self.reports = Reports()
        told = fingerprint(self.deck) if trusted else None
        self.desk: Desk = make_desk(
            self.deck, self.reports, mode=Mode.DEFAULT, trusted=told, speed=50
        )
        self.desk.runtime.start(str(self.deck.path), self.deck.hash, "test", 0)

    @property
    def demo(self) -> Demo:
        return self.deck.slide(0).demos[0]

    @property
    def lane(self) -> Lane:
        return self.desk.session.lanes.get("page", Lane())

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not true():  # noqa: ASYNC110 — of many things
                await asyncio.sleep(0.01)

    async def step(self) -> str:
        """Type and run the next one, to its end or its question: what the stage shows."""
        self.desk.dispatch(Next())
        await self.until(lambda: self.lane.activity is Activity.TYPED)
        await self.answer(Next())
        return self.shown()

    async def answer(self, command: Command) -> None:
        done = len(self.lane.results)
        self.desk.dispatch(command)
        await self.until(
            lambda: len(self.lane.results) > done or self.lane.activity is Activity.ASKED
        )

    def shown(self) -> str:
        return paint_text(self.desk.view.frame(SIZE))

    @property
    def way(self) -> tuple[str, str]:
        """The rung of the last step, and why."""
        result = self.lane.results[max(self.lane.results)]
        return result.rung, result.reason or self.lane.reason

    async def keep(self) -> str:
        await self.desk.keep_take()
        return self.reports.lines[-1]

    def close(self) -> None:
        self.desk.close()


BLOCK = """\
# @name first
GET http://{{HOST}}/a?token=s3cr3tToken
Accept: application/json
###
# @repeat 12, 3 at once
# @group version by json v
GET http://{{HOST}}/b"""
PAGES = {
    "/a?token=s3cr3tToken": Page(body='{"hello": "world"}', kind="application/json"),
    "/b": Page(body='{"v": "v1"}', kind="application/json"),
}


async def test_live_kept_and_played_from_the_recording(tmp_path: Path) -> None:
    with serving(PAGES) as server:
        talk = Talk(tmp_path, BLOCK, server.port)
        first = await talk.step()
        assert talk.way == ("live", "")
        assert "200 OK" in first
        assert '"hello": "world"' in first
        second = await talk.step()
        assert "12 of 12" in second
        assert "● live" in second
        kept = await talk.keep()
        assert "kept 2 of 2 steps of page" in kept
        assert len(server.requests) == 13
        talk.close()
    path = tmp_path / "recordings" / "talk" / "page.har"
    assert "s3cr3tToken" not in path.read_text("utf-8")
    entries = json.loads(path.read_text("utf-8"))["log"]["entries"]
    assert len(entries) == 13
    assert entries[0]["_presenter"]["name"] == "first"

    again = Talk(tmp_path, BLOCK, server.port, trusted=False)
    assert _body(await again.step()) == _body(first)
    assert again.way == ("recording", "untrusted")
    replayed = await again.step()
    assert "12 of 12" in replayed
    assert "▶ recorded" in replayed
    assert _body(replayed).count("v1") == 1
    again.desk.dispatch(Previous())
    assert '"hello": "world"' in again.shown()
    assert not again.reports.lines
    again.close()


async def test_a_picture_is_the_same_live_and_from_the_recording(tmp_path: Path) -> None:
    calls = [{"parent": "page", "child": "reviews", "callCount": 5}]
    page = Page(body=json.dumps(calls), kind="application/json")
    with serving({"/d": page}) as server:
        talk = Talk(tmp_path, "# @graph Calls\nGET http://{{HOST}}/d", server.port)
        live = await talk.step()
        assert "│ page │───5▶│ reviews │" in live
        await talk.keep()
        talk.close()
    har = json.loads((tmp_path / "recordings" / "talk" / "page.har").read_text("utf-8"))
    assert har["log"]["entries"][0]["_presenter"]["picture"] == "graph Calls"
    again = Talk(tmp_path, "# @graph Calls\nGET http://{{HOST}}/d", server.port, trusted=False)
    assert _body(await again.step()) == _body(live)
    again.close()


def _body(shown: str) -> str:
    """What the pane shows, without times."""
    lines = [line.split("│")[1].rstrip() for line in shown.splitlines() if line.count("│") >= 2]
    return "\n".join(line for line in lines if "━" not in line and "date:" not in line)


async def test_nothing_is_contacted_before_trust(tmp_path: Path) -> None:
    with serving(PAGES) as server:
        talk = Talk(tmp_path, BLOCK, server.port, trusted=False)
        shown = await talk.step()
        assert talk.way == ("card", "untrusted")
        assert "the source does not show what this prints" in shown
        assert server.requests == []
        talk.close()


async def test_a_hard_error_falls_to_the_recording(tmp_path: Path) -> None:
    block = "GET http://{{HOST}}/b"
    with serving(PAGES) as server:
        talk = Talk(tmp_path, block, server.port)
        await talk.step()
        await talk.keep()
        talk.close()
    gone = Talk(tmp_path, block, free_port())
    shown = await gone.step()
    assert gone.way == ("recording", "refused")
    assert '"v": "v1"' in shown
    assert "connection refused" not in shown
    gone.close()
    failing = Talk(tmp_path, block, 0)
    with serving({"/b": Page(503)}) as server:
        failing.close()
        failing = Talk(tmp_path, block, server.port)
        shown = await failing.step()
    assert failing.way == ("recording", "exit status")
    assert "503 Service" not in shown
    failing.close()


async def test_a_hard_error_without_a_recording_is_one_clear_line(tmp_path: Path) -> None:
    talk = Talk(
        tmp_path, "#: note The page\nGET http://{{HOST}}/\n###\nHEAD http://{{HOST}}/", free_port()
    )
    shown = await talk.step()
    assert "no answer  connection refused" in shown
    assert talk.way == ("live", "refused")
    talk.desk.dispatch(Next())  # goes on: what was shown stays until the next step is typed
    await talk.until(lambda: talk.lane.activity is Activity.TYPED)
    assert "HEAD" in talk.shown()
    talk.close()


async def test_a_response_that_is_no_success_is_shown_and_stays(tmp_path: Path) -> None:
    with serving({"/": Page(503, "busy")}) as server:
        talk = Talk(tmp_path, "GET http://{{HOST}}/", server.port)
        shown = await talk.step()
        assert talk.way == ("live", "exit status")
        assert "503" in shown
        assert "busy" in shown
        talk.close()
        expected = Talk(tmp_path, "#: expect status 503\nGET http://{{HOST}}/", server.port)
        assert "busy" in await expected.step()
        assert expected.way == ("live", "")
        expected.close()


async def test_a_pattern_is_looked_for_in_headers_and_body(tmp_path: Path) -> None:
    with serving({"/": Page(body="one\ntwo\n")}) as server:
        talk = Talk(
            tmp_path,
            '#: expect "^two$"\nGET http://{{HOST}}/\n###\n'
            '#: expect "^Content-Type: text", on_fail keep\nGET http://{{HOST}}/\n###\n'
            '#: expect "three", on_fail keep\nGET http://{{HOST}}/',
            server.port,
        )
        await talk.step()
        assert talk.way == ("live", "")
        await talk.step()
        assert talk.way == ("live", "expected pattern")  # names of headers are in small letters
        await talk.step()
        assert talk.way == ("live", "expected pattern")
        talk.close()


async def test_a_variable_without_a_value_keeps_it_from_being_sent(tmp_path: Path) -> None:
    talk = Talk(tmp_path, "GET http://{{GATEWAY}}/", 1)
    await talk.step()
    assert talk.way == ("card", "condition")
    assert "talk.md:7:1: `{{GATEWAY}}` has no value yet" in talk.reports.lines[0]
    talk.close()


async def test_what_hangs_falls_at_its_deadline_and_is_ended(tmp_path: Path) -> None:
    with serving({"/": Page(hangs=True)}) as server:
        talk = Talk(tmp_path, "#: timeout 500ms\nGET http://{{HOST}}/", server.port)
        await talk.step()
        assert talk.way == ("card", "deadline")
        assert talk.desk.side is not None
        assert not talk.desk.side.senders[DemoKind.HTTP]._open
        talk.close()


async def test_a_damaged_recording_costs_a_rung(tmp_path: Path) -> None:
    folder = tmp_path / "recordings" / "talk"
    folder.mkdir(parents=True)
    (folder / "page.har").write_text('{"log": {"entries": 1}}')
    talk = Talk(tmp_path, "GET http://{{HOST}}/", 1, trusted=False)
    await talk.step()
    assert talk.way[0] == "card"
    assert "page.har: log.entries: expected a list, got a number" in talk.reports.lines[0]
    talk.close()


async def test_a_long_body_is_read_from_its_first_line_on(tmp_path: Path) -> None:
    body = "".join(f"line {n}\n" for n in range(100))
    with serving({"/": Page(body=body)}) as server:
        talk = Talk(tmp_path, "GET http://{{HOST}}/", server.port)
        shown = await talk.step()
        assert "200 OK" in shown
        assert "line 0" in shown
        talk.desk.view.pane.scroll(5)
        assert "200 OK" not in talk.shown()
        assert "line 5" in talk.shown()
        talk.desk.view.pane.scroll(1000)
        assert "the response's headers" in talk.shown()
        talk.desk.view.pane.scroll(-1000)
        assert "200 OK" in talk.shown()
        lines = talk.desk.view.pane.lines()
        talk.desk.view.pane.show_line(lines.index("line 50"))
        assert "line 50" in talk.shown()
        talk.close()


# --- what runs it -------------------------------------------------------------------------------


class Ears:
    def __init__(self) -> None:
        self.events: list[ShellEvent] = []
        self.over = asyncio.Event()

    def heard(self, event: ShellEvent) -> None:
        self.events.append(event)
        if isinstance(event, Ended | Lost | Broken):
            self.over.set()

    def asked(self) -> None:
        raise AssertionError


async def test_an_interrupt_ends_it(tmp_path: Path) -> None:
    from presenter.deck.http import HttpRequest

    senders, ears = Senders({}, tmp_path, REQUESTS), Ears()
    with serving({"/": Page(hangs=True)}) as server:
        await senders.warm()
        await senders.warm()
        asking = Asking(senders)
        await asking.prepare()
        step = Step("", Place("", 1), request=HttpRequest("GET", "http://127.0.0.1:{{P}}/"))
        plan = plan_of(step, 0, {"P": str(server.port)}, "")
        await asking.start(plan, "", ears)
        async with asyncio.timeout(PATIENCE):
            while not ears.events:  # noqa: ASYNC110 — it is told by nobody
                await asyncio.sleep(0.01)
        asking.interrupt()
        asking.interrupt()
        assert [one for one in ears.events if isinstance(one, Ended)] == [Ended(130)]
        printed = [one.text for one in ears.events if isinstance(one, Printed)]
        assert all(text.count("\n") == 1 and text.endswith("\n") for text in printed)
        assert asking.seat is None
        senders.close()


async def test_one_that_died_while_it_waited_is_replaced(tmp_path: Path) -> None:
    senders = Senders({}, tmp_path, REQUESTS)
    await senders.warm()
    waiting = senders._ready
    assert waiting is not None
    assert waiting._process is not None
    waiting._process.kill()
    async with asyncio.timeout(PATIENCE):
        while not waiting.ended:  # noqa: ASYNC110 — it is told by nobody
            await asyncio.sleep(0.01)
    assert await senders.take() is not waiting
    assert len(senders._open) == 1
    senders.close()


async def test_a_process_that_dies_is_a_lost_one(tmp_path: Path) -> None:
    senders, ears = Senders({}, tmp_path, REQUESTS), Ears()
    asking = Asking(senders)
    await asking.start("nonsense", "", ears)
    async with asyncio.timeout(PATIENCE):
        await ears.over.wait()
    assert ears.events[-1] == Lost(None)
    senders.close()


async def test_a_value_of_a_response_is_a_variable_of_what_follows(tmp_path: Path) -> None:
    block = """\
# @export ITEM by json items[0].id
GET http://{{HOST}}/list
###
#: expect "second"
GET http://{{HOST}}/item/{{ITEM}}"""
    pages = {
        "/list": Page(body='{"items": [{"id": 42}]}', kind="application/json"),
        "/item/42": Page(body="second"),
    }
    with serving(pages) as server:
        talk = Talk(tmp_path, block, server.port)
        await talk.step()
        assert talk.way == ("live", "")
        assert "second" in await talk.step()
        assert talk.way == ("live", "")
        assert "kept 2 of 2 steps" in await talk.keep()
        talk.close()
    # Played from the recording, it stands in for what a live one would give.
    told = json.loads((tmp_path / "recordings" / "talk" / "page.har").read_text())
    assert told["log"]["_presenter"]["exports"] == {"ITEM": "42"}
    again = Talk(tmp_path, block, free_port())
    await again.step()
    assert again.way[0] == "recording"
    assert again.desk.side is not None
    assert again.desk.side.variables()["ITEM"] == "42"
    again.close()


@pytest.mark.parametrize(
    ("url", "variables", "words"),
    [
        ("http://h/", {}, ""),
        ("http://{{A}}/", {}, "`{{A}}` has no value yet"),
        ("http://{{A}}/", {"A": "h:80"}, ""),
        ("{{A}}", {"A": "file:///etc/x"}, "is no address"),
        ("http://{{A}}/", {"A": "h x"}, "is no address"),
    ],
)
def test_what_cannot_be_sent(url: str, variables: dict[str, str], words: str) -> None:
    from presenter.deck.http import HttpRequest

    found = why_unfit(Step("", Place("", 1), request=HttpRequest("GET", url)), variables)
    assert words in found
    assert bool(found) is bool(words)


async def test_repeats_that_break_off_go_on_from_the_recording(tmp_path: Path) -> None:
    block = "# @repeat 8 every 30ms\n#: timeout 3s\nGET http://{{HOST}}/b"
    with serving(PAGES) as server:
        talk = Talk(tmp_path, block, server.port)
        await talk.step()
        await talk.keep()
        talk.close()
    with serving(PAGES) as server:
        again = Talk(tmp_path, block, server.port)
        again.desk.dispatch(Next())
        await again.until(lambda: again.lane.activity is Activity.TYPED)
        again.desk.dispatch(Next())
        await again.until(lambda: len(server.requests) >= 3)
        server.pages["/b"] = Page(hangs=True)
        await again.until(lambda: bool(again.lane.results))
        assert again.way == ("recording", "deadline")
        assert "8 of 8" in again.shown()
        again.close()
