"""Recordings of data played by themselves: pause, step, seek, speed, at any size."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from presenter.demo.clock import Clock
from presenter.demo.playback import playback_frame
from presenter.demo.player import Player, State, open_player
from presenter.errors import RecordingError
from presenter.layout.frame import Size
from presenter.layout.paint import paint_text
from presenter.layout.theme import theme
from presenter.recording.har import Body, Exchange, Har, Request, Response, Timings
from presenter.recording.har_writer import write_har
from presenter.recording.kube_file import FORMAT
from presenter.recording.provenance import Provenance, marker_label

COLUMNS = [{"name": "Name", "type": "string"}, {"name": "Status", "type": "string"},
           {"name": "Age", "type": "string"}]  # fmt: skip


class HandClock(Clock):
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = 1000.0

    def now(self) -> float:
        return self.time

    async def sleep_until(self, moment: float) -> None:
        self.time = max(self.time, moment)


def row(name: str, status: str) -> dict[str, object]:
    told = {"name": name, "namespace": "shop", "creationTimestamp": "2026-11-26T12:00:00Z"}
    return {"cells": [name, status, "1s"], "object": {"metadata": told}}


def watched(folder: Path) -> Path:
    """Two pods of which the second becomes Running after three seconds, and then ten more come."""
    at = datetime(2026, 11, 26, 12, 1, tzinfo=UTC).timestamp()
    table = {"kind": "Table", "columnDefinitions": COLUMNS,
             "rows": [row("web-1", "Running"), row("web-2", "Pending")]}  # fmt: skip

    def event(kind: str, name: str, status: str) -> dict[str, object]:
        return {"type": kind, "object": {"kind": "Table", "rows": [row(name, status)]}}

    lines: list[dict[str, object]] = [
        {"format": FORMAT, "version": 1, "presenter": {"commands": ["watch pods", "get pods"]}},
        {"step": marker_label(0, "watch pods"), "status": 0, "seconds": 5.0},
        {"asked": {"verb": "watch", "resource": "pods", "namespace": "shop"}},
        {"at": at, "list": table, "first": True, "last": True},
        {"at": at + 3, "watch": event("MODIFIED", "web-2", "Running")},
        *(
            {"at": at + 4 + n / 10, "watch": event("ADDED", f"web-{n + 3}", "Pending")}
            for n in range(10)
        ),
        {"step": marker_label(1, "get pods"), "status": 1, "seconds": 0.1},
        {"asked": {"verb": "get", "resource": "pods"}},
        {"at": at + 20, "refused": "forbidden"},
    ]
    path = folder / "pods.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


SIZE = Size(60, 24)


def screen(player: Player, size: Size = SIZE) -> str:
    return paint_text(playback_frame(player, "x", size, theme("dark")))


def played_to(path: Path, seconds: float) -> Player:
    clock = HandClock()
    player = open_player(path, clock=clock)
    player.play()
    while clock.time < 1000.0 + seconds:
        clock.time += 0.05
        player.tick(clock.time)
    player.pause()
    return player


def test_a_watch_is_played_with_its_marks_and_ages(tmp_path: Path) -> None:
    path = watched(tmp_path)
    shown = screen(played_to(path, 0.5))
    assert "watch pods" in shown
    assert "2 pods  in shop  Running 1  Pending 1" in shown
    assert "60s" in shown
    later = screen(played_to(path, 3.2))
    assert "~ web-2" in later
    assert "Running 2" in later
    assert "63s" in later


@pytest.mark.parametrize("second", [0.2, 1.5, 3.3, 4.45, 5.0])
def test_a_seek_shows_what_playing_shows(tmp_path: Path, second: float) -> None:
    path = watched(tmp_path)
    wanted = played_to(path, second)
    clock = HandClock()
    sought = open_player(path, clock=clock)
    while sought.work(1.0):
        pass
    sought.seek_fraction(1.0)
    sought.tick(clock.time)
    sought.seek(wanted.position)
    while sought.next_due() is not None:
        sought.tick(clock.time)
    assert screen(sought).splitlines()[:-1] == screen(wanted).splitlines()[:-1]


def test_steps_are_markers(tmp_path: Path) -> None:
    player = open_player(watched(tmp_path), clock=HandClock())
    while player.work(1.0):
        pass
    assert player.next_marker()
    assert player.next_marker()
    assert player.step()
    assert "get pods" in screen(player)
    assert player.step()
    assert "✗ forbidden" in screen(player)
    assert not player.next_marker()
    assert player.previous_marker()
    assert player.state is State.PAUSED


def test_it_is_drawn_anew_for_another_size(tmp_path: Path) -> None:
    player = played_to(watched(tmp_path), 5.2)
    for size in (Size(40, 12), Size(120, 40), Size(60, 24)):
        lines = screen(player, size).splitlines()
        assert len(lines) == size.rows
        assert "12 pods" in "\n".join(lines)
        assert lines[0].startswith("╭")
        assert len(lines[0]) == size.columns
    assert "web-9" in screen(player, Size(60, 24))
    assert "more" in screen(player, Size(40, 12))


def test_exchanges_are_played_by_their_steps(tmp_path: Path) -> None:
    start = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    label = marker_label(0, "GET http://h/")

    def one(n: int, label: str) -> Exchange:
        body = Body("application/json", b'{"n": %d}' % n, 9)
        return Exchange(
            start + timedelta(seconds=n),
            Request("GET", "http://h/"),
            Response(200, "OK", body=body),
            Timings(wait=0.1),
            label=label,
            groups=(("v", f"v{n % 2}"),),
        )

    path = tmp_path / "page.har"
    told = Provenance(commands=("GET http://h/",))
    write_har(path, Har(tuple(one(n, label) for n in range(4)), told), ())
    player = played_to(path, 1.5)
    assert "2 of 4" in screen(player)
    player.seek_fraction(1.0)
    player.tick(player._clock.now())
    assert "4 of 4" in screen(player)
    assert "v0" in screen(player)
    # In a log of others, each exchange is a step.
    write_har(path, Har(tuple(one(n, "") for n in range(3))), ())
    assert len(_markers(path)) == 3


def _markers(path: Path) -> list[str]:
    player = open_player(path, clock=HandClock())
    while player.work(1.0):
        pass
    return [marker.label for marker in player.markers]


@pytest.mark.parametrize("name", ["x.har", "x.jsonl"])
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("nothing")
    with pytest.raises(RecordingError, match=name.replace(".", r"\.")):
        open_player(path)
