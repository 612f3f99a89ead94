"""`http` blocks: requests as the `.http` files of editors have them, each a step of a demo.

    @base = http://{{GATEWAY_URL}}

    # @name productpage
    # @repeat 100 every 200ms, 4 at once
    # @group version by header x-version
    # @plot Requests a second      (or @trace, @graph)
    #: timeout 20s, expect "Book"
    GET {{base}}/productpage
    Accept: text/html
    ###

`{{NAME}}` is replaced where `@NAME = …` stands above it; the others are the deck's, at the run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from presenter.deck.text import clean, nearest, seconds

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "QUERY")
KINDS = ("header", "json", "regex", "status")
"""By what an exchange is looked at."""
PICTURES = ("plot", "trace", "graph")
"""What can be drawn of a response's body."""
DIRECTIVES = ("name", "repeat", "until", "group", "export", *PICTURES)
IGNORED = ("no-redirect", "no-cookie-jar", "note", "no-log")
"""Of editors: here they have no meaning, or are so anyway."""
MOST_REPEATS, MOST_AT_ONCE = 10_000, 32
MOST_HEADERS = 100
LONGEST_TITLE = 100
LONGEST_VALUE = 10_000
"""Characters of a value with its variables in."""
UNTIL_REPEATS, UNTIL_SECONDS = 120, 0.5
"""How often, and how far apart, a request is sent that only says until when."""

_REQUEST = re.compile(r"(?:(?P<method>[A-Za-z]{1,20})[ \t]+)?(?P<url>(?:https?://|\{\{)\S*)"
                      r"(?:[ \t]+HTTP/[0-9.]{1,4})?[ \t]*", re.IGNORECASE)  # fmt: skip
_HEADER = re.compile(r"(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}):[ \t]*(?P<value>.*?)[ \t]*")
_VARIABLE = re.compile(r"@(?P<name>[A-Za-z_][\w-]{0,99})[ \t]*=[ \t]*(?P<value>.*?)[ \t]*")
_USE = re.compile(r"\{\{[ \t]*(?P<name>[^{}\s]{1,100})[ \t]*\}\}")
_DIRECTIVE = re.compile(r"(?:#|//)[ \t]*@(?P<word>[\w-]{1,40})[ \t]*(?P<value>.*?)[ \t]*")
_REPEAT = re.compile(r"(?P<count>\d{1,9})(?:[ \t]+every[ \t]+(?P<every>[0-9a-z.]{1,20}))?"
                     r"(?:,?[ \t]+(?P<at_once>\d{1,9})[ \t]+at[ \t]+once)?")  # fmt: skip
_GROUP = re.compile(r"(?P<name>\S{1,40})[ \t]+by[ \t]+(?P<kind>\w{1,20})(?:[ \t]+(?P<rest>.+))?")
_PATH = re.compile(r"\$?(?:\.?[\w-]{1,100}|\[\d{1,6}\])(?:\.[\w-]{1,100}|\[\d{1,6}\]){0,30}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_SEPARATOR = re.compile(r"###.*")


@dataclass(frozen=True, slots=True)
class Pick:
    """A value of an exchange: of a header, at a path in JSON, by a pattern; or its status."""

    kind: str
    """One of KINDS."""
    expression: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.expression}".rstrip()


@dataclass(frozen=True, slots=True)
class Group:
    """Exchanges are counted by a value."""

    name: str
    pick: Pick


@dataclass(frozen=True, slots=True)
class Until:
    """A request is repeated until a value is this one; until there is one where it is empty."""

    pick: Pick
    value: str = ""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as the deck has it; `{{NAME}}` in it are variables of the deck."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    name: str = ""
    repeat: int = 1
    every: float = 0.0
    """Seconds from the beginning of one to the beginning of the next."""
    at_once: int = 1
    """How many are on their way at the same time, at most."""
    until: Until | None = None
    groups: tuple[Group, ...] = ()
    exports: tuple[Group, ...] = ()
    """Values of the last response that become variables, by name."""
    picture: str = ""
    """What is drawn of the body: one of PICTURES, and what stood behind it."""

    @property
    def line(self) -> str:
        return f"{self.method} {self.url}"

    @property
    def text(self) -> str:
        """All that is sent."""
        lines = [self.line, *(f"{name}: {value}" for name, value in self.headers)]
        return "\n".join(lines if self.body is None else [*lines, "", self.body])

    @property
    def whole(self) -> str:
        """All that decides what comes of it: a recording is of exactly this."""
        manner = (f"{name} {value}" for name, value in self.manner)
        groups = (f"group {one.name} by {one.pick}" for one in self.groups)
        return "\n".join([self.text, *manner, *groups])

    @property
    def manner(self) -> tuple[tuple[str, str], ...]:
        """How often it is sent, by name: for those who say yes to it."""
        told = []
        if self.repeat > 1:
            told.append(("repeated", str(self.repeat)))
        if self.every:
            told.append(("every", f"{self.every:g}s"))
        if self.at_once > 1:
            told.append(("at once", str(self.at_once)))
        if self.until is not None:
            told.append(("until", f"{self.until.pick} {self.until.value}".rstrip()))
        return tuple(told)


class RequestWrong(Exception):  # noqa: N818 — becomes a Failure block
    """The block cannot be sent; `line` is the block's, from 0."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


@dataclass(slots=True)
class Found:
    """A request and where it stands; `settings` are the lines with `#: `, by their number."""

    request: HttpRequest
    line: int
    settings: list[tuple[int, str]] = field(default_factory=list)


Warn = Callable[[str, int], None]


def read_requests(lines: list[str], warn: Warn) -> list[Found]:
    """The requests of a block; raises RequestWrong. `warn` takes a message and a line."""
    reader = _Reader(warn)
    found: list[Found] = []
    start = 0
    for at in [*(n for n, line in enumerate(lines) if _SEPARATOR.fullmatch(line)), len(lines)]:
        one = reader.read(lines, start, at)
        if one is not None:
            found.append(one)
        start = at + 1
    return found


class _Reader:
    """Reads one request after another; what `@NAME = …` sets holds for those below it."""

    def __init__(self, warn: Warn) -> None:
        self._warn = warn
        self._own: dict[str, str] = {}
        self._request = HttpRequest("", "")
        self._settings: list[tuple[int, str]] = []

    def read(self, lines: list[str], start: int, end: int) -> Found | None:
        """The request between two lines, or None where there is none."""
        self._request, self._settings = HttpRequest("", ""), []
        at = start
        while at < end and self._is_before(lines[at].strip(), at):
            at += 1
        if at == end:
            if self._settings or self._request != HttpRequest("", ""):
                self._warn("no request stands below this", start)
            return None
        line, at = at, self._begin(lines, at, end)
        at = self._headers(lines, at, end)
        self._body(lines, at, end)
        if self._request.until is not None and self._request.repeat == 1:
            self._request = replace(
                self._request, repeat=UNTIL_REPEATS, every=self._request.every or UNTIL_SECONDS
            )
        return Found(self._request, line, self._settings)

    def _is_before(self, line: str, at: int) -> bool:
        """Takes a line that stands before the request; False for its own."""
        variable = _VARIABLE.fullmatch(line)
        if variable is not None:
            self._own[variable["name"]] = self._filled(variable["value"], at)
            return True
        return not line or self._is_remark(line, at)

    def _is_remark(self, line: str, at: int) -> bool:
        """Takes a line that begins with `#` or `//`."""
        if not line.startswith(("#", "//")):
            return False
        directive = _DIRECTIVE.fullmatch(line)
        if line.startswith("#: "):
            self._settings.append((at, line.removeprefix("#: ")))
        elif directive is not None:
            self._direct(directive["word"], directive["value"], at)
        return True

    # --- directives ---------------------------------------------------------------------------

    def _direct(self, word: str, value: str, at: int) -> None:
        word = word.lower()
        request = self._request
        changed: HttpRequest | None = request
        match word:
            case "name":
                changed = replace(request, name=clean(value)[:100]) if value else None
            case "repeat":
                changed = _repeated(request, value)
            case "until":
                until = _until(value)
                changed = replace(request, until=until) if until is not None else None
            case "export":
                export = _group(value)
                if export is None or _NAME.fullmatch(export.name) is None:
                    changed = None
                else:
                    changed = replace(request, exports=(*request.exports, export))
            case "group":
                group = _group(value)
                changed = replace(request, groups=(*request.groups, group)) if group else None
            case _ if word in PICTURES:
                if request.picture:
                    self._warn("of the pictures of a request the last one is drawn", at)
                title = clean(self._filled(value, at))[:LONGEST_TITLE]
                changed = replace(request, picture=f"{word} {title}".rstrip())
            case _ if word not in IGNORED:
                known = nearest(word, DIRECTIVES)
                self._warn(f"unknown directive `@{clean(word)}`{known}", at)
        if changed is None:
            self._warn(f"`@{word} {clean(value)[:60]}` is not understood{_HINTS[word]}", at)
        else:
            self._request = changed

    # --- the request --------------------------------------------------------------------------

    def _begin(self, lines: list[str], at: int, end: int) -> int:
        """Its first line, and those of a query that goes on; returns the next one."""
        written = lines[at].strip()
        match = _REQUEST.fullmatch(written)
        if match is None:
            raise RequestWrong(at, f"`{clean(written)[:60]}` is no request: METHOD http://…")
        url, first = match["url"], at
        at += 1
        while at < end and lines[at].startswith((" ", "\t")) and lines[at].strip()[:1] in "?&":
            url += lines[at].strip()
            at += 1
        method = (match["method"] or "GET").upper()
        if method not in METHODS:
            raise RequestWrong(first, f"unknown method `{method}`{nearest(method, METHODS)}")
        url = self._filled(url, first)
        if _USE.search(url) is None:
            problem = address_problem(url)
            if problem:
                raise RequestWrong(first, problem)
        self._request = replace(self._request, method=method, url=url)
        return at

    def _headers(self, lines: list[str], at: int, end: int) -> int:
        """Up to the blank line, which is passed over."""
        headers: list[tuple[str, str]] = []
        while at < end and lines[at].strip():
            line = lines[at].strip()
            header = _HEADER.fullmatch(line)
            if header is None:
                if not self._is_remark(line, at):
                    raise RequestWrong(at, f"`{clean(line)[:60]}` is no header: NAME: VALUE")
            else:
                headers.append((header["name"], self._filled(header["value"], at)))
            at += 1
            if len(headers) > MOST_HEADERS:
                raise RequestWrong(at - 1, f"more than {MOST_HEADERS} headers")
        self._request = replace(self._request, headers=tuple(headers))
        return at + 1

    def _body(self, lines: list[str], at: int, end: int) -> None:
        body = lines[at:end]
        for number, line in enumerate(body):
            if line.startswith(("< ", "<@ ")):
                raise RequestWrong(at + number, "a body out of a file is not supported yet")
            if line.startswith(("> {%", "> ./", "> /")):
                self._warn("what editors do with the response is left out", at + number)
                body = body[:number]
                break
        text = "\n".join(body).strip("\n")
        if text.strip():
            self._request = replace(self._request, body=self._filled(text, at, len(text)))

    def _filled(self, text: str, at: int, more: int = 0) -> str:
        """With the block's own variables in it."""
        found = _USE.sub(lambda match: self._own.get(match["name"], match[0]), text)
        if len(found) > LONGEST_VALUE + more:
            raise RequestWrong(at, f"longer than {LONGEST_VALUE} characters with its variables")
        return found


_HINTS = {
    "name": ": `@name NAME`",
    "repeat": f": `@repeat COUNT every 200ms, 4 at once` (up to {MOST_REPEATS}, {MOST_AT_ONCE})",
    "until": ": `@until status 200`, `@until json PATH VALUE`, or header, regex",
    "export": ": `@export NAME by header|json|regex EXPRESSION`",
    "group": ": `@group NAME by header|json|regex EXPRESSION`",
}


def address_problem(url: str) -> str:
    """What is wrong with an address without variables; nothing where it can be asked."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or any(char.isspace() or not char.isprintable() for char in url):
        return f"`{clean(url)[:80]}` is no address that begins with http:// or https://"
    return ""


def _repeated(request: HttpRequest, value: str) -> HttpRequest | None:
    match = _REPEAT.fullmatch(value.strip())
    if match is None:
        return None
    every = seconds(match["every"]) if match["every"] else 0.0
    count, at_once = int(match["count"]), int(match["at_once"] or 1)
    if every is None or not (1 <= count <= MOST_REPEATS and 1 <= at_once <= MOST_AT_ONCE):
        return None
    return replace(request, repeat=count, every=every, at_once=at_once)


def _until(value: str) -> Until | None:
    """`status 200`, `json PATH VALUE`, `header NAME VALUE`, `regex PATTERN`."""
    kind, _, rest = value.partition(" ")
    if kind == "status":
        rest = rest.strip()
        return Until(Pick("status"), rest) if rest.isdecimal() and len(rest) == 3 else None
    if kind == "regex":
        pick = _pick(kind, rest)
        return Until(pick) if pick is not None else None
    expression, _, wanted = rest.strip().partition(" ")
    pick = _pick(kind, expression)
    return Until(pick, _bare(wanted.strip())) if pick is not None else None


def _group(value: str) -> Group | None:
    match = _GROUP.fullmatch(value)
    pick = _pick(match["kind"], match["rest"] or "") if match is not None else None
    return Group(clean(match["name"]), pick) if match is not None and pick is not None else None


def _pick(kind: str, expression: str) -> Pick | None:
    expression = _bare(expression.strip())
    if kind not in KINDS or (kind != "status" and not expression):
        return None
    if kind == "json" and _PATH.fullmatch(expression) is None:
        return None
    return Pick(kind, expression)


def _bare(text: str) -> str:
    """Without the quotes around it."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
