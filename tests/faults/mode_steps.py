"""Modes of what a step runs: 15 to 23 of the table."""

from __future__ import annotations

import contextlib
import random
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil

from tests.e2e.smalltalk import demo, run, small
from tests.faults.mode_net import END, waiting
from tests.faults.mode_talk import BELOW, LIVE, Given, steps
from tests.live.probe_stubs import api, free_port, serving

BATCH = 7
PODS = "/api/v1/namespaces/shop/pods"
_POLL = """\
#!/bin/bash
echo first
while :; do
  exec 3<>/dev/tcp/127.0.0.1/$1
  printf 'GET {path} HTTP/1.0\\r\\n\\r\\n' >&3
  answer=$(cat <&3)
  exec 3<&-
  case $answer in
    *Running*) echo second; exit 0 ;;
    *Backoff*) echo 'web   0/1   ImagePullBackOff'; exit 1 ;;
    *) echo 'web   0/1   '"${{answer##* }}" ;;
  esac
  sleep 0.1
done
"""
_HOLDS = """
import socket, sys, time
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("held", flush=True)
time.sleep(1000)
"""


def program(given: Given, name: str, text: str) -> Path:
    """A program on the talk's PATH."""
    path = given.folder / "stubs" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def commands(given: Given, kinds: list[str], *settings: str, fence: str = "") -> list[str]:
    """Slides of which each runs one of the commands, in turn; none ends by itself."""
    found = []
    for number in range(min(given.most, BATCH)):
        line = f"$ {kinds[(given.number + number) % len(kinds)]}".replace("@", str(number))
        found.append(demo(f"d{number}", *settings, line, "first", "second", fence=fence))
    return [*found, END]


def image_pull(given: Given) -> None:
    """15: an API server says Pending for ever, or that the image cannot be had."""
    program(given, "rollout", _POLL.format(path=PODS))
    with serving({PODS: api({"phase": "ContainerCreating"})}) as stub:
        slides = commands(given, [f"rollout {stub.port}"], "#: timeout 2500ms")

        def inject(number: int) -> None:
            word = ("Pending", "ErrImagePull Backoff")[(given.number + number) % 2]
            stub.pages[PODS] = api({"phase": word})

        with small(given.folder, *slides, recorded=True) as talk:
            steps(given, talk, inject, reasons=("deadline", "exit status"))
            talk.leave()


def dirty(given: Given) -> None:
    """16: the talk has been given before, and nothing was put back."""
    kinds = ["mkdir $T/made@ && echo first", "set -C; echo x >$T/written@ && echo first"]
    slides = commands(given, kinds)
    with small(given.folder, *slides, recorded=True) as rehearsal:
        for index in range(len(slides) - 1):
            run(rehearsal)
            if index + 2 < len(slides):
                rehearsal.press()
        rehearsal.leave()
    with small(given.folder, *slides, recorded=True) as talk:
        steps(given, talk, lambda _: None, reasons=("exit status",))
        talk.leave()


@contextlib.contextmanager
def holder(port: int) -> Iterator[None]:
    """A process that listens on a port."""
    argv = [sys.executable, "-c", _HOLDS, str(port)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as process:
        killer = threading.Timer(20, process.kill)
        killer.start()
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"held\n", "the port cannot be held"
            killer.cancel()
            yield
        finally:
            killer.cancel()
            process.kill()


def port_in_use(given: Given) -> None:
    """17: another process listens on the port that a step needs, from before it or since then."""
    port = free_port()
    serves = f"{shlex.quote(sys.executable)} -m http.server {port} --bind 127.0.0.1 && echo first"
    with contextlib.ExitStack() as stack:
        if given.number % 2:
            stack.enter_context(holder(port))
            slide, known = demo("d0", f"$ {serves}", "first", "second", fence="+needs:p"), "false"
        else:
            slide, known = demo("d0", f"$ {serves}", "first", "second"), ""

        def inject(_number: int) -> None:
            if not known:
                stack.enter_context(holder(port))

        front = f"needs: {{p: {{free: [{port}]}}}}"
        with small(given.folder, slide, END, front=front, recorded=True) as talk:
            steps(
                given, talk, inject, early=1.0, reasons=("condition", "exit status"),
                conditions=lambda _: {"p": known} if known else {},
            )  # fmt: skip
            talk.leave()


def forward_dies(given: Given) -> None:
    """18: what forwards a port beside the talk is killed, and later steps go through it."""
    port = free_port()
    serves = f"{shlex.quote(sys.executable)} -m http.server {port} --bind 127.0.0.1"
    forward = f"$ echo $$ >$T/pid; mkdir -p $T/www; cd $T/www; echo forwarding; exec {serves}"
    slides = [
        demo("forward", '#: expect "forwarding"', forward, "forwarding", fence="+background"),
        waiting(0, fence="+needs:p"),
        END,
    ]
    front = f"needs: {{p: {{http: 'http://127.0.0.1:{port}/'}}}}"

    def inject(_number: int) -> None:
        psutil.Process(int((given.folder / "pid").read_text())).send_signal(signal.SIGKILL)

    with small(given.folder, *slides, front=front, recorded=True) as talk:
        run(talk)
        talk.press()
        steps(
            given, talk, inject, first=1, reasons=("refused", "condition"), early=0.3,
            conditions=lambda _: {"p": "true"},
        )  # fmt: skip
        talk.leave()


def hangs(given: Given) -> None:
    """19: commands that do not end, and are deaf to what would end them."""
    kinds = [
        "echo first; sleep 1000",
        "sh -c \"trap '' TERM INT HUP; echo first; sleep 1000; sleep 1000\"",
        "echo first; read -r x </dev/zero",
    ]
    slides = commands(given, kinds, "#: timeout 1500ms")
    with small(given.folder, *slides, recorded=True) as talk:
        steps(given, talk, lambda _: None, reasons=("deadline",))
        talk.leave()


ASKS = "echo first; read -rsp 'Password: ' x; echo; echo second"


def waits_for_words(given: Given) -> None:
    """20: a password, a pager, a question; the deadline comes, or the speaker answers."""
    program(
        given,
        "sudo",
        '#!/bin/bash\necho first\nread -rsp "password for me: " x\necho; echo second\n',
    )
    kinds = ["sudo true", ASKS, "sudo -v"]
    slides = commands(given, kinds, "#: timeout 4s")
    with small(given.folder, *slides, recorded=True) as talk:

        def answer(number: int) -> None:
            if (given.number + number) % 2:
                talk.console.press("tab", *"words", "enter", "ctrl+]")

        steps(given, talk, lambda _: None, rungs=(*LIVE, *BELOW), then=answer)
        talk.leave()


def missing(given: Given) -> None:
    """21: the program has gone since the rehearsal, or is another one of that name."""
    slides = commands(given, ["shop@"])
    paths = [program(given, f"shop{n}", "#!/bin/sh\necho first\n") for n in range(len(slides) - 1)]

    def inject(number: int) -> None:
        if (given.number + number) % 2:
            paths[number].unlink()
        else:
            paths[number].write_text("#!/bin/sh\necho 'unknown flag' >&2\nexit 64\n")

    with small(given.folder, *slides, recorded=True) as talk:
        steps(given, talk, inject, early=1.0, reasons=("missing program", "exit status"))
        talk.leave()


def flood(given: Given) -> None:
    """22: output without end."""
    kinds = ["yes 'the same line over and over'", "cat /dev/urandom", "seq 1000000000"]
    slides = commands(given, kinds, "#: timeout 3s")
    with small(given.folder, *slides, recorded=True) as talk:
        steps(given, talk, lambda _: None, reasons=("deadline",), seen="live")
        talk.leave()


GARBAGE = (
    "\x1b[?1049h\x1b[2J\x1b[5;8r\x1b(0\x0e\x1b[?1000h\x1b[?2004h\x1b[?25l",
    "\x1bc\x1b]0;title\x07\x1b]52;c;c2VjcmV0\x07\x1b]9;told\x07\x1b[999;999H\x1b[6n\x1b[c",
    "\x1b]2;" + "x" * 200_000,
    "\x1bP+q" + "41" * 5000 + "\x1b[3J\x1b#8\x9b31m\x90\x98",
    "\x1b[?5h\x1b[?7l\x1b[38;2;999;1mwide \u202e\u200d\u0301\U0001f469\u200d\U0001f680" * 200,
)


def garbage(given: Given) -> None:
    """23: escape sequences and bytes that would break a terminal."""
    slides = commands(given, ["cat $T/garbage@; sleep 1000"])
    for number in range(len(slides) - 1):
        chance = random.Random(given.number + number)
        data = GARBAGE[(given.number + number) % len(GARBAGE)].encode() + chance.randbytes(20_000)
        (given.folder / f"garbage{number}").write_bytes(data)
    with small(given.folder, *slides, recorded=True) as talk:
        steps(
            given, talk, lambda _: None, reasons=("skipped",), seen="live",
            then=lambda _: talk.console.press("s"),
        )  # fmt: skip
        talk.leave()
    if b"\x1b]52" in talk.console.received or b"\x1b]9;" in talk.console.received:
        given.tally.wrong.append("sequences of the step have come to the terminal")
