"""Numbers of the command line."""

from __future__ import annotations

import argparse


def number_of(text: str, least: float, most: float) -> float:
    """Raises ArgumentTypeError, which says what is possible."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"{text}: a number from {least:g} to {most:g}")
    return number
