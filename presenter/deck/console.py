"""The grammar of a console block: prompts, commands that go on, transcripts, `#:` directives."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from presenter.deck.model import Place, Problem, Severity, Step, Typing
from presenter.deck.shell import Posix, PowerShell
from presenter.deck.text import clean, nearest, seconds

FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("PowerShell", re.compile(r"PS(?: [^>]*)?>(?: |$)")),
    ("user@host", re.compile(r"(?:\([^()]*\) )?\[?[\w.-]+@[\w.-]+[: ][^$%#>]*[$%#>](?: |$)")),
    ("$", re.compile(r"(?:\([^()]*\) )?\$(?: |$)")),
    ("%", re.compile(r"(?:\([^()]*\) )?%(?: |$)")),
    (">", re.compile(r"(?:\([^()]*\) )?>(?: |$)")),
)
"""The forms of a prompt. The first prompt of a block decides which one the block uses."""

DIRECTIVES = (
    "timeout",
    "expect",
    "provides",
    "needs",
    "run",
    "type",
    "live",
    "on_fail",
    "note",
)

MAX_CONTINUATION = 200
"""Lines that one command may go on for; beyond that it is taken as one line."""
MAX_VAIN = 1000
"""Lines of a block looked at for the ends of commands that have none; then none goes on."""

_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"")
_REQUEST = re.compile(r"[A-Z]{3,7} \S+ HTTP/|[A-Za-z][\w-]*: \S|$")
_ESCAPED = re.compile(r"\\(?=[$%>\\]|#:|PS\b|\()")
"""A backslash that says that a line is output. One before `...` stays: these are three dots then,
and not any number of lines."""


@dataclass(frozen=True, slots=True)
class Console:
    """What a console block holds."""

    steps: tuple[Step, ...]
    problems: tuple[Problem, ...] = ()


def has_prompt(lines: Sequence[str]) -> bool:
    """Whether any of the lines starts with a prompt."""
    return any(form.match(line) for line in lines for _, form in FORMS)


def read_console(
    lines: Sequence[str], place: Callable[[int], Place], defaults: Step, prompt: str = ""
) -> Console:
    """Read a block's lines; `place` gives the place of a line by its index.

    `defaults` carries what the fence sets for all steps, `prompt` a prompt of the block's own.
    Never raises: what cannot be read is transcript, with a warning.
    """
    reader = _Reader(lines, place, defaults)
    if prompt:
        reader.form_name = "own"
        reader.form = re.compile(re.escape(prompt.rstrip()) + r"(?: |$)")
    reader.read()
    return Console(tuple(reader.steps), tuple(reader.problems))


class _Reader:
    def __init__(self, lines: Sequence[str], place: Callable[[int], Place], defaults: Step) -> None:
        self.lines = lines
        self.place = place
        self.defaults = defaults
        self.form_name = ""
        self.form: re.Pattern[str] | None = None
        self.steps: list[Step] = []
        self.pending: list[tuple[int, str]] = []
        """The `#:` lines waiting for the prompt below them."""
        self.transcript: list[str] = []
        self.problems: list[Problem] = []
        self.vain = 0
        """Lines looked at in vain for the end of a command."""

    def warn(self, index: int, message: str, column: int = 0) -> None:
        place = self.place(index)
        place = replace(place, column=place.column + column)
        self.problems.append(Problem(place, Severity.WARNING, message))

    def read(self) -> None:
        index = 0
        while index < len(self.lines):
            line = self.lines[index]
            prompt = self.match_prompt(line)
            if prompt is not None:
                index = self.read_step(index, prompt)
            elif line.startswith("#:"):
                self.pending.append((index, line[2:].strip()))
                index += 1
            else:
                self.read_output(index, line)
                index += 1
        self.end_transcript()
        for at, _ in self.pending:
            self.warn(at, "`#:` stands above no prompt")

    def match_prompt(self, line: str) -> str | None:
        if self.form is None:
            for name, form in FORMS:
                if match := form.match(line):
                    self.form_name, self.form = name, form
                    return match.group()
            return None
        match = self.form.match(line)
        return None if match is None else match.group()

    def read_output(self, index: int, line: str) -> None:
        if self.pending:
            self.warn(self.pending[0][0], "`#:` stands above no prompt")
            self.pending.clear()
        if not self.steps:
            if line.strip():
                self.warn(index, "output before the first prompt is not shown")
            return
        if not line.startswith("\\") and (other := self.other_prompt(line)):
            message = f"might be a command, taken as output: write `\\{other}` to say so"
            self.warn(index, message)
        self.transcript.append(clean(line[1:] if self.is_escaped(line) else line))

    def is_escaped(self, line: str) -> bool:
        """Whether a backslash keeps a line from being a prompt or a directive."""
        if not line.startswith("\\"):
            return False
        forms = [form for _, form in FORMS] + ([self.form] if self.form else [])
        return bool(_ESCAPED.match(line)) or any(form.match(line, 1) for form in forms)

    def other_prompt(self, line: str) -> str:
        """The prompt of another form that an output line starts with, but for a lone sign."""
        for name, form in FORMS:
            if name == "%" or name == self.form_name:
                continue  # a table of percents is too common an output
            match = form.match(line)
            if match is not None and line[match.end() :].strip():
                return match.group().strip()
        return ""

    def end_transcript(self) -> None:
        while self.transcript and not self.transcript[-1].strip():
            self.transcript.pop()
        if self.steps:
            self.steps[-1] = replace(self.steps[-1], transcript=tuple(self.transcript))
        self.transcript = []

    def read_step(self, index: int, prompt: str) -> int:
        """Take the step whose prompt is on line `index`; returns the line after its command."""
        first = self.lines[index][len(prompt) :]
        if not first.strip():
            return index + 1  # a prompt that waits for nothing: how many listings end
        self.end_transcript()
        if self.form_name == ">" and self.steps and _REQUEST.match(first):
            self.warn(index, "might be output, taken as a command: write `\\>` to say so")
        command, end = self.whole_command(index, first)
        step = replace(
            self.defaults,
            command=clean(command),
            place=replace(self.place(index), column=self.place(index).column + len(prompt)),
            prompt=clean(prompt) if prompt.endswith(" ") else clean(prompt) + " ",
        )
        if "\t" in command and not step.run:
            step = replace(step, run=command)  # what runs keeps the tabs that the screen expands
        for at, text in self.pending:
            step = self.directives(step, at, text)
        self.pending = []
        self.steps.append(step)
        return end

    def whole_command(self, index: int, first: str) -> tuple[str, int]:
        powershell = self.form_name == "PowerShell"
        shell = PowerShell() if powershell else Posix()
        command, at = first.rstrip(), index + 1
        while shell.is_open(command):
            line = self.lines[at] if at < len(self.lines) else None
            ends = line is None or at - index > MAX_CONTINUATION or self.vain > MAX_VAIN
            if line is not None and self.form_name != ">" and self.match_prompt(line) is not None:
                ends = True
            if ends or line is None:
                self.vain += at - index if self.form_name == ">" else 0
                self.warn(index, "the command is never closed: taken as one line")
                return first.rstrip(), index + 1
            second = ">> " if powershell else "> "
            if line.startswith(second) or line == second.rstrip():
                line = line[len(second) :]
            command += "\n" + line
            at += 1
        return command, at

    def directives(self, step: Step, index: int, text: str) -> Step:
        def warn(message: str, part: str) -> None:
            self.warn(index, message, max(0, self.lines[index].find(part)))

        return read_settings(step, text, warn)


def read_settings(step: Step, text: str, warn: Callable[[str, str], None]) -> Step:
    """`step` with the settings of a `#:` line; `warn` takes a message and the part it is about."""
    for part in _split(text):
        word, _, value = part.partition(" ")
        value = value.strip()
        if word in ("run", "note"):
            rest = text[text.index(part) :].partition(" ")[2].strip()
            said = clean(_unquote(rest))
            return replace(step, run=said) if word == "run" else replace(step, note=said)
        changed = _setting(step, word, value)
        if changed is None:
            message = f"`{clean(part)[:60]}` is not understood"
            if word not in DIRECTIVES:
                message = f"unknown word `{clean(word)[:40]}`{nearest(word, DIRECTIVES)}"
            warn(message, part)
        else:
            step = changed
    return step


def _setting(step: Step, word: str, value: str) -> Step | None:
    if word == "provides" and value:
        return replace(step, provides=(*step.provides, clean(value)))
    if word == "needs" and value:
        return replace(step, needs=(*step.needs, clean(value)))
    return apply_setting(step, word, value)


def apply_setting(step: Step, word: str, value: str) -> Step | None:
    """`step` with one setting that a fence or a `#:` line makes; None: not understood."""
    if word == "timeout":
        length = float(value) if value.isdecimal() and len(value) < 7 else seconds(value)
        return None if not length else replace(step, timeout=length)
    if word == "expect":
        return _expect(step, value)
    if word == "type" and value in {each.value for each in Typing}:
        return replace(step, typing=Typing(value))
    if word == "live" and value in ("never", "only"):
        return replace(step, live=value)
    if word == "on_fail" and value in ("replay", "ask", "keep"):
        return replace(step, on_fail=value)
    return None


def _expect(step: Step, value: str) -> Step | None:
    if value in ("failure", "fail"):
        return replace(step, expect_failure=True)
    if value == "success":
        return step
    match = re.fullmatch(r"exit (\d{1,3})", value)
    if match is not None:
        return replace(step, expect_exit=int(match[1]))
    pattern = _unquote(value)
    if not pattern or pattern == value:
        return None
    return replace(step, expect=pattern) if is_pattern(pattern) else None


def is_pattern(text: str) -> bool:
    """Whether `text` is a regular expression of a sane size."""
    try:
        with warnings.catch_warnings():
            # What Python may read otherwise one day is no concern of who opens a deck.
            warnings.simplefilter("ignore")
            re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return False
    return len(text) <= 1000


def _unquote(text: str) -> str:
    """The inside of a quoted text; a backslash only guards a quote, so that patterns stay."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1].replace("\\" + text[0], text[0])
    return text


def _split(text: str) -> list[str]:
    """The parts of a `#:` line between commas outside of quotes."""
    parts: list[str] = []
    start = at = 0
    while at < len(text):
        quoted = _QUOTED.match(text, at)
        if quoted is not None:
            at = quoted.end()
        elif text[at] == '"':  # never closed: a character like others
            first, *more = text[at:].split(",")
            parts += [text[start:at] + first, *more]
            break
        else:
            if text[at] == ",":
                parts.append(text[start:at])
                start = at + 1
            at += 1
    else:
        parts.append(text[start:])
    return [stripped for part in parts if (stripped := part.strip())]
