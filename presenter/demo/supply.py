"""What there is to feed a step, from below the rungs that have failed."""

from __future__ import annotations

from collections.abc import Callable

from presenter.deck.model import Demo
from presenter.demo.replay import StepMaterial, material_for
from presenter.talk.ladder import Available, Feed

MaterialOf = Callable[[Demo, int], StepMaterial]
"""The best material of a step; what it raises costs the step its recording."""


class Supply:
    """Remembers what failed: a step never climbs up again by itself."""

    def __init__(self, material_of: MaterialOf, on_failure: Callable[[Exception], None]) -> None:
        self._material_of = material_of
        self._on_failure = on_failure
        self._failed: dict[tuple[str, int], frozenset[str]] = {}
        self._last: tuple[Demo, int, StepMaterial] | None = None
        """What was asked for last: a long recording is cut once a step, not once a question."""

    def material(self, demo: Demo, step: int) -> StepMaterial:
        """Never raises."""
        if self._last is None or self._last[0] is not demo or self._last[1] != step:
            self._last = demo, step, self._find(demo, step)
        return self._last[2]

    def _find(self, demo: Demo, step: int) -> StepMaterial:
        if demo.steps[step].live == "only":
            return material_for(demo, step, None, frozenset(("recording", "transcript")))
        if "recording" not in self._failures(demo, step):
            try:
                material = self._material_of(demo, step)
            except Exception as error:  # noqa: BLE001 — a recording that cannot be read costs a rung
                self.fail(demo, step, "recording", error)
            else:
                if material.rung not in self._failures(demo, step):
                    return material
        return material_for(demo, step, None, self._failures(demo, step))

    def feed(self, demo: Demo, step: int) -> Feed:
        """What the talk needs to know of the material; never raises."""
        material = self.material(demo, step)
        return Feed(material.rung, material.status, material.seconds)

    def available(self, demo: Demo, step: int) -> Available:
        """What there is below live, as far as it has not failed; never raises."""
        written = demo.steps[step].transcript is not None
        return Available(
            recording=self.material(demo, step).rung == "recording",
            transcript=written and "transcript" not in self._failures(demo, step),
        )

    def fail(self, demo: Demo, step: int, rung: str, error: Exception) -> None:
        """Report `error`; the step is fed from below `rung` from now on."""
        self._failed[demo.name, step] = self._failures(demo, step) | {rung}
        self._last = None
        self._on_failure(error)

    def forget(self) -> None:
        """Nothing has failed yet: the deck has been read anew."""
        self._failed.clear()
        self._last = None

    def _failures(self, demo: Demo, step: int) -> frozenset[str]:
        return self._failed.get((demo.name, step), frozenset())
