"""Finds prepared questions by what somebody types while a question is being asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from presenter.deck.questions import LONGEST_TAG, Prepared
from presenter.demo.wordsearch import WordIndex

_TAG = re.compile(rf"(?:^|\s)#([\w-]{{1,{LONGEST_TAG}}})\s*\Z")


def split_tag(typed: str) -> tuple[str, str]:
    """A question as it is typed, and its tag: `#word` at its end."""
    found = _TAG.search(typed)
    text = typed[: found.start()] if found is not None else typed
    return text.strip(), found[1] if found is not None else ""


class QuestionIndex:
    """The words of prepared questions, of their tags and of their answers."""

    def __init__(self, prepared: Sequence[Prepared]) -> None:
        heads = [" ".join((*one.wordings, *one.tags)) for one in prepared]
        self._index = WordIndex(heads, [one.answer for one in prepared])

    def find(self, typed: str) -> list[int]:
        """The numbers of the questions that match, the best first; without words, all of them."""
        text, tag = split_tag(typed)
        return self._index.find(text or tag)
