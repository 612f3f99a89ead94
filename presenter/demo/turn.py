"""One thing at a time: a task that takes the place of the one before it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine


class Turn:
    """Without an event loop (a picture is being made) nothing is done: time stands still."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def start(self, coroutine: Coroutine[None, None, None]) -> None:
        """Do this, and no more what was done before."""
        self.stop()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            coroutine.close()
        else:
            self._task = loop.create_task(coroutine)

    def stop(self) -> None:
        """Do nothing more."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    def over(self) -> None:
        """From what is done, as its last act: there is nothing to stop any more."""
        self._task = None
