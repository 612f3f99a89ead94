"""`presenter trust`, and the question: what they show, what counts as a yes, what is remembered."""

from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.cli import main
from presenter.deck.deck import open_deck
from presenter.deck.trust import Fingerprint, Item, fingerprint, visible
from presenter.demo.truststore import Trusted, TrustStore
from presenter.layout.text import width
from presenter.wiring import trusting
from presenter.wiring.trusting import ask_about, decide_trust, presumed, untrusted_hint
from presenter.wiring.trustlist import HEADINGS, WORDS, listing, pages, summary, wrapped
from tests.deck.decks import make
from tests.deck.test_trust import BODY, FRONT

DECK = "# A\n\n```console\n$ ls\n$ rm -r x\n```\n"
HARMLESS = "# A\n\n```yaml\na: 1\n```\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, the current one, with its own state; no keys come, and the screen is 80×24."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRESENTER_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("PRESENTER_CONFIG", os.devnull)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    return tmp_path


def answers(monkeypatch: pytest.MonkeyPatch, *lines: str) -> list[str]:
    """Let these be typed, and then nothing; the list holds what is left."""
    left = list(lines)

    class Keys:
        def readline(self) -> str:
            return left.pop(0) if left else ""

        def fileno(self) -> int:
            raise ValueError("no terminal")

    monkeypatch.setattr(sys, "stdin", Keys())
    return left


def big(commands: int = 100) -> Fingerprint:
    items = tuple(Item("command", f"echo {n}", (("in", "console"),)) for n in range(commands))
    return Fingerprint("talk.md", items, "a" * 64)


# --- the command ------------------------------------------------------------------------------


def test_a_yes_is_remembered_listed_and_revoked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(folder, DECK)
    path = str(folder.resolve() / "talk.md")
    assert main(["trust", "talk.md", "--yes"]) == 0
    assert capsys.readouterr().out == f"Trusted: {path}\n"
    assert TrustStore().is_trusted(fingerprint(open_deck(Path("talk.md"))))
    assert stat.S_IMODE(TrustStore().path.stat().st_mode) == 0o600
    assert main(["trust", "--list"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\dT[\d:+-]+  {re.escape(path)}", line)
    assert main(["trust", "talk.md"]) == 0
    said = capsys.readouterr().out
    assert "rm -r x" in said
    assert "\nTrusted since 2" in said
    assert main(["trust", "--revoke", "talk.md"]) == 0
    assert main(["trust", "--revoke", "talk.md"]) == 1
    assert "is not trusted" in capsys.readouterr().err
    assert not TrustStore().is_trusted(fingerprint(open_deck(Path("talk.md"))))


def test_a_deck_that_is_gone_can_be_revoked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(folder, DECK)
    main(["trust", "talk.md", "--yes"])
    (folder / "talk.md").unlink()
    main(["trust", "--list"])
    assert "not there any more" in capsys.readouterr().out
    assert main(["trust", "--revoke", "talk.md"]) == 0
    assert TrustStore().entries() == ()


@pytest.mark.usefixtures("folder")
def test_a_sample_is_named_as_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trust", "tour", "--yes"]) == 0
    assert main(["trust", "--revoke", "tour"]) == 0
    assert "tour.md" in capsys.readouterr().out


def test_a_deck_with_nothing_to_run_needs_no_yes(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(folder, HARMLESS)
    assert main(["trust", "talk.md"]) == 0
    assert "runs and contacts nothing" in capsys.readouterr().out
    assert not TrustStore().path.exists()


def test_without_a_terminal_all_is_shown_and_nothing_asked(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make(folder, DECK)
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        assert main(["trust", "talk.md"]) == 1
    said = capsys.readouterr()
    assert "rm -r x" in said.out
    assert said.err == (
        "presenter: standard input is not a terminal (`--yes` says yes without a question)\n"
    )
    assert not TrustStore().path.exists()


def test_a_deck_that_cannot_be_trusted_is_not(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "run.sh").write_text("ls\n")
    (folder / "run.sh").chmod(0)
    if os.access(folder / "run.sh", os.R_OK):
        (folder / "run.sh").unlink()
        with (folder / "run.sh").open("wb") as file:
            file.truncate((64 << 20) + 1)
    make(folder, "```console\n$ ./run.sh\n```\n")
    assert main(["trust", "talk.md", "--yes"]) == 1
    said = capsys.readouterr()
    assert "It cannot be trusted: run.sh" in said.out
    assert "cannot be trusted: run.sh" in said.err
    assert decide_trust(open_deck(Path("talk.md")), ask=False, assume_yes=True) is None


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ("trust", 2, "DECK is missing"),
        ("trust nosuch.md", 1, "no such deck"),
        ("trust --revoke nosuch.md", 1, "no such deck"),
        ("trust talk.md --list", 2, "go without another DECK"),
        ("trust --list --yes", 2, "not allowed with argument"),
        ("talk.md --live --recorded", 2, "not allowed with argument"),
        ("talk.md --trust --recorded", 2, "--trust is of no use with --recorded"),
        ("resume --live --recorded", 2, "not allowed with argument"),
        ("resume --trust", 2, "unrecognized arguments: --trust"),
    ],
)
def test_wrong_usage_is_said_in_a_line(
    arguments: str, status: int, words: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(folder, DECK)
    try:
        ended = main(arguments.split())
    except SystemExit as exit_:
        ended = int(str(exit_.code))
    said = capsys.readouterr().err
    assert (ended, said.count("\n")) == (status, 1)
    assert words in said


def test_a_store_that_is_not_believed_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(folder, DECK)
    main(["trust", "talk.md", "--yes"])
    TrustStore().path.write_text("damaged\n")
    capsys.readouterr()
    assert main(["trust", "--list"]) == 1
    assert "no deck is trusted" in capsys.readouterr().err


# --- what counts as a yes ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "trusted"),
    [
        ("y\n", True), ("Y\n", True), ("yes\n", True), (" y \n", True), ("\n", False),
        ("n\n", False), ("", False), ("x\n", False), ("ye\n", False), ("y", True),
        ("\x1by\n", False), ("yy\n", False),
    ],
)  # fmt: skip
def test_the_answers(
    typed: str, trusted: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, typed)
    deck = make(folder, DECK)
    told = decide_trust(deck, ask=True, assume_yes=False)
    assert (told is not None) is trusted
    assert bool(TrustStore().entries()) is trusted
    if told is not None:
        (demo,) = deck.demos(0)
        assert all(told.covers(demo, step) for step in demo.steps)
        answers(monkeypatch)  # nothing is asked again
        assert decide_trust(make(folder, DECK), ask=True, assume_yes=False) == told


def test_an_interrupt_is_no_answer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Keys:
        def readline(self) -> str:
            raise KeyboardInterrupt

        def fileno(self) -> int:
            raise ValueError

    monkeypatch.setattr(sys, "stdin", Keys())
    with pytest.raises(KeyboardInterrupt):
        decide_trust(make(folder, DECK), ask=True, assume_yes=False)
    assert not TrustStore().path.exists()


@pytest.mark.parametrize("early", range(1, 12))
def test_no_yes_before_all_has_been_shown(
    early: int, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """However often `y` is typed, it is one only behind the last command."""
    needed = len(pages(listing(big(), None, 80), 21))
    assert 4 < needed < 12
    answers(monkeypatch, *["y\n"] * early)
    assert ask_about(big(), TrustStore(folder)) is (early >= needed)
    said = capsys.readouterr().out
    assert ("echo 99" in said) is (early >= needed - 1)
    assert ("now and later?" in said) is (early >= needed - 1)


def test_leaving_early_is_a_no(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = answers(monkeypatch, "\n", "n\n", "y\n", "y\n")
    assert not ask_about(big(), TrustStore(folder))
    assert left == ["y\n", "y\n"]


def test_every_page_fits_the_screen(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers(monkeypatch, *["\n"] * 20)
    ask_about(big(), TrustStore(folder))
    said = capsys.readouterr().out
    for screen in re.split(r"(?<=[:]) (?=\D)", said):
        rows = screen.count("\n") + 1
        assert rows <= 24
        assert max(width(row) for row in screen.split("\n")) <= 80


def test_a_small_question_stands_on_one_screen(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers(monkeypatch, "n\n")
    decide_trust(make(folder, DECK), ask=True, assume_yes=False)
    assert "Page" not in capsys.readouterr().out


def test_what_cannot_be_remembered_holds_for_this_talk(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "state").write_text("a file")
    answers(monkeypatch, "y\n")
    assert decide_trust(make(folder, DECK), ask=True, assume_yes=False) is not None
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("text", [DECK, HARMLESS])
def test_nothing_is_asked_where_nothing_may_be(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(trusting, "ask_about", None)  # to be called by nobody
    told = decide_trust(make(tmp_path, text), ask=False, assume_yes=False)
    assert (told is None) is (text == DECK)
    assert presumed(make(tmp_path, text)) is (text == HARMLESS)
    assert decide_trust(make(tmp_path, text), ask=True, assume_yes=True) is not None
    assert presumed(make(tmp_path, text))
    assert capsys.readouterr() == ("", "")
    assert "presenter trust" in untrusted_hint(make(tmp_path, text))


# --- what is shown ----------------------------------------------------------------------------


def test_what_has_changed_since_the_last_yes_comes_first(folder: Path) -> None:
    old = fingerprint(make(folder, DECK))
    new = fingerprint(make(folder, DECK.replace("ls", "ls -l")))
    before = Trusted(old.path, old.digest, "2026-11-23T10:00:00+01:00", old.lines)
    shown = listing(new, before, 80)
    at = shown.index("Changed since your yes of 2026-11-23T10:00:00+01:00:")
    assert shown[at + 1] == "  - command: ls  (in console)"
    assert shown[at + 2] == "  + command: ls -l  (in console)"
    assert shown.index("Commands (2)") > at
    same = listing(old, before, 80)
    assert not any("Changed" in line for line in same)


def test_all_kinds_have_a_heading_and_a_word(tmp_path: Path) -> None:
    kinds: set[str] = set()
    for body in [*BODY.values(), *(f"---\n{front}\n---\n" for front in FRONT.values())]:
        kinds |= {item.kind for item in fingerprint(make(tmp_path, body.format("x"))).items}
    assert kinds | {"start", "file"} == HEADINGS.keys() == WORDS.keys()


@pytest.mark.parametrize("key", BODY)
def test_every_canary_is_in_the_list(key: str, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "canary77.md").write_text(BODY["console"].format("canary77"))
    told = fingerprint(make(tmp_path, f"# A\n\n{BODY[key].format('canary77')}\n"))
    assert "canary77" in "".join(line.strip() for line in listing(told, None, 80))


def test_details_that_say_nothing_new_are_left_out(tmp_path: Path) -> None:
    text = "```console +needs:a\n$ ls\n$ cat <<E\n> a\n> E\n```\n\n```bash +exec\n/// ls\nb\n```\n"
    assert listing(fingerprint(make(tmp_path, text)), None, 80)[4:] == [
        "Commands (3)",
        "   1  ls",
        "        (needs a)",
        "   2  cat <<E",
        "    · a",
        "    · E",
        "        (needs a)",
        "   3  ls",
        "    · b",
        "        (in bash, shown as b)",
    ]


@given(st.text(max_size=300), st.integers(1, 120))
def test_wrapping_loses_nothing_and_fits(text: str, columns: int) -> None:
    line = visible(text)
    rows = wrapped(line, columns, "  ")
    assert rows[0] + "".join(row[2:] for row in rows[1:]) == line
    assert all(width(row) <= max(columns, 20) for row in rows)


@settings(max_examples=50)
@given(st.lists(st.text(max_size=200), max_size=20), st.integers(20, 100))
def test_a_list_steers_no_terminal_and_hides_no_blank(texts: list[str], columns: int) -> None:
    told = Fingerprint("a\x1bb", tuple(Item("command", text) for text in texts), "d")
    shown = listing(told, None, columns)
    assert all(line.isprintable() for line in shown)
    flat = "".join(line.strip() for line in shown).replace(" ", "")
    assert all(
        visible(part).replace(" ", "") in flat for text in texts for part in text.split("\n")
    )


def test_the_summary_counts(tmp_path: Path) -> None:
    assert summary(fingerprint(make(tmp_path, DECK))) == "2 commands"
    assert summary(Fingerprint("x", (Item("code", "x"), Item("open", "y")), "d")) == (
        "1 piece of code, 1 page to open"
    )
