"""Underlines for an engine that knows one kind.

avt 0.17 drops double, curly, dotted and dashed underlines and takes the numbers of an underline's
colour for attributes of their own. They become plain underlines without a colour.
"""

from __future__ import annotations

import re

_SGR = re.compile(r"(\x1b\[|\x9b)([0-9;:]*)m")
_WORTH_A_LOOK = re.compile("4:|21|58")
_NO_PLACE = "(?:[m:]|;(?![0-9]{0,4}[Hfr]))"
"""Behind a number that is no row of a cursor position."""
_PRESENT = tuple(
    (start, re.compile(rf"{start}(?<=[\[;\x9b]{start}){rest}"))
    for start, rest in (("4:", ""), ("21", _NO_PLACE), ("58", _NO_PLACE))
)
"""Found many times faster than `_SGR`: a pattern that begins with what is rare skips the rest."""
_MANY = 50
_LONGEST = 4096
"""Code points of parameters looked at; longer sequences go as they are."""


def simplify_underlines(data: str) -> str:
    """`data` with the attribute sequences (SGR) that set underlines rewritten."""
    found = [
        match.start()
        for start, pattern in _PRESENT
        if start in data
        for match in pattern.finditer(data)
    ]
    if len(found) > _MANY:
        return _SGR.sub(_simplify, data)
    pieces: list[str] = []
    end = 0
    for at in sorted(found):
        start = max(data.rfind("\x1b[", end, at), data.rfind("\x9b", end, at))
        match = _SGR.match(data, start) if start >= 0 else None
        if match and match.end() > at:
            pieces += (data[end:start], _simplify(match))
            end = match.end()
    return "".join([*pieces, data[end:]]) if pieces else data


def _simplify(match: re.Match[str]) -> str:
    start, written = match.groups()
    if len(written) > _LONGEST or not _WORTH_A_LOOK.search(written):
        return match[0]
    given = written.split(";")
    kept: list[str] = []
    while given:
        parameter = given.pop(0)
        if parameter in ("38", "48", "58"):
            count = {"5": 2, "2": 4}.get(given[0] if given else "", 0)
            colour, given = given[:count], given[count:]
            kept += [] if parameter == "58" else [parameter, *colour]
        elif parameter == "21" or parameter.startswith("4:"):
            kept.append("24" if parameter == "4:0" else "4")
        elif not parameter.startswith("58:"):
            kept.append(parameter)
    return f"{start}{';'.join(kept)}m" if kept else ""
