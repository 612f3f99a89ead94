"""A talk given with `--recorded`: watched from outside, it starts nothing and contacts nobody."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e.stubs import World
from tests.e2e.test_live_talk import Plan, check
from tests.e2e.test_trust import traced

FORKS = ("fork", "clone", "clone3")
PROCESSES = ("execve", "execveat", "vfork", *FORKS)
SOCKETS = ("socket", "socketpair", "connect", "bind", "listen")


def calls(trace: Path) -> list[str]:
    """The calls of a trace, without the numbers of the processes."""
    lines = [line.partition(" ")[2].strip() for line in trace.read_text().splitlines()]
    return [line for line in lines if line.startswith((*PROCESSES, *SOCKETS))]


def strangers(found: list[str]) -> list[str]:
    """All but the program's own start and threads, and the place for the speaker's screen.

    That one is a file: it is bound and listened on, and reaches no further than this machine.
    """
    place = re.compile(r'bind\(\d+, \{sa_family=AF_UNIX, sun_path="/')
    own = ("CLONE_THREAD", "socket(AF_UNIX", "socketpair(AF_UNIX", "listen(")
    return [
        call for call in found if not any(word in call for word in own) and not place.match(call)
    ]


def test_the_whole_talk_starts_nothing_and_contacts_nobody(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    wrap = [*traced(trace)]
    names = ",".join((*PROCESSES, *SOCKETS))
    wrap[wrap.index("-e") + 1] = f"trace={names}"

    def then(world: World) -> None:
        assert world.started == []
        assert not world.server.requests

    plan = Plan(barred="mode")
    check(tmp_path, plan, "--recorded", wrap=tuple(wrap), then=then)
    found = calls(trace)
    assert found[0].startswith("execve(")
    others = strangers(found[1:])
    # The program may part itself into two; no other program is ever begun.
    forks = [call for call in others if call.startswith(FORKS)]
    assert len(forks) <= 1
    assert [call for call in others if call not in forks] == []
    # It listens in one place only: what was bound there is what the speaker's screen finds.
    bound = [call for call in found if call.startswith("bind(")]
    assert len(bound) == sum(call.startswith("listen(") for call in found) <= 1
