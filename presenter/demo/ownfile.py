"""Files of the program's state that must be the user's own: read with doubt, replaced whole."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path


def read_own(path: Path, most: int) -> bytes:
    """The file's bytes; raises ValueError where somebody else may have written them.

    That is said as what is odd about the file. More than `most` bytes are odd, too. Raises OSError.
    """
    handle = os.open(
        path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    )
    with open(handle, "rb") as file:  # noqa: PTH123 — by its handle: looked at and read as one
        told = os.fstat(handle)
        if not stat.S_ISREG(told.st_mode):
            raise ValueError("is not a file")
        if hasattr(os, "getuid") and (told.st_uid != os.getuid() or told.st_mode & 0o022):
            raise ValueError("others may write it")
        data = file.read(most + 1)
    if len(data) > most:
        size = f"{most >> 20} MiB" if most >> 20 else f"{most >> 10} KiB"
        raise ValueError(f"is larger than {size}")
    return data


def replace_own(path: Path, data: bytes) -> None:
    """Put a file in the place of the one at `path`, if there is one; raises OSError.

    A crash leaves the old one or the new one.
    """
    import tempfile  # not needed where it is only read, before the first frame

    # Made with mode 0600, in the folder that it stays in.
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 — by its handle
            file.write(data)
            file.flush()
            os.fsync(handle)
        os.replace(name, path)  # noqa: PTH105 — both are plain names
    except BaseException:
        with suppress(OSError):
            os.unlink(name)  # noqa: PTH108
        raise
