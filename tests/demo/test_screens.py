from __future__ import annotations

import pytest

from presenter.deck.model import Grid
from presenter.demo.hub import Data, Hub, Output, Resized, Rewound, StepBegan, StepEnded
from presenter.demo.screens import KEPT_TEXT, Screens
from presenter.demo.showing import RESET
from presenter.layout.kubernetes import KubePicture
from presenter.recording.kube_lines import Asked, asked_line, encoded
from presenter.terminal.avt import AvtEmulator
from tests.live.kube_stubs import row, table
from tests.talk.script import demo, step

SHELL = demo("shell", step("a"), step("b"), step("c"))


class Room:
    def __init__(self) -> None:
        self.failures: list[Exception] = []
        self.hub = Hub(self.failures.append)
        self.screens = Screens(self.hub, AvtEmulator, Grid(20, 3), self.failures.append)

    def play(self, number: int, text: str) -> None:
        self.screens.show("shell", number - 1)
        self.hub.publish("shell", Output(text))
        self.hub.publish("shell", StepEnded(number, 0, 1.0))

    def text(self) -> list[str]:
        return self.screens.emulator("shell").text()


def opened() -> Room:
    room = Room()
    room.screens.open(SHELL)
    return room


def test_a_demo_opens_with_its_prompt() -> None:
    assert opened().text() == ["$", "", ""]


def test_final_screens_come_back_in_any_order_with_their_scrollback() -> None:
    room = opened()
    room.play(0, "a\r\n1\r\n2\r\n$ ")
    room.play(1, "b\r\n3\r\n4\r\n$ ")
    emulator = room.screens.emulator("shell")
    last, above = room.text(), emulator.history_length
    room.screens.show("shell", 0)
    assert room.text() == ["1", "2", "$"]
    assert emulator.history_length == 1
    room.screens.show("shell", -1)
    assert room.text() == ["$", "", ""]
    room.screens.show("shell", 1)
    assert room.text() == last
    assert emulator.history_length == above


def test_the_end_of_a_picture_has_no_cursor() -> None:
    room = opened()
    room.hub.publish("shell", Data("nonsense\n"))
    assert not room.screens.emulator("shell").cursor.visible
    room.hub.publish("shell", Output(f"{RESET}GET"))
    assert room.screens.emulator("shell").cursor.visible


def test_the_screen_of_a_step_not_shown_is_that_of_the_one_before() -> None:
    room = opened()
    room.play(0, "a\r\n$ ")
    room.play(2, "c\r\n$ ")
    room.screens.show("shell", 1)
    assert room.text() == ["$ a", "$", ""]
    assert room.screens.knows("shell", 2)
    assert not room.screens.knows("shell", 1)


def test_what_a_step_left_unfinished_goes_away() -> None:
    room = opened()
    room.hub.publish("shell", Output("rm -rf"))
    room.screens.show("shell", -1)
    assert room.text() == ["$", "", ""]


def test_a_step_played_again_replaces_what_it_had_shown() -> None:
    room = opened()
    room.play(0, "a\r\nold\r\n")
    room.play(0, "a\r\nnew\r\n")
    room.screens.show("shell", -1)
    room.screens.show("shell", 0)
    assert room.text() == ["$ a", "new", ""]


def test_showing_what_is_shown_draws_nothing() -> None:
    room = opened()
    changes: list[str] = []
    room.screens.on_change = changes.append
    room.screens.show("shell", -1)
    room.screens.show("shell", 5)
    assert changes == []
    room.hub.publish("shell", Output("x"))
    assert changes == ["shell"]


def test_a_screen_of_another_size_is_that_size_only_while_its_step_shows() -> None:
    room = opened()
    room.hub.publish("shell", Resized(30, 5))
    room.play(0, "a")
    room.hub.publish("shell", Resized(30, 5))
    assert room.screens.emulator("shell").columns == 30
    room.screens.show("shell", -1)
    assert room.screens.emulator("shell").columns == 20


def test_a_forgotten_demo_begins_anew() -> None:
    room = opened()
    room.play(0, "a\r\n$ ")
    room.screens.forget("shell")
    room.screens.open(SHELL)
    assert room.text() == ["$", "", ""]
    assert not room.screens.knows("shell", 0)


def test_an_engine_that_fails_costs_a_screen_and_is_reported() -> None:
    class Brittle(AvtEmulator):
        def feed(self, data: str) -> frozenset[int]:
            if "boom" in data:
                raise ValueError(data)
            return super().feed(data)

    room = Room()
    screens = Screens(room.hub, Brittle, Grid(20, 3), room.failures.append)
    screens.open(SHELL)
    room.hub.publish("shell", Output("boom"))
    room.hub.publish("shell", Output("later"))
    assert screens.emulator("shell").text()[0] == "later"
    assert [str(error) for error in room.failures] == ["boom"]


def test_a_step_that_falls_begins_where_its_output_began() -> None:
    room = opened()
    room.play(0, "a\r\n1\r\n2\r\n$ ")
    room.hub.publish("shell", Output("b\r\n"))
    room.hub.publish("shell", StepBegan(1, "live"))
    start = room.screens.start_of("shell")
    room.hub.publish("shell", Output("wrong\r\nall wrong\r\n"))
    room.hub.publish("shell", Rewound(1, "recording"))
    assert room.text() == ["2", "$ b", ""]
    assert room.screens.start_of("shell") == start
    room.hub.publish("shell", Output("right\r\n$ "))
    room.hub.publish("shell", StepEnded(1, 0, 1.0))
    room.screens.show("shell", 0)
    room.screens.show("shell", 1)
    assert room.text() == ["$ b", "right", "$"]


def test_what_is_typed_freely_stays_with_the_step_before() -> None:
    room = opened()
    room.play(0, "a\r\n1\r\n$ ")
    room.hub.publish("shell", Output("pwd\r\n/\r\n$ ", aside=True))
    assert room.text() == ["$ pwd", "/", "$"]
    room.play(1, "b\r\n2\r\n$ ")
    room.screens.show("shell", 0)
    assert room.text() == ["$ pwd", "/", "$"]
    room.screens.show("shell", -1)
    assert room.text() == ["$", "", ""]


def test_a_flood_that_is_no_part_of_a_step_is_bounded() -> None:
    room = opened()
    for _ in range(3):
        room.hub.publish("shell", Output("x" * (KEPT_TEXT // 2), aside=True))
    room.screens.show("shell", -1)
    room.hub.publish("shell", Output("\r\nend", aside=True))
    assert room.text()[-1] == "end"
    assert not room.failures


def test_what_runs_beside_is_shown_behind_its_own_step() -> None:
    room = opened()
    room.play(0, "a\r\n1\r\n")
    room.screens.show("shell", -1)
    room.hub.publish("shell", Output("2\r\n", aside=True, behind=0))
    assert room.text() == ["$", "", ""]
    room.screens.show("shell", 0)
    assert room.text() == ["1", "2", ""]


def test_data_is_taken_in_once_and_drawn_anew_for_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Going back to a long watch holds up nothing."""
    room = opened()
    told = encoded({"at": 1.0, "list": table(row("a", 1)), "first": True, "last": True})
    room.hub.publish("shell", Output(RESET))
    room.hub.publish("shell", StepBegan(0, "live"))
    room.hub.publish("shell", Data(asked_line(Asked("watch", "pods")) + "\n"))
    room.hub.publish("shell", Data(told + "\n"))
    room.hub.publish("shell", StepEnded(0, 0, 1.0))
    room.screens.fit("shell", 60, 8)
    shown = room.text()
    assert shown[3].split()[:3] == ["a", "1/1", "Running"]
    room.play(1, f"{RESET}next")

    def again(_picture: KubePicture, _lines: str) -> None:
        raise AssertionError

    monkeypatch.setattr(KubePicture, "take", again)
    room.screens.show("shell", -1)
    room.screens.show("shell", 0)
    assert room.text() == shown
    room.screens.fit("shell", 40, 8)
    assert "1 column more" in room.text()[0]
    room.screens.show("shell", 1)
    assert room.text()[0] == "next"
    assert not room.failures


def test_a_fall_takes_the_data_of_the_live_run_away() -> None:
    room = opened()
    room.hub.publish("shell", Output(RESET))
    room.hub.publish("shell", StepBegan(0, "live"))
    first = asked_line(Asked("logs", "pods")) + "\n"
    room.hub.publish("shell", Data(first + encoded({"at": 1.0, "log": "live"}) + "\n"))
    room.hub.publish("shell", Rewound(0, "recording"))
    room.hub.publish("shell", Data(first + encoded({"at": 1.0, "log": "recorded"}) + "\n"))
    room.hub.publish("shell", StepEnded(0, 0, 1.0))
    assert room.text()[0] == "recorded"
    room.screens.show("shell", -1)
    room.screens.show("shell", 0)
    assert room.text()[0] == "recorded"
