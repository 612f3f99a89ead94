"""How long slides take: laid out for the first time, composed again, with a pane, as an overview.

    python tests/bench/render.py [SLIDES]

Prints milliseconds, median and 95th percentile, at 80x24 and 120x40. Nothing is written to a
terminal: what the user interface adds is measured by the benches of the whole program.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from presenter.deck.model import (
    Align,
    Block,
    Code,
    Heading,
    ListBlock,
    ListItem,
    Mark,
    Meta,
    Paragraph,
    Place,
    Quote,
    Slide,
    Span,
    Table,
    TableRow,
)
from presenter.layout.frame import PaneView, Size
from presenter.layout.overview import overview
from presenter.layout.stage import StageView, compose
from presenter.layout.theme import THEMES
from presenter.terminal.emulator import CellStyle, Cursor, Row, Run

WORDS = [
    "mesh",
    "proxy",
    "route",
    "service",
    "pod",
    "cluster",
    "retry",
    "timeout",
    "policy",
    "trace",
    "request",
    "header",
]
PYTHON = "def route(request: Request) -> Pod:\n    return pods[hash(request.path) % 3]  # any\n"


def _text(chance: random.Random, words: int) -> tuple[Span, ...]:
    marks = [Mark.NONE, Mark.NONE, Mark.BOLD, Mark.CODE]
    return tuple(Span(chance.choice(WORDS) + " ", chance.choice(marks)) for _ in range(words))


def generated(count: int) -> list[Slide]:
    """Slides of text, lists, tables, quotes and code, the same ones every time."""
    chance = random.Random(0)
    slides = []
    for n in range(count):
        items = tuple(ListItem((Paragraph(_text(chance, 8)),)) for _ in range(5))
        row = TableRow((_text(chance, 2), _text(chance, 6)))
        kinds: list[Block] = [
            ListBlock(items),
            Table((_text(chance, 1), _text(chance, 1)), (row,) * 5, (Align.LEFT,)),
            Quote((Paragraph(_text(chance, 20)),), "tip"),
            Code(PYTHON * 5 + f"# slide {n}\n", "python", line_numbers=True),
        ]
        blocks = (Heading(2, _text(chance, 4)), Paragraph(_text(chance, 30)), kinds[n % 4])
        slides.append(Slide(n, f"s{n}", f"Slide {n}", Place("bench.md", 1), blocks))
    return slides


def screen(rows: int = 20) -> PaneView:
    row: Row = tuple(
        Run(f"{word:<12}", 12, CellStyle(foreground=n)) for n, word in enumerate(WORDS[:6])
    )
    return PaneView((row,) * rows, 80, rows, "pods", cursor=Cursor(3, rows - 1, True))


def report(name: str, samples: list[float]) -> None:
    """A line with the median and the 95th percentile in milliseconds."""
    middle = statistics.median(samples) * 1e3
    late = sorted(samples)[int(len(samples) * 0.95)] * 1e3
    print(f"{name:<34} median {middle:7.3f} ms   p95 {late:7.3f} ms")


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(slides: list[Slide], size: Size) -> None:
    meta, folder, theme = Meta(title="Bench"), Path(), THEMES["dark"]
    views = [StageView(slide, size, theme, meta, folder, total=len(slides)) for slide in slides]
    paned = replace(views[-1], pane=screen())
    titles = [slide.title for slide in slides]

    def cards(current: int) -> object:
        return overview(lambda n: slides[n], titles, current, size, theme)

    name = f"{size.columns}x{size.rows}"
    report(f"{name} a slide not seen yet", [timed(partial(compose, view)) for view in views])
    report(f"{name} the same slide again", [timed(partial(compose, views[-1])) for _ in views])
    compose(paned)
    report(f"{name} the same with a pane", [timed(partial(compose, paned)) for _ in views])
    report(f"{name} overview", [timed(partial(cards, n)) for n in range(len(slides))])


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    code = StageView(generated(4)[3], Size(80, 24), THEMES["dark"], Meta(), Path())
    print(f"first code slide (imports Pygments): {timed(partial(compose, code)) * 1e3:.1f} ms")
    for size in (Size(80, 24), Size(120, 40)):
        measure(generated(count), size)


if __name__ == "__main__":
    main()
