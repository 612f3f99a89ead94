"""What counts as the same line, which words say that all is well, which patterns are matched."""

from __future__ import annotations

import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.deck.model import Place, Step
from presenter.talk.expect import (
    Pattern,
    Refused,
    agrees,
    compile_pattern,
    first_difference,
    judge,
    missing_words,
    normalise,
    status_words,
)
from presenter.talk.fallback import Fault

PLACE = Place("deck.md", 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("istio-pilot-657cb5ddf7-8dsr7   2/2  Running", "istio-pilot-86f55cc46f-p8npd 2/2 Running"),
        ("kube-proxy-x7k2p  1/1", "kube-proxy-m4dz9 1/1"),
        ("web  Running  0  5d3h", "web  Running  0  12s"),
        ("web  1m30s", "web  2h"),
        ("took 1.234s", "took 87 ms"),
        ("3 days ago", "4 minutes ago"),
        ("kubernetes  ClusterIP  10.96.0.1  443/TCP", "kubernetes ClusterIP 10.0.0.1 443/TCP"),
        ("80:31380/TCP,443:31390/TCP", "80:30001/TCP,443:30002/TCP"),
        ("http://192.168.99.100:31380/x", "http://10.1.1.1:8080/x"),
        ("listen [::1]:8080", "listen [fe80::1]:9090"),
        ("date: Mon, 02 Apr 2018 10:11:12 GMT", "date: Tue, 24 Nov 2026 01:02:03 GMT"),
        ("2018-04-02T10:11:12Z start", "2026-11-24T01:02:03.123456+01:00 start"),
        ("10:11:12 start", "01:02:03.5 start"),
        ("Apr  2 10:11:12 host x", "Nov 24 01:02:03 host x"),
        ("commit 3f2a9c1d", "commit 0badc0de9"),
        ("sha256:" + "a1" * 32, "sha256:" + "b2" * 32),
        ("id 123e4567-e89b-12d3-a456-426614174000", "id 00000000-0000-4000-8000-0123456789ab"),
    ],
)
def test_lines_agree_but_for_what_varies(one: str, other: str) -> None:
    assert agrees(one, other)
    assert agrees(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("web 1/1 Running", "web 0/1 Running"),
        ("web Running", "web Pending"),
        ("status: 200", "status: 503"),
        ("replicas 3", "replicas 4"),
        ("http://localhost:9090/a", "http://localhost:9090/b"),
        ("istio-pilot-657cb5ddf7-8dsr7", "istio-mixer-657cb5ddf7-8dsr7"),
        ("", "x"),
        ("deadline", "headline"),
        ("version 1.20.1", "version 1.20.2"),
    ],
)
def test_lines_that_say_something_else_do_not_agree(one: str, other: str) -> None:
    assert not agrees(one, other)
    assert not agrees(other, one)


@pytest.mark.parametrize(
    ("expected", "line", "same"),
    [
        ("pointing to minikube-vm at ...", "pointing to minikube-vm at 192.168.99.100", True),
        ("pointing to minikube-vm at ...", "pointing to minikube at 192.168.99.100", False),
        ("a ... b ... c", "a 1 b 2 c", True),
        ("a ... b ... c", "a 1 2 c", False),
        ("a...a", "a", False),
        ("istio-pilot-... 2/2", "istio-pilot-657cb5ddf7-8dsr7   2/2", True),
        ("10.0.0.... up", "10.0.0.7 up", False),
        ("10.0.0.* up", "10.0.0.7 up", False),
        ("10.0.... up", "10.0.0.7. up", True),
        ("wait\\...", "wait...", True),
        ("wait\\...", "wait for it", False),
        ("wait...", "wait...", True),
        ("...", "anything", True),
        ("...", "", True),
        ("NAME  ...  AGE", "NAME   READY STATUS  AGE", True),
    ],
)
def test_three_dots_in_a_line_stand_for_anything(expected: str, line: str, same: bool) -> None:
    assert agrees(expected, line) is same


def difference(transcript: str, output: str) -> int | None:
    return first_difference(transcript.split("/"), output.split("/"))


@pytest.mark.parametrize(
    ("transcript", "output", "line"),
    [
        ("a/b", "a/b", None),
        ("a/b", "a/b//", None),
        ("a/b", "a/x", 1),
        ("a/b", "a", 1),
        ("a", "a/b", 1),
        ("a/.../c", "a/c", None),
        ("a/.../c", "a/b/b/c", None),
        ("a/.../c", "a/b/c/d", 2),
        ("a/...", "a", None),
        ("a/...", "a/b/c", None),
        (".../c", "a/b/c", None),
        (".../b/c/.../e", "b/b/c/d/e", None),
        (".../b/c/.../e", "b/c/d", 4),
        (".../.../c", "c", None),
        ("...", "x/y", None),
        (".../a", "a/b/a", None),
    ],
)
def test_three_dots_alone_stand_for_any_lines(
    transcript: str, output: str, line: int | None
) -> None:
    assert difference(transcript, output) == line


def test_a_command_that_prints_nothing() -> None:
    assert first_difference([], []) is None
    assert first_difference([], [""]) is None
    assert first_difference([], ["x"]) == 0


# --- status words -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("istio-pilot  2/2  Running", {"running", "n/n"}),
        ("istio-pilot  1/2  Running", {"running"}),
        ("web  0/0", set()),
        ('service "istio-pilot" created', {"configured"}),
        ("deployment.apps/web configured", {"configured"}),
        ("deployment.apps/web unchanged", {"configured"}),
        ("HTTP/1.1 200 OK", {"200", "ok"}),
        ("HTTP/2 503", {"503"}),
        ('"GET /x HTTP/1.1" 200 12', {"200"}),
        ("200", {"200"}),
        ("cpu 200m of 200 MB", set()),
        ("minikube: Running", {"running"}),
        ("job Completed", {"completed"}),
        ("not-created-here", set()),
    ],
)
def test_status_words(line: str, words: set[str]) -> None:
    assert status_words(line) == words


@pytest.mark.parametrize(
    ("transcript", "output", "missing"),
    [
        (["web-5d8f9c7b6-x2v9k 1/1 Running 5d"], ["web-7c9f8d6b5-k4d2z 1/1 Running 2s"], ()),
        (["web 1/1 Running"], ["web 0/1 ImagePullBackOff"], ("n/n", "running")),
        (["web 1/1 Running"], ["web 0/1 Pending", "db 1/1 Running"], ("n/n", "running")),
        (["pilot 1/1 Running"], ["istiod 1/1 Running"], ()),
        (['service "web" created'], ["service/web created"], ()),
        (['service "web" created'], ["service/web unchanged"], ()),
        (['service "web" created'], ["error: connection refused"], ("configured",)),
        (["HTTP/1.1 200 OK"], ["HTTP/1.1 503 Service Unavailable"], ("200", "ok")),
        (["NAME READY", "x"], [], ("ready",)),
        (["nothing to see"], ["something else"], ()),
        ([], ["x"], ()),
    ],
)
def test_missing_words(transcript: list[str], output: list[str], missing: tuple[str, ...]) -> None:
    assert missing_words(transcript, output) == missing


# --- patterns -----------------------------------------------------------------------------------


@pytest.fixture(params=["re2", "plain"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    name = str(request.param)
    if name == "re2":
        pytest.importorskip("re2")
    else:
        monkeypatch.setitem(sys.modules, "re2", None)
    return name


@pytest.mark.parametrize(
    ("source", "line", "found"),
    [
        ("istio-pilot.*Running", "istio-pilot-657 2/2 Running 5d", True),
        ("istio-pilot.*Running", "istio-pilot-657 2/2 Pending", False),
        ("^(created|ok)$", "ok", True),
        ("^(created|ok)$", "not ok", False),
        (r"\d{1,3} ms", "took 12 ms", True),
        ("[]a]b", "]b", True),
        ("é+", "café", True),
        ("a(b)?c", "xac", True),
    ],
)
@pytest.mark.usefixtures("engine")
def test_patterns(source: str, line: str, found: bool) -> None:
    pattern = compile_pattern(source)
    assert isinstance(pattern, Pattern)
    assert pattern.found_in(line) is found


@pytest.mark.parametrize("source", ["(?=a)a", r"(a)\1", "(a", "a**", "(?<=a)b"])
@pytest.mark.usefixtures("engine")
def test_patterns_that_are_refused(source: str) -> None:
    refused = compile_pattern(source)
    assert isinstance(refused, Refused)
    assert refused.reason


@pytest.mark.parametrize(
    "source", ["(a+)+$", "(a|a)*$", "(.*a){20}", ".*.*.*=", "((a+)b?)+$", "(?:a*)*b", "a*a*b"]
)
def test_patterns_that_run_away_are_refused_without_re2(
    source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    assert isinstance(compile_pattern(source), Refused)


@pytest.mark.parametrize("source", ["(a+)+$", "(a|aa)+$", "(.*a){9}$", ".*.*.*=", "^(([a-z])+.)+$"])
@pytest.mark.usefixtures("engine")
def test_no_pattern_takes_long(source: str) -> None:
    pattern = compile_pattern(source)
    began = time.process_time()
    if isinstance(pattern, Pattern):
        pattern.found_in("a" * 4000 + "!")
    assert time.process_time() - began < 0.5


@settings(max_examples=150, deadline=500)
@given(st.text("ab()[]{}*+?|.^$\\1,", max_size=20), st.text("ab!", max_size=300))
def test_the_plain_engine_takes_any_pattern_calmly(source: str, line: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "re2", None)
        pattern = compile_pattern(source)
        if isinstance(pattern, Pattern):
            pattern.found_in(line)


@settings(max_examples=200, deadline=500)
@given(st.text(max_size=60), st.text(max_size=60))
def test_matching_is_total(one: str, other: str) -> None:
    assert agrees(one.replace("...", ""), one.replace("...", ""))
    agrees(one, other)
    first_difference(one.split("\n"), other.split("\n"))
    missing_words(one.split("\n"), other.split("\n"))
    assert missing_words(one.split("\n"), one.split("\n")) == ()
    assert normalise(normalise(one)) == normalise(one)
    pattern = compile_pattern(one)
    if isinstance(pattern, Pattern):
        pattern.found_in(other)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("ab \n5d", max_size=8), max_size=8), st.data())
def test_wildcards_never_make_an_output_disagree_with_itself(
    lines: list[str], data: st.DataObject
) -> None:
    lines = [line.replace("\n", "") for line in lines]
    start = data.draw(st.integers(0, len(lines)))
    end = data.draw(st.integers(start, len(lines)))
    assert first_difference([*lines[:start], "...", *lines[end:]], lines) is None


@pytest.mark.parametrize("line", ["5d" * 2000, "1:" * 2000, "a-" * 2000, "a" * 4000, "... " * 1000])
def test_long_lines_take_no_time(line: str) -> None:
    began = time.process_time()
    agrees(line, line + "x")
    status_words(line)
    assert time.process_time() - began < 0.2


# --- the outcome --------------------------------------------------------------------------------


def step(*transcript: str, **settings: object) -> Step:
    return Step("x", PLACE, transcript=transcript, **settings)  # type: ignore[arg-type]


RUNS = ("web 1/1 Running",)


@pytest.mark.parametrize(
    ("told", "status", "lines", "fault"),
    [
        (step(), 0, [], None),
        (step(), 1, [], Fault.EXIT_STATUS),
        (step(), None, [], None),
        (step(expect_exit=3), 3, [], None),
        (step(expect_exit=3), 0, [], Fault.EXIT_STATUS),
        (step(expect_failure=True), 1, [], None),
        (step(expect_failure=True), 0, [], Fault.EXIT_STATUS),
        (step(expect="web.*Running"), 0, ["web 1/1 Running"], None),
        (step(expect="web.*Running"), 0, ["web Pending"], Fault.PATTERN),
        (step(expect="web.*Running"), 0, ["web", "Running"], Fault.PATTERN),
        (step(expect="web", expect_failure=True), 1, ["web"], None),
        (step(expect="(?=web)"), 0, [], None),
        (step(*RUNS), 0, ["web 1/1 Running"], None),
        (step(*RUNS), 0, ["web 0/1 Pending"], Fault.STATUS_WORDS),
        (step(*RUNS, expect_failure=True), 1, [], None),
        (step(*RUNS), 1, ["web 0/1 Pending"], Fault.EXIT_STATUS),
    ],
)
def test_what_is_wrong_with_a_step(
    told: Step, status: int | None, lines: list[str], fault: Fault | None
) -> None:
    assert judge(told, status, lines) is fault
    assert judge(told, status, lines, interrupted=True) is None


def test_an_output_that_nobody_knows_is_not_judged_by_it() -> None:
    assert judge(Step("x", PLACE, transcript=None), 0, ["x"]) is None
