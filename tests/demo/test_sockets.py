"""Where talks listen, and which of them is found."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from presenter.demo.sockets import (
    LONGEST,
    find_talk,
    new_place,
    run_folder,
    running_talks,
    talks_of,
)
from presenter.demo.store import STATE_VARIABLE, deck_id
from presenter.errors import PresenterError

Patch = pytest.MonkeyPatch


@pytest.fixture
def state(monkeypatch: Patch) -> Iterator[Path]:
    """A folder for the state whose path is short enough for a socket's address."""
    with tempfile.TemporaryDirectory(prefix="p-") as folder:
        monkeypatch.setenv(STATE_VARIABLE, folder)
        yield Path(folder)


@contextlib.contextmanager
def listening(path: Path) -> Iterator[None]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(8)
        yield


def dead_process() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait(30)
    return process.pid


def test_a_socket_stands_in_a_private_folder(state: Path) -> None:
    deck = state / "My Talk.md"
    place = new_place(deck)
    assert place.socket == state / "run" / f"{deck_id(deck)}-{os.getpid()}.sock"
    assert place.pointer is None
    assert stat.S_IMODE(place.socket.parent.stat().st_mode) == 0o700


def test_the_users_own_runtime_folder_is_taken(state: Path, monkeypatch: Patch) -> None:
    runtime = state / "runtime"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    assert run_folder() == state / "run"  # the state's folder is named, so it holds everything
    monkeypatch.delenv(STATE_VARIABLE)
    assert run_folder() == runtime / "presenter"
    runtime.chmod(0o755)
    assert run_folder().name == "run"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(state / "absent"))
    assert run_folder().name == "run"


def test_a_folder_that_others_may_enter_is_not_used(state: Path) -> None:
    (state / "run").mkdir(mode=0o755)
    with pytest.raises(PermissionError):
        new_place(state / "talk.md")
    assert not list(running_talks())


def test_a_path_that_is_too_long_is_replaced_and_still_found(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    monkeypatch.setenv(STATE_VARIABLE, str(deep))
    place = new_place(tmp_path / "talk.md")
    assert place.pointer is not None
    assert len(os.fsencode(place.socket)) <= LONGEST
    assert stat.S_IMODE(place.socket.parent.stat().st_mode) == 0o700
    assert not list(running_talks())  # nobody listens there yet
    with listening(place.socket):
        assert find_talk(tmp_path / "talk.md").socket == place.socket
    place.remove()
    assert not place.socket.parent.exists()
    assert not list((deep / "run").iterdir())


def test_the_newest_talk_is_meant_or_the_one_of_the_deck(state: Path) -> None:
    folder = new_place(state / "x.md").socket.parent
    paths = {name: folder / f"{deck_id(state / name)}-{os.getpid()}.sock" for name in ("a", "b")}
    with listening(paths["a"]), listening(paths["b"]):
        os.utime(paths["a"], (100, 100))
        os.utime(paths["b"], (200, 200))
        assert find_talk().socket == paths["b"]
        assert find_talk(state / "a").socket == paths["a"]
        assert [talk.socket for talk in talks_of("")] == [paths["b"], paths["a"]]


def test_where_no_talk_is_running_it_is_said_what_to_do(state: Path) -> None:
    with pytest.raises(PresenterError, match=r"no talk to attach to \(begin it with"):
        find_talk()
    with pytest.raises(PresenterError, match=r"no talk of .*x\.md to attach to"):
        find_talk(state / "x.md")


def test_a_socket_on_which_nobody_listens_is_no_talk(state: Path) -> None:
    place = new_place(state / "talk.md")
    with listening(place.socket):
        pass
    assert [talk.socket for talk in running_talks()] == [place.socket]  # its process is there
    with pytest.raises(PresenterError):
        find_talk()


def test_what_dead_processes_have_left_is_taken_away(state: Path, tmp_path: Path) -> None:
    folder = new_place(state / "talk.md").socket.parent
    dead = dead_process()
    left = folder / f"talk-1-{dead}.sock"
    with listening(left):
        pass
    short = tmp_path / "presenter-abc"
    short.mkdir(mode=0o700)
    (short / "talk.sock").touch()
    (folder / f"talk-2-{dead}.at").write_bytes(os.fsencode(short / "talk.sock"))
    (folder / f"talk-3-{dead}.at").write_bytes(b"")
    (folder / "notes.txt").touch()
    assert not list(running_talks())
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    assert not short.exists()


@pytest.mark.parametrize("name", ["precious/talk.sock", "presenter-x/other", "precious"])
def test_a_pointer_to_something_else_removes_nothing_of_it(
    state: Path, tmp_path: Path, name: str
) -> None:
    folder = new_place(state / "talk.md").socket.parent
    kept = tmp_path / name
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    kept.write_text("precious")
    (folder / f"talk-{dead_process()}.at").write_bytes(os.fsencode(kept))
    assert not list(running_talks())
    assert kept.read_text() == "precious"
    assert not list(folder.iterdir())


def test_nobody_elses_socket_is_talked_to(state: Path, monkeypatch: Patch) -> None:
    place = new_place(state / "talk.md")
    with listening(place.socket):
        assert find_talk()
        mine = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
        with pytest.raises(PresenterError):
            find_talk()


def test_a_file_in_place_of_a_socket_is_not_talked_to(state: Path) -> None:
    place = new_place(state / "talk.md")
    place.socket.write_text("no socket")
    assert not list(running_talks())
