"""HAR logs as steps of a demo, and values of exchanges."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from presenter.deck.http import Pick, Until
from presenter.deck.model import Demo, Grid
from presenter.recording.asciicast import Event
from presenter.recording.har import Body, Exchange, Har, Request, Response, Timings
from presenter.recording.har_lines import (
    Sent,
    read_line,
    readable,
    sent_line,
    sent_of,
    status_of,
    timed,
)
from presenter.recording.har_plan import plan_line, read_plan
from presenter.recording.har_steps import HarTake, make_har
from presenter.recording.har_values import holds, value_of
from presenter.recording.har_writer import exchange_line
from presenter.recording.provenance import CAPTURED, Provenance, marker_label
from presenter.recording.ran import DATA, Ran, Run
from tests.deck.decks import make
from tests.recording.hars import exchange

BLOCK = """\
GET http://{{HOST}}/a
###
# @repeat 3
# @group version by header x-version
GET http://h/b
"""
FIRST, SECOND = "GET http://{{HOST}}/a", "GET http://h/b"


def demo_of(folder: Path) -> Demo:
    deck = make(folder, f"```http +demo:page\n{BLOCK}```\n")
    (demo,) = deck.slide(0).demos
    return demo


def labelled(number: int, command: str, seconds: float = 0.0, version: str = "") -> Exchange:
    one = exchange(None, Response(200, headers=(("X-Version", version),) if version else ()))
    label = marker_label(number, command)
    return replace(one, label=label, started=one.started + timedelta(seconds=seconds))


def take(folder: Path, *exchanges: Exchange) -> HarTake:
    return HarTake(Har(exchanges), demo_of(folder), Grid())


def test_the_exchanges_of_a_step_are_found_by_its_label(tmp_path: Path) -> None:
    found = take(
        tmp_path,
        labelled(0, FIRST),
        *(labelled(1, SECOND, n / 10, f"v{n % 2}") for n in range(3)),
    ).step(1, SECOND)
    assert found is not None
    assert (found.stale, found.exit_status) == (False, 0)
    lines = [read_line(event.data.strip()) for event in found.events]
    assert lines[0] == Sent("GET", "http://127.0.0.1:8080/productpage", 3, ("version",))
    assert [one.groups for one in found.exchanges] == [
        (("version", f"v{n % 2}"),) for n in range(3)
    ]
    assert [event.time for event in found.events] == [0.0, 0.25, 0.35, 0.45]
    assert {event.code for event in found.events} == {DATA}


def test_a_step_that_has_moved_is_found_and_one_that_changed_is_stale(tmp_path: Path) -> None:
    moved = take(tmp_path, labelled(5, SECOND)).step(1, SECOND)
    changed = take(tmp_path, labelled(1, "GET http://h/c")).step(1, SECOND)
    assert moved is not None
    assert not moved.stale
    assert changed is not None
    assert changed.stale
    assert take(tmp_path, labelled(0, FIRST)).step(1, SECOND) is None


@pytest.mark.parametrize(
    ("url", "method", "found"),
    [
        ("http://10.0.0.1:80/a", "GET", True),
        ("http://10.0.0.1:80/b", "GET", False),
        ("http://10.0.0.1:80/a", "POST", False),
    ],
)
def test_in_a_log_of_others_the_address_tells(
    tmp_path: Path, url: str, method: str, found: bool
) -> None:
    one = exchange(Request(method, url))
    assert (take(tmp_path, one).step(0, FIRST) is not None) is found


def test_what_ran_becomes_a_log_and_other_steps_stay(tmp_path: Path) -> None:
    demo = demo_of(tmp_path)
    told = Provenance(CAPTURED, date="2026-11-01")
    before = HarTake(Har((labelled(0, FIRST), labelled(1, SECOND)), told), demo, Grid())
    line = exchange_line(exchange()) + "\n"
    ran = Ran((Event(0.0, DATA, sent_line(Sent()) + "\n" + line), Event(1.0, DATA, line)), 0, 1.0)
    run = Run(demo, {1: ran}, "talk", Grid(), "2026-11-02", {"A": "b"})
    har, taken_over = make_har(run, before)
    assert taken_over == 1
    assert sorted(one.label for one in har.exchanges) == sorted(
        [marker_label(0, FIRST), *[marker_label(1, demo.steps[1].whole)] * 2]
    )
    assert har.provenance is not None
    assert (har.provenance.demo, har.provenance.commands) == ("page", (FIRST, SECOND))
    alone, none = make_har(run, None)
    assert (len(alone.exchanges), none) == (2, 0)


def test_lines_of_data_are_read_again() -> None:
    sent = Sent("GET", "http://h/é", 3, ("a", "b"), "status 200", "plot A")
    assert read_line(sent_line(sent)) == sent
    one = exchange()
    assert read_line(exchange_line(one)) == one
    assert exchange_line(exchange(None, Response(200, "é"))).isascii()
    for wrong in ("", "x", "{}", '{"sent":{}}', '{"sent":1}', "[", '{"sent":' + "[" * 100_000):
        assert read_line(wrong) is None


def test_a_plan_is_read_again(tmp_path: Path) -> None:
    (step, other) = demo_of(tmp_path).steps
    assert other.request is not None
    asked = replace(
        other.request,
        body="é\n",
        headers=(("a", "b"),),
        until=Until(Pick("status"), "200"),
        picture="plot é",
    )
    assert read_plan(plan_line(asked, "2 x").encode()) == (asked, "2 x")
    assert sent_of(asked, asked.url).until == "status 200"
    assert step.request is not None
    assert read_plan(plan_line(step.request, "").encode()) == (step.request, "")


def test_a_pattern_is_looked_for_in_what_a_person_reads() -> None:
    one = exchange(None, Response(503, "No", "HTTP/1.1", (("a", "b"),), Body("", b"x\ny", 3)))
    lines = sent_line(Sent()) + "\n" + exchange_line(one) + "\n"
    assert readable(lines) == "HTTP/1.1 503 No\na: b\n\nx\ny\n"


@pytest.mark.parametrize(
    ("statuses", "status"),
    [([200], 0), ([301], 0), ([404], 404), ([0], 1), ([], 1), ([0, 0], 1), ([503, 0, 503], 0)],
)
def test_statuses(statuses: list[int], status: int) -> None:
    assert status_of(exchange(None, Response(one)) for one in statuses) == status


def test_times_are_those_of_the_ends(tmp_path: Path) -> None:
    slow = replace(exchange(), timings=Timings(wait=2.0))
    quick = replace(exchange(), started=slow.started + timedelta(seconds=0.5))
    assert [at for at, _ in timed(Sent(), [slow, quick])] == [0.0, 0.75, 2.0]
    assert [at for at, _ in timed(Sent(), [])] == [0.0]


JSON = exchange(
    None,
    Response(
        200, headers=(("X-V", "v1"),), body=Body("", b'{"a": [{"b": "c"}], "n": 5, "t": true}')
    ),
)


@pytest.mark.parametrize(
    ("pick", "value"),
    [
        (Pick("status"), "200"),
        (Pick("header", "x-v"), "v1"),
        (Pick("header", "none"), ""),
        (Pick("json", "$.a[0].b"), "c"),
        (Pick("json", "a.0.b"), "c"),
        (Pick("json", "n"), "5"),
        (Pick("json", "t"), "true"),
        (Pick("json", "a[7].b"), ""),
        (Pick("json", "n.x"), ""),
        (Pick("regex", '"n": (\\d)'), "5"),
        (Pick("regex", '"n"'), '"n"'),
        (Pick("regex", "none"), ""),
        (Pick("regex", "("), ""),
        (Pick("other"), ""),
    ],
)
def test_values(pick: Pick, value: str) -> None:
    assert value_of(pick, JSON) == value


def test_until() -> None:
    assert holds(Until(Pick("json", "n"), "5"), JSON)
    assert holds(Until(Pick("json", "n")), JSON)
    assert not holds(Until(Pick("json", "n"), "6"), JSON)
    assert not holds(Until(Pick("json", "z")), JSON)
    assert value_of(Pick("json", "a"), exchange(None, Response(200))) == ""


def test_what_is_asked_otherwise_is_another_step(tmp_path: Path) -> None:
    """Headers, repeats and groups are part of what a recording is of."""
    block = (
        "```http +demo:page\n# @repeat 2\n# @group v by header x\nGET http://h/\nCookie: a=b\n```\n"
    )
    (demo,) = make(tmp_path, block).slide(0).demos
    whole = demo.steps[0].whole
    kept = replace(exchange(), label=marker_label(0, whole))
    found = HarTake(Har((kept,)), demo, Grid()).step(0, whole)
    assert found is not None
    assert not found.stale
    for old, new in (("a=b", "a=c"), ("@repeat 2", "@repeat 3"), ("header x", "header y")):
        (other,) = make(tmp_path, block.replace(old, new)).slide(0).demos
        changed = HarTake(Har((kept,)), other, Grid()).step(0, other.steps[0].whole)
        assert changed is not None
        assert changed.stale
