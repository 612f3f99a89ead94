"""`kubernetes` blocks read: a query for each document, and clear words for what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.deck.deck import open_deck
from presenter.deck.kubernetes import (
    Found,
    Query,
    QueryWrong,
    Until,
    read_queries,
    unfit,
)
from presenter.deck.model import DemoKind, DemoStop, Phase
from presenter.deck.trust import fingerprint
from tests.deck.decks import make, warnings


def read(text: str) -> Query:
    said: list[str] = []
    (found,) = read_queries(text.split("\n"), lambda message, _line: said.append(message))
    assert not said
    return found.query


def read_or_refused(lines: list[str]) -> tuple[list[Found], QueryWrong | None]:
    try:
        return read_queries(lines, lambda _message, _line: None), None
    except QueryWrong as wrong:
        return [], wrong


def test_a_watch_with_all_that_it_may_say() -> None:
    query = read(
        "watch: deployment/web\n"
        "namespace: shop\n"
        'columns: {NAME: .metadata.name, IMAGE: "{.spec.containers[0].image}"}\n'
        "until: .status.readyReplicas=3\n"
    )
    assert (query.verb, query.resource, query.name) == ("watch", "deployment", "web")
    assert query.columns == (
        ("NAME", ".metadata.name"),
        ("IMAGE", "{.spec.containers[0].image}"),
    )
    assert query.until == Until(path=".status.readyReplicas", value="3")
    assert query.line == "watch deployment/web -n shop"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("get: pods", "get pods"),
        ("get: pods\nnamespace: '*'\nselector: app in (a, b)", "get pods -A -l app in (a, b)"),
        ("logs: web-1", "logs pods/web-1 -f"),
        ("logs: deploy/web\nfollow: false\ncontainer: c", "logs deploy/web -c c"),
        ("logs: pods\nselector: app=web", "logs pods -l app=web -f"),
        ("describe: vs.networking.istio.io/x", "describe vs.networking.istio.io/x"),
        ("watch: {{KIND}}/{{NAME}}\nnamespace: {{ NS }}", "watch {{KIND}}/{{NAME}} -n {{NS}}"),
    ],
)
def test_the_line_that_is_shown(text: str, line: str) -> None:
    assert read(text).line == line


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("ready", Until(ready=True)),
        ("3 ready", Until(ready=True, count=3)),
        ("3", Until(count=3)),
        ("gone", Until(count=0)),
        (".status.phase=Running", Until(path=".status.phase", value="Running")),
        ("'{.status.ip}'", Until(path=".status.ip")),
    ],
)
def test_what_ends_a_watch(written: str, until: Until) -> None:
    assert read(f"watch: pods\nuntil: {written}").until == until


def test_values_of_an_object_become_variables(tmp_path: Path) -> None:
    block = "get: pods\nexport: {POD: .metadata.name, IP: .status.podIP}\n"
    (demo,) = make(tmp_path, f"```kubernetes +demo:x\n{block}```\n").slide(0).demos
    assert demo.exports == ("POD", "IP")
    query = demo.steps[0].query
    assert query is not None
    assert query.exports == (("POD", ".metadata.name"), ("IP", ".status.podIP"))
    assert "export POD: .metadata.name" in query.text


def test_what_ends_a_log_is_a_pattern() -> None:
    assert read("logs: x\nuntil: started .*").until == Until(pattern="started .*")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("namespace: x", 0, "needs exactly one of"),
        ("watch: pods\n\nget: pods", 2, "needs exactly one of"),
        ("watch: /", 0, "a resource such as"),
        ("watch: pods/", 0, "a resource such as"),
        ("watch: [a]", 0, "a short text"),
        ("watch: pods\nselector: a;b", 1, "a label selector"),
        ("watch: pods\nnamespace: a/b", 1, "a namespace"),
        ("watch: pods/x\nselector: a=b", 1, "exclude each other"),
        ("watch: pods\nuntil: soon", 1, "`ready`, `3 ready`"),
        ("watch: pods\ncolumns: [a]", 1, "up to 12 titles"),
        ("watch: pods\ncolumns: {a: b}", 1, "begin with a dot"),
        ("get: pods\nexport: {a-b: .x}", 1, "names of variables"),
        ("get: pods\nexport: {A: x}", 1, "begin with a dot"),
        ("logs: x\ntail: -1", 1, "a number of lines"),
        ("logs: x\ntail: true", 1, "a number of lines"),
        ("watch: pods\n---\nwatch: [", 2, ""),
        ("- a", 0, "mapping"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(QueryWrong) as found:
        read_queries(text.split("\n"), lambda _message, _line: None)
    assert found.value.line == line
    assert words in found.value.message


def test_what_has_no_meaning_is_a_warning() -> None:
    said: list[tuple[str, int]] = []
    text = "get: pods\nuntil: ready\nnamspace: x\ntail: 5"
    read_queries(text.split("\n"), lambda message, line: said.append((message, line)))
    assert said == [
        ("kubernetes: unknown key `namspace` (did you mean `namespace`?)", 2),
        ("kubernetes: `until` has no meaning for `get`", 1),
        ("kubernetes: `tail` has no meaning for `get`", 3),
    ]


def test_each_document_is_a_step_with_its_settings_and_its_place(tmp_path: Path) -> None:
    block = "#: timeout 20s\nwatch: pods\n---\n#: expect failure\nget: secrets\n---\n"
    deck = make(tmp_path, f"```kubernetes +demo:x\n{block}```\n")
    (demo,) = deck.slide(0).demos
    assert demo.kind is DemoKind.KUBERNETES
    assert [step.command for step in demo.steps] == ["watch pods", "get secrets"]
    assert [step.timeout for step in demo.steps] == [20.0, None]
    assert [step.expect_failure for step in demo.steps] == [False, True]
    assert [step.place.line for step in demo.steps] == [3, 6]
    assert len(deck.slide(0).stops) == 4
    assert deck.slide(0).stops[0] == DemoStop(0, 0, Phase.TYPE)
    assert not warnings(deck)


@pytest.mark.parametrize("block", ["", "# nothing\n", "watch: ''\n"])
def test_a_block_that_asks_nothing_is_told(tmp_path: Path, block: str) -> None:
    deck = make(tmp_path, f"```kubernetes +demo:x\n{block}```\n")
    assert not deck.slide(0).demos
    (problem,) = deck.problems()
    assert problem.message.startswith("kubernetes: ")


def test_trust_covers_all_that_is_asked(tmp_path: Path) -> None:
    def items(block: str) -> tuple[str, ...]:
        return fingerprint(make(tmp_path, f"```kubernetes +demo:x\n{block}\n```\n")).lines

    asked = items("watch: pods\nnamespace: shop\nuntil: 3 ready")
    assert asked == ("request: watch pods -n shop ⏎ until 3 ready  (kind kubernetes)",)
    for other in ("watch: pods", "watch: pods\nnamespace: shop\nuntil: 2 ready"):
        assert items(other) != asked


def test_a_deck_of_a_watch_opens(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text("```kubernetes +demo:x\nwatch: pods\n```\n")
    assert not open_deck(path).problems()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (Query("get", "pods"), ""),
        (Query("get", "pods/../secrets"), "is no resource"),
        (Query("get", "pods", name="a/b"), "is no name"),
        (Query("get", "pods", namespace="a?b"), "is no namespace"),
        (Query("get", "pods", selector="a&b"), "is no selector"),
        (Query("logs", "pods", container="a b"), "is no container"),
    ],
)
def test_what_variables_bring_is_looked_at_too(query: Query, words: str) -> None:
    assert words in unfit(query)
    assert bool(unfit(query)) is bool(words)


@given(st.text(max_size=300))
def test_any_block_is_read_or_refused(text: str) -> None:
    lines = text.split("\n")
    found, wrong = read_or_refused(lines)
    assert all(one.query.verb for one in found)
    assert wrong is None or 0 <= wrong.line <= len(lines)


VALUE = st.text(max_size=20) | st.integers() | st.booleans() | st.none() | st.lists(st.integers())


@given(
    st.dictionaries(
        st.sampled_from(["watch", "get", "logs", "namespace", "selector", "columns", "until"]),
        VALUE | st.dictionaries(st.text(max_size=5), VALUE, max_size=3),
    )
)
def test_any_mapping_is_read_or_refused(values: dict[str, object]) -> None:
    import yaml

    text = yaml.safe_dump(values)
    found, wrong = read_or_refused(text.split("\n"))
    assert wrong is None or wrong.message
    assert all(unfit(one.query) == "" for one in found)
