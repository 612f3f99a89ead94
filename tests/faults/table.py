"""The table of what was tried: what must be shown, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    tried: int
    must: str
    measured: str
    ok: bool
    skipped: bool = False
    """It could not be tried here; `measured` says why."""

    def __str__(self) -> str:
        verdict = "skipped" if self.skipped else "ok" if self.ok else "MISSED"
        return f"| {self.what} | {self.tried} | {self.must} | {self.measured} | {verdict} |"


HEAD = "| what | tried | must show | measured | |\n|---|---|---|---|---|"


def skipped(what: str, must: str, reason: str) -> Row:
    """A row of what cannot be tried on this machine."""
    return Row(what, 0, must, reason, ok=True, skipped=True)


def failed(what: str, error: BaseException) -> Row:
    """A row of a part that broke."""
    lines = str(error).splitlines() or [""]
    return Row(what, 0, "", f"{type(error).__name__}: {lines[0][:120]}", ok=False)
