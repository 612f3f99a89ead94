"""Random inputs of every kind that the program reads: mostly well-formed, with harm in them."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import get_args

from presenter.talk import events as e
from presenter.terminal.text import REPLACEMENT

NASTY = (
    *("", " ", "\t", "\0", "\x1b", "\x1b[2J", "\x9b", "\r", "\r\n", "\u2028", "\u202e", "\u200d"),
    *("\ufeff", REPLACEMENT, "\U0001f469\u200d\U0001f4bb", "e\u0301" * 20, "界", "\\", "`", "``"),
    *("```", "~~~", "---", "...", "<!--", "-->", "<!-- end_slide -->", "{{X}}", "${", "$(x)", "|"),
    *("[", "](", "![", "<", ">", "&amp;", "&#0;", "*", "**", "_", "#", "%", "%%", ":", "::", "?"),
    *("{", "}", "'", '"', "!", "!!", "!ruby", "&a", "*a", "<<", "@", "^", "0", "-1", "1e999"),
    *("99999999999999999999", "0x", "NaN", "null", "true", "../", "/dev/zero", "C:\\", "~"),
)
WORDS = ("pods", "wide", "a", "title", "Hello", "deploy/web", "-o", "yaml", "x=1", "Running", "1/2")
COMMANDS = (
    "pause", "end_slide", "reset_layout", "column_layout: [1, 2]", "column: 0", "new_lines: 3",
    "jump_to_middle", "font_size: 4", "alignment: center", "incremental_lists: true", "no_footer",
    "skip_slide", "include: more.md", "include: talk.md", "include: none.md", "notes: quiet",
    "speaker_note: x", "list_item_newlines: 2", "snippet_output: a", "layout: two-cols", "demo: a",
)  # fmt: skip
LANGUAGES = (
    "python",
    "console",
    "http",
    "sh",
    "yaml",
    "js",
    "mermaid",
    "cast",
    "x",
    "diff",
    "c++",
    "",
)
ATTRIBUTES = (
    "+exec", "+demo:a", "+demo:b", "+session:a", "+line_numbers", "+image", "+render", "+id:a",
    "{1-3|all}", "{1,5-2}", "{all}", "+type:keys", "+type:instant", "+recording:a/b", "+full",
    "+background", "+needs:k", "+expect", "+exec_replace", "+validate", "+auto", "{.x #y k=v}",
)  # fmt: skip
KEYS = (
    "title", "author", "date", "theme", "duration", "grid", "needs", "recordings", "options",
    "footer", "vars", "sub_title", "event", "location", "authors", "sessions", "shell", "x",
)  # fmt: skip


def words(chance: random.Random, most: int = 6) -> str:
    pool: Sequence[str] = NASTY if chance.random() < 0.2 else WORDS
    return " ".join(chance.choice(pool) for _ in range(chance.randrange(most)))


def mutated(chance: random.Random, text: str, most: int = 6) -> str:
    """The text with a few cuts, repetitions and insertions."""
    for _ in range(chance.randrange(most)):
        at = chance.randrange(len(text) + 1)
        until = min(at + chance.randrange(30), len(text))
        middle = chance.choice(("", text[at:until] * 2, chance.choice(NASTY), text[until:at:-1]))
        text = text[:at] + middle + text[until:]
    return text


def mutated_bytes(chance: random.Random, data: bytes) -> bytes:
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.randbytes(chance.randrange(3)) + data[at + chance.randrange(4) :]
    return data[: chance.randrange(len(data) + 1)] if chance.random() < 0.1 else data


# --- decks ------------------------------------------------------------------------------------


def deck(chance: random.Random) -> str:
    """A deck: front matter or none, and up to a dozen slides."""
    slides = ["\n\n".join(_block(chance) for _ in range(chance.randrange(6))) for _ in range(4)]
    breaks = chance.choice(
        ("\n\n---\n\n", "\n<!-- end_slide -->\n", "\n***\n", "\n---\nx: y\n---\n")
    )
    head = f"---\n{front_matter(chance)}\n---\n" if chance.random() < 0.5 else ""
    text = head + breaks.join(slides)
    return mutated(chance, text) if chance.random() < 0.5 else text


def _block(chance: random.Random) -> str:
    return chance.choice(_BLOCKS)(chance)


def _fence(chance: random.Random) -> str:
    mark = chance.choice(("```", "~~~", "````", "``"))
    info = chance.choice(LANGUAGES) + " " + " ".join(chance.sample(ATTRIBUTES, 2))
    leads: tuple[str, ...] = ("$ ", "> ", "#: ", "", "  ")
    if "http" in info:
        leads = ("GET http://", "# @repeat ", "# @group ", "# @until ", "@a = ", "x: ", "#: ", "")
    lines = [chance.choice(leads) + words(chance) for _ in range(5)]
    close = mark if chance.random() < 0.9 else ""
    return "\n".join([mark + info, *lines, close])


def _list(chance: random.Random) -> str:
    return "\n".join(
        " " * chance.randrange(9)
        + chance.choice(("- ", "* ", "1. ", "- [x] ", "+ "))
        + words(chance)
        for _ in range(chance.randrange(1, 8))
    )


def _table(chance: random.Random) -> str:
    columns = chance.randrange(1, 6)
    rows = ["|".join(words(chance, 3) for _ in range(columns)) for _ in range(4)]
    rows.insert(1, "|".join(chance.choice(("---", ":-:", "--:", "-")) for _ in range(columns)))
    return "\n".join(f"|{row}|" for row in rows)


def _deep(chance: random.Random) -> str:
    piece = chance.choice(("> ", "- ", "[", "*", "**a ", "<b>", "`", "![", "(", "  - x\n", "#"))
    return piece * chance.choice((10, 100, 2000)) + words(chance)


_BLOCKS: tuple[Callable[[random.Random], str], ...] = (
    lambda c: "#" * c.randrange(1, 8) + " " + words(c),
    lambda c: words(c, 30),
    lambda c: f"{words(c)}\n{c.choice('=-')}{c.choice('=-') * 5}",
    lambda c: f"<!-- {c.choice(COMMANDS)} -->",
    lambda c: f"<!-- {c.choice(COMMANDS).partition(':')[0]}: {words(c)} -->",
    lambda c: f"<!-- notes:\n{words(c)}\n-->",
    lambda c: f"![{words(c)}]({words(c, 2)}.png)" + c.choice(("", "{width=50%}", "{.x}")),
    lambda c: f"[{words(c)}][{words(c)}]\n\n[{words(c)}]: {words(c)}",
    lambda c: "\n".join("> " + words(c) for _ in range(4)),
    lambda c: f"<{words(c, 2)}>{words(c)}</{words(c, 2)}>",
    _fence,
    _fence,
    _list,
    _table,
    _deep,
)


def front_matter(chance: random.Random) -> str:
    """YAML of keys that a deck may have, with values that it may not."""
    lines = [f"{chance.choice(KEYS)}: {_yaml(chance, 3)}" for _ in range(chance.randrange(6))]
    text = "\n".join(lines)
    return mutated(chance, text) if chance.random() < 0.5 else text


def _yaml(chance: random.Random, depth: int) -> str:
    kind = chance.randrange(9 if depth else 5)
    if kind < 3:
        return words(chance, 4)
    if kind < 5:
        scalars = (
            "1",
            "-1",
            "1e400",
            "0o9",
            "~",
            "2026-13-45",
            "12:34:56",
            "80x16",
            "0x0",
            "9x99999",
        )
        return chance.choice((*scalars, "10m", "-3s", "!!binary x", "!!python/name:os.system"))
    if kind == 5:
        return "[" + ", ".join(_yaml(chance, depth - 1) for _ in range(3)) + "]"
    if kind == 6:
        return f"|\n  {words(chance)}\n  {words(chance)}"
    names = (*KEYS, "http", "kubernetes", "tcp", "ports", "command", "env", "file", "left", "style")
    return (
        "{" + ", ".join(f"{chance.choice(names)}: {_yaml(chance, depth - 1)}" for _ in "ab") + "}"
    )


# --- what terminals print -----------------------------------------------------------------------


def output(chance: random.Random, pieces: int = 60) -> str:
    """Text with escape sequences of every kind, sound and broken."""
    return "".join(_piece(chance) for _ in range(chance.randrange(pieces)))


def _numbers(chance: random.Random) -> str:
    values = (
        "",
        "0",
        "1",
        "2",
        "4:3",
        "5",
        "38",
        "48",
        "58",
        "1049",
        "2004",
        "25",
        "80",
        "999999999",
    )
    return chance.choice(";:").join(chance.choice(values) for _ in range(chance.randrange(5)))


def _piece(chance: random.Random) -> str:
    kind = chance.randrange(10)
    if kind < 3:
        return words(chance) + chance.choice(("\r\n", "\n", "\r", "\b", "\t", ""))
    if kind < 7:
        lead = chance.choice(("\x1b[", "\x1b[", "\x9b", "\x1b[?", "\x1b[>", "\x1b[=", "\x1b[!"))
        between = chance.choice(("", "", "", " ", "$", "!", "\x1b", "\n"))
        return lead + _numbers(chance) + between + chr(chance.randrange(0x3F, 0x80))
    if kind == 7:
        lead = chance.choice(("\x1b]", "\x1bP", "\x1b_", "\x1b^", "\x1bX", "\x9d", "\x90"))
        told = chance.choice(
            ("133;A", "133;D;0", "0;", "8;;", "52;c;?", "10;?", "4;1;?", "$q", "+q")
        )
        return lead + told + words(chance) + chance.choice(("\x07", "\x1b\\", "\x9c", ""))
    if kind == 8:
        return "\x1b" + chr(chance.randrange(0x20, 0x7F)) + chance.choice(("", "0", "8"))
    return chance.choice((chr(chance.randrange(0x20)), chr(chance.randrange(0x11000)), "x" * 500))


# --- recordings ---------------------------------------------------------------------------------


def recording(chance: random.Random, version: int) -> bytes:
    """A recording of this version, often with something wrong in it."""
    header = _header(chance, version)
    events = [_event(chance, version) for _ in range(chance.randrange(30))]
    if version == 1:
        data = json.dumps(header | {"stdout": events}).encode()
    else:
        data = b"\n".join(json.dumps(line).encode() for line in (header, *events)) + b"\n"
    if chance.random() < 0.5:
        data = mutated_bytes(chance, data)
    return mutated_bytes(chance, gzip.compress(data)) if chance.random() < 0.1 else data


def _value(chance: random.Random) -> object:
    values: tuple[object, ...] = (
        *(None, True, -1, 0, 1, 24, 80, 10**6, 10**30, 1.5, 1e308, float("nan"), "", "x", [], {}),
        *([[]], {"cols": 80}, {"x": None}, words(chance), chance.choice(NASTY)),
    )
    return chance.choice(values)


def _header(chance: random.Random, version: int) -> dict[str, object]:
    header: dict[str, object] = {"version": version, "width": 80, "height": 24}
    if version == 3:
        header = {"version": 3, "term": {"cols": 80, "rows": 24, "type": "xterm"}}
    more = (
        "width",
        "height",
        "term",
        "title",
        "env",
        "theme",
        "idle_time_limit",
        "command",
        "tags",
    )
    for key in chance.sample((*more, "timestamp", "presenter"), chance.randrange(4)):
        if key == "presenter" and chance.random() < 0.7:
            names = ("source", "date", "deck", "commands", "exit_codes", "exports", "versions", "v")
            header[key] = {name: _value(chance) for name in names}
        else:
            header[key] = _value(chance)
    return header


def _event(chance: random.Random, version: int) -> object:
    if chance.random() < 0.1:
        return _value(chance)
    time = chance.choice((0, 0.01, 0.5, 2, 1e9, -1, chance.random()))
    text = output(chance, 8)
    if version == 1:
        return [time, text]
    code = chance.choice(("o", "o", "o", "i", "m", "r", "x", "q", ""))
    if code == "r":
        text = chance.choice(("80x24", "1x1", "0x0", "99999x99999", "x", "-1x5"))
    if code == "m":
        text = chance.choice(("0 0123456789ab", "1 x", "999999 0123456789ab", text))
    return [time, code, text]


def har(chance: random.Random) -> bytes:
    """A log of HTTP exchanges, every other one with something wrong in it."""
    harm = 0.2 if chance.random() < 0.5 else 0.0
    entries = [_har_entry(chance, harm) for _ in range(chance.randrange(8))]
    log: dict[str, object] = {"version": "1.2", "creator": {"name": "x", "version": "1"}}
    log |= {"entries": entries, "_presenter": {"commands": _value(chance)}, "x": _value(chance)}
    if chance.random() < harm:
        log[chance.choice(list(log))] = _value(chance)
    data = json.dumps({"log": log}, ensure_ascii=chance.random() < 0.5, indent=1)
    coded = data.replace("NaN", "0").encode("utf-8", "replace")
    return mutated_bytes(chance, coded) if harm else coded


def _har_entry(chance: random.Random, harm: float) -> object:
    content = {
        "size": chance.choice((0, -1, 5, 10**12, 1e300)),
        "mimeType": words(chance, 2),
        "text": chance.choice(("", "aGVsbG8=", _plain(output(chance, 3)), '{"password": "abcd"}')),
        "encoding": chance.choice((None, "", "base64")) if harm else "",
    }
    entry: dict[str, object] = {
        "startedDateTime": chance.choice(("2026-11-02T09:30:00Z", "2026-11-02T09:30:00.5+01:00")),
        "request": _har_message(chance, harm, method="GET", url=f"http://h/?token={words(chance)}"),
        "response": _har_message(chance, harm, status=200, content=content),
        "timings": {"wait": chance.choice((0, -1, 12.5, 1e300)), "connect": None},
    }
    if chance.random() < harm:
        entry[chance.choice((*entry, "_presenter", "serverIPAddress"))] = _value(chance)
    return entry


def _har_message(chance: random.Random, harm: float, **needed: object) -> dict[str, object]:
    names = ("Cookie", "Location", "x", words(chance, 2))
    headers = [
        {"name": chance.choice(names), "value": words(chance)} for _ in range(chance.randrange(4))
    ]
    message = needed | {"headers": headers, "postData": {"mimeType": "x", "text": words(chance)}}
    if chance.random() < harm:
        message[chance.choice(list(message))] = _value(chance)
    return message


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


# --- settings, journals, the speaker's socket -----------------------------------------------------


def settings(chance: random.Random) -> str:
    values = (
        '"light"',
        '"x, ctrl+q"',
        '"+"',
        '""',
        "1",
        "[]",
        "{}",
        "1979-05-27",
        f'"{words(chance)}"',
    )
    names = ("theme", "keys", "health", "suspect", "x", '"nav.next"', '"nav.nxt"', '"" ', "a.b.c")
    lines = [
        f"{chance.choice(names)} = {chance.choice(values)}" for _ in range(chance.randrange(6))
    ]
    lines.insert(
        chance.randrange(len(lines) + 1), chance.choice(("[keys]", "[health]", "[[keys]]"))
    )
    return mutated(chance, "\n".join(lines))


def journal(chance: random.Random) -> bytes:
    """Lines whose checksums are right, of events that need not make sense together."""
    kinds = get_args(e.Event)
    lines = [
        _journal_line(chance, n, chance.choice(kinds)) for n in range(1, chance.randrange(2, 40))
    ]
    data = b"".join(lines)
    return mutated_bytes(chance, data) if chance.random() < 0.5 else data


def _journal_line(chance: random.Random, sequence: int, kind: type[e.Event]) -> bytes:
    told = {field.name: _field(chance, str(field.type)) for field in fields(kind)}
    at = chance.choice((0, 1.5, 1e300, -5, sequence))
    body = {"v": 1, "seq": sequence, "at": at, "wall": "", "k": kind.__name__, "f": told}
    text = json.dumps(body, separators=(",", ":"))
    return f'{text[:-1]},"crc":"{zlib.crc32(text.encode()):08x}"}}\n'.encode()


def _field(chance: random.Random, kind: str) -> object:
    if chance.random() < 0.05:
        return _value(chance)
    if kind == "int":
        return chance.choice((0, 0, 1, 2, -1, 10**9, 10**30))
    if kind == "bool":
        return chance.random() < 0.5
    if kind == "float":
        return chance.choice((0.0, 1.5, -1.0, 1e300))
    if kind.startswith("tuple"):
        return [chance.choice(("a", "b", "")) for _ in range(chance.randrange(3))]
    return chance.choice(("a", "a", "b", "live", "recording", "ran", "shell", "", words(chance)))


def message(chance: random.Random) -> bytes:
    """A line on the speaker's socket."""
    kinds = ("state", "slides", "end", "press", "x")
    body: dict[str, object] = {"v": chance.choice((1, 1, 1, 2, "1")), "kind": chance.choice(kinds)}
    for key in chance.sample(("number", "state", "slides", "cmd", "seen", "slide"), 3):
        body[key] = _value(chance)
    return mutated_bytes(chance, json.dumps(body).encode())
