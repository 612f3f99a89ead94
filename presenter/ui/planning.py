"""What goes on behind a talk's screen: the plan is read, and a talk may play by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from presenter.demo.autoplay import Autoplay

if TYPE_CHECKING:
    from presenter.ui.drawing import DeskScreen
    from presenter.ui.stagelink import StageLink


class Planning:
    """The plan of one screen's talk."""

    def __init__(self, stage: DeskScreen, link: StageLink, auto: Autoplay | None) -> None:
        """`auto` presses the key, through `link`: as if it were another screen."""
        self._stage = stage
        self._link = link
        self._auto = auto

    def begin(self) -> None:
        """The talk is on the stage."""
        if self._auto is None:
            self._read()
        else:
            self._stage.run_worker(self._play(self._auto), group="auto", exit_on_error=False)

    def look(self) -> bool:
        """Once a second: another version of the deck is read; whether the stage shows the pace."""
        pacer = self._stage.desk.pacer
        if pacer is not None and pacer.outdated:
            self._read()
        return pacer is not None and pacer.wish.bar

    def _read(self) -> None:
        pacer = self._stage.desk.pacer
        if pacer is not None:
            self._stage.run_worker(
                pacer.prepare(), group="plan", exclusive=True, exit_on_error=False
            )

    async def _play(self, auto: Autoplay) -> None:
        auto.press = self._link.carry_out
        await auto.run()
        if self._stage.desk.session.ended:
            self._stage.app.exit(0)
