"""`presenter takes`: earlier takes listed, compared and brought back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from presenter.cli import main
from presenter.deck.deck import Deck, open_deck
from presenter.deck.trust import fingerprint
from presenter.demo.player import open_player
from presenter.wiring.recording import record
from tests.live.probe_stubs import Page, serving

DECK = """\
---
vars: {{HOST: '127.0.0.1:{port}'}}
---
# One

```console +demo:list
$ cat {folder}/list
$ echo done
```

```http +demo:page
GET http://{{{{HOST}}}}/page
```
"""


async def recorded(folder: Path) -> Deck:
    """A deck whose demos have been recorded twice."""
    for name in ("slides", "recordings"):
        (folder / name).mkdir()
    with serving({"/page": Page(body="one")}) as server:
        path = folder / "slides" / "talk.md"
        path.write_text(DECK.format(port=server.port, folder=folder))
        deck = open_deck(path)
        for word in ("bread", "butter"):
            (folder / "list").write_text(f"{word}\n")
            assert await record(deck, (), fingerprint(deck), f"with {word}", lambda _line: None)
    return deck


async def test_takes_are_listed_compared_and_brought_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deck = str((await recorded(tmp_path)).path)
    capsys.readouterr()
    assert main(["takes", deck]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["list now", "list 1", "page now", "page 1"]
    assert "2 of 2 steps" in lines[0]
    assert lines[0].endswith("with butter")
    assert lines[1].endswith("with bread")

    assert main(["takes", deck, "list", "--compare", "1"]) == 1
    assert capsys.readouterr().out.splitlines()[1:4] == [
        "    -bread",
        "    +butter",
        "✓ list 2  echo done",
    ]
    assert main(["takes", deck, "page", "--compare", "1"]) == 0

    assert main(["takes", deck, "list", "--restore", "1"]) == 0
    capsys.readouterr()
    assert main(["takes", deck, "list", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["number"], one["note"]) for one in told] == [
        (0, "with bread"), (1, "with butter"), (2, "with bread"),
    ]  # fmt: skip


async def test_an_earlier_take_of_data_is_played_like_any(tmp_path: Path) -> None:
    await recorded(tmp_path)
    player = open_player(tmp_path / "recordings" / "talk" / "page.har.1")
    while player.work(1.0):
        pass
    assert len(player.markers) == 1


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["nobody"], "there is no demo `nobody`"),
        (["list", "--compare", "7"], "there is no take 7"),
        (["list", "--restore", "0"], "is the recording that is played already"),
        (["--restore", "1"], "are for one demo"),
    ],
)
async def test_what_cannot_be_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], argv: list[str], words: str
) -> None:
    deck = await recorded(tmp_path)
    assert main(["takes", str(deck.path), *argv]) in (1, 2)
    assert words in capsys.readouterr().err


async def test_a_take_that_is_damaged_is_told_and_not_brought_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deck = await recorded(tmp_path)
    folder = tmp_path / "recordings" / "talk"
    (folder / "page.har.1").write_text("{")
    before = (folder / "page.har").read_bytes()
    assert main(["takes", str(deck.path), "page"]) == 0
    assert "cannot be played" in capsys.readouterr().out
    assert main(["takes", str(deck.path), "page", "--restore", "1"]) == 1
    assert (folder / "page.har").read_bytes() == before
