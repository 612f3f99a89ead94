"""What tells of a person goes on request, and nothing else does."""

from __future__ import annotations

import pytest

from presenter.recording.asciicast import Event, Header
from presenter.recording.personal import Personal, Words, machine_names, recorded_names
from presenter.recording.redact import DOT, Redactor

HOME, USERS, ROOT = "/" + "home", "/" + "Users", "/" + "root"
"""Put together, so that no scanner takes this file for one that tells of a machine."""


def dotted(text: str, *names: str) -> str:
    return Redactor(finders=[Personal(names)]).text(text)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        (f"cd {HOME}/ann/src", [f"{HOME}/ann"]),
        (f"cd {USERS}/ann.b/src", [f"{USERS}/ann.b"]),
        ("dir C:\\Users\\Ann\\src", ["C:\\Users\\Ann"]),
        ("mail ann.b+x@example.org.", ["ann.b+x@example.org"]),
        ("inet 192.168.4.17/24 brd 192.168.4.255", ["192.168.4.17", "192.168.4.255"]),
        ("http://10.0.0.1:8080/", ["10.0.0.1"]),
        ("inet6 fe80::1c2d:3eff:fe4f:5a6b/64", ["fe80::1c2d:3eff:fe4f:5a6b"]),
        ("ether 02:42:ac:11:00:02", ["02:42:ac:11:00:02"]),
        ("by Ann and ann's annex", ["Ann", "ann"]),
    ],
)
def test_names_homes_and_addresses_go(text: str, gone: list[str]) -> None:
    expected = text
    for word in gone:
        expected = expected.replace(word, DOT * len(word), 1)
    assert dotted(text, "ann") == expected


@pytest.mark.parametrize(
    "text",
    [
        "at 12:30:45, 127.0.0.1, ::1, 0.0.0.0 and std::vector",
        "version 1.2.3, 1.2.3.4.5 and v1.2.3.4",
        "nginx@sha256:0123456789abcdef react@18.2.0",
        f"kubernetes-admin@kubernetes {HOME}/ubuntu {ROOT}",
        "Foo::Bar a:b:c 2026-11-26T14:23:45+00:00",
        "channel, annex, Joanna",
    ],
)
def test_what_is_nobodys_stays(text: str) -> None:
    assert dotted(text, "ann") == text


def test_names_are_learnt_from_prompts_paths_and_titles() -> None:
    events = [
        Event(0.0, "o", "\x1b[1;32mann@box7\x1b[0m:\x1b[34m~/src\x1b[0m$ ls\r\n"),
        Event(0.1, "o", f"{HOME}/bob/.ssh {HOME}/ubuntu\r\n"),
        Event(0.2, "o", "\x1b]7;file://node.example.org/srv\x07\x1b]0;carl@lab: ~\x07"),
        Event(0.3, "o", "[dora@work src]$ x\r\nsee admin@kubernetes for more $\r\n"),
        Event(0.4, "i", f"{HOME}/eve/"),
    ]
    header = Header(env={"USER": "frank", "HOME": "/data/gina", "SHELL": "/bin/zsh"})
    assert recorded_names(header, events) == {
        "ann", "box7", "bob", "node.example.org", "node", "carl", "lab", "dora", "work",
        "frank", "/data/gina", "gina",
    }  # fmt: skip


def test_names_of_this_machine_are_those_of_its_environment() -> None:
    told = {"USER": "ann", "HOME": f"{HOME}/ann/", "PATH": "/bin", "USERPROFILE": f"{ROOT}"}
    names = {"ann", f"{HOME}/ann", "box.local", "box"}
    assert machine_names(told, "box.local", "root") == names


def test_words_go_wherever_they_stand() -> None:
    redactor = Redactor(finders=[Words(["ab", ""])])
    assert redactor.pieces(["xa", "b.cab"], 80) == [f"x{DOT}", f"{DOT}.c{DOT}{DOT}"]
