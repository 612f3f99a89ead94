"""Terminals to be measured: a bare PTY, a pane of tmux, and a live pane of the program.

Each runs one command again and again, and is told keys. What comes is stamped on arrival.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import psutil

from tests.bench.stage import QUERIES
from tests.console import Console, presenter_command

COLUMNS, ROWS = 100, 34
START_SECONDS = 20.0
ANSWER_SECONDS = 5.0
"""What takes this long is not waited for; it counts as this long."""
TITLE = "A live pane at work"
_STATUS = "the-status-line"
_RETRY_SECONDS = 2.0


class Pane(ABC):
    """A terminal that shows what a command prints."""

    name = ""
    quick_key = b""
    """A key that this terminal answers itself, by showing or hiding `mark`."""
    mark = ""
    console: Console

    def __enter__(self) -> Pane:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @abstractmethod
    def run(self) -> int:
        """Start the command and wait until it runs; its process."""

    @abstractmethod
    def owner(self) -> psutil.Process:
        """The process that emulates the terminal."""

    def focus(self) -> None:
        """Keys go to the command from now on."""
        self.idle(0.1)

    def close(self) -> None:
        self.console.close()

    def read(self, timeout: float) -> float | None:
        """Take what has come, its questions answered: when it came, or None."""
        master = self.console._master
        if not select.select([master], [], [], timeout)[0]:
            return None
        try:
            chunk = os.read(master, 1 << 16)
        except OSError:
            return None
        now = time.perf_counter()
        for query, answer in QUERIES:
            if query in chunk:
                os.write(master, answer)
        self.console.take(chunk)
        return now

    def shows(self, text: str) -> bool:
        return text in self.console.text()

    def idle(self, seconds: float) -> None:
        """Take what comes for a while."""
        deadline = time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            self.read(left)

    def seconds_to(
        self, key: bytes, done: Callable[[], bool], limit: float = ANSWER_SECONDS
    ) -> float:
        """From a key to the arrival of what makes `done` true; raises AssertionError."""
        pressed = time.perf_counter()
        os.write(self.console._master, key)
        while time.perf_counter() < pressed + limit:
            came = self.read(0.05)
            if came is not None and done():
                return came - pressed
        raise AssertionError(f"{self.name}: {key!r} was not answered:\n{self.console.text()}")

    def quick(self) -> float:
        """Seconds to the answer of the key that this terminal answers itself, at most the limit."""
        shown = self.shows(self.mark)
        with suppress(AssertionError):
            return self.seconds_to(self.quick_key, lambda: self.shows(self.mark) is not shown)
        return ANSWER_SECONDS

    def child(self, started: Callable[[], None] = lambda: None) -> int:
        """Wait for the command's process; `started` is called now and then until it is there."""
        deadline = time.perf_counter() + START_SECONDS
        again = 0.0
        while time.perf_counter() < deadline:
            if time.perf_counter() > again:
                started()
                again = time.perf_counter() + _RETRY_SECONDS
            self.read(0.02)
            for process in self.owner().children(recursive=True):
                with suppress(psutil.Error):
                    if process.name() == self.program:
                        return process.pid
        raise AssertionError(f"{self.name}: {self.program} never ran:\n{self.console.text()}")

    def __init__(self, command: str) -> None:
        self.command = command
        self.program = Path(command.split()[0]).name

    def interrupt(self, process: int) -> float:
        """Seconds from Ctrl-C to the end of the command's process."""
        pressed = time.perf_counter()
        os.write(self.console._master, b"\x03")
        while time.perf_counter() < pressed + ANSWER_SECONDS:
            if gone(process):
                return time.perf_counter() - pressed
            self.read(0.001)
        return ANSWER_SECONDS


def gone(process: int) -> bool:
    """Whether a process has ended; one that nobody has collected yet has."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text("ascii", "replace")
    except OSError:
        return True
    return stat.rpartition(")")[2].split()[0] in "ZX"


class Bare(Pane):
    """The command in a PTY, and nothing between."""

    name = "bare PTY"

    def run(self) -> int:
        self.console = Console(["sh", "-c", f"{self.command}; :"], columns=COLUMNS, rows=ROWS)
        return self.child()

    def close(self) -> None:
        if hasattr(self, "console"):
            self.console.close()

    def owner(self) -> psutil.Process:
        return psutil.Process(self.console.process.pid)


class Tmux(Pane):
    """The command in a pane of a tmux of our own, without anybody's configuration."""

    name = "tmux"
    quick_key = b"\x1b[15~"
    mark = _STATUS

    def __init__(self, command: str, folder: Path) -> None:
        super().__init__(command)
        settings = folder / "tmux.conf"
        settings.write_text(
            "set -g default-terminal tmux-256color\nset -g history-limit 10000\n"
            f"set -g escape-time 0\nset -g status-left-length 40\nset -g status-left {_STATUS}\n"
            "bind-key -n F5 if -F '#{==:#{status},on}' 'set -g status off' 'set -g status on'\n"
        )
        socket = str(folder / "tmux.socket")
        self._tmux = ["tmux", "-S", socket, "-f", str(settings)]
        shell = f"trap : INT; while :; do read -r _; {command}; done"
        self.console = Console([*self._tmux, "new", "sh", "-c", shell], columns=COLUMNS, rows=ROWS)
        self._server: psutil.Process | None = None
        deadline = time.perf_counter() + START_SECONDS
        while _STATUS not in self.console.text() and time.perf_counter() < deadline:
            self.read(0.05)

    @staticmethod
    def there() -> bool:
        return shutil.which("tmux") is not None

    def run(self) -> int:
        os.write(self.console._master, b"\r")
        return self.child()

    def owner(self) -> psutil.Process:
        """tmux's server: it has the title of the client that started it."""
        if self._server is None:
            socket = self._tmux[2]
            found = [
                process
                for process in psutil.process_iter(["cmdline", "ppid"])
                if socket in (process.info["cmdline"] or ()) and process.info["ppid"] == 1
            ]
            self._server = found[0]
        return self._server

    def close(self) -> None:
        with suppress(psutil.Error, IndexError):
            server = self.owner()
            server.send_signal(signal.SIGTERM)
            server.wait(5)
        super().close()


class Presenter(Pane):
    """The command in a live pane of a slide."""

    name = "presenter"
    quick_key = b"b"
    mark = TITLE

    def __init__(self, command: str, folder: Path, steps: int = 20) -> None:
        super().__init__(command)
        deck = folder / "deck.md"
        lines = f"#: timeout 1000s\n$ {command}\n" * steps
        deck.write_text(f"# {TITLE}\n\n```console +demo:work\n{lines}```\n")
        self.console = start(deck, folder)
        deadline = time.perf_counter() + START_SECONDS
        while TITLE not in self.console.text() and time.perf_counter() < deadline:
            self.read(0.05)

    def run(self) -> int:
        return self.child(self._go_on)

    def _go_on(self) -> None:
        os.write(self.console._master, b" ")  # types it, or runs what stands typed
        self.idle(0.3)

    def focus(self) -> None:
        os.write(self.console._master, b"\t")
        self.idle(0.3)

    def owner(self) -> psutil.Process:
        """The interface: of the program's processes, the one that has used most time."""
        process = psutil.Process(self.console.process.pid)
        own = [child for child in process.children() if child.name() == process.name()]
        return max((process, *own), key=lambda one: sum(one.cpu_times()[:2]))


def start(deck: Path, folder: Path, *options: str, env: Sequence[str] = ()) -> Console:
    """Present a deck that is trusted; its state is kept in `folder`."""
    own = {"PRESENTER_STATE_DIR": str(folder / "state"), "PRESENTER_CONFIG": str(folder / "none")}
    return Console(
        [presenter_command(), str(deck), "--trust", *options], columns=COLUMNS, rows=ROWS, env=own
    )
