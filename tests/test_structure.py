"""The rules of the house that a machine can check: layers, imports, sizes, what is committed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.material import ROOT

SOURCES = sorted((ROOT / "presenter").rglob("*.py"))
MARK = "# beyond the limit because"
"""A file (in its first lines), function or class beyond the limits says why behind these words."""


def _relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=_relative)
def test_files_functions_and_classes_stay_small(path: Path) -> None:
    text = path.read_text("utf-8")
    lines = text.splitlines()
    found = []
    if len(lines) > 400 and MARK not in "\n".join(lines[:20]):
        found.append(f"{len(lines)} lines")
    for node in ast.walk(ast.parse(text)):
        reason = MARK in lines[getattr(node, "lineno", 1) - 1]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if size > 40 and not reason:
                found.append(f"{node.name}: {size} lines")
        elif isinstance(node, ast.ClassDef):
            methods = [
                n for n in node.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
            ]
            if len(methods) > 20 and not reason:
                found.append(f"{node.name}: {len(methods)} methods")
    assert not found


def test_imports_go_one_way() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["outline", "istio-101"], ["textual", "kubernetes", "httpx", "PIL", "avt"]),
        (
            ["shot", "istio-101", "--slide", "2", "-o", "{folder}/slide.txt"],
            ["textual", "kubernetes", "httpx", "PIL"],
        ),
        (
            ["check", "--static", "{folder}/deck.md"],
            ["textual", "kubernetes", "httpx", "PIL"],
        ),
        (["completions", "bash"], ["textual", "kubernetes", "httpx", "rich", "avt"]),
        (["talks"], ["textual", "kubernetes", "httpx", "PIL", "rich", "jinja2", "avt"]),
        (["cast", "info", "{folder}/a.cast"], ["textual", "kubernetes", "httpx", "PIL", "avt"]),
        (
            ["cast", "convert", "{folder}/a.cast", "-o", "{folder}/a.svg"],
            ["textual", "kubernetes", "httpx", "PIL"],
        ),
    ],
)
def test_a_command_imports_only_what_it_needs(
    arguments: list[str], absent: list[str], tmp_path: Path
) -> None:
    (tmp_path / "deck.md").write_text("# A\n\n```console\n$ cd /\n```\n")
    (tmp_path / "a.cast").write_text('{"version": 2, "width": 80, "height": 24}\n')
    arguments = [argument.format(folder=tmp_path) for argument in arguments]
    code = (
        "import sys; from presenter.cli import main; "
        f"status = main({arguments!r}); "
        f"loaded = [name for name in {absent!r} if name in sys.modules]; "
        "print('loaded', loaded, 'status', status, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stderr.strip().endswith("loaded [] status 0"), done.stderr


def test_the_application_starts_without_clients_of_clusters() -> None:
    code = (
        "import sys, presenter.wiring.stage; "
        "print([n for n in ('kubernetes', 'httpx', 'PIL', 'pygments') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def _committed() -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_nothing_of_one_machine_is_committed() -> None:
    forbidden = re.compile(
        r"(?<![\w.])/(?:home|Users|root|work)/[\w.]" + r"|pypi\.[a-z]+/|files\.python" + "hosted"
    )
    found = [
        f"{_relative(path)}:{number}: {line.strip()[:80]}"
        for path in _committed()
        if path.suffix in {".py", ".md", ".toml", ".cast", ".yml", ".sh", ""}
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if forbidden.search(line)
    ]
    assert not found
    assert not [path for path in _committed() if path.name == "uv.lock"]
