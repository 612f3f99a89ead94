"""Where a recording comes from."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.recording.asciicast import Header
from presenter.recording.provenance import (
    CAPTURED,
    TRANSCRIBED,
    Provenance,
    command_hash,
    marker_label,
    provenance_object,
    provenance_of,
)

_TEXT = st.text(st.characters(codec="utf-8"), max_size=10)
_NAMES = st.dictionaries(_TEXT, _TEXT, max_size=3)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
_KEYS = ("source", "date", "deck", "demo", "commands", "exit_codes", "exports", "tools", "note")


@given(
    st.builds(
        Provenance,
        source=st.just(CAPTURED),
        date=st.none() | st.just("2026-11-02"),
        deck=_TEXT,
        demo=_TEXT,
        commands=st.lists(_TEXT).map(tuple),
        exit_codes=st.lists(st.none() | st.integers(0, 255)).map(tuple),
        exports=_NAMES,
        tools=_NAMES,
        note=_TEXT,
        origin=_TEXT,
    )
)
def test_what_is_written_is_read_again(provenance: Provenance) -> None:
    raw = json.loads(json.dumps(provenance_object(provenance)))
    assert provenance_of(Header(extra={"presenter": raw})) == provenance


@given(st.dictionaries(st.sampled_from(_KEYS), _JSON) | _JSON)
def test_anything_is_read_or_left(raw: object) -> None:
    provenance = provenance_of(Header(extra={"presenter": raw}))
    assert (provenance is None) == (not isinstance(raw, dict))


def test_a_transcribed_recording_has_no_date() -> None:
    raw = {"source": TRANSCRIBED, "date": "2026-11-02"}
    provenance = provenance_of(Header(extra={"presenter": raw}))
    assert provenance == Provenance(source=TRANSCRIBED)


def test_a_recording_of_another_program_has_none() -> None:
    assert provenance_of(Header()) is None


def test_a_command_is_known_by_its_words() -> None:
    # printf 'kubectl get pods' | sha256sum | cut -c-12
    assert command_hash("kubectl get pods") == "65fc12be8f0f"
    assert command_hash("  kubectl \t get\n pods ") == command_hash("kubectl get pods")
    assert command_hash("kubectl get pod") != command_hash("kubectl get pods")


@pytest.mark.parametrize(("step", "label"), [(0, "1 "), (9, "10 ")])
def test_a_marker_counts_from_one(step: int, label: str) -> None:
    assert marker_label(step, "ls") == label + command_hash("ls")
