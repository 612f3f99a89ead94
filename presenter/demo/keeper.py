"""Makes the demo's recording of what ran live, when the speaker says so.

Secrets are taken out before anything is written. All that touches the disk is done in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from presenter.deck.deck import Deck
from presenter.deck.model import Demo, DemoKind
from presenter.demo.materials import Materials
from presenter.demo.recorder import Recorder
from presenter.errors import RecordingError
from presenter.recording.lookup import FOLDER, is_writable, new_recording
from presenter.recording.ran import IN_A_TALK, Ran, Run
from presenter.recording.steps import Take, open_take


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of it."""

    words: str
    """For the speaker."""
    path: Path | None = None
    """The new recording."""


class Keeper:
    """One for a talk."""

    def __init__(
        self,
        recorder: Recorder,
        materials: Materials,
        exported: Callable[[], Mapping[str, str]],
        known: Callable[[], set[str]],
        user_dir: Path,
        *,
        read_only: bool = False,
    ) -> None:
        """`exported`: what steps have exported; `known`: secrets that are read from the disk.

        `user_dir`: where recordings go that cannot be kept beside their deck, or, where it is
        `read_only`, must not.
        """
        self._recorder = recorder
        self._materials = materials
        self._exported = exported
        self._known = known
        self._user_dir = user_dir
        self._read_only = read_only
        self._busy = False
        self._kept: dict[str, Mapping[int, Ran]] = {}
        """What has been kept of each demo."""

    def ran(self, demo: Demo) -> Mapping[int, Ran]:
        """The steps of a demo that ran live and well, each as it did last."""
        return self._recorder.ran(demo.name)

    async def keep(
        self,
        deck: Deck,
        demo: Demo,
        note: str = IN_A_TALK,
        tools: Mapping[str, str] = MappingProxyType({}),
    ) -> Kept:
        """Write what the demo's steps printed; never raises.

        `note`: on how it ran; `tools`: versions of what it ran with.
        """
        now = datetime.now().astimezone()
        at = now.strftime("%H:%M:%S")
        steps = self._recorder.ran(demo.name)
        if demo.kind is DemoKind.CAST or not steps:
            return Kept(f"{at} nothing to keep: no step of {demo.name} has run live and well")
        if demo.recording or "/" in demo.name:
            return Kept(f"{at} not kept: {demo.name} plays the recording of another demo")
        if self._busy:
            return Kept(f"{at} not kept: the last take is still being written")
        told = self._exported()
        exports = {name: told[name] for name in demo.exports if name in told}
        date = now.isoformat(timespec="seconds")
        run = Run(demo, steps, deck.path.stem, deck.meta.grid, date, exports, note, tools)
        self._busy = True
        try:
            kept = await asyncio.to_thread(self._write, deck, run, self._recorder.secrets())
        except Exception as error:  # noqa: BLE001 — whatever breaks, the talk goes on
            return Kept(f"{at} {demo.name} could not be kept: {error}")
        finally:
            self._busy = False
        self._kept[demo.name] = steps
        return Kept(f"{at} {kept.words}", kept.path)

    def unkept(self, deck: Deck) -> list[Demo]:
        """The demos that ran live and well, and have not been kept as they did last."""
        return [
            demo
            for demo in deck.all_demos()
            if (ran := self.ran(demo))
            and self._kept.get(demo.name) != ran
            and not demo.recording
            and demo.kind is not DemoKind.CAST
        ]

    def _write(self, deck: Deck, run: Run, secrets: frozenset[str]) -> Kept:
        """In a thread."""
        beside = not self._read_only and is_writable(deck.root / FOLDER)
        root = deck.root / FOLDER if beside else self._user_dir
        root.mkdir(parents=True, exist_ok=True)
        folder = deck.meta.recordings or deck.path.stem
        path = new_recording(root, folder, run.demo, deck.os_name)
        known = secrets | self._known()
        write = {
            DemoKind.HTTP: self._write_har,
            DemoKind.KUBERNETES: self._write_watched,
        }.get(run.demo.kind, self._write_cast)
        taken_over = write(path, run, known)
        shown = path.relative_to(deck.root) if beside else path
        steps = f"{len(run.steps)} of {len(run.demo.steps)} steps"
        older = f", {taken_over} from the one before" if taken_over else ""
        return Kept(f"kept {steps} of {run.demo.name}{older}, as {shown}", path)

    def _write_cast(self, path: Path, run: Run, secrets: set[str] | frozenset[str]) -> int:
        """Returns how many steps are those of the recording before."""
        from presenter.recording.redact import Redactor  # needed by this key alone
        from presenter.recording.takes import keep_take, make_take

        written = make_take(run, Redactor(secrets), self._before(run.demo))
        keep_take(path, written.header, written.events)
        return written.taken_over

    def _write_har(self, path: Path, run: Run, secrets: set[str] | frozenset[str]) -> int:
        from presenter.recording.har_reader import read_har
        from presenter.recording.har_steps import make_har, open_har
        from presenter.recording.har_writer import write_har
        from presenter.recording.takes import keep_file

        old = self._materials.path(run.demo)
        try:
            before = open_har(old, run.demo, run.grid) if old is not None else None
        except RecordingError:
            before = None
        har, taken_over = make_har(run, before)
        keep_file(path, lambda fresh: write_har(fresh, har, secrets), read_har)
        return taken_over

    def _write_watched(self, path: Path, run: Run, secrets: set[str] | frozenset[str]) -> int:
        from presenter.recording.kube_file import read_watched, write_watched
        from presenter.recording.kube_steps import make_watched, open_watched
        from presenter.recording.takes import keep_file

        old = self._materials.path(run.demo)
        try:
            before = open_watched(old, run.grid) if old is not None else None
        except RecordingError:
            before = None
        watched, taken_over = make_watched(run, before)
        keep_file(path, lambda fresh: write_watched(fresh, watched, secrets), read_watched)
        return taken_over

    def _before(self, demo: Demo) -> Take | None:
        path = self._materials.path(demo)
        try:
            return open_take(path) if path is not None else None
        except RecordingError:
            return None
