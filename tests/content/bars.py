"""Bars of a group, read from a picture."""

from __future__ import annotations

import re


def bars(text: str, group: str) -> dict[str, int]:
    """The values of a group and their counts, as they stand on the screen."""
    found: dict[str, int] = {}
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if re.match(rf"[│ ]*{group} ", line))
    for line in lines[start:]:
        match = re.search(r"(\S+) [█▏▎▍▌▋▊▉]+ +(\d+) +\d+%", line)
        if match is None:
            break
        found[match[1]] = int(match[2])
    return found
