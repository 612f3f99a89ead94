"""Where the boxes of a graph stand, and which way its lines go: layers from left to right.

Which box is in which layer, in which order, and where a long line bends is found by a library
(Sugiyama's method); here that becomes columns and rows.
"""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from presenter.layout.drawn import Undrawable
from presenter.layout.graphs import Edge, Graph
from presenter.layout.text import crop, shorten, width

_LIBRARY = "fast_sugiyama"
_SPACING = 4
"""The library's units between two layers, and between two of a layer."""
_LIMITS = (40, 28, 22, 18, 15, 12, 9)
"""Columns of a name, the widest first."""
MOST_NAME_ROWS = 3
MOST_PORTS = 6
"""Rows at which lines come into a box; more share them."""
_BREAKS = " -._/"


@dataclass(eq=False, slots=True)
class Item:
    """A box, or (without lines) a bend of a long line."""

    layer: int
    across: float
    """Its place within the layer, from the library."""
    node: str = ""
    lines: list[str] = field(default_factory=list)
    entries: int = 0
    """Lines that come in at its left."""
    exits: int = 0
    """Rows at its right: one for all lines that go out, one for all that come back."""
    top: int = 0

    @property
    def height(self) -> int:
        return max(len(self.lines), self.entries, self.exits) + 2 if self.node else 1

    def entry(self, number: int) -> int:
        """The row of its n-th line, from 0."""
        return self._row(min(number, self.entries - 1), self.entries)

    def exit(self, number: int) -> int:
        return self._row(number, self.exits)

    def _row(self, number: int, of: int) -> int:
        if not self.node:
            return self.top
        return self.top + 1 + (self.height - 2 - of) // 2 + number


@dataclass(eq=False, slots=True)
class Hop:
    """A line, or a part of one, from a layer to the next."""

    source: Item
    target: Item
    edge: Edge
    back: bool
    """It leads to the left: the picture has it turned."""
    port: int = 0
    """Of the target."""

    @property
    def start(self) -> int:
        return self.source.exit(self.source.exits - 1 if self.back and self.source.node else 0)

    @property
    def end(self) -> int:
        return self.target.entry(self.port)


@dataclass(slots=True)
class Gap:
    """Between a layer and the next."""

    left: int
    """Its first column."""
    width: int
    hops: list[Hop]
    channels: dict[tuple[Item, bool], int]
    """The column, from the gap's first, of what goes up or down, by where lines begin."""


@dataclass(slots=True)
class Placed:
    columns: int
    rows: int
    items: list[Item]
    layers: list[tuple[int, int]]
    """The first column of each, and its width."""
    gaps: list[Gap]
    labels: bool
    """Whether there is room for what is said of the lines."""


def place(graph: Graph, columns: int, rows: int) -> Placed | None:
    """The graph in these columns, and in these rows if it can be; None where it is too wide."""
    items, hops = _layered(graph)
    loops = {edge.source: f"↻ {edge.label}" for edge in graph.edges if edge.source == edge.target}
    _set_ports(hops)
    for labels in (True, False) if any(hop.edge.label for hop in hops) else (False,):
        for limit in _LIMITS:
            for item in items:
                item.lines = wrapped(item.node, limit) if item.node else []
                item.lines += [shorten(loops[item.node], limit)] if item.node in loops else []
            if _least_columns(items) > columns:
                continue
            _set_rows(items, hops, rows)
            found = _columns(items, hops, labels)
            if found.columns <= columns:
                return found
    return None


def wrapped(name: str, limit: int) -> list[str]:
    """A name in lines of at most so many columns, broken behind signs where there are any."""
    words: list[str] = [""]
    for character in name:
        words[-1] += character
        if character in _BREAKS:
            words.append("")
    lines: list[str] = [""]
    for word in words:
        if width((lines[-1] + word).rstrip()) <= limit:
            lines[-1] += word
            continue
        lines += [] if lines[-1] else [lines.pop()]
        while width(word.rstrip()) > limit and len(lines) <= MOST_NAME_ROWS:
            part = crop(word, limit)
            lines, word = [*lines, part], word[len(part) :]
        lines.append(word)
    lines = [line.strip() for line in lines if line.strip()]
    if len(lines) > MOST_NAME_ROWS:
        last = lines[MOST_NAME_ROWS - 1]
        lines = [*lines[: MOST_NAME_ROWS - 1], shorten(last + "…", limit)]
    return lines


# --- layers -------------------------------------------------------------------------------------


def _layered(graph: Graph) -> tuple[list[Item], list[Hop]]:
    """The boxes and bends with their layers, and the hops between them."""
    number = {name: n for n, name in enumerate(graph.nodes)}
    edges = {(number[one.source], number[one.target]): one for one in graph.edges}
    turned = _acyclic(len(graph.nodes), [pair for pair in edges if pair[0] != pair[1]])
    items: list[Item] = []
    hops: list[Hop] = []
    offset = 0.0
    for part in _parts(sorted(turned)):
        places, links = _library(part)
        top = max(y for _, y in places.values())
        own = {
            n: Item(round((top - y) / _SPACING), x / _SPACING + offset)
            for n, (x, y) in sorted(places.items())
        }
        for n, item in own.items():
            item.node = graph.nodes[n] if n >= 0 else ""
        offset += max(x for x, _ in places.values()) / _SPACING + 1
        items += own.values()
        hops += _hops(own, sorted(links), edges, turned)
    alone = [name for name in graph.nodes if not any(item.node == name for item in items)]
    wide = max((item.layer for item in items), default=2) + 1
    items += (Item(n % wide, offset + n // wide, name) for n, name in enumerate(alone))
    return items, hops


def _parts(pairs: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The pairs of each part of the graph that hangs together."""
    groups: list[tuple[set[int], list[tuple[int, int]]]] = []
    for pair in pairs:
        nodes, joined = set(pair), [pair]
        for group in [one for one in groups if one[0] & nodes]:
            groups.remove(group)
            nodes, joined = nodes | group[0], group[1] + joined
        groups.append((nodes, joined))
    return [joined for _, joined in groups]


def _library(
    pairs: Sequence[tuple[int, int]],
) -> tuple[dict[int, tuple[float, float]], list[tuple[int, int]]]:
    """The places of the nodes and bends, and what joins them; bends have numbers below 0.

    The library gives bends the numbers of nodes where these do not count from 0, or hang apart.
    """
    nodes = sorted({node for pair in pairs for node in pair})
    own = {node: n for n, node in enumerate(nodes)}
    edges = [(own[source], own[target]) for source, target in pairs]
    library = importlib.import_module(_LIBRARY)
    try:
        found = library.from_edges(edges, vertex_spacing=_SPACING, dummy_vertices=True)
    except BaseException as error:  # what goes wrong in Rust is no Exception
        if type(error).__module__ != "pyo3_runtime":
            raise
        raise Undrawable(f"the library that lays it out has failed: {error}") from None
    places, _, _, links = found[0]

    def number(n: int) -> int:
        return nodes[n] if n < len(nodes) else -n

    joins = [(number(source), number(target)) for source, target in links or edges]
    return {number(n): place for n, place in places}, joins


def _acyclic(count: int, pairs: list[tuple[int, int]]) -> dict[tuple[int, int], set[bool]]:
    """Pairs of which none leads back; for each, whether it was turned for that, or both."""
    after: dict[int, list[int]] = defaultdict(list)
    for source, target in pairs:
        after[source].append(target)
    entered = {target for _, target in pairs}
    state = dict.fromkeys(range(count), 0)  # 1 while what is behind it is looked at, then 2
    found: dict[tuple[int, int], set[bool]] = defaultdict(set)
    for first in [*(n for n in range(count) if n not in entered), *range(count)]:
        waiting = [(first, iter(after[first]))] if not state[first] else []
        state[first] = state[first] or 1
        while waiting:
            node, targets = waiting[-1]
            there = next(targets, None)
            if there is None:
                state[node] = 2
                waiting.pop()
            elif state[there] == 1:
                found[there, node].add(True)
            else:
                found[node, there].add(False)
                if not state[there]:
                    state[there] = 1
                    waiting.append((there, iter(after[there])))
    return found


def _hops(
    items: dict[int, Item],
    links: Sequence[tuple[int, int]],
    edges: dict[tuple[int, int], Edge],
    turned: dict[tuple[int, int], set[bool]],
) -> Iterator[Hop]:
    """A long line bends at each layer: the bends have numbers below 0."""
    after = {source: target for source, target in links if source < 0}
    for source, target in links:
        if source < 0:
            continue
        way = [source, target]
        while way[-1] < 0:
            way.append(after[way[-1]])
        ends = source, way[-1]
        for back in sorted(turned[ends]):
            edge = edges[ends[::-1] if back else ends]
            for here, there in pairwise(way):
                yield Hop(items[here], items[there], edge, back)


# --- rows ---------------------------------------------------------------------------------------


def _set_ports(hops: Sequence[Hop]) -> None:
    """At which of its rows each line comes into a box: in the order in which they come."""
    entering: dict[Item, list[Hop]] = defaultdict(list)
    for hop in hops:
        entering[hop.target].append(hop)
    for target, found in entering.items():
        found.sort(key=lambda hop: hop.source.across)
        target.entries = min(len(found), MOST_PORTS)
        for number, hop in enumerate(found):
            hop.port = min(number, MOST_PORTS - 1)
    leaving: dict[Item, set[bool]] = defaultdict(set)
    for hop in hops:
        leaving[hop.source].add(hop.back)
    for item, ways in leaving.items():
        item.exits = len(ways)


def _set_rows(items: Sequence[Item], hops: Sequence[Hop], rows: int) -> None:
    for unit in (4, 3):
        for layer in _by_layer(items):
            end = 0
            for item in layer:
                item.top = max(round(item.across * unit) - item.height // 2 + 2, end)
                end = item.top + item.height
        if max(item.top + item.height for item in items) <= rows:
            break
    first = min(item.top for item in items)
    for item in items:
        item.top -= first
    _straighten(items, hops)


def _straighten(items: Sequence[Item], hops: Sequence[Hop]) -> None:
    """Move by one row what would make a line bend by one."""
    entering = {hop.target: hop for hop in hops if hop.target.entries == 1}
    for layer in _by_layer(items):
        for n, item in enumerate(layer):
            hop = entering.get(item)
            move = hop.start - hop.end if hop is not None else 0
            above = layer[n - 1].top + layer[n - 1].height if n else 0
            below = layer[n + 1].top if n + 1 < len(layer) else 10**9
            if abs(move) == 1 and item.top + move >= above:
                item.top += move if item.top + item.height + move <= below else 0


def _by_layer(items: Sequence[Item]) -> list[list[Item]]:
    layers: list[list[Item]] = [[] for _ in range(max(item.layer for item in items) + 1)]
    for item in sorted(items, key=lambda one: one.across):
        layers[item.layer].append(item)
    return layers


# --- columns ------------------------------------------------------------------------------------


def _least_columns(items: Sequence[Item]) -> int:
    """Without what goes up and down between the layers."""
    return sum(_wide(layer) + 3 for layer in _by_layer(items)) - 3


def _wide(layer: Sequence[Item]) -> int:
    return max((width(line) + 4 for item in layer for line in item.lines), default=1)


def _columns(items: list[Item], hops: Sequence[Hop], labels: bool) -> Placed:
    layers: list[tuple[int, int]] = []
    gaps: list[Gap] = []
    left = 0
    for n, layer in enumerate(_by_layer(items)):
        wide = _wide(layer)
        layers.append((left, wide))
        left += wide
        here = [hop for hop in hops if hop.source.layer == n]
        if here:
            channels = _channels(here)
            ending = [hop.edge.label for hop in here if labels and hop.target.node]
            said = max(map(width, ending), default=0)
            wide = 3 + 2 * (max(channels.values(), default=-1) + 1) + (said + 1 if said else 0)
            gaps.append(Gap(left, wide, here, {key: 1 + 2 * n for key, n in channels.items()}))
            left += wide
    rows = max(item.top + item.height for item in items)
    return Placed(left, rows, items, layers, gaps, labels)


def _channels(hops: Sequence[Hop]) -> dict[tuple[Item, bool], int]:
    """A channel, from 0, for all that begins at one place and goes up or down from there.

    What comes in at a row stands to the right of what goes out at it, so that they do not touch.
    """
    ends: dict[tuple[Item, bool], list[int]] = defaultdict(list)
    starts: dict[tuple[Item, bool], int] = {}
    for hop in hops:
        ends[hop.source, hop.back].append(hop.end)
        starts[hop.source, hop.back] = hop.start
    bent = {key: rows for key, rows in ends.items() if set(rows) != {starts[key]}}
    at_row = {starts[key]: key for key in bent}
    found: dict[tuple[Item, bool], int] = {}
    taken: dict[int, list[tuple[int, int]]] = defaultdict(list)

    def settle(key: tuple[Item, bool], open_: frozenset[tuple[Item, bool]]) -> int:
        if key in found:
            return found[key]
        before = [at_row[row] for row in bent[key] if row in at_row and at_row[row] not in open_]
        least = max((settle(one, open_ | {one}) + 1 for one in before if one != key), default=0)
        low, high = min([*bent[key], starts[key]]), max([*bent[key], starts[key]])
        while any(low <= end and start <= high for start, end in taken[least]):
            least += 1
        taken[least].append((low, high))
        found[key] = least
        return least

    for key in sorted(bent, key=lambda one: starts[one]):
        settle(key, frozenset({key}))
    return found
