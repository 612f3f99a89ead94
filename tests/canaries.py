"""Decks with a command in every field that anything might run, open or look at, and a watch.

The commands leave a file that is named as a canary. The decks are made by a number.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.deck.test_trust import BODY, FRONT

CANARY = "CANARY"
TOUCH = f"touch {CANARY}"
BODIES = {
    **BODY,
    "expect": f'```console\n#: expect "$({TOUCH})", note `{TOUCH}`\n$ true\n```',
    "transcript": f"```console\n$ true\n$({TOUCH})\n`{TOUCH}`\n```",
    "image": f"![x]($({TOUCH}).png)\n\n![x](http://{CANARY.lower()}.invalid/x.png)",
    "link": f"[x](http://{CANARY.lower()}.invalid/) <img src='http://{CANARY.lower()}.invalid/x'>",
    "recording of another": f"```console +recording:$({TOUCH})/x\n$ ls\n```",
    "cast": "```cast\npath: recordings/evil.cast\n```",
    "recorded": "```console +demo:evil\n$ ls\n```",
    "takes the terminal": f"```python +acquire_terminal\nopen('{CANARY}', 'w')\n```",
    "image of code": f"```python +image +exec\nopen('{CANARY}', 'w')\n```",
    "other program": f"```js +exec:bun\nrequire('fs').writeFileSync('{CANARY}', '')\n```",
    "rendered": f"```mermaid +render\n%% $({TOUCH})\n```",
    "environment": f"```python +exec +env:$({TOUCH}) +id:x\nopen('{CANARY}', 'w')\n```",
    "preprocessed": f"~~~{TOUCH}\nx\n~~~",
    "terminal": f"```terminal-ex\ncommand: {TOUCH}\nrows: 3\n```",
    "script tag": f"<script>{TOUCH}</script>\n\n<?php `{TOUCH}` ?>",
    "output": "<!-- snippet_output: x -->",
    "notes": f"<!-- notes: $({TOUCH}) -->",
    "name": f"```console +demo:$({TOUCH}) +session:`{TOUCH}`\n$ ls\n```",
}
FRONTS = {
    **FRONT,
    "theme": f"theme: $({TOUCH})",
    "title": f"title: $({TOUCH})",
    "recordings": f"recordings: $({TOUCH})",
    "footer": f"footer: {{left: '$({TOUCH})'}}",
    "patat": f"patat: {{eval: {{bash: {{command: '{TOUCH}', replace: true}}}}}}",
    "needs a port": "needs: {p: {ports: [80]}, k: {kubernetes: {context: x}}}",
}
EVENTS = (
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork",
    "os.forkpty", "pty.spawn", "socket.connect", "socket.getaddrinfo", "socket.sendto",
    "urllib.Request", "webbrowser.open", "os.startfile",
)  # fmt: skip


def canary_deck(folder: Path, number: int, most: int = 6) -> Path:
    """Write deck `number` with its recordings and files into `folder`; its path."""
    chance = random.Random(number)
    for inner in ("scripts", "more", "recordings/talk"):
        (folder / inner).mkdir(parents=True, exist_ok=True)
    for file in (f"{CANARY}.sh", f"{CANARY} .sh"):
        (folder / "scripts" / file).write_text(f"{TOUCH}\n")
    (folder / "more" / f"{CANARY}.md").write_text(f"```console\n$ {TOUCH}\n```\n")
    _recording(folder / "recordings" / "evil.cast")
    _recording(folder / "recordings" / "talk" / "evil.cast")
    heads: dict[str, str] = {}
    for line in chance.sample(list(FRONTS.values()), chance.randrange(5)):
        heads.setdefault(line.partition(":")[0], line.format(CANARY) if line in FRONT else line)
    bodies = chance.sample(sorted(BODIES), chance.randrange(1, most + 1))
    slides = [f"# Slide {n}\n\n{body(key)}\n" for n, key in enumerate(bodies)]
    front = "\n".join(["---", *heads.values(), "---", ""]) if heads else ""
    path = folder / "talk.md"
    path.write_text(front.replace("{0}", CANARY) + "\n---\n\n".join(slides))
    return path


def body(key: str) -> str:
    """The text of a body with its canary."""
    text = BODIES[key]
    return text.format(CANARY) if key in BODY else text


def _recording(path: Path) -> None:
    header = {
        "version": 2, "width": 80, "height": 20, "command": TOUCH, "title": f"$({TOUCH})",
        "env": {"SHELL": f"/bin/sh -c '{TOUCH}'", "TERM": f"$({TOUCH})"},
        "theme": {"fg": f"$({TOUCH})"},
    }  # fmt: skip
    events = [[0.1, "i", f"{TOUCH}\r"], [0.2, "o", f"{TOUCH}\r\n\x1b]52;c;{TOUCH}\x07"]]
    path.write_text("\n".join(json.dumps(line) for line in (header, *events)) + "\n")


_seen: list[str] = []
_watching = False


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and event in EVENTS:
        _seen.append(f"{event} {arguments!r}"[:200])


_hooked: list[bool] = []


@contextmanager
def watched() -> Iterator[list[str]]:
    """What this process starts or contacts while the body runs; an audit hook stays for good."""
    global _watching
    if not _hooked:
        sys.addaudithook(_audit)
        _hooked.append(True)
    _seen.clear()
    _watching = True
    try:
        yield _seen
    finally:
        _watching = False


def hatched(folder: Path) -> list[Path]:
    """The canaries that a command has left."""
    return [path for path in folder.rglob("*") if path.name in (CANARY, CANARY.lower())]
