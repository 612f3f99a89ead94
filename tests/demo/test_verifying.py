"""`presenter verify`: whether a deck's recordings are of its commands, and still true."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from presenter.deck.deck import Deck, open_deck
from presenter.deck.http import HttpRequest
from presenter.deck.kubernetes import Query
from presenter.deck.model import Place, Step
from presenter.deck.trust import fingerprint
from presenter.recording.asciicast import OUTPUT, Event
from presenter.recording.drift import Shown, drift
from presenter.recording.har import Body, Exchange, Request, Response
from presenter.recording.har_writer import exchange_line
from presenter.recording.ran import DATA
from presenter.wiring.recording import record
from presenter.wiring.verifying import Verdict, verify
from tests.live.probe_stubs import Page, serving

DECK = """\
---
vars: {{HOST: '127.0.0.1:{port}'}}
---
# One

```console +demo:files
$ cat {folder}/list
$ date; echo done
```

```http +demo:page
# @repeat 6 every 1ms
# @group version by json v
GET http://{{{{HOST}}}}/v
###
GET http://{{{{HOST}}}}/page
```
"""


def deck_at(folder: Path, port: int) -> Deck:
    for name in ("slides", "recordings"):
        (folder / name).mkdir(exist_ok=True)
    path = folder / "slides" / "talk.md"
    path.write_text(DECK.format(port=port, folder=folder))
    return open_deck(path)


def pages(version: str = "v1", text: str = "hello") -> dict[str, Page]:
    body = json.dumps({"v": version})
    return {"/v": Page(body=body, kind="application/json"), "/page": Page(body=text)}


async def verified(deck: Deck, *names: str, accept: bool = False) -> list[Verdict]:
    return await verify(deck, names, fingerprint(deck), lambda _verdict: None, accept=accept)


def results(found: list[Verdict]) -> dict[tuple[str, int], str]:
    return {(one.demo, one.step): one.result for one in found}


async def test_exactly_the_changed_steps_drift(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("bread\nbutter\n")
    with serving(pages()) as server:
        deck = deck_at(tmp_path, server.port)
        assert await record(deck, (), fingerprint(deck), "in a test", lambda _line: None)
        first = await verified(deck)
        assert set(results(first).values()) == {"same"}
        (tmp_path / "list").write_text("bread\njam\n")
        server.pages |= pages("v2")
        second = await verified(deck)
        assert results(second) == {
            ("files", 0): "drifted",
            ("files", 1): "same",
            ("page", 0): "drifted",
            ("page", 1): "same",
        }
        diffs = {(one.demo, one.step): one.diff for one in second}
        assert diffs["files", 0] == ("-butter", "+jam")
        assert diffs["page", 0] == ("-version: v1", "+version: v2")
        taken = await verified(deck, "files", accept=True)
        assert results(taken) == {("files", 0): "accepted", ("files", 1): "same"}
        assert set(results(await verified(deck, "files")).values()) == {"same"}


async def test_what_is_missing_stale_or_does_not_run_is_told(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("bread\n")
    with serving(pages()) as server:
        deck = deck_at(tmp_path, server.port)
        assert set(results(await verified(deck)).values()) == {"missing"}
        assert await record(deck, (), fingerprint(deck), "in a test", lambda _line: None)
        text = deck.path.read_text().replace("echo done", "echo over")
        deck.path.write_text(text)
        changed = open_deck(deck.path)
        found = results(await verified(changed, "files"))
        assert found == {("files", 0): "same", ("files", 1): "stale"}
    (tmp_path / "list").unlink()
    gone = await verified(changed)
    assert results(gone)["files", 0] == "not run"
    assert results(gone)["page", 1] == "not run"
    assert {one.why for one in gone if one.demo == "page"} == {"tainted"}


def test_the_command_prints_json_and_junit(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("bread\n")
    deck = deck_at(tmp_path, 9)
    environment = {**os.environ, "PRESENTER_STATE_DIR": str(tmp_path / "state")}

    def run(command: str, *more: str) -> subprocess.CompletedProcess[str]:
        argv = [
            sys.executable,
            "-m",
            "presenter",
            command,
            "--trust",
            *more,
            str(deck.path),
            "files",
        ]
        return subprocess.run(
            argv, capture_output=True, text=True, env=environment, timeout=120,
            stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip

    assert run("record").returncode == 0
    done = run("verify", "--json", "--junit", str(tmp_path / "junit.xml"))
    assert done.returncode == 0, done.stderr
    assert [one["result"] for one in json.loads(done.stdout)] == ["same", "same"]
    suite = Xml.parse(tmp_path / "junit.xml").getroot()  # noqa: S314 — our own
    assert (suite.get("tests"), suite.get("failures")) == ("2", "0")
    (tmp_path / "list").write_text("\x1b[31mwine\n")
    again = run("verify", "--junit", str(tmp_path / "junit.xml"))
    assert again.returncode == 1
    assert "✗ files 1  drifted" in again.stdout
    assert "\n    -bread\n    +wine\n" in again.stdout
    suite = Xml.parse(tmp_path / "junit.xml").getroot()  # noqa: S314 — our own
    (failure,) = suite.iter("failure")
    assert failure.get("message") == "drifted"
    assert "+wine" in (failure.text or "")


# --- what is compared -----------------------------------------------------------------------------


def step(*transcript: str) -> Step:
    return Step("x", Place("x.md", 1), transcript=transcript or None)


def output(text: str, status: int | None = 0) -> Shown:
    return Shown((Event(0.0, OUTPUT, text.replace("\n", "\r\n")),), status, (40, 5))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("web-5d4f8c7b9-x2x4z  1/1  Running  2m\n", "web-7c9f8d6b5-k8s7q  1/1  Running  31s\n"),
        ("web-75bcb8bd67-dvhsx  1/1\n", "web-5d4f8c7b9-x2x4z  1/1\n"),
        ("built in 3.2 s at 10.0.0.1:80\n", "built in 14 s at 10.9.8.7:8080\n"),
        ("\x1b[31mred\x1b[0m\n", "red\n"),
        ("".join(f"{n}\n" for n in range(90)), "".join(f"{n}\n" for n in range(90))),
    ],
)
def test_what_differs_from_run_to_run_is_no_drift(before: str, after: str) -> None:
    assert drift(step(), output(before), output(after)) == ()


def test_statuses_and_lines_are_compared() -> None:
    assert drift(step(), output("a\n", 0), output("a\n", 2)) == ("-exit status 0", "+exit status 2")
    assert drift(step(), output("a\nb\n"), output("a\nc\n")) == ("-b", "+c")
    assert drift(step(), output("a\n", None), output("a\n", 0)) == ()


def test_what_a_transcript_leaves_open_may_differ() -> None:
    told = step("begin", "...", "end")
    assert drift(told, output("begin\n1\nend\n"), output("begin\n2\n3\nend\n")) == ()
    assert drift(told, output("begin\n1\nend\n"), output("begin\n2\nend!\n")) != ()


def test_a_long_difference_is_cut() -> None:
    before = "".join(f"a {n}x\n" for n in range(100))
    after = "".join(f"b {n}y\n" for n in range(100))
    found = drift(step(), output(before), output(after))
    assert len(found) == 41
    assert found[-1] == "… 160 more lines differ"


def watched(*pods: tuple[str, str]) -> Shown:
    rows = [
        {"cells": [name, status, "5s"], "object": {"metadata": {"name": name}}}
        for name, status in pods
    ]
    columns = [{"name": name} for name in ("Name", "Status", "Age")]
    table = {"kind": "Table", "columnDefinitions": columns, "rows": rows}
    line = json.dumps({"at": 1.0, "list": table, "first": True, "last": True})
    return Shown((Event(0.0, DATA, f"{line}\n"),), 0, (40, 5))


def test_of_a_watch_the_rows_at_its_end_are_compared() -> None:
    asks = Step("watch pods", Place("x.md", 1), transcript=None, query=Query("watch", "pods"))
    before = watched(("web-5d4f8c7b9-x2x4z", "Running"), ("db-0", "Running"))
    after = watched(("db-0", "Running"), ("web-7c9f8d6b5-k8s7q", "Running"))
    assert drift(asks, before, after) == ()
    worse = watched(("db-0", "Pending"), ("web-7c9f8d6b5-k8s7q", "Running"))
    assert drift(asks, before, worse) == ("-db-0 Running", "+db-0 Pending")


def answered(body: str) -> Shown:
    found = Exchange(
        datetime(2026, 11, 26, tzinfo=UTC),
        Request("GET", "http://h/"),
        Response(200, "OK", body=Body("text/html", body.encode(), len(body))),
    )
    return Shown((Event(0.0, DATA, f"{exchange_line(found)}\n"),), 0, (40, 5))


def test_a_body_that_the_deck_has_a_pattern_for_is_judged_by_that() -> None:
    asks = Step("GET", Place("x.md", 1), transcript=None, request=HttpRequest("GET", "http://h/"))
    assert drift(asks, answered("a"), answered("b")) == ("-a", "+b")
    assert drift(replace(asks, expect="a|b"), answered("a"), answered("b")) == ()


def test_the_order_of_conditions_is_chance() -> None:
    asks = Step("x", Place("x.md", 1), transcript=None, query=Query("describe", "deploy", "web"))

    def described(*names: str) -> Shown:
        conditions = [{"type": name, "lastTransitionTime": name} for name in names]
        told = {"at": 1.0, "object": {"status": {"conditions": conditions}}}
        return Shown((Event(0.0, DATA, f"{json.dumps(told)}\n"),), 0, (40, 5))

    assert drift(asks, described("A", "B"), described("B", "A")) == ()
    assert drift(asks, described("A", "B"), described("A", "C")) != ()
