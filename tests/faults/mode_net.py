"""Modes of the network, the name server and the cluster: 1 to 5 and 8 to 14 of the table."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from tests.e2e.livetalk import LiveTalk
from tests.e2e.smalltalk import demo, small
from tests.faults.mode_talk import (
    BELOW,
    LIVE,
    Given,
    UnavailableError,
    namespaces,
    steps,
    tool,
)
from tests.faults.servers import Link, ServerProcess, link, server
from tests.live.probe_stubs import Page, free_port, kubeconfig, serving, silent

END = "# End\n\nThe last slide\n"
NOBODY = "10.213.251.2"
"""An address of those that the links here have, which nothing has."""
GAPS = (0.1, 0.3, 0.5, 0.8)
PATIENCE = 20.0
IP_SECONDS = 0.01
"""What the command that ends an interruption takes, at least."""
REACHED: dict[str, str] = {"p": "true"}
_WAITS = "until [ -e $T/go{} ]; do sleep 0.02; done; echo second"


def waiting(number: int, before: str = "echo first", fence: str = "") -> str:
    """A slide whose step prints `first`, waits for the test, and prints `second`."""
    command = f"$ {before}; {_WAITS.format(number)}"
    return demo(f"d{number}", command, "first", "second", fence=fence)


def ended_by(given: Given) -> Callable[[int], None]:
    """Lets the command of a step go on to its end."""
    return lambda number: (given.folder / f"go{number}").touch()


def cables(stack: contextlib.ExitStack, count: int) -> list[Link]:
    """Links to namespaces of their own."""
    made = [stack.enter_context(link(number)) for number in range(count)]
    found = [cable for cable in made if cable is not None]
    if len(found) < count:
        raise UnavailableError("no network namespaces here")
    return found


def alone(
    given: Given,
    need: str,
    *,
    wrap: tuple[str, ...] = (),
    env: Mapping[str, str] | None = None,
    rungs: Collection[str] = BELOW,
    command: str = "echo first",
) -> LiveTalk:
    """A talk of one step that needs `need`, in a world that is as it is from its start."""
    talk = small(
        given.folder, waiting(0, command, "+needs:p"), END, front=f"needs: {{p: {need}}}",
        recorded=True, wrap=wrap, env=env,
    )  # fmt: skip
    with talk:
        steps(given, talk, lambda _: None, rungs=rungs, then=when_live(given, rungs))
        talk.leave()
    return talk


def when_live(given: Given, rungs: Collection[str]) -> Callable[[int], None]:
    """Ends the command where the step may end live; else only the fault ends it."""
    return ended_by(given) if "live" in rungs else lambda _: None


def watched(
    given: Given,
    servers: list[ServerProcess],
    inject: Callable[[int], None],
    reasons: Collection[str],
    *,
    live: bool = False,
) -> None:
    """A talk with a step for each server, which is reached before its fault is injected."""
    needs = [f"p{n}: {{http: {it.address}/, json: true}}" for n, it in enumerate(servers)]
    slides = [waiting(n, fence=f"+needs:p{n}") for n in range(len(servers))]
    front = f"needs: {{{', '.join(needs)}}}"
    with small(given.folder, *slides, END, front=front, recorded=True) as talk:
        steps(
            given, talk, inject, reasons=reasons, rungs=LIVE if live else BELOW,
            conditions=lambda number: {f"p{number}": "true"}, early=0.0 if live else 0.3,
            press_on=not live, then=ended_by(given) if live else lambda _: None,
        )  # fmt: skip
        talk.leave()


def by_server(given: Given, kinds: Mapping[str, Collection[str]]) -> None:
    """Servers that are told, killed or stopped, one for each step; the reasons a kind may have."""
    count = min(given.most, len(kinds) * 2)
    names = [list(kinds)[(given.number + n) % len(kinds)] for n in range(count)]
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(server()) for _ in names]

        def inject(number: int) -> None:
            name = names[number]
            if name.startswith("SIG"):
                servers[number].signal(signal.Signals[name])
            else:
                servers[number].say(name)

        watched(given, servers, inject, {*_CONDITION, *set().union(*kinds.values())})


_CONDITION = ("condition",)
"""Why a step does not begin live whose fault is known by then."""

# --- the network ----------------------------------------------------------------------------------


def no_network(given: Given) -> None:
    """1: a namespace in which not even loopback is up."""
    need = (
        f"{{http: http://{NOBODY}/, json: true}}", f"{{tcp: '{NOBODY}:443'}}",
        "{http: http://cluster.example/}",
    )[given.number % 3]  # fmt: skip
    alone(given, need, wrap=namespaces("-n"))


def drops(given: Given) -> None:
    """2: the far end of the link loses its address, or the link itself goes down."""
    count = min(given.most, 7)
    with contextlib.ExitStack() as stack:
        made = cables(stack, count)
        servers = [stack.enter_context(server(cable.host, cable.wrap)) for cable in made]

        def inject(number: int) -> None:
            made[number].cut() if (given.number + number) % 2 else made[number].lose()

        watched(given, servers, inject, {"silent", "no route", *_CONDITION})


def blips(given: Given) -> None:
    """3: the address is gone for up to 800 ms: the step stays live."""
    count = min(given.most, 7)
    with contextlib.ExitStack() as stack:
        made = cables(stack, count)
        servers = [stack.enter_context(server(cable.host, cable.wrap)) for cable in made]

        def inject(number: int) -> None:
            made[number].lose()
            time.sleep(GAPS[(given.number + number) % len(GAPS)] - IP_SECONDS)
            made[number].find()

        watched(given, servers, inject, {""}, live=True)


def portal(given: Given) -> None:
    """4: a login page instead of JSON, a redirect to one, or its address under our name."""
    if given.number % 3 < 2:
        by_server(given, {"portal": {"captive portal"}, "away": {"captive portal"}})
        return
    with server() as it:
        it.say("portal")
        hosts = given.folder / "hosts"
        hosts.write_text("127.0.0.1 localhost cluster.example\n")
        port = it.target.rpartition(":")[2]
        need = f"{{http: 'http://cluster.example:{port}/', json: true}}"
        alone(given, need, wrap=names_from(given, hosts=hosts))


def names_from(
    given: Given, hosts: Path | None = None, resolver: Path | None = None
) -> tuple[str, ...]:
    """What runs a command with these files for the machine's own, in a mount namespace."""
    mounts = [(hosts, "/etc/hosts"), (resolver, "/etc/resolv.conf")]
    lines = [f"{tool('mount')} --bind {path} {over}" for path, over in mounts if path is not None]
    script = given.folder / "names.sh"
    script.write_text("\n".join(["set -e", *lines, 'exec "$@"', ""]))
    return (*namespaces("-m"), tool("sh"), str(script))


def no_names(given: Given) -> None:
    """5: every question to the name server is lost; the step's own command asks one as well."""
    with contextlib.ExitStack() as stack:
        (cable,) = cables(stack, 1)
        cable.lose()
        resolver = given.folder / "resolv.conf"
        resolver.write_text(f"nameserver {cable.host}\n")
        wrap = names_from(given, resolver=resolver)
        command = "echo first; : </dev/tcp/cluster.example/80" if given.number % 2 else "echo first"
        alone(given, "{http: 'http://cluster.example/'}", wrap=wrap, command=command)


def proxies(given: Given) -> None:
    """8: the variables of another network: a proxy that is away, silent, or shows a login page."""
    kind = ("away", "silent", "portal")[given.number % 3]
    with contextlib.ExitStack() as stack:
        right = stack.enter_context(server())
        if kind == "away":
            address = f"http://127.0.0.1:{free_port()}"
        elif kind == "silent":
            address = f"http://127.0.0.1:{stack.enter_context(silent())}"
        else:
            wrong = stack.enter_context(server())
            wrong.say("portal")
            address = wrong.address
        names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
        env = {name: address for each in names for name in (each, each.lower())}
        env |= {"NO_PROXY": "", "no_proxy": ""}
        need = f"{{http: {right.address}/, json: true}}"
        alone(given, need, env=env, rungs=(*BELOW, *LIVE))


# --- the server and the cluster -------------------------------------------------------------------


def refused(given: Given) -> None:
    """9: the server is killed."""
    by_server(given, {"SIGKILL": {"refused"}})


def never_answers(given: Given) -> None:
    """10: it takes requests and never answers, or stands still."""
    by_server(given, {"hangs": {"silent"}, "SIGSTOP": {"silent"}})


def drips(given: Given) -> None:
    """11: it sends a byte from time to time."""
    by_server(given, {"drips": {"silent"}})


def in_cluster(
    given: Given,
    user: Mapping[str, object],
    inject: Callable[[ServerProcess], None],
    rungs: Collection[str],
    conditions: Mapping[str, str],
) -> LiveTalk:
    """A talk of one step that needs a cluster, whose user is as told."""
    with server() as it:
        config = kubeconfig(given.folder / "config", it.address, **user)
        slides = (waiting(0, fence="+needs:p"), END)
        front = "needs: {p: {kubernetes: {context: minikube}}}"
        env = {"KUBECONFIG": str(config)}
        with small(given.folder, *slides, front=front, recorded=True, env=env) as talk:
            steps(
                given, talk, lambda _: inject(it), rungs=rungs,
                conditions=lambda _: dict(conditions), then=when_live(given, rungs),
            )  # fmt: skip
            talk.leave()
        return talk


def expired(given: Given) -> None:
    """12: the token is not taken any more (401)."""
    in_cluster(given, {"token": "t"}, lambda it: it.say("denied"), BELOW, REACHED)


def plugin(given: Given) -> None:
    """13: a credential plugin that asks on the terminal, or reads its input, for ever."""
    asks = "while :; do printf 'Password: ' >/dev/tty; read x </dev/tty; sleep 0.1; done"
    reads = "printf 'Password: ' >&2; cat; sleep 1000"
    script = f": >$T/asked; {(f'{asks} 2>/dev/null', reads)[given.number % 2]}"
    command = {
        "apiVersion": "client.authentication.k8s.io/v1", "command": tool("sh"),
        "args": ["-c", script], "interactiveMode": "IfAvailable",
    }  # fmt: skip
    talk = in_cluster(given, {"exec": command}, lambda _: asked(given), (*BELOW, *LIVE), {})
    if b"Password" in talk.console.received:
        given.tally.wrong.append("the plugin's words are on the screen")


def asked(given: Given) -> None:
    """Until the plugin runs."""
    until = time.monotonic() + PATIENCE
    while not (given.folder / "asked").exists():
        assert time.monotonic() < until, "the plugin was never asked"
        time.sleep(0.01)


def other_cluster(given: Given) -> None:
    """14: the current context is another one, or its server is, when the step is to run."""
    with server() as right, serving({"/readyz": Page()}) as wrong:
        config = kubeconfig(given.folder / "config", right.address)
        count = min(given.most, 7)
        slides = [waiting(n, "echo ran >>$T/count; echo first", "+needs:p") for n in range(count)]
        front = "needs: {p: {kubernetes: {context: minikube}}}"

        def inject(number: int) -> None:
            current = ("minikube", "other")[(given.number + number) % 2]
            kubeconfig(config, wrong.address, current=current)

        def heal(_number: int) -> None:
            kubeconfig(config, right.address)

        env = {"KUBECONFIG": str(config)}
        with small(given.folder, *slides, END, front=front, recorded=True, env=env) as talk:
            steps(
                given, talk, inject, reasons=_CONDITION, early=1.0, then=heal,
                conditions=lambda _: REACHED,
            )  # fmt: skip
            talk.leave()
        if wrong.requests or (given.folder / "count").exists():
            given.tally.wrong.append("something has met the wrong cluster")
