"""The languages whose blocks can be run, each with the commands that run its file.

The commands are lines for a POSIX shell, run in the folder that the file is in. They are what the
audience sees, so they are as short as somebody would type them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

DEFAULT_MARK = "///"
"""presenterm's mark for lines that run and are not shown, in all languages but a few."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """Code that a program of its language runs, in a folder made for it alone."""

    files: tuple[tuple[str, str], ...]
    """(name without a folder, text), the lines that are not shown among it."""
    commands: tuple[str, ...]
    """Shell lines to be run in that folder one after another, until one fails."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language, and what runs a file of it."""

    name: str
    file: str
    commands: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    others: dict[str, str] = field(default_factory=dict)
    """Commands by the name of another program, as in `+exec:uv`."""
    mark: str = DEFAULT_MARK
    """What lines begin with that run and are not shown."""


_PEDANTIC = "RUSTFLAGS='--deny warnings' rust-script snippet.rs"
_JS = {"deno": "deno run snippet.js", "bun": "bun run snippet.js"}
_TS = {"bun": "bun run snippet.ts", "node": "node snippet.ts", "tsx": "tsx snippet.ts"}
_PYTHON = {"uv": "uv run --quiet --script snippet.py", "pytest": "pytest snippet.py"}
_RUST = {"rust-script": "rust-script snippet.rs", "rust-script-pedantic": _PEDANTIC}

LANGUAGES = (
    Language("awk", "snippet.awk", ("awk -f snippet.awk",), ("gawk",)),
    Language("c", "snippet.c", ("cc -o snippet snippet.c", "./snippet")),
    Language("c++", "snippet.cpp", ("c++ -std=c++20 -o snippet snippet.cpp", "./snippet"),
             ("cpp", "cxx", "cc")),
    Language("clojure", "snippet.clj", ("clojure -M snippet.clj",), ("clj",)),
    Language("crystal", "snippet.cr", ("crystal run snippet.cr",), ("cr",)),
    Language("csharp", "snippet.cs", ("dotnet-script snippet.cs",), ("c#", "cs")),
    Language("d", "snippet.d", ("rdmd snippet.d",), ("dlang",)),
    Language("dart", "snippet.dart", ("dart run snippet.dart",)),
    Language("elixir", "snippet.exs", ("elixir snippet.exs",), ("ex", "exs"), mark="## "),
    Language("expect", "snippet.exp", ("expect snippet.exp",)),
    Language("fortran", "snippet.f90", ("gfortran -o snippet snippet.f90", "./snippet"), ("f90",)),
    Language("fsharp", "snippet.fsx", ("dotnet fsi snippet.fsx",), ("f#", "fs", "fsx")),
    Language("go", "snippet.go", ("go run snippet.go",), ("golang",)),
    Language("groovy", "snippet.groovy", ("groovy snippet.groovy",)),
    Language("haskell", "snippet.hs", ("runhaskell snippet.hs",), ("hs",)),
    Language("java", "Snippet.java", ("java Snippet.java",)),
    Language("javascript", "snippet.js", ("node snippet.js",), ("js", "node", "mjs"), _JS),
    Language("jsonnet", "snippet.jsonnet", ("jsonnet snippet.jsonnet",), mark="## "),
    Language("julia", "snippet.jl", ("julia snippet.jl",), ("jl",)),
    Language("kotlin", "snippet.kts", ("kotlinc -script snippet.kts",), ("kt", "kts")),
    Language("lisp", "snippet.lisp", ("sbcl --script snippet.lisp",), ("common-lisp",)),
    Language("lua", "snippet.lua", ("lua snippet.lua",)),
    Language("nim", "snippet.nim", ("nim r --hints:off snippet.nim",)),
    Language("nushell", "snippet.nu", ("nu snippet.nu",), ("nu",)),
    Language("ocaml", "snippet.ml", ("ocaml snippet.ml",), ("ml",)),
    Language("perl", "snippet.pl", ("perl snippet.pl",), ("pl",)),
    Language("php", "snippet.php", ("php snippet.php",)),
    Language("python", "snippet.py", ("python3 snippet.py",), ("py", "python3"), _PYTHON),
    Language("r", "snippet.R", ("Rscript snippet.R",), ("rscript",)),
    Language("racket", "snippet.rkt", ("racket snippet.rkt",), ("rkt",)),
    Language("raku", "snippet.raku", ("raku snippet.raku",)),
    Language("ruby", "snippet.rb", ("ruby snippet.rb",), ("rb",)),
    Language("rust", "snippet.rs", ("rustc -o snippet snippet.rs", "./snippet"), ("rs",), _RUST,
             mark="# "),
    Language("rust-script", "snippet.rs", ("rust-script snippet.rs",), mark="# "),
    Language("scala", "snippet.scala", ("scala snippet.scala",)),
    Language("swift", "snippet.swift", ("swift snippet.swift",)),
    Language("tcl", "snippet.tcl", ("tclsh snippet.tcl",)),
    Language("typescript", "snippet.ts", ("deno run snippet.ts",), ("ts", "deno"), _TS),
    Language("zig", "snippet.zig", ("zig run snippet.zig",)),
)  # fmt: skip


@cache
def _by_name() -> dict[str, Language]:
    return {name: each for each in LANGUAGES for name in (each.name, *each.aliases)}


def find_language(name: str) -> Language | None:
    """The language with that name or alias, in any case; None where nothing runs it."""
    return _by_name().get(name.lower())


def language_names() -> tuple[str, ...]:
    """All names and aliases."""
    return tuple(_by_name())


def hidden_mark(name: str) -> str:
    """What begins a line that runs and is not shown, in the language of that name or any other."""
    found = find_language(name)
    return found.mark if found is not None else DEFAULT_MARK


def snippet(name: str, text: str, program: str = "") -> Snippet | None:
    """`text` as a file of the language `name`, run by `program` or else by its usual one.

    None where nothing runs the language, or the program is none of its own.
    """
    found = find_language(name)
    if found is None:
        return None
    commands = found.commands
    if program:
        if program not in found.others:
            return None
        commands = (found.others[program],)
    return Snippet(((found.file, text),), commands)
