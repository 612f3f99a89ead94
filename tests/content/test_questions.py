"""The prepared questions of the sample talk, beside the four trip reports that they come from."""

from __future__ import annotations

import re

import pytest

from presenter.deck.questions import Prepared, question_key, read_questions
from tests.content.reading import words_in_order
from tests.material import ROOT, material

SHARED = 8
"""Words in a row that may not be the source's."""
ROME, TDC, QCON, GDG = "Rome", "TDC", "QCon", "GDG"
SECTIONS = {
    ROME: ("Trip Report: Codemotion in Rome", "Istio + Kubernetes on Windows"),
    TDC: ("Trip Report: TDC in Florianópolis", "After talk interview"),
    QCON: ("QCon Beijing\n\nQCon is", "GDG Beijing\n\n"),
    GDG: ("GDG Beijing\n\n", "Trip Report: TDC in Florianópolis"),
}
"""How the part of the source begins that tells of a venue, and how what follows it does."""

MERGE = "Will Kubernetes and Istio merge into a single project?"
METRICS = "Can you have custom metrics in Istio?"
GATEWAY = "Can our default web gateway be plugged into Istio?"
DASHBOARD = "Can a custom dashboard be plugged into Istio instead of Grafana?"
READY = "When will Istio be production ready?"
ROADMAP = "What is on Istio's roadmap?"
OVERHEAD = "What is the performance overhead of Envoy?"
RULES = "How does Istio ingress work with existing ingress rules?"
DOS = "Does Istio ingress handle denial of service attacks?"
RANCHER = "How is Istio different from Rancher?"
SOCKETS = "Do WebSockets work with Envoy?"
SPEED = "What are the performance characteristics of Istio?"
DATABASE = "How do you talk from Istio to an external database?"
FOUNDRY = "What is the state of Cloud Foundry with Istio?"
UPGRADE = "How is Istio upgraded?"
LONG = "How are long-lived connections handled in Istio?"
DELETE = "How are route rules deleted without YAML?"
AGENT = "How does Istio see user agent headers when they are encrypted?"
SPRING = "Will Istio replace or integrate with Spring Cloud?"

USUAL = "usual questions roadmap production readiness envoy overhead"
ASKED = [
    (ROME, MERGE, "kubernetes merge single project"),
    (ROME, METRICS, "question custom metrics"),
    (ROME, GATEWAY, "question plug default web gateway"),
    (ROME, DASHBOARD, "question custom dashboard plug instead grafana"),
    (TDC, READY, "asked considered production ready"),
    (TDC, ROADMAP, "asked roadmap features coming"),
    (TDC, OVERHEAD, "know performance overhead envoy general"),
    (TDC, RULES, "existing kubernetes cluster ingress rules curious"),
    (TDC, DOS, "asked ingress handles denial service"),
    (TDC, RANCHER, "how's different rancher"),
    (TDC, SOCKETS, "issues websockets envoy"),
    (QCON, READY, "• when production ready"),
    (QCON, ROADMAP, "• roadmap planned upcoming releases"),
    (QCON, OVERHEAD, "• performance overhead envoy"),
    (QCON, SPEED, "• performance characteristics istio"),
    (QCON, DATABASE, "• talk external database"),
    (QCON, FOUNDRY, "• state cloudfoundry"),
    (QCON, UPGRADE, "• upgrade recommended procedure"),
    (GDG, ROADMAP, USUAL),
    (GDG, READY, USUAL),
    (GDG, OVERHEAD, USUAL),
    (GDG, LONG, "• long lived connections"),
    (GDG, DELETE, "• delete route rules without yaml"),
    (GDG, AGENT, "• user agent headers encrypted"),
    (GDG, SPRING, "• replace integrate spring cloud"),
    (GDG, RANCHER, "• different rancher"),
]
"""Where, the question in the file, and words that stand in one line of the source."""
ANSWERED = {
    MERGE: (ROME, {"probably", "complement"}),
    METRICS: (ROME, {"yes", "pluggable", "default", "easy"}),
    GATEWAY: (ROME, {"sure", "ingress", "incoming", "limit"}),
    DASHBOARD: (ROME, {"should", "pluggable", "tried"}),
    OVERHEAD: (TDC, {"minimal", "exact", "figures", "intend"}),
    DOS: (TDC, {"think", "ingress", "google", "cloud"}),
    RANCHER: (TDC, {"deploying", "clouds", "top", "kubernetes", "much"}),
    SOCKETS: (TDC, {"latest", "enable", "details"}),
}
"""Which have an answer in the source, where, and what of it must not be lost: hedges above all."""


def source(venue: str) -> str:
    text = material("seed/blog-posts.txt").read_text("utf-8")
    text = text.replace("’", "'").replace("\N{NO-BREAK SPACE}", " ")
    begin, end = SECTIONS[venue]
    start = text.index(begin)
    return text[start : text.index(end, start + len(begin))]


def prepared() -> tuple[Prepared, ...]:
    found = read_questions(ROOT / "slides" / "istio-101.md")
    assert found.problems == ()
    return found.prepared


def find(question: str) -> Prepared:
    key = question_key(question)
    (one,) = (one for one in prepared() if key in map(question_key, one.wordings))
    return one


@pytest.mark.parametrize(("venue", "question", "words"), ASKED)
def test_every_question_of_the_source_is_there(venue: str, question: str, words: str) -> None:
    lines = [set(re.findall(r"[\w']+|•", line.lower())) for line in source(venue).splitlines()]
    assert any(set(words.split()) <= line for line in lines)
    assert find(question).question == question


def test_every_question_that_is_there_was_asked() -> None:
    assert {one.question for one in prepared()} == {question for _, question, _ in ASKED}
    bullets = sum(source(venue).count("•") for venue in SECTIONS)
    assert bullets == sum(words.startswith("•") for _, _, words in ASKED)


def test_all_of_them_are_of_2018_and_have_tags() -> None:
    for one in prepared():
        assert one.as_of == "2018"
        assert one.tags


def test_those_without_an_answer_in_the_source_have_none() -> None:
    assert {one.question for one in prepared() if one.answer} == set(ANSWERED)


@pytest.mark.parametrize("question", ANSWERED)
def test_an_answer_says_what_the_speaker_said_and_no_figure_more(question: str) -> None:
    venue, kept = ANSWERED[question]
    told = set(words_in_order(source(venue)))
    answer = set(words_in_order(find(question).answer))
    assert kept <= told
    assert kept <= answer
    assert set(re.findall(r"\d+", find(question).answer)) <= set(re.findall(r"\d+", source(venue)))


def test_answers_are_in_other_words_than_the_source() -> None:
    told = [words_in_order(source(venue)) for venue in SECTIONS]
    runs = {tuple(all_of[n : n + SHARED]) for all_of in told for n in range(len(all_of))}
    for one in prepared():
        words = words_in_order(one.answer)
        own = {tuple(words[n : n + SHARED]) for n in range(len(words) - SHARED + 1)}
        assert not own & runs, one.question
