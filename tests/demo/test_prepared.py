"""The prepared questions of a talk: read beside it, told to the speaker's screens, marked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from presenter.deck.questions import MOST_BYTES, NOWHERE, Prepared, Questions
from presenter.demo import follower as followers
from presenter.demo import prepared as prepared_module
from presenter.demo.desk import Desk
from presenter.demo.follower import Follower, Standing
from presenter.demo.link import MOST_BACKLOG, Link, serve
from presenter.demo.prepared import PreparedQuestions
from presenter.demo.wire import decode_message, encode_press, encode_questions
from presenter.talk.commands import NextSlide
from presenter.talk.events import Event, QuestionAsked, QuestionNoted
from tests.demo.linking import TABLE, End, attached, linked, wait
from tests.demo.test_follower import following, talk_of

Patch = pytest.MonkeyPatch

FILE = """\
## Is it ready?
<!-- tags: roadmap -->
<!-- as_of: 2018 -->
<!-- also: When can I use it? -->
Not **yet**.

## Does it scale?
"""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: Patch) -> None:
    monkeypatch.setattr(followers, "RETRY_SECONDS", 0.005)


def write(folder: Path, text: str = FILE) -> None:
    (folder / "talk.questions.md").write_text(text, "utf-8")


def heard(desk: Desk) -> list[Event]:
    """From now on, what becomes known of questions."""
    found: list[Event] = []

    def listen(_session: object, events: object) -> None:
        assert isinstance(events, tuple)
        told = (one.event for one in events)
        found.extend(one for one in told if isinstance(one, QuestionAsked | QuestionNoted))

    desk.runtime.subscribe(listen)
    return found


async def read(desk: Desk) -> None:
    await desk.prepared.read(desk.deck.path)


async def questions(end: End) -> tuple[Prepared, ...]:
    """The next questions that are told."""
    while True:
        message = await end.message()
        assert message is not None, "cut off"
        if message.kind == "questions":
            return message.questions


ASKED = QuestionAsked("Is it ready?", "title", "Not **yet**.", "2018", ("roadmap",))


async def test_what_is_marked_comes_from_the_file(tmp_path: Path) -> None:
    write(tmp_path)
    book = PreparedQuestions(lambda error: pytest.fail(str(error)))
    assert book.mark("Is it ready?") is None
    await book.read(tmp_path / "talk.md")
    for words in ("Is it ready?", "is it  READY", "When can I use it?"):
        command = book.mark(words)
        assert command is not None
        assert (command.question, command.answer) == ("Is it ready?", "Not **yet**.")
        assert (command.as_of, command.tags) == ("2018", ("roadmap",))
    assert book.mark("Is it cheap?") is None


async def test_whatever_goes_wrong_in_reading_costs_nothing(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    def broken(_deck: Path) -> Questions:
        raise RecursionError("odd")

    reported: list[str] = []
    book = PreparedQuestions(lambda error: reported.append(str(error)))
    await book.read(tmp_path / "talk.md")
    assert book.found == Questions()
    monkeypatch.setattr(prepared_module, "read_questions", broken)
    await book.read(tmp_path / "talk.md")
    assert (book.found, reported) == (Questions(), ["odd"])


async def test_a_reload_reads_them_anew_and_a_changed_file_is_noticed(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with linked(tmp_path, monkeypatch) as (desk, _link):
        await read(desk)
        assert not desk.prepared.all
        assert not desk.changed_on_disk()
        write(tmp_path)
        assert desk.changed_on_disk()
        await desk.reload(jump=False)
        assert [one.question for one in desk.prepared.all] == ["Is it ready?", "Does it scale?"]
        assert not desk.changed_on_disk()
        (tmp_path / "talk.questions.md").unlink()
        await desk.reload(jump=False)
        assert not desk.prepared.all


# --- to and from the speaker's screen ---------------------------------------------------------


async def test_they_are_told_on_joining_and_when_changed(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    write(tmp_path)
    async with linked(tmp_path, monkeypatch) as (desk, link):
        await read(desk)
        async with attached(link) as end:
            first, second = await questions(end)
            assert (first.question, first.answer, first.tags) == (
                "Is it ready?", "Not **yet**.", ("roadmap",),
            )  # fmt: skip
            assert second.place == NOWHERE
            write(tmp_path, "## Why?\n")
            await desk.reload(jump=False)
            desk.dispatch(NextSlide())
            assert [one.question for one in await questions(end)] == ["Why?"]


async def test_a_screen_that_marks_one_gives_its_name_alone(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    write(tmp_path)
    async with linked(tmp_path, monkeypatch) as (desk, link):
        await read(desk)
        events = heard(desk)
        async with attached(link) as end:
            forged = b'{"v":1,"cmd":"asked","text":"Is it ready?","answer":"x","tags":["y"]}\n'
            end.writer.write(forged)
            state = await end.until(lambda state: bool(state.asked))
            assert state.asked == ("Is it ready?",)
            end.writer.write(encode_press("asked", text="Is it ready?"))  # once is enough
            end.writer.write(encode_press("asked", text="Not in the file"))
            end.writer.write(encode_press("question", text="new", tag="t"))
            state = await end.until(lambda state: bool(state.questions))
            assert (state.last_questions, state.last_tags) == (("new",), ("t",))
        assert events == [ASKED, QuestionNoted("new", "title", "t")]


async def test_the_plans_clock_stands_while_a_question_is_taken(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with linked(tmp_path, monkeypatch) as (desk, link), attached(link) as end:
        end.press("question_taken")
        await wait(lambda: desk.session.clock.paused_at is not None, "the pause")
        end.press("next")
        await wait(lambda: desk.session.clock.paused_at is None, "its end")


def test_the_largest_file_is_less_than_a_screen_may_leave_unread() -> None:
    question = Prepared("\\" * 200, answer='"' * 56, place=NOWHERE)
    every = (question,) * 1000
    assert sum(len(one.question) + len(one.answer) for one in every) > MOST_BYTES * 0.95
    line = encode_questions(every)
    assert len(line) < MOST_BACKLOG * 0.8
    assert decode_message(line).questions == every


@asynccontextmanager
async def told_both(folder: Path, monkeypatch: Patch) -> AsyncIterator[tuple[Desk, Link, Follower]]:
    """A talk, and a screen that has its two questions."""
    write(folder)
    async with (
        linked(folder, monkeypatch) as (desk, link),
        following(talk_of(link, folder)) as follower,
    ):
        await read(desk)
        await wait(lambda: len(follower.prepared) == 2, "the questions")
        yield desk, link, follower


async def follow_on(link: Link, desk: Desk, follower: Follower) -> Link:
    """The talk is lost and comes back."""
    link.close()
    await wait(lambda: follower.standing is Standing.SEEKING, "the loss")
    again = await serve(desk, TABLE)
    assert again is not None
    return again


async def test_what_is_marked_while_the_talk_is_away_is_marked_once(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with told_both(tmp_path, monkeypatch) as (desk, link, follower):
        events = heard(desk)
        link.close()
        await wait(lambda: follower.standing is Standing.SEEKING, "the loss")
        follower.mark_asked("Is it ready?")
        follower.mark_asked("Is it ready?")
        follower.note_question("and then", "later")
        assert follower.asked == {"Is it ready?"}
        desk.prepared.found = None  # a talk that is resumed has not read its file yet
        again = await serve(desk, TABLE)
        assert again is not None
        await wait(lambda: follower.standing is Standing.FOLLOWING, "the talk again")
        assert not events
        await read(desk)
        await wait(lambda: len(events) == 2, "both")
        assert events == [ASKED, QuestionNoted("and then", "title", "later")]
        third = await follow_on(again, desk, follower)
        await wait(lambda: follower.standing is Standing.FOLLOWING, "the talk once more")
        await wait(lambda: not follower._questions, "the end of telling")
        assert len(events) == 2
        third.close()


async def test_a_marked_one_that_is_gone_from_the_file_is_written_down(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with told_both(tmp_path, monkeypatch) as (desk, _, follower):
        events = heard(desk)
        write(tmp_path, "## Why?\n")
        await read(desk)  # of which the screen has not been told yet
        follower.mark_asked("Does it scale?")
        await wait(lambda: bool(events), "the question")
        assert events == [QuestionNoted("Does it scale?", "title")]
        assert [one.question for one in follower.prepared] == ["Why?"]


async def test_one_question_with_two_tags_is_two(tmp_path: Path, monkeypatch: Patch) -> None:
    async with (
        linked(tmp_path, monkeypatch) as (desk, link),
        following(talk_of(link, tmp_path)) as follower,
    ):
        await wait(lambda: follower.standing is Standing.FOLLOWING, "the talk")
        events = heard(desk)
        follower.note_question("why", "a")
        follower.note_question("why", "b")
        await wait(lambda: len(events) == 2, "both")
        assert desk.session.questions == ("why", "why")
        assert desk.session.question_tags == ("a", "b")
