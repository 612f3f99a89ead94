"""Modes of the disk, the process, the clock and the second view: 30 to 34 and 36 of the table."""

from __future__ import annotations

import contextlib
import resource
import signal
import struct
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from presenter.talk.session import Position
from tests.console import Console, presenter_command
from tests.e2e.livetalk import LiveTalk
from tests.e2e.smalltalk import small
from tests.e2e.stubs import environment
from tests.faults.mode_net import END, ended_by, waiting
from tests.faults.mode_talk import BELOW, LIVE, Given, namespaces, on_slide, steps, tool

DISK_BYTES = 65_536
MOST_TURNS = 60
HOUR = 3600

# --- the disk -------------------------------------------------------------------------------------


def full_disk(given: Given) -> None:
    """30: the file system of the journal fills up, or its files may not grow any more."""
    if given.number % 3 == 2:
        with small(given.folder, waiting(0), waiting(1), END, recorded=True) as talk:
            _on_a_full_disk(given, talk, lambda: _limit(talk))
        return
    state = given.folder / "state"
    state.mkdir()
    script = given.folder / "disk.sh"
    mounted = f"{tool('mount')} -t tmpfs -o size={DISK_BYTES} tmpfs {state}"
    script.write_text(f'set -e\n{mounted}\nexec "$@"\n')
    wrap = (*namespaces("-m"), tool("sh"), str(script))
    with small(given.folder, waiting(0), waiting(1), END, recorded=True, wrap=wrap) as talk:
        talk.kept_in = Path(f"/proc/{talk.console.process.pid}/root{state}")
        _on_a_full_disk(given, talk, lambda: _fill(talk.kept_in / "filler"))


def _limit(talk: LiveTalk) -> None:
    """No file of the interface grows beyond the length that its journal has."""
    size = _size(talk)
    resource.prlimit(talk.console.interface().pid, resource.RLIMIT_FSIZE, (size, size))


def _fill(path: Path) -> None:
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        for size in (4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * size)


def _on_a_full_disk(given: Given, talk: LiveTalk, fill: Callable[[], None]) -> None:
    """What follows is not in the journal: the screen alone says where the talk stands."""
    console = talk.console
    with given.trial(console):
        talk.type_step()
        talk.run()
        console.wait_text("│first")
        given.idle(console, 0.6)
        fill()
        given.black(talk, 0)
        ended_by(given)(0)
        console.wait_text("│second")
        for _ in range(MOST_TURNS):  # the last page of the journal still has some room
            before = _size(talk)
            given.turn_unread(talk, 0, "│second")
            if _size(talk) == before:
                break
        else:
            given.tally.wrong.append("the journal went on")
    talk.leave()
    said = bytes(talk.console.received).decode(errors="replace")
    if "no journal from here on" not in " ".join(said.split()):
        given.tally.wrong.append("the speaker is not told")


def _size(talk: LiveTalk) -> int:
    path = talk.journal()
    assert path is not None
    return path.stat().st_size


# --- ends -----------------------------------------------------------------------------------------


def killed(given: Given) -> None:
    """31: kill -9 of the interface."""
    _ends(given, lambda talk: talk.console.interface().kill(), restored=True)


def hung_up(given: Given) -> None:
    """32: SIGTERM, SIGHUP, or the terminal's window is closed."""
    how = ("SIGTERM", "SIGHUP", "closed")[given.number % 3]

    def end(talk: LiveTalk) -> None:
        if how == "closed":
            talk.console.hang_up()
        else:
            talk.console.process.send_signal(signal.Signals[how])

    _ends(given, end, restored=how != "closed")


def _ends(given: Given, end: Callable[[LiveTalk], None], *, restored: bool) -> None:
    """At any moment of a step the talk ends; then it is resumed."""
    slides = (waiting(0), waiting(1), END)
    with small(given.folder, *slides, recorded=True) as talk:
        before = _into_a_step(given, talk)
        end(talk)
        talk.console.wait_end()
        if restored and not talk.console.restored():
            given.tally.wrong.append("the terminal is not restored")
    _resumes(given, slides, before)


def _into_a_step(given: Given, talk: LiveTalk) -> Position:
    """To a slide, and some way into its step; where the talk then stands."""
    if given.chance.random() < 0.5:
        talk.press("n")
    index = talk.session().position.slide
    moment = given.chance.choice(("typing", "typed", "running", "running"))
    if moment == "typing":
        talk.press()
    else:
        talk.type_step()
    if moment == "running":
        talk.run()
        talk.console.wait_text("│first")
    given.idle(talk.console, 0.6)
    assert on_slide(talk.console, index, len(talk.deck))
    return talk.session().position


def _resumes(
    given: Given,
    slides: tuple[str, ...],
    before: Position,
    env: Mapping[str, str] | None = None,
    wrap: tuple[str, ...] = (),
) -> None:
    """The talk comes back where it stood; the first keys after that are the next ones."""
    again = small(
        given.folder, *slides, command="resume", arguments=(), recorded=True, env=env, wrap=wrap
    )
    with again as talk, given.trial(talk.console):
        talk.console.wait(lambda: on_slide(talk.console, before.slide, 3), "the slide")
        took = time.monotonic() - talk.console.started
        given.tally.resumed.append(took)
        given.kept(talk, before, before.slide, exactly=True)
        given.black(talk, before.slide)
        given.turn_unread(talk, before.slide)  # which takes a typed command away again
        talk.leave()


# --- clocks ---------------------------------------------------------------------------------------

_JUMPS = """\
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
static volatile long *jump;
__attribute__((constructor)) static void look(void) {
  int file = open(getenv("CLOCK_JUMP"), O_RDONLY);
  void *found = mmap(0, sizeof *jump, PROT_READ, MAP_SHARED, file, 0);
  if (found != MAP_FAILED) jump = found;
  close(file);
}
int clock_gettime(clockid_t id, struct timespec *at) {
  int status = syscall(SYS_clock_gettime, id, at);
  if (!status && id == CLOCK_REALTIME && jump) at->tv_sec += *jump;
  return status;
}
time_t time(time_t *at) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (at) *at = now.tv_sec;
  return now.tv_sec;
}
int gettimeofday(struct timeval *at, void *zone) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  at->tv_sec = now.tv_sec;
  at->tv_usec = now.tv_nsec / 1000;
  return 0;
}
"""
"""The wall clock of every program that is started with it, and a file that says how it is off."""


def clock_jumps(given: Given) -> None:
    """33: the wall clock jumps while a step runs; or the talk is resumed in another time zone, on
    a machine that has been up for longer.

    No namespace has a wall clock of its own: a library that is loaded first moves it, as
    libfaketime does.
    """
    if given.number % 3 == 2:
        _other_zone(given)
        return
    jump = given.folder / "jump"
    jump.write_bytes(struct.pack("l", 0))
    env = {"CLOCK_JUMP": str(jump), "LD_PRELOAD": str(_moved_clock(given.folder))}
    slides = ("# Title\n\nfirst of all\n", waiting(1), END)
    with small(given.folder, *slides, recorded=True, env=env) as talk:
        talk.press("n")
        began = time.monotonic()

        def inject(_number: int) -> None:
            with jump.open("r+b") as file:
                seconds = given.chance.choice((1, HOUR, 40 * HOUR))
                file.write(struct.pack("l", int(-seconds if given.number % 3 else seconds)))

        steps(given, talk, inject, first=1, rungs=LIVE, press_on=False, then=ended_by(given))
        state = talk.wait_state(lambda state: state.slide == 2, "the last slide")
        if not 0 <= (state.elapsed or 0) <= time.monotonic() - began + 1:
            given.tally.wrong.append(f"the timer shows {state.elapsed}")
        talk.leave()


def _moved_clock(folder: Path) -> Path:
    source, made = folder / "jumps.c", folder / "jumps.so"
    source.write_text(_JUMPS)
    command = [tool("cc"), "-shared", "-fPIC", "-o", str(made), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return made


def _other_zone(given: Given) -> None:
    slides = (waiting(0), waiting(1), END)
    with small(given.folder, *slides, recorded=True, env={"TZ": "UTC"}) as talk:
        before = _into_a_step(given, talk)
        talk.console.interface().kill()
        talk.console.wait_end()
    hours = given.chance.randrange(1, 1000)
    wrap = namespaces("-T", "--monotonic", str(hours * HOUR))
    env = {"TZ": given.chance.choice(("Asia/Kathmandu", "America/Los_Angeles", "UTC-14"))}
    _resumes(given, slides, before, env=env, wrap=wrap)


# --- another laptop, and a second screen ----------------------------------------------------------


def borrowed(given: Given) -> None:
    """34: a laptop with nothing: no network, no programs, a home that is new, a read-only deck."""
    nothing = given.folder / "nothing"
    nothing.mkdir()
    deck = given.folder / "talk"
    deck.mkdir()
    script, mount = given.folder / "laptop.sh", tool("mount")
    lines = ["set -e", f"{mount} --bind {deck} {deck}", f"{mount} -o remount,bind,ro {deck}"]
    script.write_text("\n".join([*lines, 'exec "$@"', ""]))
    wrap = (*namespaces("-n", "-m"), tool("sh"), str(script))
    env = {"PATH": str(nothing), "HOME": str(nothing), "SHELL": "/no/shell"}
    slides = (waiting(0, fence="+needs:p"), END)
    front = "needs: {p: {tcp: 'cluster.example:443'}}"
    arguments = ("--recorded", "--speed", "16")
    made = small(
        given.folder, *slides, front=front, arguments=arguments, recorded=True, env=env, wrap=wrap
    )
    with made as talk:
        steps(given, talk, lambda _: None, rungs=BELOW, reasons=("mode",))
        talk.leave()


CANARY = "zebra stands in a note only"
BATCH = 4


def second_view(given: Given) -> None:
    """36: the speaker's own screen is killed and comes again; the audience never sees its notes."""
    note = f"\n<!-- notes: {CANARY} -->\n"
    slides = [waiting(number) + note for number in range(min(given.most, BATCH))]
    total = len(slides) + 1
    with contextlib.ExitStack() as stack:
        talk = stack.enter_context(small(given.folder, *slides, END, recorded=True))
        talk.console.wait(lambda: any(given.folder.glob("state/run/*")), "the socket")
        views: list[Console] = []

        def attach(index: int) -> None:
            argv = [presenter_command(), "attach"]
            env = environment(given.folder)
            view = stack.enter_context(Console(argv, env=env, cwd=given.folder))
            view.wait_text(f"slide {index + 1} of {total}")
            view.wait_text(CANARY)
            views.append(view)

        def inject(_number: int) -> None:
            views[-1].interface().kill()
            views[-1].wait_end()

        def again(number: int) -> None:
            began = time.monotonic()
            attach(number)
            given.tally.resumed.append(time.monotonic() - began)
            ended_by(given)(number)

        attach(0)
        steps(given, talk, inject, rungs=LIVE, press_on=False, then=again)
        talk.leave()
        if CANARY.encode() in talk.console.received:
            given.tally.wrong.append("a note is on the audience's screen")
