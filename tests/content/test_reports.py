"""Four trip reports from journals, beside the source that the journals were written down from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from presenter.cli import main
from presenter.demo.library import read_record
from presenter.talk.report import report_of
from presenter.wiring.reporting import own_template, values
from tests.content.reading import words_in_order
from tests.content.test_decks import SHARED
from tests.data.make_talks import FOLDER, SOURCE, TALKS, journal_of
from tests.material import ROOT, material

NAMES = tuple(TALKS)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the source tells of a talk, to be found in its report."""

    section: tuple[str, str]
    """Lines at which the part of the source begins and ends that is this talk's."""
    post: tuple[str, str]
    """The same of the whole post, from which things may be told too."""
    venue: tuple[str, ...]
    figures: tuple[str, ...]
    questions: tuple[str, ...]
    """Words that the source has of each question, in its own order."""


CHINA = ("First time in China", "Trip Report: TDC in Florianópolis")
BRAZIL = ("Trip Report: TDC in Florianópolis", "Istio 101 with Minikube")
ITALY = ("Trip Report: Codemotion in Rome", "Istio + Kubernetes on Windows")
SOURCES = {
    "codemotion-rome": Facts(
        ITALY, ITALY,
        ("Codemotion", "Rome", "Italy", "Google Cloud", "Minikube"),
        ("80", "1500", "2", "4", "first", "second", "fifth", "two"),
        ("merge into a single project", "custom metrics", "default web gateway",
         "custom dashboard"),
    ),
    "tdc-florianopolis": Facts(
        BRAZIL, BRAZIL,
        ("The Developer Conference", "TDC", "Florianópolis", "Floripa", "Brazil", "Sao Paulo"),
        ("120+", "1000+", "4000", "4", "3", "first"),
        ("production ready", "roadmap", "overhead of Envoy", "existing ingress rules",
         "denial of service", "Rancher", "WebSockets"),
    ),
    "qcon-beijing": Facts(
        ("First time in China", "GDG Beijing"), CHINA,
        ("QCon Beijing", "Beijing", "China", "Tiananmen Square"),
        ("200", "1000+", "48th", "35th", "first", "101"),
        ("production ready", "roadmap", "overhead of Envoy", "performance characteristics",
         "external database", "Cloud Foundry", "upgraded"),
    ),
    "gdg-beijing": Facts(
        ("GDG Beijing", "Trip Report: TDC in Florianópolis"), CHINA,
        ("Google Developer Group", "GDG", "Beijing", "co-working space", "QCon Beijing"),
        (),
        ("roadmap", "production ready", "overhead of Envoy", "long-lived connections",
         "without YAML", "user agent headers", "Spring Cloud", "Rancher"),
    ),
}  # fmt: skip

_FIGURE = re.compile(
    r"(?<![\w.])(?:\d[\d.,]*\d|\d)(?:st|nd|rd|th|\+)?(?!\w)"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|twice|dozens?|hundreds?|thousands?"
    r"|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][\w.’'-]*")
_OPENERS = {
    "a", "after", "as", "but", "does", "how", "it", "its", "live", "most", "of", "on", "probably",
    "some", "that", "the", "there", "these", "this", "what", "when", "which", "yes",
}  # fmt: skip
"""Words at which a sentence may begin without being a name."""


def figures(text: str) -> set[str]:
    return {found[0].lower() for found in _FIGURE.finditer(text)}


def names(text: str) -> set[str]:
    """Words with a capital in them, without what stands at their ends."""
    words = (found[0].rstrip(".'’-") for found in _NAME.finditer(text.replace("’s", "")))
    words = (word.removesuffix("'s") for word in words)
    return {word for word in words if word != word.lower()}


def words(text: str) -> set[str]:
    found = (found[0].rstrip(".'’-").lower() for found in _NAME.finditer(text))
    return {part for word in found for part in (word, word.removesuffix("'s"))}


def section(bounds: tuple[str, str]) -> str:
    text = posts()
    begin, end = (re.search(rf"^{re.escape(line)}\s*$", text, re.MULTILINE) for line in bounds)
    assert begin is not None
    assert end is not None
    return text[begin.start() : end.start()].replace("’", "'")


def posts() -> str:
    """The source, with its blanks and accents in one way of writing them."""
    text = material("seed/blog-posts.txt").read_text("utf-8")
    return unicodedata.normalize("NFKC", text)


@pytest.fixture
def report(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The report that the command makes of the talk's journal."""
    monkeypatch.setenv("PRESENTER_CONFIG", str(tmp_path / "settings.toml"))
    output = tmp_path / "report.md"
    journal = FOLDER / f"{request.param}.jsonl"
    assert main(["report", "--journal", str(journal), "-o", str(output)]) == 0
    return output.read_text("utf-8")


reports = pytest.mark.parametrize(("name", "report"), [(n, n) for n in NAMES], indirect=["report"])


# --- what is wrong with a report -----------------------------------------------------------------


def missing(name: str, report: str) -> list[str]:
    """Venues, figures and questions of the talk that its report has not."""
    facts = SOURCES[name]
    wanted = [*facts.venue, *facts.questions]
    lower = report.lower()
    gone = [word for word in wanted if word.lower() not in lower]
    return gone + [one for one in facts.figures if one not in figures(report)]


def invented(name: str, report: str) -> set[str]:
    """Figures and names of a report that the source has not, and the program says nowhere."""
    source = section(SOURCES[name].post)
    own = f"{own_template().read_text('utf-8')} {SOURCE} istio-101.md Trip"
    asked = " ".join(TALKS[name].questions)
    extra = figures(report) - figures(f"{source} {own} {asked}")
    known = words(source) | words(own) | words(asked) | _OPENERS
    return extra | {word for word in names(report) if word.lower() not in known}


# --- the reports ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_journals_are_those_that_the_script_makes(name: str) -> None:
    path = FOLDER / f"{name}.jsonl"
    assert path.read_text("ascii") == journal_of(TALKS[name])
    record = read_record(path)
    assert (record.trouble, record.timed, record.source) == ("", False, SOURCE)


def test_there_are_four_journals_and_no_more() -> None:
    assert {path.stem for path in FOLDER.glob("*.jsonl")} == set(NAMES)


@reports
def test_a_report_has_every_venue_figure_and_question(name: str, report: str) -> None:
    assert missing(name, report) == []
    for question, answer in TALKS[name].questions.items():
        told = answer or "____ (what was answered)"
        assert f"### {question}\n\nAnswer: {told}\n" in report
    assert report.count("\n### ") == len(TALKS[name].questions)


@reports
def test_a_report_leaves_out_no_figure_of_the_source(name: str, report: str) -> None:
    assert figures(section(SOURCES[name].section)) - figures(report) == set()


@reports
def test_a_report_says_nothing_that_the_source_does_not(name: str, report: str) -> None:
    assert invented(name, report) == set()


@reports
def test_the_words_of_a_report_are_not_the_sources(name: str, report: str) -> None:
    source = words_in_order(posts())
    known = {tuple(source[at : at + SHARED]) for at in range(len(source))}
    for line in re.sub(r"^### .*$", "", report, flags=re.MULTILINE).splitlines():
        own = words_in_order(line)
        runs = (tuple(own[at : at + SHARED]) for at in range(len(own) - SHARED + 1))
        assert [run for run in runs if run in known] == []


@reports
def test_what_the_source_does_not_tell_is_a_blank(name: str, report: str) -> None:
    for blank in ("**Date:** ____", "**Speaker:** ____", "Taken: ____"):
        assert blank in report
    assert "minute" not in report.lower()
    assert ("**Audience:** ____" in report) == (name == "gdg-beijing")


def test_in_rome_all_demos_were_recorded_because_of_the_laptop() -> None:
    record = read_record(FOLDER / "codemotion-rome.jsonl")
    assert record.forced_first
    for name in NAMES[1:]:
        assert read_record(FOLDER / f"{name}.jsonl").forced is None


@pytest.mark.parametrize("report", ["codemotion-rome"], indirect=True)
def test_the_report_of_rome_says_so(report: str) -> None:
    assert (
        "All demos were shown from recordings, because the laptop refused to connect to the "
        "projector; the talk was given from a borrowed one.\n"
    ) in report


# --- the page that describes them -----------------------------------------------------------------


@pytest.mark.parametrize("report", ["codemotion-rome"], indirect=True)
def test_the_report_on_the_page_is_the_commands(report: str) -> None:
    page = (ROOT / "docs" / "after-the-talk.md").read_text("utf-8")
    found = re.search(r"<!-- report: codemotion-rome -->\n```markdown\n(.*?)```", page, re.DOTALL)
    assert found is not None
    assert found[1] == report


def test_the_page_names_all_that_a_template_can_use() -> None:
    page = (ROOT / "docs" / "after-the-talk.md").read_text("utf-8")
    report = report_of(read_record(FOLDER / "codemotion-rome.jsonl"))
    names = {name for name in values(report) if name != "facts"}
    for part in (report.times, report.demos, report.questions[0]):
        names |= {f".{one.name}" for one in fields(part)}
    assert [name for name in names if f"`{name}`" not in page and f"`{name}(" not in page] == []


# --- the tests themselves -------------------------------------------------------------------------


@reports
def test_what_is_left_out_of_a_report_is_found(name: str, report: str) -> None:
    facts = SOURCES[name]
    for word in (*facts.venue, *facts.questions):
        assert word in missing(name, re.sub(re.escape(word), "…", report, flags=re.IGNORECASE))
    for figure in facts.figures:
        cut = re.sub(rf"(?<!\w){re.escape(figure)}(?!\w)", "…", report, flags=re.IGNORECASE)
        assert figure in missing(name, cut)


@reports
@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("It was in Paris.", {"Paris"}),
        ("About 90 came.", {"90"}),
        ("On 17 May.", {"17", "May"}),
        ("The seventh visit.", {"seventh"}),
        ("KubeCon followed.", {"KubeCon"}),
        ("It took 44:10.", {"44", "10"}),
    ],
)
def test_what_is_made_up_is_found(name: str, report: str, more: str, found: set[str]) -> None:
    assert found <= invented(name, f"{report}\n- {more}\n")


def test_all_figures_of_the_source_are_seen() -> None:
    text = "48th country! 1000+ people, 1500, 2 days. 4 speakers; fifth, .NET 3 more 120+ istio-101"
    assert figures(text) == {"48th", "1000+", "1500", "2", "4", "fifth", "3", "120+", "101"}
