"""Where a recording comes from: the header's key `presenter` (see "Recordings" of the deck format).

{"source": "captured" | "transcribed", "date": "2026-11-02", "deck": "istio-101",
 "demo": "minikube", "commands": [...], "exit_codes": [...], "exports": {...},
 "tools": {...}, "note": "...", "origin": "..."}
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from presenter.recording.asciicast import Header, sound

KEY = "presenter"
CAPTURED, TRANSCRIBED = "captured", "transcribed"

_HASH_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the recording itself says; empty where it says nothing."""

    source: str = CAPTURED
    """`captured` from a run, or `transcribed` from a text."""
    date: str | None = None
    """ISO 8601; None for a transcribed recording."""
    deck: str = ""
    demo: str = ""
    commands: tuple[str, ...] = ()
    """The demo's commands as shown, step by step."""
    exit_codes: tuple[int | None, ...] = ()
    exports: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    tools: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Versions of the tools used."""
    note: str = ""
    """On the environment."""
    origin: str = ""
    """What a transcribed recording was written down from."""


def command_hash(command: str) -> str:
    """The first 12 hex digits of the SHA-256 of a command, runs of white space made one blank."""
    normal = sound(" ".join(command.split()))
    return hashlib.sha256(normal.encode()).hexdigest()[:_HASH_LENGTH]


def marker_label(step: int, command: str) -> str:
    """The label of the marker at the output of step `step` (from 0; the label counts from 1)."""
    return f"{step + 1} {command_hash(command)}"


def provenance_of(header: Header) -> Provenance | None:
    """None for a recording made by other programs; what is not as it should be is left out."""
    return provenance_from(header.extra.get(KEY))


def provenance_from(raw: object) -> Provenance | None:
    """The same, out of the value of the key as JSON gave it."""
    if not isinstance(raw, dict):
        return None
    source = raw.get("source")
    transcribed = source == TRANSCRIBED
    date = raw.get("date")
    return Provenance(
        source=TRANSCRIBED if transcribed else CAPTURED,
        date=sound(date) if isinstance(date, str) and not transcribed else None,
        deck=_text(raw.get("deck")),
        demo=_text(raw.get("demo")),
        commands=tuple(_text(item) for item in _list(raw.get("commands"))),
        exit_codes=tuple(_status(item) for item in _list(raw.get("exit_codes"))),
        exports=_strings(raw.get("exports")),
        tools=_strings(raw.get("tools")),
        note=_text(raw.get("note")),
        origin=_text(raw.get("origin")),
    )


def provenance_object(provenance: Provenance) -> dict[str, object]:
    """For the header's key `presenter`: what is known, in a fixed order."""
    fields: dict[str, object] = {
        "date": provenance.date,
        "deck": provenance.deck,
        "demo": provenance.demo,
        "commands": list(provenance.commands),
        "exit_codes": list(provenance.exit_codes),
        "exports": dict(provenance.exports),
        "tools": dict(provenance.tools),
        "note": provenance.note,
        "origin": provenance.origin,
    }
    return {"source": provenance.source} | {key: value for key, value in fields.items() if value}


def _text(value: object) -> str:
    return sound(value) if isinstance(value, str) else ""


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _status(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _strings(value: object) -> Mapping[str, str]:
    items = value.items() if isinstance(value, dict) else ()
    return MappingProxyType({sound(k): sound(v) for k, v in items if isinstance(v, str)})
