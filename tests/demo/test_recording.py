"""`presenter record`: a deck's demos run live, unattended, and kept; bad takes are not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from presenter.deck.deck import Deck, open_deck
from presenter.deck.trust import fingerprint
from presenter.errors import UsageError
from presenter.recording.steps import open_take
from presenter.wiring.recording import record
from presenter.wiring.running import runnable
from tests.live.probe_stubs import Page, serving

DECK = """\
---
vars: {{HOST: '127.0.0.1:{port}'}}
---
# One

```console +demo:greet
$ echo hello there
$ printf 'two\\n'
```

- a point
<!-- pause -->
- another

```http +demo:page
GET http://{{{{HOST}}}}/a
```

# Two

```console +demo:bad
$ echo fine
#: expect success
$ false
```

```console +demo:never
#: live never
$ rm -rf x
```

```console +demo:others +recording:other/thing
$ ls
```
"""


def deck_at(folder: Path, port: int = 9) -> Deck:
    (folder / "slides").mkdir()
    (folder / "recordings").mkdir()
    path = folder / "slides" / "talk.md"
    path.write_text(DECK.format(port=port))
    return open_deck(path)


def test_what_is_recorded(tmp_path: Path) -> None:
    deck = deck_at(tmp_path)
    assert [demo.name for demo in runnable(deck, ())] == ["greet", "page", "bad"]
    assert [demo.name for demo in runnable(deck, ["bad"])] == ["bad"]
    with pytest.raises(UsageError, match="there is no demo `gret`"):
        runnable(deck, ["gret"])


async def test_every_demo_is_run_and_only_good_takes_are_kept(tmp_path: Path) -> None:
    said: list[str] = []
    with serving({"/a": Page(body="hi")}) as server:
        deck = deck_at(tmp_path, server.port)
        good = await record(deck, (), fingerprint(deck), "in a test", said.append)
    assert not good
    folder = tmp_path / "recordings" / "talk"
    assert sorted(path.name for path in folder.iterdir()) == ["greet.cast", "page.har"]
    take = open_take(folder / "greet.cast")
    assert take.provenance is not None
    assert take.provenance.note == "in a test"
    assert take.provenance.exit_codes == (0, 0)
    har = json.loads((folder / "page.har").read_text())
    assert har["log"]["_presenter"]["note"] == "in a test"
    assert har["log"]["entries"][0]["response"]["content"]["text"] == "hi"
    told = "\n".join(said)
    assert "kept 2 of 2 steps of greet, as recordings/talk/greet.cast" in told
    assert "false  not live: exit status" in told
    assert "bad: not kept, for not all of its steps ran live and well" in told


async def test_a_bad_run_leaves_the_recording_before(tmp_path: Path) -> None:
    with serving({"/a": Page(body="hi")}) as server:
        deck = deck_at(tmp_path, server.port)
        assert await record(deck, ["page"], fingerprint(deck), "first", lambda _line: None)
    kept = tmp_path / "recordings" / "talk" / "page.har"
    before = kept.read_bytes()
    said: list[str] = []
    assert not await record(deck, ["page"], fingerprint(deck), "second", said.append)
    assert kept.read_bytes() == before
    assert "page: not kept" in "\n".join(said)


def test_the_command_asks_for_trust_first(tmp_path: Path) -> None:
    deck = deck_at(tmp_path)
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    command = [sys.executable, "-m", "presenter", "record", str(deck.path), "greet"]

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *more], capture_output=True, text=True, env=environment, timeout=120,
            stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip

    refused = run()
    assert refused.returncode == 1
    assert "is not trusted (say yes with --trust)" in refused.stderr
    assert not (tmp_path / "recordings" / "talk").exists()
    done = run("--trust")
    assert done.returncode == 0, done.stderr
    assert "kept 2 of 2 steps of greet" in done.stdout
