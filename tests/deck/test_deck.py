"""Opening decks: what is refused, what is lazy, what a reload needs to know."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from presenter.deck.deck import CACHED_SLIDES, open_deck
from presenter.deck.model import Failure
from presenter.deck.outline import outline, outline_text
from presenter.errors import DeckError
from presenter.talk.session import Script
from tests.deck.decks import make, titles


def test_a_missing_deck(tmp_path: Path) -> None:
    with pytest.raises(DeckError, match="no such file"):
        open_deck(tmp_path / "none.md")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DeckError, match="is a folder"):
        open_deck(tmp_path)


@pytest.mark.parametrize(("data", "offset"), [(b"abc\xff", 3), (b"\xef\xbb\xbfa\xff", 4)])
def test_what_is_not_text_is_refused_with_its_offset(
    tmp_path: Path, data: bytes, offset: int
) -> None:
    (tmp_path / "x.md").write_bytes(data)
    with pytest.raises(DeckError, match=f"not UTF-8 text at byte {offset} "):
        open_deck(tmp_path / "x.md")


def test_more_than_five_megabytes(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_bytes(b"x" * 5_000_001)
    with pytest.raises(DeckError, match="larger than 5 MB"):
        open_deck(tmp_path / "x.md")


def test_a_deck_is_a_script(tmp_path: Path) -> None:
    script: Script = make(tmp_path, "# A\n\n<!-- pause -->\n\n---\n\n# B\n")
    assert len(script) == 2
    assert script.slide_id(1) == "b"
    assert (script.index_of("b"), script.index_of("c")) == (1, None)
    assert len(script.stops(0)) == 1
    assert script.demos(0) == ()


def test_the_hash_covers_the_includes(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("one")
    text = "<!-- include: one.md -->\n"
    before = make(tmp_path, text).hash
    assert before == hashlib.sha256(text.encode() + b"one").hexdigest()
    (tmp_path / "one.md").write_text("two")
    assert make(tmp_path, text).hash != before


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("# A\n---\n# B\n", "# A\n---\n# B\n", None),
        ("# A\n---\n# B\n", "# A\n---\n# B2\n", 1),
        ("# A\n---\n# B\n", "# A\n---\n# B\n---\n# C\n", 1),
        ("# A\n---\n# B\n---\n# C\n", "# A\n---\n# B\n---\n", 1),
    ],
)
def test_the_first_slide_that_changed(
    tmp_path: Path, before: str, after: str, expected: int | None
) -> None:
    old, new = make(tmp_path, before, "old.md"), make(tmp_path, after, "new.md")
    assert new.first_changed(old) == expected


def test_the_root_is_above_a_folder_named_slides(tmp_path: Path) -> None:
    assert make(tmp_path, "x", "slides/a.md").root == tmp_path
    assert make(tmp_path, "x", "talks/a.md").root == tmp_path / "talks"


def test_slides_are_kept_up_to_a_number(tmp_path: Path) -> None:
    deck = make(tmp_path, "\n---\n".join(f"# {n}\n" for n in range(CACHED_SLIDES + 10)))
    first = deck.slide(0)
    assert deck.slide(0) is first
    for index in range(len(deck)):
        deck.slide(index)
    assert deck.slide(0) is not first
    assert deck.slide(0) == first


def test_opening_a_deck_imports_no_parser(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("# A\n\n<!-- notes: b -->\n\n---\n\n# B\n")
    code = (
        "import sys, pathlib\n"
        "from presenter.deck.deck import open_deck\n"
        f"deck = open_deck(pathlib.Path({str(tmp_path / 'x.md')!r}))\n"
        "assert deck.title(1) == 'B'\n"
        "print([name for name in ('markdown_it', 'yaml', 'rich', 'pygments')"
        " if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_slide_that_raises_becomes_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(text: str) -> None:
        raise KeyError(text)

    deck = make(tmp_path, "# A\n")
    monkeypatch.setattr("presenter.deck.slide.parse", explode)
    (failure,) = deck.slide(0).blocks
    assert isinstance(failure, Failure)
    assert "cannot be read" in failure.problem.message
    assert "# A" in failure.source


MARKDOWN = st.text("#-*`~<!>[]()|:+{} \nabc$&\\_^\"'1.", max_size=200) | st.text(max_size=80)


@given(MARKDOWN)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_deck(tmp_path: Path, text: str) -> None:
    deck = make(tmp_path, text.encode("utf-8", "replace").decode())
    outline_text(deck)
    for index in range(len(deck)):
        assert "cannot be read" not in str(deck.slide(index).problems)


def test_the_outline(tmp_path: Path) -> None:
    deck = make(
        tmp_path,
        "---\ntitle: T\nvars: {when: 2018-01-01}\n---\n# A\n<!-- notes: n -->\n\n"
        "```console +demo:d +needs:cluster\n$ ls\n```\n<!-- no_output_known -->\n<!-- puase -->\n",
    )
    found = outline(deck, lambda demo: {"file": f"{demo.name}.cast"})
    assert found["slides"] == [
        {
            "id": "title", "index": 0, "title": "T", "place": f"{tmp_path}/talk.md:1:1",
            "notes": [], "stops": 0, "share": None, "optional": False, "demos": [], "variants": [],
        },
        {
            "id": "a", "index": 1, "title": "A", "place": f"{tmp_path}/talk.md:5:1",
            "notes": [{"text": "n", "stop": 0}], "stops": 2, "share": None, "optional": False,
            "variants": [],
            "demos": [
                {
                    "name": "d", "kind": "shell", "language": "console",
                    "place": f"{tmp_path}/talk.md:8:1", "session": "", "needs": ["cluster"],
                    "exports": [], "os": "", "background": False, "hidden": False, "full": False,
                    "open": "", "recording": {"file": "d.cast"},
                    "steps": [
                        {
                            "command": "ls", "run": "", "prompt": "$ ",
                            "place": f"{tmp_path}/talk.md:9:3", "transcript": None,
                            "timeout": None, "expect": "", "expect_exit": None,
                            "expect_failure": False, "provides": [], "needs": ["cluster"],
                            "type": "auto", "live": "", "on_fail": "", "note": "",
                        }
                    ],
                }
            ],
        },
    ]  # fmt: skip
    assert found["problems"] == [
        {
            "file": f"{tmp_path}/talk.md",
            "line": 12,
            "column": 1,
            "severity": "warning",
            "message": "unknown comment command `puase` (did you mean `pause`?)",
        }
    ]


def test_the_outline_for_people(tmp_path: Path) -> None:
    deck = make(tmp_path, "# A\n\n```console +demo:d\n$ ls\nx\n```\n\n---\n\ntext\n")
    assert outline_text(deck) == (
        "talk.md\n1  A  #a  (2 presses)\n   ▸ d (shell)\n       $ ls\n2  (no title)  #slide-2\n"
    )


def test_titles_need_no_slide_to_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deck = make(tmp_path, "# A\n---\n# B\n")
    monkeypatch.setattr("presenter.deck.deck.Deck.slide", None)
    assert titles(deck) == ["A", "B"]
