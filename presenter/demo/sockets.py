"""Where a talk listens for the speaker's screen, and how that screen finds it.

`<run>/<deck>-<process>.sock`, where `<run>` is a folder of the user's alone: `presenter` in
`XDG_RUNTIME_DIR` where that is one, else `run` beside the journals. A path that is too long for a
socket's address is replaced by a short one in a folder of its own; a file `….at` then says where.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from presenter.demo.store import STATE_VARIABLE, deck_id, state_dir
from presenter.errors import PresenterError

LONGEST = 100
"""Bytes of a socket's path: the least of what systems take is 104, one of them the last zero."""
ANSWER_SECONDS = 1.0
SOCKET, POINTER = ".sock", ".at"
_NAME = re.compile(r"(?P<deck>.+)-(?P<process>\d{1,10})\.(?:sock|at)\Z")


@dataclass(frozen=True, slots=True)
class Place:
    """A socket's path, and the file that says so where it is not the one to be looked for."""

    socket: Path
    pointer: Path | None = None

    def remove(self) -> None:
        """Take away what is there; never raises."""
        with suppress(OSError):
            self.socket.unlink(missing_ok=True)
        if self.pointer is not None:
            with suppress(OSError):
                self.pointer.unlink(missing_ok=True)
            shutil.rmtree(self.socket.parent, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk that may be running."""

    deck: str
    """The deck's id."""
    socket: Path
    since: float


def new_place(deck: Path) -> Place:
    """Where this process's talk with `deck` is to listen; OSError where there is no such place.

    What processes that are no more have left is taken away first.
    """
    folder = run_folder()
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(exist_ok=True, mode=0o700)
    if not _is_private(folder):
        raise PermissionError(f"{folder}: not a folder of yours alone")
    for _ in running_talks():
        pass
    path = folder / f"{deck_id(deck)}-{os.getpid()}{SOCKET}"
    path.unlink(missing_ok=True)  # of a process that had our number
    if len(os.fsencode(path)) <= LONGEST:
        return Place(path)
    pointer = path.with_suffix(POINTER)
    short = Path(tempfile.mkdtemp(prefix="presenter-")) / f"talk{SOCKET}"
    pointer.write_bytes(os.fsencode(short))
    return Place(short, pointer)


def run_folder() -> Path:
    """The folder of the sockets; it may not be there yet."""
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    if named and not os.environ.get(STATE_VARIABLE) and _is_private(Path(named)):
        return Path(named) / "presenter"
    return state_dir() / "run"


def find_talk(deck: Path | None = None) -> Talk:
    """The newest talk of `deck`, or of any; PresenterError where none is running.

    Each is asked whether it listens, for at most `ANSWER_SECONDS`.
    """
    for talk in talks_of(deck_id(deck) if deck is not None else ""):
        if _answers(talk.socket):
            return talk
    what = f" of {deck}" if deck is not None else ""
    raise PresenterError(
        f"there is no talk{what} to attach to", "begin it with `presenter` in another terminal"
    )


def talks_of(deck: str) -> list[Talk]:
    """The talks of the deck with that id, or (for an empty one) all, the newest first."""
    talks = [talk for talk in running_talks() if not deck or talk.deck == deck]
    return sorted(talks, key=lambda talk: talk.since, reverse=True)


def running_talks() -> Iterator[Talk]:
    """The talks of processes that are there; what others have left is taken away."""
    folder = run_folder()
    if not _is_private(folder):
        return
    for path in sorted(folder.iterdir()):
        name = _NAME.match(path.name)
        if name is None:
            continue
        place = _place(path)
        if not _is_running(int(name["process"])):
            (place or Place(path)).remove()
        elif place is not None and _is_ours(place.socket, stat.S_ISSOCK):
            yield Talk(name["deck"], place.socket, _changed(path))


def _place(path: Path) -> Place | None:
    """What a name in the folder stands for; None where it is a file that says nothing."""
    if path.suffix == SOCKET:
        return Place(path)
    try:
        short = Path(os.fsdecode(path.read_bytes()[:LONGEST]))
    except OSError:
        return None
    # Nothing else is ever removed or connected to, whatever the file says.
    made_here = short.name == f"talk{SOCKET}" and short.parent.name.startswith("presenter-")
    return Place(short, path) if made_here and _is_private(short.parent) else None


def _answers(path: Path) -> bool:
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as connection:
        connection.settimeout(ANSWER_SECONDS)
        try:
            connection.connect(os.fspath(path))
        except OSError:
            return False
    return True


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # another user's, or no number of a process at all
        return True
    return True


def _is_private(folder: Path) -> bool:
    """Whether it is a folder of ours into which nobody else may look."""
    return _is_ours(folder, stat.S_ISDIR, others=0o077)


def _is_ours(path: Path, is_kind: Callable[[int], bool], others: int = 0) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    return is_kind(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & others


def _changed(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0
