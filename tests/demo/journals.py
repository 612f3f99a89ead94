"""Journals in a state directory, as talks have left them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from presenter.demo.store import deck_id
from presenter.talk import events as e
from presenter.talk.journal import encode

WALL = "2026-05-04T09:00:00+02:00"


def started(deck: str = "/decks/talk.md", wall: str = WALL, purpose: str = "") -> e.SessionStarted:
    return e.SessionStarted(deck, "h1", wall, "1", purpose, "intro")


def lines(*events: e.Event, wall: str = WALL) -> bytes:
    """A journal's lines; a second passes from one event to the next."""
    stamped = (e.Stamped(n, n - 1.0, wall, event) for n, event in enumerate(events, start=1))
    return "".join(map(encode, stamped)).encode()


def put(
    root: Path, events: Sequence[e.Event] | bytes, name: str = "20260504T070000.000000Z-1"
) -> Path:
    """A journal of these events (or bytes) in the folder of `/decks/talk.md`."""
    folder = root / "journals" / deck_id(Path("/decks/talk.md"))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.jsonl"
    path.write_bytes(events if isinstance(events, bytes) else lines(*events))
    return path
