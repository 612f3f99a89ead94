"""What there is to feed each demo of a deck: its recording, opened once, or what the deck says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from presenter.deck.deck import Deck
from presenter.deck.model import Demo, DemoKind
from presenter.demo.replay import StepMaterial, material_for
from presenter.recording.lookup import find_recording
from presenter.recording.steps import Take, open_take

if TYPE_CHECKING:
    from presenter.recording.har_steps import HarTake
    from presenter.recording.kube_steps import KubeTake


class Materials:
    """Finds and keeps the recordings of one deck's demos."""

    def __init__(
        self, deck: Deck, user_dir: Path | None = None, *, user_first: bool = False
    ) -> None:
        """`user_dir` is where new takes go when the deck's own folder is read-only.

        `user_first`: it is, so that they go before the deck's own.
        """
        self._user_first = user_first
        self._deck = deck
        self._user_dir = user_dir
        self._takes: dict[str, Take | None] = {}
        self._data: dict[str, HarTake | KubeTake | None] = {}

    def use(self, deck: Deck) -> None:
        """Another version of the deck: recordings are looked for and opened anew."""
        self._deck = deck
        self._takes.clear()
        self._data.clear()

    def path(self, demo: Demo) -> Path | None:
        """The recording that the demo would use, or None."""
        return find_recording(
            self._deck.root,
            self._deck.path.stem,
            self._deck.meta.recordings,
            demo,
            self._deck.os_name,
            self._user_dir,
            user_first=self._user_first,
        )

    def take(self, demo: Demo) -> Take | HarTake | KubeTake | None:
        """The demo's recording cut into steps, None where there is none.

        Raises RecordingError where it cannot be opened: `Supply` reports it and takes a lower rung.
        """
        if demo.kind.gives_data:
            return self._data_take(demo)
        if demo.name not in self._takes:
            path = self.path(demo)
            self._takes[demo.name] = open_take(path) if path is not None else None
        return self._takes[demo.name]

    def _data_take(self, demo: Demo) -> HarTake | KubeTake | None:
        """The same for a demo of data, which few decks have."""
        if demo.name not in self._data:
            path, grid = self.path(demo), self._deck.meta.grid
            if path is None:
                self._data[demo.name] = None
            elif demo.kind is DemoKind.HTTP:
                from presenter.recording.har_steps import open_har

                self._data[demo.name] = open_har(path, demo, grid)
            else:
                from presenter.recording.kube_steps import open_watched

                self._data[demo.name] = open_watched(path, grid)
        return self._data[demo.name]

    def __call__(self, demo: Demo, step: int) -> StepMaterial:
        """What feeds a step: the highest rung that is there."""
        if demo.kind is DemoKind.CAST:
            return self._cast(demo, step)
        return material_for(demo, step, self.take(demo))

    def _cast(self, demo: Demo, step: int) -> StepMaterial:
        """A recording as a slide is played, not cut: it is only named here."""
        path = self.path(demo)
        if path is None:
            return material_for(demo, step, None)
        return StepMaterial("recording", (), cast=path)
