"""`http` blocks: requests, their directives, and what is wrong in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.deck.deck import Deck
from presenter.deck.http import (
    Group,
    HttpRequest,
    Pick,
    RequestWrong,
    Until,
    address_problem,
    read_requests,
)
from presenter.deck.model import Demo, DemoKind, DemoStop, Failure, Phase
from presenter.deck.outline import outline, outline_text
from presenter.deck.trust import fingerprint
from tests.deck.decks import errors, make, warnings


def deck_of(folder: Path, block: str, fence: str = "") -> Deck:
    return make(folder, f"# Page\n\n```http +demo:page{fence}\n{block}\n```\n")


def demo_of(folder: Path, block: str, fence: str = "") -> Demo:
    deck = deck_of(folder, block, fence)
    assert not deck.problems(), deck.problems()
    (demo,) = deck.slide(0).demos
    return demo


def requests_of(folder: Path, block: str) -> list[HttpRequest]:
    return [step.request for step in demo_of(folder, block).steps if step.request is not None]


def test_a_request_is_a_step_that_is_typed_and_sent(tmp_path: Path) -> None:
    demo = demo_of(tmp_path, "GET http://127.0.0.1/p HTTP/1.1\nAccept: text/html\n")
    (step,) = demo.steps
    assert demo.kind is DemoKind.HTTP
    assert (step.command, step.prompt, step.transcript) == ("GET http://127.0.0.1/p", "", None)
    assert step.request == HttpRequest(
        "GET", "http://127.0.0.1/p", headers=(("Accept", "text/html"),)
    )
    stops = make(tmp_path, "```http +demo\nGET http://x/\n```\n").slide(0).stops
    assert stops == (DemoStop(0, 0, Phase.TYPE), DemoStop(0, 0, Phase.RUN))


def test_requests_are_separated_and_variables_filled_in(tmp_path: Path) -> None:
    found = requests_of(
        tmp_path,
        "@host = http://{{GATEWAY}}\n@page = {{host}}/productpage\n\n"
        "### The page\n# @name first\nhttp://a/\n  ?x=1\n  &y=2\n"
        "###\n\n// a remark\n# another\nPOST {{page}}\nContent-Type: a/json\n# within\n\n"
        '\n{"host":\n\n "{{host}}"}\n\n###\n',
    )
    assert found == [
        HttpRequest("GET", "http://a/?x=1&y=2", name="first"),
        HttpRequest(
            "POST",
            "http://{{GATEWAY}}/productpage",
            headers=(("Content-Type", "a/json"),),
            body='{"host":\n\n "http://{{GATEWAY}}"}',
        ),
    ]
    assert found[1].text == (
        "POST http://{{GATEWAY}}/productpage\nContent-Type: a/json\n\n"
        '{"host":\n\n "http://{{GATEWAY}}"}'
    )


def test_directives(tmp_path: Path) -> None:
    (found,) = requests_of(
        tmp_path,
        "# @repeat 100 every 200ms, 4 at once\n# @group version by header x-version\n"
        '// @group star by regex "star(s?)"\n# @group user by json $.users[0].name\n'
        "# @until json status.phase 'Running'\nGET http://x/\n",
    )
    assert (found.repeat, found.every, found.at_once) == (100, 0.2, 4)
    assert found.groups == (
        Group("version", Pick("header", "x-version")),
        Group("star", Pick("regex", "star(s?)")),
        Group("user", Pick("json", "$.users[0].name")),
    )
    assert found.until == Until(Pick("json", "status.phase"), "Running")


@pytest.mark.parametrize(
    ("written", "until", "repeat"),
    [
        ("status 200", Until(Pick("status"), "200"), 120),
        ('regex "a b"', Until(Pick("regex", "a b")), 120),
        ("header x-ready", Until(Pick("header", "x-ready")), 120),
        ("header x-ready a b", Until(Pick("header", "x-ready"), "a b"), 120),
    ],
)
def test_until_repeats(tmp_path: Path, written: str, until: Until, repeat: int) -> None:
    (found,) = requests_of(tmp_path, f"# @until {written}\nGET http://x/")
    assert (found.until, found.repeat, found.every) == (until, repeat, 0.5)


@pytest.mark.parametrize(
    ("written", "picture"),
    [
        ("plot", "plot"),
        ("plot Requests a second ", "plot Requests a second"),
        ("trace 5af7183fb1d4cf5f", "trace 5af7183fb1d4cf5f"),
        ("graph {{own}}", "graph of us"),
    ],
)
def test_pictures(tmp_path: Path, written: str, picture: str) -> None:
    (found,) = requests_of(tmp_path, f"@own = of us\n# @{written}\nGET http://x/")
    assert found.picture == picture


def test_settings_of_steps(tmp_path: Path) -> None:
    demo = demo_of(
        tmp_path,
        '#: timeout 5s, expect "Book", provides page\nGET http://x/\n###\n'
        "#: expect status 503, needs web\nGET http://x/",
        " +timeout:9s",
    )
    first, second = demo.steps
    assert (first.timeout, first.expect, first.provides) == (5, "Book", ("page",))
    assert (second.timeout, second.expect_exit, second.needs) == (9, 503, ("web",))


@pytest.mark.parametrize(
    ("block", "line", "message"),
    [
        ("", 3, "no request stands here"),
        ("# nothing", 3, "no request stands here"),
        ("get the page", 4, "`get the page` is no request"),
        ("GET ftp://x/", 4, "`GET ftp://x/` is no request"),
        ("\nFETCH http://x/", 5, "unknown method `FETCH`"),
        ("GET http:///x", 4, "is no address"),
        ("GET http://x:99999/", 4, "is no address"),
        ("GET http://x/\nno header", 5, "`no header` is no header"),
        ("POST http://x/\n\n< ./file.json", 6, "a body out of a file"),
        ("GET http://x/\n" + "a: b\n" * 101, 105, "more than 100 headers"),
        (f"@a = {'x' * 9000}\n@b = {{{{a}}}}{{{{a}}}}\nGET http://x/", 5, "longer than 10000"),
    ],
)
def test_what_cannot_be_sent_is_an_error_at_its_line(
    tmp_path: Path, block: str, line: int, message: str
) -> None:
    deck = deck_of(tmp_path, block)
    (error,) = errors(deck)
    assert error.startswith("http: ")
    assert message in error
    assert deck.problems()[0].place.line == line
    assert any(isinstance(shown, Failure) for shown in deck.slide(0).blocks)
    assert deck.slide(0).demos == ()


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("# @repaet 5\nGET http://x/", "unknown directive `@repaet` (did you mean `repeat`?)"),
        ("# @repeat 0\nGET http://x/", "`@repeat 0` is not understood: `@repeat COUNT"),
        ("# @repeat 5, 99 at once\nGET http://x/", "`@repeat 5, 99 at once` is not understood"),
        ("# @until soon\nGET http://x/", "`@until soon` is not understood"),
        ("# @group a by colour x\nGET http://x/", "`@group a by colour x` is not understood"),
        ("# @group a by json a..b\nGET http://x/", "`@group a by json a..b` is not understood"),
        (
            "# @plot a\n# @graph\nGET http://x/",
            "of the pictures of a request the last one is drawn",
        ),
        ("GET http://x/\n###\n# @name a", "no request stands below this"),
        ("#: run ls\nGET http://x/", "`run` has no meaning for what is asked"),
        ("#: tmeout 5s\nGET http://x/", "unknown word `tmeout` (did you mean `timeout`?)"),
        ("GET http://x/\n\na\n> {% client.log() %}", "what editors do with the response"),
    ],
)
def test_what_is_not_understood_is_a_warning(tmp_path: Path, block: str, message: str) -> None:
    deck = deck_of(tmp_path, block)
    assert errors(deck) == []
    assert [one[: len(message)] for one in warnings(deck)] == [message]


def test_without_demo_it_is_a_block_of_code(tmp_path: Path) -> None:
    deck = make(tmp_path, "```http\nHTTP/1.1 200 OK\n```\n")
    assert deck.slide(0).demos == ()
    assert not deck.problems()


def test_the_outline_and_the_trust_tell_all_that_is_sent(tmp_path: Path) -> None:
    block = "# @repeat 5 every 1s, 2 at once\nPOST http://{{HOST}}/\nX: y\n\nbody"
    deck = deck_of(tmp_path, block, " +needs:web")
    slides = outline(deck)["slides"]
    assert isinstance(slides, list)
    assert slides[0]["demos"][0]["steps"][0]["request"] == {
        "method": "POST", "url": "http://{{HOST}}/", "headers": [["X", "y"]], "body": "body",
        "name": "", "repeat": 5, "every": 1.0, "at_once": 2, "until": "", "groups": [],
        "picture": "",
    }  # fmt: skip
    assert "▸ page (http)\n       POST http://{{HOST}}/\n" in outline_text(deck)
    assert fingerprint(deck).lines == (
        "request: POST http://{{HOST}}/ ⏎ X: y ⏎  ⏎ body  "
        "(kind http, repeated 5, every 1s, at once 2, needs web)",
    )
    demo = deck.slide(0).demos[0]
    told = fingerprint(deck)
    assert told.covers(demo, demo.steps[0])
    other = deck_of(tmp_path, block.replace("body", "bodies"), " +needs:web").slide(0).demos[0]
    assert not told.covers(other, other.steps[0])


def test_a_request_that_is_never_live_is_not_asked_about(tmp_path: Path) -> None:
    assert fingerprint(deck_of(tmp_path, "#: live never\nGET http://x/")).runs_nothing


_LINES = st.lists(
    st.text("@#/ =:{}[]$.<>%\"'", max_size=6).flatmap(
        lambda noise: st.sampled_from(
            ["GET http://x/", "# @repeat 5", "@a = {{a}}b", "{{a}}", "x: y", "###", "", noise]
        )
    ),
    max_size=12,
)


@given(_LINES)
def test_any_block_is_read_or_refused_at_one_of_its_lines(lines: list[str]) -> None:
    told: list[int] = []
    try:
        found = read_requests(lines, lambda _message, line: told.append(line))
    except RequestWrong as wrong:
        told.append(wrong.line)
    else:
        assert all(one.request.method and one.request.url for one in found)
    assert all(0 <= line <= len(lines) for line in told)


@pytest.mark.parametrize("url", ["http://[::1]:80/", "https://a.b/c?d=é"])
def test_addresses(url: str) -> None:
    assert address_problem(url) == ""


@pytest.mark.parametrize("url", ["http://", "http://[::1/", "http://a b/", "http://a:0/", "x", ""])
def test_no_addresses(url: str) -> None:
    assert "no address" in address_problem(url)
