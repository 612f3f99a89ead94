"""A world for a live talk: programs that answer its commands as a test wants, a cluster, a network.

The programs are one POSIX shell script under several names, put first on PATH. What it prints for a
step is the step's own transcript; a test gives single steps another way. Nothing but loopback is
talked to, and HOME is a folder of the test's.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from presenter.deck.deck import Deck, open_deck
from presenter.deck.model import Demo
from tests.live.probe_stubs import Page, Stub, api, free_port, kubeconfig, serving
from tests.material import ROOT

PROGRAMS = ("minikube", "kubectl", "istioctl", "curl")
TOOLS = ("bash", "sh", "env", "mv", "cat", "mkdir", "sleep", "yes", "kill", "seq")
"""What shells and stubs cannot do without; the machine's other programs are out of reach."""
ISTIO = "/api/v1/namespaces/istio-system"
BOOKINFO = "/apis/apps/v1/namespaces/shop/deployments/productpage-v1"
ADDONS = "/apis/apps/v1/namespaces/istio-system/deployments"
ADDON_NAMES = ("prometheus", "grafana", "zipkin", "servicegraph")

Key = tuple[str, int]
"""A demo's name and the number of its step, from 0."""

_SCRIPT = """\
#!/bin/sh
here={here}
line="${{0##*/}} $*"
case $line in
{arms}
*) step=unknown ;;
esac
printf '%s %s\\n' "$step" "$$" >>"$here/started"
. "$here/acts/$step"
"""
_BESIDE = {
    # What runs inside of other commands, or has arguments that are known only then.
    "kubectl create -f /dev/fd/*": ("bookinfo", 0),
    "istioctl kube-inject -f *": "apiVersion: v1",
    "kubectl get po -l istio=ingress *": "{host}",
    "kubectl get svc istio-ingress *": "{port}",
    "curl -o /dev/null -s -w *": "200",
    "curl -L *": "mkdir -p istio-0.7.1/bin; echo istio-0.7.1",
    "kubectl -n istio-system get pod *": "a-pod",
    "kubectl get pod -n istio-system *": "a-pod",
    "kubectl * 9090:9090": ("prometheus-forward", 0),
    "kubectl * 3000:3000": ("grafana-forward", 0),
    "kubectl * 9411:9411": ("zipkin-forward", 0),
    "kubectl * 8088:8088": ("servicegraph-forward", 0),
}


# --- ways of a program ------------------------------------------------------------------------


def say(*lines: str) -> str:
    return f"printf '%s\\n' {shlex.join(lines)}" if lines else ":"


def fail(text: str, status: int = 1) -> str:
    """Fails before anything could be seen."""
    return f"{say(text)} >&2\nexit {status}"


def fail_late(first: str, text: str, status: int = 1) -> str:
    """Fails when the test says that the first line has been seen (see `World.go`)."""
    gate = '"$here/go.$step"'
    return f"{say(first)}\nwhile [ ! -e {gate} ]; do sleep 0.02; done\n{fail(text, status)}"


HANG = "exec sleep 1000"
FLOOD = "exec yes 'the same line over and over'"
KILL_SHELL = "kill -9 $PPID"
FORWARD = f"{say('Forwarding from 127.0.0.1:9 -> 9')}\nexec sleep 1000"


# --- the world --------------------------------------------------------------------------------


@dataclass
class World:
    """A folder with a talk in it, and around it what the talk needs."""

    folder: Path
    deck: Deck
    server: Stub
    """The cluster, the page that is visited, and the network, all in one."""
    env: dict[str, str]

    @property
    def path(self) -> Path:
        return self.deck.path

    @property
    def started(self) -> list[str]:
        """The steps, as `demo.number`, whose programs were started, in their order."""
        log = self.folder / "stubs" / "started"
        return [line.split()[0] for line in log.read_text().splitlines()] if log.exists() else []

    def act(self, key: Key, script: str) -> None:
        """How the program of a step goes on from now on."""
        (self.folder / "stubs" / "acts" / f"{key[0]}.{key[1]}").write_text(script + "\n")

    def go(self, key: Key) -> None:
        """What waits may go on: see `fail_late`."""
        (self.folder / "stubs" / f"go.{key[0]}.{key[1]}").touch()

    def cluster(self, *, istio: bool) -> None:
        """Whether the namespace of Istio is there."""
        self.server.pages[ISTIO] = api({}, 200 if istio else 404)


_REQUESTS = re.compile(r"```http \+demo:.*?\n```\n\n", re.DOTALL)


@contextlib.contextmanager
def istio_world(
    folder: Path,
    *,
    timeouts: Mapping[Key, str] | None = None,
    programs: bool = True,
    reachable: bool = True,
) -> Iterator[World]:
    """The Istio 101 talk with all that it needs.

    `programs`: whether the stubs are there at all; `reachable`: whether the cluster and the network
    are (else nobody listens on their ports). `timeouts` are put into the deck's copy; its requests,
    which have tests of their own, are left out.
    """
    pages = {"/readyz": Page(), "/productpage": Page(), ISTIO: api({}), BOOKINFO: api({})}
    pages |= {f"{ADDONS}/{name}": api({}) for name in ADDON_NAMES}
    with serving(pages) as server:
        port = server.port if reachable else free_port()
        text = (ROOT / "slides" / "istio-101.md").read_text("utf-8")
        text = text.replace("git.io:443", f"127.0.0.1:{port}")
        text = _REQUESTS.sub("", text)
        talk = folder / "talk"
        shutil.copytree(ROOT / "recordings" / "istio-101", talk / "recordings" / "istio-101")
        (talk / "slides").mkdir()
        path = talk / "slides" / "istio-101.md"
        path.write_text(text, "utf-8")
        deck = open_deck(path)
        for key, timeout in (timeouts or {}).items():
            text = _with_timeout(text, _step_command(deck, key), timeout)
        path.write_text(text, "utf-8")
        deck = open_deck(path)
        config = kubeconfig(folder / "kubeconfig", f"http://127.0.0.1:{port}")
        env = environment(folder) | {"KUBECONFIG": str(config)}
        world = World(folder, deck, server, env)
        _write_stubs(world, programs=programs)
        yield world


def environment(folder: Path) -> dict[str, str]:
    """Of a talk in `folder`: a PATH with a few tools, behind a folder for a test's programs."""
    tools, home, stubs = (folder / name for name in ("tools", "home", "stubs"))
    for made in (tools, home, stubs):
        made.mkdir(exist_ok=True)
    for tool in TOOLS:
        found = shutil.which(tool)
        if found is not None and not (tools / tool).exists():
            (tools / tool).symlink_to(found)
    return {
        "PATH": f"{stubs}:{tools}",
        "HOME": str(home),
        "SHELL": "/bin/bash",
        "PRESENTER_STATE_DIR": str(folder / "state"),
        "PRESENTER_CONFIG": str(folder / "settings.toml"),
    }


def _step_command(deck: Deck, key: Key) -> str:
    demo = next(demo for demo in deck.all_demos() if demo.name == key[0])
    return demo.steps[key[1]].command


def _with_timeout(text: str, command: str, timeout: str) -> str:
    """The deck's text with another deadline for a step."""
    head, found, tail = text.partition(f"\n$ {command}\n")
    assert found, command
    before, line = head.rpartition("\n")[::2]
    if line.startswith("#: ") and "timeout" in line:
        head = f"{before}\n" + re.sub(r"timeout \w+", f"timeout {timeout}", line)
    else:
        head = f"{head}\n#: timeout {timeout}"
    return head + found + tail


# --- the programs -----------------------------------------------------------------------------


def _write_stubs(world: World, *, programs: bool) -> None:
    stubs = world.folder / "stubs"
    (stubs / "acts").mkdir()
    arms: list[str] = []
    place = {"host": "127.0.0.1", "port": str(world.server.port)}
    for number, (pattern, answer) in enumerate(_BESIDE.items()):
        key = answer if isinstance(answer, tuple) else ("inside", number)
        arms.append(_arm(pattern, key))
        if isinstance(answer, str):
            world.act(key, say(answer.format(**place)))
    for demo in world.deck.all_demos():
        for number, step in enumerate(demo.steps):
            forward = "port-forward" in step.command
            world.act((demo.name, number), FORWARD if forward else say(*(step.transcript or ())))
            if _is_plain(demo, step.command):
                arms.append(f"{shlex.quote(step.command)}) step={demo.name}.{number} ;;")
    (stubs / "acts" / "unknown").write_text("exit 64\n")
    for name in PROGRAMS if programs else ():
        program = stubs / name
        program.write_text(_SCRIPT.format(here=shlex.quote(str(stubs)), arms="\n".join(arms)))
        program.chmod(0o755)


def _arm(pattern: str, key: Key) -> str:
    quoted = "*".join(shlex.quote(part) if part else "" for part in pattern.split("*"))
    return f"{quoted}) step={key[0]}.{key[1]} ;;"


def _is_plain(demo: Demo, command: str) -> bool:
    """Whether a command is one program with arguments that a shell hands over as they stand."""
    return not demo.background and not set(command) & set("|$<>{;\"'")
