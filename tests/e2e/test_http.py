"""Requests in a real talk."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.smalltalk import run, small
from tests.live.probe_stubs import Page, serving

SLIDE = """# page

```http +demo:page
# @group version by header content-type
# @repeat {count}
GET {url}/p
Accept: text/plain
```
"""


def test_a_request_is_sent_and_shown(tmp_path: Path) -> None:
    with serving({"/p": Page(body="hello from afar")}) as server:
        slides = [SLIDE.format(count=count, url=server.address) for count in (1, 5)]
        with small(tmp_path, *slides) as talk:
            assert run(talk)["rung"] == "live"
            talk.console.wait_text("200 OK")
            talk.console.wait_text("hello from afar")
            talk.press()
            assert run(talk)["rung"] == "live"
            talk.console.wait_text("5 of 5")
            talk.console.wait_text("version")
            talk.leave()
        assert len(server.requests) == 6


def test_without_a_yes_nothing_is_contacted(tmp_path: Path) -> None:
    with serving({"/p": Page()}) as server:
        slide = SLIDE.format(count=1, url=server.address)
        with small(tmp_path, slide, arguments=("--recorded", "--speed", "16")) as talk:
            assert run(talk)["rung"] == "card"
            talk.leave()
        assert server.requests == []
