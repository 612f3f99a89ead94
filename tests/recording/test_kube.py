"""Recordings of Kubernetes demos: lines, files, steps, and no secret in any of them."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from presenter.deck.kubernetes import Query, Until
from presenter.deck.model import Demo, Grid
from presenter.errors import RecordingError
from presenter.recording.asciicast import Event
from presenter.recording.kube_file import (
    MOST_BYTES,
    Recorded,
    Watched,
    decode,
    encode,
    read_watched,
    without_secrets,
    write_watched,
)
from presenter.recording.kube_lines import (
    Asked,
    Changed,
    Column,
    Detail,
    Listed,
    LogLine,
    Refused,
    Row,
    Tick,
    asked_line,
    asked_of,
    encoded,
    read_line,
    readable,
    seconds_of,
)
from presenter.recording.kube_steps import BATCH_SECONDS, KubeTake, make_watched, timed
from presenter.recording.provenance import CAPTURED, Provenance, marker_label
from presenter.recording.ran import DATA, Ran, Run
from tests.deck.decks import make
from tests.live.kube_stubs import event, row, table

few = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
AT = 1764187200.0
_KEYS = st.sampled_from(
    ["asked", "at", "list", "watch", "object", "events", "log", "refused", "tick", "kind", "rows",
     "items", "cells", "columnDefinitions", "name", "metadata", "type", "titles", "first", "more",
     "creationTimestamp", "priority"]
)  # fmt: skip
_VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
    | st.sampled_from([AT, "Table", "DELETED", 10**400, "2026-11-26T20:00:00Z"])
)  # fmt: skip
_JSON = st.recursive(
    _VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


# --- lines ----------------------------------------------------------------------------------------


@few
@given(st.dictionaries(_KEYS, _JSON, max_size=5) | _JSON, st.lists(st.text(max_size=3), max_size=3))
def test_any_line_is_read_or_is_none(told: object, titles: list[str]) -> None:
    line = json.dumps(told)
    found = read_line(line, titles)
    assert found is None or isinstance(
        found, Asked | Listed | Changed | Tick | Detail | LogLine | Refused
    )
    readable(line)


@few
@given(st.text(max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    assert read_line(text) is None
    assert readable(text) == ""


@pytest.mark.parametrize(
    "line",
    [
        "", "{", "[]", "1", "{}", '{"at":1}', '{"at":"x","tick":true}', '{"at":-1,"tick":true}',
        '{"at":1e12,"tick":true}', '{"at":NaN,"tick":true}', '{"at":1e999,"tick":true}',
        '{"at":1,"list":7}', '{"at":1,"list":{"kind":"Table","rows":7}}', '{"at":1,"watch":{}}',
        '{"at":1,"watch":{"type":"ADDED","object":[]}}', '{"asked":7}', "[" * 5000,
        '{"at":1,"list":{"kind":"Table","columnDefinitions":{"a":1}}}', '{"at":' + "9" * 5000 + "}",
        '{"at":1,"object":7}', '{"at":1,"list":{},"more":1e999}',
    ],
)  # fmt: skip
def test_what_says_nothing_of_this_is_none(line: str) -> None:
    assert read_line(line) is None


def test_lines_as_they_are_told() -> None:
    wire = table(row("a", 1), row("b", 2, "Pending"))
    wire["columnDefinitions"][3] |= {"type": "integer", "priority": 1}
    found = read_line(encoded({"at": AT, "list": wire, "first": True, "last": False, "more": 3}))
    assert isinstance(found, Listed)
    assert found.columns[:2] == (Column("Name"), Column("Ready"))
    assert found.columns[3] == Column("Restarts", number=True, wide=True)
    made = seconds_of("2026-11-26T20:00:00Z")
    assert found.rows[0] == Row("shop", "a", ("a", "1/1", "Running", "0", "5s"), made)
    assert (found.first, found.last, found.more) == (True, False, 3)
    change = read_line(encoded({"at": AT, "watch": event("DELETED", row("a", 1))}))
    assert isinstance(change, Changed)
    assert (change.kind, change.rows[0].key, change.columns) == ("DELETED", ("shop", "a"), ())
    own = encoded({"at": AT, "watch": {"type": "ADDED", "object": {}}, "cells": [True, None]})
    assert read_line(own, ("A", "B")) == Changed(
        AT, "ADDED", (Row("", "True", ("true", "")),), (Column("A"), Column("B"))
    )
    assert read_line(encoded({"at": AT, "log": "é\x1b"})) == LogLine(AT, "é\x1b")
    assert read_line(encoded({"at": AT, "refused": "no"})) == Refused(AT, "no")
    assert read_line(encoded({"at": AT, "tick": True})) == Tick(AT)
    told = {"at": AT, "object": {"kind": "Pod"}, "events": [{"reason": "x"}, 7]}
    assert read_line(encoded(told)) == Detail(AT, {"kind": "Pod"}, ({"reason": "x"},))


@few
@given(
    *[st.text(max_size=8)] * 5,
    st.lists(st.text(max_size=4), max_size=3),
    st.sampled_from([None, Until(ready=True, count=3)]),
)
def test_what_is_asked_is_read_again(
    verb: str,
    resource: str,
    name: str,
    namespace: str,
    selector: str,
    titles: list[str],
    until: Until | None,
) -> None:
    columns = tuple((title, ".x") for title in titles)
    asked = asked_of(Query(verb, resource, name, "", selector, columns, until), namespace)
    assert asked.until == ("3 ready" if until else "")
    assert read_line(asked_line(asked)) == asked
    assert asked_line(asked).isascii()
    assert "\n" not in asked_line(asked)


def test_what_a_pattern_is_looked_for_in() -> None:
    lines = [
        asked_line(Asked("watch", "pods")),
        encoded({"at": AT, "list": table(row("a", 1)), "first": True, "last": True}),
        encoded({"at": AT, "watch": event("MODIFIED", row("a", 2, "Failed"))}),
        encoded({"at": AT, "tick": True}),
        encoded({"at": AT, "log": "ready on 80"}),
        encoded({"at": AT, "list": table(), "first": True, "last": True}),
        encoded({"at": AT, "object": {"kind": "Pod"}, "events": [{"reason": "R", "message": "m"}]}),
        encoded({"at": AT, "refused": "forbidden"}),
    ]
    assert readable("\n".join(lines)).splitlines() == [
        "a  1/1  Running  0  5s",
        "MODIFIED a  0/1  Failed  0  5s",
        "ready on 80",
        "no resources found",
        '{"kind": "Pod"}',
        "R m",
        "forbidden",
    ]


@pytest.mark.parametrize("time", ["", "x", None, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", 7])
def test_odd_times(time: object) -> None:
    found = seconds_of(time)
    assert found is None or isinstance(found, float)


# --- files ----------------------------------------------------------------------------------------

HEAD = '{"format":"presenter-kubernetes","version":1}\n'
_LINES = st.lists(
    st.dictionaries(st.sampled_from(["at", "log", "list", "x"]), _VALUES, max_size=3)
    .filter(lambda one: "step" not in one)
    .map(lambda one: json.dumps(one, separators=(",", ":"))),
    max_size=4,
)
_STEPS = st.builds(
    Recorded,
    st.text("0123456789abcdef ", max_size=12),
    st.none() | st.integers(-(2**31) + 1, 2**31 - 1),
    st.integers(0, 10_000).map(lambda n: n / 1000),
    _LINES.map(tuple),
)


@few
@given(
    st.lists(_STEPS, max_size=4),
    st.sampled_from([None, Provenance(CAPTURED, demo="d", commands=("get pods",))]),
)
def test_a_file_is_read_again(steps: list[Recorded], provenance: Provenance | None) -> None:
    watched = Watched(tuple(steps), provenance)
    text = "".join(encode(watched))
    assert text.isascii()
    assert decode(text, "x") == watched
    assert decode(text.replace("\n", "\n\n"), "x") == watched


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "x:1: no JSON"),
        ("{}", "x:1: no recording of a Kubernetes demo"),
        ('{"version":2,"format":"presenter-kubernetes"}', "x:1: no recording"),
        ('{"log":{"entries":[]}}', "x:1: no recording"),
        ("[]", "x:1: should be an object"),
        (HEAD + '{"at":1}', "x:2: stands before the first step"),
        (HEAD + '{"step":"1 a"}\n\n{"at":', "x:4: no JSON"),
        (HEAD + '{"step":"1 a"}\n7', "x:3: should be an object"),
        (HEAD + '{"step":"1 a"}\n' + "[" * 100_000, "x:3: no JSON"),
        (HEAD + "\n" * 200_001, "x: more than 200000 lines"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, words: str) -> None:
    with pytest.raises(RecordingError, match="^" + words):
        decode(text, "x")


@pytest.mark.parametrize(
    ("told", "status", "seconds"),
    [
        ('{"step":"1 a","status":3,"seconds":1.5}', 3, 1.5),
        ('{"step":"1 a"}', None, 0.0),
        ('{"step":"1 a","status":true,"seconds":-1}', None, 0.0),
        ('{"step":"1 a","status":99999999999,"seconds":1e9}', None, 0.0),
        ('{"step":"1 a","status":"0","seconds":NaN}', None, 0.0),
    ],
)
def test_what_a_step_says_of_its_end(told: str, status: int | None, seconds: float) -> None:
    (step,) = decode(HEAD + told, "x").steps
    assert (step.label, step.status, step.seconds) == ("1 a", status, seconds)


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"none\.jsonl: No such file"):
        read_watched(tmp_path / "none.jsonl")
    path = tmp_path / "x.jsonl"
    with path.open("wb") as stream:
        stream.truncate(MOST_BYTES + 1)
    with pytest.raises(RecordingError, match="larger than 48 MB"):
        read_watched(path)
    before = path.stat()
    long = Recorded("1 a", 0, 0.0, (encoded({"log": "x" * MOST_BYTES}),))
    with pytest.raises(RecordingError, match="too large"):
        write_watched(path, Watched((long,)), ())
    assert path.stat().st_mtime_ns == before.st_mtime_ns


# --- secrets --------------------------------------------------------------------------------------

VALUE = "s3cr3tValue42"
CODED = "czNjcjN0VmFsdWU0Mg=="
LAST = "kubectl.kubernetes.io/last-applied-configuration"


def container(**told: object) -> dict[str, object]:
    spec = {"containers": [{"name": "c", **told}]}
    return {"at": AT, "object": {"kind": "Pod", "metadata": {"name": "a"}, "spec": spec}}


def secret(**told: object) -> dict[str, object]:
    return {"kind": "Secret", "metadata": {"name": "s"}, **told}


def cells(*told: object) -> dict[str, object]:
    wire = {"kind": "Table", "rows": [{"cells": list(told), "object": {}}]}
    return {"at": AT, "list": wire, "first": True, "last": True}


PLANTED: dict[str, dict[str, object]] = {
    "data": {"at": AT, "object": secret(data={"p": CODED})},
    "string data": {"at": AT, "object": secret(stringData={"p": VALUE})},
    "an event": {"at": AT, "watch": {"type": "ADDED", "object": secret(data={"p": CODED})}},
    "a list": {"at": AT, "list": {"kind": "List", "items": [secret(data={"p": CODED})]}},
    "a list of one kind": {
        "at": AT,
        "list": {
            "kind": "SecretList",
            "items": [{"metadata": {"name": "s"}, "data": {"p": CODED}}],
        },
    },
    "data of another form": {"at": AT, "object": secret(data=[CODED])},
    "last applied": {
        "at": AT,
        "object": {
            "kind": "Secret",
            "metadata": {"annotations": {LAST: f'{{"data":{{"p":"{CODED}"}}}}'}},
        },
    },
    "last applied variable": {
        "at": AT,
        "object": {
            "kind": "Pod",
            "metadata": {"annotations": {LAST: f'[{{"name":"PASSWORD","value":"{VALUE}"}}]'}},
        },
    },
    "variable": container(env=[{"name": "DB_PASSWORD", "value": VALUE}]),
    "variable of another case": container(env=[{"value": VALUE, "name": "dbPassword"}]),
    "argument": container(args=[f"--token={VALUE}"]),
    "argument of two": container(args=["--password", VALUE]),
    "url": container(args=[f"postgres://me:{VALUE}@db/x"]),
    "member": container(password=VALUE, tokens=[VALUE]),
    "annotation": {"at": AT, "object": {"metadata": {"annotations": {"x/auth-token": VALUE}}}},
    "log": {"at": AT, "log": f"Authorization: Bearer {VALUE}"},
    "cell": cells("a", f"Bearer {VALUE}"),
    "message": {"at": AT, "object": {}, "events": [{"message": f"Bearer {VALUE}"}]},
    "refused": {"at": AT, "refused": f"https://me:{VALUE}@h/ refuses"},
}


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_a_planted_secret_is_not_in_the_file(planted: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    write_watched(path, Watched((Recorded("1 a", 0, 1.0, (encoded(planted),)),)), ())
    text = path.read_text("utf-8")
    assert VALUE not in text
    assert CODED[:-2] not in text
    assert len(read_watched(path).steps[0].lines) == 1


def test_a_value_that_the_machine_is_known_to_have_goes_everywhere() -> None:
    lines = (
        encoded({"at": AT, "log": f"é {VALUE}"}),
        encoded({"at": AT, "object": {VALUE: [f"x{VALUE}y", {"a": CODED}]}}),
        asked_line(Asked("get", "pods", selector=VALUE)),
    )
    told = Provenance(CAPTURED, commands=(f"get {VALUE}",), exports={"A": VALUE, "TOKEN": "x"})
    text = "".join(
        encode(without_secrets(Watched((Recorded("1 a", 0, 1.0, lines),), told), [VALUE]))
    )
    assert VALUE not in text
    assert CODED[:-2] not in text
    assert '"TOKEN":"x"' not in text


def test_what_is_no_secret_stays() -> None:
    pod = {
        "kind": "Pod",
        "metadata": {"name": "token-reader", "annotations": {"author": "me"}, "uid": "0-1-2"},
        "spec": {
            "automountServiceAccountToken": False,
            "serviceAccountName": "default",
            "imagePullSecrets": [{"name": "regcred"}],
            "containers": [
                {
                    "name": "c",
                    "env": [
                        {"name": "MODE", "value": "fast"},
                        {
                            "name": "DB_PASSWORD",
                            "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}},
                        },
                        {"name": "TOKEN_FILE", "value": "/var/run/token"},
                    ],
                    "envFrom": [{"secretRef": {"name": "db"}}],
                }
            ],
            "volumes": [
                {"secret": {"secretName": "web-tls", "items": [{"key": "a", "path": "tls.key"}]}},
                {"projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}},
            ],
        },
    }
    ingress = {"kind": "Ingress", "spec": {"tls": [{"hosts": ["h"], "secretName": "web-tls"}]}}
    lines = tuple(encoded({"at": AT, "object": one}) for one in (pod, ingress))
    lines = (*lines, encoded({"at": AT, "list": table(row("a", 1)), "first": True, "last": True}))
    watched = Watched((Recorded("1 a", 0, 1.0, lines),))
    assert without_secrets(watched, ()) == watched


_WORDS = st.sampled_from(
    ["kind", "Secret", "SecretList", "items", "data", "stringData", "name", "value", "password",
     "secretName", LAST, f"Bearer {VALUE}", CODED, VALUE, "\u2022\u2022", "a", "List", "key"]
)  # fmt: skip
_TREES = st.recursive(
    _WORDS | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=10,
)


@few
@given(st.dictionaries(_WORDS, _TREES, max_size=4))
def test_twice_is_as_once(tree: dict[str, Any]) -> None:
    watched = Watched((Recorded("1 a", 0, 1.0, (encoded({"at": AT, "object": tree}),)),))
    once = without_secrets(watched, (VALUE,))
    assert without_secrets(once, (VALUE,)) == once
    assert VALUE not in str(once)


# --- steps ----------------------------------------------------------------------------------------

FIRST, SECOND = "watch pods", "get deployments -n shop"


def demo_of(folder: Path) -> Demo:
    block = "watch: pods\n---\nget: deployments\nnamespace: shop"
    deck = make(folder, f"```kubernetes +demo:shop\n{block}\n```\n")
    (demo,) = deck.slide(0).demos
    assert [step.command for step in demo.steps] == [FIRST, SECOND]
    return demo


def recorded(label: str, *told: dict[str, object], seconds: float = 0.0) -> Recorded:
    lines = (asked_line(Asked("watch", "pods")), *map(encoded, told))
    return Recorded(label, 0, seconds, lines)


def at(seconds: float, text: str = "x") -> dict[str, object]:
    return {"at": AT + seconds, "log": text}


def take(*steps: Recorded) -> KubeTake:
    return KubeTake(Watched(steps), Grid())


def test_a_step_is_found_by_its_label_its_query_or_its_number() -> None:
    both = take(
        recorded(marker_label(0, FIRST), at(0, "one")),
        recorded(marker_label(1, SECOND), at(0, "two"), seconds=9.0),
    )
    found = both.step(1, SECOND)
    assert found is not None
    assert (found.stale, found.exit_status, found.duration) == (False, 0, 9.0)
    assert "two" in found.events[0].data
    assert both.screen_before(1) is None
    moved = take(recorded(marker_label(5, SECOND), at(0, "two"))).step(1, SECOND)
    assert moved is not None
    assert not moved.stale
    changed = take(recorded(marker_label(1, "get jobs"), at(3, "two"))).step(1, SECOND)
    assert changed is not None
    assert changed.stale
    assert both.step(2, "get jobs") is None
    twice = take(*(recorded(marker_label(n, FIRST), at(0, f"<{n}>")) for n in range(2)))
    for number in range(2):
        same = twice.step(number, FIRST)
        assert same is not None
        assert f"<{number}>" in same.events[0].data


def test_lines_come_in_batches_with_ticks_in_what_is_silent() -> None:
    lines = [asked_line(Asked()), *map(encoded, (at(0), at(0.05), at(0.3), at(60), at(60.01)))]
    events = list(timed(lines))
    assert [one.time for one in events] == [0.0, 0.3, 1.3, 2.3, 60.0]
    assert [one.data.count("\n") for one in events] == [3, 1, 1, 1, 2]
    assert {one.code for one in events} == {DATA}
    ticks = [read_line(one.data) for one in events[2:4]]
    assert ticks == [Tick(AT + 1.3), Tick(AT + 2.3)]
    assert list(timed([])) == []


@few
@given(
    st.lists(
        st.floats(0, 500).map(lambda n: encoded(at(round(n, 3))))
        | st.sampled_from(["{}", "7", "nonsense", '{"at":"x"}', '{"at":true}', '{"at":1e300}']),
        max_size=30,
    )
)
def test_times_ascend_and_no_line_is_lost(lines: list[str]) -> None:
    events = list(timed(lines))
    times = [one.time for one in events]
    assert times == sorted(times)
    assert not times or times[0] == 0
    told = [line for one in events for line in one.data.splitlines() if '"tick"' not in line]
    assert told == lines
    ticks = [one.time for one in events if '"tick"' in one.data]
    assert all(one.data.count("\n") == 1 for one in events if '"tick"' in one.data)
    assert all(later - sooner > 0.9 for sooner, later in itertools.pairwise(ticks))


def ran(*told: dict[str, object]) -> Ran:
    lines = [asked_line(Asked("watch", "pods")), *map(encoded, told)]
    events = tuple(Event(float(n), DATA, line + "\n") for n, line in enumerate(lines))
    return Ran((*events, Event(9.0, "o", "$ ")), 0, 1.5)


def test_what_ran_becomes_a_recording_and_other_steps_stay(tmp_path: Path) -> None:
    demo = demo_of(tmp_path)
    told = Provenance(CAPTURED, date="2026-11-01")
    before = KubeTake(
        Watched(
            (recorded(marker_label(0, FIRST), at(0, "old")), recorded(marker_label(1, SECOND))),
            told,
        ),
        Grid(),
    )
    tick: dict[str, object] = {"at": AT, "tick": True}
    told_again = ran(at(0), tick, at(1, '"tick":true}'), tick)
    run = Run(demo, {1: told_again}, "talk", Grid(), "2026-11-02", {"A": "b"})
    watched, older = make_watched(run, before)
    assert older == 1
    assert [step.label for step in watched.steps] == [
        marker_label(0, FIRST),
        marker_label(1, SECOND),
    ]
    assert [json.loads(line).get("log") for line in watched.steps[1].lines] == [
        None,
        "x",
        '"tick":true}',
    ]
    assert watched.provenance is not None
    assert (watched.provenance.demo, watched.provenance.commands) == ("shop", (FIRST, SECOND))
    again = decode("".join(encode(watched)), "x")
    assert again == watched
    alone, none = make_watched(run, None)
    assert (len(alone.steps), none) == (1, 0)
    written = Provenance("transcribed")
    stale = KubeTake(Watched((recorded(marker_label(0, "get jobs")),), told), Grid())
    for other in (KubeTake(Watched(before.watched.steps, written), Grid()), stale):
        assert make_watched(run, other)[1] == 0


def test_batches_are_no_longer_than_a_picture_needs() -> None:
    lines = [encoded(at(n * BATCH_SECONDS / 4)) for n in range(40)]
    events = list(timed(lines))
    assert 8 <= len(events) <= 10


def test_what_an_object_keeps_secret_is_in_no_cell() -> None:
    planted = "CORRECTHORSE77"
    env = [{"name": "DB_PASSWORD", "value": "hunter2hunter2"}]
    asked = {"asked": {"verb": "get", "resource": "cm", "titles": ["ALL", "Token"]}}
    item = {"data": {"password": planted}, "spec": {"env": env}}
    listed = {"at": 1.0, "list": {"kind": "List", "items": [item]},
              "cells": [[f"all: {planted} hunter2hunter2", "short"]]}  # fmt: skip
    lines = tuple(encoded(one) for one in (asked, listed))
    safe = without_secrets(Watched((Recorded("1 a", 0, 1.0, lines),)), ())
    text = "".join(safe.steps[0].lines)
    assert planted not in text
    assert "hunter2" not in text
    assert "short" not in text
    assert without_secrets(safe, ()) == safe


def test_a_column_of_the_server_that_is_called_a_token_is_dotted() -> None:
    table = {"kind": "Table", "columnDefinitions": [{"name": "Name"}, {"name": "Access Token"}],
             "rows": [{"cells": ["a", "qwertyuiop"], "object": {}}]}  # fmt: skip
    lines = (encoded({"at": 1.0, "list": table}),)
    safe = without_secrets(Watched((Recorded("1 a", 0, 1.0, lines),)), ())
    assert "qwertyuiop" not in safe.steps[0].lines[0]
    assert '"a"' in safe.steps[0].lines[0]
