"""A talk with processes that want to outlive it, and the ways in which it ends."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from presenter.deck.deck import open_deck
from presenter.demo.store import latest_journal, read_journal
from presenter.talk.journal import fold
from presenter.talk.session import Session
from tests.console import Console, presenter_command

MARK = "TALK_OF_A_TEST"
"""In the environment of all that a talk starts, with a value of its own."""
CHILDREN = """\
nohup sleep 1000 >/dev/null 2>&1 &
setsid sleep 1000 </dev/null >/dev/null 2>&1 &
(trap '' HUP INT TERM; sleep 1000; sleep 1000) &
(setsid sh -c "trap '' HUP INT TERM; sleep 1000; sleep 1000" &)
echo all are there
exec sleep 1000
"""
EDITOR = "vim -u NONE -i NONE -n" if shutil.which("vim") else "sleep 1000"
DECK = f"""\
# Beside

```console +demo:beside +background
$ sleep 1000
```

---

# Children

```console +demo:children +session:children
$ sh children.sh
```

---

# Editor

```console +demo:editor +session:editor
$ {EDITOR}
```

---

# After

one

<!-- pause -->

two

---

# End
"""
CRASH = """
import sys
from presenter.ui.talk import TalkScreen
def crash(screen): raise RuntimeError("crashed on purpose")
TalkScreen.action_next_theme = crash
from presenter.cli import main
sys.exit(main(sys.argv[1:]))
"""
"""The program, but the key for the next theme raises what nobody catches."""

STATUS = {
    "kill": 137,
    "SIGTERM": 143,
    "SIGHUP": 129,
    "SIGINT": 130,
    "exception": 1,
    "closed": 129,
}
"""The ways to end, and the status that each must have."""


@dataclass
class Talk:
    """A talk that is being given."""

    console: Console
    folder: Path
    mark: str

    @property
    def started(self) -> bool:
        """Whether the application has taken the terminal."""
        return b"\x1b[?2004h" in self.console.received

    def slide(self) -> int | None:
        """The slide on the screen, from 0."""
        found = re.search(r"(\d+) / 5\s*$", self.console.text())
        return int(found[1]) - 1 if found else None

    def living(self) -> list[psutil.Process]:
        """All processes of the talk, those that have hidden among them."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                alive = process.status() != psutil.STATUS_ZOMBIE
                if alive and process.environ().get(MARK) == self.mark:
                    found.append(process)
        return found

    def end(self, how: str) -> None:
        """End it: see STATUS."""
        if how == "kill":
            self.console.interface().kill()
        elif how == "exception":
            self.console.press("t")
        elif how == "closed":
            self.console.hang_up()
        else:
            self.console.process.send_signal(signal.Signals[how])

    def run_all(self) -> None:
        """Press on until all that the deck runs is there."""
        self.console.wait(lambda: self.started, "the application")
        deadline = time.monotonic() + 60
        for slide in range(3):
            while self._begun() <= slide:
                keys = ["pagedown"] if self.slide() == slide else [str(slide + 1), "G"]
                self.console.press(*keys)
                while self.console.read(0.3):
                    pass
                assert time.monotonic() < deadline, self.console.text()
            if slide == 1:
                self.console.wait_text("all are there")
        editor = EDITOR.partition(" ")[0]
        self.console.wait(lambda: editor in [p.name() for p in self.living()], "the editor")

    def _begun(self) -> int:
        found = list((self.folder / "state" / "journals").rglob("*.jsonl"))
        return found[0].read_text().count('"StepStarted"') if found else 0


@contextmanager
def talk(
    folder: Path, *arguments: str, crash: bool = False, wrap: tuple[str, ...] = ()
) -> Iterator[Talk]:
    """Give the deck, trusted; what is left of it in the end is killed."""
    (folder / "children.sh").write_text(CHILDREN)
    (folder / "talk.md").write_text(DECK)
    (folder / "temporary").mkdir(exist_ok=True)
    mark = uuid.uuid4().hex
    env = {
        "PRESENTER_STATE_DIR": str(folder / "state"),
        "PRESENTER_CONFIG": os.devnull,
        "SHELL": "/bin/bash",
        "HOME": str(folder),
        "TMPDIR": str(folder / "temporary"),
        MARK: mark,
    }
    program = [sys.executable, "-c", CRASH] if crash else [presenter_command()]
    argv = [*wrap, *program, *(arguments or ("talk.md", "--trust"))]
    with Console(argv, columns=100, rows=30, env=env, cwd=folder) as console:
        given = Talk(console, folder, mark)
        try:
            yield given
        finally:
            for process in given.living():
                with suppress(psutil.Error):
                    process.kill()


def last_session(folder: Path) -> Session | None:
    """The talk as its journal has it; None where it has not come to one."""
    found = latest_journal(root=folder / "state")
    if found is None:
        return None
    return fold(read_journal(found).stamped, open_deck(folder / "talk.md"))
