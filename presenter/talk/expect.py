"""Whether what a command printed is what the deck expects: lines, patterns, status words.

Lines are plain text, without escape sequences. Two lines agree when they are equal but for what
differs from run to run (ages, hashes, times, addresses, durations, blanks between columns) and for
what `...` in the expected line leaves open. Everything here takes time linear in a line's length,
and at most the product of the two texts' line counts.
"""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from presenter.deck.model import Step
from presenter.talk.fallback import Fault

LONGEST_LINE = 4096
"""Characters of a line that are looked at."""
MOST_LINES = 2000
"""Lines of an output that are matched against a transcript."""
PLAIN_LINE = 256
"""Characters of a line that are searched where only Python's own engine is there."""

WILDCARD = "..."
_LITERAL = "\\..."
_DOTS = "\ue000"  # stands for three literal dots while wildcards are looked for

_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_UNIT = "(?:ns|us|µs|ms|[smhdwy]|mins?|secs?|seconds?|minutes?|hours?|days?|weeks?)"
_VARIABLE = re.compile(
    # dates and times: ISO 8601, RFC 1123, syslog, clocks
    r"(?P<time>\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?(?:Z|[+-]\d\d:?\d\d)?"
    rf"|\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?(?:\d\d? (?:{_MONTHS})|(?:{_MONTHS}) {{1,2}}\d\d?)"
    r"(?: \d{4})?(?: \d\d:\d\d:\d\d)?(?: (?:GMT|UTC))?(?: \d{4})?"
    r"|\b\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)"
    # addresses: IPv4 with or without a port, IPv6 in brackets or with four groups or more
    r"|(?P<address>\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5}|/\d{1,2})?(?![\w.])"
    r"|\[[0-9a-fA-F:]{2,39}\](?::\d{1,5})?|\b(?:[0-9a-f]{1,4}:){3,7}:?[0-9a-f]{1,4}\b)"
    # the port of a node that Kubernetes chose
    r"|(?P<port>:3\d{4}(?=/(?:TCP|UDP)))"
    # hashes: UUIDs, digests, hexadecimal with a digit, the ends of a pod's name
    r"|(?P<hash>\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|(?<=[a-z0-9]-)(?=[a-z]{0,9}[0-9])[0-9a-z]{6,10}-[0-9a-z]{5}\b"
    r"|\b(?:sha256:)?(?=[0-9]{0,63}[a-f])(?=[a-f]{0,63}[0-9])[0-9a-f]{7,64}\b"
    r"|(?<=[a-z0-9]-)(?=[a-z]{0,4}[0-9])[bcdfghjklmnpqrstvwxz2456789]{5}\b)"
    # durations and ages
    rf"|(?P<age>(?<![\w.])\d{{1,9}}(?:\.\d{{1,9}})? ?{_UNIT}"
    rf"(?:\d{{1,9}}(?:\.\d{{1,9}})?{_UNIT}){{0,5}}(?!\w))"
)
_BLANKS = re.compile(r"\s+")

SAME_WORDS: tuple[frozenset[str], ...] = (
    frozenset(("running",)),
    frozenset(("completed", "succeeded")),
    frozenset(("created", "configured", "unchanged")),
    frozenset(("deleted",)),
    frozenset(("ready",)),
    frozenset(("active",)),
    frozenset(("bound",)),
    frozenset(("healthy",)),
    frozenset(("enabled",)),
    frozenset(("started",)),
    frozenset(("exposed",)),
    frozenset(("labeled",)),
    frozenset(("deployed",)),
    frozenset(("installed",)),
    frozenset(("passed", "ok")),
)
"""Words that say how something stands, those of one set as good as each other."""
_WORDS = {word: min(words) for words in SAME_WORDS for word in words}
_WORD = re.compile(r"[A-Za-z][A-Za-z-]*|\b(\d{1,4})/(\d{1,4})\b")
_HTTP = re.compile(r"HTTP/[0-9.]{1,3}\"? ([1-5]\d\d)\b|^\s*([1-5]\d\d)(?: [A-Z][A-Za-z ]*)?\s*$")
_SUBJECT = re.compile(r"\S+")


# --- lines ------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def normalise(line: str) -> str:
    """The line with what differs from run to run replaced by its kind, and single blanks."""
    line = _BLANKS.sub(" ", line[:LONGEST_LINE]).strip()
    return _VARIABLE.sub(lambda match: f"<{match.lastgroup}>", line)


def agrees(expected: str, line: str) -> bool:
    """Whether `line` is what `expected` says, in which `...` stands for anything."""
    exact, text = _pieces(expected), _BLANKS.sub(" ", _dotted(line)).strip()
    if _matches([normalise(piece) for piece in exact], normalise(text)):
        return True
    # A wildcard may stand within something that varies, as in `10.0.0....`.
    return len(exact) > 1 and _matches(exact, text)


def _matches(pieces: Sequence[str], text: str) -> bool:
    """Whether a text consists of the pieces in their order, and of anything between them."""
    if len(pieces) == 1:
        return pieces[0] == text
    head, *middle, tail = pieces
    at, end = len(head), len(text) - len(tail)
    if at > end or not text.startswith(head) or not text.endswith(tail):
        return False
    for piece in middle:
        at = text.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True


def _pieces(expected: str) -> list[str]:
    """The pieces of an expected line between its wildcards.

    Blanks beside a wildcard belong to it: columns are as wide as what stands in them.
    """
    pieces = expected[:LONGEST_LINE].replace(_LITERAL, _DOTS).split(WILDCARD)
    return [_BLANKS.sub(" ", piece).strip() for piece in pieces]


def _dotted(line: str) -> str:
    return line[:LONGEST_LINE].replace(WILDCARD, _DOTS)


def first_difference(transcript: Sequence[str], lines: Sequence[str]) -> int | None:
    """The line of the transcript (from 0) at which an output stops agreeing; None: it agrees.

    `...` alone on a line of the transcript stands for any number of lines, none among them. The
    transcript's length says that the output goes on where the transcript has ended.
    """
    lines = lines[:MOST_LINES]
    if _difference(transcript, lines) is None:
        return None
    return _difference(_trimmed(transcript), _trimmed(lines))  # blank lines at the end are nothing


def _difference(transcript: Sequence[str], lines: Sequence[str]) -> int | None:
    at, index = 0, 0
    while index < len(transcript) and transcript[index].strip() != WILDCARD:
        if at == len(lines) or not agrees(transcript[index], lines[at]):
            return index
        at, index = at + 1, index + 1
    while index < len(transcript):
        start = index + 1  # behind the wildcard
        index = start
        while index < len(transcript) and transcript[index].strip() != WILDCARD:
            index += 1
        section = transcript[start:index]
        last = index == len(transcript)
        found = _find(section, lines, at, from_end=last)
        if found is None:
            return start
        at = len(lines) if last else found + len(section)
    return None if at == len(lines) else len(transcript)


def _find(section: Sequence[str], lines: Sequence[str], at: int, *, from_end: bool) -> int | None:
    """Where the lines of `section` stand one after another, from line `at` on."""
    latest = len(lines) - len(section)
    for start in range(max(at, latest) if from_end else at, latest + 1):
        if all(agrees(want, lines[start + n]) for n, want in enumerate(section)):
            return start
    return None


def _trimmed(lines: Sequence[str]) -> Sequence[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return lines[:end]


# --- status words -----------------------------------------------------------------------------


def status_words(line: str) -> frozenset[str]:
    """What a line says of how its subject stands, equal for words of the same meaning.

    `Running`, `created` and the like; `2/2` where both numbers are equal, as `n/n`; the status of
    an HTTP response, in its first line or alone on a line.
    """
    found: set[str] = set()
    for match in _WORD.finditer(line[:LONGEST_LINE]):
        if match[1] is None:
            word = _WORDS.get(match[0].lower())
            if word is not None:
                found.add(word)
        elif match[1] == match[2] != "0":
            found.add("n/n")
    http = _HTTP.search(line[:LONGEST_LINE])
    if http is not None:
        found.add(http[1] or http[2])
    return frozenset(found)


def missing_words(transcript: Iterable[str], lines: Sequence[str]) -> tuple[str, ...]:
    """The status words of a transcript that an output lacks, in their order.

    Where the output has lines about the same subject (the first word, normalised), one of them has
    to say it; otherwise any line may: names change from version to version, and a difference in
    them alone is no failure.
    """
    said: dict[str, list[frozenset[str]]] = {}
    everywhere: set[str] = set()
    for line in lines:
        words = status_words(line)
        everywhere |= words
        said.setdefault(_subject(line), []).append(words)
    missing: dict[str, None] = {}
    for line in transcript:
        wanted = status_words(line)
        about = said.get(_subject(line))
        best = min((wanted - words for words in about), key=len) if about else wanted - everywhere
        missing.update(dict.fromkeys(sorted(best)))
    return tuple(missing)


def _subject(line: str) -> str:
    match = _SUBJECT.search(normalise(line))
    return match[0] if match else ""


# --- patterns ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pattern:
    """A deck's regular expression that can be matched in linear time."""

    source: str
    found_in: Callable[[str], bool]
    """Whether a line holds it; `^` and `$` are the line's ends."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A deck's regular expression that is not matched, and why; its expectation is not checked."""

    source: str
    reason: str


def compile_pattern(source: str) -> Pattern | Refused:
    """The pattern of an `expect`; never raises.

    RE2 matches it where it is installed. Without RE2 only patterns that cannot run away are taken:
    no look-around, no back-reference, no repeated group and at most one repeat; and only the first
    256 characters of a line are searched.
    """
    try:  # here, because only a deck with `expect` needs it
        re2 = importlib.import_module("re2")
    except ImportError:
        return _compile_plain(source)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 4 << 20
    try:
        compiled = re2.compile(source, options)
    except (re2.error, UnicodeError) as error:
        return Refused(source, _reason(error))

    def found_in(line: str) -> bool:
        text = line[:LONGEST_LINE].encode("utf-8", "replace").decode()  # lone surrogates
        return compiled.search(text) is not None

    return Pattern(source, found_in)


def _reason(error: Exception) -> str:
    told = error.args[0] if error.args else error
    return told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)


_ATOM = r"(?:\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[^\\\[()])"
_TOKEN = re.compile(
    rf"(?P<open>\((?!\?[^:])(?:\?:)?)|(?P<close>\)[*+?{{]?)|(?P<atom>{_ATOM})|.", re.S
)
_REPEAT = re.compile(r"[*+]|\{\d*,\d*\}")


def _compile_plain(source: str) -> Pattern | Refused:
    problem = _runaway(source)
    if problem:
        return Refused(source, f"{problem}: needs the package google-re2")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a later Python may read otherwise
            compiled = re.compile(source)
    except (re.error, RecursionError, OverflowError) as error:
        return Refused(source, str(error))
    return Pattern(source, lambda line: compiled.search(line[:PLAIN_LINE]) is not None)


def _runaway(source: str) -> str:
    """Why a backtracking engine might not come to an end with a pattern; empty where it does."""
    repeats = 0
    for match in _TOKEN.finditer(source):
        text = match[0]
        if match.lastgroup is None:
            return "look-around or other extensions"
        if match.lastgroup == "close" and len(text) == 2 and text != ")?":
            return "a repeated group"
        if match.lastgroup == "atom":
            if len(text) == 2 and text[1].isdigit():
                return "a back-reference"
            repeats += text in ("*", "+", "{")
    return "more than one repeat" if repeats > 1 else ""


# --- the outcome ------------------------------------------------------------------------------


def judge(
    step: Step, status: int | None, lines: Sequence[str], *, interrupted: bool = False
) -> Fault | None:
    """What is wrong with a step whose command has ended; None where nothing is.

    A status that is not known proves nothing, and neither does a command that the speaker has
    `interrupted`. Status words are looked for only in steps that are meant to succeed.
    """
    if interrupted:
        return None
    if status is not None and not _status_fits(step, status):
        return Fault.EXIT_STATUS
    if step.expect:
        pattern = compile_pattern(step.expect)
        if isinstance(pattern, Pattern):
            return None if any(map(pattern.found_in, lines)) else Fault.PATTERN
    fails = step.expect_failure or step.expect_exit not in (None, 0)
    if not fails and step.transcript and missing_words(step.transcript, lines):
        return Fault.STATUS_WORDS
    return None


def _status_fits(step: Step, status: int) -> bool:
    if step.expect_exit is not None:
        return status == step.expect_exit
    return status != 0 if step.expect_failure else status == 0
