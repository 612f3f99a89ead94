"""The files in a deck's folder that its commands name, and their digests."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from presenter.deck.paths import PathRefused, inside

MAX_FILES = 500
MAX_FOLDERS = 20
MAX_FILE = 64 * 1024 * 1024
"""Bytes of a file that are hashed; a deck that names a larger one cannot be trusted."""

_WORD = re.compile(r"(?:\\.|[^\s'\"`;&|<>(){}$=\\])+")
_QUOTED_WORD = re.compile(r"(['\"])([^'\"\n]+)\1")
_ROOTED = re.compile(r"\$\{?\w+\}?/")
"""A variable that a path begins with, such as `$PWD/`."""
_WRITTEN = re.compile(r"(?<![<>&-])>{1,2}\|?\s*(['\"]?)([^\s'\";&|<>()$`]+)\1")
"""What a command writes by redirecting its output."""
_CHANGED_FOLDER = re.compile(r"\b(?:cd|pushd)\s+['\"]?([^\s'\";&|)]+)")


class FileRefused(Exception):  # noqa: N818 - says what is wrong with the deck, not with us
    """A file that the deck names cannot be hashed."""


def named_files(texts: Iterable[str], root: Path, folder: Path) -> tuple[tuple[str, str], ...]:
    """The files that texts name below `root`, seen from it or from `folder`: (name, SHA-256).

    Sorted by name, which is relative to the root. Files that the texts themselves write, by
    redirecting an output, are none of them: they are what the commands make of them. Raises
    FileRefused.
    """
    found: dict[str, str] = {}
    texts = tuple(texts)
    written_ones = {match[2] for text in texts for match in _WRITTEN.finditer(text)}
    real_root = root.resolve()
    bases = {folder: None, root: None}
    for written in texts:
        text = _ROOTED.sub(" ", written)
        for name in _CHANGED_FOLDER.findall(text):
            for base in (*bases,) if len(bases) < MAX_FOLDERS else ():
                if (inner := _named(root, base, name)) is not None and inner.is_dir():
                    bases[inner] = None
        for word in _words(text):
            for base in bases if word not in written_ones else ():
                path = _named(root, base, word)
                if path is None or not path.is_file():
                    continue
                if (name := path.resolve().relative_to(real_root).as_posix()) not in found:
                    found[name] = hash_file(path, name)
                    if len(found) > MAX_FILES:
                        raise FileRefused(f"its commands name more than {MAX_FILES} files")
    return tuple(sorted(found.items()))


def _words(text: str) -> Iterator[str]:
    """What might be a file's name in a command: its words, and what stands in quotes."""
    yield from (word.replace("\\", "") for word in _WORD.findall(text))
    yield from (match[2] for match in _QUOTED_WORD.finditer(text))


def _named(root: Path, base: Path, word: str) -> Path | None:
    """What a word names below the root, if anything is there."""
    try:
        if not os.path.exists(os.path.join(base, word)):  # noqa: PTH110, PTH118 — most are none
            return None
        return inside(root, base, word)
    except (PathRefused, OSError, ValueError):
        return None


def hash_file(path: Path, name: str) -> str:
    """The SHA-256 of a file, in hexadecimal; raises FileRefused, which calls it `name`."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(handle, "rb") as file:  # noqa: PTH123 — by its handle: looked at and read as one
            told = os.fstat(handle)
            if not stat.S_ISREG(told.st_mode):
                raise FileRefused(f"{name} is no file any more")
            if told.st_size > MAX_FILE:
                raise FileRefused(f"{name} is larger than {MAX_FILE >> 20} MiB")
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileRefused(f"{name} cannot be read: {error.strerror}") from error
