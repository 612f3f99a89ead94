"""What goes over the speaker's socket: a line of JSON a message, each with its version.

To the speaker's screen:

    {"v":1,"kind":"state","number":7,"state":{…}}     everything, each time
    {"v":1,"kind":"slides","slides":["Why", …]}       the titles, on joining and when changed
    {"v":1,"kind":"questions","questions":[{…}, …]}   the prepared ones, once they are read
    {"v":1,"kind":"end"}                              the talk has ended in order

From it:

    {"v":1,"cmd":"next","seen":41}
    {"v":1,"cmd":"goto","slide":3}
    {"v":1,"cmd":"question","text":"Does it work with …?","tag":"infra"}
    {"v":1,"cmd":"asked","text":"a prepared question, by its heading"}
    {"v":1,"cmd":"key","text":"a","character":"a","mode":"pane"}

A state's number grows by one each time: of two, the larger one holds. Fields that a reader does not
know are passed over, those that are missing have their default values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import msgspec

from presenter.deck.questions import NOWHERE, Prepared
from presenter.errors import PresenterError
from presenter.layout.speakerstate import SpeakerState

VERSION = 1
LONGEST_PRESS = 64 * 1024
"""Bytes of a line from the speaker's screen."""
LONGEST_STATE = 8 * 1024 * 1024
"""Bytes of a line to it."""
GOTO, INTERRUPT, KEEP_TAKE, QUESTION = "goto", "interrupt", "keep_take", "question"
ASKED, QUESTION_TAKEN = "asked", "question_taken"
KEY, PASTE, FIND = "key", "paste", "find"
"""The commands with an argument, and those that no key of the stage has for its own.

All others are those of the table of keys.
"""
NOTHING_SEEN = -1
"""`seen` of a press that was made before the state at hand could be read."""


@dataclass(frozen=True, slots=True)
class Press:
    """What the speaker asks for."""

    v: int
    cmd: str
    seen: int = NOTHING_SEEN
    """`turned` of the state that the speaker had before his eyes."""
    slide: int = 0
    text: str = ""
    """A question to be written down, a key's name, what is pasted or looked for."""
    tag: str = ""
    """Of the question."""
    character: str = ""
    """What a key types."""
    mode: str = ""
    """Who had the keys (`SpeakerState.keys`) when the key was pressed, and"""
    at: str = ""
    """which pane or command that was (`keys_at`)."""


@dataclass(frozen=True, slots=True)
class Message:
    """What the talk says."""

    v: int
    kind: Literal["state", "slides", "questions", "end"]
    number: int = 0
    state: SpeakerState | None = None
    slides: tuple[str, ...] = ()
    questions: tuple[Prepared, ...] = ()


class WireError(PresenterError):
    """A line that is no message of ours."""


class VersionError(WireError):
    """A message of another version of the program."""


Kind = TypeVar("Kind", Press, Message)


def encode_state(number: int, state: SpeakerState) -> bytes:
    """A line; WireError where a text cannot be written."""
    return _line(Message(VERSION, "state", number, state))


def encode_slides(titles: tuple[str, ...]) -> bytes:
    """A line; WireError where a text cannot be written."""
    return _line(Message(VERSION, "slides", slides=titles))


def encode_questions(questions: tuple[Prepared, ...]) -> bytes:
    """A line without their places; WireError where a text cannot be written.

    A file of questions has 256 KiB at most: the line is shorter than what a screen may leave
    unread.
    """
    told = tuple(replace(one, place=NOWHERE) for one in questions)
    return _line(Message(VERSION, "questions", questions=told))


def encode_end() -> bytes:
    return _line(Message(VERSION, "end"))


def encode_press(cmd: str, seen: int = NOTHING_SEEN, slide: int = 0, **words: str) -> bytes:
    """A line; `words` are the texts of a press. WireError where one cannot be written."""
    return _line(Press(VERSION, cmd, seen, slide, **words))


def decode_press(line: bytes) -> Press:
    """Raises WireError for what is no press, VersionError for one of another version."""
    return _decoded(line, Press)


def decode_message(line: bytes) -> Message:
    """Raises WireError for what is no message, VersionError for one of another version."""
    message = _decoded(line, Message)
    if message.kind == "state" and message.state is None:
        raise WireError("a state without its fields")
    return message


def _line(message: Press | Message) -> bytes:
    try:
        return msgspec.json.encode(message) + b"\n"
    except UnicodeEncodeError as error:  # half a surrogate pair, from a file's name
        raise WireError(f"cannot be written as JSON: {error}") from error


def _decoded(line: bytes, kind: type[Kind]) -> Kind:
    try:
        found = msgspec.json.decode(line, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        if _version(line) != VERSION:
            raise VersionError("a message of another version") from error
        raise WireError(f"no message of ours: {error}") from error
    if found.v != VERSION:
        raise VersionError(f"a message of version {found.v}, not {VERSION}")
    return found


def _version(line: bytes) -> object:
    """The version that a line names, which cannot be read otherwise; ours where it names none."""
    try:
        read = msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return VERSION
    return read.get("v", VERSION) if isinstance(read, dict) else VERSION
