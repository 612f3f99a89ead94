"""What the processes that ask for a step have in common."""

from __future__ import annotations

import os
import threading


def end_with_the_input() -> None:
    """From here on, the process ends when its input does: nobody listens any more."""
    threading.Thread(target=_wait, daemon=True).start()


def _wait() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)
