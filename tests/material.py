"""Decks, casts and terminal recordings of other projects, read by the compatibility tests.

They are not in this repository, because they are other people's work. The tests look for them in
the folder that `PRESENTER_MATERIAL` names, or else in `shared` beside the checkout, and are skipped
with the reason where there is none.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def material(name: str) -> Path:
    """The file or folder `name` of the material; skips the test that asks for what is absent."""
    root = Path(os.environ.get("PRESENTER_MATERIAL") or ROOT.parent / "shared")
    path = root / name
    if not path.exists():
        pytest.skip(f"no {name} in {root} (set PRESENTER_MATERIAL)", allow_module_level=True)
    return path
