"""A process in a terminal: what it gets, what it cannot do to us, and how it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest

from presenter.live.posixpty import WINDOW_SECONDS, WORK_SECONDS, WRITE_BYTES, Budget
from presenter.live.processes import session_groups, would_die_of_interrupt
from presenter.live.pty import Terminal, spawn
from tests.live.rig import environment, until


class Held:
    """A terminal and what came out of it."""

    def __init__(self, home: Path, *argv: str) -> None:
        self.texts: list[str] = []
        self.ends: list[int | None] = []
        self.terminal: Terminal = spawn(
            argv,
            env=environment(home),
            cwd=home,
            columns=90,
            rows=20,
            on_output=self.texts.append,
            on_exit=self.ends.append,
        )

    @property
    def text(self) -> str:
        return "".join(self.texts).replace("\r\n", "\n")

    async def end(self) -> int | None:
        await until(lambda: self.ends)
        assert len(self.ends) == 1
        return self.ends[0]


async def test_all_output_comes_before_the_end(tmp_path: Path) -> None:
    held = Held(tmp_path, "sh", "-c", "seq 20000; exit 5")
    assert await held.end() == 5
    assert held.text == "".join(f"{n}\n" for n in range(1, 20001))
    assert held.terminal.status == 5
    assert not held.terminal.signalled
    held.terminal.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
async def test_a_signal_is_told(number: int, tmp_path: Path) -> None:
    held = Held(tmp_path, "sh", "-c", f"ulimit -c 0; kill -{int(number)} $$")
    assert await held.end() == 128 + number
    assert held.terminal.signalled
    held.terminal.close()


async def test_the_process_gets_a_terminal_of_its_own(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; t = os.open('/dev/tty', os.O_RDWR); "
        "print(os.getsid(0) == os.getpid() == os.tcgetpgrp(t), os.ttyname(0) == os.ttyname(2), "
        "*os.get_terminal_size(t), os.getcwd(), sorted(map(int, os.listdir('/proc/self/fd')))[:6])"
    )
    held = Held(tmp_path, sys.executable, "-c", code)
    assert await held.end() == 0
    # 3 is the terminal that it opened, 4 the folder that it lists
    assert held.text == f"True True 90 20 {tmp_path} [0, 1, 2, 3, 4]\n"
    held.terminal.close()


async def test_signals_are_as_they_are_at_a_login(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    try:
        held = Held(tmp_path, "grep", "-E", "Sig(Blk|Ign)", "/proc/self/status")
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        signal.signal(signal.SIGTTOU, before)
    assert await held.end() == 0
    ordinary = (1 << 31) - 1  # signals 32 and 33 are the C library's own
    masks = [int(line.split()[1], 16) & ordinary for line in held.text.splitlines()]
    assert masks == [0, 0]
    held.terminal.close()


async def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nosuch"):
        Held(tmp_path, "nosuch")
    with pytest.raises(OSError):
        Held(tmp_path / "nowhere", "true")


async def test_cut_characters_are_put_together(tmp_path: Path) -> None:
    command = (
        "printf '\\303'; sleep 0.05; printf '\\244 \\342\\202'; sleep 0.05; printf '\\254\\377'"
    )
    held = Held(tmp_path, "sh", "-c", command)
    await held.end()
    assert held.text == "ä €\ufffd"
    held.terminal.close()


async def test_a_flood_is_held_back_and_the_loop_stays_free(tmp_path: Path) -> None:
    held = Held(tmp_path, "yes", "0123456789" * 8)
    await until(lambda: held.texts)
    turns = 0
    deadline = time.monotonic() + 0.5
    while time.monotonic() < deadline:
        await asyncio.sleep(0)
        turns += 1
    assert turns > 50
    held.terminal.hold()
    seen = len(held.texts)
    await asyncio.sleep(0.1)
    assert len(held.texts) == seen
    assert max(map(len, held.texts)) <= 8192
    held.terminal.go_on()
    await until(lambda: len(held.texts) > seen)
    held.terminal.write(b"\x03")
    assert await held.end() == 130
    held.terminal.close()


def test_the_budget_is_a_share_of_each_window() -> None:
    budget = Budget()
    assert budget.wait(100.0) == 0
    budget.spend(WORK_SECONDS / 2)
    assert budget.wait(100.004) == 0
    budget.spend(WORK_SECONDS / 2)
    assert budget.wait(100.008) == pytest.approx(WINDOW_SECONDS - 0.008)
    assert budget.wait(100.0 + WINDOW_SECONDS) == 0


async def test_what_a_terminal_does_not_take_is_kept_and_bounded(tmp_path: Path) -> None:
    held = Held(tmp_path, "sh", "-c", "stty raw -echo; echo ready; read x < go; wc -c")
    os.mkfifo(tmp_path / "go")
    await until(lambda: "ready" in held.text)
    held.terminal.write(b"x" * WRITE_BYTES)
    held.terminal.write(b"y" * WRITE_BYTES)
    held.terminal.close()
    assert not session_groups(held.terminal.pid)


async def test_much_that_is_typed_arrives(tmp_path: Path) -> None:
    held = Held(tmp_path, "sh", "-c", "stty raw -echo; echo ready; head -c 300000 | wc -c")
    await until(lambda: "ready" in held.text)
    held.terminal.write(b"x" * 300_000)
    assert await held.end() == 0
    assert held.text.split()[-1] == "300000"
    held.terminal.close()


async def test_sizes_and_signals_reach_the_foreground(tmp_path: Path) -> None:
    command = "trap 'stty size' WINCH; trap 'exit 7' USR1; echo on; while :; do sleep 0.02; done"
    held = Held(tmp_path, "sh", "-c", command)
    await until(lambda: "on" in held.text)
    held.terminal.resize(70, 30)
    await until(lambda: "30 70" in held.text)
    assert held.terminal.foreground() == held.terminal.pid
    assert held.terminal.takes_lines()
    held.terminal.signal(signal.SIGUSR1)
    assert await held.end() == 7
    held.terminal.close()
    held.terminal.signal(signal.SIGUSR1)
    assert held.terminal.foreground() is None


async def test_close_ends_what_ignores_the_kinder_signals(tmp_path: Path) -> None:
    command = "trap '' HUP TERM INT; (trap '' HUP TERM; sleep 100) & echo on; sleep 100"
    held = Held(tmp_path, "sh", "-c", command)
    await until(lambda: "on" in held.text)
    began = time.monotonic()
    held.terminal.close()
    assert time.monotonic() - began < 2
    assert not session_groups(held.terminal.pid)
    assert not psutil.pid_exists(held.terminal.pid)
    assert held.ends == []


async def test_close_ends_what_is_stopped(tmp_path: Path) -> None:
    held = Held(tmp_path, "sh", "-c", "echo on; kill -STOP $$; sleep 100")
    await until(lambda: session_groups(held.terminal.pid) and "on" in held.text)
    held.terminal.close()
    assert not session_groups(held.terminal.pid)


async def test_the_end_does_not_wait_for_who_holds_the_terminal(tmp_path: Path) -> None:
    held = Held(tmp_path, "sh", "-c", "trap '' HUP; sleep 100 & echo on")
    assert await held.end() == 0
    assert held.text == "on\n"
    assert session_groups(held.terminal.pid)
    held.terminal.close()
    assert not session_groups(held.terminal.pid)


async def test_closing_twice_and_writing_after_the_end(tmp_path: Path) -> None:
    held = Held(tmp_path, "true")
    await held.end()
    held.terminal.write(b"x")
    held.terminal.resize(10, 10)
    held.terminal.close()
    held.terminal.close()
    held.terminal.write(b"x")
    held.terminal.resize(10, 10)
    held.terminal.hold()
    held.terminal.go_on()


async def test_nothing_is_left_after_50(tmp_path: Path) -> None:
    us = psutil.Process()
    before = us.num_fds()
    for _ in range(50):
        held = Held(tmp_path, "true")
        await held.end()
        held.terminal.close()
        assert not psutil.pid_exists(held.terminal.pid)
    assert us.num_fds() == before


async def test_who_would_die_of_an_interrupt(tmp_path: Path) -> None:
    held = Held(tmp_path, "sh", "-c", "trap '' INT; echo on; read x")
    await until(lambda: "on" in held.text)
    assert would_die_of_interrupt(held.terminal.pid) is False
    held.terminal.close()
    assert would_die_of_interrupt(held.terminal.pid) is None
    held = Held(tmp_path, "sh", "-c", "echo on; exec sleep 100")
    await until(lambda: "on" in held.text)
    await until(lambda: would_die_of_interrupt(held.terminal.pid))
    held.terminal.close()
