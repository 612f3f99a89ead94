"""Versions of tools: kept in recordings, and told where they are others before the talk."""

from __future__ import annotations

from pathlib import Path

import pytest

from presenter.deck.deck import Deck, open_deck
from presenter.deck.trust import fingerprint
from presenter.layout.frame import Size
from presenter.recording.steps import open_take
from presenter.settings import Settings
from presenter.wiring.checking import check_deck
from presenter.wiring.recording import record
from presenter.wiring.tools import other_versions, tools_named

DECK = """\
---
needs:
  tool: {command: sometool}
---
# One

```console +demo:one
$ sometool | cat
$ echo done
```
"""


def deck_at(folder: Path) -> Deck:
    for name in ("slides", "recordings", "bin"):
        (folder / name).mkdir()
    path = folder / "slides" / "talk.md"
    path.write_text(DECK)
    return open_deck(path)


def install(folder: Path, version: str) -> None:
    program = folder / "bin" / "sometool"
    program.write_text(f"#!/bin/sh\necho sometool version {version}\n")
    program.chmod(0o755)


def test_what_conditions_name_and_cluster_tools_count(tmp_path: Path) -> None:
    deck = deck_at(tmp_path)
    assert tools_named(deck, deck.all_demos()) == ["sometool"]


async def test_a_recording_has_the_versions_it_was_made_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck = deck_at(tmp_path)
    install(tmp_path, "1.2.3")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    assert await record(deck, (), fingerprint(deck), "in a test", lambda _line: None)
    told = open_take(tmp_path / "recordings" / "talk" / "one.cast").provenance
    assert told is not None
    assert dict(told.tools) == {"sometool": "1.2.3"}


def test_another_version_is_told_before_the_talk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    deck = deck_at(tmp_path)
    install(tmp_path, "1.2.3")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    asyncio.run(record(deck, (), fingerprint(deck), "in a test", lambda _line: None))

    def told() -> list[str]:
        found = check_deck(deck, Settings(), Size(100, 34), trusted=True, static=False, watch=0.1)
        return [issue.what for issue in found.issues if "sometool" in issue.what]

    assert told() == []
    install(tmp_path, "2.0.1")
    assert told() == ["sometool is 2.0.1, and was 1.2.3 in the recording of one"]


def test_each_version_is_told_once() -> None:
    takes = {"a": {"x": "1", "kubernetes": "1.30"}, "b": {"x": "1"}, "c": {"x": "2", "y": "9"}}
    found = list(other_versions(takes, {"x": "3", "kubernetes": "1.34"}, "t.md"))
    assert [(issue.what, issue.demos) for issue in found] == [
        ("the API server is 1.34, and was 1.30 in the recording of a", ("a",)),
        ("x is 3, and was 1 in the recording of a, b", ("a", "b")),
        ("x is 3, and was 2 in the recording of c", ("c",)),
    ]
    assert found[0].todo == "presenter verify t.md"
