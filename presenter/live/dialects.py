"""The shells that can run demos: how each is started, told what to do, and made to report.

Commands, prompts and texts go through files of a private folder that the shell's hooks read; what
is typed is a few keys that are bound to those hooks. So a command of many lines, of 100 KB, with
tabs or `!` arrives as it is, whatever the speaker has made of the line editor.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from presenter.deck.shell import is_open

_RC = Path(__file__).parent / "rc"
_STYLE = re.compile(r"(?:\x1b\[[0-9;:?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\))+")
_RUN, _REDRAW = "\x18pr", "\x18pf"
"""Ctrl-X p and a letter: no editor has them, no terminal takes them for itself."""
_EVAL = 'eval "$__presenter_command"'
_TYPED_BYTES = 3000
"""A terminal that edits lines itself cuts them at 4095 bytes."""


@dataclass(frozen=True, slots=True)
class Launch:
    argv: tuple[str, ...]
    environment: dict[str, str]


@dataclass(frozen=True, slots=True)
class Dialect:
    """A shell, found at `program`."""

    name: str
    program: str

    @property
    def called(self) -> str:
        """The name without its folder, which is how the shell's messages then begin."""
        return Path(self.program).name

    has_editor = True
    """Whether the shell edits its lines itself."""

    only_parses: ClassVar[tuple[str, ...]] = ("-n",)
    """The options with which it reads a file and runs nothing of it; none where it has no such."""

    def launch(self, folder: Path, environment: Mapping[str, str]) -> Launch:
        """Put what the shell reads at its start into `folder`; how to start it."""
        raise NotImplementedError

    def deliver(self, command: str) -> str:
        """What is typed so that `command`, which the file `command` holds too, is run."""
        return _RUN

    def redraw(self) -> str:
        """What is typed so that the line is thrown away and a new prompt comes."""
        return _REDRAW

    def prompt(self, styled: str) -> str:
        """`styled` for the file `prompt`; escape sequences in it take no room on the line."""
        return styled


class Bash(Dialect):
    def launch(self, folder: Path, environment: Mapping[str, str]) -> Launch:
        rc = _write_rc("bash.sh", folder, environment)
        return Launch((self.called, "--rcfile", str(rc), "-i"), dict(environment))

    def prompt(self, styled: str) -> str:
        return _STYLE.sub(lambda found: f"\x01{found[0]}\x02", styled)


class Sh(Dialect):
    has_editor = False

    def launch(self, folder: Path, environment: Mapping[str, str]) -> Launch:
        own = environment.get("ENV")
        restore = "unset ENV" if own is None else f"export ENV={shlex.quote(own)}"
        rc = _write_rc("sh.sh", folder, environment, RESTORE=restore)
        return Launch((self.called, "-i"), {**environment, "ENV": str(rc)})

    def deliver(self, command: str) -> str:
        """Typed as it is where it can be: `eval` has its name in each message of an error."""
        short = len(command.encode("utf-8", "replace")) <= _TYPED_BYTES
        alone = command.isprintable() and "#" not in command and command.strip()[-1:] not in ";&"
        text = command if short and alone and not is_open(command) else _EVAL
        return f"\x15 {{ __presenter_take;}} 2>/dev/null;{text};{{ __presenter_arm;}} 2>/dev/null\r"

    def redraw(self) -> str:
        return "\x15\r"


class Zsh(Dialect):
    only_parses = ("-f", "-n")

    def launch(self, folder: Path, environment: Mapping[str, str]) -> Launch:
        own = environment.get("ZDOTDIR")
        restore = "unset ZDOTDIR" if own is None else f"export ZDOTDIR={shlex.quote(own)}"
        _write_rc("zshenv.zsh", folder, environment, RESTORE=restore).rename(folder / ".zshenv")
        _write_rc("zshrc.zsh", folder, environment).rename(folder / ".zshrc")
        return Launch((self.called, "-i"), {**environment, "ZDOTDIR": str(folder)})

    def prompt(self, styled: str) -> str:
        return _STYLE.sub(lambda found: f"%{{{found[0]}%}}", styled.replace("%", "%%"))


class Fish(Dialect):
    only_parses = ("--no-config", "--no-execute")

    def launch(self, folder: Path, environment: Mapping[str, str]) -> Launch:
        program = shlex.quote(self.program)
        rc = _write_rc("fish.fish", folder, environment, FISH=program)
        command = f"source {shlex.quote(str(rc))}"
        return Launch((self.called, "-i", "--init-command", command), dict(environment))


class PowerShell(Dialect):
    """Written to the manual: not run yet. What the speaker types has no mark of its beginning."""

    has_editor = False
    only_parses = ()

    def launch(self, folder: Path, environment: Mapping[str, str]) -> Launch:
        rc = folder / "powershell.ps1"
        text = (_RC / "powershell.ps1").read_text("utf-8")
        rc.write_text(text.replace("@FOLDER@", str(folder).replace("'", "''")), "utf-8-sig")
        source = f". '{str(rc).replace(chr(39), chr(39) * 2)}'"
        argv = (self.program, "-NoLogo", "-NoExit", "-ExecutionPolicy", "Bypass", "-Command")
        return Launch((*argv, source), dict(environment))

    def deliver(self, command: str) -> str:
        return "\x1b . (Start-PresenterCommand)\r"

    def redraw(self) -> str:
        return "\x1b\r"


_DIALECTS: dict[str, tuple[type[Dialect], tuple[str, ...]]] = {
    "bash": (Bash, ("bash",)),
    "sh": (Sh, ("sh", "dash")),
    "zsh": (Zsh, ("zsh",)),
    "fish": (Fish, ("fish",)),
    "powershell": (PowerShell, ("pwsh", "powershell")),
}


def find_dialect(name: str, environment: Mapping[str, str]) -> Dialect | None:
    """The shell `name`; None where it is not known, or not on that PATH."""
    kind, programs = _DIALECTS.get(name, (Dialect, ()))
    for program in programs:
        path = shutil.which(program, path=environment.get("PATH"))
        if path is not None:
            return kind(name, path)
    return None


def _write_rc(name: str, folder: Path, environment: Mapping[str, str], **values: str) -> Path:
    """Put the file of ours into `folder`, with the programs that it calls as they are found now:

    what a demo does to PATH must not change the shell's reports.
    """
    quote = shlex.quote
    found = {
        program: quote(shutil.which(program, path=environment.get("PATH")) or program)
        for program in ("env", "awk", "mv", "cat")
    }
    by_awk = 'BEGIN { for (n in ENVIRON) printf "%s=%s%c", n, ENVIRON[n], 0 }'
    values = {
        "FOLDER": quote(str(folder)),
        "ENV": f"{found['env']} -0 2>/dev/null || {found['awk']} {quote(by_awk)}",
        "MV": f"{found['mv']} -f",
        "CAT": found["cat"],
        **values,
    }
    text = (_RC / name).read_text("utf-8")
    path = folder / name
    path.write_text(re.sub(r"@([A-Z]+)@", lambda found: values[found[1]], text), "utf-8")
    return path
