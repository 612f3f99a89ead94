"""A talk in a line, and the names by which talks are meant."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from presenter.talk import events as e
from presenter.talk.history import TalkRecord, record_of
from presenter.talk.summary import (
    counted,
    day_of,
    ending,
    kind_of,
    meant,
    plain_name,
    planned,
    short_names,
)

WALL = "2026-05-04T09:00:00+02:00"


def record(*events: e.Event) -> TalkRecord:
    return record_of(e.Stamped(n, float(n), WALL, one) for n, one in enumerate(events, start=1))


def begun(purpose: str = "", source: str = "") -> e.SessionStarted:
    return e.SessionStarted("/a.md", "h", "" if source else WALL, "1", purpose, "intro", source)


def test_how_a_talk_ended() -> None:
    assert ending(record(begun())) == "broke off"
    assert ending(record(begun(), e.SessionEnded("quit"))) == ""
    assert ending(record(begun(), e.SessionEnded("quit"), e.SessionResumed(WALL, "1"))) == (
        "broke off"
    )
    assert ending(record(begun(source="a letter"))) == "written down later"
    assert ending(record_of([], trouble="line 3")) == "damaged"


def test_what_sort_it_was_and_when() -> None:
    assert kind_of(record(begun())) == "talk"
    assert kind_of(record(begun("drill"))) == "drill"
    assert day_of(record(begun())) == "2026-05-04"
    assert day_of(record(begun(), e.Told("date", "in May"))) == "in May"
    assert day_of(record(begun(source="a letter"))) == ""


def test_what_was_planned_comes_from_the_plan_or_from_the_deck() -> None:
    described = e.TalkDescribed(duration=2700.0)
    assert planned(record(begun())) is None
    assert planned(record(begun(), described)) == 2700
    plan = e.PlanMade(("a",), ("A",), (60.0,), 1200.0)
    assert planned(record(begun(), described, plan)) == 1200


def test_steps_are_counted_by_their_rungs() -> None:
    steps = [
        e.StepFinished("a", 0, "live", 0, 1.0),
        e.StepFinished("a", 1, "recording", 0, 1.0),
        e.StepFinished("a", 1, "live", 0, 1.0),
        e.StepFinished("b", 0, "card", None, 0.0),
    ]
    told = counted(record(begun(), *steps))
    assert told == {"live": 2, "recording": 0, "transcript": 0, "card": 1}


A = "istio-101-5d0a43ce/20180301T080000.000000Z-7"
B = "istio-101-5d0a43ce/20180301T080000.500000Z-9"
C = "istio-101-00000000/20180301T080000.000000Z-7"
D = "tour-5d0a43ce/x"


def test_names_are_as_short_as_they_may_be() -> None:
    assert short_names([A, D]) == {A: "istio-101/20180301T0800", D: "tour/x"}
    assert short_names([A, B]) == {
        A: "istio-101/20180301T080000.0",
        B: "istio-101/20180301T080000.5",
    }
    assert short_names([A, C])[C] == "istio-101-00000000/20180301T0800"


SESSIONS = st.from_regex(r"[0-9]{14,17}(-[0-9])?", fullmatch=True)
FOLDERS = st.sampled_from(["a-00000000", "a-00000001", "ab-00000000", "a", "a-b"])


@given(st.lists(st.builds(lambda a, b: f"{a}/{b}", FOLDERS, SESSIONS), unique=True, max_size=8))
def test_a_short_name_means_its_talk_and_no_other(names: list[str]) -> None:
    short = short_names(names)
    for name in names:
        assert meant(short[name], names) == [name]
        assert meant(name, names) == [name]


def test_a_beginning_means_all_that_begin_so() -> None:
    assert meant("istio", [A, B, D]) == [A, B]
    assert meant("tour/x", [A, D, "tour-5d0a43ce/x2"]) == [D]
    assert meant("nothing", [A]) == []
    assert plain_name("imported/x") == "imported/x"
