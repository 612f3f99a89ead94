"""A talk of the test deck through the installed command, in a real PTY."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.console import Console, presenter_command
from tests.ui.stagehand import DECK


def open_talk(
    folder: Path,
    *arguments: str,
    text: str = DECK,
    columns: int = 100,
    rows: int = 34,
    env: Mapping[str, str] | None = None,
    recorded: bool = True,
    wrap: Sequence[str] = (),
) -> Console:
    """`presenter talk.md`, or, with arguments, `presenter` with those.

    What opens a talk is told to take its recordings, so that it asks nothing and runs nothing.
    `wrap` is put before the command.
    """
    arguments = arguments or ("talk.md",)
    if recorded and arguments[0] != "resume":
        arguments += ("--recorded",)
    deck = folder / "talk.md"
    if not deck.exists():
        deck.write_text(text, "utf-8")
    return Console(
        [*wrap, presenter_command(), *arguments],
        columns=columns,
        rows=rows,
        cwd=folder,
        env={
            "PRESENTER_STATE_DIR": str(folder / "state"),
            "PRESENTER_CONFIG": str(folder / "settings.toml"),
            **(env or {}),
        },
    )


def journals(folder: Path) -> list[list[tuple[str, dict[str, object]]]]:
    """Kinds and fields of the events of every journal."""
    found = []
    for path in sorted((folder / "state").rglob("*.jsonl")):
        text = path.read_text()
        lines = text[: text.rfind("\n") + 1].splitlines()
        found.append([(line["k"], line["f"]) for line in map(json.loads, lines)])
    return found


def last_event(folder: Path) -> str:
    """The kind of the last one, but for the plan, which comes at any time."""
    return [kind for kind, _ in journals(folder)[-1] if kind != "PlanMade"][-1]
