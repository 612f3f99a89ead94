"""Where the program keeps what it remembers: journals, trusted decks, sockets."""

from __future__ import annotations

import os
from pathlib import Path

STATE_VARIABLE = "PRESENTER_STATE_DIR"


def state_dir() -> Path:
    """The folder of this user's state; `PRESENTER_STATE_DIR` names another place."""
    named = os.environ.get(STATE_VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_state_path  # not needed where the variable is set

    return user_state_path("presenter", appauthor=False)
