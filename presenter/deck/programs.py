"""The programs that a command of a POSIX-like shell names, as far as they can be told for sure.

Where a word only may be a program it is left out: who is told that a program is missing must be
able to believe it. What is inside of double quotes, and what comes by a path, is not looked at.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

_HEREDOC = re.compile(r"(?<!<)<<(?!<)(-?)\s*\\?(['\"]?)([\w.-]+)\2")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.+-]*")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=.*", re.DOTALL)
_PUNCTUATION = "();<>|&\n"
_BEFORE_COMMANDS = frozenset((";", "&&", "||", "|", "|&", "&", "(", ";;"))
_WRAPPERS = frozenset(("sudo", "time", "exec", "env", "command", "nohup", "builtin"))
"""Words behind which another command stands."""
_LEADING = frozenset(("!", "{", "do", "then", "else", "if", "elif", "while", "until"))
"""Reserved words behind which a command stands."""
_BUILTINS = """
. : [ [[ alias autoload bg bind break builtin case cd compgen complete continue coproc declare dirs
disown done echo enable esac eval exit export false fc fg fi for function getopts hash help history
in jobs kill let local logout mapfile popd print printf pushd pwd read readarray readonly return
select set setopt shift shopt source suspend test times trap true type typeset ulimit umask unalias
unset unsetopt wait whence which
"""
BUILTINS = frozenset(_BUILTINS.split())
"""Words that the shell itself knows, and those that end what it knows."""


def programs(command: str) -> tuple[str, ...]:
    """The names of programs that stand where the shell looks for one, each once; never raises."""
    return tuple(dict.fromkeys(_programs(command)))


def defined(command: str) -> frozenset[str]:
    """The functions and aliases that a command defines."""
    found = re.findall(r"(?m)(?:^|[;&]|\bfunction\s)\s*([\w.-]+)\s*\(\)", command)
    found += re.findall(r"\bfunction\s+([\w.-]+)", command)
    found += re.findall(r"\balias\s+(?:-\w+\s+)*([\w.-]+)=", command)
    return frozenset(found)


def _programs(command: str) -> Iterator[str]:
    in_case = re.search(r"\bcase\b", command) is not None
    words = _words(command)
    expected, wrapped = True, False
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else ""
        if set(word) <= set(_PUNCTUATION):
            array = word.startswith("(") and at > 0 and words[at - 1].endswith("=")
            expected, wrapped = word.strip("\n") in _BEFORE_COMMANDS | {""} and not array, False
            continue
        if not expected or _ASSIGNMENT.fullmatch(word) or word in _LEADING:
            continue
        if word in _WRAPPERS:
            wrapped = True
            continue
        expected = False
        pattern = in_case and after.startswith(")")
        option = wrapped and word.startswith("-")
        told = not (pattern or option or after.startswith("("))
        if told and _PLAIN.fullmatch(word) and word not in BUILTINS:
            yield word


def _words(command: str) -> list[str]:
    """The words and operators, without comments and here-documents; none where it has no end."""
    text = re.sub(r"\\\n", " ", _without_heredocs(command))
    lexer = shlex.shlex(text, posix=True, punctuation_chars=_PUNCTUATION)
    lexer.whitespace, lexer.whitespace_split = " \t\r", True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:
        return []


def _without_heredocs(command: str) -> str:
    kept, ends = [], list[tuple[str, bool]]()
    for line in command.split("\n"):
        if ends:
            word, tabs = ends[0]
            if (line.lstrip("\t") if tabs else line) == word:
                ends.pop(0)
            continue
        line = re.sub(r"(?:^|(?<=\s))#.*$", "", line)
        ends = [(found[3], bool(found[1])) for found in _HEREDOC.finditer(line)]
        kept.append(line)
    return "\n".join(kept)
