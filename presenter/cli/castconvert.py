"""`presenter cast convert`: a recording in another format, or as text, a picture, an animation."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from presenter.cli.castclean import secret_lines
from presenter.cli.castinfo import clock
from presenter.cli.castoutput import may_write, new_file, tell_left_out, write_cast_file
from presenter.errors import PresenterError, UsageError
from presenter.layout.frame import Frame, Size
from presenter.layout.theme import Theme
from presenter.recording.asciicast import MARKER, OUTPUT, RESIZE, Event, Header
from presenter.recording.datacast import is_data, open_data
from presenter.recording.reader import Cast, open_cast
from presenter.recording.stream import played, stream
from presenter.terminal.emulator import Emulator
from presenter.terminal.text import complain

_VERSIONS = {".cast": 3, ".json": 1}
_BATCH = 512
"""Events given to an emulator at once."""


def run(options: argparse.Namespace) -> int:
    """Write the new file; its kind follows from its name."""
    path, output = Path(options.file), Path(options.output)
    kind = _kind(output, options)
    may_write(output, [path], force=options.force)
    if kind in _VERSIONS:
        if is_data(path):
            raise UsageError(f"{path}: holds data, not the output of a terminal", _KINDS)
        cast = open_cast(path)
        _convert(cast, output, options.version or _VERSIONS[kind])
    else:
        cast = open_data(path) if is_data(path) else open_cast(path)
        if not options.unchecked:
            _scan(path)
        write = {".txt": _write_text, ".svg": _write_svg, ".gif": _write_gif}[kind]
        write(_Source(cast, _size(options)), output, options)
    tell_left_out(cast)
    return 0


_KINDS = "write a .txt, .svg or .gif of it"


def _kind(output: Path, options: argparse.Namespace) -> str:
    kind = Path(output.stem).suffix if output.suffix.lower() == ".gz" else output.suffix
    kind = kind.lower()
    if kind not in (*_VERSIONS, ".txt", ".svg", ".gif"):
        raise UsageError(f"{output}: unknown kind of file", "use .cast, .json, .txt, .svg or .gif")
    pictures = (".svg", ".gif")
    for name, kinds in (
        ("version", tuple(_VERSIONS)), ("at", (".svg",)), ("theme", pictures), ("size", pictures),
    ):  # fmt: skip
        if getattr(options, name) is not None and kind not in kinds:
            raise UsageError(f"--{name} is of no use for {output}", f"it is for {', '.join(kinds)}")
    return kind


def _scan(path: Path) -> None:
    """The second scan, before anything leaves the format in which it could be redacted."""
    found = next(secret_lines(path), None)
    if found is not None:
        line, message = found
        raise PresenterError(
            f"{path}:{line}: {message}", "nothing was written; --unchecked writes it as it is"
        )


def _convert(cast: Cast, output: Path, version: int) -> None:
    header, events = cast.header, stream(cast)
    if version == 1:
        header, events = replace(header, idle_time_limit=None), played(cast)
    left_out: Counter[str] = Counter()
    write_cast_file(output, header, _counted(events, version, left_out), version)
    if left_out:
        what = ", ".join(f"{left_out[kind]} of {kind}" for kind in sorted(left_out))
        complain(f"presenter: {cast.path}: events that version 1 does not know, left out: {what}")


def _counted(events: Iterable[Event], version: int, left_out: Counter[str]) -> Iterator[Event]:
    kinds = {MARKER: "markers", RESIZE: "resizes"}
    for event in events:
        if version == 1 and event.code != OUTPUT:
            left_out[kinds.get(event.code, "other kinds")] += 1
        yield event


@dataclass(slots=True)
class _Source:
    """A recording to be shown: of a terminal, or of data, which is drawn for the size asked."""

    cast: Cast
    size: Size | None

    @property
    def header(self) -> Header:
        header = self.cast.header
        if self.size is None or not is_data(self.cast.path):
            return header
        return replace(header, columns=self.size.columns, rows=self.size.rows)

    def emulator(self, columns: int, rows: int, history: int = 0) -> Emulator:
        if is_data(self.cast.path):
            from presenter.demo.drawing import DataScreen

            return DataScreen(columns, rows, history)
        from presenter.terminal import new_emulator

        return new_emulator(columns, rows, history)

    def events(self) -> Iterator[Event]:
        return played(self.cast)


def _size(options: argparse.Namespace) -> Size | None:
    from presenter.cli.shot import parse_size

    return None if options.size is None else parse_size(options.size)


def _theme(options: argparse.Namespace) -> Theme:
    from presenter.layout.theme import theme
    from presenter.settings import Settings
    from presenter.wiring.choices import choose_theme

    return theme(choose_theme(options.theme, Settings()))


def _write_text(source: _Source, output: Path, _options: argparse.Namespace) -> None:
    from presenter.recording.transcript import transcript

    with new_file(output) as file:
        lines = transcript(source.header, source.events(), source.emulator)
        file.writelines(line.encode() for line in lines)


def _write_svg(source: _Source, output: Path, options: argparse.Namespace) -> None:
    from presenter.layout.pane import screen_lines
    from presenter.layout.svg import paint_svg

    theme = _theme(options)
    emulator = source.emulator(source.header.columns, source.header.rows)
    end = _feed(emulator, source.events(), options.at)
    if options.at is not None and options.at > end:
        raise PresenterError(
            f"{source.cast.path}: --at {clock(options.at)} is beyond its end, {clock(end)}",
            "`presenter cast info` shows how long it is",
        )
    size = source.size or Size(emulator.columns, emulator.rows)
    lines = screen_lines(emulator, size.columns, size.rows, theme)
    with new_file(output) as file:
        file.write(paint_svg(Frame(size, lines), theme).encode())


def _feed(emulator: Emulator, events: Iterable[Event], until: float | None) -> float:
    """Shows what is due at that time (None: at the end); returns when the last event is due.

    What comes later is not read to its end: then the time of the next event is returned.
    """
    from presenter.recording.track import Code, apply

    waiting: list[Code] = []
    last = 0.0
    for event in events:
        last = event.time
        if until is not None and last > until:
            break
        waiting.append((event.code, event.data))
        if len(waiting) >= _BATCH:
            apply(emulator, waiting)
            waiting.clear()
    apply(emulator, waiting)
    return last


def _write_gif(source: _Source, output: Path, options: argparse.Namespace) -> None:
    from presenter.layout.gif import LARGEST, gif
    from presenter.recording.frames import SHORTEST, moments, plan

    header, theme = source.header, _theme(options)
    planned = plan(header, source.events())
    whole = Size(planned.columns, planned.rows)
    size = source.size or Size(min(whole.columns, LARGEST.columns), min(whole.rows, LARGEST.rows))
    emulator = source.emulator(header.columns, header.rows)
    shown = moments(source.events(), emulator, planned.pause)
    with new_file(output) as file:
        file.writelines(gif(shown, emulator, size, theme, planned.seconds))
    if planned.pause > SHORTEST:
        complain(
            f"presenter: {source.cast.path}: {planned.pictures} pictures, "
            f"no two within {planned.pause:.1f} s (`presenter cast trim` makes it shorter)"
        )
    if size.columns < whole.columns or size.rows < whole.rows:
        complain(
            f"presenter: {source.cast.path}: {size.columns}x{size.rows} of the screen's "
            f"{whole.columns}x{whole.rows} cells are shown"
        )
