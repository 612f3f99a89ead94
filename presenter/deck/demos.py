"""Fences that are demos: console blocks, code that runs, casts, and kinds that cannot run yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from presenter.deck.attributes import Attributes
from presenter.deck.console import (
    apply_setting,
    has_prompt,
    is_pattern,
    read_console,
    read_settings,
)
from presenter.deck.http import Found, RequestWrong, read_requests
from presenter.deck.kubernetes import QueryWrong, read_queries
from presenter.deck.languages import Snippet, hidden_mark, language_names, snippet
from presenter.deck.model import Demo, DemoKind, Place, Problem, Severity, Step
from presenter.deck.paths import PathRefused, inside
from presenter.deck.text import clean, nearest
from presenter.deck.yaml_text import YamlRefused, read_mapping

SHELLS = frozenset(("bash", "sh", "zsh", "fish", "powershell"))
EXEC = ("exec", "auto_exec", "exec_replace", "acquire_terminal")
"""presenterm's attributes of code that runs; nothing runs here before the speaker's press."""
SYSTEMS = ("linux", "macos", "windows")
MAX_STEPS = 500
_EXPECT_STATUS = re.compile(r"\bexpect status (\d{3})\b")
"""What a request's exit status is: that of the response, 0 for one below 400."""


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block as it stands in the deck."""

    attributes: Attributes
    text: str
    place: Callable[[int], Place]
    """The place of a line of the block by its index; -1 is the fence itself."""
    problems: list[Problem]

    def warn(self, message: str, line: int = -1, column: int = 0) -> None:
        self.add(Severity.WARNING, message, line, column)

    def add(self, severity: Severity, message: str, line: int = -1, column: int = 0) -> None:
        place = self.place(line)
        place = replace(place, column=place.column + column)
        self.problems.append(Problem(place, severity, message))


class DemoBroken(Exception):  # noqa: N818 - becomes a Failure block
    """The block is meant as a demo and cannot be one."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read_demo(fence: Fence, name: str, root: Path, folder: Path) -> Demo | None:
    """The demo of a fence, or None where it is just code; raises DemoBroken.

    `name` is used where the fence names none; `folder` is the folder of the file it stands in.
    """
    attributes = fence.attributes
    language = attributes.language.lower()
    if attributes.has("no_demo"):
        return None
    lines = fence.text.split("\n")
    steps: tuple[Step, ...]
    kind, recording = DemoKind.SHELL, attributes.get("recording")
    code = read_snippet(attributes, lines)
    if language == "console":
        if not has_prompt(lines) and not attributes.get("prompt"):
            if attributes.has("demo"):
                fence.warn("a demo needs a prompt, such as `$ `, before its command")
            return None
        steps = _console_steps(fence, lines)
        if not steps:
            return None
    elif language in SHELLS and is_executed(attributes):
        steps = (_shell_step(fence, lines),)
    elif code is not None:
        steps = (_snippet_step(fence, code),)
    elif language == "http" and attributes.has("demo"):
        kind, steps = DemoKind.HTTP, _http_steps(fence, lines)
    elif language == "kubernetes" and attributes.has("demo"):
        kind, steps = DemoKind.KUBERNETES, _kubernetes_steps(fence, lines)
    elif language == "cast":
        kind = DemoKind.CAST
        recording = _cast_path(fence, root, folder)
        steps = (Step("", fence.place(0), transcript=None),)
    else:
        _warn_of_no_demo(fence, language)
        return None
    demo = _demo(fence, attributes.get("demo") or name, kind, steps)
    return replace(demo, recording=recording, snippet=code)


def _warn_of_no_demo(fence: Fence, language: str) -> None:
    if fence.attributes.has("demo"):
        known = ("console", "kubernetes", "http", "cast", *SHELLS, *language_names())
        fence.warn(f"`{language}` blocks cannot be demos{nearest(language, known)}")


def is_executed(attributes: Attributes) -> bool:
    """Whether a block of code is to be run."""
    return any(map(attributes.has, (*EXEC, "demo"))) and not attributes.has("no_demo")


def read_snippet(attributes: Attributes, lines: Sequence[str]) -> Snippet | None:
    """What a block of a language that is no shell's runs; None where it does not, or cannot."""
    if not is_executed(attributes) or attributes.has("image"):
        return None
    name = attributes.language
    program = next((value for key in EXEC if (value := attributes.get(key))), "")
    run = split_hidden(lines, name.lower())[1]
    return snippet(name, "\n".join(run) + "\n", program)


def _demo(fence: Fence, name: str, kind: DemoKind, steps: tuple[Step, ...]) -> Demo:
    attributes = fence.attributes
    takes_keys = attributes.has("acquire_terminal")
    system = attributes.get("os").lower()
    if system and system not in SYSTEMS:
        fence.warn(f"unknown system `{system}`{nearest(system, SYSTEMS)}")
    return Demo(
        name=_safe_name(fence, name),
        kind=kind,
        place=fence.place(-1),
        steps=steps,
        language=attributes.language.lower(),
        session=attributes.get("session"),
        needs=attributes.names("needs"),
        exports=(*attributes.names("export"), *_exported(steps)),
        background=attributes.has("background") and not kind.gives_data,
        os=system,
        full=attributes.has("full") or takes_keys,
        open_url=attributes.get("open"),
        hidden=attributes.has("hidden"),
        source=clean(fence.text),
        takes_keys=takes_keys,
    )


def _exported(steps: Sequence[Step]) -> tuple[str, ...]:
    """The variables that steps of data give a value."""
    requests = [name.name for step in steps if step.request for name in step.request.exports]
    queries = [name for step in steps if step.query for name, _ in step.query.exports]
    return tuple(dict.fromkeys((*requests, *queries)))


def _safe_name(fence: Fence, name: str) -> str:
    """A demo's name is part of a file's name: letters, digits, `-`, `_` and `.` only."""
    safe = "".join(char if char.isalnum() or char in "-_." else "-" for char in name).strip(".-")
    if safe != name:
        fence.warn(f"a demo's name has letters, digits, `-`, `_` and `.` only: used as `{safe}`")
    return safe or "demo"


def _defaults(fence: Fence) -> Step:
    """What the fence's attributes set for all of its steps."""
    attributes = fence.attributes
    step = Step("", fence.place(-1), needs=attributes.names("needs"))
    for key in ("timeout", "expect", "type", "live", "on_fail"):
        if not attributes.has(key):
            continue
        value = attributes.get(key)
        changed = apply_setting(step, key, value)
        if changed is None and key == "expect" and value and is_pattern(value):
            changed = replace(step, expect=value)  # an attribute's quotes are gone already
        if changed is None:
            fence.warn(f"`+{key}:{value}` is not understood")
        else:
            step = changed
    return step


def _console_steps(fence: Fence, lines: Sequence[str]) -> tuple[Step, ...]:
    prompt = fence.attributes.get("prompt")
    console = read_console(lines, fence.place, _defaults(fence), prompt)
    fence.problems.extend(console.problems)
    if not console.steps and fence.attributes.has("demo"):
        fence.warn("no command stands after the prompt")
    if len(console.steps) > MAX_STEPS:
        message = f"a demo has at most {MAX_STEPS} steps: the rest is left out"
        fence.add(Severity.ERROR, message)
    return console.steps[:MAX_STEPS]


def _http_steps(fence: Fence, lines: Sequence[str]) -> tuple[Step, ...]:
    """A step for each request; what it prints, no deck can tell."""
    try:
        found = read_requests(list(lines), fence.warn)
    except RequestWrong as wrong:
        message = f"http: {wrong.message}"
        problem = Problem(fence.place(wrong.line), Severity.ERROR, message)
        raise DemoBroken(problem) from wrong
    if not found:
        raise DemoBroken(Problem(fence.place(-1), Severity.ERROR, "http: no request stands here"))
    if len(found) > MAX_STEPS:
        fence.add(Severity.ERROR, f"a demo has at most {MAX_STEPS} steps: the rest is left out")
    return tuple(_http_step(fence, one) for one in found[:MAX_STEPS])


def _http_step(fence: Fence, found: Found) -> Step:
    step = replace(_data_step(fence, found.request.line, found.line), request=found.request)
    return _with_settings(fence, step, found.line, found.settings)


def _kubernetes_steps(fence: Fence, lines: Sequence[str]) -> tuple[Step, ...]:
    """A step for each query."""
    try:
        found = read_queries(list(lines), fence.warn)
    except QueryWrong as wrong:
        problem = Problem(fence.place(wrong.line), Severity.ERROR, f"kubernetes: {wrong.message}")
        raise DemoBroken(problem) from wrong
    if not found:
        message = "kubernetes: nothing is asked here"
        raise DemoBroken(Problem(fence.place(-1), Severity.ERROR, message))
    if len(found) > MAX_STEPS:
        fence.add(Severity.ERROR, f"a demo has at most {MAX_STEPS} steps: the rest is left out")
    steps = []
    for one in found[:MAX_STEPS]:
        step = replace(_data_step(fence, one.query.line, one.line), query=one.query)
        steps.append(_with_settings(fence, step, one.line, one.settings))
    return tuple(steps)


def _data_step(fence: Fence, command: str, line: int) -> Step:
    defaults, place = _defaults(fence), fence.place(line)
    return replace(defaults, command=command, place=place, prompt="", transcript=None)


def _with_settings(
    fence: Fence, step: Step, first: int, settings: Sequence[tuple[int, str]]
) -> Step:
    """A step of data with its `#: ` lines."""
    for line, text in settings:
        told = _EXPECT_STATUS.sub(r"expect exit \1", text)

        def warn(message: str, _part: str, line: int = line) -> None:
            fence.warn(message, line)

        step = read_settings(step, told, warn)
    if step.run:
        fence.warn("`run` has no meaning for what is asked", first)
    return replace(step, run="")


def split_hidden(lines: Sequence[str], language: str) -> tuple[list[str], list[str]]:
    """The lines that are shown, and those that run: the hidden ones among them, unmarked."""
    mark = hidden_mark(language)
    shown: list[str] = []
    run: list[str] = []
    for line in lines:
        if line.startswith(mark):
            run.append(line.removeprefix(mark).removeprefix(" "))
        else:
            shown.append(line)
            run.append(line)
    return shown, run


def _shell_step(fence: Fence, lines: Sequence[str]) -> Step:
    shown, run = split_hidden(lines, fence.attributes.language.lower())
    command = clean("\n".join(shown)).strip("\n")
    source = "\n".join(run).strip("\n")
    if not command:
        problem = Problem(fence.place(-1), Severity.ERROR, "the block has no command to show")
        raise DemoBroken(problem)
    return replace(
        _defaults(fence),
        command=command,
        place=fence.place(0),
        run=source if source != command else "",
        transcript=None,
        prompt="PS> " if fence.attributes.language.lower() == "powershell" else "$ ",
    )


def _snippet_step(fence: Fence, code: Snippet) -> Step:
    """The step whose command tells how the code is run."""
    if not fence.text.strip():
        raise DemoBroken(Problem(fence.place(-1), Severity.ERROR, "the block has no code to run"))
    command = " && ".join(code.commands)
    return replace(_defaults(fence), command=command, place=fence.place(0), transcript=None)


def _cast_path(fence: Fence, root: Path, folder: Path) -> str:
    """The recording that a `cast` block names, as a path below the deck's root."""

    def broken(message: str, line: int = 0) -> DemoBroken:
        return DemoBroken(Problem(fence.place(line), Severity.ERROR, f"cast: {message}"))

    try:
        mapping = read_mapping(fence.text)
    except YamlRefused as error:
        raise broken(error.message, error.line) from error
    path = mapping.values.get("path")
    if not isinstance(path, str) or not path:
        raise broken("needs `path:` with the recording's file")
    for key in mapping.values:
        if key != "path":
            line = mapping.places.get(key, (0, 0))[0]
            fence.warn(f"cast: unknown key `{clean(key)}`{nearest(key, ('path',))}", line)
    line = mapping.places.get("path", (0, 0))[0]
    found = [_try_inside(root, base, path) for base in (folder, root)]
    usable = [each for each in found if isinstance(each, Path)]
    if not usable:
        raise broken(str(found[0]), line)
    chosen = next((each for each in usable if each.is_file()), None)
    if chosen is None:
        fence.warn(f"cast: no file `{clean(path)}`", line)
        chosen = usable[-1]
    return chosen.resolve().relative_to(root.resolve()).as_posix()


def _try_inside(root: Path, base: Path, written: str) -> Path | PathRefused:
    try:
        return inside(root, base, written)
    except PathRefused as error:
        return error


def choose(demos: Sequence[Demo], os_name: str) -> int:
    """Which of one demo's variants this machine shows: its own, else the first one."""
    for index, demo in enumerate(demos):
        if demo.os == os_name:
            return index
    return 0
