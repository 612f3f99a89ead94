"""`presenter play`: the keys of a player, and a line that says where it stands."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from presenter.demo.player import Player, State, open_player
from presenter.ui.app import PresenterApp
from presenter.ui.play import PlayScreen
from presenter.ui.stage import Stage
from tests.ui.stagehand import Keys, frame_text

HEADER = {"version": 2, "width": 40, "height": 10}
EVENTS: list[list[object]] = [
    [0.0, "o", "begin\r\n"],
    [20.0, "m", "first"],
    [20.1, "o", "after first\r\n"],
    [60.0, "m", "second"],
    [60.1, "o", "after second\r\n"],
    [100.0, "o", "end\r\n"],
]


class Playing(Keys):
    """A recording that plays, and what can be seen of it."""

    player: Player

    def text(self) -> str:
        frame = self.app.screen.query_one(Stage).frame
        return frame_text(frame) if frame else ""

    def status(self) -> str:
        return self.text().splitlines()[-1]


@contextlib.asynccontextmanager
async def playing(
    folder: Path,
    header: dict[str, object] | None = None,
    lines: str = "",
    size: tuple[int, int] = (80, 24),
    keys: dict[str, str] | None = None,
) -> AsyncIterator[Playing]:
    path = folder / "x.cast"
    rows = [json.dumps({**HEADER, **(header or {})}), *map(json.dumps, EVENTS)]
    path.write_text("\n".join(rows) + "\n" + lines)
    player = open_player(path)
    app = PresenterApp(lambda _app: PlayScreen(player, "x.cast", "dark", "truecolor", keys or {}))
    async with app.run_test(size=size) as pilot:
        hand = Playing(pilot)
        hand.player = player
        begun = "begin" if player.emulator.columns > 5 else "playing"
        await hand.wait(lambda: begun in hand.text(), "the recording")
        yield hand


async def test_space_pauses_and_plays(tmp_path: Path) -> None:
    async with playing(tmp_path) as hand:
        assert "playing" in hand.status()
        states = []
        for _ in range(2):
            await hand.press("space")
            states.append(hand.player.state)
        assert states == [State.PAUSED, State.PLAYING]


async def test_the_players_keys_can_be_changed(tmp_path: Path) -> None:
    async with playing(tmp_path, keys={"player.toggle": "x"}) as hand:
        states = []
        for key in ("space", "x"):
            await hand.press(key)
            states.append(hand.player.state)
        assert states == [State.PLAYING, State.PAUSED]


async def test_markers_forwards_and_back(tmp_path: Path) -> None:
    async with playing(tmp_path) as hand:
        await hand.press("right_square_bracket")
        assert hand.player.position == 20.0
        assert "after first" not in hand.text()
        await hand.press("right_square_bracket")
        assert hand.player.position == 60.0
        assert "after first" in hand.text()
        assert "1:00 / 1:40" in hand.status()
        await hand.press("left_square_bracket")
        assert hand.player.position == 20.0


async def test_one_event_further(tmp_path: Path) -> None:
    async with playing(tmp_path) as hand:
        await hand.press("full_stop")
        assert hand.player.state is State.PAUSED
        assert "after first" in hand.text()
        await hand.press("full_stop")
        assert "after second" in hand.text()


async def test_arrows_digits_home_and_end_seek(tmp_path: Path) -> None:
    async with playing(tmp_path) as hand:
        await hand.press("space", "5")
        assert hand.player.position == 50.0
        await hand.press("right")
        assert hand.player.position == 55.0
        await hand.press("left", "left")
        assert hand.player.position == 45.0
        await hand.press("0")
        assert hand.player.position == 0.0
        await hand.press("end")
        await hand.wait(lambda: "end" in hand.text().replace("ended", ""), "the end")
        await hand.press("home")
        assert hand.player.position == 0.0


async def test_speed_is_changed_and_shown_within_its_bounds(tmp_path: Path) -> None:
    async with playing(tmp_path) as hand:
        await hand.press("space", "greater_than_sign")
        assert "2×" in hand.status()
        for _ in range(6):
            await hand.press("greater_than_sign")
        assert hand.player.speed == 16
        for _ in range(9):
            await hand.press("less_than_sign")
        assert hand.player.speed == 0.25
        assert "0.25×" in hand.status()


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
async def test_quitting_asks_nothing(tmp_path: Path, key: str) -> None:
    async with playing(tmp_path) as hand:
        await hand.press(key)
        await hand.wait(lambda: not hand.app.is_running or hand.app._exit, "the end")


async def test_t_changes_the_theme(tmp_path: Path) -> None:
    async with playing(tmp_path) as hand:
        stage = hand.app.screen.query_one(Stage)
        before = stage.frame
        await hand.press("space", "t")
        assert before is not None
        assert stage.frame is not None
        assert stage.frame.lines[0] != before.lines[0]


async def test_damaged_lines_are_counted(tmp_path: Path) -> None:
    bad = 'nonsense\n[101, "o"]\n[102.0, "o", "more\\r\\n"]\n[103.0, "o", "to'
    async with playing(tmp_path, lines=bad) as hand:
        await hand.press("space", "9")
        await hand.wait(lambda: "2 bad lines skipped" in hand.status(), "the count")


@pytest.mark.parametrize("size", [(20, 5), (40, 12), (1, 1), (200, 60)])
@pytest.mark.parametrize(("width", "height"), [(300, 100), (1, 1), (80, 24)])
async def test_every_size_shows_every_recording(
    tmp_path: Path, size: tuple[int, int], width: int, height: int
) -> None:
    async with playing(tmp_path, {"width": width, "height": height}) as hand:
        await hand.pilot.resize_terminal(*size)
        stage = hand.app.screen.query_one(Stage)

        def resized() -> bool:
            frame = stage.frame
            return frame is not None and (frame.size.columns, frame.size.rows) == size

        await hand.wait(resized, "the frame")
        assert stage.frame is not None
        for line in stage.frame.lines:
            assert sum(segment.cell_length for segment in line) == size[0]
