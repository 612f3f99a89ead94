"""How many planted secrets are taken out of recordings, and how much that is none.

    python -m tests.bench.redaction [--count 2000] [--seed 1]

Each secret is put into a line of terminal output and then made hard to see: cut into events at any
character, coloured in between, wrapped at the terminal's edge, written over a line that was there.
It counts as missed where it, or half of it in one piece, can still be read on the screen. False
alarms are counted on the lines of other people's recordings (`tests.material`).
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import string
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import quote

from presenter.recording.reader import open_cast
from presenter.recording.redact import DOT, Redactor
from presenter.terminal import new_emulator
from presenter.terminal.fall import plain_lines
from tests.material import material

COLUMNS = 80
WORDS = string.ascii_letters + string.digits
Chance = random.Random


def _word(chance: Chance, length: int, letters: str = WORDS) -> str:
    """With a digit and both cases in it, as made tokens have."""
    body = "".join(chance.choice(letters) for _ in range(length - 3))
    return f"a{body}Z7"


def _jwt(chance: Chance) -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": _word(chance, 12), "iat": 1516239022})
    coded = (
        base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts
    )
    return ".".join([*coded, _word(chance, 43)])


def _basic(chance: Chance) -> str:
    return base64.b64encode(f"{_word(chance, 6)}:{_word(chance, 14)}".encode()).decode()


def _upper(chance: Chance, length: int) -> str:
    return "".join(chance.choice(string.ascii_uppercase + string.digits) for _ in range(length))


PATTERNED: dict[str, Callable[[Chance], tuple[str, str]]] = {
    "JSON web token": lambda c: ("token: {}", _jwt(c)),
    "bearer": lambda c: ("curl -H 'Authorization: Bearer {}' http://h/", _word(c, 32)),
    "basic": lambda c: ("> Authorization: Basic {}", _basic(c)),
    "AWS key id": lambda c: ("aws_access_key_id = {}", "AKIA" + _upper(c, 16)),
    "AWS secret key": lambda c: ("aws_secret_access_key = {}", _word(c, 40)),
    "Google API key": lambda c: ("key={}", "AIza" + _word(c, 35)),
    "GitHub": lambda c: ("remote: {}", "ghp_" + _word(c, 36)),
    "GitHub, fine-grained": lambda c: ("{} is used", "github_pat_" + _word(c, 60)),
    "GitLab": lambda c: ("CI uses {}", "glpat-" + _word(c, 20)),
    "Slack": lambda c: ("SLACK={}", "xoxb-" + _word(c, 30)),
    "password in a URL": lambda c: ("git clone https://me:{}@example.com/x.git", _word(c, 16)),
    "option": lambda c: ("kubectl --token={} get pods", _word(c, 28)),
    "client key": lambda c: ("    client-key-data: {}", _word(c, 60)),
}
"""A line with a place for it, and a secret that is known by its form or its key."""
KNOWN: dict[str, tuple[str, Callable[[str], str]]] = {
    "as it is": ("echo {}", str),
    "base64": ("data: {} ok", lambda value: base64.b64encode(f"x{value}".encode()).decode()),
    "in a URL": ("GET /?q={}&n=1", lambda value: quote(value, safe="")),
}
"""A line with a place for it, and how a value that this machine knows may be printed."""


def hidden(text: str, chance: Chance) -> list[str]:
    """The events of an output: the text, made hard to see in a way that chance chooses."""
    way = chance.choice(("whole", "cut", "coloured", "wrapped", "rewritten"))
    if way == "wrapped":
        text = f"{'.' * chance.randrange(COLUMNS - 20, COLUMNS - 1)}{text}"
    if way == "coloured":
        at = sorted(chance.randrange(len(text)) for _ in range(3))
        text = f"{text[: at[0]]}\x1b[31m{text[at[0] : at[1]]}\x1b[1m{text[at[1] :]}\x1b[0m"
    if way == "rewritten":
        text = f"something was here\r\x1b[K{text}"
    text = f"\x1b[0m$ x\r\n{text}\r\ndone\r\n"
    if way == "whole":
        return [text]
    cuts = sorted(chance.randrange(len(text)) for _ in range(chance.randrange(1, 12)))
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def screen(pieces: list[str]) -> list[str]:
    emulator = new_emulator(COLUMNS, 30, 200)
    emulator.feed("".join(pieces))
    return emulator.text()


def leaks(secret: str, pieces: list[str]) -> bool:
    """Whether it, or half of it in one piece, stands on the screen, wrapped or not."""
    half = len(secret) // 2
    shown = "".join(line.ljust(COLUMNS) for line in screen(pieces)).replace(" ", "")
    return any(secret[at : at + half] in shown for at in range(len(secret) - half + 1))


def planted(count: int, chance: Chance) -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Kind, secret, events, and the values that the machine knows."""
    for number in range(count):
        if number % 4:
            kind = chance.choice(list(PATTERNED))
            line, secret = PATTERNED[kind](chance)
            yield kind, secret, hidden(line.format(secret), chance), []
        else:
            value, way = f"{_word(chance, chance.randrange(12, 40))}/+", chance.choice(list(KNOWN))
            line, printed = KNOWN[way][0], KNOWN[way][1](value)
            yield f"known, {way}", printed, hidden(line.format(printed), chance), [value]


def ordinary() -> Iterator[str]:
    """Lines of real output."""
    for path in sorted(material("compat/casts").glob("*.cast")):
        try:
            cast = open_cast(path)
        except Exception:  # noqa: BLE001, S112 — some are broken on purpose
            continue
        output = "".join(event.data for event in cast.events() if event.code == "o")
        yield from (line for line, _ in plain_lines(output) if line.strip())


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tried: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    moved = unseen = 0
    for kind, secret, pieces, known in planted(options.count, Chance(options.seed)):
        safe = Redactor(known).pieces(pieces, COLUMNS)
        tried[kind] += 1
        unseen += not leaks(secret, pieces)  # then finding nothing afterwards would mean nothing
        missed[kind] += leaks(secret, safe)
        before, after = (list(map(len, screen(each))) for each in (pieces, safe))
        moved += before != after
    for kind in sorted(tried):
        print(f"{kind:<24} {tried[kind]:>5} planted {missed[kind]:>4} missed")
    known_ones = [kind for kind in tried if kind.startswith("known")]
    others = tried.total() - sum(tried[kind] for kind in known_ones)
    missed_known = sum(missed[kind] for kind in known_ones)
    missed_others = missed.total() - missed_known
    share = 100 * (1 - missed_others / max(others, 1))
    print(f"known values: {missed_known} missed; by their form: {share:.2f} % of {others} found")
    print(f"not readable before: {unseen}; screens whose layout moved: {moved}")
    lines = list(ordinary())
    redactor = Redactor()
    false = [line for line in lines if DOT in redactor.text(line) and DOT not in line]
    rate = 1000 * len(false) / max(len(lines), 1)
    print(f"false alarms: {len(false)} of {len(lines)} ordinary lines ({rate:.2f} in 1,000)")
    for line in false[:10]:
        print(f"    {line[:100]!r}")
    return int(bool(missed_known or share < 99.5 or rate > 1 or moved or unseen))


if __name__ == "__main__":
    sys.exit(main())
