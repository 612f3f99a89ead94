"""One lab for a whole run of the tests, however many processes they run in.

A test that asks for `lab` has it for itself until it ends. It is started for the first such test
and stopped when the run ends; it is never built here.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from presenter.lab.cluster import down, up
from presenter.lab.mesh import networking, service_ports
from presenter.lab.parts import KUBERNETES, lacks
from presenter.lab.place import MARK, Lab

VARIABLE = "PRESENTER_TEST_LAB"
"""Names the folder of a run's lab to the processes that the run is divided among."""


def open_place(config: pytest.Config) -> None:
    """At the start of a run, before it is divided."""
    if not hasattr(config, "workerinput"):
        os.environ[VARIABLE] = tempfile.mkdtemp(prefix="presenter-tests-")


def close_place(config: pytest.Config) -> None:
    """At its end, when no test runs any more."""
    if hasattr(config, "workerinput"):
        return
    place = Path(os.environ.pop(VARIABLE))
    if (place / "lab" / MARK).is_file():
        down(place / "lab")
    shutil.rmtree(place)


@contextmanager
def _alone() -> Iterator[Path]:
    import fcntl  # not everywhere, as the lab

    place = Path(os.environ[VARIABLE])
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield place / "lab"


@pytest.fixture
def lab() -> Iterator[Lab]:
    """A running lab: Kubernetes, and what else can be had here; skipped where that is nothing."""
    reason = lacks(KUBERNETES)
    if reason:
        pytest.skip(reason)
    with _alone() as folder:
        yield Lab(folder) if (folder / MARK).is_file() else up(folder, print, build=False)


@pytest.fixture
def mesh(lab: Lab) -> Iterator[Lab]:
    """The same where Istio runs in it, with the routes of BookInfo as they are at the start."""
    runs(lab, "istio")
    yield lab
    lab.kubectl("apply", "-f", "-", given=networking(*service_ports(lab)))


def runs(lab: Lab, part: str) -> None:
    """Skip where a part of the lab does not run, with the reason."""
    reason = lab.lacking.get(part)
    if reason:
        pytest.skip(f"without {part}: {reason}")
