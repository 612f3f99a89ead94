"""The sample talks: nothing wrong in them, and every fact of their source is there."""

from __future__ import annotations

from functools import cache

import pytest

from presenter.deck.deck import Deck, open_deck
from presenter.deck.model import Demo, DemoKind, Slide, Step, TitleBlock
from presenter.layout.frame import Size
from presenter.layout.stage import StageView, compose
from presenter.layout.theme import theme
from presenter.ui.bindings import KEYS
from tests.content.reading import (
    code_rows,
    count_bullets,
    count_words,
    own_sentences,
    prose,
    shown_words,
    words_in_order,
)
from tests.content.source import MINIKUBE_POST, WINDOWS_POST, Printed
from tests.material import ROOT, material

TALKS = ("istio-101", "istio-101-today", "istio-on-windows", "tour")
SHARED = 8
"""Words in a row that may not be the source's."""


@cache
def talk(name: str, system: str = "linux") -> Deck:
    return open_deck(ROOT / "slides" / f"{name}.md", system)


def slides(name: str, system: str = "linux") -> list[Slide]:
    deck = talk(name, system)
    return [deck.slide(index) for index in range(len(deck))]


def demos(name: str, system: str = "linux") -> list[Demo]:
    return [demo for slide in slides(name, system) for demo in slide.demos]


def steps(name: str, system: str = "linux") -> list[Step]:
    return [step for demo in demos(name, system) for step in demo.steps]


def every_slide() -> list[tuple[str, str]]:
    return [(name, slide.id) for name in TALKS for slide in slides(name)]


def find(name: str, slide_id: str) -> Slide:
    return next(slide for slide in slides(name) if slide.id == slide_id)


@pytest.mark.parametrize("system", ["linux", "macos", "windows"])
@pytest.mark.parametrize("name", TALKS)
def test_nothing_is_wrong_in_a_sample_talk(name: str, system: str) -> None:
    assert [str(problem) for problem in talk(name, system).problems()] == []


def test_the_commands_of_the_minikube_post_come_in_its_order() -> None:
    assert [step.command for step in steps("istio-101") if not step.gives_data] == [
        printed.command for printed in MINIKUBE_POST
    ]


@pytest.mark.parametrize("printed", MINIKUBE_POST, ids=lambda printed: printed.command[:40])
def test_a_step_shows_what_the_minikube_post_shows(printed: Printed) -> None:
    step = next(step for step in steps("istio-101") if step.command == printed.command)
    assert step.transcript == printed.output
    assert step.run == ""


@pytest.mark.parametrize("printed", WINDOWS_POST, ids=lambda printed: printed.command[:40])
def test_a_step_shows_what_the_windows_post_shows(printed: Printed) -> None:
    shown = {step.command: step for step in steps("istio-on-windows", "windows")}
    assert shown[printed.command].transcript == printed.output
    assert shown[printed.command].prompt.startswith("PS C:\\")


@pytest.mark.parametrize(
    "printed", [p for p in MINIKUBE_POST if p.repaired], ids=lambda printed: printed.command[:40]
)
def test_a_repair_is_named_in_the_notes_and_at_the_step(printed: Printed) -> None:
    slide, step = next(
        (slide, step)
        for slide in slides("istio-101")
        for demo in slide.demos
        for step in demo.steps
        if step.command == printed.command
    )
    notes = "\n".join(note.text for note in slide.notes)
    assert "Repaired:" in notes
    assert printed.repaired in notes
    assert step.note


def test_every_other_command_stands_in_the_source_as_it_is_shown() -> None:
    source = material("seed/blog-posts.txt").read_text("utf-8").splitlines()
    shown = {line.partition("> ")[2].strip() for line in source} | set(source)
    for printed in (*MINIKUBE_POST, *WINDOWS_POST):
        assert printed.repaired or printed.command in shown, printed.command


def test_every_output_line_stands_in_the_source() -> None:
    source = material("seed/blog-posts.txt").read_text("utf-8").splitlines()
    lines = {line.rstrip() for line in source}
    for printed in (*MINIKUBE_POST, *WINDOWS_POST):
        assert set(printed.output or ()) <= lines, printed.command


@pytest.mark.parametrize("system", ["linux", "macos"])
def test_the_shared_demos_play_the_first_talk_where_there_is_no_powershell(system: str) -> None:
    first = {demo.name: demo for demo in demos("istio-101")}
    shared = [demo for demo in demos("istio-on-windows", system) if demo.os == "linux"]
    assert [demo.name for demo in shared] == ["download", "path", "install", "pods", "bookinfo"]
    for demo in shared:
        assert demo.recording == f"istio-101/{demo.name}"
        assert [(step.command, step.transcript) for step in demo.steps] == [
            (step.command, step.transcript) for step in first[demo.name].steps
        ]


def test_on_windows_every_demo_is_the_powershell_one() -> None:
    shown = demos("istio-on-windows", "windows")
    assert [demo.name for demo in shown] == [
        "download",
        "path",
        "install",
        "pods",
        "inject",
        "bookinfo",
    ]
    assert {demo.os for demo in shown} == {"windows"}
    assert {demo.recording for demo in shown} == {""}


@pytest.mark.parametrize(("name", "slide_id"), every_slide())
def test_a_slide_has_a_note(name: str, slide_id: str) -> None:
    assert any(note.text.strip() for note in find(name, slide_id).notes)


@pytest.mark.parametrize(("name", "slide_id"), every_slide())
def test_a_note_belongs_to_a_press_that_there_is(name: str, slide_id: str) -> None:
    slide = find(name, slide_id)
    assert all(note.stop <= len(slide.stops) for note in slide.notes)


@pytest.mark.parametrize(("name", "slide_id"), every_slide())
def test_a_slide_holds_no_more_than_an_audience_takes_in(name: str, slide_id: str) -> None:
    slide = find(name, slide_id)
    assert count_words(slide) <= 40
    assert count_bullets(slide) <= 5
    assert all(rows <= 16 for rows in code_rows(slide))
    assert len(slide.title) <= 40


@pytest.mark.parametrize("size", [Size(80, 24), Size(120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize(("name", "slide_id"), every_slide())
def test_a_slide_fits_the_screen_whole(name: str, slide_id: str, size: Size) -> None:
    slide, meta = find(name, slide_id), talk(name).meta
    view = StageView(slide, size, theme("dark"), meta, ROOT / "slides", reveals=len(slide.stops))
    assert compose(view).hidden_rows == 0


@pytest.mark.parametrize("name", TALKS)
def test_no_sentence_is_the_sources(name: str) -> None:
    source = words_in_order(material("seed/blog-posts.txt").read_text("utf-8"))
    known = {tuple(source[at : at + SHARED]) for at in range(len(source))}
    for slide in slides(name):
        for sentence in own_sentences(slide):
            words = words_in_order(sentence)
            for at in range(len(words) - SHARED + 1):
                assert tuple(words[at : at + SHARED]) not in known, (slide.id, words[at:])


@pytest.mark.parametrize("name", TALKS)
def test_the_first_slide_is_the_title(name: str) -> None:
    (title,) = (block for block in slides(name)[0].blocks if isinstance(block, TitleBlock))
    assert title.title
    assert title.sub_title
    assert (title.authors, title.event, title.location, title.date) == ((), "", "", "")


@pytest.mark.parametrize("name", TALKS)
def test_the_slides_fit_the_time_planned(name: str) -> None:
    planned = talk(name).meta.duration
    assert planned is not None
    assert sum(slide.share or 0 for slide in slides(name)) <= planned


@pytest.mark.parametrize(
    ("name", "lengths"), [("istio-101", {"20m", "30m"}), ("istio-101-today", {"25m"})]
)
def test_what_shorter_versions_leave_out_are_slides(name: str, lengths: set[str]) -> None:
    cuts = talk(name).meta.extra["cuts"]
    assert isinstance(cuts, dict)
    ids = {slide.id for slide in slides(name)}
    assert set(cuts) == lengths
    for left_out in cuts.values():
        assert set(left_out) <= ids


@pytest.mark.parametrize(
    ("name", "after"),
    [("product-page", "gateway"), ("prometheus-query", "prometheus-forward"),
     ("zipkin-trace", "zipkin-forward")],
)  # fmt: skip
def test_what_a_browser_showed_has_a_pane_beside_its_commands(name: str, after: str) -> None:
    (slide,) = [one for one in slides("istio-101") if name in {demo.name for demo in one.demos}]
    assert [demo.name for demo in slide.demos] == [after, name]
    assert slide.demos[1].kind is DemoKind.HTTP


def test_the_ids_of_the_talk_stay() -> None:
    """Journals, reports and recordings name slides and demos by these: change them knowingly."""
    assert [slide.id for slide in slides("istio-101")] == list(IDS)
    assert [demo.name for demo in demos("istio-101")] == list(DEMOS)


IDS = (
    "title",
    "containers",
    "kubernetes",
    "what-microservices-still-miss",
    "istio-a-service-mesh",
    "the-trick-a-proxy-in-every-pod",
    "building-blocks",
    "envoy",
    "pilot",
    "mixer",
    "ingress-and-ca",
    "a-cluster-on-the-laptop",
    "download-istio",
    "istioctl-on-the-path",
    "install-with-mutual-tls",
    "services-and-pods",
    "two-ways-to-a-sidecar",
    "deploy-bookinfo",
    "bookinfo",
    "where-is-the-front-door",
    "prometheus-metrics",
    "some-traffic-to-measure",
    "prometheus-the-first-query",
    "grafana",
    "grafana-dashboard",
    "zipkin",
    "zipkin-traces",
    "servicegraph",
    "the-graph-of-the-mesh",
    "routing-no-rules-yet",
    "a-rule-up-close",
    "everyone-to-version-1",
    "jason-gets-version-2",
    "clean-up-the-routes",
    "clean-up-istio",
    "clean-up-bookinfo",
    "what-to-take-home",
)

DEMOS = (
    "minikube",
    "download",
    "path",
    "install",
    "pods",
    "bookinfo",
    "gateway",
    "product-page",
    "prometheus",
    "traffic",
    "prometheus-forward",
    "prometheus-query",
    "grafana",
    "grafana-forward",
    "zipkin",
    "zipkin-forward",
    "zipkin-trace",
    "servicegraph",
    "servicegraph-forward",
    "routes-none",
    "routes-v1",
    "routes-jason",
    "clean-routes",
    "clean-istio",
    "clean-bookinfo",
)


TAUGHT = (
    ("nav.next", "space", "Space"),
    ("nav.next", "right", "→"),
    ("nav.next", "pagedown", "PageDown"),
    ("nav.previous", "left", "←"),
    ("nav.previous", "pageup", "PageUp"),
    ("nav.next_slide", "n", "n"),
    ("nav.previous_slide", "p", "p"),
    ("nav.first", "g", "g"),
    ("nav.last", "G", "G"),
    ("nav.back", "apostrophe", "'"),
    ("view.overview", "o", "o"),
    ("view.search", "slash", "/"),
    ("view.black", "b", "b"),
    ("view.freeze", "f", "f"),
    ("view.theme", "t", "t"),
    ("view.test_card", "T", "T"),
    ("view.notes", "N", "N"),
    ("pane.scroll_up", "shift+pageup", "Shift-PageUp"),
    ("step.skip", "s", "s"),
    ("step.replay", "r", "r"),
    ("step.edit", "e", "e"),
    ("step.cancel", "ctrl+c", "Ctrl-C"),
    ("step.force", "F", "F"),
    ("step.keep", "K", "K"),
    ("step.live", "L", "L"),
    ("scratch.toggle", "f9", "F9"),
    ("take.keep", "W", "W"),
    ("pane.focus", "tab", "Tab"),
    ("pane.leave", "ctrl+right_square_bracket", "Ctrl-]"),
    ("pane.search", "ctrl+f", "Ctrl-F"),
    ("deck.reload", "R", "R"),
    ("app.help", "question_mark", "?"),
    ("app.palette", "f12", "F12"),
    ("app.quit", "ctrl+q", "Ctrl-Q"),
)
"""Binding, its key as the program names it, and as the tour writes it."""


@pytest.mark.parametrize(("binding", "key", "written"), TAUGHT)
def test_a_key_that_the_tour_teaches_does_what_it_says(
    binding: str, key: str, written: str
) -> None:
    bound = {one.id: one.keys.split(",") for one in KEYS}
    assert key in bound[binding]
    shown = {
        word for slide in slides("tour") for text in prose(slide) for word in shown_words(text)
    }
    assert written in shown
