"""Fenced blocks of one slide: which are demos, and what the others show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from presenter.deck.attributes import Attributes, read_attributes, read_highlights
from presenter.deck.comments import parse_command
from presenter.deck.demos import (
    EXEC,
    SHELLS,
    DemoBroken,
    Fence,
    choose,
    read_demo,
    split_hidden,
)
from presenter.deck.languages import find_language, hidden_mark, language_names
from presenter.deck.model import (
    Block,
    Code,
    Demo,
    DemoBlock,
    DemoStop,
    Failure,
    Phase,
    Place,
    Problem,
    Severity,
)
from presenter.deck.paths import PathRefused, inside, read_text
from presenter.deck.state import SlideState
from presenter.deck.text import clean, nearest
from presenter.deck.yaml_text import YamlRefused, read_mapping
from presenter.errors import DeckError

if TYPE_CHECKING:
    from markdown_it.token import Token

UNSUPPORTED = ("image", "render", "validate", "env", "id", "width")
"""presenterm's attributes that this version reads and does nothing with."""

FILE_KEYS = ("path", "language", "start_line", "end_line")


@dataclass(frozen=True, slots=True)
class FenceContext:
    """What fences need to know beyond their slide."""

    slide_id: str
    root: Path
    os_name: str
    folder: Path
    """The folder of the file that the slide starts in."""
    elsewhere: frozenset[str] = frozenset()
    """Names that other slides give to their demos."""


class FenceReader:
    """The fences of one slide, in order."""

    def __init__(self, state: SlideState, lines: Sequence[str], context: FenceContext) -> None:
        self.state = state
        self.lines = lines
        self.context = context
        self.demos: dict[int, Demo | Problem] = {}
        """By the token's identity; a Problem where the block cannot be a demo."""
        self.left_out: set[int] = set()
        self.variants: list[Demo] = []
        self.attributes: dict[int, Attributes] = {}

    def prepare(self, tokens: Sequence[Token]) -> None:
        """Read all demos first: which variant shows decides the presses of everything after."""
        number = 0
        for token in tokens:
            if token.type != "fence":
                continue
            fence = self.fence(token)
            try:
                demo = read_demo(
                    fence, f"{self.context.slide_id}-{number + 1}", self.context.root,
                    self.context.folder,
                )  # fmt: skip
            except DemoBroken as broken:
                self.state.problems.append(broken.problem)
                self.demos[id(token)] = broken.problem
                continue
            if demo is not None:
                number += 1
                self.demos[id(token)] = self.without_unknown_output(token, demo)
        self.choose_variants()

    def without_unknown_output(self, token: Token, demo: Demo) -> Demo:
        """The demo as the comment right below its fence has it: steps whose output nobody knows."""
        line = token.map[1] if token.map else len(self.lines)
        while line < len(self.lines) and not self.lines[line].strip():
            line += 1
        below = self.lines[line].strip() if line < len(self.lines) else ""
        command = parse_command(below.removeprefix("<!--").removesuffix("-->"), self.state.prefix)
        if not below.startswith("<!--") or command is None or command.name != "no_output_known":
            return demo
        self.state.unknown_outputs.add(line)
        steps = (
            replace(step, transcript=None) if step.transcript == () else step for step in demo.steps
        )
        return replace(demo, steps=tuple(steps))

    def choose_variants(self) -> None:
        groups: dict[str, list[int]] = {}
        for key, demo in self.demos.items():
            if isinstance(demo, Demo):
                groups.setdefault(demo.name, []).append(key)
        taken = set(groups)
        for name, keys in groups.items():
            demos = [demo for key in keys if isinstance(demo := self.demos[key], Demo)]
            if any(demo.os for demo in demos):
                chosen = choose(demos, self.context.os_name)
                self.left_out.update(keys[:chosen] + keys[chosen + 1 :])
                self.variants.extend(demos[:chosen] + demos[chosen + 1 :])
                keys, demos = [keys[chosen]], [demos[chosen]]
            for count, (key, demo) in enumerate(zip(keys, demos, strict=True), 1):
                self.make_unique(key, demo, name, count, taken)

    def make_unique(self, key: int, demo: Demo, name: str, count: int, taken: set[str]) -> None:
        elsewhere = self.context.elsewhere
        base = name if name not in elsewhere else f"{self.context.slide_id}-{name}"
        unique = base if count == 1 else f"{base}-{count}"
        while unique != name and (unique in taken or unique in elsewhere):
            count += 1
            unique = f"{base}-{count}"
        taken.add(unique)
        if unique != name:
            message = f"the demo name `{name}` is used twice: this one is `{unique}`"
            self.state.problems.append(Problem(demo.place, Severity.WARNING, message))
            self.demos[key] = replace(demo, name=unique)

    def fence(self, token: Token) -> Fence:
        """The fence of a token, its attributes read from the raw line."""
        line = token.map[0] if token.map else 0
        raw = self.lines[line] if line < len(self.lines) else ""
        column = raw.find(token.markup) + len(token.markup)
        info = raw[column:]
        attributes = read_attributes(info)
        self.attributes[id(token)] = attributes
        column += len(info) - len(info.lstrip())
        # Blocks in lists and quotes are indented; a warning's column counts from there.
        inset = len(raw) - len(raw.lstrip())

        def place(index: int) -> Place:
            found = self.state.place(line + 1 + index)
            return replace(found, column=inset + 1)

        if self.is_preprocessed(token):
            self.state.warn(line, "preprocessing by a command is not supported")
        elif self.state.dialect in ("presenter", "presenterm"):
            for at, message in attributes.warnings:
                self.state.warn(line, message, column + at)
        elif attributes.warnings:
            at, message = attributes.warnings[0]
            self.state.warn(line, message, column + at)
        return Fence(attributes, token.content.removesuffix("\n"), place, self.state.problems)

    def is_preprocessed(self, token: Token) -> bool:
        return self.state.dialect == "slides" and token.markup == "~~~" and bool(token.info.strip())

    def read(self, token: Token) -> list[Block]:
        """The blocks of a fence, its stops made; none for what is not shown."""
        if id(token) in self.left_out:
            return []
        demo = self.demos.get(id(token))
        if isinstance(demo, Problem):
            return [self.state.failure(demo, clean(token.content))]
        if demo is not None:
            return [*self.shown_code(token, demo), *self.show_demo(demo)]
        if token.type == "fence" and self.attributes[id(token)].language == "file":
            return [self.read_file(token)]
        return [self.code(token, token.content.removesuffix("\n"))]

    def shown_code(self, token: Token, demo: Demo) -> list[Block]:
        """The code that a demo runs, where it is shown above the pane."""
        if demo.snippet is None:
            return []
        attributes = self.attributes[id(token)]
        if demo.hidden or attributes.has("exec_replace"):
            self.warn_of(token.map[0] if token.map else 0, attributes, demo.language)
            return []
        code = self.code(token, token.content.removesuffix("\n"))
        return [code] if code.text.strip() else []

    def show_demo(self, demo: Demo) -> list[Block]:
        state = self.state
        index = len(state.demos)
        state.demos.append(replace(demo, at=state.reveals))
        if demo.hidden:
            return []
        for number in range(len(demo.steps)):
            if demo.steps[number].command:
                state.stops.append(DemoStop(index, number, Phase.TYPE))
            state.stops.append(DemoStop(index, number, Phase.RUN))
        return [DemoBlock(index, at=state.reveals, align=state.align, line=demo.place.line)]

    def warn_of(self, line: int, attributes: Attributes, name: str) -> None:
        """Warn of what a block of code of the language `name` asks for in vain."""
        state = self.state
        executed = [key for key in EXEC if attributes.has(key)]
        if re.fullmatch(r"terminal(\d+|-ex)?|qrcode|mermaid|plantuml", name):
            state.warn(line, f"`{name}` blocks are shown as text")
        unsupported = [key for key in UNSUPPORTED if attributes.has(key)]
        if unsupported:
            words = ", ".join(f"`+{key}`" for key in unsupported)
            state.warn(line, f"{words} in a `{name}` block is not supported yet")
        if attributes.has("pty") and not executed:
            state.warn(line, "`+pty` has no effect without `+exec`")
        if not executed or attributes.has("no_demo"):
            return
        found = find_language(name)
        if found is None and name.lower() not in SHELLS:
            state.warn(line, f"no executor for `{name}`{nearest(name, language_names())}")
        elif found is not None:
            for word in filter(None, map(attributes.get, executed)):
                if word not in found.others:
                    hint = nearest(word, found.others)
                    state.warn(line, f"no executor `{word}` for `{name}`{hint}")

    def code(self, token: Token, text: str, language: str = "") -> Code:
        state = self.state
        at, line = state.reveals, token.map[0] if token.map else 0
        attributes = self.attributes.get(id(token)) or Attributes()
        language = language or attributes.language
        self.warn_of(line, attributes, language)
        executed = any(map(attributes.has, (*EXEC, "demo", "validate")))
        shown = text.split("\n")
        if (state.dialect == "slides" or executed) and hidden_mark(language.lower()) in text:
            shown = split_hidden(shown, language.lower())[0]
        highlights, problem = read_highlights(attributes.highlight, len(shown))
        if problem:
            state.warn(line, problem)
        highlight_at = [at] if highlights else []
        highlight_at.extend(state.reveal() for _ in highlights[1:])
        return Code(
            clean("\n".join(shown)),
            language,
            highlights,
            tuple(highlight_at),
            attributes.has("line_numbers"),
            not attributes.has("no_background"),
            at=at,
            align=state.align,
            line=state.place(line).line,
        )

    def read_file(self, token: Token) -> Code | Failure:
        """presenterm's `file` block: lines of another file, as code."""
        line = token.map[0] if token.map else 0
        try:
            values = read_mapping(token.content).values
            written = values.get("path")
            if not isinstance(written, str):
                return self.state.fail(line, "file: needs `path:`", clean(token.content))
            path = inside(self.context.root, self.context.folder, written)
            rows = read_text(path, written).text.removesuffix("\n").split("\n")
        except (YamlRefused, PathRefused, DeckError) as error:
            message = error.message if isinstance(error, DeckError) else str(error)
            return self.state.fail(line, f"file: {message}", clean(token.content))
        for key in values:
            if key not in FILE_KEYS:
                hint = nearest(key, FILE_KEYS)
                self.state.warn(line, f"file: unknown key `{clean(key)}`{hint}")
        executed = [key for key in EXEC if self.attributes[id(token)].has(key)]
        if executed:
            words = ", ".join(f"`+{key}`" for key in executed)
            self.state.warn(line, f"{words} in a `file` block is not supported yet")
        first, last = values.get("start_line"), values.get("end_line")
        start = first - 1 if isinstance(first, int) and first > 0 else 0
        end = last if isinstance(last, int) and last >= 0 else len(rows)
        return self.code(token, "\n".join(rows[start:end]), clean(str(values.get("language", ""))))
