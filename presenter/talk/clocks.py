"""Times as people read them, for the screen, for tables and for reports alike. Pure."""

from __future__ import annotations

LONGEST = 100 * 3600.0
"""Seconds that a talk may take and still be believed."""


def clock(seconds: float | None) -> str:
    """`754` → `12:34`, `4500` → `1:15:00`; a dash where there is no time, or none that can be.

    To the nearest second: the shares of 45 minutes may add up to 44:59.999.
    """
    if seconds is None or not -LONGEST < seconds < LONGEST:
        return "–"
    minutes, rest = divmod(round(abs(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    whole = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{'−' if seconds <= -0.5 else ''}{whole}:{rest:02}"


def lateness(seconds: float) -> str:
    """`2:13 late`, `0:40 early`, `on time`."""
    whole = round(abs(seconds))
    if not whole:
        return "on time"
    return f"{clock(whole)} {'late' if seconds > 0 else 'early'}"
