"""Journals of any events there are, and what may become of their lines."""

from __future__ import annotations

import json
import zlib
from contextlib import suppress
from typing import get_args, get_type_hints

from hypothesis import strategies as st

from presenter.talk import events as e
from presenter.talk.journal import encode

KINDS: tuple[type[e.Event], ...] = get_args(e.Event)
TEXTS = st.text(max_size=12) | st.sampled_from(["\ud800", "\x1b[31m", 'a"b\\', '","k":"'])
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.floats(0.0, 3000.0)
WHOLE = st.integers(-2, 40) | st.sampled_from([2**63, -(2**70)])
VALUES: dict[object, st.SearchStrategy[object]] = {
    str: TEXTS,
    float: NUMBERS,
    int: WHOLE,
    bool: st.booleans(),
    int | None: st.none() | WHOLE,
    tuple[str, ...]: st.lists(TEXTS, max_size=3).map(tuple),
    tuple[float, ...]: st.lists(NUMBERS, max_size=3).map(tuple),
}


def any_event(*kinds: type[e.Event]) -> st.SearchStrategy[e.Event]:
    """An event of one of these kinds, or of any."""
    made: list[st.SearchStrategy[e.Event]] = [
        st.builds(kind, **{name: VALUES[hint] for name, hint in get_type_hints(kind).items()})
        for kind in kinds or KINDS
    ]
    return st.one_of(made)


@st.composite
def any_stamped(draw: st.DrawFn, most: int = 12) -> list[e.Stamped]:
    """Events that begin as a journal's do, numbered and with their times."""
    events = [draw(any_event(e.SessionStarted)), *draw(st.lists(any_event(), max_size=most))]
    return [
        e.Stamped(number, draw(NUMBERS), draw(TEXTS), event)
        for number, event in enumerate(events, start=1)
    ]


def signed(fields: object) -> bytes:
    """A line as another version might have written it."""
    return signed_text(json.dumps(fields, separators=(",", ":")))


def signed_text(body: str) -> bytes:
    """A line of this body, with the checksum that it must have."""
    data = body.encode("utf-8", "replace")
    return data[:-1] + b',"crc":"%08x"}\n' % zlib.crc32(data)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
_STRANGE_NUMBERS = ("1e308", "1e400", "-1e308", "NaN", "Infinity", "1" * 400, "1" * 5000, "1.0")


@st.composite
def _changed(draw: st.DrawFn, line: bytes) -> bytes:
    """The line with a field that is another, signed anew: what no disk's fault would make."""
    fields = json.loads(line)
    fields.pop("crc", None)
    inner = fields.get("f")
    into = inner if isinstance(inner, dict) and draw(st.booleans()) else fields
    name = draw(st.sampled_from([*into, "later"]))
    match draw(st.integers(0, 5)):
        case 0:
            into.pop(name, None)
        case 1:
            into[name] = draw(_ANYTHING)
        case 2:
            fields["k"] = draw(st.sampled_from([*(kind.__name__ for kind in KINDS), "Later"]))
        case 3:
            fields["v"] = 2
        case 4:
            into[name] = "@"
            text = json.dumps(fields, separators=(",", ":"))
            return signed_text(text.replace('"@"', draw(st.sampled_from(_STRANGE_NUMBERS))))
        case _:
            text = json.dumps(fields, ensure_ascii=draw(st.booleans()))
            return signed_text(text[:-1] + f',"{name}":{json.dumps(draw(_ANYTHING))}}}')
    return signed(fields)


@st.composite
def any_file(draw: st.DrawFn) -> bytes:
    """A journal's bytes: as they were written, damaged, or of another version."""
    lines = [encode(one).encode() for one in draw(any_stamped())]
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 4)):
            case 0:
                lines.insert(at, draw(st.binary(max_size=40)))
            case 1 if len(lines) > 1:
                del lines[at]
            case 2 if lines[at].endswith(b"}\n") and lines[at].isascii():
                place = draw(st.integers(0, len(lines[at]) - 1))
                flipped = bytes([lines[at][place] ^ draw(st.integers(1, 255))])
                lines[at] = lines[at][:place] + flipped + lines[at][place + 1 :]
            case _ if lines[at].startswith(b'{"v"') and b'"crc"' in lines[at]:
                with suppress(ValueError):  # it has been damaged before
                    lines[at] = draw(_changed(lines[at]))
            case _:
                lines[at] = lines[at][:-1]
    data = b"".join(lines)
    return data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data
