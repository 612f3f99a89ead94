"""A graph of services in boxes; as a table of its edges where it has too many, or no room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from presenter.layout.boxes import Gap, Hop, Item, Placed, place
from presenter.layout.drawn import BAD, colored, faint, joined
from presenter.layout.graphs import Graph
from presenter.layout.text import clusters, pad, shorten, width

MOST_NODES, MOST_EDGES = 32, 64
"""Of a graph in boxes: more would neither be read by anybody nor drawn in time."""
MOST_LINES = 300
"""Of a table."""
_BOX = "2"
_UP, _RIGHT, _DOWN, _LEFT = 1, 2, 4, 8
_ACROSS, _ALONG = _UP | _DOWN, _LEFT | _RIGHT
_LINES = {3: "└", 5: "│", 6: "┌", 7: "├", 9: "┘", 10: "─", 11: "┴", 12: "┐", 13: "┤", 14: "┬",
          15: "┼", 1: "│", 4: "│", 2: "─", 8: "─"}  # fmt: skip
Bus = tuple[Item, bool]


def graph_lines(graph: Graph, columns: int, rows: int) -> Iterator[str]:
    """The picture, in lines with colours."""
    nodes, edges = len(graph.nodes), len(graph.edges)
    placed = None
    if nodes <= MOST_NODES and edges <= MOST_EDGES:
        try:
            placed = place(graph, columns, rows)
        except ImportError:  # where there is no build of the library
            placed = None
    if placed is None:
        yield faint(f"{nodes} nodes, {edges} edges")
        yield from _table(graph, columns)
        return
    yield from _Canvas(placed).lines()
    if not placed.labels and any(edge.label for edge in graph.edges):
        yield ""
        yield from _table(graph, columns)


def _table(graph: Graph, columns: int) -> Iterator[str]:
    shown = graph.edges[:MOST_LINES]
    room = max((columns - 20) // 2, 8)
    source = min(max((width(edge.source) for edge in shown), default=0), room)
    target = min(max((width(edge.target) for edge in shown), default=0), room)
    for edge in shown:
        ends = f"{_fit(edge.source, source)} {faint('──▶')} {_fit(edge.target, target)}"
        yield f"{ends}  {colored(edge.label, BAD if edge.failed else '1')}".rstrip()
    left = len(graph.edges) - len(shown)
    if left:
        yield faint(f"… {left} more edges")


def _fit(text: str, columns: int) -> str:
    return pad(shorten(text, columns), columns)


class _Canvas:
    """Cells of a character and its colour; lines are kept by what they come from until the end."""

    def __init__(self, placed: Placed) -> None:
        self._placed = placed
        self._cells: dict[tuple[int, int], tuple[str, str]] = {}
        self._arms: dict[tuple[int, int], dict[Bus, tuple[int, str]]] = defaultdict(dict)

    def lines(self) -> Iterator[str]:
        for gap in self._placed.gaps:
            for hop in gap.hops:
                self._line(gap, hop)
        for item in self._placed.items:
            self._box(item)
        self._settle()
        for y in range(self._placed.rows):
            row = [self._cells.get((x, y), (" ", "")) for x in range(self._placed.columns)]
            yield joined(row)

    def _box(self, item: Item) -> None:
        left, wide = self._placed.layers[item.layer]
        if not item.node:
            return
        top, bottom = item.top, item.top + item.height - 1
        inner = wide - 2
        self._text(left, top, f"╭{'─' * inner}╮", _BOX)
        self._text(left, bottom, f"╰{'─' * inner}╯", _BOX)
        for y in range(top + 1, bottom):
            self._text(left, y, "│", _BOX)
            self._text(left + wide - 1, y, "│", _BOX)
        first = top + 1 + (item.height - 2 - len(item.lines)) // 2
        for n, line in enumerate(item.lines):
            self._text(left + 1 + (inner - width(line)) // 2, first + n, line, "1")

    def _text(self, x: int, y: int, text: str, color: str) -> None:
        for part, cells in clusters(text):
            self._cells[x, y] = part, color
            for n in range(1, cells):
                self._cells[x + n, y] = "", color
            x += cells

    def _line(self, gap: Gap, hop: Hop) -> None:
        bus = hop.source, hop.back
        color = BAD if hop.edge.failed else "36"
        left, right = gap.left, gap.left + gap.width - 1
        channel = gap.channels.get(bus)
        if not hop.source.node:  # a bend goes through its layer
            left = self._placed.layers[hop.source.layer][0]
        if channel is None:
            self._along(bus, left, right, hop.start, color)
        else:
            turn = gap.left + channel
            low, high = min(hop.start, hop.end), max(hop.start, hop.end)
            self._along(bus, left, turn - 1, hop.start, color)
            self._arm(bus, turn, hop.start, _LEFT, color)
            for y in range(low, high + 1):
                arms = (_UP if y > low else 0) | (_DOWN if y < high else 0)
                self._arm(bus, turn, y, arms, color)
            self._arm(bus, turn, hop.end, _RIGHT, color)
            self._along(bus, turn + 1, right, hop.end, color)
        if hop.back and hop.source.node:
            self._text(left, hop.start, "◀", color)
        if hop.target.node:
            self._end(gap, hop, color)

    def _end(self, gap: Gap, hop: Hop, color: str) -> None:
        right = gap.left + gap.width - 1
        if not hop.back:
            self._text(right, hop.end, "▶", color)
        if self._placed.labels and hop.edge.label:
            self._text(right - width(hop.edge.label), hop.end, hop.edge.label, color)

    def _along(self, bus: Bus, left: int, right: int, y: int, color: str) -> None:
        for x in range(left, right + 1):
            self._arm(bus, x, y, _ALONG, color)

    def _arm(self, bus: Bus, x: int, y: int, arms: int, color: str) -> None:
        before, told = self._arms[x, y].get(bus, (0, color))
        self._arms[x, y][bus] = before | arms, BAD if BAD in (told, color) else color

    def _settle(self) -> None:
        """Lines that cross do not join: what goes up and down is in front."""
        for cell, found in self._arms.items():
            if cell in self._cells:
                continue
            arms, color = next(iter(found.values()))
            for more, other in list(found.values())[1:]:
                if more == _ACROSS and arms == _ALONG:
                    arms, color = more, other
                elif not (more == _ALONG and arms == _ACROSS):
                    arms |= more
            self._cells[cell] = _LINES.get(arms, " "), color
