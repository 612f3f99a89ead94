"""Journals and recordings on disks that end, fill up or cannot be written, and under kill -9."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from presenter.deck.deck import open_deck
from presenter.demo.reports import Reports
from presenter.demo.store import create_journal, latest_journal, reopen_journal
from presenter.errors import PresenterError
from presenter.talk.commands import Black, GoTo, Next, Skip
from presenter.talk.events import Moved, Stamped
from presenter.talk.journal import fold
from presenter.wiring.desk import make_desk
from tests.console import Console
from tests.e2e.stage import open_talk
from tests.faults.table import Row
from tests.material import ROOT
from tests.ui.stagehand import DECK

HELD = "no harm"


def rows(full: bool) -> Iterator[Row]:
    yield cuts(1 if full else 7)
    yield kills_of_a_writer(200 if full else 10)
    yield kills_of_a_recorder(200 if full else 10)
    yield full_disks(20 if full else 2)
    yield read_only_home()


# --- cut at every byte ------------------------------------------------------------------------


def a_journal(folder: Path) -> Path:
    """The journal of a talk of the test deck, as the program itself has written it."""
    deck_path = folder / "talk.md"
    deck_path.write_text(DECK, "utf-8")
    deck = open_deck(deck_path)
    journal = create_journal(deck_path, Reports(), folder)
    assert journal is not None
    desk = make_desk(deck, Reports(), journal=journal)
    desk.runtime.start(str(deck_path), deck.hash, "0", 0)
    for command in (Next(), Next(), Black(), Black(), GoTo(2), Next(), Skip(), Skip(), GoTo(5)):
        desk.dispatch(command)
    desk.close()
    return journal.path


def cuts(every: int) -> Row:
    """Cut before each byte (or each `every`-th), read, gone on with, and read again."""
    tried, lost, bad = 0, 0, []
    with tempfile.TemporaryDirectory() as name:
        path = a_journal(Path(name))
        deck = open_deck(Path(name) / "talk.md")
        data = path.read_bytes()
        ends = [n + 1 for n, byte in enumerate(data) if byte == 0x0A]
        for cut in range(0, len(data) + 1, every):
            path.write_bytes(data[:cut])
            tried += 1
            whole = sum(end <= cut for end in ends)
            try:
                journal, read = reopen_journal(path, Reports())
            except PresenterError:
                bad += [cut] if whole else []
                continue
            lost = max(lost, whole + (cut not in (0, *ends)) - len(read.stamped))
            session = fold(read.stamped, deck)
            journal.append(Stamped(session.sequence + 1, 1.0, "", Moved(0, "", 0)))
            journal.close()
            again, then = reopen_journal(path, Reports())
            again.close()
            if len(then.stamped) != len(read.stamped) + 1 or then.torn or then.stopped_at:
                bad.append(cut)
    must = "loads, at most the last event lost"
    measured = f"{len(bad)} not loaded, at most {lost} event lost"
    return Row("journal cut at every byte", tried, must, measured, not bad and lost <= 1)


# --- kill -9 ------------------------------------------------------------------------------------

_WRITER = """
import os, sys
from pathlib import Path
from presenter.demo.store import create_journal
from presenter.talk.events import Moved, SessionStarted, Stamped
journal = create_journal(Path(sys.argv[1]), print, Path(sys.argv[2]))
journal.append(Stamped(1, 0.0, "", SessionStarted(sys.argv[1], "", "", "0")))
for number in range(2, 10_000_000):
    journal.append(Stamped(number, 1.0, "", Moved(number, "x" * (number % 3000), 0)))
    os.write(1, b"%d\\n" % number)
"""

_RECORDER = """
import os, sys
from pathlib import Path
from presenter.recording.asciicast import Event, Header
from presenter.recording.writer import write_cast
for number in range(10_000_000):
    events = [Event(n / 100, "o", str(number % 10) * 50) for n in range(2000)]
    write_cast(Path(sys.argv[1]), Header(3, 80, 24), events)
    os.write(1, b"%d\\n" % number)
"""


def killed(code: str, *arguments: str, chance: random.Random) -> int:
    """Run the code until it has told something, and kill it soon after: the last number told."""
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(chance.random() / 20)  # the moment is what is tried
        process.kill()
        lines = (first + process.stdout.read()).split(b"\n")
        process.wait(10)
    assert process.returncode == -signal.SIGKILL
    return int(lines[-2])


def kills_of_a_writer(times: int) -> Row:
    """What was told to be written before is there afterwards, and the talk can be resumed."""
    lost = unread = 0
    for number in range(times):
        with tempfile.TemporaryDirectory() as name:
            deck = Path(name) / "talk.md"
            last = killed(_WRITER, str(deck), name, chance=random.Random(number))
            found = latest_journal(deck, Path(name))
            if found is None:
                unread += 1
                continue
            journal, read = reopen_journal(found, Reports())
            journal.close()
            lost += max(last - len(read.stamped), 0)
            unread += read.stopped_at is not None
    measured = f"{unread} not loaded, {lost} events lost"
    must = "loads, nothing written is lost"
    return Row("journal: kill -9 of its writer", times, must, measured, not lost + unread)


def kills_of_a_recorder(times: int) -> Row:
    """At any moment the recording is a whole one, the old or the new."""
    broken = 0
    for number in range(times):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "x.cast"
            killed(_RECORDER, str(path), chance=random.Random(number))
            lines = path.read_text().splitlines()
            broken += len(lines) != 2001 or len(set(lines[1:])) > 2
    must = "a whole recording, the old or the new"
    return Row("recording: kill -9 of its writer", times, must, f"{broken} broken", not broken)


# --- full and read-only -------------------------------------------------------------------------

_LIMITED = """
import os, resource, sys
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
os.execvp(sys.argv[2], sys.argv[2:])
"""

_TAKE = """
import resource, sys
from pathlib import Path
from presenter.recording.asciicast import Event, Header
from presenter.recording.takes import keep_take
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    keep_take(Path(sys.argv[1]), Header(3, 80, 24), [Event(n, "o", "x" * 100) for n in range(99)])
except OSError as error:
    sys.exit(f"{error.strerror}")
"""


def full_disks(times: int) -> Row:
    """The system refuses to let any file grow beyond a size, as a full disk would."""
    bad = []
    for number in range(times):
        with tempfile.TemporaryDirectory() as name:
            limit = random.Random(number).randrange(300, 1100)
            wrap = (sys.executable, "-c", _LIMITED, str(limit))
            bad += goes_on(Path(name), wrap, ("File too large", "disk is full"), {})
            bad += take_stays(Path(name))
    return _row("full disk (RLIMIT_FSIZE): talk, take", times, bad)


def read_only_home() -> Row:
    """A home in which nothing can be made, by no user at all."""
    with tempfile.TemporaryDirectory() as name:
        home = "/sys" if sys.platform == "linux" else "/dev/null"
        env = {"HOME": home, "PRESENTER_STATE_DIR": "", "XDG_STATE_HOME": ""}
        bad = goes_on(Path(name), (), (home,), env)
    return _row("read-only home", 1, bad)


def _row(what: str, tried: int, bad: Sequence[str]) -> Row:
    must = "the talk goes on, the speaker is told, the recording stays"
    return Row(what, tried, must, "; ".join(bad[:3]) or HELD, not bad)


def goes_on(
    folder: Path, wrap: Sequence[str], told: Sequence[str], env: dict[str, str]
) -> list[str]:
    """A talk through all of its slides; what was wrong with it."""
    with open_talk(folder, wrap=wrap, env=env) as console:
        console.wait_text("1 / 7")
        for slide in range(2, 8):
            console.press("n")
            console.wait_text(f"{slide} / 7")
        console.press("N")
        console.wait_text("Notes are private")
        console.press("y")
        console.wait_text("slide 7 of 7")
        wrong = []
        try:
            console.wait(lambda: any(word in _joined(console) for word in told), "a word", 5.0)
        except AssertionError:
            wrong.append("the speaker is not told")
        console.press("ctrl+q")
        console.wait_text("End the talk?")
        console.press("y")
        status = console.wait_end()
        wrong += [f"status {status}"] if status else []
        wrong += [] if console.restored() else ["the terminal is not restored"]
        wrong += ["a traceback"] if b"Traceback" in console.received else []
    return wrong


def _joined(console: Console) -> str:
    """The screen's text, however it is wrapped there."""
    return " ".join(" ".join(console.text().replace("┃", " ").split()).split())


def take_stays(folder: Path) -> list[str]:
    """A take that does not fit leaves the recording before as it was, and nothing beside it."""
    path = folder / "recordings" / "x.cast"
    path.parent.mkdir()
    path.write_text('{"version": 2, "width": 80, "height": 24}\n[0, "o", "old"]\n')
    before = hashlib.sha256(path.read_bytes()).digest()
    done = subprocess.run(
        [sys.executable, "-c", _TAKE, str(path)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    wrong = [] if done.stderr.strip() == os.strerror(27) else [f"the take: {done.stderr[-80:]}"]
    if hashlib.sha256(path.read_bytes()).digest() != before:
        wrong.append("the recording has changed")
    left = [found.name for found in path.parent.iterdir() if found != path]
    return wrong + ([f"left: {left}"] if left else [])
