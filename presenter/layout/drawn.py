"""What pictures of data are made of: colours as a terminal's codes, numbers in words.

What a picture is made of comes from others: a body that is something else is `Undrawable`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TypeVar

import msgspec

COLORS = ("36", "32", "33", "35", "34", "96", "92", "93")
"""SGR codes of things beside each other; red is for what went wrong."""
BAD = "31"
_PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""), (1e-3, "m"), (1e-6, "µ"),
             (1e-9, "n"))  # fmt: skip
_EIGHTHS = " ▏▎▍▌▋▊▉"

_Kind = TypeVar("_Kind")


class Undrawable(Exception):  # noqa: N818 — it is said in place of the picture
    """A body is not what its picture is made of; the message is one line."""


def colored(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if text else ""


def faint(text: str) -> str:
    return colored(text, "2")


def joined(cells: Iterable[tuple[str, str]]) -> str:
    """Cells with their colours, each colour said once; an empty colour is the text's own."""
    parts: list[str] = []
    before = ""
    for char, color in cells:
        if color != before:
            parts.append(f"\x1b[0;{color}m" if color else "\x1b[0m")  # a weight would stay
            before = color
        parts.append(char)
    return "".join([*parts, "\x1b[0m"])


def bar(share: float, room: int) -> str:
    """A bar for a share from 0 to 1 of `room` columns; one eighth of a column at least."""
    eighths = max(round(share * room * 8), 1)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def number(value: float, digits: int = 3) -> str:
    """A number with as many digits and a letter for its thousands: `1.25k`, `30m`."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    if value == 0:
        return "0"
    size = abs(value)
    if not 1e-10 <= size < 1e16:
        return f"{value:.{digits}g}"
    for least, prefix in _PREFIXES:
        if size >= least * 0.9995 or prefix == "n":
            return f"{_plain(value / least, digits)}{prefix}"
    return ""


def _plain(value: float, digits: int) -> str:
    """Without an exponent, and without zeros behind the point."""
    before = max(math.floor(math.log10(abs(value))) + 1, 1)
    text = f"{value:.{max(digits - before, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_json(data: bytes, kind: type[_Kind], what: str) -> _Kind:
    """JSON of that form; raises Undrawable, which says that the body is not `what`."""
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise Undrawable(f"the body is not {what}: {str(error)[:120]}") from None
    except (ValueError, RecursionError):
        raise Undrawable(f"the body is not {what}: it is not JSON") from None
