"""Whether a step still shows what was recorded of it, but for what differs from run to run.

Both are made into lines of text: what stands on the screen and above it at the end of a shell's
step; status, headers that matter and body of a response; the rows of a table. Ages, times, hashes,
addresses and durations are told by their kind (`talk.expect.normalise`).
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from presenter.deck.model import Step
from presenter.recording.asciicast import OUTPUT, RESIZE, Event, parse_size
from presenter.recording.har import Exchange
from presenter.recording.har_lines import read_line as read_exchange
from presenter.recording.kube_lines import (
    Asked,
    Changed,
    Detail,
    Listed,
    LogLine,
    Refused,
    Row,
)
from presenter.recording.kube_lines import read_line as read_watch
from presenter.recording.ran import DATA
from presenter.talk.expect import first_difference, normalise
from presenter.terminal import new_emulator

HISTORY = 5000
"""Lines above the screen that are compared."""
MOST_LINES = 2000
"""Of a response's body."""
MOST_DIFFERENCES = 40
"""Lines of a difference that are told."""
_AGE = "age"
_VARYING = frozenset({"uid", "resourceVersion", "generation", "creationTimestamp", "managedFields",
                      "observedGeneration", "lastTransitionTime", "lastUpdateTime"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What a step has shown."""

    events: Sequence[Event]
    """Output, resizes and data, in their order."""
    status: int | None
    size: tuple[int, int]
    """Columns and rows where it began."""


def drift(step: Step, recorded: Shown, live: Shown) -> tuple[str, ...]:
    """What is different, as lines of a difference; nothing where it is the same.

    A transcript of the deck's that both agree with says what may differ (`...`).
    """
    told: list[str] = []
    if None not in (recorded.status, live.status) and recorded.status != live.status:
        told = [f"-exit status {recorded.status}", f"+exit status {live.status}"]
    before, after = lines_of(step, recorded), lines_of(step, live)
    if step.transcript is not None and not step.gives_data:
        both = (first_difference(step.transcript, lines) for lines in (before, after))
        if all(found is None for found in both):
            return tuple(told)
    return (*told, *_difference(before, after))


def lines_of(step: Step, shown: Shown) -> list[str]:
    """What a person reads at the end of a step."""
    lines = [
        line for event in shown.events if event.code == DATA for line in event.data.split("\n")
    ]
    if step.query is not None:
        return list(_watched(lines))
    if step.request is not None:
        return list(_exchanged(lines, step))
    return _screen(shown)


def _difference(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Of lines whose kinds of things differ; each as it was shown."""
    plain = [normalise(line) for line in before], [normalise(line) for line in after]
    found: list[str] = []
    matcher = difflib.SequenceMatcher(None, *plain, autojunk=False)
    for kind, low, high, start, end in matcher.get_opcodes():
        if kind != "equal":
            found += [f"-{line}" for line in before[low:high]]
            found += [f"+{line}" for line in after[start:end]]
    if len(found) > MOST_DIFFERENCES:
        more = len(found) - MOST_DIFFERENCES
        found = [*found[:MOST_DIFFERENCES], f"… {more} more lines differ"]
    return found


def _screen(shown: Shown) -> list[str]:
    """All that was printed, and stands there at the end."""
    emulator = new_emulator(*shown.size, HISTORY)
    for event in shown.events:
        if event.code == OUTPUT:
            emulator.feed(event.data)
        elif event.code == RESIZE and (size := parse_size(event.data)) is not None:
            emulator.resize(*size)
    above = (emulator.history_row(y) for y in range(emulator.history_length))
    lines = ["".join(run.text for run in row).rstrip() for row in above]
    lines += [line.rstrip() for line in emulator.text()]
    while lines and not lines[-1]:
        lines.pop()
    return lines


# --- data -----------------------------------------------------------------------------------------


def _exchanged(lines: Iterable[str], step: Step) -> Iterator[str]:
    """Of many exchanges, which values there were; how many of each is chance.

    A body for which the deck has a pattern has been judged by that when it came.
    """
    pictured = step.request is not None and bool(step.request.picture)
    found = [one for line in lines if isinstance(one := read_exchange(line), Exchange)]
    many = len(found) > 1
    statuses = sorted({f"{one.response.status} {one.response.reason}".strip() for one in found})
    yield from (f"status {status}" for status in statuses)
    groups = sorted({(name, value) for one in found for name, value in one.groups})
    yield from (f"{name}: {value}" for name, value in groups)
    if found and not many and not step.expect:
        yield from _body(found[0], pictured=pictured)


def _body(exchange: Exchange, *, pictured: bool) -> Iterator[str]:
    """What is drawn as a picture is data that grows: its members are compared, not its values."""
    body = exchange.response.body
    yield f"type {body.mime.partition(';')[0]}"
    text = body.data.decode("utf-8", "replace")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        yield from text.splitlines()[:MOST_LINES]
        return
    if pictured:
        yield from sorted(_members(told))
    else:
        yield from json.dumps(told, indent=1, sort_keys=True).splitlines()[:MOST_LINES]


def _members(told: object, path: str = "") -> set[str]:
    if isinstance(told, dict) and len(path) < 200:
        inner = (_members(value, f"{path}.{name}") for name, value in told.items())
        return set().union(*inner)
    if isinstance(told, list):
        return set().union(*(_members(value, f"{path}[]") for value in told[:200]))
    return {path}


def _watched(lines: Iterable[str]) -> Iterator[str]:
    rows: dict[tuple[str, str], Row] = {}
    titles: tuple[str, ...] = ()
    ages: frozenset[int] = frozenset()
    for line in lines:
        match read_watch(line, titles):
            case Asked() as asked:
                titles = asked.titles
            case Listed() as listed:
                if listed.first:
                    rows.clear()
                told = listed.columns
                ages = frozenset(n for n, one in enumerate(told) if one.title.lower() == _AGE)
                rows |= {row.key: row for row in listed.rows}
            case Changed(kind="DELETED") as gone:
                for row in gone.rows:
                    rows.pop(row.key, None)
            case Changed() as changed:
                rows |= {row.key: row for row in changed.rows}
            case Detail() as detail:
                yield from json.dumps(_steady(detail.object), indent=1, sort_keys=True).splitlines()
                yield from sorted({f"event {one.get('reason')}" for one in detail.events})
            case LogLine(text=text) | Refused(words=text):
                yield text
    yield from sorted(normalise(_row(rows[key], ages)) for key in rows)


def _row(row: Row, ages: frozenset[int]) -> str:
    return "  ".join(cell for n, cell in enumerate(row.cells) if n not in ages)


def _steady(value: object) -> object:
    """An object without what changes by itself; conditions stand by their names."""
    if isinstance(value, dict):
        steady = {name: _steady(its) for name, its in value.items() if name not in _VARYING}
        if isinstance(told := steady.get("conditions"), list):
            steady["conditions"] = sorted(told, key=str)
        return steady
    return [_steady(one) for one in value] if isinstance(value, list) else value
