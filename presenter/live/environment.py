"""The environment of the shells: the speaker's own, without the terminal around ours."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

_OF_THE_OUTER_TERMINAL = re.compile(
    r"(?:TMUX|TERM_PROGRAM|KITTY_|ITERM_|WEZTERM_|ALACRITTY_|WT_|KONSOLE_|GHOSTTY_).*"
    r"|STY|TERM_SESSION_ID|LC_TERMINAL|LC_TERMINAL_VERSION|VTE_VERSION|WINDOWID|COLUMNS|LINES"
    r"|TERMINFO"
)
_OURS = re.compile(r"PRESENTER_.*")


def shell_environment(base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """`base` for a shell of ours: TERM and COLORTERM say what our emulator does.

    NO_COLOR, PATH, credentials and version managers stay; what describes the terminal that
    presenter runs in does not, for programs would talk to that one.
    """
    kept = {
        name: value
        for name, value in base.items()
        if not _OF_THE_OUTER_TERMINAL.fullmatch(name) and not _OURS.fullmatch(name)
    }
    return {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
