"""Pictures of HTTP exchanges, on a pane's terminal."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.layout.exchange import MOST_LINES, HttpPicture, size
from presenter.layout.traffic import MOST_BARS, duration
from presenter.recording.har import Body, Exchange, Request, Response, Timings
from presenter.recording.har_lines import Sent, sent_line
from presenter.recording.har_writer import exchange_line
from presenter.terminal import new_emulator
from tests.layout.pictured import plain
from tests.layout.samples import dependencies, matrix
from tests.recording.hars import exchange


def picture(*data: Sent | Exchange, columns: int = 80) -> HttpPicture:
    drawn = HttpPicture()
    for one in data:
        drawn.take(sent_line(one) if isinstance(one, Sent) else exchange_line(one))
    return drawn


def shown(drawn: HttpPicture, columns: int = 80, rows: int = 200, height: int = 20) -> list[str]:
    emulator = new_emulator(columns, rows)
    emulator.feed(drawn.text(columns, height))
    lines = emulator.text()
    while lines and not lines[-1]:
        lines.pop()
    return lines


def answered(data: str | bytes, mime: str, status: int = 200) -> Exchange:
    data = data.encode() if isinstance(data, str) else data
    headers = (("date", "today"), ("x-version", "v1"), ("Set-Cookie", "id=secret12345"))
    return replace(
        exchange(
            Request("GET", "http://h/?token=abcd", headers=(("Accept", "a/b"),)),
            Response(status, "OK", "HTTP/1.1", headers, Body(mime, data, len(data))),
        ),
        timings=Timings(connect=0.01, wait=0.25, receive=0.04),
    )


def test_a_request_on_its_way() -> None:
    assert shown(picture(Sent())) == ["waiting for the response …"]


def test_an_exchange_as_a_person_reads_it() -> None:
    drawn = picture(Sent(), answered('{"a":[1]}', "application/json; charset=utf-8"))
    assert shown(drawn) == [
        "200 OK  HTTP/1.1  application/json  9 B",
        "━━━━━━━━━━━━━━━━━━━━━━  300 ms  connect 10 ms  wait 250 ms  receive 40 ms",
        "▸ 3 headers, all below  x-version: v1  date: today  Set-Cookie: ••••••••••••••",
        "",
        "{",
        '  "a": [',
        "    1",
        "  ]",
        "}",
        "",
        "── the request ──",
        "GET http://h/?token=••••",
        "Accept: a/b",
        "── the response's headers ──",
        "date: today",
        "x-version: v1",
        "Set-Cookie: ••••••••••••••",
    ]


def test_colours_say_what_is_what() -> None:
    text = picture(answered('{"a": 1}', "application/json")).text(80)
    assert "\x1b[1;32m200 OK" in text
    assert "\x1b[34m" in text  # a name in JSON
    assert "\x1b[1;33m404 OK" in picture(answered("", "", 404)).text(80)
    assert "\x1b[1;31m503 OK" in picture(answered("", "", 503)).text(80)


def test_no_answer() -> None:
    one = replace(exchange(None, Response(0)), error="connection refused")
    assert shown(picture(Sent(), one))[0] == "no answer  connection refused"


@pytest.mark.parametrize(
    ("data", "mime", "line"),
    [
        ("<p>x</p>", "text/html", "<p>x</p>"),
        (b"\x89PNG\0\xff", "image/png", "(6 B of image/png)"),
        (b"\xe9t\xe9", "text/plain; charset=latin-1", "été"),
        (b"\xe9t\xe9", "text/plain", "été"),
        (b"\xe9t\xe9", "text/plain; charset=none", "(3 B of text/plain; charset=none)"),
        ("not json", "application/json", "not json"),
        ("a\x1b[2Jb\x9bc\u202ed", "text/plain", "a"),
    ],
)
def test_bodies(data: str | bytes, mime: str, line: str) -> None:
    lines = shown(picture(answered(data, mime)))
    assert lines[4].startswith(line)
    assert lines[0].startswith("200 OK")  # nothing in it has cleared the screen


def test_long_bodies_are_cut_and_say_so() -> None:
    lines = shown(picture(answered("x\n" * 5000, "text/plain")), rows=500)
    text = picture(answered("x\n" * 5000, "text/plain")).text(80)
    assert f"… {5000 - MOST_LINES} more lines" in text
    assert len(lines) == 500
    one = answered("abcé".encode()[:-1], "text/plain")
    body = replace(one.response.body, size=10**9)
    one = replace(one, response=replace(one.response, body=body))
    assert "… cut: the first 4 B of 1 GB" in shown(picture(one))


def test_many_are_counted() -> None:
    many = [
        replace(
            exchange(None, Response(503 if n == 0 else 200, "OK")),
            groups=(("version", f"v{1 + n % 4 // 3}"),),
            timings=Timings(wait=0.1 * (1 + n % 2)),
        )
        for n in range(8)
    ]
    lines = shown(picture(Sent(repeat=10, groups=("version",)), *many), 100)
    assert lines[0].startswith("8 of 10  median 200 ms  95 % 200 ms  most 200 ms")
    bars = [line.split() for line in lines]
    assert ["version", "v1", "█" * 48, "6", "75%"] in bars
    assert ["v2", "█" * 16, "2", "25%"] in bars
    assert ["status", "200", "█" * 56, "7", "88%"] in bars
    assert ["503", "█" * 8, "1", "12%"] in bars
    assert "200 ms ┤  ██  ██  ██  ██" in lines
    assert lines[-2] == "200 OK  text/plain" or lines[-2].startswith("200 OK")


def test_of_many_values_the_most_are_shown() -> None:
    many = [replace(exchange(), groups=(("g", f"value {n}"),)) for n in range(20)]
    lines = shown(picture(Sent(repeat=20, groups=("g",)), *many))
    bars = [line for line in lines if "value" in line or "others" in line]
    assert len(bars) == MOST_BARS
    assert f"{20 - MOST_BARS + 1} others" in bars[-1]


def test_what_is_repeated_until_something_shows_the_last_one() -> None:
    one = answered('{"a": 1}', "application/json")
    lines = shown(picture(Sent(repeat=120, until="json a 1"), one, one))
    assert lines[0].startswith("2, until json a 1")
    assert "{" in lines


GRAPH = dependencies([("page", "reviews", 5, 0)])


def test_a_picture_of_the_body_stands_before_it() -> None:
    lines = shown(picture(Sent(picture="graph Calls"), answered(json.dumps(GRAPH), "a/json")))
    assert lines[4:8] == [
        "Calls",
        "╭──────╮     ╭─────────╮",
        "│ page │───5▶│ reviews │",
        "╰──────╯     ╰─────────╯",
    ]
    below = lines.index("── the response's body ──")
    assert '"parent": "page"' in "".join(lines[below:])


def test_an_exchange_alone_says_what_is_drawn_of_it() -> None:
    one = replace(answered(json.dumps(GRAPH), "a/json"), picture="graph")
    assert "│ page │───5▶│ reviews │" in shown(picture(one))


def test_a_body_that_is_something_else_is_shown_below_a_line_that_says_so() -> None:
    lines = shown(picture(Sent(picture="plot"), answered('{"a": [1]}', "application/json")))
    assert lines[3].startswith("no plot: the body is not what Prometheus answers to a query")
    assert lines[6] == "{"
    refused = replace(exchange(None, Response(0)), error="connection refused")
    assert "no plot" not in "\n".join(shown(picture(Sent(picture="plot"), refused)))


def test_of_many_the_last_that_came_whole_is_drawn() -> None:
    first = answered(json.dumps(GRAPH), "a/json")
    again = answered(json.dumps(dependencies([("page", "reviews", 7, 0)])), "a/json")
    empty = replace(first, response=replace(first.response, body=Body("", b"", 900)))
    drawn = picture(Sent(repeat=9, picture="graph"), first)
    assert "│ page │───5▶│ reviews │" in shown(drawn)
    drawn.take(exchange_line(again) + "\n" + exchange_line(empty))
    lines = shown(drawn)
    assert lines[0].startswith("3 of 9")
    assert "│ page │───7▶│ reviews │" in lines
    assert "300 ms ┤██████" in lines
    drawn = picture(Sent(repeat=9, until="status 200", picture="graph"), again)
    assert shown(drawn)[0].startswith("1, until status 200")
    assert "│ page │───7▶│ reviews │" in shown(drawn)


def test_a_plot_fits_into_a_pane_of_its_size() -> None:
    body = json.dumps(matrix("v1", "v2", points=4, value=lambda _, n: n))
    drawn = picture(Sent(picture="plot"), answered(body, "application/json"))
    for columns, rows in ((60, 15), (80, 20), (160, 40)):
        lines = [plain(line) for line in drawn.text(columns, rows).split("\r\n")]
        end = lines.index("── the request ──")
        assert rows - 1 <= end <= rows
        assert lines[end - 2] == "━━ v1 3   ━━ v2 3"
        assert shown(drawn, columns, 200, rows)[:end] == [line.rstrip() for line in lines[:end]]


def test_data_that_cannot_be_read_is_said_once() -> None:
    drawn = HttpPicture()
    drawn.take("nonsense\n{}\n")
    assert shown(drawn) == ["(there is data that cannot be read)"]


_TEXT = st.text(max_size=20)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 999), _TEXT, st.binary(max_size=40), _TEXT), max_size=4),
    st.integers(20, 120),
    st.booleans(),
)
def test_nothing_in_an_exchange_steers_the_terminal(
    found: list[tuple[int, str, bytes, str]], columns: int, many: bool
) -> None:
    exchanges = [
        replace(
            exchange(
                None,
                Response(status, text, "", ((text, value),), Body(text, data, len(data))),
            ),
            error=value,
            groups=((text, value),),
        )
        for status, text, data, value in found
    ]
    text = picture(Sent(repeat=9 if many else 1, groups=("g",)), *exchanges).text(columns)
    emulator = new_emulator(columns, 30)
    emulator.feed(text)
    allowed = set("0123456789;m[")
    for part in text.split("\x1b")[1:]:
        assert part[0] == "["
        assert set(part[: part.index("m") + 1]) <= allowed


def test_words() -> None:
    assert [duration(one) for one in (0.0004, 0.25, 1.5, 60)] == [
        "0 ms",
        "250 ms",
        "1.50 s",
        "60 s",
    ]
    assert [size(one) for one in (0, 999, 5120, 10**7, 10**9)] == [
        "0 B", "999 B", "5.12 kB", "10 MB", "1 GB",
    ]  # fmt: skip
    assert json.loads(sent_line(Sent()))["sent"]["repeat"] == 1
