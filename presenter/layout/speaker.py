"""The speaker's own screen: banner, time, what comes next, what goes wrong, notes, slides.

It stands on the theme's `panel` inside a heavy border with a filled banner, so that nobody takes it
for a slide. Where there is little room, what the speaker needs least goes first: the slides' texts,
then the pane, then the facts; the next press and the notes stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rich.segment import Segment
from rich.style import Style

from presenter.layout.frame import Frame, Line, Size
from presenter.layout.inline import wrap_segments
from presenter.layout.lines import blank, fit, merge
from presenter.layout.notes import NoteLines, Window, notes_lines, window
from presenter.layout.pacing import pace_line, pace_words
from presenter.layout.speakerstate import SpeakerState
from presenter.layout.text import clean, one_line, shorten, width
from presenter.layout.theme import Theme
from presenter.talk.clocks import clock

WIDE = 116
"""From this many columns on, the slides' texts stand beside the notes."""
SIDE_COLUMNS = 64
TALL = 32
"""From this many rows on, in a narrow window, they stand below them."""
LEAST_NOTES = 6
"""Rows that the notes keep, whatever goes wrong, where there are three times as many."""
DROPPED = {"optional": "the optional slides"}
MOST_NOTES = 2
"""Sizes of the notes: beside the slides' texts, with less of those, and without them."""
CHECKS = {"true": ("✓", "ok"), "false": ("✗", "error")}
UNKNOWN = ("?", "muted")


@dataclass(frozen=True, slots=True)
class SpeakerView:
    """All that one picture of the screen depends on."""

    state: SpeakerState
    wall: str
    """The clock on the wall, as `14:05`."""
    link: str
    """How it stands to the talk, in a word or two."""
    linked: bool = True
    """Whether that is as it should be."""
    scroll: int = 0
    """Rows by which the speaker has moved the notes from where they stand by themselves."""
    notes_size: int = 0
    """A value from 0 to `MOST_NOTES`."""
    note: str = ""
    """An answer to a key, such as that it does nothing here."""
    hints: Sequence[str] = ()
    """Keys, the most important first: those for which there is no room are left out."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys of the actions that save time, by their names."""


def speaker_frame(view: SpeakerView, size: Size, theme: Theme) -> Frame:
    """The screen as a frame of exactly `size`; its hidden rows are those of the notes."""
    inner = Size(max(size.columns - 4, 1), max(size.rows - 2, 0))
    head = _head(view, inner.columns, theme)[: inner.rows - min(LEAST_NOTES, inner.rows // 3)]
    room = Size(inner.columns, max(inner.rows - len(head), 0))
    below, notes = _lower(view, room, theme)
    fill, edge = theme.style("text", "panel"), theme.style("warn", "panel", bold=True)
    body = [fit(line, inner.columns, fill) for line in [*head, *below]][: inner.rows]
    body += [blank(inner.columns, fill)] * (inner.rows - len(body))
    left, right = [Segment("┃", edge), Segment(" ", fill)], [Segment(" ", fill), Segment("┃", edge)]
    lines = [_banner(view, size.columns, theme)]
    lines += [[*left, *line, *right] for line in body]
    lines.append(_foot(view, size.columns, theme))
    exact = [merge(fit(line, size.columns, fill)) for line in lines[: size.rows]]
    return Frame(size, exact, hidden_rows=notes.below, hidden_above=notes.above)


# --- the border -------------------------------------------------------------------------------


def _banner(view: SpeakerView, columns: int, theme: Theme) -> Line:
    """`SPEAKER · PRIVATE`, the talk, and how this screen stands to it."""
    filled = theme.style("page", "warn", bold=True)
    link = f" {'●' if view.linked else '○'} {one_line(view.link)} "
    left = " ▲ SPEAKER · PRIVATE "
    if width(left) + width(link) > columns:
        left = " ▲ PRIVATE "
    name = shorten(one_line(view.state.deck), columns - width(left) - width(link) - 4)
    gap = columns - width(left) - width(name) - width(link) - 2
    state = filled if view.linked else theme.style("page", "error", bold=True)
    return [
        Segment(left, filled),
        Segment(f"  {name}", theme.style("page", "warn")),
        *blank(gap, filled),
        Segment(link, state),
    ]


def _foot(view: SpeakerView, columns: int, theme: Theme) -> Line:
    """The lower border with the keys in it, or the answer to the last one."""
    edge, quiet = theme.style("warn", "panel", bold=True), theme.style("muted", "panel")
    if view.note:
        words = [Segment(one_line(view.note), theme.style("warn", "panel", bold=True))]
    else:
        words = [Segment(_fitting(view.hints, columns - 8), quiet)]
    used = 4 + sum(width(part.text) for part in words)
    return [
        Segment("┗━ ", edge),
        *words,
        Segment(" " + "━" * max(columns - used - 1, 0) + "┛", edge),
    ]


def _fitting(hints: Sequence[str], columns: int) -> str:
    text = ""
    for hint in hints:
        longer = f"{text}   {hint}" if text else hint
        if width(longer) > columns:
            break
        text = longer
    return text


# --- the head: time, place, what comes next, what is wrong --------------------------------------


def _head(view: SpeakerView, columns: int, theme: Theme) -> list[Line]:
    state = view.state
    lines = [
        _ends(_time(view, theme), [Segment(view.wall, theme.style("text", "panel"))], columns),
        *_pace(state, columns, theme),
        _place(state, columns, theme),
        [],
        *_next(state, columns, theme),
    ]
    for words, role in _facts(view):
        style = theme.style(role, "panel", bold=role in {"warn", "error"})
        lines += wrap_segments([Segment(clean(words), style)], columns)[:2]
    if state.conditions:
        lines += _conditions(state, columns, theme)
    return [*lines, []]


def _pace(state: SpeakerState, columns: int, theme: Theme) -> list[Line]:
    """The row of the plan, where there is one."""
    if state.pace is None:
        return []
    return [pace_line(state.pace, columns, theme, "panel", whole=False)]


def _ends(left: Line, right: Line, columns: int) -> Line:
    """Both ends of a row; the left one alone where there is no room for a gap."""
    used = sum(width(part.text) for part in (*left, *right))
    if used >= columns:
        return left
    style = right[0].style or Style()
    return [*left, *blank(columns - used, style), *right]


def _time(view: SpeakerView, theme: Theme) -> Line:
    """`12:34 of 45:00 · 2 min behind`."""
    state = view.state
    quiet = theme.style("muted", "panel")
    strong = theme.style("title", "panel", bold=True)
    if state.elapsed is None:
        line = [Segment("not started", strong)]
    else:
        line = [Segment(clock(state.elapsed), strong)]
    if state.planned:
        line.append(Segment(f" of {clock(state.planned)}", quiet))
    if state.pace is not None and state.elapsed is not None:
        words, role = pace_words(state.pace)
        line.append(Segment(f"   {words}", theme.style(role, "panel", bold=role == "warn")))
    return line


def _place(state: SpeakerState, columns: int, theme: Theme) -> Line:
    style = theme.style("text", "panel")
    presses = f" · press {state.stop} of {state.stops}" if state.stops else ""
    where = f"slide {state.slide + 1} of {state.total}{presses}"
    title = shorten(one_line(state.title), max(columns - width(where) - 3, 0))
    line = [Segment(where, style)]
    if title:
        line.append(Segment(f"   {title}", theme.style("title", "panel", bold=True)))
    return _ends(line, [Segment(one_line(state.mode), theme.style("muted", "panel"))], columns)


def _next(state: SpeakerState, columns: int, theme: Theme) -> list[Line]:
    """The next press, in two rows at most, and the slide after this one where it is not that."""
    words = [Segment(clean(state.upcoming), theme.style("accent", "panel", bold=True))]
    hang = blank(7, theme.style("text", "panel"))
    chip = Segment(" NEXT ", theme.style("page", "accent", bold=True))
    lead = [chip, *blank(1, theme.style("text", "panel"))]
    rows = wrap_segments(words, columns - 7)[:2] or [[]]
    lines = [[*(hang if n else lead), *row] for n, row in enumerate(rows)]
    if state.next_title and not state.upcoming.startswith("slide "):
        then = shorten(f"then slide {one_line(state.next_title)}", max(columns - 7, 0))
        lines.append([*hang, Segment(then, theme.style("muted", "panel"))])
    return lines


def _facts(view: SpeakerView) -> Iterable[tuple[str, str]]:
    """What is to be known of the talk now, in words, each with its role."""
    state = view.state
    if state.asks:
        why = state.reason or "the step failed"
        yield f"! {why}: the next press replays it, or keep what is shown", "error"
    flags = [
        word
        for on, word in (
            (state.waiting, "1 press waits"),
            (state.black, "the screen is black"),
            (state.frozen, "the picture is frozen"),
            (state.scratch, "the scratch shell is on the screen"),
            (state.keys == "pane", "keys go to the pane"),
            (state.keys == "line", "the command is being edited"),
        )
        if on
    ]
    if flags:
        yield "▲ " + " · ".join(flags), "warn"
    if state.countdown is not None:
        left = max(state.countdown, 0.0)
        yield f"◷ deadline in {left:.0f} s", "warn" if left <= 5 else "text"
    yield from _step(state)
    if state.tainted:
        yield f"▲ later steps stay recorded: {state.tainted}", "warn"
    if state.background:
        runs = ", ".join(f"{demo} ({how})" for demo, how in state.background)
        ended = any(how != "runs" for _, how in state.background)
        yield f"{'▲' if ended else '⇄'} in the background: {runs}", "warn" if ended else "text"
    yield from _saving(view)
    if state.questions:
        yield f"? questions written down: {state.questions}", "text"
    if state.message:
        yield f"▲ {state.message}", "warn"


def _saving(view: SpeakerView) -> Iterable[tuple[str, str]]:
    """What would save time, and how much; in the open where the talk is late."""
    state = view.state
    if state.dropped:
        passed = (
            DROPPED.get(one, f"what the cut to {one} leaves out")
            for one in state.dropped.split("+")
        )
        yield f"▲ passed over: {' and '.join(passed)}", "text"
    late = state.pace is not None and pace_words(state.pace)[1] == "warn"
    parts = [
        f"{f'{key} ' if (key := view.keys.get(action, '')) else ''}{words} −{clock(seconds)}"
        for action, words, seconds in state.savings
    ]
    if parts:
        yield "to save time: " + " · ".join(parts), "warn" if late else "muted"


def _step(state: SpeakerState) -> Iterable[tuple[str, str]]:
    """The step's rung, and why it is that one."""
    if state.step:
        yield f"{state.activity}: {state.step}" if state.activity else state.step, "text"
    if state.reason and not state.asks:
        yield f"because {state.reason}", "muted"


def _conditions(state: SpeakerState, columns: int, theme: Theme) -> list[Line]:
    """`✓ cluster  ✗ shop: no answer in 2 s`; sound ones by their name alone."""
    parts: Line = []
    for name, holds, words in state.conditions:
        mark, role = CHECKS.get(holds, UNKNOWN)
        said = f": {one_line(words)}" if words and holds != "true" else ""
        gap = "   " if parts else ""
        style = theme.style(role, "panel", bold=holds == "false")
        parts.append(Segment(f"{gap}{mark} {one_line(name)}{said}", style))
    return wrap_segments(parts, columns)[:3]


# --- the rest: notes and the slides' texts -------------------------------------------------------


def _lower(view: SpeakerView, room: Size, theme: Theme) -> tuple[list[Line], Window]:
    """Notes, and beside or below them the texts; and what of the notes is hidden."""
    if view.notes_size >= MOST_NOTES:
        return _notes(view, room, theme)
    if room.columns + 4 >= WIDE:
        return _beside(view, room, theme)
    if room.rows + 9 < TALL:
        return _notes(view, room, theme)
    wanted = len(_note_lines(view, room.columns, theme).lines) + 2
    most = room.rows * (4 if view.notes_size else 3) // 5
    height = min(wanted, most)
    notes, hidden = _notes(view, Size(room.columns, height), theme)
    texts = _texts(view.state, Size(room.columns, room.rows - height), theme)
    return [*notes, *texts], hidden


def _beside(view: SpeakerView, room: Size, theme: Theme) -> tuple[list[Line], Window]:
    fill = theme.style("text", "panel")
    side = min(SIDE_COLUMNS, room.columns // 2) // (2 if view.notes_size else 1)
    left = room.columns - side - 3
    notes, hidden = _notes(view, Size(left, room.rows), theme)
    texts = _texts(view.state, Size(side, room.rows), theme)
    bar = [Segment(" │ ", theme.style("border", "panel"))]
    rows = zip(notes, texts, strict=True)
    return [[*fit(note, left, fill), *bar, *fit(text, side, fill)] for note, text in rows], hidden


def _notes(view: SpeakerView, room: Size, theme: Theme) -> tuple[list[Line], Window]:
    """A rule and the notes, in exactly `room.rows` lines."""
    if room.rows <= 0:
        return [], Window([])
    shown = window(_note_lines(view, room.columns, theme), view.scroll, room.rows - 1, theme)
    lines = [_rule("notes", room.columns, theme), *shown.lines]
    return _filled(lines, room.rows), shown


def _note_lines(view: SpeakerView, columns: int, theme: Theme) -> NoteLines:
    notes = notes_lines(view.state.notes, view.state.stop, columns, theme)
    none: Line = [Segment("no notes on this slide", theme.style("muted", "panel"))]
    return notes if notes.lines else NoteLines((none,))


def _texts(state: SpeakerState, room: Size, theme: Theme) -> list[Line]:
    """The present slide, its pane, and the next slide, in exactly `room.rows` lines."""
    boxes = [("on the slide", state.lines), ("in the pane", state.pane[-room.rows :])]
    if state.next_title:
        boxes.append((f"next: {one_line(state.next_title)}", state.next_lines))
    shown = [(name, lines) for name, lines in boxes if lines]
    if room.rows < 3 or not shown:
        return _filled([], room.rows)
    heights = _shares([len(lines) + 1 for _, lines in shown], room.rows)
    result: list[Line] = []
    style = theme.style("text", "panel")
    for (name, lines), height in zip(shown, heights, strict=True):
        if height < 2:
            continue
        tail = name == "in the pane"
        kept = lines[-(height - 1) :] if tail else lines[: height - 1]
        result.append(_rule(name, room.columns, theme))
        result += [[Segment(shorten(_row(line), room.columns), style)] for line in kept]
        result += [[] for _ in range(height - 1 - len(kept))]
    return _filled(result, room.rows)


def _row(text: str) -> str:
    """Cleaned, on one line, with its blanks."""
    return clean(text).replace("\n", " ")


def _shares(wanted: Sequence[int], rows: int) -> list[int]:
    """Rows for each: as wanted where there are enough, else the smallest wishes first."""
    given = [0] * len(wanted)
    left = rows
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    for count, n in enumerate(order):
        given[n] = min(wanted[n], left // (len(order) - count))
        left -= given[n]
    return given


def _rule(name: str, columns: int, theme: Theme) -> Line:
    """`── notes ───────`."""
    words = shorten(name, max(columns - 6, 0))
    line = theme.style("border", "panel")
    rest = max(columns - width(words) - 4, 0)
    return [
        Segment("── ", line),
        Segment(words, theme.style("muted", "panel", bold=True)),
        Segment(" " + "─" * rest, line),
    ]


def _filled(lines: list[Line], rows: int) -> list[Line]:
    lines = lines[: max(rows, 0)]
    return [*lines, *([] for _ in range(rows - len(lines)))]
