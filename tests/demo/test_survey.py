"""What a check asks the world, and when it asks again; its prober answers as a test wants."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import pytest

from presenter.deck.deck import open_deck
from presenter.demo.preflight import watched
from presenter.demo.preflight.subject import Subject
from presenter.demo.preflight.world import survey, world_issues
from presenter.live.findings import Finding, fails, holds, unknown
from presenter.live.probes import Prober
from presenter.settings import Settings
from presenter.talk.fallback import Fault
from presenter.talk.health import Evidence, Good
from presenter.talk.preflight import Level
from presenter.wiring.checking import _subject

LATE = [unknown("the probe was not ready in time"), fails("no answer in time", Fault.SILENT)]
NOT_LATE = [fails("status 500, not 200"), fails("refused", Fault.REFUSED), holds("there")]


class Answers:
    """Stands in for a prober: first one finding, then another."""

    def __init__(self, first: Finding, second: Finding, *, beats: bool) -> None:
        self.asked = 0
        self.watched: list[str] = []
        self.on_beat: Callable[[str, Evidence | None], None] = lambda _key, _evidence: None
        self._findings = [first, second]
        self._beats = beats

    async def probe(self, _name: str, _condition: Mapping[str, object]) -> Finding:
        self.asked += 1
        await asyncio.sleep(0)
        return self._findings[min(self.asked, 2) - 1]

    async def current(self, *_: object) -> Finding:
        return Finding(holds("").truth, facts=("minikube", "https://cluster"))

    def watch(self, conditions: Mapping[str, object], _seconds: float) -> None:
        self.watched = list(conditions)
        now = time.monotonic()
        for key in conditions if self._beats else ():
            for at in (now, now + 0.2, now + 0.6):
                self.on_beat(key, Good(at))
            self.on_beat(key, None)
            self.on_beat("another", Good(now))


@pytest.fixture
def subject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Subject:
    monkeypatch.setattr(watched, "UNHEARD_SECONDS", 0.01)
    path = tmp_path / "talk.md"
    needs = 'web: {http: "http://127.0.0.1/"}'
    path.write_text(f"---\nneeds:\n  {needs}\n---\n# A\n\n```console +needs:web\n$ ls\n```\n")
    return _subject(open_deck(path), Settings(), None)


@pytest.mark.parametrize("first", LATE)
async def test_who_answers_heartbeats_is_looked_at_again(first: Finding, subject: Subject) -> None:
    prober = Answers(first, holds("there"), beats=True)
    found = await survey(subject, cast("Prober", prober), 0.05)
    assert [finding for _, finding in found.findings] == [holds("there")]
    assert prober.asked == 2
    (endpoint,) = found.endpoints
    assert (endpoint.names, endpoint.answers) == (("web",), 3)
    assert endpoint.silence == pytest.approx(0.35)
    assert found.silence == endpoint.silence
    assert list(world_issues(subject, found)) == []


@pytest.mark.parametrize("first", LATE)
async def test_who_answers_nothing_is_asked_once(first: Finding, subject: Subject) -> None:
    prober = Answers(first, holds("there"), beats=False)
    found = await survey(subject, cast("Prober", prober), 0.05)
    assert [finding for _, finding in found.findings] == [first]
    assert (prober.asked, found.silence) == (1, None)


@pytest.mark.parametrize("first", NOT_LATE)
async def test_what_was_found_for_sure_is_not_asked_again(first: Finding, subject: Subject) -> None:
    prober = Answers(first, holds("later"), beats=True)
    found = await survey(subject, cast("Prober", prober), 0.05)
    assert [finding for _, finding in found.findings] == [first]
    assert prober.asked == 1


async def test_a_second_look_that_does_not_end_is_given_up(
    subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    prober = Answers(LATE[1], holds("there"), beats=True)
    once = prober.probe

    async def probe(name: str, condition: Mapping[str, object]) -> Finding:
        if prober.asked:
            await asyncio.Event().wait()
        return await once(name, condition)

    monkeypatch.setattr(prober, "probe", probe)
    found = await survey(subject, cast("Prober", prober), 0.05)
    (issue,) = world_issues(subject, found)
    assert issue.level is Level.NO_GO
    assert issue.what == "web: no answer in time"
