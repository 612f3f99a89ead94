"""Reports as text: a template filled with a talk's facts, and the page that is made of it.

Values come from people and from journals of anybody's. Whatever stands in them is written so that
it means itself: no value makes a heading, a link or a tag.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path

from jinja2 import FunctionLoader, StrictUndefined, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt
from markupsafe import Markup

import presenter
from presenter.errors import PresenterError
from presenter.settings import settings_path
from presenter.talk.report import Report
from presenter.terminal.text import safe_text

NAME = "report.md.j2"
MOST_BYTES = 256 << 10
"""Of a template."""
RUNGS = {
    "live": "live",
    "recording": "from a recording",
    "transcript": "from the transcript in the deck",
    "card": "as a card",
}
"""How steps were shown, in the words of a report."""
_LONGEST = 20_000
"""Characters of one value."""
_SPECIAL = re.compile(r"[\\`*_\[\]<>|~]|&(?=#?\w+;)|#(?=\s*$)")
_FIRST = re.compile(r"(\s*)([#+=-]|\d{1,9}(?=[.)]))")
_LINK = re.compile(r"(?:https?://|mailto:)[!#-;=?-Z\[\]_a-z~]+", re.IGNORECASE)
_SCHEMES = ("http://", "https://", "mailto:")


# --- values -------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """The text as Markdown that shows it: one line without any meaning of its own."""
    line = re.sub(r"^\s+|\s+$", " ", safe_text(text, _LONGEST))
    line = _SPECIAL.sub(lambda found: f"\\{found[0]}", line)
    first = _FIRST.match(line)
    if first is None:
        return line
    at = first.end() if first[2].isdigit() else first.start(2)
    return f"{line[:at]}\\{line[at:]}"


def blank(what: str) -> Markup:
    """What is missing, to be filled in."""
    return Markup(f"____ ({plain(what)})")  # noqa: S704 — Markdown, whose own escapes are in it


def linked(text: str) -> Markup:
    """The text with its addresses as links, where they are of a sort that may be followed."""
    parts: list[str] = []
    at = 0
    for found in _LINK.finditer(text):
        address = found[0].rstrip(".,;:!?)'")
        parts += [plain(text[at : found.start()]), f"<{address}>"]
        at = found.start() + len(address)
    return Markup("".join([*parts, plain(text[at:])]))  # noqa: S704


def quoted(text: str) -> Markup:
    """Markdown of somebody's as a quotation, which nothing in it can end."""
    lines = [safe_text(line, _LONGEST) for line in text.splitlines()]
    if not _is_tame("\n".join(lines)):
        lines = [plain(line) for line in lines]
    return Markup("\n".join(f"> {line}".rstrip() for line in lines))  # noqa: S704


def _is_tame(text: str) -> bool:
    """Whether it has no tags, no pictures and no links but to pages and addresses."""
    parser = MarkdownIt("commonmark")
    parser.validateLink = _any_link  # type: ignore[method-assign]
    for block in parser.parse(text):
        for token in (block, *(block.children or ())):
            if token.type in ("html_block", "html_inline", "image"):
                return False
            address = str(token.attrGet("href") or "https://")
            if not address.lower().startswith(_SCHEMES):
                return False
    return True


def _any_link(url: str) -> bool:
    """So that one that leads elsewhere is seen."""
    return bool(url)


def _finalised(value: object) -> object:
    """What a template prints of a value."""
    if isinstance(value, Markup):
        return value
    return "" if value is None else plain(str(value))


# --- templates ----------------------------------------------------------------------------------


def own_template() -> Path:
    """The program's template."""
    return Path(presenter.__file__).parent / "templates" / NAME


def find_template(named: Path | None) -> Path:
    """The one that is named, else the user's, else the program's."""
    if named is not None:
        return named
    users = settings_path().parent / NAME
    return users if users.is_file() else own_template()


def read_template(path: Path) -> str:
    """Raises PresenterError where it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise PresenterError(f"{path}: is larger than {MOST_BYTES >> 10} KB: no template")
        return data.decode("utf-8")
    except OSError as error:
        raise PresenterError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise PresenterError(f"{path}: is not text in UTF-8: no template") from error


def fill(report: Report, template: Path) -> str:
    """The report in Markdown; raises PresenterError with the line of a mistake."""
    text, name = read_template(template), str(template)
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        finalize=_finalised,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        loader=FunctionLoader(lambda _name: (text, name, lambda: True)),
    )
    environment.filters |= {"linked": linked, "quoted": quoted}
    try:
        filled = environment.get_template(NAME).render(values(report))
    except TemplateSyntaxError as error:
        raise PresenterError(f"{name}:{error.lineno}: {error.message}", _HINT) from error
    except Exception as error:
        line = _line_of(error, name)
        raise PresenterError(f"{name}:{line}: {error}", _HINT) from error
    return re.sub(r"\n{3,}", "\n\n", filled).strip("\n") + "\n"


_HINT = "`presenter report --print-template` shows one that works"


def values(report: Report) -> dict[str, object]:
    """What a template can use, by its names there."""
    told: dict[str, object] = {one.name: getattr(report, one.name) for one in fields(report)}
    helpers: dict[str, Callable[[str], str] | Mapping[str, str]] = {
        "blank": blank,
        "rung_words": RUNGS,
    }
    return told | dict(report.facts) | helpers


def _line_of(error: BaseException, name: str) -> int:
    """The last line of the template that took part in the mistake."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
