"""A talk on a laptop: sleep held off, and what a sleep that came all the same leads to."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from presenter.deck.deck import open_deck
from presenter.deck.trust import fingerprint
from presenter.demo.desk import Desk
from presenter.demo.reports import Reports
from presenter.live.awake import Awake, Wakes
from presenter.talk.fallback import Mode
from presenter.wiring.desk import make_desk
from tests.ui.stagehand import on_stage

DECK = """\
---
needs:
  web: {http: "http://127.0.0.1:9/"}
---

# x

```console +needs:web
$ ls
```
"""


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done about sleep."""
    seen: list[str] = []
    monkeypatch.setattr(Awake, "hold", lambda _self: seen.append("hold"))
    monkeypatch.setattr(Awake, "release", lambda _self: seen.append("release"))
    return seen


def desk_of(folder: Path, mode: Mode) -> Desk:
    path = folder / "talk.md"
    path.write_text(DECK)
    deck = open_deck(path)
    trusted = None if mode is Mode.RECORDED else fingerprint(deck)
    desk = make_desk(deck, Reports(), mode=mode, trusted=trusted)
    desk.runtime.start(str(path), deck.hash, "0", 0)
    return desk


async def test_sleep_is_held_off_while_the_talk_runs(tmp_path: Path, held: list[str]) -> None:
    desk = desk_of(tmp_path, Mode.DEFAULT)
    assert held == []
    desk.opened()
    assert held == ["hold"]
    desk.close()
    assert held == ["hold", "release"]


async def test_recorded_starts_nothing(tmp_path: Path, held: list[str]) -> None:
    desk = desk_of(tmp_path, Mode.RECORDED)
    desk.opened()
    desk.close()
    assert "hold" not in held


def test_after_a_sleep_all_that_is_needed_is_looked_at(
    tmp_path: Path, held: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(tmp_path, Mode.DEFAULT)
    assert desk.side is not None
    looked: list[list[str]] = []

    def look(names: Iterable[str]) -> None:
        looked.append(list(names))

    monkeypatch.setattr(desk.side.conditions, "look", look)
    now = [0.0]
    desk._wakes = Wakes(1.0, lambda: now[0])
    now[0] += 2.0
    desk.look_after_sleep()
    assert looked == []
    now[0] += 600.0
    desk.look_after_sleep()
    assert looked == [["web"]]
    assert [line.partition(" ")[2] for line in desk.reports.lines] == ["awake again after 600 s"]
    desk.close()
    assert held == ["release"]


async def test_the_stage_asks_by_itself(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as hand:
        now = iter(range(0, 10_000, 100))
        hand.desk._wakes = Wakes(1.0, lambda: float(next(now)))
        await hand.wait(lambda: bool(hand.desk.reports.lines), "the report")
        assert hand.desk.reports.lines[0].endswith("awake again after 100 s")
