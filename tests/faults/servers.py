"""Servers in processes of their own, that are killed, stopped and cut off from us."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

from tests.live.probe_stubs import Page, serving
from tests.material import ROOT

PAGES = {
    "good": Page(200, "{}", "application/json"),
    "hangs": Page(hangs=True),
    "drips": Page(drips=True),
    "portal": Page(200, "<html>Welcome", "text/html"),
    "away": Page(302, location="http://portal.invalid/"),
    "denied": Page(401, "{}", "application/json"),
}
START_SECONDS = 30.0


class ServerProcess:
    """A web server; `say` changes what it answers."""

    def __init__(self, host: str = "127.0.0.1", wrap: tuple[str, ...] = ()) -> None:
        """`wrap` is put before the command."""
        self._process = subprocess.Popen(
            [*wrap, sys.executable, "-m", "tests.faults.servers", host],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        killer = threading.Timer(START_SECONDS, self._process.kill)
        killer.start()
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        killer.cancel()
        if not line:
            self.close()
            raise RuntimeError("the server did not start")
        port, self.pid = (int(word) for word in line.split())
        self.target = f"{host}:{port}"

    @property
    def address(self) -> str:
        return f"http://{self.target}"

    def say(self, name: str) -> None:
        """Answers as named in PAGES from now on."""
        if self._process.stdin is not None:
            self._process.stdin.write(f"{name}\n")
            self._process.stdin.flush()

    def signal(self, number: int) -> None:
        """To the server itself."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def close(self) -> None:
        if self._process.poll() is None:
            self.signal(signal.SIGKILL)
            self._process.kill()
        self._process.wait(10)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


class Link:
    """A network namespace behind a veth pair, whose link can be cut; for root, on Linux."""

    def __init__(self, number: int) -> None:
        """`number` makes names and addresses its own."""
        self.name = f"pres{os.getpid() % 100000}x{number}"
        self._near, self._far = f"{self.name[:12]}a", f"{self.name[:12]}b"
        third = (os.getpid() + number) % 250 + 1
        self.host, here = f"10.213.{third}.2", f"10.213.{third}.1"
        _ip("netns", "add", self.name)
        try:
            _ip("link", "add", self._near, "type", "veth", "peer", "name", self._far)
            _ip("link", "set", self._far, "netns", self.name)
            _ip("addr", "add", f"{here}/30", "dev", self._near)
            _ip("link", "set", self._near, "up")
            self._inside("addr", "add", f"{self.host}/30", "dev", self._far)
            self._inside("link", "set", "lo", "up")
            self._inside("link", "set", self._far, "up")
        except BaseException:
            self.close()
            raise

    @property
    def wrap(self) -> tuple[str, ...]:
        """What runs a command on the far side."""
        return ("ip", "netns", "exec", self.name)

    def cut(self) -> None:
        self._inside("link", "set", self._far, "down")

    def heal(self) -> None:
        self._inside("link", "set", self._far, "up")

    def lose(self) -> None:
        """What is sent is lost from now on, while the link stays.

        A link that is cut comes back up to a second later than it is healed: the kernel looks at
        links no more often.
        """
        self._inside("addr", "del", f"{self.host}/30", "dev", self._far)

    def find(self) -> None:
        """Nothing is lost any more."""
        self._inside("addr", "add", f"{self.host}/30", "dev", self._far)

    def close(self) -> None:
        for arguments in (("link", "del", self._near), ("netns", "del", self.name)):
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                _ip(*arguments)

    def _inside(self, *arguments: str) -> None:
        _ip("-n", self.name, *arguments)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, timeout=10)


@contextlib.contextmanager
def link(number: int = 0) -> Iterator[Link | None]:
    """A link; None where this machine, or this user, cannot have one."""
    try:
        made = Link(number)
    except (OSError, subprocess.SubprocessError):
        yield None
        return
    try:
        yield made
    finally:
        made.close()


@contextlib.contextmanager
def server(host: str = "127.0.0.1", wrap: tuple[str, ...] = ()) -> Iterator[ServerProcess]:
    made = ServerProcess(host, wrap)
    try:
        yield made
    finally:
        made.close()


def main(host: str) -> None:
    """Serves, and changes its pages by the lines that it reads."""
    pages = dict.fromkeys(("/", "/readyz", "/version"), PAGES["good"])
    with serving(pages, host=host) as stub:
        sys.stdout.write(f"{stub.port} {os.getpid()}\n")
        sys.stdout.flush()
        for line in sys.stdin:
            stub.pages.update(dict.fromkeys(pages, PAGES[line.strip()]))


if __name__ == "__main__":
    main(sys.argv[1])
