"""What `@plot`, `@trace` and `@graph` draw of a response's body."""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import tzinfo
from urllib.parse import parse_qs, urlsplit

from presenter.layout.drawn import Undrawable, colored
from presenter.layout.text import shorten
from presenter.layout.traffic import harmless
from presenter.recording.har import Exchange
from presenter.recording.har_secrets import safe_address

MOST_DATA = 262_144
"""Bytes of a body: more would hold up the slides."""
LEAST_ROWS, MOST_ROWS = 8, 40
_LIBRARIES = {"plot": "plotext", "graph": "fast_sugiyama"}


def picture_lines(picture: str, exchange: Exchange, columns: int, rows: int) -> list[str]:
    """The picture in lines with colours; raises Undrawable, whose message is one line.

    `picture` is what the deck says (`HttpRequest.picture`). `rows` are those that it should have;
    one that needs more has more.
    """
    body = exchange.response.body
    if not body.data:
        raise Undrawable("there is no body")
    if body.is_cut or len(body.data) > MOST_DATA:
        raise Undrawable(f"the body is longer than the {MOST_DATA >> 10} kB that are drawn")
    kind, _, words = picture.partition(" ")
    rows = max(LEAST_ROWS, min(rows, MOST_ROWS))
    if kind == "trace":
        return list(_trace(body.data, words, columns))
    title = harmless(words)
    if kind == "plot":
        title = title or _query(exchange)
        found = list(_plot(body.data, columns, rows, exchange.started.tzinfo))
    else:
        found = list(_graph(body.data, columns, rows))
    return [colored(shorten(title, columns), "1"), *found] if title else found


def load(picture: str) -> None:
    """Load the library that a picture is drawn by while the response is on its way.

    It takes longer than may be where slides are drawn.
    """
    library = _LIBRARIES.get(picture.partition(" ")[0])
    if library is not None and library not in sys.modules:
        threading.Thread(target=_load, args=(library,), daemon=True).start()


def _load(library: str) -> None:
    with suppress(ImportError):  # which is said where it is drawn
        importlib.import_module(library)


def _plot(data: bytes, columns: int, rows: int, zone: tzinfo | None) -> Iterator[str]:
    from presenter.layout.plot import plot_lines
    from presenter.layout.prometheus import read_answer

    return plot_lines(read_answer(data), columns, rows, zone)


def _trace(data: bytes, wanted: str, columns: int) -> Iterator[str]:
    from presenter.layout.spans import read_trace
    from presenter.layout.waterfall import waterfall_lines

    return waterfall_lines(read_trace(data, wanted.strip()), columns)


def _graph(data: bytes, columns: int, rows: int) -> Iterator[str]:
    from presenter.layout.dot import is_dot, read_dot
    from presenter.layout.graphs import WHAT, read_calls
    from presenter.layout.servicegraph import graph_lines

    if data.lstrip()[:1] in (b"[", b"{"):
        return graph_lines(read_calls(data), columns, rows)
    text = data.decode("utf-8", "replace")
    if not is_dot(text):
        raise Undrawable(f"the body is not {WHAT}")
    return graph_lines(read_dot(text), columns, rows)


def _query(exchange: Exchange) -> str:
    """What was asked: it says best what is shown."""
    try:
        query = parse_qs(urlsplit(safe_address(exchange.request.url)).query, max_num_fields=50)
    except ValueError:
        return ""
    return harmless(query.get("query", [""])[0])
