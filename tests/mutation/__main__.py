"""Runs mutmut over the groups, one after the other, and prints how many mutants were killed."""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from tests.material import ROOT
from tests.mutation.groups import GROUPS, Group

LEAST = 0.85
"""Share of each group's mutants that the tests have to kill."""
SEED = 20261126
NOBODY = "no.mutant.has.this.name"
LONGEST = 3600.0
"""Seconds for a group."""
COPIED = ("presenter", "tests", "slides", "recordings", "docs", "README.md", "pyproject.toml")
KILLED, ENDLESS = frozenset(("killed", "timeout", "segfault")), "timeout"
"""mutmut's words for a mutant that was noticed; one that never ends is."""
SETTINGS = """
[tool.mutmut]
source_paths = ["presenter"]
only_mutate = {files}
also_copy = ["slides", "recordings", "docs", "README.md"]
pytest_add_cli_args = {arguments}
pytest_add_cli_args_test_selection = {tests}
timeout_multiplier = 4.0
timeout_constant = 1.0
use_git_change_detection = false
track_dependencies = false
"""
ARGUMENTS = ("-o", "addopts=", "-p", "no:xdist", "-p", "no:cacheprovider", "--hypothesis-seed=0")
HEAD = (
    "| group | module | mutants | killed | of them too slow | survived | share |\n"
    "|---|---|---|---|---|---|---|"
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(GROUPS)}")
    parser.add_argument("--sample", type=int, metavar="N", help="of each group N mutants by chance")
    parser.add_argument("--survivors", action="store_true", help="print what nobody noticed")
    options = parser.parse_args()
    names = options.names or [*GROUPS]
    if not GROUPS.keys() >= set(names):
        parser.error(f"there are {', '.join(GROUPS)}")
    if importlib.util.find_spec("mutmut") is None:
        parser.error("mutmut is not installed: begin the command with `uv run --group mutation`")
    now, version = datetime.now(UTC), importlib.metadata.version("mutmut")
    python = f"Python {platform.python_version()}"
    say(f"{now:%Y-%m-%d}, {platform.platform()}, {python}, mutmut {version}\n\n{HEAD}")
    missed = False
    for name in names:
        with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
            statuses = try_group(GROUPS[name], Path(folder), options.sample)
            missed = tell(name, statuses) or missed
            if options.survivors:
                unsure = [mutant for mutant, status in statuses.items() if status != "killed"]
                say("\n".join(mutmut(Path(folder), "show", mutant) for mutant in unsure))
    return int(missed)


def try_group(group: Group, folder: Path, sample: int | None) -> dict[str, str]:
    """What became of the mutants of a group, by their names."""
    lay_out(group, folder)
    run = ("run", "--max-children", "1")
    wanted: Sequence[str] = group.patterns
    if sample is not None:
        mutmut(folder, *run, NOBODY, may_fail=True)  # makes them all, and finds none to try
        made = mutmut(folder, "results", "--all", "true")
        names = sorted(
            mutant
            for mutant in re.findall(r"\S+__mutmut_\d+", made)
            if any(fnmatchcase(mutant, pattern) for pattern in group.patterns)
        )
        wanted = random.Random(SEED).sample(names, min(sample, len(names)))
    mutmut(folder, *run, *wanted)
    return read_statuses(mutmut(folder, "results", "--all", "true"))


def tell(name: str, statuses: Mapping[str, str]) -> bool:
    """Prints the rows of a group; whether too few of its mutants were killed."""
    for module in GROUPS[name].modules:
        own = [status for mutant, status in statuses.items() if is_of(mutant, module)]
        say(row(name, module.removeprefix("presenter."), own))
    say(row(f"**{name}**", "", [*statuses.values()]))
    return killed(statuses.values()) < LEAST * max(len(statuses), 1)


def lay_out(group: Group, folder: Path) -> None:
    """A copy of the checkout with the group's settings."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy2(ROOT / name, folder / name)
    settings = SETTINGS.format(
        files=json.dumps([f"{module.replace('.', '/')}.py" for module in group.modules]),
        arguments=json.dumps([*ARGUMENTS, *group.arguments]),
        tests=json.dumps(group.tests),
    )
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(settings)


def mutmut(folder: Path, *arguments: str, may_fail: bool = False) -> str:
    """What it prints; ends everything where the tests fail without any change."""
    material = os.environ.get("PRESENTER_MATERIAL") or str(ROOT.parent / "shared")
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=folder,
        env={**os.environ, "PRESENTER_MATERIAL": material},
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    if done.returncode and not may_fail:
        sys.exit(f"mutmut {arguments[0]}: {done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


def read_statuses(results: str) -> dict[str, str]:
    """The words of mutmut by the names of the mutants; those not asked for are left out."""
    found = re.findall(r"^ +(\S+__mutmut_\d+): (.+)$", results, re.MULTILINE)
    return {mutant: status for mutant, status in found if status != "not checked"}


def is_of(mutant: str, module: str) -> bool:
    """Whether a mutant is one of a module, and not of one below it."""
    return mutant.rpartition(".")[0] == module


def killed(statuses: Iterable[str]) -> int:
    return sum(status in KILLED for status in statuses)


def row(group: str, module: str, statuses: Sequence[str]) -> str:
    every, dead = len(statuses), killed(statuses)
    share = f"{dead / every:.1%}" if every else "none"
    numbers = f"{every} | {dead} | {statuses.count(ENDLESS)} | {every - dead}"
    return f"| {group} | {module} | {numbers} | {share} |"


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
