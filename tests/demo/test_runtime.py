from __future__ import annotations

import pytest

from presenter.deck.model import Demo, Typing
from presenter.demo.hub import LaneEvent, Output, StepBegan, StepEnded
from presenter.demo.replay import StepMaterial, material_for
from presenter.demo.showing import TIDY
from presenter.talk import commands as c
from presenter.talk import events as e
from presenter.talk.journal import decode_lines, encode, fold
from presenter.talk.session import Activity, Session
from tests.demo.rig import Memory, Rig
from tests.talk.script import Pages, demo, page, step

FINAL = ["$ kubectl get pods", "out", "$"]


def recorded(told: Demo, number: int) -> StepMaterial:
    chunks = ((0.5, f"begin {number}\r\n"), (3.5, f"end {number}\r\n"))
    return StepMaterial("recording", chunks, 0, 3.5, "transcribed")


async def test_a_whole_talk_by_one_key() -> None:
    rig = Rig(material=recorded).start()
    seen = []
    for _ in range(40):
        rig.do(c.Next())
        await rig.wait(10)
        seen.append((*rig.place, rig.session.active))
    assert seen[:12] == [
        (1, 0, ""),
        (1, 1, ""),
        (1, 2, ""),
        (2, 0, ""),
        (2, 1, "shell"),
        (2, 2, ""),
        (2, 3, ""),
        (2, 4, "shell"),
        (2, 5, ""),
        (3, 0, ""),
        (3, 1, "keys"),
        (3, 1, "keys"),
    ]
    assert seen[-1] == (5, 0, "")
    assert rig.screen()[-6:] == ["begin 0", "end 0", "$ ls -l", "begin 1", "end 1", "$"]
    assert rig.screen("keys") == [
        "$ abc", "begin 0", "end 0", "$ now", "begin 1", "end 1", "$",
    ]  # fmt: skip
    assert rig.screen("bare")[:2] == ["begin 0", "end 0"]
    assert rig.failures == []


async def test_output_comes_at_the_recorded_pace_with_silences_cut() -> None:
    rig = Rig(material=recorded).start(2)
    rig.do(c.Next(), c.Next(), c.Next())
    await rig.wait(0.6)
    assert rig.screen() == ["$ kubectl get pods", "begin 0"]
    await rig.wait(1.8)
    assert rig.screen() == ["$ kubectl get pods", "begin 0"]
    await rig.wait(0.2)
    assert rig.screen() == ["$ kubectl get pods", "begin 0", "end 0", "$"]
    assert rig.session.lanes["shell"].results[0].seconds == 3.5


async def test_the_command_is_typed_by_itself_and_waits_for_the_press_that_runs_it() -> None:
    rig = Rig().start(2)
    rig.do(c.Next())
    await rig.wait(0.2)
    assert FINAL[0].startswith(rig.screen()[0])
    assert rig.screen()[0] != FINAL[0]
    await rig.wait(5)
    assert rig.screen() == FINAL[:1]
    assert rig.session.lanes["shell"].activity is Activity.TYPED


async def test_a_press_while_typing_completes_the_command_at_once() -> None:
    rig = Rig().start(2)
    rig.do(c.Next(), c.Next())
    assert rig.screen() == FINAL[:1]
    await rig.wait(5)
    assert rig.screen() == FINAL[:1]


async def test_a_press_while_a_step_plays_is_carried_out_after_its_screen_was_seen() -> None:
    rig = Rig().start(2)
    rig.do(c.Next(), c.Next(), c.Next(), c.Next(), c.Next())
    await rig.wait(1.25)
    assert rig.session.waiting
    assert (rig.screen(), rig.place) == (FINAL, (2, 2))
    await rig.wait(0.1)
    assert (rig.session.waiting, rig.place) == (False, (2, 3))
    await rig.wait(10)
    assert rig.place == (2, 3)


async def test_a_waiting_press_types_but_never_runs() -> None:
    rig = Rig(Pages((page("p", "00", demo("shell", step("a"), step("b"))),))).start()
    rig.do(c.Next(), c.Next(), c.Next(), c.Next())
    await rig.wait(30)
    assert rig.screen() == ["$ a", "out", "$ b"]
    assert rig.session.lanes["shell"].activity is Activity.TYPED


async def test_a_press_that_waited_under_a_black_screen_follows_what_is_seen_after_it() -> None:
    rig = Rig().start(2)
    rig.do(c.Next(), c.Next(), c.Next(), c.Next(), c.Black())
    await rig.wait(30)
    assert (rig.place, rig.session.waiting) == ((2, 2), True)
    rig.do(c.Black())
    await rig.wait(0.9)
    assert rig.place == (2, 2)
    await rig.wait(0.2)
    assert rig.place == (2, 3)


async def test_a_character_for_every_key() -> None:
    rig = Rig().start(3)
    rig.do(c.Next())
    assert rig.screen("keys") == ["$"]
    rig.do(c.TypeKey(), c.Next())
    assert rig.screen("keys") == ["$ ab"]
    rig.do(c.TypeKey(), c.TypeKey(), c.TypeKey())
    await rig.wait(10)
    assert rig.screen("keys") == ["$ abc"]
    rig.do(c.Next())
    await rig.wait(10)
    assert rig.screen("keys") == ["$ abc", "out", "$"]


@pytest.mark.parametrize("presses", [0, 1, 2, 3])
async def test_skip_shows_the_same_final_screen_from_every_phase(presses: int) -> None:
    rig = Rig().start(2)
    rig.do(*[c.Next()] * presses)
    rig.do(c.Skip())
    assert rig.screen() == FINAL
    assert rig.place == (2, 2)
    await rig.wait(10)
    assert rig.screen() == FINAL


def test_without_an_event_loop_time_stands_still_and_commands_work() -> None:
    rig = Rig().start(2)
    rig.do(c.Next(), c.Typed(), c.Skip(), c.Next(), c.Skip(), c.NextSlide(), c.Previous())
    assert rig.screen() == [*FINAL[:2], "$ ls -l", "out", "$"]
    assert rig.failures == []


async def test_going_back_and_forth_shows_final_screens_and_plays_nothing() -> None:
    rig = Rig().start(2)
    rig.do(c.Skip(), c.Next(), c.Skip())
    both = rig.screen()
    rig.published.clear()
    rig.do(c.Previous())
    assert rig.screen() == FINAL
    rig.do(c.Previous(), c.Previous())
    assert rig.screen() == ["$"]
    rig.do(c.Next())
    assert rig.screen() == FINAL
    rig.do(c.Next(), c.Next())
    assert rig.screen() == both
    await rig.wait(10)
    assert rig.published == []


async def test_previous_takes_a_typed_command_away() -> None:
    rig = Rig().start(2)
    rig.do(c.Next())
    await rig.wait(0.3)
    rig.do(c.Previous())
    assert rig.screen() == ["$"]
    await rig.wait(10)
    assert (rig.screen(), rig.place) == (["$"], (2, 0))


async def test_previous_takes_only_the_last_command_away() -> None:
    rig = Rig().start(2)
    rig.do(c.Skip(), c.Next(), c.Next(), c.Previous())
    assert rig.screen() == FINAL


async def test_a_step_is_published_once_from_prompt_to_prompt() -> None:
    rig = Rig().start(2)
    rig.do(c.Next(), c.Next(), c.Next())
    await rig.wait(10)
    prompt = "\x1b[1;32m$\x1b[0m "
    assert rig.output().replace(TIDY, "") == (
        f"\r\x1b[K{prompt}kubectl get pods\r\nout\r\n{prompt}"
    )


async def test_a_black_screen_on_and_off_lets_a_step_play_on() -> None:
    rig = Rig().start(2)
    rig.do(c.Next(), c.Next(), c.Next(), c.Next(), c.Black(), c.Black())
    await rig.wait(0.5)
    assert rig.screen() == FINAL
    await rig.wait(2)
    assert rig.place == (2, 3)


async def test_previous_completes_a_playing_step() -> None:
    rig = Rig().start(2)
    rig.do(c.Next(), c.Next(), c.Next(), c.Previous())
    assert (rig.screen(), rig.place) == (FINAL, (2, 2))


async def test_a_jump_while_a_step_plays_leaves_its_final_screen() -> None:
    rig = Rig().start(2)
    rig.do(c.Next(), c.Next(), c.Next(), c.GoTo("end"), c.Back())
    assert (rig.screen(), rig.place) == (FINAL, (2, 2))
    await rig.wait(10)
    assert rig.screen() == FINAL


async def test_replay_begins_with_the_typed_command_and_plays_to_the_same_end() -> None:
    rig = Rig().start(2)
    rig.do(c.Skip(), c.Next(), c.Skip())
    both = rig.screen()
    rig.do(c.Replay())
    assert rig.screen() == [*FINAL[:2], "$ ls -l"]
    await rig.wait(0.1)
    rig.do(c.Replay())
    await rig.wait(10)
    assert (rig.screen(), rig.place) == (both, (2, 5))


async def test_replay_while_the_next_command_stands_typed_takes_that_away() -> None:
    rig = Rig().start(2)
    rig.do(c.Skip(), c.Next(), c.Next(), c.Replay())
    assert rig.screen() == FINAL[:1]
    await rig.wait(10)
    assert rig.screen() == FINAL
    rig.do(c.Next())
    await rig.wait(10)
    assert rig.screen() == [*FINAL[:2], "$ ls -l"]


def test_demos_that_are_hidden_are_not_shown() -> None:
    secret = demo("secret", step("rm"), hidden=True)
    rig = Rig(Pages((page("a", "0", secret), page("b")))).start()
    rig.do(c.Next())
    assert rig.published == []
    assert rig.place == (1, 0)


# --- time, journal, subscribers ---------------------------------------------------------------


async def test_the_timer_counts_from_the_title_slide() -> None:
    rig = Rig().start()
    await rig.wait(30)
    assert rig.runtime.elapsed() is None
    rig.do(c.Next())
    await rig.wait(60)
    assert rig.runtime.elapsed() == 60
    rig.do(c.ResetTimer())
    assert rig.runtime.elapsed() == 0


async def test_the_journal_folds_to_the_session() -> None:
    memory = Memory()
    rig = Rig(journal=memory).start()
    rig.do(*[c.Next()] * 5)
    await rig.wait(5)
    rig.do(c.Next(), c.Quit())
    assert fold(memory.stamped) == rig.session
    assert [one.seq for one in memory.stamped] == list(range(1, len(memory.stamped) + 1))
    assert memory.stamped[-1].wall == "2026-05-04T09:00:05+00:00"
    rig.runtime.close()
    assert memory.closed


async def test_subscribers_hear_of_each_command_after_its_effects() -> None:
    rig = Rig().start(2)
    heard: list[tuple[list[str], list[str]]] = []

    def listen(session: Session, stamped: tuple[e.Stamped, ...]) -> None:
        heard.append(([type(one.event).__name__ for one in stamped], rig.screen()))

    unsubscribe = rig.runtime.subscribe(listen)
    rig.do(c.Skip(), c.TypeKey())
    assert heard == [(["StepStarted", "StepFinished"], FINAL)]
    unsubscribe()
    unsubscribe()
    rig.do(c.Next())
    assert len(heard) == 1


def test_a_command_dispatched_by_a_subscriber_waits_its_turn() -> None:
    rig = Rig().start()
    heard: list[list[str]] = []
    turns = iter([c.Next()])

    def first(session: Session, stamped: tuple[e.Stamped, ...]) -> None:
        for command in turns:
            rig.do(command)

    rig.runtime.subscribe(first)
    rig.runtime.subscribe(
        lambda _, stamped: heard.append([type(one.event).__name__ for one in stamped])
    )
    rig.do(c.Next())
    assert heard == [["Moved", "TimerStarted"], ["Moved"]]


# --- what breaks ------------------------------------------------------------------------------


async def test_a_recording_that_cannot_be_read_costs_a_rung() -> None:
    def broken(told: Demo, number: int) -> StepMaterial:
        raise OSError("the disk is gone")

    rig = Rig(material=broken).start(2)
    rig.do(c.Next(), c.Next(), c.Next())
    await rig.wait(10)
    assert rig.screen() == FINAL
    assert rig.session.lanes["shell"].results[0].rung == "transcript"
    assert [str(error) for error in rig.failures] == ["the disk is gone"]
    assert rig.runtime.material(rig.script.demos(2)[0], 0).rung == "transcript"


def test_a_recording_is_cut_once_for_a_step() -> None:
    asked: list[int] = []

    def counted(told: Demo, number: int) -> StepMaterial:
        asked.append(number)
        return recorded(told, number)

    rig = Rig(material=counted).start(2)
    rig.do(c.Next(), c.Typed(), c.Skip(), c.Replay(), c.Skip(), c.Next(), c.Skip())
    assert asked == [0, 1]


class Bad(tuple[tuple[float, str], ...]):
    """Chunks that break when the second one is looked at."""

    def __getitem__(self, index: object) -> tuple[float, str]:  # type: ignore[override]
        if index == 1 or isinstance(index, slice):
            raise ValueError("a bad chunk")
        return (0.5, "half\r\n")


def breaking(told: Demo, number: int) -> StepMaterial:
    return StepMaterial("recording", Bad(((0.5, "half\r\n"), (1.0, "rest"))), 0, 1.0)


async def test_a_source_that_breaks_while_it_plays_falls_to_the_transcript() -> None:
    memory = Memory()
    rig = Rig(material=breaking, journal=memory).start(2)
    rig.do(c.Next(), c.Next(), c.Next())
    await rig.wait(10)
    assert rig.screen() == FINAL
    assert rig.session.lanes["shell"].results[0].rung == "transcript"
    assert e.StepFell("shell", 0, "transcript", "source") in [one.event for one in memory.stamped]
    assert [str(error) for error in rig.failures] == ["a bad chunk"]


async def test_a_source_that_breaks_when_it_is_cut_falls_too() -> None:
    rig = Rig(material=breaking).start(2)
    rig.do(c.Skip())
    assert rig.screen() == FINAL
    rig.do(c.Next(), c.Skip())
    assert rig.screen() == [*FINAL[:2], "$ ls -l", "out", "$"]
    assert rig.place == (2, 5)


async def test_whatever_breaks_the_next_press_works() -> None:
    rig = Rig().start()
    rig.runtime.subscribe(lambda *_: 1 / 0)
    rig.do(c.Next())
    rig.do(c.Next())
    assert rig.place == (1, 1)
    assert len(rig.failures) == 2


async def test_a_deck_that_breaks_is_reported_and_the_talk_stays() -> None:
    class Broken(Pages):
        def stops(self, index: int) -> tuple[object, ...]:  # type: ignore[override]
            if index == 1:
                raise RuntimeError("this slide cannot be read")
            return super().stops(index)

    rig = Rig(Broken(Rig().script.pages)).start()
    rig.do(c.Next())
    assert rig.place == (0, 0)
    rig.do(c.GoTo("pods"))
    assert rig.place == (2, 0)
    assert len(rig.failures) == 1


# --- resume -----------------------------------------------------------------------------------


async def broken_off(*commands: c.Command, then: float = 0.0, slide: int = 2) -> list[e.Stamped]:
    """The events of a talk that broke off after the commands."""
    memory = Memory()
    rig = Rig(journal=memory).start(slide)
    rig.do(*commands)
    await rig.wait(then)
    rig.runtime.close()
    return list(decode_lines("".join(map(encode, memory.stamped)).encode()).stamped)


async def resumed(stamped: list[e.Stamped], away: float = 0.0) -> Rig:
    rig = Rig()
    rig = Rig(session=fold(stamped, rig.script))
    rig.runtime.resume("1", away)
    await rig.wait(0)
    return rig


async def test_resume_comes_back_to_the_same_screens_and_plays_nothing() -> None:
    rig = await resumed(await broken_off(c.Skip(), c.Next(), c.Skip(), c.Previous()))
    assert rig.place == (2, 3)
    assert rig.screen() == FINAL
    rig.do(c.Next())
    assert rig.screen() == [*FINAL[:2], "$ ls -l", "out", "$"]


@pytest.mark.parametrize("seconds", [0.0, 0.3, 9.0])
async def test_resume_while_a_command_is_typed_shows_it_typed(seconds: float) -> None:
    rig = await resumed(await broken_off(c.Next(), then=seconds))
    assert rig.screen() == FINAL[:1]
    assert rig.session.lanes["shell"].activity is Activity.TYPED
    rig.do(c.Next())
    await rig.wait(5)
    assert rig.screen() == FINAL


async def test_resume_while_keys_type_goes_on_with_the_next_key() -> None:
    rig = await resumed(await broken_off(c.Next(), c.TypeKey(), slide=3))
    assert rig.screen("keys") == ["$ a"]
    rig.do(c.TypeKey())
    assert rig.screen("keys") == ["$ ab"]


async def test_resume_while_a_step_played_shows_its_end_and_lets_nothing_follow() -> None:
    rig = await resumed(await broken_off(c.Next(), c.Next(), c.Next(), c.Next()))
    assert (rig.screen(), rig.place, rig.session.waiting) == (FINAL, (2, 2), False)
    await rig.wait(10)
    assert rig.place == (2, 2)


async def test_resume_counts_the_time_away() -> None:
    stamped = await broken_off(c.Next(), slide=0)
    assert (await resumed(stamped, away=90.0)).runtime.elapsed() == 90.0


async def test_resume_with_another_deck_keeps_the_slide_and_says_so_in_the_journal() -> None:
    stamped = await broken_off(c.Skip(), c.Next(), c.Next())
    script = Pages((page("new"), *Rig().script.pages))
    memory = Memory()
    rig = Rig(script, journal=memory, session=fold(stamped, script))
    rig.runtime.resume("2", deck_hash="h2")
    assert rig.session.deck_hash == "h2"
    assert (rig.place, rig.session.active) == ((3, 3), "")
    assert rig.screen() == FINAL
    assert fold([*stamped, *memory.stamped], script) == rig.session
    assert rig.failures == []


async def test_steps_are_played_by_their_own_clock() -> None:
    rig = Rig(pace=8.0).start(2)
    rig.do(c.Next())
    await rig.wait(0.5)
    rig.do(c.Next())
    await rig.wait(0.5)
    assert rig.screen() == FINAL
    assert rig.runtime.elapsed() == 1.0


async def test_resume_after_an_orderly_end_goes_on() -> None:
    rig = await resumed(await broken_off(c.Quit()))
    rig.do(c.Skip())
    assert rig.screen() == FINAL


# --- another deck -----------------------------------------------------------------------------


def other(*commands: str) -> Pages:
    shell = demo("shell", *(step(command) for command in commands))
    return Pages((page("new"), page("pods", "0" * len(commands), shell), page("end")))


async def test_reload_keeps_the_screens_of_demos_that_are_the_same() -> None:
    rig = Rig(other("a", "b")).start(1)
    rig.do(c.Skip())
    before = rig.screen()
    rig.runtime.replace_script(other("a", "b"), c.Reloaded("h2", 1, 2))
    assert (rig.screen(), rig.place) == (before, (1, 2))
    assert 0 in rig.session.lanes["shell"].results


async def test_reload_begins_changed_demos_anew() -> None:
    rig = Rig(other("a", "b")).start(1)
    rig.do(c.Skip(), c.Next())
    rig.runtime.replace_script(other("x", "b"), c.Reloaded("h2", 1, 0))
    assert rig.screen() == ["$"]
    rig.do(c.Next())
    await rig.wait(5)
    assert rig.screen() == ["$ x"]
    assert rig.failures == []


async def test_reload_while_a_step_plays_ends_it_and_runs_nothing() -> None:
    rig = Rig(other("a", "b")).start(1)
    rig.do(c.Next(), c.Next(), c.Next())
    await rig.wait(0.1)
    rig.published.clear()
    rig.runtime.replace_script(Pages((page("only"),)), c.Reloaded("h2", 5, 5))
    assert rig.place == (0, 0)
    assert not any(isinstance(event, StepBegan) for _, event in rig.published)
    await rig.wait(10)
    assert rig.failures == []


def test_the_hub_hears_the_step_begin_and_end_in_order() -> None:
    rig = Rig().start(2)
    rig.do(c.Skip())
    kinds: list[type[LaneEvent]] = [type(event) for _, event in rig.published]
    assert [kind for kind in kinds if kind is not Output] == [StepBegan, StepEnded]


def test_typing_modes_are_those_of_the_deck() -> None:
    assert [told.typing for told in Rig().script.demos(3)[0].steps] == [
        Typing.KEYS,
        Typing.INSTANT,
    ]
    assert material_for(Rig().script.demos(3)[0], 0, None).rung == "transcript"
