"""Bombs: paths that lead out, and YAML, Markdown, packed files and patterns that swell.

Each is refused or harmless within a second, and what is said of it is one line.
"""

from __future__ import annotations

import gzip
import json
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from presenter.deck.deck import open_deck
from presenter.deck.model import Severity
from presenter.deck.outline import outline
from presenter.deck.trust import fingerprint
from presenter.errors import PresenterError
from presenter.layout.frame import Size
from presenter.layout.paint import paint_text
from presenter.recording.har_reader import read_har
from presenter.recording.reader import open_cast
from presenter.recording.steps import open_take
from presenter.recording.track import open_track
from presenter.settings import load_settings
from presenter.talk import expect
from presenter.talk.journal import decode_lines
from presenter.wiring.picture import picture
from tests.faults import hars
from tests.faults.limits import Chance, try_all
from tests.faults.table import Row

SECONDS = 1.0
"""Of the processor, for each."""
OUTSIDE = "what stands outside of the deck"
SOME = 5
"""One of so many in the quick share."""
LONGEST = 1000
"""Characters of what is said of a bomb."""

Bomb = Callable[[Path], None]


def use(folder: Path, text: str, slide: int = 0) -> None:
    """Everything that a talk does with a deck when it begins, and the picture of a slide."""
    inner = folder / "talk"
    inner.mkdir(exist_ok=True)
    path = inner / "talk.md"
    path.write_bytes(text.encode())
    try:
        deck = open_deck(path)
    except PresenterError as error:
        _one_line(str(error))
        raise
    told = json.dumps(outline(deck), default=str) + str(fingerprint(deck).lines)
    for problem in deck.problems():
        if problem.severity is Severity.ERROR:
            _one_line(str(problem))
    frame, _ = picture(deck, min(slide, len(deck) - 1), None, Size(100, 34), "light")
    assert OUTSIDE not in told + paint_text(frame)


def _one_line(text: str) -> None:
    assert "\n" not in text, text
    assert len(text) < LONGEST, f"{len(text)} characters"


# --- paths that lead out ----------------------------------------------------------------------

ESCAPES = (
    "../secret", "../../../../../../etc/hostname", "/etc/hostname", "x/../../secret", "./../secret",
    "link", "dir/secret", "ring", "pipe", "zero", "zero-link", "C:\\secret", "C:secret",
    "\\\\host\\x",
    "%2e%2e/secret", "..%2fsecret", "....//secret", "file:///etc/hostname", "~/secret",
    "$HOME/secret",
    "a" * 100_000, "a/" * 50_000, "..\\secret", "talk.md", "dir", "/dev/zero", "/dev/stdin",
    "/proc/self/environ", "\x01", "%00", ".", "..", "\u2025/secret",
)  # fmt: skip


def _trap(folder: Path) -> None:
    """A deck's folder with links and pipes in it; the secret is beside it."""
    inner = folder / "talk"
    (inner / "recordings").mkdir(parents=True)
    (folder / "secret").write_text(OUTSIDE)
    for suffix in (".md", ".png", ".cast"):
        (folder / f"secret{suffix}").write_text(OUTSIDE)
    for place in (inner, inner / "recordings"):
        (place / "link").symlink_to(folder / "secret")
        (place / "dir").symlink_to(folder, target_is_directory=True)
        (place / "ring").symlink_to("ring")
        (place / "zero-link").symlink_to("/dev/zero")
        os.mkfifo(place / "pipe")
        for name in ("link", "ring", "pipe"):
            (place / f"{name}.cast").symlink_to(place / name)


def escape(written: str) -> Bomb:
    def bomb(folder: Path) -> None:
        _trap(folder)
        use(
            folder,
            f"---\nrecordings: {json.dumps(written)}\n---\n# x\n\n<!-- include: {written} -->\n\n"
            f"![x]({written})\n\n```console +demo:link +recording:{written}\n$ ls\n```\n\n---\n\n"
            f"```cast\npath: {written}\n```\n\n---\n\n```file\npath: {written}\nlanguage: x\n```",
        )

    return bomb


# --- YAML ---------------------------------------------------------------------------------------

_LAUGHS = "\n".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'ha'] * 9)}]" for n in range(12)
)
YAML = {
    "a billion laughs": _LAUGHS,
    "laughs of maps": "\n".join(
        f"a{n}: &a{n} {{{', '.join(f'k{k}: *a{n - 1}' if n else f'k{k}: x' for k in range(9))}}}"
        for n in range(12)
    ),
    "merged laughs": "\n".join(
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}], k{n}: 1}}" if n else "a0: &a0 {k: 1}"
        for n in range(12)
    ),
    "one that holds itself": "needs: &a {x: *a}",
    "a list of itself": "vars: &a [*a, *a]",
    "deep lists": "x: " + "[" * 50_000 + "]" * 50_000,
    "deep maps": "x: " + "{a: " * 50_000 + "}" * 50_000,
    "deep blocks": "\n".join(" " * n + "a:" for n in range(2000)),
    "deep dashes": "x:\n " + "- " * 50_000 + "x",
    "deep questions": "? " * 20_000 + "x",
    "a large number": "duration: " + "9" * 1_000_000,
    "a large fraction": "duration: 1e" + "9" * 1000,
    "a number by sixties": "duration: " + "59:" * 100_000 + "59",
    "objects": "x: !!python/object/apply:os.system ['touch CANARY']\ny: !!python/name:os.system",
    "a long text": "title: " + "x" * 4_000_000,
    "many keys": "\n".join(f"k{n}: {n}" for n in range(100_000)),
    "the same key": "title: x\n" * 100_000,
    "many anchors": "\n".join(f"k{n}: &k{n} x" for n in range(50_000)),
    "a grid without end": "grid: 99999999999x99999999999",
    "many documents": "--- \n" * 50_000,
    "tags": "x: " + "!!str " * 50_000 + "x",
    "quotes": "x: '" + "''" * 1_000_000 + "'",
}

# --- Markdown -----------------------------------------------------------------------------------

_MANY = 50_000
MARKDOWN = {
    "brackets": "[" * _MANY,
    "links": "[a](" * _MANY,
    "pictures": "![" * _MANY,
    "quotes": ">" * _MANY + "x",
    "stars": "*a " * _MANY,
    "strong stars": "**a *b " * (_MANY // 2),
    "stars and lines": "*_" * _MANY,
    "ticks": "".join("`" * n + "a" for n in range(1, 1000)),
    "angles": "<a " * _MANY,
    "comments": "<!--" * _MANY,
    "comments closed": "<!-- x -->" * _MANY,
    "entities": "&" + "a" * _MANY + ";" + "&amp;" * _MANY,
    "backslashes": "\\" * (2 * _MANY),
    "deep lists": "\n".join("  " * n + "- a" for n in range(1000)),
    "long lists": "- a\n" * _MANY,
    "dashes": "- " * _MANY + "x",
    "numbers": "1. " * _MANY + "x",
    "a broad table": "|" + "a|" * _MANY + "\n|" + "-|" * _MANY + "\n|" + "b|" * _MANY,
    "a long table": "|a|b|\n|-|-|\n" + "|x|y|\n" * _MANY,
    "references": "\n".join(f"[{n}]: x" for n in range(_MANY)) + "\n\n" + "[1] " * _MANY,
    "a long line": "x" * 4_000_000,
    "a long word of wide letters": "界" * 1_000_000,
    "marks on one letter": "e" + "\u0301" * 1_000_000,
    "slides": "# a\n\n---\n\n" * 20_000,
    "headings": "# a\n\n" * _MANY,
    "fences": "```\n" * _MANY,
    "tildes": "~~~x\n" * _MANY,
    "pauses": "<!-- pause -->\n\n" * _MANY,
    "columns": "<!-- column_layout: [1, 1] -->\n\n<!-- column: 0 -->\n\n" * 5000,
    "new lines": "<!-- new_lines: 999999999 -->\n\nx",
    "attributes": "```py " + "+x " * _MANY + "\nx\n```",
    "line numbers": "```py {1-999999999|1-999999999}\nx\n```",
    "code": "```python\n" + "(" * 200_000 + "\n```",
    "code of other tongues": "".join(
        f"```{name}\n{text * 3000}\n```\n\n"
        for name, text in (("html", "<a "), ("js", "/"), ("sh", "$("), ("md", "["), ("c", "/*"))
    ),
    "a console": "```console\n" + "$ ls\nx\n" * 20_000 + "```",
    "a long console": "```console\n$ ls\n" + "x" * 2_000_000 + "\n```",
    "escapes": "```console\n$ ls\n" + "\x1b[31m" * _MANY + "\n```",
    "notes": "<!-- notes:\n" + "* a\n" * _MANY + "-->",
    "titles": "x\n" * _MANY + "===",
    "includes of itself": "<!-- include: talk.md -->\n" * 1000,
    "carriage returns": "\r" * 1_000_000,
    "a text of nothing": "\0" * 1_000_000,
}


def includes(folder: Path) -> None:
    """Ten files, each of which includes all the others."""
    (folder / "talk").mkdir()
    for n in range(10):
        text = "\n".join(f"<!-- include: f{m}.md -->" for m in range(10))
        (folder / "talk" / f"f{n}.md").write_text(text)
    use(folder, "<!-- include: f0.md -->")


def picture_bomb(folder: Path) -> None:
    """A PNG of 50,000 × 50,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    (folder / "talk").mkdir()
    data = b"\x89PNG\r\n\x1a\n" + chunk(
        b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    )
    data += chunk(b"IDAT", zlib.compress(bytes(10_000_000))) + chunk(b"IEND", b"")
    (folder / "talk" / "x.png").write_bytes(data)
    use(folder, "![x](x.png)")


# --- recordings and other files -----------------------------------------------------------------


def packed(head: bytes, piece: bytes, times: int) -> bytes:
    """Compressed as a file is, without ever being whole."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    pieces = [packer.compress(head), *(packer.compress(piece) for _ in range(times))]
    return b"".join(pieces) + packer.flush()


_HEAD = b'{"version": 2, "width": 80, "height": 24}\n'
CASTS = {
    "a packed line": packed(_HEAD, b" " * 1_000_000, 500),
    "packed lines": packed(_HEAD, b"\n" * 1_000_000, 100),
    "a packed header": packed(b"", b" " * 1_000_000, 300),
    "packed twice": gzip.compress(gzip.compress(_HEAD * 1000)),
    "cut off": gzip.compress(_HEAD * 1000)[:-20],
    "deep": b'{"version": 2, "x": ' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}\n",
    "deep events": _HEAD + b"[" * 1_000_000 + b"\n",
    "a large screen": b'{"version": 2, "width": 999999999, "height": 999999999}\n[0, "o", "x"]\n',
    "a large number": b'{"version": 2, "width": ' + b"9" * 1_000_000 + b', "height": 1}\n',
    "a large version": b'{"version": ' + b"9" * 100_000 + b"}\n",
    "a long time": _HEAD + b'[1e308, "o", "x"]\n[1e308, "o", "y"]\n',
    "many resizes": _HEAD + b'[0, "r", "1000x500"]\n[0, "r", "1x1"]\n' * 1000,
    "many markers": _HEAD + b'[0, "m", "1 0123456789ab"]\n' * 20_000,
    "an escape without end": _HEAD + b'[0, "o", "\\u001b]0;' + b"x" * 5_000_000 + b'"]\n',
    "scrolling": _HEAD
    + b'[0, "o", "\\u001b[999999999S\\u001b[999999999L\\u001b[999999999X"]\n' * 1000,
    "repeats": _HEAD + b'[0, "o", "x\\u001b[999999999b"]\n' * 200,
    "nonsense": b"\xff\xfe" * 1_000_000,
}


def cast(data: bytes) -> Bomb:
    def bomb(folder: Path) -> None:
        path = folder / "x.cast"
        path.write_bytes(data)
        try:
            found = open_cast(path)
            open_track(found).advance(0.2)
            take = open_take(path)
        except PresenterError as error:
            _one_line(str(error))
            raise
        if len(take):
            take.screen_before(0)

    return bomb


def har(make: Callable[[], hars.Pieces]) -> Bomb:
    def bomb(folder: Path) -> None:
        path = folder / "x.har"
        with path.open("wb") as stream:
            stream.writelines(make())
        try:
            read_har(path)
        except PresenterError as error:
            _one_line(str(error))
            raise

    return bomb


PATTERNS = (
    "(a+)+$",
    "(a|a)*$",
    "(a*)*b",
    "(.*a){30}",
    "a{1,1000}{1,1000}",
    "(?=a+)+",
    "(a)\\1*",
    "[",
)


def pattern(source: str) -> Bomb:
    """Matched by RE2, and by what is there without it."""

    def bomb(folder: Path) -> None:
        del folder
        for compiled in (expect.compile_pattern(source), expect._compile_plain(source)):
            if isinstance(compiled, expect.Pattern):
                compiled.found_in("a" * 100_000 + "!")
            else:
                _one_line(compiled.reason)

    return bomb


def _settings(text: str) -> Bomb:
    def bomb(folder: Path) -> None:
        path = folder / "settings.toml"
        path.write_text(text)
        for problem in load_settings(path, ("nav.next",)).problems:
            _one_line(problem)

    return bomb


def _journal(data: bytes) -> Bomb:
    def bomb(folder: Path) -> None:
        del folder
        assert decode_lines(data).stamped == ()

    return bomb


def _deck(text: str) -> Bomb:
    return lambda folder: use(folder, text)


BOMBS: dict[str, Bomb] = {
    **{f"path {written[:40]!r}": escape(written) for written in ESCAPES},
    **{f"YAML, {name}": _deck(f"---\n{text}\n---\n\n# x\n") for name, text in YAML.items()},
    **{f"Markdown, {name}": _deck(text) for name, text in MARKDOWN.items()},
    "Markdown, includes in a ring": includes,
    "a picture of 2.5 billion pixels": picture_bomb,
    **{f"recording, {name}": cast(data) for name, data in CASTS.items()},
    **{f"HAR, {name}": har(make) for name, make in hars.HARS.items()},
    **{f"pattern {source}": pattern(source) for source in PATTERNS},
    "settings, deep lists": _settings("x = " + "[" * 100_000),
    "settings, deep tables": _settings("a." * 100_000 + "a = 1"),
    "settings, as deep as may be": _settings("a." * 8_000 + "a = 1"),
    "settings, many keys": _settings("".join(f'"k{n}" = 1\n' for n in range(5000))),
    "journal, deep": _journal(b'{"v":' + b"[" * 1_000_000 + b',"crc":"00000000"}\n'),
    "journal, a long line": _journal(b"x" * 20_000_000 + b"\n"),
}


def explode(chance: Chance, folder: Path) -> None:
    name = list(BOMBS)[chance.number]
    if chance.number < 0:  # a harmless one, for what is loaded once
        use(folder, "# x\n\n```python\nx = 1\n```\n\n```console\n$ ls\nx\n```\n")
        return
    try:
        BOMBS[name](folder)
    except AssertionError as error:
        raise AssertionError(f"{name}: {str(error)[:200]}") from error


def explode_some(chance: Chance, folder: Path) -> None:
    """Every fifth."""
    explode(chance if chance.number < 0 else Chance(chance.number * SOME), folder)


def rows(full: bool) -> Iterator[Row]:
    trial, count = (explode, len(BOMBS)) if full else (explode_some, len(BOMBS) // SOME)
    outcome = try_all(trial, count)
    held = not outcome.failures and outcome.worst <= SECONDS and outcome.tried == count
    must = "refused or harmless within 1 s each, one line"
    what = "path, YAML, Markdown, packed, HAR and pattern bombs"
    yield Row(what, outcome.tried, must, str(outcome), held)
