"""Recordings written in the older versions, for programs that know nothing newer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from presenter.recording.asciicast import OUTPUT, Event, Header, sound_theme
from presenter.recording.writer import Milliseconds, encode, encoded, encoded_code, encoded_text


def encode_version(header: Header, events: Iterable[Event], version: int) -> Iterator[str]:
    """The recording in version 1, 2 or 3, in pieces; equal input gives equal bytes."""
    if version == 1:
        return _version_1(header, events)
    return _version_2(header, events) if version == 2 else encode(header, events)


def _version_2(header: Header, events: Iterable[Event]) -> Iterator[str]:
    """Times since the start, in microseconds; all events as they are."""
    known: dict[str, object] = {
        "version": 2,
        "width": header.columns,
        "height": header.rows,
        "timestamp": header.timestamp,
        "duration": header.duration,
        "idle_time_limit": header.idle_time_limit,
        **_texts(header),
        "theme": sound_theme(header) or None,
    }
    yield encoded(_present(known, header)) + "\n"
    for event in events:
        micros = round(event.time * 1_000_000)
        code, data = encoded_code(event.code), encoded_text(event.data)
        yield f"[{micros // 1_000_000}.{micros % 1_000_000:06}, {code}, {data}]\n"


def _version_1(header: Header, events: Iterable[Event]) -> Iterator[str]:
    """One object; it knows neither resizes nor markers nor input: only output is in it."""
    known: dict[str, object] = {
        "version": 1,
        "width": header.columns,
        "height": header.rows,
        **_texts(header),
    }
    yield encoded(_present(known, header))[:-1] + ', "stdout": ['
    clock = Milliseconds()
    between = "\n"
    last = 0.0
    for event in events:
        last = event.time
        if event.code == OUTPUT:
            step = clock.interval(event.time)
            yield f"{between}[{step // 1000}.{step % 1000:03}, {encoded_text(event.data)}]"
            between = ",\n"
    yield f'\n], "duration": {last:.3f}}}\n'


def _texts(header: Header) -> dict[str, object]:
    return {
        "command": header.command or None,
        "title": header.title or None,
        "env": dict(header.env) or None,
    }


def _present(known: Mapping[str, object], header: Header) -> dict[str, object]:
    """What is known, and the keys of others but for `term`, which is version 3's."""
    written = {key: value for key, value in known.items() if value is not None}
    others = {key: value for key, value in header.extra.items() if key != "term"}
    return written | {key: value for key, value in others.items() if key not in written}
