"""Finds lines by the words that somebody types: questions, slides, commands.

Word by word, each in time that grows with its length alone: a match of letters over a whole line
may take minutes where the line is long, and the next key would wait for it.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Sequence

ENOUGH = 0.7
"""So much of what is typed must be found, by its letters: people type "the" where none stands.

The letters of a word that stands in nearly every line count for little.
"""
LONGEST_WORD = 24
MOST_WORDS = 12
"""Of what is typed; each costs 4 ms in the largest file of questions, and the next key waits."""
LEAST_INSIDE = 3
"""Letters from which on a word is also looked for within others, and with letters left out."""
ALIKE = 0.6
"""So much of the longer of two words begins alike where they are forms of one."""
LEAST_MISTYPED = 5
MOST_MISTYPED = 5000
"""Words of all lines up to which a mistyped one is looked for among them: it takes a while."""
MOST_LOOKED_UP = 500
EXACT, BEGINS, WITHIN, LOOSE = 1.0, 0.9, 0.7, 0.4
BEHIND = 0.5
"""Of what the same word counts in the line itself."""

Near = dict[str, float]
"""Words of the lines that a typed one may stand for, and how surely each."""
_WORD = re.compile(r"\w+")


class WordIndex:
    """The words of lines, each with a text behind it that counts for less."""

    def __init__(self, heads: Sequence[str], texts: Sequence[str] = ()) -> None:
        """`texts`: as many as there are heads, or none."""
        self._heads = [_words(head) for head in heads]
        self._texts = [_words(text) for text in texts] or [frozenset[str]()] * len(heads)
        self._vocabulary = sorted(set().union(*self._heads, *self._texts))
        self._looked_up: dict[str, Near] = {}

    def find(self, typed: str) -> list[int]:
        """The numbers of the lines that match, the best first; without words, all of them."""
        words = [word[:LONGEST_WORD] for word in _WORD.findall(typed.casefold())]
        if not words:
            return list(range(len(self._heads)))
        words = words[:MOST_WORDS]
        near = {word: self._near(word) for word in words}
        weights = [len(word) * self._rarity(near[word]) for word in words]
        scores = [
            self._score(n, [near[word] for word in words], weights) for n in range(len(self._heads))
        ]
        found = [n for n, score in enumerate(scores) if score]
        return sorted(found, key=lambda n: -scores[n])

    def _near(self, word: str) -> Near:
        """The words of the lines that it may stand for, and how surely.

        Each key asks for all that was typed before it as well: that is looked up once.
        """
        if word not in self._looked_up:
            if len(self._looked_up) >= MOST_LOOKED_UP:
                self._looked_up.clear()
            self._looked_up[word] = self._look_up(word)
        return self._looked_up[word]

    def _look_up(self, word: str) -> Near:
        near = {one: score for one in self._vocabulary if (score := _likeness(word, one))}
        if not near and len(word) >= LEAST_MISTYPED and len(self._vocabulary) <= MOST_MISTYPED:
            close = difflib.get_close_matches(word, self._vocabulary, 5, 0.8)
            near = dict.fromkeys(close, LOOSE)
        return near

    def _rarity(self, near: Near) -> float:
        """1 for a word that stands nowhere, near 0 for one that is in every line."""
        count = sum(not near.keys().isdisjoint(head) for head in self._heads)
        return 1 - count / (len(self._heads) + 1)

    def _score(self, n: int, near: Sequence[Near], weights: Sequence[float]) -> float:
        score = found = 0.0
        for words, weight in zip(near, weights, strict=True):
            best = max(_best(words, self._heads[n]), _best(words, self._texts[n], sure=True))
            score += best * weight
            found += weight if best else 0.0
        return score if found >= ENOUGH * sum(weights) else 0.0


def _words(text: str) -> frozenset[str]:
    return frozenset(word[:LONGEST_WORD] for word in _WORD.findall(text.casefold()))


def _best(near: Near, words: Iterable[str], *, sure: bool = False) -> float:
    """What the best of `words` counts; `sure`: in texts, where there are many words."""
    best = max((near.get(word, 0.0) for word in words), default=0.0)
    if not sure:
        return best
    return BEHIND * best if best > LOOSE else 0.0


def _likeness(typed: str, word: str) -> float:
    """How surely `typed` stands for `word`; 0: it does not."""
    if typed == word:
        return EXACT
    if word.startswith(typed):
        return BEGINS
    if len(typed) < LEAST_INSIDE:
        return 0.0
    if typed in word:
        return WITHIN
    if typed[0] != word[0]:
        return 0.0
    letters = iter(word)
    return LOOSE if all(one in letters for one in typed) or _is_akin(typed, word) else 0.0


def _is_akin(typed: str, word: str) -> bool:
    """Whether they begin alike and differ in their ends: `upgrading`, `upgraded`."""
    least = max(LEAST_MISTYPED - 1, math.ceil(max(len(typed), len(word)) * ALIKE))
    return typed[:least] == word[:least] and min(len(typed), len(word)) >= least
