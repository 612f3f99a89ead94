"""`presenter report`: what is printed of a talk, with templates and pages of anybody's."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from presenter.cli import main
from presenter.demo.folders import STATE_VARIABLE
from presenter.demo.store import Journal
from presenter.talk import events as e
from presenter.terminal.text import safe_text
from presenter.wiring.page import page_of
from presenter.wiring.reporting import blank, linked, plain, quoted
from tests.demo.journals import lines, put, started
from tests.talk.lines import TEXTS

PLAN = e.PlanMade(("intro", "pods"), ("Welcome", "Pods | and *more*"), (1.0, 1.0), 2.0)
TALK: list[e.Event] = [
    started(),
    e.TalkDescribed("Istio 101", ("Ada",), "Codemotion", "Rome"),
    PLAN,
    e.TimerStarted(),
    e.Moved(1, "pods", 0),
    e.StepFinished("mesh", 0, "live", 0, 1.0),
    e.StepFinished("mesh", 1, "recording", 0, 1.0, reason="silent"),
    e.QuestionAsked("Is it fast?", "pods", "Yes, `reviews` is.", "2018"),
    e.QuestionNoted("When?", "pods"),
    *[e.PressWaits()] * 60,
    e.SessionEnded("quit"),
]
OTHER = "20260505T070000.000000Z-1"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path))
    monkeypatch.setenv("PRESENTER_CONFIG", str(tmp_path / "settings.toml"))
    return tmp_path


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["report", *arguments]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 1) -> str:
    assert main(["report", *arguments]) == status
    told = capsys.readouterr()
    assert told.out == ""
    (line,) = told.err.splitlines()
    return line


# --- the report -----------------------------------------------------------------------------------


def test_a_talk_that_is_being_given_has_not_broken_off(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = Journal(put(state, TALK[:-1]), lambda error: None)
    told = report(capsys)
    assert "The talk is being given: this is how far it is." in told
    assert "broke off" not in told
    running.close()
    told = report(capsys)
    assert "being given" not in told
    assert "the talk broke off there" in told


def test_a_report_says_what_the_journal_knows_and_leaves_blanks(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(state, TALK)
    assert report(capsys) == (
        "# Codemotion: trip report\n"
        "\n"
        "- **Talk:** Istio 101\n"
        "- **Event:** Codemotion\n"
        "- **Place:** Rome\n"
        "- **Date:** 2026-05-04\n"
        "- **Speaker:** Ada\n"
        "- **Audience:** ____ (who listened, and how many)\n"
        "- **Language:** ____ (the language it was given in)\n"
        "- **Deck:** talk.md\n"
        "\n"
        "## Time\n"
        "\n"
        "1:06 of 0:02 planned: 1:04 longer than planned.\n"
        "\n"
        "Slides that ran over most:\n"
        "\n"
        "| slide | took | planned | over |\n"
        "|---|--:|--:|--:|\n"
        "| Pods \\| and \\*more\\* | 1:05 | 0:01 | 1:04 |\n"
        "\n"
        "## Demos\n"
        "\n"
        "2 steps were shown: 1 live, 1 from a recording.\n"
        "\n"
        "Live:\n"
        "\n"
        "- mesh, step 1 (Pods \\| and \\*more\\*)\n"
        "\n"
        "Not live, or not as it should be:\n"
        "\n"
        "- mesh, step 2 (Pods \\| and \\*more\\*): its recording: the other side is silent\n"
        "\n"
        "## Questions\n"
        "\n"
        "### Is it fast?\n"
        "\n"
        "At 0:04, on Pods \\| and \\*more\\*.\n"
        "\n"
        "Prepared, as of 2018:\n"
        "\n"
        "> Yes, `reviews` is.\n"
        "\n"
        "### When?\n"
        "\n"
        "At 0:05, on Pods \\| and \\*more\\*.\n"
        "\n"
        "Answer: ____ (what was answered)\n"
        "\n"
        "## Links\n"
        "\n"
        "____ (links, such as to the slides)\n"
    )


def test_a_report_of_nothing_but_a_begin_is_all_blanks(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(state, [e.SessionStarted("", "", "", "", source="a letter")])
    text = report(capsys)
    assert text.count("____") == 12
    assert "- **Source:** written down later, from a letter\n" in text
    assert "The journal knows of no questions.\n" in text
    assert "Taken: ____ (how long it took)\n" in text


def test_everything_else_that_a_journal_may_tell(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(
        state,
        [
            started(),
            PLAN,
            e.RecordingForced("the cable broke"),
            e.TimerStarted(),
            e.PlanPaused(on=True),
            e.PlanPaused(on=False),
            e.SlidesDropped("20m", ("pods",)),
            e.QuestionNoted("Why?", "", "mesh"),
            e.AnswerNoted("Why?", "So."),
            e.Told("links", "slides: https://example.org/a_b?c=1.\njavascript:alert(1)"),
            e.Told("remarks", "one\ntwo"),
            e.StepStarted("mesh", 0, 1, "recording", "forced"),
            e.StepFinished("mesh", 0, "recording", 0, 1.0, reason="forced"),
            e.SessionResumed("", "1"),
        ],
    )
    text = report(capsys)
    for words in (
        "Of that, 0:01 went to questions in the middle of the talk.",
        "All demos were shown from recordings, because the cable broke.",
        "## Left out\n\n- Pods \\| and \\*more\\*\n",
        "### Why?\n\nAt 0:04; mesh.\n\nAnswer: So.\n",
        "- slides: <https://example.org/a_b?c=1>.\n- javascript:alert(1)\n",
        "## Remarks\n\n- one\n- two\n",
        "the talk went on: 1×.",
        "The journal has no end",
    ):
        assert words in text


def test_what_of_a_journal_is_damaged_is_told_in_the_report_and_beside_it(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(state, lines(*TALK).replace(b"reviews", b"REVIEWS"))
    assert main(["report"]) == 0
    told = capsys.readouterr()
    assert "Not all of the journal could be read: line 8: the checksum does not match" in told.out
    assert told.err.startswith(f"presenter: {path}: line 8: ")


# --- which talk -----------------------------------------------------------------------------------


def test_the_newest_talk_is_meant_and_no_rehearsal(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(state, [started(), e.Told("event", "First")])
    put(state, [started(wall="2026-05-05T09:00:00+02:00"), e.Told("event", "Second")], OTHER)
    rehearsal = started(wall="2026-05-06T09:00:00+02:00", purpose="rehearsal")
    put(state, [rehearsal, e.Told("event", "Third")], "20260506T070000.000000Z-1")
    put(state, [started(wall="2026-05-03T09:00:00+02:00"), e.Told("event", "Zeroth")], "imported")
    put(state, b"", "20260507T070000.000000Z-1")
    assert report(capsys).startswith("# Second: ")
    assert report(capsys, "--talk", "talk/20260504").startswith("# First: ")
    assert report(capsys, "--talk", "talk/20260506").startswith("# Third: rehearsal report")
    assert report(capsys, "--talk", "talk/imp").startswith("# Zeroth: ")
    later: list[e.Event] = [started(wall="2026-05-09T09:00:00+02:00"), e.Told("event", "Last")]
    put(state, later, "imported-later")
    assert report(capsys).startswith("# Last: ")
    told = refused(capsys, "--talk", "talk/2026", status=2)
    assert "4 talks begin so: talk/20260504T0700, talk/20260505T0700" in told
    assert "no such talk" in refused(capsys, "--talk", "tour")


def test_a_talk_that_is_kept_elsewhere(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    elsewhere = state / "some.jsonl"
    elsewhere.write_bytes(lines(*TALK))
    assert report(capsys, "--journal", str(elsewhere)).startswith("# Codemotion")
    told = refused(capsys, "--journal", str(elsewhere), "--talk", "x", status=2)
    assert "name neither deck nor talk" in told
    assert "No such file" in refused(capsys, "--journal", str(state / "none"))


def test_no_talk_at_all_is_told(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no talk yet" in refused(capsys)
    assert "no such deck" in refused(capsys, str(state / "gone.md"))


# --- templates ------------------------------------------------------------------------------------


def template(state: Path, text: str, name: str = "mine.j2") -> str:
    (state / name).write_text(text)
    return str(state / name)


def test_the_programs_template_can_be_edited(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(state, TALK)
    before = report(capsys)
    text = report(capsys, "--print-template")
    mine = template(state, text.replace("**Place:**", "**Town:**"))
    assert report(capsys, "--template", mine) == before.replace("**Place:**", "**Town:**")
    template(state, "{{ event }} in {{ place }}\n", "report.md.j2")
    assert report(capsys) == "Codemotion in Rome\n"


def test_words_that_are_meant_as_markdown_can_be(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(state, TALK)
    mine = template(state, "{{ '*a*' }} {{ '*a*' | safe }}{{ ', ' if event else '' }}b\n")
    assert report(capsys, "--template", mine) == "\\*a\\* *a*, b\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a\n{{ nobody }}\n", 2, "'nobody' is undefined"),
        ("a\n\n{% if event %}\n", 3, "Unexpected end of template"),
        ("{{ event | shout }}", 1, "No filter named 'shout'"),
        ("a\n{{ times.colour }}", 2, "has no attribute 'colour'"),
        ("a\n{{ 1 / 0 }}", 2, "division by zero"),
        ("a\n{{ ''.__class__.__mro__ }}", 2, "unsafe"),
        ("a\n{% include 'x' %}", 2, "recursion"),
        ("{% for n in range(100000000) %}x{% endfor %}", 1, "Range too big"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_line(
    state: Path, capsys: pytest.CaptureFixture[str], text: str, line: int, words: str
) -> None:
    put(state, TALK)
    mine = template(state, text)
    told = refused(capsys, "--template", mine)
    assert told.startswith(f"presenter: {mine}:{line}: ")
    assert words in told


def test_a_template_that_cannot_be_read_is_told(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(state, TALK)
    assert "No such file" in refused(capsys, "--template", str(state / "none"))
    (state / "binary").write_bytes(b"\xff\xfe")
    assert "not text in UTF-8" in refused(capsys, "--template", str(state / "binary"))
    (state / "large").write_text("x" * 300_000)
    assert "larger than 256 KB" in refused(capsys, "--template", str(state / "large"))


# --- texts of people's ----------------------------------------------------------------------------

PLACES = ["# {}", "### {}", "- **X:** {}", "{}", "- {}", "Answer: {}", "> {}"]
PIECES = (
    "- ", "+ ", "* ", "1. ", "2) ", "# ", "## ", "> ", "=", "===", "---", "~~~", "```", "`", "**",
    "_", "a", "a b", "[a](b)", "![", "<b>", "<http://a.b>", "&amp;", "&#35;", "|", "\\", " ",
    "    ", "\t", "\n", "\n\n", "[a]: b", " #", ":-:", "1", ".", "http://a.b",
)  # fmt: skip
MEAN = (
    st.lists(st.sampled_from(PIECES), max_size=4).map("".join)
    | st.text("\\`*_[]<>|~&#+-=.)(!1 a\n\t:;x\"'", max_size=20)
    | TEXTS
)


@given(MEAN, st.sampled_from(PLACES))
@settings(max_examples=500)
def test_a_value_is_a_text_wherever_it_stands(text: str, place: str) -> None:
    parser = MarkdownIt("commonmark").enable("table")
    expected = [token.type for token in parser.parse(place.format("text"))]
    shown = " ".join(safe_text(text).split(" ")).strip()
    if not shown:
        return
    tokens = parser.parse(place.format(plain(text)))
    assert [token.type for token in tokens] == expected
    (inline,) = [token for token in tokens if token.type == "inline"]
    children = [one for one in inline.children or () if "strong" not in one.type]
    assert {one.type for one in children} <= {"text", "text_special"}
    words = "".join(one.content for one in children)
    assert words.removeprefix("X:").removeprefix("Answer:").strip() == shown


@given(st.text(max_size=60) | MEAN)
def test_a_quotation_ends_only_where_it_ends(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(f"before\n\n{quoted(text)}\n\nafter\n")
    levels = [token.level for token in tokens]
    assert tokens[-2].content == "after"
    top = [token.type for token, level in zip(tokens, levels, strict=True) if not level]
    quotation = ["blockquote_open", "blockquote_close"] if text.splitlines() else []
    paragraph = ["paragraph_open", "paragraph_close"]
    assert top == [*paragraph, *quotation, *paragraph]


@pytest.mark.parametrize(
    ("text", "quotation"),
    [
        ("Yes.\n\n- `a`\n- [b](https://example.org)", "> Yes.\n>\n> - `a`\n> - [b](https://example.org)"),
        ("<script>x</script>", "> \\<script\\>x\\</script\\>"),
        ("a <b>c</b>", "> a \\<b\\>c\\</b\\>"),
        ("![x](https://example.org/y.png)", "> !\\[x\\](https://example.org/y.png)"),
        ("[x](javascript:alert(1))", "> \\[x\\](javascript:alert(1))"),
        ("[x]: file:///etc/passwd\n\n[x]", "> \\[x\\]: file:///etc/passwd\n>\n> \\[x\\]"),
        ("a\x1b[31mb", "> ab"),
    ],
)  # fmt: skip
def test_a_prepared_answer_keeps_its_markdown_unless_it_is_more(text: str, quotation: str) -> None:
    assert quoted(text) == quotation


def test_addresses_are_links() -> None:
    assert linked("at https://a.org/x_y. And") == "at <https://a.org/x_y>. And"
    assert linked("<https://a.org>") == "\\<<https://a.org>\\>"
    assert linked("mailto:a@b.org") == "<mailto:a@b.org>"
    assert linked("ftp://a_b") == "ftp://a\\_b"
    assert blank("a_b") == "____ (a\\_b)"


# --- pages ----------------------------------------------------------------------------------------


class Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


CALM = {
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "h4", "h5", "h6", "p", "ul",
    "ol", "li", "strong", "em", "a", "table", "thead", "tbody", "tr", "th", "td", "blockquote",
    "code", "pre", "br", "hr",
}  # fmt: skip


@given(MEAN | st.sampled_from(["<img src=x onerror=a>", "[a](javascript:b)", "<script>a</script>"]))
def test_a_page_runs_and_fetches_nothing(text: str) -> None:
    for markdown in (f"# {text}\n\n{text}\n", f"# {plain(text)}\n\n{quoted(text)}\n"):
        tags = Page(page_of(markdown)).tags
        assert {tag for tag, _ in tags} <= CALM
        for tag, attributes in tags:
            assert set(attributes) <= {
                "a": {"href", "title"}, "html": {"lang"}, "ol": {"start"}, "code": {"class"},
                "meta": {"charset", "http-equiv", "content", "name"},
                "td": {"style"}, "th": {"style"},
            }.get(tag, set())  # fmt: skip
            href = attributes.get("href") or "https://"
            assert href.startswith(("http://", "https://", "mailto:"))


def test_a_report_as_a_page(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(state, [*TALK, e.Told("links", "https://example.org"), e.Told("place", "<b>Rome</b>")])
    page = report(capsys, "--html")
    assert page.startswith("<!doctype html>\n")
    assert "<title>Codemotion: trip report</title>" in page
    assert '<a href="https://example.org">' in page
    assert "&lt;b&gt;Rome&lt;/b&gt;" in page
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src &#x27;none&#x27;; style-src &#x27;sha256-")
    assert "<td>Pods | and *more*</td>" in page


def test_a_report_is_written_whole(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(state, TALK)
    before = report(capsys)
    deck = state / "deck.md"
    deck.write_text("# Mine\n")
    assert "is there already" in refused(capsys, "-o", str(deck))
    assert deck.read_text() == "# Mine\n"
    assert report(capsys, "-o", str(deck), "--force") == ""
    assert deck.read_text() != "# Mine\n"
    assert report(capsys, "-o", str(state / "report.md")) == ""
    assert (state / "report.md").read_text() == before
    told = refused(capsys, "-o", str(state / "none" / "report.md"))
    assert "cannot be written: No such file or directory" in told


# --- asking ---------------------------------------------------------------------------------------


def asked(
    monkeypatch: pytest.MonkeyPatch, answers: list[str], *, ctrl_c: bool = False
) -> list[str]:
    """The questions that will be put; after the answers comes the end of the input, or Ctrl-C."""
    from presenter.cli import report as command

    told: list[str] = []

    def answer(question: str) -> str | None:
        told.append(question)
        if ctrl_c and not answers:
            raise KeyboardInterrupt
        return answers.pop(0) if answers else None

    monkeypatch.setattr(command, "answer", answer)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    return told


def test_what_is_not_known_is_asked_for_and_kept(
    state: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(state, TALK)
    told = asked(monkeypatch, ["80 people", "", "a", "b", "", "", "soon"])
    text = report(capsys, "--ask").partition("\n")[2]
    assert told == [
        "who listened, and how many:",
        "the language it was given in:",
        "links, such as to the slides; a line each, and Enter alone:", "…", "…",
        "anything else to remember; a line each, and Enter alone:",
        "“When?”: what was answered?",
    ]  # fmt: skip
    assert "- **Audience:** 80 people\n" in text
    assert "- **Language:** ____" in text
    assert "- a\n- b\n" in text
    assert "Answer: soon\n" in text
    assert report(capsys) == text
    assert path.read_bytes().startswith(lines(*TALK))
    told = asked(monkeypatch, [])
    report(capsys, "--ask")
    assert told == ["the language it was given in:"]


def test_ctrl_c_keeps_what_was_said_before_it(
    state: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(state, TALK)
    told = asked(monkeypatch, ["80 people", "", "a"], ctrl_c=True)
    assert main(["report", "--ask"]) == 130
    assert told[-1] == "…", "nothing is asked after it"
    capsys.readouterr()
    text = report(capsys)
    assert "- **Audience:** 80 people\n" in text
    assert "- a\n" in text


def test_answers_may_follow_lines_of_a_later_version(
    state: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.talk.lines import signed

    later = signed({"v": 2, "seq": len(TALK) + 1, "at": 99.0, "wall": "", "k": "Danced", "f": {}})
    put(state, lines(*TALK) + later)
    asked(monkeypatch, ["80 people"])
    assert "80 people" in report(capsys, "--ask")
    assert "80 people" in report(capsys)


def test_asking_needs_a_terminal(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(state, TALK)
    assert "--ask needs a terminal" in refused(capsys, "--ask", status=2)


def test_nobody_is_asked_while_the_talk_is_given(
    state: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(put(state, TALK), lambda error: None)
    told = asked(monkeypatch, ["80 people"])
    assert main(["report", "--ask"]) == 1
    assert f"is being given by process {os.getpid()}" in capsys.readouterr().err
    assert told == []
    journal.close()


def test_a_disk_that_fails_is_told(
    state: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(state, TALK)
    asked(monkeypatch, ["80 people", "English"])

    def full(_handle: int, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("presenter.demo.store.os.write", full)
        assert main(["report", "--ask"]) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert path.read_bytes() == lines(*TALK)
