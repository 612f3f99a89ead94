"""What a check finds of requests and queries, with nobody asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from presenter.demo.preflight.machine import programs_there
from presenter.demo.preflight.slides import (
    fallbacks,
    queries_can_be_read,
    requests_are_complete,
)
from presenter.recording.kube_file import Recorded, Watched, encode
from presenter.recording.provenance import marker_label
from presenter.settings import Settings
from presenter.talk.preflight import Issue, Level
from presenter.wiring.checking import _subject
from tests.deck.decks import make

DECK = """\
---
vars: {{SHOP: "http://127.0.0.1:1"}}
---
# One

```console +export:TOKEN
$ TOKEN=x
```

```http +demo:page
{}
```
"""


def said(folder: Path, block: str, language: str = "http") -> list[str]:
    text = DECK.format(block).replace("```http", f"```{language}")
    subject = _subject(make(folder, text), Settings(), None)

    def found() -> Iterator[Issue]:
        yield from requests_are_complete(subject)
        yield from queries_can_be_read(subject)
        yield from fallbacks(subject)
        yield from programs_there(subject)

    return [
        f"{one.where.rpartition('/')[2]}: {one.what}"
        for one in found()
        if one.level is not Level.NOTE
    ]


BARE = "talk.md:10:1: page: nothing is below live: no recording, no transcript"


def test_variables_that_nothing_gives_are_told(tmp_path: Path) -> None:
    block = "GET {{SHOP}}/a\nAuthorization: {{TOKEN}}\n\n{{OTHER}}"
    assert said(tmp_path, block) == [
        "talk.md:11:1: page: nothing gives `{{OTHER}}` a value",
        BARE,
    ]


def test_requests_are_no_programs(tmp_path: Path) -> None:
    assert said(tmp_path, "GET {{SHOP}}/a") == [BARE]


def test_recordings_of_requests_are_looked_at(tmp_path: Path) -> None:
    folder = tmp_path / "recordings" / "talk"
    folder.mkdir(parents=True)
    har = folder / "page.har"
    har.write_text('{"log": {"entries": 1}}')
    (damaged,) = said(tmp_path, "GET {{SHOP}}/a")
    assert damaged.endswith("page.har: log.entries: expected a list, got a number")
    har.write_text(
        '{"log": {"entries": [{"startedDateTime": "2026-11-02", "response": {"status": 200},'
        '"request": {"method": "GET", "url": "http://127.0.0.1:2/a"}}]}}'
    )
    assert said(tmp_path, "GET {{SHOP}}/a") == []
    (absent,) = said(tmp_path, "GET {{SHOP}}/b")
    assert "page.har lacks it: there is nothing below live" in absent


def test_queries_are_looked_at(tmp_path: Path) -> None:
    block = (
        "watch: pods\nnamespace: {{NS}}\ncolumns: {A: '.spec[', B: .metadata.name, C: '.x[{{N}}'}\n"
        "until: '.status['\n---\nlogs: a\nuntil: '('\n---\nlogs: a\nuntil: 'ready on \\d+'"
    )
    told = said(tmp_path, block, "kubernetes")
    assert told[:2] == [
        "talk.md:11:1: page, step 1: nothing gives `{{N}}` a value",
        "talk.md:11:1: page, step 1: nothing gives `{{NS}}` a value",
    ]
    assert told[2].startswith("talk.md:11:1: page, step 1: `.spec[` is no JSONPath: ")
    assert told[3].startswith("talk.md:11:1: page, step 1: `.status[` is no JSONPath: ")
    assert told[4] == "talk.md:16:1: page, step 2: `(` is no pattern"
    assert len(told) == 6
    assert "nothing is below live" in told[5]


def test_patterns_of_requests_are_looked_at(tmp_path: Path) -> None:
    block = "# @group x by regex (((\n# @group y by regex a+\n# @until regex [\nGET http://h/"
    told = said(tmp_path, block)
    assert told[:2] == [
        "talk.md:14:1: page: `(((` is no pattern",
        "talk.md:14:1: page: `[` is no pattern",
    ]


def test_recordings_of_queries_are_looked_at(tmp_path: Path) -> None:
    folder = tmp_path / "recordings" / "talk"
    folder.mkdir(parents=True)
    path = folder / "page.jsonl"
    path.write_text("{}")
    (damaged,) = said(tmp_path, "get: pods", "kubernetes")
    assert "page.jsonl:1: no recording of a Kubernetes demo" in damaged
    (step,) = (
        make(tmp_path, DECK.format("get: pods").replace("```http", "```kubernetes"))
        .slide(0)
        .demos[1]
        .steps
    )
    label = marker_label(0, step.command)
    path.write_text("".join(encode(Watched((Recorded(label, 0, 1.0, ('{"at":1}',)),)))))
    assert said(tmp_path, "get: pods", "kubernetes") == []
    (absent,) = said(tmp_path, "get: jobs\n---\nget: pods", "kubernetes")
    assert absent.endswith("page.jsonl was recorded for another command")
