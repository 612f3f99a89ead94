"""Whether a command is syntactically complete: the one question that the demo grammar asks."""

from __future__ import annotations

import re

_HEREDOC = re.compile(r"<<(-?)[ \t]*(?:'([^'\n]+)'|\"([^\"\n]+)\"|\\?([\w.-]+))")


def is_open(command: str, powershell: bool = False) -> bool:
    """Whether a shell would ask for another line after `command`. Never raises.

    Open are: a quote, a trailing backslash, pipe, `&&` or `||`, a here-document, `$(`, `<(`, `(`
    and `${`; in PowerShell a quote, a here-string, a trailing backtick or pipe, `(` and `{`.
    """
    return (PowerShell() if powershell else Posix()).is_open(command)


class Posix:
    """A POSIX-like shell's quoting, brackets and here-documents; nothing of its keywords."""

    def __init__(self) -> None:
        self.text = ""
        self.at = 0
        self.stack: list[str] = []
        self.heredocs: list[tuple[str, bool]] = []

    def is_open(self, text: str) -> bool:
        """See `is_open`; `text` begins with what was given before, and only the rest is read."""
        self.text = text
        while self.at < len(text):
            top = self.stack[-1] if self.stack else ""
            start = self.at
            if top in ("'", "$'"):
                self.single(top)
            elif top == '"':
                self.double()
            elif not self.plain(top):
                self.at = start
                return True
        if self.stack or self.heredocs:
            return True
        return self.text.rstrip(" \t").endswith(("|", "&&"))

    def single(self, top: str) -> None:
        end = self.text.find("'", self.at)
        escape = self.text.find("\\", self.at) if top == "$'" else -1
        if 0 <= escape < (end if end >= 0 else len(self.text)):
            self.at = escape + 2
        elif end < 0:
            self.at = len(self.text)
        else:
            self.stack.pop()
            self.at = end + 1

    def double(self) -> None:
        char, pair = self.text[self.at], self.text[self.at : self.at + 2]
        if char == "\\":
            self.at += 2
        elif pair in ("$(", "${"):
            self.stack.append(")" if pair == "$(" else "}")
            self.at += 2
        elif char == '"':
            self.stack.pop()
            self.at += 1
        elif char == "`":
            self.stack.append("`")
            self.at += 1
        else:
            self.at += 1

    def plain(self, top: str) -> bool:
        """One character outside quotes; false where the command goes on beyond its end."""
        text, at = self.text, self.at
        char = text[at]
        self.at += 1
        if char == "\\":
            self.at += 1
            return self.at <= len(text) and text[at + 1 :].strip(" ") != "\n"
        if char == top:
            self.stack.pop()
        elif char in "'\"`":
            self.stack.append("$'" if char == "'" and text[at - 1 : at] == "$" else char)
        elif char == "(" and text[at - 1 : at] != "\\":
            self.stack.append(")")
        elif char == "{" and text[at - 1 : at] == "$":
            self.stack.append("}")
        elif char == "#" and (at == 0 or text[at - 1] in " \t\n;(|&"):
            end = text.find("\n", at)
            self.at = len(text) if end < 0 else end
        elif char == "<" and text.startswith("<<", at) and not text.startswith("<<<", at):
            self.heredoc(at)
        elif char == "<" and text.startswith("<<<", at):
            self.at += 2
        elif char == "\n" and self.heredocs:
            return self.heredoc_bodies()
        return True

    def heredoc(self, at: int) -> None:
        match = _HEREDOC.match(self.text, at)
        if match is not None and self.stack[-1:] != ["}"]:
            self.heredocs.append((match[2] or match[3] or match[4], match[1] == "-"))
            self.at = match.end()

    def heredoc_bodies(self) -> bool:
        """Go over the bodies that start on this line; false when one does not end."""
        for word, tabs in self.heredocs:
            while True:
                if self.at > len(self.text):
                    return False
                end = self.text.find("\n", self.at)
                end = len(self.text) if end < 0 else end
                line = self.text[self.at : end]
                self.at = end + 1
                if (line.lstrip("\t") if tabs else line) == word:
                    break
        self.heredocs.clear()
        return True


class PowerShell:
    """PowerShell's quoting, here-strings and brackets."""

    def __init__(self) -> None:
        self.at = 0
        self.stack: list[str] = []

    def is_open(self, text: str) -> bool:
        """See `is_open`; `text` begins with what was given before, and only the rest is read."""
        while self.at < len(text):
            top = self.stack[-1] if self.stack else ""
            if top in ("'@", '"@'):
                end = text.find("\n" + top, self.at)
                if end < 0:
                    return True
                self.stack.pop()
                self.at = end + 3
            elif top in ("'", '"'):
                self.quoted(text, top)
            else:
                self.plain(text, top)
        return bool(self.stack) or self.at > len(text) or text.rstrip(" \t").endswith("|")

    def quoted(self, text: str, top: str) -> None:
        char = text[self.at]
        self.at += 1
        if char == top:
            self.stack.pop()
        elif top == '"' and char == "`":
            self.at += 1
        elif top == '"' and text.startswith("$(", self.at - 1):
            self.stack.append(")")
            self.at += 1

    def plain(self, text: str, top: str) -> None:
        at = self.at
        char = text[at]
        self.at += 1
        if char == "`":
            self.at += 1
        elif char == top:
            self.stack.pop()
        elif char == "@" and text[at + 1 : at + 2] in ("'", '"'):
            self.stack.append(text[at + 1] + "@")
            self.at += 1
        elif char in "'\"":
            self.stack.append(char)
        elif char in "({":
            self.stack.append(")" if char == "(" else "}")
        elif char == "#" and (at == 0 or text[at - 1] in " \t\n;"):
            end = text.find("\n", at)
            self.at = len(text) if end < 0 else end
