"""Front matter: the YAML at the head of a deck, read into `Meta`, with everything odd reported."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from presenter.deck import shapes
from presenter.deck.model import Grid, Meta, Place, Problem, Severity
from presenter.deck.text import clean, nearest, plain_title, seconds
from presenter.deck.yaml_text import YamlRefused, read_mapping

TITLE_KEYS = ("title", "sub_title", "author", "authors", "event", "location", "date")
"""The keys of which any one makes a title slide."""

STORED_KEYS = ("start", "vars", "setup", "reset", "cuts", "audience", "links")

OPTIONS = (
    "slide_break",
    "implicit_slide_ends",
    "command_prefix",
    "image_attributes_prefix",
    "incremental_lists",
    "incremental_tables",
    "list_item_newlines",
    "end_slide_shorthand",
    "strict_front_matter_parsing",
    "auto_render_languages",
    "h1_slide_titles",
    "shell",
)
CONSOLES = ("bash", "zsh", "fish", "sh")
"""The shells that `options.shell` can ask for."""

FOREIGN_KEYS = {
    "marp": "class paginate header headingDivider style math size backgroundColor backgroundImage "
    "backgroundPosition backgroundRepeat backgroundSize color marp description keywords image url "
    "lang transition",
    "slidev": "layout class background info drawings transition comark mdc fonts highlighter "
    "lineNumbers colorSchema routerMode aspectRatio canvasWidth themeConfig defaults "
    "exportFilename download record selectable favicon titleTemplate src hide level clicks "
    "addons monaco css "
    "image keywords seoMeta mermaid presenter browserExporter remoteAssets codeCopy twoslash "
    "layoutClass meta name overviewSnapshots export htmlAttrs contextMenu wakeLock preload dragPos",
    "patat": "patat subtitle institute keywords abstract lang",
    "lookatme": "extensions styles",
    "slides": "paging",
    "reveal": "revealOptions separator verticalSeparator css scripts highlightTheme",
    "mdp": "",
}

DIALECTS = ("presenter", "presenterm", *FOREIGN_KEYS)


_KEY = re.compile(r"\s*[^\s#-][^:]*:(?:\s|$)|\s*[{?]")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the head of a deck says."""

    meta: Meta
    title_slide: bool = False
    values: Mapping[str, object] | None = None
    """The plain values by key; None where there is no front matter or it is broken."""
    problems: tuple[Problem, ...] = ()


def has_key(line: str) -> bool:
    """Whether a line of YAML can name a key."""
    return bool(_KEY.match(line))


def find_end(lines: list[str]) -> int:
    """The line after the front matter that starts a file, or 0 when there is none.

    It ends with `---`, or `...` as pandoc writes it. Lines without a single key are no front matter
    but a slide between two breaks.
    """
    if not lines or lines[0].rstrip() != "---":
        return 0
    if len(lines) < 2 or not lines[1].strip():
        return 0
    for index in range(1, len(lines)):
        if lines[index].rstrip() in ("---", "..."):
            return index + 1 if index == 1 or any(map(has_key, lines[1:index])) else 0
    return 0


def read_front_matter(text: str, file: str) -> FrontMatter:
    """Read the YAML between the markers; never raises. `text` starts on the file's second line."""
    try:
        mapping = read_mapping(text)
    except YamlRefused as error:
        place = Place(file, error.line + 2, error.column + 1)
        problem = Problem(place, Severity.ERROR, f"front matter: {error.message}")
        return FrontMatter(Meta(), problems=(problem,))
    reader = _Reader(file, mapping.places, mapping.values.get("marp") is True)
    meta = reader.read(mapping.values)
    titled = any(mapping.values.get(key) not in (None, "", []) for key in TITLE_KEYS)
    return FrontMatter(meta, titled, mapping.values, tuple(reader.problems))


class _Reader:
    def __init__(
        self, file: str, places: Mapping[str, tuple[int, int]], is_marp: bool = False
    ) -> None:
        self.file = file
        self.places = places
        self.problems: list[Problem] = []
        # Many keys are known to both: a deck that is not Marp's own is taken for Slidev's.
        self.tools = sorted(FOREIGN_KEYS.items(), key=lambda tool: (tool[0] == "marp") != is_marp)

    def warn(self, key: str, message: str) -> None:
        line, column = self.places.get(key, (0, 0))
        place = Place(self.file, line + 2, column + 1)
        self.problems.append(Problem(place, Severity.WARNING, f"front matter: {message}"))

    def read(self, values: Mapping[str, object]) -> Meta:
        meta = Meta()
        for key, value in values.items():
            handler = _HANDLERS.get(key)
            if value is None:
                continue
            if handler is not None:
                meta = handler(self, meta, key, value)
            elif key in ("marp", "src"):
                continue  # a sign of the deck's own tool, and an include; both are acted on
            elif key in STORED_KEYS:
                self.check_shape(key, shapes.problem_of(key, value))
                meta = replace(meta, extra={**meta.extra, key: value})
            else:
                self.unknown(key)
        if "author" in values and "authors" in values:
            self.warn("author", "`author` and `authors` are both given: `authors` is used")
        return meta

    def unknown(self, key: str) -> None:
        for tool, keys in self.tools:
            if key in keys.split():
                self.warn(key, f"`{key}` of {tool} has no effect here")
                return
        known = (*_HANDLERS, *STORED_KEYS)
        self.warn(key, f"unknown key `{clean(key)}`{nearest(key, known)}")

    def check_shape(self, key: str, problem: str) -> None:
        if problem:
            self.warn(key, problem)

    def word(self, key: str, value: object) -> str:
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return plain_title(str(value))
        self.warn(key, f"`{key}` should be text")
        return ""

    def text(self, meta: Meta, key: str, value: object) -> Meta:
        return replace(meta, **{key: self.word(key, value)})  # type: ignore[arg-type]

    def authors(self, meta: Meta, key: str, value: object) -> Meta:
        values = value if isinstance(value, list) else [value]
        names = tuple(name for each in values if (name := self.word(key, each)))
        return meta if key == "author" and meta.authors else replace(meta, authors=names)

    def theme(self, meta: Meta, key: str, value: object) -> Meta:
        if not isinstance(value, dict):
            return replace(meta, theme=self.word(key, value))
        for name in value:
            if name not in ("name", "override"):
                self.warn(key, f"`theme.{clean(str(name))}` has no effect here")
        override = value.get("override")
        if isinstance(override, dict):
            if set(override) - {"footer"}:
                self.warn(key, "`theme.override` has no effect here, but for its footer")
            if "footer" in override:
                meta = self.footer(meta, key, override["footer"])
        return replace(meta, theme=self.word(key, value["name"])) if "name" in value else meta

    def footer(self, meta: Meta, key: str, value: object) -> Meta:
        if isinstance(value, str):
            return replace(meta, footer={"left": clean(value)})
        if not isinstance(value, dict):
            self.warn(key, "`footer` should have `left`, `center` or `right`")
            return meta
        parts: dict[str, str] = {}
        for name, part in value.items():
            if name in ("left", "center", "right") and isinstance(part, str | int):
                parts[name] = clean(str(part))
            elif name not in ("style", "height", "character"):
                self.warn(key, f"`footer.{clean(str(name))}` has no effect here")
        return replace(meta, footer=parts)

    def grid(self, meta: Meta, key: str, value: object) -> Meta:
        columns, cross, rows = str(value).strip().partition("x")
        if cross and columns.isdecimal() and rows.isdecimal() and len(columns + rows) <= 7:
            grid = Grid(int(columns), int(rows))
            if 10 <= grid.columns <= 500 and 2 <= grid.rows <= 200:
                return replace(meta, grid=grid)
        self.warn(key, "`grid` should be columns x rows from 10x2 to 500x200, such as `80x20`")
        return meta

    def duration(self, meta: Meta, key: str, value: object) -> Meta:
        length = seconds(str(value)) if isinstance(value, str) else None
        if length is None:
            self.warn(key, "`duration` should be a time such as `45m` or `1h30m`")
        return replace(meta, duration=length)

    def badge(self, meta: Meta, key: str, value: object) -> Meta:
        if not isinstance(value, bool):
            self.warn(key, "`badge` should be true or false")
            return meta
        return replace(meta, badge=value)

    def dialect(self, meta: Meta, key: str, value: object) -> Meta:
        word = self.word(key, value)
        if word not in DIALECTS:
            self.warn(key, f"unknown dialect `{word}`{nearest(word, DIALECTS)}")
            return meta
        return replace(meta, dialect=word)

    def options(self, meta: Meta, key: str, value: object) -> Meta:
        if not isinstance(value, dict):
            self.warn(key, "`options` should be a mapping")
            return meta
        for name in value:
            if name not in OPTIONS:
                self.warn(key, f"unknown option `{clean(str(name))}`{nearest(str(name), OPTIONS)}")
        shell = value.get("shell", CONSOLES[0])
        if shell not in CONSOLES:
            near = nearest(str(shell), CONSOLES)
            self.warn(key, f"`shell` should be one of {', '.join(CONSOLES)}{near}")
        return replace(meta, options={str(name): each for name, each in value.items()})

    def needs(self, meta: Meta, key: str, value: object) -> Meta:
        self.check_shape(key, shapes.problem_of(key, value))
        if not isinstance(value, dict):
            return meta
        return replace(meta, needs={str(name): each for name, each in value.items()})

    def recordings(self, meta: Meta, key: str, value: object) -> Meta:
        word = self.word(key, value)
        if not word or word.startswith(".") or "/" in word or "\\" in word:
            self.warn(key, "`recordings` should be the name of a folder inside `recordings/`")
            return meta
        return replace(meta, recordings=word)


_Handler = Callable[[_Reader, Meta, str, object], Meta]

_HANDLERS: dict[str, _Handler] = {
    **dict.fromkeys(("title", "sub_title", "event", "location", "date"), _Reader.text),
    "author": _Reader.authors,
    "authors": _Reader.authors,
    "theme": _Reader.theme,
    "footer": _Reader.footer,
    "grid": _Reader.grid,
    "duration": _Reader.duration,
    "badge": _Reader.badge,
    "dialect": _Reader.dialect,
    "options": _Reader.options,
    "needs": _Reader.needs,
    "recordings": _Reader.recordings,
}
