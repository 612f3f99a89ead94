"""A picture of HTTP exchanges, as text for a pane's terminal: it is drawn anew as data comes.

One exchange is shown as a person reads it: status, where the time went, headers folded to one line,
the body in colours; all headers stand below. Many are counted (`traffic`). Where the deck says so,
a picture of the body (`pictures`) goes before it. What others wrote is made harmless here: nothing
in it steers the terminal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from presenter.layout.code import Token, highlighted
from presenter.layout.drawn import Undrawable, colored, faint
from presenter.layout.pictures import load, picture_lines
from presenter.layout.text import shorten
from presenter.layout.traffic import Traffic, duration, harmless, status_color
from presenter.recording.har import Body, Exchange, Pairs, Request, Timings
from presenter.recording.har_lines import Sent, read_line
from presenter.recording.har_secrets import dots, is_secret_header, safe_address, shown_text

MOST_LINES, LONGEST_LINE = 2000, 2000
"""Of a body that are shown."""
MOST_COLORED = 12_000
"""Characters of a body in colours: more would hold up the slides."""
MOST_READ = 262_144
"""Bytes of a body that are looked at."""
ROWS = 20
"""Of a pane of which nobody has said how many it has."""
_AROUND = 6
"""Rows of what stands around a picture: the head, the headers, blank lines, a title."""
BAR = 30
"""Columns of the bar that says where the time went."""
_ROLES = {"keyword": "34", "type": "36", "function": "33", "string": "32", "number": "35",
          "comment": "2", "accent": "36", "title": "1", "ok": "32", "error": "31"}  # fmt: skip
_PARTS = (("connect", "36"), ("send", "34"), ("wait", "33"), ("receive", "32"))
_FOLDED = ("server", "location", "via", "cache-control", "date")
"""Headers that a folded line tells first; those of its own (`x-…`) go before."""


class HttpPicture:
    """Takes a step's lines of data (`recording.har_lines`)."""

    from_the_top = True

    def __init__(self) -> None:
        self._sent = Sent()
        self._traffic = Traffic()
        self._last: Exchange | None = None
        self._drawable: Exchange | None = None
        """The last one whose body came as a whole."""
        self._other = 0
        """Lines that said nothing of this."""

    def take(self, lines: str) -> None:
        for line in lines.splitlines():
            match read_line(line):
                case Sent() as sent:
                    self._sent = sent
                    self._traffic = Traffic(sent.repeat, sent.groups, sent.until)
                    load(sent.picture)
                case Exchange() as exchange:
                    self._last = exchange
                    if exchange.response.body.data and not exchange.response.body.is_cut:
                        self._drawable = exchange
                    self._traffic.add(exchange)
                case None:
                    self._other += 1

    def text(self, columns: int, rows: int = ROWS) -> str:
        """Lines with colours, for a terminal whose cursor stands at a line's begin.

        A picture of a body is made to fit into `rows`; all else has as many as it needs.
        """
        many = bool(self._sent.until) or self._sent.repeat > 1 or self._traffic.count > 1
        picture = self._sent.picture or (self._last.picture if self._last is not None else "")
        if picture and self._last is not None:
            lines = self._pictured(picture, self._last, columns, rows, many=many)
        elif self._sent.until and self._last is not None:
            lines = [self._traffic.summary(), "", *_one(self._last, columns)]
        elif many:
            lines = list(self._traffic.lines(columns))
            if self._last is not None:
                lines += ["", faint("the last one:"), *_head(self._last, columns)]
        elif self._last is not None:
            lines = list(_one(self._last, columns))
        elif self._other:
            lines = [faint("(there is data that cannot be read)")]
        else:
            lines = [faint("waiting for the response …")]
        return "\r\n".join(lines)

    def _pictured(
        self, picture: str, last: Exchange, columns: int, rows: int, *, many: bool
    ) -> list[str]:
        """The picture, and what it was made of; of many, what there is to count stands below."""
        if not many:
            return list(_one(last, columns, picture, rows))
        of = self._drawable if last.response.status and self._drawable is not None else last
        lines = [self._traffic.summary(), "", *_one(of, columns, picture, rows - 2)]
        return lines if self._sent.until else [*lines, *list(self._traffic.lines(columns))[1:]]


def _one(exchange: Exchange, columns: int, picture: str = "", rows: int = ROWS) -> Iterator[str]:
    yield from _head(exchange, columns)
    response = exchange.response
    if response.headers:
        yield _folded(response.headers, columns)
    drawn: list[str] = []
    if picture and response.status:
        try:
            drawn = picture_lines(picture, exchange, columns, rows - _AROUND)
        except Undrawable as wrong:
            yield colored(harmless(f"no {picture.partition(' ')[0]}: {wrong}"), "33")
    body = list(_body(response.body))
    if drawn or body:
        yield ""
        yield from drawn or body
    yield ""
    yield from _asked(exchange.request)
    if response.headers:
        yield faint("── the response's headers ──")
        yield from _all_headers(response.headers)
    if drawn:
        yield faint("── the response's body ──")
        yield from body


def _head(exchange: Exchange, columns: int) -> Iterator[str]:
    response = exchange.response
    if not response.status:
        yield f"{colored('no answer', '1;31')}  {harmless(exchange.error)}".rstrip()
    else:
        facts = [response.version, response.body.mime.partition(";")[0], _size(response.body)]
        told = "  ".join(filter(None, map(harmless, facts)))
        status = f"{response.status} {harmless(response.reason)}".rstrip()
        yield f"{colored(status, f'1;{status_color(response.status)}')}  {told}"
    yield _times(exchange.timings, columns)


def _times(timings: Timings, columns: int) -> str:
    """A bar that says where the time went, and the parts in words."""
    took = {
        "connect": timings.connect or 0.0,
        "send": timings.send,
        "wait": timings.wait,
        "receive": timings.receive,
    }
    shown = [(name, color, took[name]) for name, color in _PARTS if took[name] >= 0.0005]
    total = sum(took.values())
    words = "  ".join(f"{colored(name, color)} {duration(part)}" for name, color, part in shown)
    spare = columns - sum(len(name) + 10 for name, _, _ in shown) - 10
    room = max(min(BAR, spare), 0)
    bar = "".join(
        colored("━" * max(round(part / total * room), 1), color) for _, color, part in shown
    )
    parts = (bar if room > 4 else "", colored(duration(total), "1"), words)
    return "  ".join(filter(None, parts))


def _folded(headers: Pairs, columns: int) -> str:
    def rank(pair: tuple[str, str]) -> int:
        name = pair[0].lower()
        if name.startswith("x-"):
            return -1
        return _FOLDED.index(name) if name in _FOLDED else len(_FOLDED)

    told = "  ".join(f"{name}: {_value(name, value)}" for name, value in sorted(headers, key=rank))
    words = f"▸ {len(headers)} header{'s' * (len(headers) != 1)}, all below  {harmless(told)}"
    return faint(shorten(words, columns))


def _asked(request: Request) -> Iterator[str]:
    """All that was sent, as it was sent."""
    yield faint("── the request ──")
    yield harmless(f"{request.method} {safe_address(request.url)}")
    yield from _all_headers(request.headers)
    if request.text:
        lines = request.text[:MOST_READ].splitlines()[:MOST_LINES]
        yield from ("", *(harmless(line[:LONGEST_LINE]) for line in lines), "")


def _all_headers(headers: Pairs) -> Iterator[str]:
    for name, value in headers:
        yield f"{colored(harmless(name), '36')}: {harmless(_value(name, value))}"


def _value(name: str, value: str) -> str:
    """Nobody in the audience is to read a password."""
    return dots(value) if is_secret_header(name) else value


# --- bodies -------------------------------------------------------------------------------------


def _body(body: Body) -> Iterator[str]:
    text = _as_text(body)
    if text is None:
        yield faint(f"({_size(body)} of {harmless(body.mime) or 'data'})")
        return
    text = shown_text(text)
    language = _language(body.mime, text)
    if language == "json":
        text = _indented(text)
    lines = text.removesuffix("\n").splitlines() if text else []
    shown = [line[:LONGEST_LINE] for line in lines[:MOST_LINES]]
    coloured = _fitting(shown)
    for tokens in highlighted("\n".join(shown[:coloured]), language) if coloured else ():
        yield "".join(map(token_text, tokens))
    yield from map(harmless, shown[coloured:])
    if len(lines) > MOST_LINES:
        yield faint(f"… {len(lines) - MOST_LINES} more lines")
    if body.is_cut or len(body.data) > MOST_READ:
        kept = min(len(body.data), MOST_READ)
        yield faint(f"… cut: the first {size(kept)} of {_size(body)}")


def _fitting(lines: list[str]) -> int:
    """How many lines are shown in colours."""
    used = 0
    for number, line in enumerate(lines):
        used += len(line) + 1
        if used > MOST_COLORED:
            return number
    return len(lines)


def token_text(token: Token) -> str:
    text, role = token
    return colored(harmless(text), _ROLES[role]) if role in _ROLES else harmless(text)


def _as_text(body: Body) -> str | None:
    """The body's text; None where it is none."""
    data = body.data[:MOST_READ]
    if b"\0" in data[:4096]:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if len(data) < body.size and len(data) - error.start < 4:  # cut within a character
            return data[: error.start].decode()
    charset = body.mime.partition("charset=")[2].partition(";")[0].strip(" \"'")
    if not charset and not body.mime.startswith("text/"):
        return None
    try:
        return data.decode(charset or "latin-1", "replace")
    except (LookupError, UnicodeError):
        return None


def _language(mime: str, text: str) -> str:
    kind = mime.partition(";")[0].strip().lower()
    if kind.endswith(("/json", "+json")) or (not kind and text[:1] in "{["):
        return "json"
    for word in ("html", "xml", "javascript", "css", "yaml"):
        if word in kind:
            return word
    return "text"


def _indented(text: str) -> str:
    if len(text) > MOST_COLORED * 4:
        return text
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


# --- words --------------------------------------------------------------------------------------


def size(count: int) -> str:
    """Bytes in words."""
    for unit, most in (("B", 1000), ("kB", 1e6), ("MB", 1e9)):
        if count < most:
            return f"{count / most * 1000:.3g} {unit}"
    return f"{count / 1e9:.3g} GB"


def _size(body: Body) -> str:
    return size(body.size)
