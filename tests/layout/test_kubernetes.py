"""Pictures of what an API server sends, on a pane's terminal."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from presenter.deck.model import Grid, Slide
from presenter.layout.datapicture import picture_of
from presenter.layout.frame import PaneView, Size
from presenter.layout.kubernetes import MARK_SECONDS, MOST_LOG, KubePicture
from presenter.layout.kubetable import MOST_ROWS, age, word_color
from presenter.layout.stage import LEAST, Kind, compose, data_grid, placement_of
from presenter.layout.text import width
from presenter.recording.kube_lines import Asked, asked_line, encoded, seconds_of
from presenter.terminal import new_emulator
from tests.layout.build import bare, paragraph, slide, slides, view
from tests.layout.test_invariants import assert_exact
from tests.live.kube_stubs import event, row, table

few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MADE = seconds_of("2026-11-26T20:00:00Z") or 0.0
NOW = MADE + 200.0
_SEQUENCE = re.compile(r"\x1b\[[0-9;]*m")


def listed(*rows: dict[str, Any], at: float = NOW, **told: object) -> dict[str, Any]:
    return {"at": at, "list": table(*rows), "first": True, "last": True, **told}


def changed(kind: str, *rows: dict[str, Any], at: float = NOW) -> dict[str, Any]:
    return {"at": at, "watch": event(kind, *rows)}


def tick(at: float) -> dict[str, Any]:
    return {"at": at, "tick": True}


def picture(*told: dict[str, Any], asked: Asked | None = None) -> KubePicture:
    drawn = KubePicture()
    drawn.take(asked_line(asked or Asked("watch", "pods", namespace="shop")))
    for one in told:
        drawn.take(encoded(one) + "\n")
    return drawn


def shown(drawn: KubePicture, columns: int = 80, rows: int = 200) -> list[str]:
    emulator = new_emulator(columns, rows)
    emulator.feed(drawn.text(columns))
    lines = emulator.text()
    while lines and not lines[-1]:
        lines.pop()
    return lines


def rows_of(drawn: KubePicture, columns: int = 80) -> list[str]:
    """The table's rows, without what stands above."""
    return shown(drawn, columns)[3:]


# --- tables ---------------------------------------------------------------------------------------


def test_a_table_as_a_person_reads_it() -> None:
    drawn = picture(listed(row("web-2", 1, "Pending"), row("web-1", 2), row("web-3", 3, "Error")))
    assert shown(drawn) == [
        "3 pods  in shop  Running 1  Pending 1  ✗ Error 1",
        "",
        "  NAME    READY   STATUS    RESTARTS     AGE",
        "  web-1   1/1     Running   0          3m20s",
        "  web-2   0/1     Pending   0          3m20s",
        "  web-3   0/1     Error     0          3m20s",
    ]
    text = drawn.text(80)
    assert "\x1b[32mRunning" in text
    assert "\x1b[33mPending" in text
    assert "\x1b[31mError" in text


def test_before_anything_has_come() -> None:
    assert shown(picture()) == ["waiting for the API server …"]
    assert shown(picture(asked=Asked("logs", "pods", "a"))) == ["waiting for a line of the log …"]
    refused = {"at": NOW, "refused": "pods is forbidden: \x1b[2Jno"}
    assert shown(picture(refused)) == ["✗ pods is forbidden: no"]
    assert shown(picture(listed())) == ["0 pods  in shop"]


def test_a_refusal_stands_below_what_was_there() -> None:
    lines = shown(picture(listed(row("a", 1)), {"at": NOW, "refused": "the connection broke"}))
    assert lines[-1] == "✗ the connection broke"
    assert lines[3].startswith("  a ")


def test_what_comes_changes_and_goes_is_marked_for_a_moment() -> None:
    drawn = picture(listed(row("a", 1, "Pending"), row("b", 2), row("c", 3)))
    assert [line[:1] for line in rows_of(drawn)] == [" ", " ", " "]
    drawn.take(encoded(changed("MODIFIED", row("a", 4), at=NOW + 1)))
    drawn.take(encoded(changed("DELETED", row("b", 5), at=NOW + 1)))
    drawn.take(encoded(changed("ADDED", row("d", 6), at=NOW + 2)))
    assert [line[:3] for line in rows_of(drawn)] == ["~ a", "- b", "  c", "+ d"]
    assert "3 pods" in shown(drawn)[0]
    assert "\x1b[7mRunning" in drawn.text(80)
    drawn.take(encoded(tick(NOW + 1 + MARK_SECONDS)))
    assert [line[:3] for line in rows_of(drawn)] == ["  a", "  c", "+ d"]
    drawn.take(encoded(tick(NOW + 2 + MARK_SECONDS)))
    assert [line[:3] for line in rows_of(drawn)] == ["  a", "  c", "  d"]
    assert "\x1b[7m" not in drawn.text(80)


def test_a_mark_lasts_from_the_last_change() -> None:
    drawn = picture(listed(row("a", 1, "Pending")))
    drawn.take(encoded(changed("MODIFIED", row("a", 2, "Running"), at=NOW + 1)))
    drawn.take(encoded(changed("MODIFIED", row("a", 3, "Error"), at=NOW + 3)))
    drawn.take(encoded(tick(NOW + 5)))
    assert rows_of(drawn)[0].startswith("~ a")
    drawn.take(encoded(changed("MODIFIED", row("a", 4, "Error"), at=NOW + 5.5)))
    drawn.take(encoded(tick(NOW + 6)))
    assert rows_of(drawn)[0].startswith("  a")  # the last one has changed no cell


def test_one_that_goes_and_comes_again_is_new() -> None:
    drawn = picture(listed(row("a", 1)), changed("DELETED", row("a", 2)))
    drawn.take(encoded(changed("DELETED", row("a", 2), at=NOW + 1)))
    drawn.take(encoded(changed("ADDED", row("a", 3, "Pending"), at=NOW + 1)))
    assert rows_of(drawn)[0].startswith("+ a")
    drawn.take(encoded(changed("DELETED", row("nobody", 3), at=NOW + 1)))
    assert len(rows_of(drawn)) == 1


def test_an_age_alone_is_no_change_and_goes_on() -> None:
    drawn = picture(listed(row("a", 1)))
    again = row("a", 2)
    again["cells"][4] = "9m"
    drawn.take(encoded(changed("MODIFIED", again, at=NOW + 1)))
    assert rows_of(drawn) == ["  a      1/1     Running   0          3m21s"]
    drawn.take(encoded(tick(NOW + 3400)))
    assert rows_of(drawn)[0].endswith("  60m")


def test_a_second_list_is_told_by_what_is_different() -> None:
    """As after 410: what was there and still is has no mark."""
    drawn = picture(listed(row("a", 1), row("b", 2), row("c", 3)))
    drawn.take(encoded(listed(row("a", 4), row("c", 5, "Error"), row("d", 6), at=NOW + 1)))
    assert [line[:3] for line in rows_of(drawn)] == ["  a", "- b", "~ c", "+ d"]


def test_a_list_in_parts_is_whole_at_its_last() -> None:
    drawn = picture({**listed(row("a", 1)), "last": False})
    assert shown(drawn) == ["waiting for the API server …"]
    drawn.take(encoded({**listed(row("b", 2), more=7), "first": False}))
    assert shown(drawn)[0] == "9 pods  in shop  Running 2  7 not listed"
    assert [line[:3] for line in rows_of(drawn)] == ["  a", "  b"]
    drawn.take(encoded({**listed(row("c", 3)), "last": False}))
    assert [line[:3] for line in rows_of(drawn)] == ["  a", "  b", "+ c"]
    drawn.take(encoded({**listed(row("b", 3)), "first": False}))
    assert [line[:3] for line in rows_of(drawn)] == ["- a", "  b", "+ c"]


def test_all_namespaces_and_own_columns() -> None:
    wire = {"kind": "PodList", "items": [row("a", 1)["object"]]}
    told = {"at": NOW, "list": wire, "cells": [["a", "x\ty"]], "first": True, "last": True}
    drawn = picture(told, asked=Asked("get", "pods", namespace="*", titles=("Name", "Und é")))
    assert shown(drawn) == [
        "1 pods  everywhere",
        "",
        "  NAMESPACE   NAME   UND É",
        "  shop        a      x y",
    ]


def test_columns_that_do_not_fit_are_counted() -> None:
    drawn = picture(listed(row("web-64c966cf88-2nh9c", 1)), asked=Asked("get", "pods"))
    assert shown(drawn, 50) == [
        "1 pods  Running 1  1 column more",
        "",
        "  NAME                   READY   STATUS      AGE",
        "  web-64c966cf88-2nh9c   1/1     Running   3m20s",
    ]
    narrow = shown(drawn, 40)
    assert narrow[2].split() == ["NAME", "READY", "AGE"]
    long = picture(listed(row("x" * 90, 1)))
    assert all(len(line) <= 40 for line in shown(long, 40))
    assert rows_of(long, 40)[0].endswith("…   3m20s")


def test_wide_columns_of_the_server_are_left_out() -> None:
    told = listed(row("a", 1))
    told["list"]["columnDefinitions"][3]["priority"] = 1
    assert shown(picture(told))[2].split() == ["NAME", "READY", "STATUS", "AGE"]


def test_more_rows_than_anybody_reads() -> None:
    many = [row(f"p{n:05}", n) for n in range(MOST_ROWS + 3)]
    text = picture(listed(*many)).text(80)
    assert "… 3 more" in text
    assert text.count("\r\n") == MOST_ROWS + 3
    assert "2,003 pods" in text


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-5, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (200, "3m20s"), (599, "9m59s"),
        (600, "10m"), (10_799, "179m"), (10_800, "3h"), (10_860, "3h1m"), (28_799, "7h59m"),
        (28_800, "8h"), (172_799, "47h"), (172_800, "2d"), (176_400, "2d1h"), (691_200, "8d"),
        (63_071_999, "729d"), (63_072_000, "2y"), (63_158_400, "2y1d"), (260_000_000, "8y"),
    ],
)  # fmt: skip
def test_ages_as_kubectl_tells_them(seconds: float, told: str) -> None:
    assert age(seconds) == told


@pytest.mark.parametrize(
    ("word", "color"),
    [
        ("Running", "32"), ("ContainerCreating", "33"), ("Init:0/2", "33"), ("web", ""),
        ("CrashLoopBackOff", "31"), ("ErrImagePull", "31"), ("Init:Error", "33"), ("False", ""),
    ],
)  # fmt: skip
def test_words_that_tell_how_something_stands(word: str, color: str) -> None:
    assert word_color(word) == color


# --- hostile --------------------------------------------------------------------------------------

_HOSTILE = st.text(
    st.sampled_from("ab \x1b[2JmH]\x07\x9b\x90\n\r\t\x00\x7f\u202e\u200d\ud800é漢👩\u0301"),
    max_size=12,
)


@few
@given(
    st.lists(st.lists(_HOSTILE, min_size=5, max_size=7), max_size=6),
    st.lists(_HOSTILE, min_size=5, max_size=5),
    st.integers(40, 200),
    _HOSTILE,
)
def test_nothing_steers_the_terminal_and_no_row_is_too_wide(
    cells: Sequence[Sequence[str]], titles: Sequence[str], columns: int, word: str
) -> None:
    wire = {
        "kind": "Table",
        "columnDefinitions": [{"name": title, "type": "string"} for title in titles],
        "rows": [
            {"cells": list(one), "object": {"metadata": {"name": str(n), "namespace": word}}}
            for n, one in enumerate(cells)
        ],
    }
    asked = Asked("watch", word or "x", namespace="*", until=word)
    drawn = picture({"at": NOW, "list": wire, "first": True, "last": True}, asked=asked)
    drawn.take(encoded({"at": NOW, "watch": {"type": word, "object": wire}}))
    lines = drawn.text(columns).split("\r\n")
    assert len(lines) == (3 + len(cells) if cells else 1)
    for line in lines:
        plain = _SEQUENCE.sub("", line)
        assert plain.replace("\u200d", "").isprintable()
        assert width(plain) <= columns
    new_emulator(columns, 10).feed(drawn.text(columns))


_VALUES = st.none() | st.integers() | st.booleans() | _HOSTILE
_OBJECTS = st.recursive(
    _VALUES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["metadata", "status", "spec", "labels", "conditions", "containers", "type", "name",
                 "containerStatuses", "state", "reason", "message", "count", "series", "kind",
                 "lastTimestamp", "creationTimestamp", "eventTime"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)  # fmt: skip


@few
@given(
    st.dictionaries(st.sampled_from(["metadata", "status", "spec", "data"]), _OBJECTS, max_size=4),
    st.lists(
        st.dictionaries(
            st.sampled_from(["reason", "message", "type", "count"]), _VALUES, max_size=4
        ),
        max_size=3,
    ),
    st.integers(40, 200),
)
def test_any_object_can_be_drawn(
    found: dict[str, Any], events: list[dict[str, Any]], columns: int
) -> None:
    drawn = picture({"at": NOW, "object": found, "events": events})
    for line in drawn.text(columns).split("\r\n"):
        assert _SEQUENCE.sub("", line).replace("\u200d", "").isprintable()
    new_emulator(columns, 10).feed(drawn.text(columns))


# --- one object, and logs -------------------------------------------------------------------------


def detail(**told: Any) -> dict[str, Any]:
    metadata = {"name": "web", "namespace": "shop", "creationTimestamp": "2026-11-26T20:00:00Z"}
    found = {"kind": "Pod", "apiVersion": "v1", "metadata": metadata, **told}
    return {"at": NOW, "object": found, "events": []}


def test_one_object_as_a_person_reads_it() -> None:
    told = detail(
        status={
            "phase": "Pending",
            "conditions": [
                {"type": "Ready", "status": "False", "reason": "ContainersNotReady"},
                {"type": "MemoryPressure", "status": "False", "message": "enough"},
                {"type": "Reconciled", "status": "Unknown"},
            ],
            "containerStatuses": [
                {
                    "name": "web",
                    "restartCount": 3,
                    "state": {"waiting": {"reason": "CrashLoopBackOff"}},
                }
            ],
        },
        spec={"containers": [{"name": "web", "image": "nginx"}, {"name": "two", "image": "x"}]},
    )
    told["object"]["metadata"]["labels"] = {"app": "web", "v": "1"}
    told["events"] = [
        {
            "reason": "BackOff",
            "message": "restarting\nfailed",
            "type": "Warning",
            "count": 4,
            "lastTimestamp": "2026-11-26T20:03:00Z",
        },
        {"reason": "Scheduled", "message": "on minikube", "eventTime": "2026-11-26T20:00:20.1Z"},
    ]
    assert shown(picture(told)) == [
        "Pod shop/web  3m20s old  Pending",
        "labels  app=web  v=1",
        "",
        "── conditions ──",
        "✗ Ready           ContainersNotReady",
        "✓ MemoryPressure  enough",
        "? Reconciled",
        "",
        "── containers ──",
        "web  nginx  CrashLoopBackOff  3 restarts",
        "two  x  Waiting  0 restarts",
        "",
        "── events ──",
        " 2m59s  Scheduled           on minikube",
        "   20s  BackOff             restarting failed (×4)",
        "",
        "── spec ──",
        "spec:",
        "  containers:",
        "  - name: web",
        "    image: nginx",
        "  - name: two",
        "    image: x",
    ]


def test_conditions_and_events_fit_where_it_is_narrow() -> None:
    condition = {"type": "T" * 90, "status": "True", "message": "m" * 900}
    told = detail(status={"conditions": [condition]})
    told["events"] = [{"reason": "R" * 90, "message": "m" * 900}]
    for columns in (40, 80, 200):
        lines = picture(told).text(columns).split("\r\n")
        assert all(len(_SEQUENCE.sub("", line)) <= columns for line in lines)


def test_an_object_without_events_says_so_and_a_long_one_is_measured() -> None:
    lines = shown(picture(detail(data={"x": "y" * 30_000})))
    assert "(none)" in lines
    assert re.fullmatch(r"\(30,0\d\d characters\)", lines[-1])


def test_a_log_is_read_from_its_end() -> None:
    drawn = picture(asked=Asked("logs", "pods", "a"))
    assert drawn.from_the_top
    for n in range(MOST_LOG + 5):
        drawn.take(encoded({"at": NOW, "log": f"\x1b[31mline\x1b[0m {n}\x1b]0;title\x07\x1b[2J"}))
    assert not drawn.from_the_top
    lines = drawn.text(80).split("\r\n")
    assert (len(lines), lines[0], lines[-1]) == (MOST_LOG, "line 5", f"line {MOST_LOG + 4}")


def test_what_cannot_be_read_changes_nothing() -> None:
    drawn = picture(listed(row("a", 1)))
    before = drawn.text(80)
    drawn.take('nonsense\n{"at":1}\n\n{"at":"x","list":{}}\n')
    assert drawn.text(80) == before


def test_the_first_line_tells_what_draws_it() -> None:
    assert isinstance(picture_of(asked_line(Asked())), KubePicture)
    assert not isinstance(picture_of('{"sent":{}}'), KubePicture)


# --- the room for it ------------------------------------------------------------------------------


@few
@given(slides, st.integers(40, 200), st.integers(12, 60), st.sampled_from(range(4)))
def test_a_pane_of_data_fits_at_every_size(
    shown_slide: Slide, columns: int, rows: int, way: int
) -> None:
    fits(shown_slide, Size(columns, rows), full=way > 1, pane_shown=way % 2 == 0)


def fits(shown_slide: Slide, size: Size, *, full: bool, pane_shown: bool) -> Grid:
    asked = replace(view(shown_slide), size=size, full=full, pane_shown=pane_shown)
    grid = data_grid(asked)
    assert grid.columns >= LEAST.columns - 2
    assert 1 <= grid.rows <= size.rows
    screen = PaneView(rows=((),) * grid.rows, columns=grid.columns, grid_rows=grid.rows, title="x")
    shown = replace(asked, pane=screen)
    placement = placement_of(shown)
    frame = compose(shown)
    assert_exact(frame)
    if placement.kind is not Kind.FULL or pane_shown:
        assert frame.pane is not None
        assert frame.pane.height - 2 >= grid.rows, "all of its rows are seen"
        assert frame.pane.width >= grid.columns
        assert frame.pane.x + frame.pane.width <= size.columns
    return grid


def test_every_size_from_the_least_on() -> None:
    for shown_slide in (bare(), slide(paragraph("words"), paragraph("and more"))):
        for columns in range(40, 201, 5):
            for rows in range(12, 61, 2):
                fits(shown_slide, Size(columns, rows), full=False, pane_shown=True)


def test_a_copy_goes_its_own_way() -> None:
    """As a player keeps them to go back to."""
    drawn = picture(listed(row("a", 1, "Pending"), row("b", 2)))
    drawn.take(encoded(changed("MODIFIED", row("a", 3), at=NOW + 1)))
    kept = copy.deepcopy(drawn)
    before = drawn.text(80)
    drawn.take(encoded(changed("DELETED", row("b", 4), at=NOW + 2)))
    drawn.take(encoded({**listed(row("c", 5), at=NOW + 9), "last": False}))
    assert kept.text(80) == before
    assert drawn.text(80) != before
    kept.take(encoded(tick(NOW + 9)))
    assert [line[:3] for line in rows_of(kept)] == ["  a", "  b"]
