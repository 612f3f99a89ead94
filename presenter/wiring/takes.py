"""The takes of a demo: its recording, and the ones before it that were kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from presenter.deck.deck import Deck
from presenter.deck.model import Demo, DemoKind
from presenter.errors import PresenterError, RecordingError, UsageError
from presenter.recording.drift import Shown, drift
from presenter.recording.takes import KEPT_BEFORE, keep_file
from presenter.wiring.desk import deck_materials

if TYPE_CHECKING:
    from presenter.recording.har_steps import HarTake
    from presenter.recording.kube_steps import KubeTake
    from presenter.recording.steps import Take

    AnyTake = Take | HarTake | KubeTake


@dataclass(frozen=True, slots=True)
class Kept:
    """One take."""

    demo: str
    number: int
    """0 is the recording that is played, 1 the one before it."""
    path: Path
    source: str = ""
    date: str = ""
    note: str = ""
    steps: int = 0
    """Those of the demo that it has, for these very commands."""
    of: int = 0
    seconds: float = 0.0
    trouble: str = ""
    """Why it cannot be played."""


def takes_of(deck: Deck, names: tuple[str, ...] = ()) -> Iterator[Kept]:
    """All of the deck's, or of these demos; raises UsageError for a demo that is not there."""
    for demo in _demos(deck, names):
        path = deck_materials(deck).path(demo)
        for number in range(KEPT_BEFORE + 1) if path is not None else ():
            take = _numbered(path, number) if path is not None else None
            if take is not None and take.is_file():
                yield _kept(deck, demo, number, take)


def find_take(deck: Deck, name: str, number: int) -> tuple[Demo, Path, Path]:
    """A demo, its recording, and the take of this number; raises UsageError, PresenterError."""
    (demo,) = _demos(deck, (name,))
    path = deck_materials(deck).path(demo)
    take = _numbered(path, number) if path is not None else None
    if path is None or take is None or not take.is_file():
        raise PresenterError(f"{name}: there is no take {number}", "`presenter takes` lists them")
    return demo, path, take


def restore(deck: Deck, name: str, number: int) -> Path:
    """Makes a take the demo's recording again; the one that it was is kept as take 1."""
    demo, path, take = find_take(deck, name, number)
    if not number:
        raise UsageError("take 0 is the recording that is played already")
    data = take.read_bytes()
    keep_file(path, lambda fresh: fresh.write_bytes(data), lambda fresh: _open(deck, demo, fresh))
    return path


def compare(deck: Deck, name: str, number: int) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Step, command and difference, from the take to the recording that is played."""
    demo, path, take = find_take(deck, name, number)
    before, after = _open(deck, demo, take), _open(deck, demo, path)
    for index, step in enumerate(demo.steps):
        old, new = (_shown(each, index, step.whole) for each in (before, after))
        if old is not None and new is not None:
            yield index, step.command, drift(step, old, new)
        elif old is not None or new is not None:
            missing = "-take {} has it" if new is None else "+take {} lacks it"
            yield index, step.command, (missing.format(number),)


def _shown(take: AnyTake, index: int, command: str) -> Shown | None:
    taken = take.step(index, command)
    if taken is None or taken.stale:
        return None
    return Shown(tuple(taken.events), taken.exit_status, (take.columns, take.rows))


def _demos(deck: Deck, names: tuple[str, ...]) -> list[Demo]:
    demos = [demo for demo in deck.all_demos() if demo.kind is not DemoKind.CAST]
    known = {demo.name for demo in demos}
    for name in names:
        if name not in known:
            raise UsageError(f"{deck.path}: there is no demo `{name}`", "see `presenter outline`")
    return [demo for demo in demos if not names or demo.name in names]


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}") if number else path


def _kept(deck: Deck, demo: Demo, number: int, path: Path) -> Kept:
    try:
        take = _open(deck, demo, path)
    except RecordingError as error:
        return Kept(demo.name, number, path, of=len(demo.steps), trouble=error.message)
    told = take.provenance
    found = [take.step(n, step.whole) for n, step in enumerate(demo.steps)]
    good = [one for one in found if one is not None and not one.stale]
    return Kept(
        demo.name,
        number,
        path,
        told.source if told is not None else "",
        (told.date or "") if told is not None else "",
        told.note if told is not None else "",
        len(good),
        len(demo.steps),
        sum(one.duration for one in good),
    )


def _open(deck: Deck, demo: Demo, path: Path) -> AnyTake:
    """Raises RecordingError."""
    if demo.kind is DemoKind.HTTP:
        from presenter.recording.har_steps import open_har

        return open_har(path, demo, deck.meta.grid)
    if demo.kind is DemoKind.KUBERNETES:
        from presenter.recording.kube_steps import open_watched

        return open_watched(path, deck.meta.grid)
    from presenter.recording.steps import open_take

    return open_take(path)
