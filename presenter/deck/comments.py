"""Comments as commands: which words there are, and how a comment's body is taken apart."""

from __future__ import annotations

import re
import textwrap
from functools import lru_cache
from typing import NamedTuple

COMMANDS = (
    "end_slide",
    "pause",
    "new_line",
    "newline",
    "new_lines",
    "newlines",
    "jump_to_middle",
    "column_layout",
    "column",
    "reset_layout",
    "incremental_lists",
    "incremental_tables",
    "list_item_newlines",
    "font_size",
    "alignment",
    "no_footer",
    "skip_slide",
    "include",
    "speaker_note",
    "snippet_output",
    "comment",
    "notes",
    "id",
    "time",
    "optional",
    "no_output_known",
    "stop",
)
"""presenterm's commands, ours, and lookatme's `stop`."""

PRESENTERM_SIGNS = frozenset(COMMANDS[:15]) | {"skip_slide", "speaker_note", "no_footer"}

MARP_DIRECTIVES = frozenset(
    (
        "theme",
        "style",
        "headingDivider",
        "size",
        "math",
        "lang",
        "paginate",
        "header",
        "footer",
        "class",
        "backgroundColor",
        "backgroundImage",
        "backgroundPosition",
        "backgroundRepeat",
        "backgroundSize",
        "color",
        "marp",
        "title",
        "description",
        "author",
        "image",
        "keywords",
        "url",
        "transition",
    )
)

_COMMAND = re.compile(r"([A-Za-z_][\w-]*)[ \t]*(?::(?!//)(.*))?", re.DOTALL)
_TOOLS = ("//", "vim:", "{{{", "}}}", "markdownlint-", "prettier-", "cSpell:", "spell-checker:")


class Command(NamedTuple):
    """A comment that has the shape of a command, known or not."""

    name: str
    value: str


@lru_cache(maxsize=256)  # the same few comments end every slide of a deck
def parse_command(body: str, prefix: str = "") -> Command | None:
    """The command of a comment's body, or None where it is prose or a remark for other tools."""
    text = body.strip()
    if prefix:
        if not text.startswith(prefix):
            return None
        text = text.removeprefix(prefix).lstrip()
    match = _COMMAND.fullmatch(text)
    if match is None:
        return None
    value = match.group(2) or ""
    # The first line of a block value keeps its line end, so that its lines stay countable.
    return Command(match.group(1), value.rstrip() if "\n" in value else value.strip())


def is_remark(body: str) -> bool:
    """Whether a comment is meant for people or for other programs, so that nothing is wrong."""
    text = body.strip()
    return not text or text.startswith(_TOOLS)


def block_text(value: str) -> str:
    """The text of a note's value: after `|` or `>` or quotes as YAML has them, else as it is."""
    first, newline, rest = value.partition("\n")
    if first.strip() in ("|", "|-", "|+", ">", ">-", ">+"):
        return textwrap.dedent(rest).strip("\n")
    text = value.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return _unquote(text)
    return (first.strip() + newline + textwrap.dedent(rest)).strip()


def _unquote(text: str) -> str:
    from presenter.deck.yaml_text import YamlRefused, read_mapping  # brings in YAML

    try:
        value = read_mapping(f"text: {text}").values["text"]
    except (YamlRefused, KeyError):
        return text
    return value if isinstance(value, str) else text
