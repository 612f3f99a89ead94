"""`presenter cast info` and `presenter cast check`: what is in a recording, and what is wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from presenter.cli.printed import print_json
from presenter.errors import RecordingError
from presenter.recording.asciicast import INPUT, MARKER, OUTPUT, RESIZE
from presenter.recording.datacast import is_data
from presenter.recording.provenance import Provenance, provenance_object, provenance_of
from presenter.recording.reader import is_packed, open_cast
from presenter.recording.survey import Survey, survey
from presenter.terminal.text import safe_text

_KINDS = {OUTPUT: "output", INPUT: "input", MARKER: "markers", RESIZE: "resizes", "x": "exits"}
_MOST_TOLD = 20
"""Markers, steps and damaged lines printed; `--json` has all that are kept."""


def run(options: argparse.Namespace) -> int:
    return {"info": _info, "check": _check}[options.action](options)


def _info(options: argparse.Namespace) -> int:
    path = Path(options.file)
    found = _data_values(path) if is_data(path) else _cast_values(path)
    if options.json:
        print_json(found)
    else:
        sys.stdout.write("".join(f"{safe_text(line)}\n" for line in _told(found)))
    return 0


def _cast_values(path: Path) -> dict[str, Any]:
    from presenter.recording.stream import stream

    cast = open_cast(path)
    header = cast.header
    seen = survey(stream(cast), header.idle_time_limit)
    return {
        "file": str(path),
        "format": "asciicast",
        "version": header.version,
        "bytes": path.stat().st_size,
        "compressed": is_packed(path),
        "size": f"{header.columns}x{header.rows}",
        "title": header.title,
        "command": header.command,
        "idle_time_limit": header.idle_time_limit,
        **_survey_values(seen, provenance_of(header)),
        "damaged": [
            *({"line": line, "reason": reason} for line, reason in (*cast.problems, *cast.skipped)),
            *([{"line": None, "reason": "the last line is torn off"}] if cast.torn else []),
        ],
    }


def _data_values(path: Path) -> dict[str, Any]:
    """Of a recording of requests or of queries, whose steps are its markers."""
    from presenter.recording.datacast import open_data

    cast = open_data(path)
    seen = survey(cast.events(), cast.header.idle_time_limit)
    provenance, statuses = _data_origin(path)
    values = _survey_values(seen, provenance)
    for step, status in zip(values["steps"], statuses, strict=False):
        step["status"] = status
    return {
        "file": str(path),
        "format": "HAR" if path.suffix.lower() == ".har" else "presenter-kubernetes",
        "bytes": path.stat().st_size,
        "idle_time_limit": cast.header.idle_time_limit,
        **values,
        "damaged": [],
    }


def _data_origin(path: Path) -> tuple[Provenance | None, Sequence[int | None]]:
    if path.suffix.lower() == ".har":
        from presenter.recording.har_reader import read_har

        told = read_har(path).provenance
        return told, told.exit_codes if told is not None else ()
    from presenter.recording.kube_file import read_watched

    watched = read_watched(path)
    return watched.provenance, [step.status for step in watched.steps]


def _survey_values(seen: Survey, provenance: Provenance | None) -> dict[str, Any]:
    commands = provenance.commands if provenance is not None else ()
    codes = provenance.exit_codes if provenance is not None else ()
    steps = []
    for index, step in enumerate(seen.steps):
        number = int(step.label.split()[0]) if step.label else index + 1
        known = codes[number - 1] if 0 < number <= len(codes) else None
        steps.append(
            {
                "number": number,
                "label": step.label,
                "at": round(step.start, 3),
                "seconds": round((step.end or seen.shown) - step.start, 3),
                "ended": step.end is not None,
                "status": known if step.status is None else step.status,
                "command": commands[number - 1] if 0 < number <= len(commands) else "",
            }
        )
    return {
        "seconds": round(seen.real, 3),
        "seconds_shown": round(seen.shown, 3),
        "events": {_KINDS.get(code, code): n for code, n in sorted(seen.counts.items())},
        "sizes": list(seen.sizes),
        "markers": [{"at": round(at, 3), "label": label} for at, label in seen.markers],
        "steps": steps,
        "presenter": provenance_object(provenance) if provenance is not None else None,
    }


def clock(seconds: float) -> str:
    """`1:23.400`, with hours where there are any."""
    whole, rest = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    head = f"{hours}:{minute:02}" if hours else f"{minute}"
    return f"{head}:{second:02}.{rest:03}"


def _told(found: dict[str, Any]) -> Iterator[str]:
    """The lines that are printed."""
    version = f" v{found['version']}" if "version" in found else ""
    packed = ", compressed" if found.get("compressed") else ""
    yield f"{found['file']}: {found['format']}{version}, {found['bytes'] / 1000:,.1f} kB{packed}"
    if "size" in found:
        later = [size for size in found["sizes"] if size != found["size"]]
        yield f"size      {found['size']}{', later ' + ', '.join(later) if later else ''}"
    for key in ("title", "command"):
        if found.get(key):
            yield f"{key:9} {found[key]}"
    limit = found["idle_time_limit"]
    shown = f", {clock(found['seconds_shown'])} shown (idle limit {limit:g} s)" if limit else ""
    yield f"duration  {clock(found['seconds'])}{shown}"
    kinds = ", ".join(
        f"{count:,} {kind.removesuffix('s') if count == 1 else kind}"
        for kind, count in found["events"].items()
    )
    yield f"events    {kinds or 'none'}"
    yield from _list("marker", [f"{clock(m['at'])}  {m['label']}" for m in found["markers"]])
    yield from _list("step", [_step(step) for step in found["steps"]])
    yield from _origin(found["presenter"])
    yield from _list(
        "damaged",
        [f"line {one['line']}: {one['reason']}" if one["line"] else one["reason"]
         for one in found["damaged"]],
    )  # fmt: skip


def _list(name: str, told: Sequence[str]) -> Iterator[str]:
    for line in told[:_MOST_TOLD]:
        yield f"{name:9} {line}"
    if len(told) > _MOST_TOLD:
        yield f"{name:9} and {len(told) - _MOST_TOLD} more"


def _step(step: dict[str, Any]) -> str:
    status = "?" if step["status"] is None else step["status"]
    took = f"{step['seconds']:.1f} s" if step["ended"] else "does not end"
    return f"{step['number']}  {clock(step['at'])}  {took}  status {status}  {step['command']}"


def _origin(told: dict[str, Any] | None) -> Iterator[str]:
    if told is None:
        return
    keys = ("source", "date", "deck", "demo", "note", "origin")
    yield f"recorded  {', '.join(str(told[key]) for key in keys if told.get(key))}"
    for key in ("tools", "exports"):
        for name, value in (told.get(key) or {}).items():
            yield f"{key:9} {name}={value}"


def _check(options: argparse.Namespace) -> int:
    wrong = False
    for file in options.files:
        path = Path(file)
        found = False
        for line, message in _wrong(path, secrets=options.secrets):
            found = wrong = True
            sys.stdout.write(f"{safe_text(f'{path}:{line}: {message}')}\n")
        if not found:
            sys.stdout.write(f"{safe_text(str(path))}: well formed{_no_secrets(options)}\n")
    return int(wrong)


def _no_secrets(options: argparse.Namespace) -> str:
    return ", and nothing looks like a secret" if options.secrets else ""


def _wrong(path: Path, *, secrets: bool) -> Iterator[tuple[int, str]]:
    from presenter.recording.strict import deviations

    if is_data(path):
        _data_values(path)  # raises what is wrong, with its place
    else:
        yield from deviations(path)
    if secrets:
        from presenter.cli.castclean import secret_lines

        try:
            yield from secret_lines(path)
        except RecordingError:
            if is_data(path):
                raise  # else it has been told that this is no recording
