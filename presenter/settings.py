"""The speaker's settings: one TOML file, every key of it optional.

    theme = "light"

    [keys]
    "nav.next" = "space, right, pagedown"

    [health]
    suspect = 0.75
    down = 1.2

A mistake in the file never keeps a talk from starting: what is wrong is reported, the rest holds.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

MAX_BYTES = 16_384
TOP_LEVEL = ("theme", "keys", "health")
HEALTH = ("suspect", "down")
LONGEST_SILENCE = 60.0
"""Seconds."""

MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "hyper", "meta"})
PUNCTUATION = MappingProxyType(
    {
        "!": "exclamation_mark",
        '"': "quotation_mark",
        "#": "number_sign",
        "$": "dollar_sign",
        "%": "percent_sign",
        "&": "ampersand",
        "'": "apostrophe",
        "(": "left_parenthesis",
        ")": "right_parenthesis",
        "*": "asterisk",
        "+": "plus",
        ",": "comma",
        "-": "minus",
        ".": "full_stop",
        "/": "slash",
        ":": "colon",
        ";": "semicolon",
        "<": "less_than_sign",
        "=": "equals_sign",
        ">": "greater_than_sign",
        "?": "question_mark",
        "@": "at",
        "[": "left_square_bracket",
        "\\": "backslash",
        "]": "right_square_bracket",
        "^": "circumflex_accent",
        "_": "underscore",
        "`": "grave_accent",
        "{": "left_curly_bracket",
        "|": "vertical_line",
        "}": "right_curly_bracket",
        "~": "tilde",
    }
)
"""Characters → the names by which Textual knows their keys."""
KEY_NAMES = frozenset(
    {"up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete"}
    | {"space", "tab", "enter", "escape", "backspace"}
    | {f"f{number}" for number in range(1, 25)}
    | set(PUNCTUATION.values())
)
"""Names of keys, but for letters and digits, which are their own names."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the file says, checked."""

    theme: str = ""
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Binding id → keys, separated by commas."""
    health: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """`suspect` and `down` → seconds of silence, those that the file names."""
    problems: tuple[str, ...] = ()
    """A line each: `file: what is wrong, with the nearest known word`."""


def settings_path() -> Path:
    """Where the file is looked for; `PRESENTER_CONFIG` names another one."""
    named = os.environ.get("PRESENTER_CONFIG")
    if named:
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path("presenter") / "settings.toml"


def load_settings(path: Path, binding_ids: Collection[str]) -> Settings:
    """Read the file; one that is absent means the defaults."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            return Settings(problems=(f"{path}: larger than {MAX_BYTES >> 10} KB: not read",))
        text = data.decode("utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        return Settings(problems=(f"{path}: cannot be read: {error}",))
    return parse_settings(text, str(path), binding_ids)


def parse_settings(text: str, name: str, binding_ids: Collection[str]) -> Settings:
    """Settings from TOML text; `name` stands in front of each problem."""
    import tomllib

    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Settings(problems=(f"{name}: {error}",))
    problems = [
        f"{name}: unknown key {key!r}{nearest(key, TOP_LEVEL)}"
        for key in data
        if key not in TOP_LEVEL
    ]
    theme = data.get("theme", "")
    if not isinstance(theme, str):
        problems.append(f"{name}: theme must be a name in quotes, not {theme!r}")
        theme = ""
    health, wrong = _health(data.get("health", {}), name)
    problems += wrong
    table = data.get("keys", {})
    if not isinstance(table, dict):
        problems.append(f"{name}: keys must be a table: [keys]")
        table = {}
    keys = {}
    for binding, value in table.items():
        if binding not in binding_ids:
            problems.append(f"{name}: unknown binding {binding!r}{nearest(binding, binding_ids)}")
        elif not isinstance(value, str) or not all(part.strip() for part in value.split(",")):
            problems.append(f'{name}: {binding!r} wants keys in quotes, such as "space, right"')
        else:
            names = [key_name(part.strip()) for part in value.split(",")]
            unknown = [name for name in names if not _is_key(name)]
            problems += [
                f"{name}: {binding!r}: unknown key {key!r}{nearest(key, KEY_NAMES)}"
                for key in unknown
            ]
            known = [key for key in names if key not in unknown]
            if known:
                keys[binding] = ",".join(known)
    return Settings(theme, MappingProxyType(keys), MappingProxyType(health), tuple(problems))


def _health(table: object, name: str) -> tuple[dict[str, float], list[str]]:
    """Seconds of silence by their names, and what is wrong with the others."""
    if not isinstance(table, dict):
        return {}, [f"{name}: health must be a table: [health]"]
    found: dict[str, float] = {}
    problems = []
    for key, value in table.items():
        if key not in HEALTH:
            problems.append(f"{name}: health: unknown key {key!r}{nearest(key, HEALTH)}")
        elif (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not 0 < value <= LONGEST_SILENCE
        ):
            most = f"{LONGEST_SILENCE:g}"
            problems.append(f"{name}: health: {key!r} wants seconds, above 0 and up to {most}")
        else:
            found[key] = float(value)
    if len(found) == 2 and found["suspect"] > found["down"]:
        problems.append(f"{name}: health: 'suspect' comes before 'down': neither is used")
        found = {}
    return found, problems


def key_name(text: str) -> str:
    """The key's name as Textual has it: `?` → `question_mark`, `Ctrl+]` likewise."""
    *modifiers, last = text.rsplit("+", 1) if len(text) > 1 else [text]
    if not last and modifiers[0].endswith("+"):  # the plus key itself
        modifiers, last = [modifiers[0][:-1]], "+"
    words = [word.lower() for modifier in modifiers for word in modifier.split("+")]
    name = PUNCTUATION.get(last, last if len(last) == 1 else last.lower())
    return "+".join([*words, name])


def _is_key(name: str) -> bool:
    *modifiers, last = name.split("+")
    return MODIFIERS.issuperset(modifiers) and (
        last in KEY_NAMES or (len(last) == 1 and last.isalnum())
    )


def nearest(word: str, known: Collection[str]) -> str:
    """`; did you mean …?`, or nothing when no known word is near.

    One that begins with `word` is near too, where that is long enough to mean something.
    """
    import difflib  # only when something is wrong

    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if not near and len(word) >= 3:
        near = [other for other in known if other.startswith(word)]
    return f"; did you mean {near[0]!r}?" if near else ""
