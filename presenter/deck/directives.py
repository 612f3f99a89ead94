"""What each comment command does to the slide being read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from presenter.deck.comments import (
    COMMANDS,
    MARP_DIRECTIVES,
    Command,
    block_text,
    is_remark,
    parse_command,
)
from presenter.deck.model import Align, Middle, Note, Problem, Severity, Space
from presenter.deck.notes import read_notes
from presenter.deck.state import ALL_LEVELS, SlideState
from presenter.deck.text import clean, nearest, seconds

MAX_COLUMNS = 12

TOP_LEVEL = frozenset(
    (
        "end_slide",
        "skip_slide",
        "include",
        "column_layout",
        "column",
        "reset_layout",
        "jump_to_middle",
        "new_line",
        "newline",
        "new_lines",
        "newlines",
    )
)
"""The commands that place blocks on the slide or break it."""


def apply_comment(state: SlideState, body: str, line: int, top: bool = True) -> None:
    """Carry out one comment that starts on `line` of the slide's text.

    `top`: it stands at the slide's top level, where columns can be opened.
    """
    command = parse_command(body, state.prefix)
    if command is not None and command.name in _ACTIONS:
        if not top and command.name in TOP_LEVEL:
            state.warn(line, f"`{command.name}` has no effect inside a list or a quote")
            return
        problem = _ACTIONS[command.name](state, command, line)
        if problem:
            state.flow.add(state.fail(line, problem, f"<!-- {clean(body.strip())} -->"))
        return
    if is_remark(body) or _is_foreign(state, body, command, line):
        return
    if command is None:
        if not state.prefix:
            state.warn(line, "this comment is no command and no note: begin a remark with `//`")
        return
    word = clean(command.name)[:40]
    state.warn(line, f"unknown comment command `{word}`{nearest(word, COMMANDS)}")


def _is_foreign(state: SlideState, body: str, command: Command | None, line: int) -> bool:
    """Deal with a comment as the deck's own tool does; false where it has no say."""
    text = body.strip()
    ignored = ""
    if state.dialect == "marp" and command is not None:
        if command.name.removeprefix("_") in MARP_DIRECTIVES:
            ignored = f"`{command.name}` of marp has"
    elif state.dialect == "patat" and body.startswith("config:"):
        ignored = "`config` of patat has"
    elif state.dialect == "reveal" and text.startswith((".slide:", ".element:")):
        ignored = "attributes of reveal.js have"
    if ignored:
        state.warn(line, f"{ignored} no effect here")
    elif state.dialect in ("marp", "patat"):
        state.note([Note(clean(text), 0, state.place(line))])
    return bool(ignored) or state.dialect in ("marp", "patat", "slidev")


_Action = Callable[[SlideState, Command, int], str]
"""Carries a command out; returns what is wrong with it, or nothing."""


def _nothing(state: SlideState, command: Command, line: int) -> str:
    """Commands that the scanner has carried out already, and remarks."""
    return ""


def _include(state: SlideState, command: Command, line: int) -> str:
    """What is included stands in the slide's text already; only a failure is left to show."""
    problem = state.failed.get(state.place(line))
    if problem is not None:
        state.flow.add(state.failure(problem, f"<!-- include: {clean(command.value)} -->"))
    return ""


def _unsupported(state: SlideState, command: Command, line: int) -> str:
    state.warn(line, f"`{command.name}` is not supported yet")
    return ""


def _pause(state: SlideState, command: Command, line: int) -> str:
    state.reveal()
    return ""


def _new_lines(state: SlideState, command: Command, line: int) -> str:
    count = _number(command.value or "1", 1, 100)
    if count is None:
        return f"`{command.name}` needs a number of rows from 1 to 100"
    state.flow.add(Space(count * state.size, at=state.reveals, line=state.place(line).line))
    return ""


def _middle(state: SlideState, command: Command, line: int) -> str:
    state.flow.add(Middle(at=state.reveals, line=state.place(line).line))
    return ""


def _column_layout(state: SlideState, command: Command, line: int) -> str:
    match = re.fullmatch(r"\[\s*(\d{1,3}(?:\s*,\s*\d{1,3})*)\s*,?\s*\]", command.value)
    weights = tuple(int(part) for part in match[1].split(",")) if match else ()
    if not weights or 0 in weights or len(weights) > MAX_COLUMNS:
        return f"`column_layout` needs 1 to {MAX_COLUMNS} widths, such as `[3, 2]`"
    state.flow.open_columns(weights, state.reveals, state.place(line).line)
    return ""


def _column(state: SlideState, command: Command, line: int) -> str:
    if not state.flow.weights:
        return "`column` needs a `column_layout` before it"
    number = _number(command.value, 0, len(state.flow.weights) - 1)
    if number is None:
        return f"`column` counts from 0 to {len(state.flow.weights) - 1} in this layout"
    if number == state.flow.column:
        state.warn(line, f"column {number} is entered already")
    state.flow.column = number
    return ""


def _reset_layout(state: SlideState, command: Command, line: int) -> str:
    state.flow.close_columns()
    return ""


def _incremental_lists(state: SlideState, command: Command, line: int) -> str:
    depth = _depth(command.value)
    if depth is None:
        return "`incremental_lists` needs `true`, `false` or a depth"
    state.incremental = depth
    return ""


def _depth(value: str) -> int | None:
    match = re.fullmatch(r"\{?\s*(?:depth:\s*)?(\d{1,2})\s*\}?", value)
    if match is not None:
        return int(match[1])
    truth = _truth(value)
    return None if truth is None else ALL_LEVELS * truth


def _incremental_tables(state: SlideState, command: Command, line: int) -> str:
    truth = _truth(command.value)
    if truth is None:
        return "`incremental_tables` needs `true` or `false`"
    state.incremental_tables = truth
    return ""


def _spacing(state: SlideState, command: Command, line: int) -> str:
    count = _number(command.value, 1, 255)
    if count is None:
        return "`list_item_newlines` needs a number from 1 to 255"
    state.spacing = count - 1
    return ""


def _font_size(state: SlideState, command: Command, line: int) -> str:
    size = _number(command.value, 1, 7)
    if size is None:
        return "`font_size` needs a number from 1 to 7"
    state.size = size
    return ""


def _alignment(state: SlideState, command: Command, line: int) -> str:
    try:
        state.align = Align(command.value)
    except ValueError:
        return "`alignment` needs `left`, `center` or `right`"
    return ""


def _no_footer(state: SlideState, command: Command, line: int) -> str:
    state.footer = False
    return ""


def _optional(state: SlideState, command: Command, line: int) -> str:
    state.optional = True
    return ""


def _time(state: SlideState, command: Command, line: int) -> str:
    share = seconds(command.value)
    if share is None:
        return "`time` needs a length such as `3m` or `90s`"
    state.share = share
    return ""


def _notes(state: SlideState, command: Command, line: int) -> str:
    text = block_text(command.value)
    found = read_notes(text, state.place(line), len(state.stops))
    if not found:
        state.warn(line, f"`{command.name}` is empty")
    state.note(found)
    return ""


def _no_output_known(state: SlideState, command: Command, line: int) -> str:
    # The fence above has read it already, also where another system's variant is shown.
    return "" if line in state.unknown_outputs else "`no_output_known` stands below no demo"


def _number(value: str, low: int, high: int) -> int | None:
    number = int(value) if value.isdecimal() and len(value) < 6 else -1
    return number if low <= number <= high else None


def _truth(value: str) -> bool | None:
    return {"true": True, "false": False}.get(value.strip().lower())


_ACTIONS: dict[str, _Action] = {
    **dict.fromkeys(("end_slide", "skip_slide", "id", "comment"), _nothing),
    "include": _include,
    **dict.fromkeys(("pause", "stop"), _pause),
    **dict.fromkeys(("new_line", "newline", "new_lines", "newlines"), _new_lines),
    **dict.fromkeys(("speaker_note", "notes"), _notes),
    "jump_to_middle": _middle,
    "column_layout": _column_layout,
    "column": _column,
    "reset_layout": _reset_layout,
    "incremental_lists": _incremental_lists,
    "incremental_tables": _incremental_tables,
    "list_item_newlines": _spacing,
    "font_size": _font_size,
    "alignment": _alignment,
    "no_footer": _no_footer,
    "optional": _optional,
    "time": _time,
    "snippet_output": _unsupported,
    "no_output_known": _no_output_known,
}


def settle_notes(state: SlideState) -> tuple[Note, ...]:
    """The slide's notes, when its presses are known.

    Notes below the last press, where most people write them, count from the slide's first. One
    for a press that the slide does not have becomes its last press's, and is reported.
    """
    total = len(state.stops)
    kept: list[Note] = []
    for passed, note in state.notes:
        stop = note.stop - passed if note.stop and passed == total else note.stop
        if stop > total:
            if note.place is not None:
                message = f"a note is for press {stop} of a slide that has {total}"
                state.problems.append(Problem(note.place, Severity.WARNING, message))
            stop = total
        kept.append(replace(note, stop=stop))
    return tuple(kept)
