"""Graphviz's dot language read, as far as it says which nodes there are and what leads where.

The parsers that there are take a quarter of a second for a graph that fits on a slide; this one
goes over the text once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from presenter.layout.drawn import Undrawable
from presenter.layout.graphs import MOST_READ, Edge, Graph, graph_of

MOST_CHARACTERS = 32_000
DEEPEST = 20
"""Subgraphs in each other."""
_TOKEN = re.compile(
    r'"(?P<quoted>(?:[^"\\]|\\.)*+)"'
    r"|(?P<arrow>->|--)"
    r"|(?P<id>[A-Za-z_\x80-\U0010ffff][\w\x80-\U0010ffff]*+|-?(?:\.\d++|\d++(?:\.\d*+)?))"
    r"|(?P<sign>[{}\[\];,=:+])"
    r"|(?P<gap>\s++|//[^\n]*+|#[^\n]*+|/\*.*?\*/)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_KEYWORDS = ("node", "edge", "graph")
Token = tuple[str, str]
"""Its kind (`id`, `arrow` or `sign`) and its text."""


def is_dot(text: str) -> bool:
    return re.match(r"\s*(?:strict\s+)?(?:di)?graph\b|\s*(?://|/\*|#)", text[:1000]) is not None


def read_dot(text: str) -> Graph:
    """Raises Undrawable."""
    if len(text) > MOST_CHARACTERS:
        raise Undrawable(f"the graph is longer than {MOST_CHARACTERS // 1000} kB")
    return _Reader(text).graph()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._at = 0
        self._labels: dict[str, str] = {}
        """Of the nodes, in the order in which they are named first."""
        self._edges: list[Edge] = []

    def graph(self) -> Graph:
        while self._at < len(self._tokens) and self._tokens[self._at] != ("sign", "{"):
            self._at += 1
        self._next()
        self._statements(0)
        return graph_of(self._labels, self._edges)

    def _peek(self) -> Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _next(self) -> Token:
        token = self._peek()
        if not token[0]:
            raise Undrawable("the body is not dot: it ends too early")
        self._at += 1
        return token

    def _takes(self, sign: str) -> bool:
        if self._peek() != ("sign", sign):
            return False
        self._at += 1
        return True

    def _statements(self, depth: int) -> list[str]:
        """Up to the closing brace; the nodes that are named there."""
        if depth > DEEPEST:
            raise Undrawable(f"its subgraphs are more than {DEEPEST} deep")
        named: dict[str, None] = {}
        while not self._takes("}"):
            if not self._takes(";") and not self._takes(","):
                named |= dict.fromkeys(self._statement(depth))
        return list(named)

    def _statement(self, depth: int) -> list[str]:
        ends = [self._end(depth)]
        if self._takes("="):  # a setting of the graph
            self._next()
            return []
        while self._peek()[0] == "arrow":
            self._at += 1
            ends.append(self._end(depth))
        label = self._attributes().get("label", "")
        if len(ends) == 1 and len(ends[0]) == 1 and ends[0][0].lower() in _KEYWORDS:
            return []
        nodes = [name for end in ends for name in end]
        if len(ends) == 1 and len(nodes) == 1 and label:
            self._labels[nodes[0]] = label
        for sources, targets in pairwise(ends):
            if len(self._edges) + len(sources) * len(targets) > MOST_READ:
                raise Undrawable(f"the graph has more than {MOST_READ} edges")
            self._edges += (Edge(a, b, label) for a in sources for b in targets)
        return nodes

    def _end(self, depth: int) -> list[str]:
        """A node, or the nodes of a subgraph."""
        kind, text = self._next()
        if kind == "id" and text == "subgraph":
            if self._peek()[0] == "id":
                self._at += 1
            kind, text = self._next()
        if (kind, text) == ("sign", "{"):
            return self._statements(depth + 1)
        if kind not in ("id", "quoted"):
            raise Undrawable(f"the body is not dot: `{text}` stands where a node must be")
        if self._peek() != ("sign", "=") and text.lower() not in _KEYWORDS:
            self._labels.setdefault(text, text)
        while self._takes(":"):  # a port
            self._next()
        return [text]

    def _attributes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        while self._takes("["):
            while not self._takes("]"):
                name = self._next()[1]
                if self._takes("="):
                    found[name] = self._next()[1]
        return found


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            if text[at] != "<":
                line = text.count("\n", 0, at) + 1
                raise Undrawable(f"the body is not dot: line {line} cannot be read")
            at = _after_html(text, at)
            yield "quoted", ""
            continue
        at = match.end()
        if match["quoted"] is not None:
            yield "quoted", _ESCAPE.sub(lambda one: " " if one[1] in "nlr" else one[1], match[1])
        elif match["gap"] is None:
            yield match.lastgroup or "", match[0]


def _after_html(text: str, at: int) -> int:
    depth = 0
    for end in range(at, len(text)):
        depth += {"<": 1, ">": -1}.get(text[end], 0)
        if not depth:
            return end + 1
    raise Undrawable("the body is not dot: a `<` is not closed")
