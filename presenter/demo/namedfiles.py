"""The files that a trusted deck's commands name: whether they still are what they were.

A step that ran may have changed them by right, and so may the speaker's own hands: then they are
read anew, and what counts is how those have left them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from presenter.deck.deck import Deck
from presenter.deck.trust import Fingerprint, changed_files, files_now


class NamedFiles:
    """Of one talk; without trust there are none."""

    def __init__(self, trusted: Fingerprint | None) -> None:
        self._trusted = trusted
        self._left: Mapping[str, str] | None = None
        """Their digests as a step or the speaker has left them."""
        self._reading: asyncio.Task[None] | None = None

    async def changed(self, deck: Deck) -> tuple[str, ...]:
        """Those that somebody else has changed."""
        if self._trusted is None:
            return ()
        if self._reading is not None:
            await asyncio.wait({self._reading})
        return await asyncio.to_thread(changed_files, self._trusted, deck, self._left)

    def left(self, deck: Deck) -> None:
        """A trusted step has run, or the speaker has typed into a shell."""
        if self._trusted is not None and self._trusted.digest:
            reading = self._read(self._trusted, deck)
            self._reading = asyncio.get_running_loop().create_task(reading)

    async def _read(self, trusted: Fingerprint, deck: Deck) -> None:
        self._left = await asyncio.to_thread(files_now, trusted, deck)
