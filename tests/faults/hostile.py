"""Random decks, front matter, recordings, sequences, settings and journals: only errors of ours."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from presenter.deck.deck import open_deck
from presenter.deck.outline import outline, outline_text
from presenter.deck.trust import fingerprint
from presenter.errors import PresenterError
from presenter.layout.exchange import HttpPicture
from presenter.layout.frame import Size
from presenter.layout.paint import paint_text
from presenter.live.marks import MarkReader
from presenter.recording.har_reader import read_har
from presenter.recording.har_writer import exchange_line, write_har
from presenter.recording.keyframes import Keyframes
from presenter.recording.reader import open_cast
from presenter.recording.steps import open_take
from presenter.recording.track import apply, open_track
from presenter.settings import parse_settings
from presenter.talk.commands import Next, Previous, Skip
from presenter.talk.decide import decide
from presenter.talk.journal import decode_lines, fold
from presenter.terminal import new_emulator
from presenter.terminal.emulator import Emulator
from presenter.terminal.fall import Recorded, SeenLines, fall
from presenter.terminal.modes import ModeTracker
from presenter.terminal.queries import Facts, QueryScanner, answer
from presenter.terminal.text import safe_text
from presenter.wiring.picture import picture
from tests.faults import grammar
from tests.faults.limits import Chance, Trial, try_all
from tests.faults.table import Row
from tests.talk.script import Pages, demo, page, step
from tests.terminal.falls import apply_fall

MOST_ROWS = 60
"""Of a screen that are looked at."""
FULL, QUICK = 10_000, 200
SIZES = (Size(20, 5), Size(40, 12), Size(80, 24), Size(120, 40), Size(400, 120))


def deck(chance: random.Random, folder: Path) -> None:
    """Opened, judged, told of, and a slide of it drawn."""
    (folder / "more.md").write_text(grammar.deck(chance), "utf-8", newline="")
    _use_deck(chance, folder, grammar.deck(chance))


def front_matter(chance: random.Random, folder: Path) -> None:
    _use_deck(
        chance,
        folder,
        f"---\n{grammar.front_matter(chance)}\n---\n\n# x\n\n```console\n$ ls\n```\n",
    )


def _use_deck(chance: random.Random, folder: Path, text: str) -> None:
    path = folder / "talk.md"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    found = open_deck(path)
    found.problems()
    outline(found)
    outline_text(found)
    fingerprint(found)
    frame, _ = picture(found, chance.randrange(len(found)), None, chance.choice(SIZES), "light")
    _harmless(paint_text(frame).replace("\n", ""))


def recording(chance: random.Random, folder: Path, version: int) -> None:
    """Read, played, indexed and cut into steps."""
    path = folder / "x.cast"
    path.write_bytes(grammar.recording(chance, version))
    cast = open_cast(path)
    emulator = new_emulator(cast.header.columns, cast.header.rows)
    apply(emulator, [(event.code, event.data) for event in cast.events()])
    _harmless_screen(emulator)
    track = open_track(open_cast(path), 2.0)
    frames = Keyframes(track)
    for _ in range(10):
        track.advance(0.01)
        frames.advance(0.01)
    frames.before(len(frames))
    take = open_take(path)
    for number in range(min(len(take), 5)):
        take.step(number, "ls")
        take.screen_before(number)


def har(chance: random.Random, folder: Path) -> None:
    """Read; what could be read is drawn, written without its secrets, and read again."""
    path = folder / "x.har"
    path.write_bytes(grammar.har(chance))
    found = read_har(path)
    picture, emulator = HttpPicture(), new_emulator(chance.randrange(20, 120), 40)
    for exchange in found.exchanges:
        picture.take(exchange_line(exchange))
    emulator.feed(picture.text(emulator.columns))
    _harmless_screen(emulator)
    write_har(path, found, ("hello", "a secret of this machine"))
    assert len(read_har(path).exchanges) == len(found.exchanges)


def sequence(chance: random.Random, folder: Path) -> None:
    """Through everything that reads what programs print, in pieces as they may come."""
    del folder
    text = grammar.output(chance)
    emulator = new_emulator(chance.randrange(1, 200), chance.randrange(1, 60))
    start, modes, scanner, seen = emulator.snapshot(), ModeTracker(), QueryScanner(), SeenLines()
    reader = MarkReader(lambda: "0" * 32)
    at = 0
    while at < len(text):
        piece = text[at : at + chance.randrange(1, 400)]
        at += len(piece)
        list(reader.feed(piece))
        for part, query in scanner.split(piece):
            modes.feed(part)
            emulator.feed(part)
            if query is not None:
                told = answer(query, _facts(emulator, modes))
                assert told.replace("\x9c", "").isascii(), ascii(told)
        seen.feed(piece)
    list(reader.rest())
    _harmless_screen(emulator)
    _harmless(safe_text(text))
    recorded = Recorded(((0.1, text[: at // 2]), (0.2, text[at // 2 :])), 80, 24, start)
    apply_fall(emulator, fall(start, seen.lines, recorded))


def _facts(emulator: Emulator, modes: ModeTracker) -> Facts:
    cursor = emulator.cursor
    return Facts(
        cursor.column, cursor.row, emulator.columns, emulator.rows,
        "#ffffff", "#000000", lambda _index: "#123456", modes.modes,
    )  # fmt: skip


def settings(chance: random.Random, folder: Path) -> None:
    parse_settings(grammar.settings(chance), str(folder), ("nav.next", "nav.last"))


PAGES = Pages(
    (
        page("a", "rr"),
        page("b", "0r0", demo("a", step(), step())),
        page("c", "0", demo("b", step())),
    )
)


def journal(chance: random.Random, folder: Path) -> None:
    """Read, folded, and gone on with."""
    del folder
    read = decode_lines(grammar.journal(chance))
    fold(read.stamped)
    session = fold(read.stamped, PAGES)
    assert session.position.slide in range(len(PAGES))
    for command in (Next(), Previous(), Skip()):
        decide(session, command, PAGES)


def message(chance: random.Random, folder: Path) -> None:
    """On the speaker's socket, read by either end."""
    from presenter.demo.wire import decode_message, decode_press

    del folder
    line = grammar.message(chance)
    try:
        decode_press(line)
    except PresenterError:
        decode_message(line)


def _harmless_screen(emulator: Emulator) -> None:
    for y in range(min(emulator.rows, MOST_ROWS)):
        _harmless("".join(run.text for run in emulator.row(y)))


def _harmless(text: str) -> None:
    for char in set(text) - {"\u200d"}:  # the joiner of emoji
        assert unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"), ascii(text)


def recording_v1(chance: random.Random, folder: Path) -> None:
    recording(chance, folder, 1)


def recording_v2(chance: random.Random, folder: Path) -> None:
    recording(chance, folder, 2)


def recording_v3(chance: random.Random, folder: Path) -> None:
    recording(chance, folder, 3)


KINDS: dict[str, Trial] = {
    "random decks": deck,
    "random front matter": front_matter,
    "random recordings, version 1": recording_v1,
    "random recordings, version 2": recording_v2,
    "random recordings, version 3": recording_v3,
    "random HAR files": har,
    "random escape sequences": sequence,
    "random settings": settings,
    "random journals": journal,
    "random lines on the speaker's socket": message,
}


def of_text(chance: Chance, folder: Path) -> None:
    """A kind that a speaker writes; many kinds in one process, for a quick share."""
    (deck, front_matter)[chance.number % 2](chance, folder)


def of_bytes(chance: Chance, folder: Path) -> None:
    """A kind that a program writes."""
    trials = list(KINDS.values())[2:]
    trials[chance.number % len(trials)](chance, folder)


def rows(full: bool) -> Iterator[Row]:
    for what, trial in KINDS.items():
        yield row(what, trial, FULL if full else QUICK)


def row(what: str, trial: Trial, count: int) -> Row:
    outcome = try_all(trial, count)
    must = "no exception but our own; 2 s, 200 MB each"
    held = outcome.held and outcome.tried == count
    return Row(what, outcome.tried, must, str(outcome), held)
