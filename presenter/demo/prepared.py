"""The prepared questions of the talk that is given: read beside it, looked up when one is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from presenter.deck.questions import Prepared, Questions, question_key, read_questions
from presenter.errors import DeckError
from presenter.talk.commands import MarkAsked


class PreparedQuestions:
    """What the file beside the deck holds; None until it has been read for the first time."""

    def __init__(self, report: Callable[[Exception], None]) -> None:
        self.found: Questions | None = None
        """Another object each time that the file is read."""
        self._report = report
        self._by_key: dict[str, Prepared] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def all(self) -> Sequence[Prepared]:
        return self.found.prepared if self.found is not None else ()

    def begin(self, deck: Path) -> None:
        """Read the file while the talk goes on; to be called in its loop."""
        self._task = asyncio.get_running_loop().create_task(self.read(deck))

    async def read(self, deck: Path) -> None:
        """Read the file of the deck at `deck` in a thread; never raises."""
        try:
            found = await asyncio.to_thread(read_questions, deck)
        except Exception as error:  # noqa: BLE001 — a talk needs no prepared questions
            self._report(error)
            found = Questions()
        for problem in found.problems[:1]:  # the first says enough; `presenter check` says all
            self._report(DeckError(str(problem)))
        self.found = found
        self._by_key = {
            question_key(words): one for one in found.prepared for words in one.wordings
        }

    def named(self, question: str) -> Prepared | None:
        """The one with this wording, or None."""
        return self._by_key.get(question_key(question))

    def mark(self, question: str) -> MarkAsked | None:
        """The command that marks a question as asked; None where there is no such question.

        What the journal will hold of it comes from the file, whoever asks for it.
        """
        one = self.named(question)
        if one is None:
            return None
        return MarkAsked(one.question, one.answer, one.as_of, one.tags)
