"""A talk on a stage without a terminal: keys by a pilot, and what then can be seen."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

from textual import events
from textual.keys import key_to_character
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from presenter.deck.deck import open_deck
from presenter.demo.desk import Desk
from presenter.demo.reports import Reports
from presenter.layout.frame import Frame
from presenter.talk.session import Session
from presenter.ui.app import PresenterApp
from presenter.ui.drawing import DeskScreen
from presenter.ui.stage import Stage
from presenter.ui.talk import TalkScreen
from presenter.wiring.desk import make_desk

DECK = """\
---
title: A talk for tests
author: Nobody
duration: 10m
---

# Pauses

first line

<!-- notes:
zebra stands in a note only
-->

<!-- pause -->

second line

<!-- pause -->

third line

---

# Demo

Two steps follow.

```console +demo:shell
$ echo hello
hello
$ echo again
again
```

---

# By keys

```console +demo:typed +type:keys
$ ls -l
total 0
```

---

# At once

```console +demo:fast +type:instant
$ uname
Linux
```

---

# Long

{long}

---

# The end

`kubectl get pods` was typed.
""".replace("{long}", "\n\n".join(f"Paragraph number {n}." for n in range(60)))
"""Slides: title, pauses, demo, by keys, at once, long, the end."""

TITLE, PAUSES, DEMO, BY_KEYS, AT_ONCE, LONG, END = range(7)


class Keys:
    """Presses keys and waits for what comes of them."""

    def __init__(self, pilot: Pilot[int]) -> None:
        self.pilot = pilot

    @property
    def app(self) -> PresenterApp:
        app = self.pilot.app
        assert isinstance(app, PresenterApp)
        return app

    def text(self) -> str:
        """All that can be read."""
        raise NotImplementedError

    async def press(self, *keys: str) -> None:
        """Press keys by Textual's names, each when the one before has been seen to.

        As a person does, who sees what stands there. A pilot's own `press` waits 40 ms for each.
        """
        for key in keys:
            await self.wait(self.drawn, "the drawing of what stands")
            self.send(key)
            await self.settle()

    def drawn(self) -> bool:
        """Whether what stands is on the screen."""
        return True

    def send(self, *keys: str) -> None:
        """Press keys all at once."""
        driver = self.app._driver
        assert driver is not None
        for key in keys:
            event = events.Key(key, key_to_character(key))
            event.set_sender(self.app)
            driver.send_message(event)

    async def wheel(self, selector: str, rows: int, offset: tuple[int, int] = (2, 2)) -> None:
        """Turn the wheel over a stage, upwards where `rows` is negative."""
        kind = events.MouseScrollUp if rows < 0 else events.MouseScrollDown
        for _ in range(abs(rows)):
            await self.pilot._post_mouse_events([kind], selector, offset=offset, button=0)
            await self.settle()

    async def settle(self) -> None:
        """Until no message waits anywhere."""
        quiet = 0
        while quiet < 5:
            await asyncio.sleep(0)
            pumps = [self.app, *self.app.screen_stack, *self.app.screen.walk_children()]
            quiet = quiet + 1 if all(pump._message_queue.empty() for pump in pumps) else 0

    async def wait(self, condition: Callable[[], bool], what: str, seconds: float = 10.0) -> None:
        """Let the application work until `condition` holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"never saw {what} in:\n{self.text()}"
            await asyncio.sleep(0.001)  # timers of the application need time to come due


class Stagehand(Keys):
    """Presses keys on a talk's screen and reads what stands there."""

    def __init__(self, pilot: Pilot[int], desk: Desk, path: Path) -> None:
        super().__init__(pilot)
        self.desk = desk
        self.path = path

    @property
    def session(self) -> Session:
        return self.desk.session

    @property
    def place(self) -> tuple[int, int]:
        """Slide and stop."""
        here = self.session.position
        return here.slide, here.stop

    @property
    def slide(self) -> int:
        return self.session.position.slide

    @property
    def top(self) -> str:
        """Name of the screen that gets the keys."""
        return type(self.app.screen).__name__

    def drawn(self) -> bool:
        screen = self.app.screen
        return not isinstance(screen, DeskScreen) or screen._shown[0] == self.session.turned

    def frame(self) -> Frame:
        """What the stage (or the frame over it) shows."""
        frame = self.app.screen.query(Stage).first().frame
        assert frame is not None
        return frame

    def panel(self) -> str:
        """The private panel's text; empty where it is closed."""
        for stage in self.app.screen_stack[1].query("#panel").results(Stage):
            return frame_text(stage.frame) if stage.frame else ""
        return ""

    def notices(self) -> list[str]:
        """What is shown in a corner for a while."""
        return [notice.message for notice in self.app._notifications]

    def text(self) -> str:
        """All that can be read: the frame, or the words of a dialog."""
        screen = self.app.screen
        words = [str(widget.render()) for widget in screen.query(Static)]
        words += [widget.value for widget in screen.query(Input)]
        for options in screen.query(OptionList):
            words += [
                str(options.get_option_at_index(n).prompt) for n in range(options.option_count)
            ]
        frames = [stage.frame for stage in screen.query(Stage) if stage.frame is not None]
        return "\n".join([*words, *(frame_text(frame) for frame in frames)])

    async def wait_text(self, text: str) -> None:
        await self.wait(lambda: text in self.text(), repr(text))

    async def wait_place(self, slide: int, stop: int) -> None:
        await self.wait(lambda: self.place == (slide, stop), f"slide {slide}, stop {stop}")

    async def wait_top(self, name: str) -> None:
        await self.wait(lambda: self.top == name, f"{name} on top")

    async def wait_idle(self) -> None:
        """Until no step is typed or played."""
        await self.wait(lambda: not self.session.active, "the end of the step")

    def ended(self) -> bool:
        return self.session.ended


def frame_text(frame: Frame) -> str:
    return "\n".join("".join(segment.text for segment in line).rstrip() for line in frame.lines)


@contextlib.asynccontextmanager
async def on_stage(
    folder: Path,
    text: str = DECK,
    *,
    size: tuple[int, int] = (100, 34),
    speed: float = 1000.0,
    keys: Mapping[str, str] | None = None,
    watch: bool = False,
    slide: int = 0,
) -> AsyncIterator[Stagehand]:
    """A talk of the deck `text`; `speed` is that of typing and playing."""
    path = folder / "talk.md"
    path.write_text(text, "utf-8")
    deck = open_deck(path)
    desk = make_desk(deck, Reports(), speed=speed)
    desk.runtime.start(str(path), deck.hash, "0", slide)
    app = PresenterApp(lambda _app: TalkScreen(desk, keys or {}, watch=watch))
    try:
        async with app.run_test(size=size) as pilot:
            hand = Stagehand(pilot, desk, path)
            await hand.wait(lambda: hand.top == "TalkScreen", "the stage")
            await hand.wait(lambda: app.screen.query(Stage).first().frame is not None, "a frame")
            yield hand
    finally:
        desk.close()
