"""Web addresses: real servers on loopback that answer as networks of conferences do."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from presenter.live import probe_http
from presenter.live.findings import Finding, Limit
from presenter.live.probe_http import look_http
from presenter.live.probe_net import leads_away
from presenter.talk.condition import Truth
from presenter.talk.fallback import Fault
from tests.live.probe_stubs import Page, Stub, free_port, serving, silent

HTML = "<!DOCTYPE html><title>Welcome</title>Accept our terms"
PAGES = {
    "/": Page(),
    "/json": Page(200, '{"ready": true}', "application/json"),
    "/html": Page(200, HTML, "text/html; charset=utf-8"),
    "/html-as-json": Page(200, HTML, "application/json"),
    "/broken-json": Page(200, '{"ready": tr', "application/json"),
    "/error": Page(500, "oh"),
    "/login": Page(511, HTML, "text/html"),
    "/away": Page(302, "", location="http://portal.invalid/login"),
    "/within": Page(302, "", location="/html"),
    "/big": Page(200, "x" * 2_000_000),
}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield
    for client in probe_http._clients.values():
        client.close()
    probe_http._clients.clear()


@pytest.fixture
def server() -> Iterator[Stub]:
    with serving(PAGES) as stub:
        yield stub


def probe(url: str, seconds: float = 10.0, **condition: object) -> Finding:
    return look_http({"http": url, **condition}, Limit(time.monotonic() + seconds))


@pytest.mark.parametrize(
    ("path", "condition", "truth", "fault"),
    [
        ("/", {}, Truth.TRUE, None),
        ("/", {"status": "200"}, Truth.TRUE, None),
        ("/html", {"contains": "Welcome"}, Truth.TRUE, None),
        ("/html", {"contains": "productpage"}, Truth.FALSE, None),
        ("/html", {"json": True}, Truth.FALSE, Fault.PORTAL),
        ("/html-as-json", {"json": True}, Truth.FALSE, Fault.PORTAL),
        ("/html", {"status": 404, "json": True}, Truth.FALSE, Fault.PORTAL),
        ("/json", {"json": True, "contains": "true"}, Truth.TRUE, None),
        ("/broken-json", {"json": True}, Truth.FALSE, None),
        ("/error", {}, Truth.FALSE, None),
        ("/error", {"status": 500}, Truth.TRUE, None),
        ("/missing", {}, Truth.FALSE, None),
        ("/login", {}, Truth.FALSE, Fault.PORTAL),
        ("/away", {}, Truth.FALSE, Fault.PORTAL),
        ("/away", {"status": 302}, Truth.TRUE, None),
        ("/within", {}, Truth.FALSE, None),
        ("/big", {}, Truth.TRUE, None),
        ("/big", {"contains": "y"}, Truth.FALSE, None),
    ],
)
def test_an_answer_is_judged(
    server: Stub, path: str, condition: dict[str, object], truth: Truth, fault: Fault | None
) -> None:
    finding = probe(server.address + path, 10.0, **condition)
    assert (finding.truth, finding.fault) == (truth, fault), finding.words
    assert finding.words.startswith(f"127.0.0.1:{server.port}: ")


@pytest.mark.parametrize(
    ("location", "away"),
    [
        ("http://portal.invalid/login", True),
        ("//portal.invalid", True),
        ("http://[::1/", True),
        ("https://host/", False),
        ("http://host:8080/x", False),
        ("/login", False),
        ("", False),
    ],
)
def test_a_redirect_leads_away_to_another_host(location: str, away: bool) -> None:
    assert leads_away("http://host/", location) is away


def test_a_refused_connection_is_refused() -> None:
    port = free_port()
    expected = Finding(Truth.FALSE, Fault.REFUSED, f"127.0.0.1:{port}: connection refused")
    assert probe(f"http://127.0.0.1:{port}/") == expected


def test_a_server_that_never_answers_is_silent(server: Stub) -> None:
    server.pages["/"] = Page(hangs=True)
    with silent() as port:
        for url in (f"http://127.0.0.1:{port}/", server.address):
            assert probe(url, 0.3).fault is Fault.SILENT


def test_an_answer_that_drips_does_not_hold_a_probe(server: Stub) -> None:
    server.pages["/"] = Page(drips=True)
    done = threading.Event()

    def wait() -> None:
        probe(server.address, 0.5)
        done.set()

    threading.Thread(target=wait, daemon=True).start()
    assert done.wait(20)


def test_a_server_without_tls_is_no_secure_server(server: Stub) -> None:
    finding = probe(f"https://127.0.0.1:{server.port}/")
    assert (finding.truth, finding.fault) == (Truth.FALSE, Fault.REFUSED)


def test_probes_of_one_server_share_a_connection_and_dial_again(server: Stub) -> None:
    for _ in range(5):
        assert probe(f"{server.address}/json").truth is Truth.TRUE
    assert len(set(server.clients)) == 1
    port = server.port
    assert len(probe_http._clients) == 1
    assert probe(f"http://user:secret@127.0.0.1:{port}/").words == f"127.0.0.1:{port}: status 200"


@pytest.mark.parametrize(
    "condition",
    [
        {"http": "ftp://host/"},
        {"http": "127.0.0.1:80"},
        {"http": "http:///path"},
        {"http": "http://[::1/"},
        {"http": None},
        {"http": "http://h/", "status": "ok"},
    ],
)
def test_a_condition_of_another_form_is_unknown(condition: dict[str, object]) -> None:
    assert look_http(condition, Limit(time.monotonic() + 10)).truth is Truth.UNKNOWN


def test_old_clients_go_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_http, "MOST_CLIENTS", 2)
    for _ in range(4):
        probe(f"http://127.0.0.1:{free_port()}/")
    assert len(probe_http._clients) <= 2
