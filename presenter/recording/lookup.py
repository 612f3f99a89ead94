"""Which file is a demo's recording (see "Recordings" of the deck format)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from presenter.deck.model import Demo, DemoKind
from presenter.deck.paths import PathRefused, inside

FOLDER = "recordings"
SUFFIXES = (".cast", ".cast.gz")
_SUFFIXES = {
    DemoKind.SHELL: SUFFIXES,
    DemoKind.HTTP: (".har",),
    DemoKind.KUBERNETES: (".jsonl",),
}
"""Of the recordings of each kind of demo; the first one is what is written."""


def find_recording(
    deck_root: Path,
    deck_stem: str,
    recordings_dir: str,
    demo: Demo,
    os_name: str,
    user_dir: Path | None = None,
    *,
    user_first: bool = False,
) -> Path | None:
    """The recording that `demo` would use, or None.

    `recordings_dir` is the front matter's `recordings` (empty: the deck's stem), `user_dir` the
    user's own folder of recordings, for decks that are read-only: `user_first` where this one is.
    `os_name` is the machine's, as in `+os:`; a variant made for another system keeps its own. Paths
    that lead out are not followed.
    """
    if demo.kind is DemoKind.CAST:
        bases = (Path(demo.place.file).absolute().parent, deck_root)
        return next(filter(None, (_file(deck_root, base, demo.recording) for base in bases)), None)
    suffixes = _SUFFIXES.get(demo.kind, ())
    folder, name = recordings_dir or deck_stem, demo.name
    if demo.recording:
        folder, _, name = demo.recording.rpartition("/")
        folder = folder or recordings_dir or deck_stem
    roots = (deck_root / FOLDER, user_dir)
    for root in reversed(roots) if user_first else roots:
        if root is not None:
            for written in _names(folder, name, demo.os or os_name, suffixes):
                found = _file(root, root, written)
                if found is not None:
                    return found
    return None


def new_recording(root: Path, folder: str, demo: Demo, os_name: str) -> Path:
    """Where in `root` a recording must be written to be the demo's own from then on.

    Raises PathRefused where that would be elsewhere. `folder` is the deck's own in `root`.
    """
    suffixes = _SUFFIXES.get(demo.kind, SUFFIXES)
    for written in _names(folder, demo.name, demo.os or os_name, suffixes):
        if _file(root, root, written) is not None:
            return inside(root, root, written.removesuffix(".gz"))
    system = f".{demo.os}" if demo.os else ""
    return inside(root, root, f"{folder}/{demo.name}{system}{suffixes[0]}")


def is_writable(folder: Path) -> bool:
    """Whether a file can be made in the folder, which need not be there yet."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK)


def _names(folder: str, name: str, os_name: str, suffixes: Sequence[str]) -> Iterator[str]:
    """The more exact name first."""
    for stem in (f"{name}.{os_name}", name) if os_name else (name,):
        for suffix in suffixes:
            yield f"{folder}/{stem}{suffix}"


def _file(root: Path, base: Path, written: str) -> Path | None:
    try:
        path = inside(root, base, written)
        return path if path.is_file() else None
    except (PathRefused, OSError):
        return None
