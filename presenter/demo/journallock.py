"""The lock of a journal: one process writes it, and the system ends the lock with the process."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from presenter.errors import PresenterError

try:
    import fcntl
except ImportError:  # Windows has none: there a journal is written without a lock
    fcntl = None  # type: ignore[assignment]


def lock_file(path: Path) -> Path:
    """The file beside a journal that is locked for it."""
    return path.with_suffix(".lock")


def take_lock(path: Path) -> int:
    """A handle that holds the lock until it is closed.

    Raises PresenterError where another process has it, OSError where there can be none.
    """
    file = lock_file(path)
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if fcntl is None:
        return handle
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.read(handle, 20).decode("ascii", "replace").strip()
        os.close(handle)
        raise PresenterError(
            f"{path}: the talk is being given by process {holder or '?'}",
            "end that one first",
        ) from error
    except OSError:  # a file system without locks: better unlocked than without journal
        pass
    with suppress(OSError):  # the number is for people
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
    return handle


def in_use(path: Path) -> bool:
    """Whether a process writes the journal right now."""
    if fcntl is None:
        return False
    try:
        handle = os.open(lock_file(path), os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False
