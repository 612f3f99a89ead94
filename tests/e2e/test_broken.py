"""Ten broken things: `presenter check` names each in one line, and is content when it is mended."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from presenter.recording.provenance import command_hash
from tests.e2e.test_check import Stand, stand
from tests.live.probe_stubs import Page, Stub, kubeconfig, serving

__all__ = ["stand"]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="shells and terminals of POSIX")

LEFT = "/api/v1/namespaces/shop/services/left"
Broken = Callable[[Stand, Stub, pytest.MonkeyPatch], AbstractContextManager[None]]


def token(seconds: float) -> str:
    """One that ends so many seconds from now."""
    parts = ({"alg": "none"}, {"exp": time.time() + seconds})
    coded = (base64.urlsafe_b64encode(json.dumps(one).encode()).decode() for one in parts)
    return ".".join([*(part.rstrip("=") for part in coded), "x"])


def config(stand: Stand, server: Stub, **user: object) -> None:
    kubeconfig(stand.folder / "config", server.address, **user)


@contextmanager
def wrong_context(stand: Stand, server: Stub, _patch: pytest.MonkeyPatch) -> Iterator[None]:
    config(stand, server, current="other")
    yield
    config(stand, server)


@contextmanager
def expired_token(stand: Stand, server: Stub, _patch: pytest.MonkeyPatch) -> Iterator[None]:
    config(stand, server, token=token(-60))
    yield
    config(stand, server, token=token(86_400))


@contextmanager
def dirty_namespace(_stand: Stand, server: Stub, _patch: pytest.MonkeyPatch) -> Iterator[None]:
    server.pages[LEFT] = Page(body="{}")
    yield
    del server.pages[LEFT]


@contextmanager
def captive_portal(_stand: Stand, server: Stub, _patch: pytest.MonkeyPatch) -> Iterator[None]:
    before, server.pages["/"] = server.pages["/"], Page(body="<html>log in", kind="text/html")
    yield
    server.pages["/"] = before


@contextmanager
def no_route(stand: Stand, _server: Stub, _patch: pytest.MonkeyPatch) -> Iterator[None]:
    text = stand.path.read_text()
    stand.path.write_text(text.replace('"tcp": "127.0.0.1', '"tcp": "nowhere.invalid'))
    yield
    stand.path.write_text(text)


@contextmanager
def port_taken(stand: Stand, _server: Stub, _patch: pytest.MonkeyPatch) -> Iterator[None]:
    port = int((stand.folder / "port").read_text())
    with socket.create_server(("127.0.0.1", port)):
        yield


@contextmanager
def missing_tool(stand: Stand, _server: Stub, _patch: pytest.MonkeyPatch) -> Iterator[None]:
    tool = stand.folder / "stubs" / "sometool"
    text = tool.read_text()
    tool.unlink()
    yield
    tool.write_text(text)
    tool.chmod(0o755)


@contextmanager
def stale_recording(stand: Stand, _server: Stub, _patch: pytest.MonkeyPatch) -> Iterator[None]:
    recorded(stand, "another command")
    yield
    recorded(stand, "sometool talk.md")


@contextmanager
def small_terminal(_stand: Stand, _server: Stub, patch: pytest.MonkeyPatch) -> Iterator[None]:
    patch.setenv("COLUMNS", "30")
    patch.setenv("LINES", "10")
    yield
    patch.setenv("COLUMNS", "100")
    patch.setenv("LINES", "40")


@contextmanager
def full_disk(stand: Stand, _server: Stub, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """As far as a test may go: nothing can be written where the journals are."""
    good = os.environ["PRESENTER_STATE_DIR"]
    blocked = stand.folder / "blocked"
    blocked.write_text("")
    patch.setenv("PRESENTER_STATE_DIR", str(blocked / "state"))
    # What was said yes to is kept there, too.
    yield
    patch.setenv("PRESENTER_STATE_DIR", good)


def recorded(stand: Stand, command: str) -> None:
    folder = stand.folder / "recordings" / "talk"
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        {"version": 2, "width": 80, "height": 20, "presenter": {"commands": [command]}},
        [0.0, "m", f"1 {command_hash(command)}"],
        [0.1, "o", "out\r\n"],
    ]
    (folder / "one.cast").write_text("".join(json.dumps(line) + "\n" for line in lines))


CASES: dict[str, tuple[Broken, str, str]] = {
    "wrong context": (wrong_context, "current context is other, not minikube", "use-context"),
    "port taken": (port_taken, "is in use", "end what holds it"),
    "expired token": (expired_token, "the token ended", "fetch new credentials"),
    "missing tool": (missing_tool, "sometool is not installed", "install sometool"),
    "dirty namespace": (dirty_namespace, "service/left is still in shop", "bring it about"),
    "stale recording": (stale_recording, "another command", "W"),
    "small terminal": (small_terminal, "it has 30x10", "make the window larger"),
    "full disk": (full_disk, "the journal cannot be written", "PRESENTER_STATE_DIR"),
    "no route": (no_route, "its name is not known here", "see to the network"),
    "captive portal": (captive_portal, "the answer is not JSON", "log in to this network"),
}
"""What is broken, what is said of it, and what to do."""


@pytest.fixture
def everything(stand: Stand) -> Iterator[tuple[Stand, Stub]]:
    """A talk that needs all of it, and for which all is there."""
    tool = stand.folder / "stubs" / "sometool"
    tool.write_text('#!/bin/sh\ncat "$@"\n')
    tool.chmod(0o755)
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    (stand.folder / "port").write_text(str(port))
    pages = {"/": Page(body='{"ok": 1}', kind="application/json"), "/readyz": Page()}
    with serving(pages) as server:
        config(stand, server)
        stand.write(
            {
                "cluster": {"kubernetes": {"context": "minikube"}},
                "page": {"http": f"{server.address}/", "json": True},
                "wifi": {"tcp": f"127.0.0.1:{server.port}"},
                "ports": {"free": [port]},
            },
            command="sometool talk.md",
        )
        text = stand.path.read_text()
        start = "start:\n  clean: {kubernetes: {absent: [service/left]}}\n---\n# One"
        stand.path.write_text(text.replace("---\n# One", start))
        recorded(stand, "sometool talk.md")
        yield stand, server


@pytest.mark.parametrize("name", CASES)
def test_what_is_broken_is_named_and_gone_when_it_is_mended(
    name: str, everything: tuple[Stand, Stub], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand, server = everything
    broken, words, todo = CASES[name]
    with broken(stand, server, monkeypatch):
        found = stand.issues()
    (line,) = [one for one in found if words in one]
    assert todo in line.rpartition("(")[2]
    assert stand.issues() == []
