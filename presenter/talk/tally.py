"""Which questions come up where, and how often, over all talks. Pure.

Two questions are the same where their wordings are, but for case, blanks, quotes and the sign at
the end (`deck.questions.question_key`); a prepared question has as many wordings as were written
down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from presenter.deck.questions import Prepared, question_key
from presenter.talk.history import QuestionRecord, TalkRecord

PREPARED, GIVEN, OPEN = "prepared", "given", ""
"""Where the answer to a question stands: in the file (or what the file had when it was asked), in
what the speaker wrote down after a talk, or nowhere."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question."""

    question: str
    tags: tuple[str, ...]
    counts: tuple[int, ...]
    """How often at each of the tally's venues."""
    answered: str
    """`PREPARED`, `GIVEN` or `OPEN`."""
    as_of: str = ""
    """Of the prepared answer."""
    given: str = ""
    """The answer that was written down after a talk; of several, that of the last one."""

    @property
    def count(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Tally:
    """The most frequent first; of those as frequent, the ones without an answer."""

    venues: tuple[str, ...]
    """In the order of their first talks."""
    rows: tuple[Row, ...]
    talks: int
    """How many it is made of."""


def venue_of(record: TalkRecord) -> str:
    """What a talk is called here: its event, else its place, else its day."""
    facts = (record.fact(name).strip() for name in ("event", "place", "date"))
    return next((fact for fact in facts if fact), record.wall[:10] or record.name)


def tally(records: Iterable[TalkRecord], prepared: Sequence[Prepared]) -> Tally:
    """Count over all talks; rehearsals have no audience and do not count.

    Of prepared questions of one wording, the first that has an answer is taken. Those that nobody
    has asked yet are there too.
    """
    talks = sorted(
        (one for one in records if not one.purpose), key=lambda one: (one.wall, one.name)
    )
    venues = tuple(dict.fromkeys(venue_of(one) for one in talks))
    entries = _Entries(prepared)
    for record in talks:
        for question in record.questions:
            if record.anonymous and not question.prepared:
                continue  # its words are gone: it is like no other
            entries.count(question, venue_of(record))
    rows = [entry.row(venues) for entry in entries.all]
    rows.sort(key=lambda row: (-row.count, row.answered != OPEN))
    return Tally(venues, tuple(rows), len(talks))


def only_open(whole: Tally) -> Tally:
    """The questions alone that have no answer anywhere."""
    return Tally(whole.venues, tuple(row for row in whole.rows if not row.answered), whole.talks)


@dataclass(slots=True)
class _Entry:
    question: str
    tags: dict[str, None] = field(default_factory=dict)
    venues: Counter[str] = field(default_factory=Counter)
    answer: bool = False
    as_of: str = ""
    given: str = ""

    def row(self, venues: Sequence[str]) -> Row:
        answered = PREPARED if self.answer else GIVEN if self.given else OPEN
        counts = tuple(self.venues[venue] for venue in venues)
        return Row(self.question, tuple(self.tags), counts, answered, self.as_of, self.given)


class _Entries:
    """The questions, by the keys of all of their wordings."""

    def __init__(self, prepared: Iterable[Prepared]) -> None:
        self.all: list[_Entry] = []
        self._by_key: dict[str, _Entry] = {}
        for one in sorted(prepared, key=lambda one: not one.answer):
            keys = [key for key in map(question_key, one.wordings) if key]
            known = [self._by_key[key] for key in keys if key in self._by_key]
            entry = known[0] if known else self._new(one.question)
            for key in keys:
                self._by_key.setdefault(key, entry)
            entry.tags |= dict.fromkeys(one.tags)
            if not entry.answer:
                entry.answer, entry.as_of = bool(one.answer), one.as_of

    def _new(self, question: str) -> _Entry:
        self.all.append(_Entry(question))
        return self.all[-1]

    def count(self, asked: QuestionRecord, venue: str) -> None:
        key = question_key(asked.text)
        if not key:  # nothing is left of it in a journal that was made anonymous
            return
        if key not in self._by_key:
            self._by_key[key] = self._new(asked.text)
        entry = self._by_key[key]
        entry.venues[venue] += 1
        entry.tags |= dict.fromkeys(asked.tags)
        if asked.answer and not entry.answer:
            entry.answer, entry.as_of = True, asked.as_of
        entry.given = asked.given or entry.given
