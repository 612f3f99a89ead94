"""`presenter completions SHELL`: the shell's completion script, on standard output."""

from __future__ import annotations

import argparse
import sys

from presenter.cli.parser import build_parser


def run(options: argparse.Namespace) -> int:
    """Print the script: to be sourced (bash, zsh), or kept in the completions folder (fish)."""
    import shtab

    parser = build_parser()
    for action in _actions(parser):
        if getattr(action, "complete", None) is not None:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    sys.stdout.write(shtab.complete(parser, shell=options.shell))
    return 0


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    found = []
    for action in parser._actions:
        found.append(action)
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                found.extend(_actions(child))
    return found
