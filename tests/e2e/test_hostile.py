"""What a recording may hold never reaches the terminal that the talk is given on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.console import Console, presenter_command
from tests.e2e.stage import open_talk
from tests.material import material

SEQUENCE = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    rb"|\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\|$)?"  # OSC, DCS, APC, PM, SOS
    rb"|\x1b[^\[\]P_^X]"
)
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def kinds(received: bytes) -> set[bytes]:
    """The escape sequences in the bytes: numbers are left out, but for those of modes."""
    found = set()
    for sequence in SEQUENCE.findall(received):
        mode = sequence[-1:] in b"hlpq$"
        found.add(sequence if mode else re.sub(rb"[0-9;:]+", b"", sequence))
    return found


def assert_harmless(received: bytes, allowed: set[bytes], name: str) -> None:
    new = kinds(received) - allowed
    assert not new, (name, new)
    plain = SEQUENCE.sub(b"", received)
    assert not re.search(rb"[\x00-\x07\x0b\x0c\x0e-\x1a\x1b-\x1f\x7f]", plain), name
    text = plain.decode("utf-8")  # strict: no half characters either
    assert not BIDI.search(text), name
    assert not re.search("[\x80-\x9f]", text), name


@pytest.fixture(scope="module")
def casts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a recording for each sequence, and `harmless.cast`."""
    script = material("conformance/make_hostile.py")
    folder = tmp_path_factory.mktemp("hostile")
    subprocess.run([sys.executable, str(script)], cwd=folder, check=True, capture_output=True)
    cases = json.loads((folder / "hostile.json").read_text("utf-8"))
    assert len(cases) == 39
    colours = "".join(f"\x1b[{code}mx" for code in (1, 3, 4, 7, 9, 31, 42, "38;5;9", "48;2;1;2;3"))
    cases.append({"name": "harmless", "data": f"plain {colours}\x1b[0m\r\n"})
    for case in cases:
        header = {"version": 2, "width": 80, "height": 24, "title": case["data"][:200]}
        events = [[0.1, "o", case["data"]], [0.11, "m", case["data"][:200]], [0.12, "o", "\r\nfin"]]
        lines = [json.dumps(line) for line in (header, *events)]
        (folder / f"{case['name']}.cast").write_text("\n".join(lines) + "\n")
    return folder


def names(casts: Path) -> list[str]:
    return sorted(path.stem for path in casts.glob("*.cast") if path.stem != "harmless")


def play(path: Path) -> bytes:
    """The bytes that `presenter play` sends to its terminal, from start to end."""
    with Console(
        [presenter_command(), "play", path.name],
        columns=100,
        rows=30,
        cwd=path.parent,
        env={"PRESENTER_CONFIG": os.devnull},
    ) as console:
        console.wait_text("ended")
        console.press("q")
        assert console.wait_end() == 0
        assert console.restored()
        return bytes(console.received)


@pytest.mark.parametrize("half", [0, 1])
def test_played_recordings_send_nothing_of_theirs(casts: Path, half: int) -> None:
    allowed = kinds(play(casts / "harmless.cast"))
    for name in names(casts)[half::2]:
        assert_harmless(play(casts / f"{name}.cast"), allowed, name)


def show_in_slides(casts: Path, folder: Path, shown: list[str]) -> bytes:
    """The bytes of a talk with a recording on each slide, each played to its end by skipping."""
    (folder / "recordings").mkdir(parents=True)
    slides = []
    for number, name in enumerate(shown, 1):
        (folder / "recordings" / f"{name}.cast").write_bytes((casts / f"{name}.cast").read_bytes())
        slides.append(f"# Number {number}\n\n```cast\npath: recordings/{name}.cast\n```\n")
    with open_talk(folder, text="\n---\n\n".join(slides), columns=100, rows=34) as console:
        for number in range(1, len(shown) + 1):
            console.wait_text(f"{number} / {len(shown)}")
            console.press("s")
            console.wait_text("▶ recorded")
            if number % 5:
                console.press("n")
            else:  # by playing it
                console.press("r", "n")
        console.press("ctrl+q")
        console.wait_text("End the talk?")
        console.press("y")
        assert console.wait_end() == 0
        assert console.restored()
        return bytes(console.received)


def test_recordings_in_slides_send_nothing_of_theirs(casts: Path, tmp_path: Path) -> None:
    allowed = kinds(show_in_slides(casts, tmp_path / "good", ["harmless", "harmless"]))
    received = show_in_slides(casts, tmp_path / "bad", names(casts))
    assert_harmless(received, allowed, "slides")


def test_a_deck_sends_nothing_of_its_own(casts: Path, tmp_path: Path) -> None:
    (tmp_path / "good").mkdir()
    (tmp_path / "bad").mkdir()
    cases = json.loads((casts / "hostile.json").read_text("utf-8"))
    data = [case["data"][:2000].encode("utf-8", "replace").decode() for case in cases]
    slides = "\n\n---\n\n".join(
        f"# Title {text}\n\ntext {text}\n\n```console\n$ echo {text}\n{text}\n```\n\n"
        f"<!-- notes: {text.replace('--', '')} -->"
        for text in data
    )
    received = []
    for folder, text in (
        ("good", "# One\n\ntext **bold** `code`\n\n---\n\n# Two"),
        ("bad", slides),
    ):
        with open_talk(tmp_path / folder, text=text, rows=40) as console:
            console.wait_text("1 / ")
            for _ in range(len(data) if folder == "bad" else 1):
                console.press("s", "n")
            console.press("g", "N")
            console.wait_text("Notes are private")
            console.press("y")
            console.wait_text("slide 1 of")
            console.press("o")
            while console.read(0.2):
                pass
            console.press("G", "enter")
            console.wait_text("private")
            console.press("ctrl+q")
            console.wait_text("End the talk?")
            console.press("y")
            assert console.wait_end() == 0
            received.append(bytes(console.received))
    assert_harmless(received[1], kinds(received[0]), "deck")
