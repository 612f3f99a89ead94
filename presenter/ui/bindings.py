"""Every key of the program as data: id, keys, action, and the words that help shows for it.

Ids are what a settings file names. Nothing here is a priority binding: while a pane has the focus,
it gets every key but `pane.leave`. Escape, F5 and q, that clickers send or hands find by habit,
are not here: they do nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from presenter.demo.controls import CONTROLS


@dataclass(frozen=True, slots=True)
class Key:
    """One binding. `keys` are Textual's names, separated by commas."""

    id: str
    keys: str
    action: str
    label: str
    group: str


MOVE = "Move"
STEP = "Demos"
SHOW = "Show"
TALK = "Talk"
CARDS = "In the overview"
PLAYER = "In `play`, and in a focused recording"

KEYS: tuple[Key, ...] = (
    Key("nav.next", "space,right,down,pagedown,l,j,enter", "send('next')", "Next", MOVE),
    Key("nav.previous", "left,up,pageup,h,k,backspace", "send('previous')", "Previous", MOVE),
    Key("nav.next_slide", "n", "send('next_slide')", "Next slide, over pauses", MOVE),
    Key("nav.previous_slide", "p", "send('previous_slide')", "Previous slide", MOVE),
    Key("nav.first", "g,home", "send('first')", "First slide", MOVE),
    Key("nav.last", "G,end", "send('last')", "Last slide; after a NUMBER, that slide", MOVE),
    Key("nav.back", "apostrophe", "send('back')", "Back to where the jump began", MOVE),
    Key("view.overview", "o", "open('overview')", "Overview of all slides", MOVE),
    Key("view.search", "slash", "open('search')", "Search slides, notes and commands", MOVE),
    Key("view.scroll_down", "shift+down,ctrl+d", "scroll('text', 3)", "Scroll the text down", MOVE),
    Key("view.scroll_up", "shift+up,ctrl+u", "scroll('text', -3)", "Scroll the text up", MOVE),
    Key("step.skip", "s", "send('skip')", "Show the step's last screen now", STEP),
    Key("demo.final", "S", "send('skip_demo')", "Show the demo's last screen now", STEP),
    Key("step.replay", "r", "send('replay')", "Play the step once more", STEP),
    Key("step.edit", "e", "edit", "Change the typed command", STEP),
    Key("step.force", "F", "send('force')", "Recordings from now on, this step too", STEP),
    Key("step.keep", "K", "send('keep')", "Keep what the step shows", STEP),
    Key("take.keep", "W", "keep_take", "Keep what ran live as the demo's recording", STEP),
    Key("step.live", "L", "send('live_again')", "Live again from the next step on", STEP),
    Key("scratch.toggle", "f9", "send('scratch')", "Scratch shell, there and back", STEP),
    Key("pane.search", "ctrl+f", "open('pane_search')", "Search what the pane has printed", STEP),
    Key("pane.focus", "tab", "pane(True)", "Keys go to the pane", STEP),
    Key(
        "pane.leave", "ctrl+right_square_bracket", "pane(False)", "Keys come back to the talk", STEP
    ),
    Key("pane.scroll_up", "shift+pageup", "scroll('pane', -8)", "Scroll the pane up", STEP),
    Key("pane.scroll_down", "shift+pagedown", "scroll('pane', 8)", "Scroll the pane down", STEP),
    Key("view.black", "b,full_stop", "send('black')", "Black screen, on and off", SHOW),
    Key("view.freeze", "f", "send('freeze')", "Freeze the picture, look ahead", SHOW),
    Key("view.theme", "t", "next_theme", "Next theme: dark, light, contrast", SHOW),
    Key("view.test_card", "T", "open('test_card')", "Test card for the zoom", SHOW),
    Key("view.notes", "N", "notes", "Notes and timer (private)", TALK),
    Key("notes.scroll_up", "ctrl+up", "scroll('notes', -3)", "Scroll the notes up", TALK),
    Key("notes.scroll_down", "ctrl+down", "scroll('notes', 3)", "Scroll the notes down", TALK),
    Key("notes.larger", "plus", "notes_size(1)", "More room for the notes", TALK),
    Key("notes.smaller", "minus", "notes_size(-1)", "Less room for the notes", TALK),
    Key("question.note", "Q", "open('question')", "Questions: find, mark, note (private)", TALK),
    Key("plan.pause", "P", "send('take_question')", "A question: the plan waits, goes on", TALK),
    Key("plan.drop", "D", "drop('optional')", "Drop the optional slides left, or not", TALK),
    Key("plan.cut", "C", "drop('cut')", "The next shorter version of the talk", TALK),
    Key("timer.reset", "ctrl+t", "send('reset_timer')", "Start the timer anew", TALK),
    Key("deck.reload", "R,ctrl+r", "reload", "Take the changed deck", TALK),
    Key("app.help", "question_mark", "open('help')", "These keys", TALK),
    Key("app.palette", "colon,f12", "open('palette')", "Command palette", TALK),
    Key("step.cancel", "ctrl+c", "cancel", "Ctrl-C for a live step; else quit", STEP),
    Key("app.quit", "ctrl+q", "open('quit')", "Quit (asks first)", TALK),
)
"""The keys of the talk."""

OVERVIEW_KEYS: tuple[Key, ...] = (
    Key("overview.next", "right,l,space,pagedown", "move(1)", "Next card", CARDS),
    Key("overview.previous", "left,h,pageup", "move(-1)", "Previous card", CARDS),
    Key("overview.down", "down,j", "move_row(1)", "A row down", CARDS),
    Key("overview.up", "up,k", "move_row(-1)", "A row up", CARDS),
    Key("overview.first", "home,g", "move(-100000)", "First card", CARDS),
    Key("overview.last", "end,G", "move(100000)", "Last card", CARDS),
    Key("overview.open", "enter", "choose", "Show that slide", CARDS),
    Key("overview.close", "escape,o,q", "dismiss(None)", "Back to the talk", CARDS),
)

PLAYER_KEYS: tuple[Key, ...] = (
    *(
        Key(f"player.{name}", keys, name, words, PLAYER)
        for name, (keys, words, _) in CONTROLS.items()
    ),
    Key("player.theme", "t", "next_theme", "Next theme (in `play`)", PLAYER),
    Key("player.quit", "q,ctrl+q,ctrl+c", "quit", "Quit (in `play`)", PLAYER),
)
"""The actions are names of `CONTROLS`, but for the last two."""

ALL_KEYS = (*KEYS, *OVERVIEW_KEYS, *PLAYER_KEYS)

IDS = tuple(key.id for key in ALL_KEYS)

SHOWN = {
    "space": "Space",
    "right": "→",
    "left": "←",
    "up": "↑",
    "down": "↓",
    "pagedown": "PageDown",
    "pageup": "PageUp",
    "enter": "Enter",
    "backspace": "Backspace",
    "home": "Home",
    "end": "End",
    "tab": "Tab",
    "slash": "/",
    "plus": "+",
    "minus": "-",
    "colon": ":",
    "apostrophe": "'",
    "full_stop": ".",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "less_than_sign": "<",
    "greater_than_sign": ">",
}
"""Names of keys as a person says them."""


def bound(changed: Mapping[str, str], keys: Sequence[Key] = KEYS) -> dict[str, Key]:
    """Key → binding; `changed` has the keys of the bindings that the speaker has changed, by id.

    A key that the speaker has given to one binding is taken from all others.
    """
    table = {name: key for key in keys if key.id not in changed for name in key.keys.split(",")}
    table |= {name: key for key in keys if key.id in changed for name in changed[key.id].split(",")}
    return table


def shown(keys: str) -> str:
    """`ctrl+q,space` → `Ctrl-Q Space`."""
    return "  ".join(_shown_key(key.strip()) for key in keys.split(","))


def _shown_key(key: str) -> str:
    *modifiers, name = key.split("+")
    upper = modifiers or (name.startswith("f") and name[1:])
    word = SHOWN.get(name, name.upper() if upper else name)
    return "-".join([*(modifier.capitalize() for modifier in modifiers), word])
