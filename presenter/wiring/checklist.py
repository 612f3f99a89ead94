"""What `presenter check` has found, as lines for a terminal and as values for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from presenter.demo.preflight.watched import Endpoint
from presenter.demo.preflight.world import Condition, Survey
from presenter.layout.text import pad, width
from presenter.live.findings import Finding
from presenter.talk.condition import Truth
from presenter.talk.health import DOWN_SECONDS
from presenter.talk.preflight import Issue, Level, Row, word
from presenter.terminal.text import safe_text
from presenter.wiring.checking import Checked

_MARKS = {Level.NO_GO: "✗", Level.WARNING: "!", Level.NOTE: "·"}
_HEADS = ("demo", "slide", "live", "below live", "verdict")
_TRUTHS = {Truth.TRUE: "holds", Truth.FALSE: "does not hold", Truth.UNKNOWN: "unknown"}


def lines(checked: Checked) -> Iterator[str]:
    """Everything, the verdict last, where a speaker looks."""
    if checked.rows:
        yield from table([_HEADS, *map(_cells, checked.rows)])
        yield ""
    if checked.survey is not None and (checked.survey.findings or checked.survey.endpoints):
        yield from _world(checked.survey, checked)
        yield ""
    for issue in checked.issues:
        yield issue_line(issue)
    if checked.issues:
        yield ""
    yield _verdict(checked)


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of equally many cells in columns, two blanks apart."""
    clean = [[safe_text(cell) for cell in row] for row in rows]
    widths = [max(width(row[at]) for row in clean) for at in range(len(clean[0]))]
    return [
        "  ".join(pad(cell, columns) for cell, columns in zip(row, widths, strict=True)).rstrip()
        for row in clean
    ]


def issue_line(issue: Issue) -> str:
    """`✗ talk.md:12:1: pods: kubectl is not installed (install it)`."""
    todo = f" ({issue.todo})" if issue.todo else ""
    return safe_text(f"{_MARKS[issue.level]} {issue.where}: {issue.what}{todo}")


def _cells(row: Row) -> tuple[str, ...]:
    return row.name, row.slide, row.live.value, row.below.words, word(row.go)


def _world(survey: Survey, checked: Checked) -> Iterator[str]:
    if survey.context:
        yield safe_text(f"current cluster: {survey.context} ({survey.server or 'no server'})")
    silences = {name: one for one in survey.endpoints for name in one.names}
    found = [
        (one.called, _TRUTHS[finding.truth], finding.words, _silence(silences.get(one.called)))
        for one, finding in survey.findings
    ]
    found += [(one.called, "unknown", "not asked about yet", "") for one in survey.unknown]
    yield from table([("condition", "", "found", "longest silence"), *found])
    if survey.silence is not None:
        down = checked.thresholds.down
        raised = f", not {DOWN_SECONDS:g} s" if down > DOWN_SECONDS else ""
        yield f"for 24 hours, talks of this deck wait {down:.2f} s for an answer{raised}"


def _silence(endpoint: Endpoint | None) -> str:
    if endpoint is None:
        return ""
    if endpoint.silence is None:
        return "not measured"
    return f"{endpoint.silence:.2f} s in {endpoint.answers} answers"


def _verdict(checked: Checked) -> str:
    counts = [
        (sum(issue.level is level for issue in checked.issues), one, many)
        for level, one, many in (
            (Level.NO_GO, "no-go", "no-gos"),
            (Level.WARNING, "warning", "warnings"),
            (Level.NOTE, "note", "notes"),
        )
    ]
    told = ", ".join(
        f"{count} {one if count == 1 else many}" for count, one, many in counts if count
    )
    return safe_text(f"{checked.deck.path}: {word(checked.go)}" + (f" ({told})" if told else ""))


def values(checked: Checked, *, trusted: bool, static: bool) -> dict[str, object]:
    """The same for another program."""
    survey = checked.survey or Survey()
    thresholds = checked.thresholds
    return {
        "deck": str(checked.deck.path),
        "hash": checked.deck.hash,
        "verdict": word(checked.go),
        "trusted": trusted,
        "static": static,
        "seconds": round(checked.seconds, 3),
        "demos": [_row_values(row) for row in checked.rows],
        "conditions": [
            *(_named(one) | _finding_values(finding) for one, finding in survey.findings),
            *(_named(one) | {"truth": Truth.UNKNOWN.value} for one in survey.unknown),
        ],
        "cluster": {"context": survey.context, "server": survey.server},
        "endpoints": [
            {"conditions": list(one.names), "answers": one.answers, "silence": one.silence}
            for one in survey.endpoints
        ],
        "thresholds": {"suspect": thresholds.suspect, "down": thresholds.down},
        "issues": [_issue_values(issue) for issue in checked.issues],
    }


def _row_values(row: Row) -> dict[str, object]:
    return {
        "name": row.name,
        "slide": row.slide,
        "live": row.live.value,
        "below": list(row.below.rungs),
        "verdict": word(row.go),
    }


def _finding_values(finding: Finding) -> dict[str, object]:
    return {
        "truth": finding.truth.value,
        "fault": finding.fault.value if finding.fault else None,
        "words": finding.words,
        "seconds": round(finding.seconds, 3),
    }


def _issue_values(issue: Issue) -> dict[str, object]:
    return {
        "level": issue.level.value,
        "where": issue.where,
        "what": issue.what,
        "todo": issue.todo,
        "demos": list(issue.demos),
    }


def _named(condition: Condition) -> dict[str, object]:
    return {"key": condition.key, "name": condition.name}
