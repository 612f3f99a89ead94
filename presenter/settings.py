"""The speaker's settings: one TOML file, every key of it optional.

    theme = "light"

    [keys]
    "nav.next" = "space, right, pagedown"

A mistake in the file never keeps a talk from starting: what is wrong is reported, the rest holds.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

TOP_LEVEL = ("theme", "keys")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the file says, checked."""

    theme: str = ""
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Binding id → keys, separated by commas."""
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
        text = path.read_text("utf-8")
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
    except tomllib.TOMLDecodeError as error:
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
            keys[binding] = ",".join(part.strip() for part in value.split(","))
    return Settings(theme, MappingProxyType(keys), tuple(problems))


def nearest(word: str, known: Collection[str]) -> str:
    """`; did you mean …?`, or nothing when no known word is near."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""
