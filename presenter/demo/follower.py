"""The speaker's end of the talk's socket: follows what is said, sends presses, comes back."""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from presenter.deck.questions import LONGEST_TAG, Prepared, question_key
from presenter.demo.sockets import Talk, talks_of
from presenter.demo.wire import (
    ASKED,
    LONGEST_PRESS,
    LONGEST_STATE,
    NOTHING_SEEN,
    QUESTION,
    WireError,
    decode_message,
    encode_press,
)
from presenter.layout.speakerstate import SpeakerState
from presenter.layout.text import one_line
from presenter.talk.planning import MOST_QUESTION

PATIENCE = 600.0
"""Seconds for which a talk that has gone without an end is looked for: it may be resumed."""
RETRY_SECONDS = 0.5
CONNECT_SECONDS = 2.0
MOST_PRESSES = 40
"""In a second, below what the talk cuts a screen for: a key that is held must not part them."""


class Standing(Enum):
    """How this end stands to the talk."""

    SEEKING = "seeking"
    FOLLOWING = "following"
    ENDED = "ended"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class _Pending:
    """A question of which the talk has not said yet that it has it."""

    text: str
    tag: str = ""
    prepared: bool = False

    def kept(self, state: SpeakerState) -> bool:
        """Whether `state` says that the journal has it."""
        if self.prepared:
            return self.text in state.asked
        tags = state.last_tags or ("",) * len(state.last_questions)
        return (self.text, self.tag) in zip(state.last_questions, tags, strict=False)


class Follower:
    """Knows the last that was said."""

    def __init__(self, talk: Talk, patience: float = PATIENCE) -> None:
        self.standing = Standing.SEEKING
        self.state: SpeakerState | None = None
        self.slides: tuple[str, ...] = ()
        self.prepared: tuple[Prepared, ...] = ()
        self.heard = 0.0
        """When the talk was heard last, by `time.monotonic`."""
        self.on_change: Callable[[], None] = lambda: None
        self._talk = talk
        self._patience = patience
        self._number = 0
        self._ended = False
        self._writer: asyncio.StreamWriter | None = None
        self._presses: deque[float] = deque(maxlen=MOST_PRESSES)
        self._questions: list[_Pending] = []
        self._told: _Pending | None = None
        """The one that was sent last over this connection."""
        self._knows_prepared = False
        """Whether the talk has said over this connection which ones it is prepared for."""

    async def follow(self) -> None:
        """Until the talk has ended, or has not been heard for long.

        Raises VersionError where the talk is given by another version of the program.
        """
        self.heard = time.monotonic()
        places = [self._talk]
        while True:
            for talk in places:
                if await self._listen(talk):
                    break
            if self._ended:
                self._stand(Standing.ENDED)
                return
            if time.monotonic() - self.heard > self._patience:
                self._stand(Standing.GONE)
                return
            self._stand(Standing.SEEKING)
            await asyncio.sleep(RETRY_SECONDS)
            places = talks_of(self._talk.deck)

    def send(self, cmd: str, *, seen: int = NOTHING_SEEN, slide: int = 0, **words: str) -> bool:
        """Send a press with its texts; False where nobody takes it now, or it is too much."""
        now = time.monotonic()
        full = len(self._presses) == MOST_PRESSES and now - self._presses[0] < 1.0
        line = encode_press(cmd, seen, slide, **words)
        if self._writer is None or full or len(line) > LONGEST_PRESS:  # the talk would hang up
            return False
        self._presses.append(now)
        self._writer.write(line)
        return True

    def note_question(self, text: str, tag: str = "") -> bool:
        """Send a question until the talk says that it is kept; False where there is none in `text`.

        Whatever happens to the talk meanwhile, no question is lost.
        """
        words = one_line(text).strip()[:MOST_QUESTION].rstrip()
        if words:
            self._questions.append(_Pending(words, one_line(tag).strip()[:LONGEST_TAG].rstrip()))
            self._tell_question()
        return bool(words)

    def mark_asked(self, question: str) -> None:
        """Say that a prepared question was asked, in the same way: once, whatever happens."""
        if question not in self.asked:
            self._questions.append(_Pending(question, prepared=True))
            self._tell_question()

    @property
    def asked(self) -> frozenset[str]:
        """The prepared questions that were asked, also those of which the talk has yet to hear."""
        known = self.state.asked if self.state is not None else ()
        return frozenset(known) | {one.text for one in self._questions if one.prepared}

    def _tell_question(self) -> None:
        """The first that the talk does not have yet; the next one when it has that."""
        while self._questions and self.state is not None and self._questions[0].kept(self.state):
            del self._questions[0]
        if not self._questions or self._questions[0] == self._told:
            return
        first = self._questions[0]
        if first.prepared and not self._knows_prepared:
            return
        if self.send(ASKED if first.prepared else QUESTION, text=first.text, tag=first.tag):
            self._told = first

    def _take_prepared(self, prepared: tuple[Prepared, ...]) -> None:
        """The talk has said which questions it is prepared for.

        One that was marked and is not among them any more is written down instead. It is told
        when the state has come that follows: that may say that the talk has it already.
        """
        self.prepared = prepared
        self._knows_prepared = True
        known = {question_key(one.question) for one in prepared}
        self._questions = [
            _Pending(one.text) if one.prepared and question_key(one.text) not in known else one
            for one in self._questions
        ]
        if self._told is not None and self._told.prepared:
            self._told = None  # it may have been refused

    async def _listen(self, talk: Talk) -> bool:
        """Hear a talk to its end or its loss; False where it could not be reached."""
        opening = asyncio.open_unix_connection(os.fspath(talk.socket), limit=LONGEST_STATE)
        try:
            reader, writer = await asyncio.wait_for(opening, CONNECT_SECONDS)
        except (OSError, TimeoutError):
            return False
        self._writer, self._number = writer, 0
        self._told, self._knows_prepared = None, False
        try:
            while line := await reader.readline():
                self._take(line)
        except (OSError, ValueError):  # ValueError: a line beyond the limit
            pass
        finally:
            self._writer = None
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        return True

    def _take(self, line: bytes) -> None:
        try:
            message = decode_message(line)
        except WireError:
            if not line.endswith(b"\n"):
                return  # cut off in the middle by the talk's end
            raise
        self.heard = time.monotonic()
        if message.kind == "end":
            self._ended = True
        elif message.kind == "slides":
            self.slides = message.slides
        elif message.kind == "questions":
            self._take_prepared(message.questions)
        elif message.number > self._number:
            self._number = message.number
            self.state = message.state
            self.standing = Standing.FOLLOWING
            self._tell_question()
            self.on_change()

    def _stand(self, standing: Standing) -> None:
        if self.standing is not standing:
            self.standing = standing
            self.on_change()
