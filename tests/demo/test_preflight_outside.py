"""Credentials that end, a battery, notifications: told before the talk."""

from __future__ import annotations

import base64
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from presenter.demo.preflight.credentials import credentials_last, token_end
from presenter.demo.preflight.desktop import notifications, power, sleep
from presenter.demo.preflight.subject import Subject, Terminal
from presenter.layout.frame import Size
from presenter.layout.theme import theme
from presenter.talk.preflight import Level
from presenter.wiring.desk import deck_materials
from tests.deck.decks import make

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
DECK = "---\nduration: 45m\n---\n# Pods\n\n```console +demo:pods\n$ kubectl get pods\n```\n"
CONFIG = """\
current-context: here
contexts:
- {{name: here, context: {{user: me, cluster: c}}}}
- {{name: other, context: {{user: nobody, cluster: c}}}}
users:
- name: me
  user: {user}
"""


def subject(folder: Path, user: str) -> Subject:
    config = folder / "config"
    config.write_text(CONFIG.format(user=user))
    deck = make(folder, DECK)
    return Subject(
        deck=deck,
        slides=tuple(deck.slide(index) for index in range(len(deck))),
        materials=deck_materials(deck),
        theme=theme("dark"),
        terminal=Terminal(Size(100, 34), "xterm", "truecolor", "utf-8"),
        environment={"KUBECONFIG": str(config)},
        state=folder,
    )


def token(ends: datetime) -> str:
    parts = ({"alg": "none"}, {"exp": ends.timestamp()})
    coded = (base64.urlsafe_b64encode(json.dumps(one).encode()).decode() for one in parts)
    return ".".join([*(part.rstrip("=") for part in coded), "x"])


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (NOW - timedelta(minutes=1), "the token ended"),
        (NOW + timedelta(minutes=30), "within the talk"),
        (NOW + timedelta(minutes=46), ""),
    ],
)
def test_a_token_that_ends_too_early(tmp_path: Path, ends: datetime, words: str) -> None:
    found = list(credentials_last(subject(tmp_path, f"{{token: {token(ends)}}}"), NOW))
    assert [issue.level for issue in found] == [Level.NO_GO] * bool(words)
    for issue in found:
        assert words in issue.what
        assert issue.demos == ("pods",)


@pytest.mark.parametrize(("days", "count"), [(1, 0), (-1, 1)])
def test_a_certificate_that_has_ended(tmp_path: Path, days: int, count: int) -> None:
    argv = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=me", "-keyout", "me.key", "-out", "me.crt"]  # fmt: skip
    subprocess.run(argv, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    now = datetime.now(UTC) + timedelta(days=2 - days)
    data = base64.b64encode((tmp_path / "me.crt").read_bytes()).decode()
    for user in ("{client-certificate: me.crt}", f"{{client-certificate-data: {data}}}"):
        found = list(credentials_last(subject(tmp_path, user), now))
        assert len(found) == count
        assert all(issue.what.startswith("the client's certificate ended") for issue in found)


@pytest.mark.parametrize(
    "user",
    ["{}", "{token: opaque}", "{client-certificate: nowhere}", "{client-certificate-data: '!'}"],
)
def test_what_tells_no_end_is_no_trouble(tmp_path: Path, user: str) -> None:
    assert list(credentials_last(subject(tmp_path, user), NOW)) == []


@pytest.mark.parametrize("text", ["", "a.b.c", "a.e30.c", "a.eyJleHAiOiAieCJ9.c", "a.W10.c"])
def test_what_is_no_token_ends_never(text: str) -> None:
    assert token_end(text) is None


def supply(folder: Path, **told: str) -> None:
    (folder / "BAT0").mkdir(parents=True, exist_ok=True)
    for name, value in told.items():
        (folder / "BAT0" / name).write_text(f"{value}\n")


@pytest.mark.parametrize(
    ("told", "level"),
    [
        ({"type": "Battery", "status": "Discharging", "capacity": "34"}, Level.WARNING),
        ({"type": "Battery", "status": "Discharging", "capacity": "93"}, Level.NOTE),
        ({"type": "Battery", "status": "Charging", "capacity": "34"}, None),
        ({"type": "Mains", "status": "Discharging", "capacity": "34"}, None),
        ({"type": "Battery", "scope": "Device", "status": "Discharging", "capacity": "3"}, None),
    ],
)
def test_a_battery_is_told(tmp_path: Path, told: dict[str, str], level: Level | None) -> None:
    supply(tmp_path, **told)
    found = list(power(tmp_path))
    assert [issue.level for issue in found] == ([level] if level else [])


def test_a_machine_without_a_battery_has_nothing_to_tell(tmp_path: Path) -> None:
    assert list(power(tmp_path / "none")) == []


@pytest.mark.parametrize(
    ("answer", "level"),
    [("echo true", Level.WARNING), ("echo false", None), ("exit 1", Level.NOTE)],
)
def test_notifications_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, level: Level | None
) -> None:
    program = tmp_path / "gsettings"
    program.write_text(f"#!/bin/sh\n{answer}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert [issue.level for issue in notifications()] == ([level] if level else [])


def test_what_cannot_hold_sleep_off_is_told(tmp_path: Path) -> None:
    (issue,) = sleep(str(tmp_path))
    assert issue.level is Level.NOTE
    for name in ("systemd-inhibit", "caffeinate"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    assert list(sleep(str(tmp_path))) == []
