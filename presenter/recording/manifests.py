"""The values in manifests of `kind: Secret`, in YAML or JSON, wherever they stand in a text.

The text is no document: prompts and other output stand around a manifest. So it is read by its
indentation alone, line by line, in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from presenter.recording.plain import Span

_KIND = re.compile(r"""["']?kind["']?[ ]*+:[ ]*+["']?Secret["']?[ ]*+,?[ ]*+""")
_DATA = re.compile(r"""["']?(?:data|stringData)["']?[ ]*+:[ ]*+\{?[ ]*+""")
_VALUE = re.compile(r"""["']?[A-Za-z0-9._-]{1,253}["']?[ ]*+:[ ]*+(?P<value>.*)""")
_SCALAR = re.compile(r"[|>][0-9+-]{0,2}")
_ONE_LINE_KIND = re.compile(r'"kind\\*"[ ]*:[ ]*\\*"Secret\\*"')
_ONE_LINE_DATA = re.compile(r'"(?:data|stringData)\\*"[ ]*:[ ]*\{(?P<data>[^{}]*+)\}')
_ONE_LINE_VALUE = re.compile(r':[ ]*\\*"(?P<value>(?:[^"\\,{}]|\\(?!"))++)')
_LINE = re.compile(r"[^\r\n]+")
_INDENT = re.compile(r"[ ]*(?:- +)?")


@dataclass(slots=True)
class _Mapping:
    """Lines of one indentation that belong together."""

    indent: int
    secret: bool = False
    values: list[Span] = field(default_factory=list)
    """What would have to go, if it turns out to be a Secret."""


def find_manifest_values(text: str) -> Iterator[Span]:
    """The values under `data` and `stringData` of each Secret."""
    if "Secret" not in text or "kind" not in text:
        return
    found: list[_Mapping] = []
    stack: list[_Mapping] = []
    inside: _Mapping | None = None
    """The mapping whose `data` the lines belong to now."""
    for match in _LINE.finditer(text):
        line, start = match[0], match.start()
        if not line.strip():
            continue
        yield from _one_line(line, start)
        if line.startswith("---"):
            stack.clear()
            inside = None
            continue
        lead = _INDENT.match(line)
        indent = lead.end() if lead else 0
        if inside is not None and indent > inside.indent:
            inside.values += _value(line, start, indent)
            continue
        inside = None
        mapping = _mapping(stack, found, indent, is_item="-" in line[:indent])
        if _KIND.fullmatch(line, indent):
            mapping.secret = True
        elif _DATA.fullmatch(line, indent):
            inside = mapping
    for mapping in found:
        if mapping.secret:
            yield from mapping.values


def _mapping(
    stack: list[_Mapping], found: list[_Mapping], indent: int, *, is_item: bool
) -> _Mapping:
    """The mapping that a line of this indentation belongs to; an item of a list begins one."""
    while stack and (stack[-1].indent > indent or (is_item and stack[-1].indent == indent)):
        stack.pop()
    if not stack or stack[-1].indent < indent:
        stack.append(_Mapping(indent))
        found.append(stack[-1])
    return stack[-1]


def _value(line: str, start: int, indent: int) -> Iterator[Span]:
    """The value of a line under `data`; a line without a key goes on with the one before."""
    pair = _VALUE.fullmatch(line, indent)
    first, last = pair.start("value") if pair else indent, len(line.rstrip())
    if _SCALAR.fullmatch(line, first, last):
        return
    while first < last and line[first] in "\"'":
        first += 1
    while first < last and line[last - 1] in "\"',":
        last -= 1
    if first < last:
        yield start + first, start + last


def _one_line(line: str, start: int) -> Iterator[Span]:
    """A manifest in one line, as the annotation of the last one applied; quotes may be escaped."""
    if "Secret" not in line or not _ONE_LINE_KIND.search(line):
        return
    for data in _ONE_LINE_DATA.finditer(line):
        for value in _ONE_LINE_VALUE.finditer(line, *data.span("data")):
            first, last = value.span("value")
            yield start + first, start + last
