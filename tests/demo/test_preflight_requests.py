"""What a check finds of requests, with nobody asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from presenter.demo.preflight.machine import programs_there
from presenter.demo.preflight.slides import fallbacks, requests_are_complete
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


def said(folder: Path, block: str) -> list[str]:
    subject = _subject(make(folder, DECK.format(block)), Settings(), None)

    def found() -> Iterator[Issue]:
        yield from requests_are_complete(subject)
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
