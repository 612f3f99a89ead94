"""What the recorder keeps of live steps, and what it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from presenter.deck.deck import Deck, open_deck
from presenter.deck.model import Demo
from presenter.demo import recorder
from presenter.demo.hands import SCRATCH
from presenter.demo.hub import Hub, Output, Resized, Rewound, StepBegan, StepEnded
from presenter.demo.keeper import Keeper
from presenter.demo.materials import Materials
from presenter.demo.recorder import MOST_KEPT, MOST_TEXT, Recorder
from presenter.demo.reports import Reports
from presenter.demo.showing import TIDY
from presenter.recording.ran import Ran
from presenter.recording.redact import DOT
from presenter.recording.steps import Take, open_take
from presenter.talk import events as e
from presenter.talk.session import Lane, Session
from presenter.wiring.desk import make_desk

SECRET = "tell-nobody-4711"  # noqa: S105 — planted


class Talk:
    """A recorder between a hub and a talk, both moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0
        self.variables: dict[str, str] = {}
        self.recorder = Recorder(lambda: self.now, lambda: [self.variables])
        self.failures: list[Exception] = []
        self.hub = Hub(self.failures.append)
        self.hub.subscribe(self.recorder.on_output)

    def say(self, *events: e.Event, session: Session | None = None) -> None:
        stamped = [e.Stamped(number, 0.0, "", event) for number, event in enumerate(events)]
        self.recorder.on_events(session or Session(), stamped)

    def begin(self, step: int = 0, rung: str = "live", *, text: str = "") -> None:
        session = Session(lanes={"run": Lane(step=step, text=text)})
        self.say(e.StepStarted("run", step, 1, rung), session=session)
        self.output("\r\n")
        self.hub.publish("run", StepBegan(step, rung))

    def output(self, text: str, after: float = 0.0, *, aside: bool = False) -> None:
        self.now += after
        self.hub.publish("run", Output(text, aside=aside))

    def end(self, step: int = 0, status: int | None = 0, seconds: float = 1.0) -> None:
        self.output(TIDY)
        self.output("\x1b[1;32m$\x1b[0m ")
        self.hub.publish("run", StepEnded(step, status, seconds))

    def finish(
        self,
        step: int = 0,
        rung: str = "live",
        *,
        cut: bool = False,
        reason: str = "",
        outcome: str = "ran",
    ) -> None:
        self.say(e.StepFinished("run", step, rung, 0, 1.0, cut=cut, reason=reason, outcome=outcome))

    def run(self, *texts: str, step: int = 0) -> None:
        self.begin(step)
        for text in texts:
            self.output(text, 0.1)
        self.end(step)
        self.finish(step)

    def kept(self) -> dict[int, str]:
        return {step: text_of(ran) for step, ran in self.recorder.ran("run").items()}


def text_of(ran: Ran) -> str:
    return "".join(event.data for event in ran.events)


def test_output_is_kept_with_its_times_status_and_duration() -> None:
    talk = Talk()
    talk.output("typed before")
    talk.begin()
    talk.output("one\r\n", 0.25)
    talk.hub.publish("run", Resized(90, 30))
    talk.output("two\r\n", 1.5)
    talk.end(status=3, seconds=2.5)
    assert talk.kept() == {}  # how it ended for the talk is not known yet
    talk.finish()
    ran = talk.recorder.ran("run")[0]
    assert [(event.time, event.code, event.data) for event in ran.events] == [
        (0.25, "o", "one\r\n"),
        (0.25, "r", "90x30"),
        (1.75, "o", "two\r\n"),
    ]
    assert (ran.status, ran.seconds, ran.cut) == (3, 2.5, False)
    assert talk.recorder.ran("other") == {}


def test_what_is_no_part_of_the_step_is_not_kept() -> None:
    talk = Talk()
    talk.begin()
    talk.output("mine")
    talk.output("typed freely", aside=True)
    talk.hub.publish(SCRATCH, Output("scratch"))
    talk.end()
    talk.output("later")
    talk.finish()
    assert talk.kept() == {0: "mine"}


def test_a_step_without_a_next_prompt_is_kept_whole() -> None:
    talk = Talk()
    talk.begin()
    talk.output("all of it")
    talk.hub.publish("run", StepEnded(0, None, 0.0))
    talk.finish()
    assert talk.kept() == {0: "all of it"}


def test_a_step_that_fell_has_none() -> None:
    talk = Talk()
    talk.begin()
    talk.output("live")
    talk.hub.publish("run", Rewound(0, "recording"))
    talk.output("recorded")
    talk.end()
    talk.finish(rung="recording", reason="deadline", outcome="replayed")
    assert talk.kept() == {}


@pytest.mark.parametrize("how", ["cut", "failed", "interrupted", "edited", "replayed"])
def test_only_what_ran_well_and_as_the_deck_has_it_is_kept(how: str) -> None:
    talk = Talk()
    talk.run("the one before")
    talk.begin(rung="recording" if how == "replayed" else "live", text="ls" * (how == "edited"))
    talk.output("no take")
    if how == "interrupted":
        talk.say(e.StepInterrupted("run", 0))
    talk.end()
    talk.finish(
        rung="recording" if how == "replayed" else "live",
        cut=how == "cut",
        reason="exit_status" if how == "failed" else "",
        outcome={"cut": "cut", "replayed": "replayed"}.get(how, "ran"),
    )
    assert talk.kept() == {0: "the one before"}
    talk.run("the next one")
    assert talk.kept() == {0: "the next one"}


def test_a_reload_forgets_the_demos_that_have_changed() -> None:
    talk = Talk()
    talk.run("kept")
    talk.say(e.DeckReloaded("h", 0, "s", 0, ("other",)))
    assert talk.kept() == {0: "kept"}
    talk.say(e.DeckReloaded("h", 0, "s", 0, ("run",)))
    assert talk.kept() == {}


def test_a_flood_is_kept_up_to_its_limit_and_says_so() -> None:
    talk = Talk()
    talk.begin()
    for _ in range(12):
        talk.output("y" * (MOST_TEXT // 10), 0.1)
    talk.end(seconds=9.0)
    talk.finish()
    ran = talk.recorder.ran("run")[0]
    assert len(text_of(ran)) == MOST_TEXT
    assert set(text_of(ran)) == {"y"}
    assert (ran.cut, ran.seconds) == (True, 9.0)


def test_all_together_the_oldest_go_first() -> None:
    talk = Talk()
    for step in range(MOST_KEPT // MOST_TEXT + 2):
        talk.run("y" * MOST_TEXT, step=step)
    assert min(talk.recorder.ran("run")) == 2
    assert sum(len(text_of(ran)) for ran in talk.recorder.ran("run").values()) <= MOST_KEPT


def test_secrets_are_remembered_from_when_steps_began_and_ended() -> None:
    talk = Talk()
    talk.variables = {"A_TOKEN": "first", "PATH": "public"}
    talk.begin()
    talk.variables = {"A_TOKEN": "second"}
    talk.end()
    talk.variables = {"A_TOKEN": "third"}
    assert talk.recorder.secrets() == {"first", "second", "third"}


def test_a_recorder_that_fails_does_not_end_the_show() -> None:
    talk = Talk()
    seen: list[object] = []
    talk.hub.subscribe(lambda _lane, event: seen.append(event))
    talk.variables = None  # type: ignore[assignment]
    talk.hub.publish("run", StepBegan(0, "live"))
    talk.output("goes on")
    assert seen == [StepBegan(0, "live"), Output("goes on")]
    assert len(talk.failures) == 1


# --- keeping ----------------------------------------------------------------------------------

DECK = """\
# First

```console +demo:run +export:PLACE,MY_TOKEN
$ echo one
$ echo two
$ echo {secret}
```

```console +demo:lent +recording:other/demo
$ ls
```
""".replace("{secret}", SECRET)
BESIDE = Path("recordings") / "talk" / "run.cast"


class Keeping:
    """A keeper for a deck in a folder."""

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        path = folder / "talk.md"
        path.write_text(DECK)
        self.folder = folder
        self.deck: Deck = open_deck(path)
        self.talk = Talk()
        self.materials = Materials(self.deck, folder / "user", user_first=read_only)
        self.keeper = Keeper(
            self.talk.recorder,
            self.materials,
            lambda: {"PLACE": "here", "MY_TOKEN": SECRET, "OTHER": "x"},
            lambda: {SECRET},
            folder / "user",
            read_only=read_only,
        )

    def demo(self, name: str = "run") -> Demo:
        return next(demo for demo in self.deck.all_demos() if demo.name == name)

    async def keep(self, name: str = "run") -> str:
        words = (await self.keeper.keep(self.deck, self.demo(name))).words
        assert words[2] == words[5] == ":"
        return words[9:]

    def take(self, path: Path = BESIDE) -> Take:
        return open_take(self.folder / path)


def outputs(take: Take) -> list[str | None]:
    found = []
    for number, command in enumerate(("echo one", "echo two", f"echo {SECRET}")):
        step = take.step(number, command)
        assert step is None or not step.stale
        found.append(None if step is None else "".join(event.data for event in step.events))
    return found


async def test_a_take_says_what_it_is_and_holds_no_secret(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path)
    keeping.talk.run("one\r\n")
    keeping.talk.run("tell-\x1b[1mnobody", "-4711\x1b]133;D;9\x07 end", step=2)
    assert await keeping.keep() == f"kept 2 of 3 steps of run, as {BESIDE}"
    dots = DOT * len(SECRET)
    text = (tmp_path / BESIDE).read_text()
    assert SECRET not in text
    take = keeping.take()
    assert outputs(take) == ["one\r\n", None, f"{dots[:5]}\x1b[1m{dots[5:11]}{dots[11:]} end"]
    told = take.provenance
    assert told is not None
    assert (told.source, told.deck, told.demo) == ("captured", "talk", "run")
    assert told.commands == ("echo one", "echo two", f"echo {dots}")
    assert told.exit_codes == (0, None, 0)
    assert told.exports == {"PLACE": "here", "MY_TOKEN": dots}
    assert told.date is not None
    assert told.date[10] == "T"
    assert told.date[-6] in "+-"
    assert keeping.materials.path(keeping.demo()) == tmp_path / BESIDE


async def test_times_are_those_of_the_run(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path)
    talk = keeping.talk
    talk.begin()
    talk.output("one", 0.321)
    talk.output("two", 4.5)
    talk.end(seconds=6.0)
    talk.finish()
    await keeping.keep()
    step = keeping.take().step(0, "echo one")
    assert step is not None
    assert [round(event.time, 3) for event in step.events] == [0.321, 4.821]
    assert round(step.duration, 3) == 6.0


async def test_a_flood_says_in_the_recording_where_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "MOST_TEXT", 300)
    keeping = Keeping(tmp_path)
    keeping.talk.run("y\r\n" * 100, "y\r\n" * 9)
    await keeping.keep()
    take = keeping.take()
    assert take.provenance is not None
    assert "the end of step 1 was not recorded" in take.provenance.note
    assert '"m", "what it printed afterwards' in (tmp_path / BESIDE).read_text()


async def test_earlier_takes_stay_and_lend_the_steps_that_did_not_run(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path)
    keeping.talk.run("first", step=1)
    await keeping.keep()
    first = (tmp_path / BESIDE).read_bytes()
    later = Keeping(tmp_path)
    later.talk.run("second")
    assert await later.keep() == f"kept 1 of 3 steps of run, 1 from the one before, as {BESIDE}"
    take = later.take()
    assert outputs(take) == ["second", "first", None]
    assert take.provenance is not None
    assert "step 2 taken from the recording of" in take.provenance.note
    for _ in range(4):
        await later.keep()
    names = sorted(path.name for path in (tmp_path / BESIDE).parent.iterdir())
    assert names == ["run.cast", "run.cast.1", "run.cast.2", "run.cast.3"]
    assert outputs(later.take()) == ["second", "first", None]
    assert first not in [path.read_bytes() for path in (tmp_path / BESIDE).parent.iterdir()]


async def test_each_take_moves_the_ones_before_by_one(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path)
    written = []
    for number in range(4):
        keeping.talk.run(f"take {number}")
        await keeping.keep()
        written.append((tmp_path / BESIDE).read_bytes())
    beside = [(tmp_path / f"{BESIDE}.{number}").read_bytes() for number in (1, 2, 3)]
    assert beside == [written[2], written[1], written[0]]


async def test_a_written_recording_or_one_of_another_size_lends_nothing(tmp_path: Path) -> None:
    for source, columns in (("transcribed", 0), ("captured", 7)):
        keeping = Keeping(tmp_path)
        keeping.talk.run("old", step=1)
        await keeping.keep()
        path = tmp_path / BESIDE
        head, _, rest = path.read_text().partition("\n")
        head = head.replace("captured", source)
        if columns:
            head = head.replace(f'"cols": {keeping.deck.meta.grid.columns}', f'"cols": {columns}')
        path.write_text(f"{head}\n{rest}")
        later = Keeping(tmp_path)
        later.talk.run("new")
        await later.keep()
        assert outputs(later.take()) == ["new", None, None]


async def test_the_more_exact_name_is_written_where_there_is_one(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path)
    exact = tmp_path / "recordings" / "talk" / f"run.{keeping.deck.os_name}.cast"
    exact.parent.mkdir(parents=True)
    exact.write_text("damaged")
    keeping.talk.run("new")
    await keeping.keep()
    assert outputs(open_take(exact))[0] == "new"
    assert keeping.materials.path(keeping.demo()) == exact
    assert exact.with_name(f"{exact.name}.1").read_text() == "damaged"


async def test_takes_of_an_installed_deck_are_the_users_and_go_first(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path, read_only=True)
    shipped = tmp_path / BESIDE
    shipped.parent.mkdir(parents=True)
    shipped.write_text("shipped")
    keeping.talk.run("mine")
    own = tmp_path / "user" / "talk" / "run.cast"
    assert await keeping.keep() == f"kept 1 of 3 steps of run, as {own}"
    assert keeping.materials.path(keeping.demo()) == own
    assert shipped.read_text() == "shipped"


async def test_nothing_is_written_where_there_is_nothing_to_keep(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path)
    assert await keeping.keep() == "nothing to keep: no step of run has run live and well"
    keeping.talk.begin()
    keeping.talk.output("still running")
    assert (await keeping.keep()).startswith("nothing to keep")
    assert not (tmp_path / "recordings").exists()


async def test_another_demos_recording_is_not_replaced(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path)
    ran = {("lent", 0): Ran((), 0, 1.0)}
    keeping.talk.recorder._ran.update(ran)
    assert await keeping.keep("lent") == "not kept: lent plays the recording of another demo"
    assert not (tmp_path / "recordings").exists()


async def test_what_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path)
    keeping.talk.run("one")
    (tmp_path / "recordings").write_text("a file is in the way")
    keeping.keeper._user_dir = tmp_path / "recordings"
    assert (await keeping.keep()).startswith("run could not be kept: ")
    assert (tmp_path / "recordings").read_text() == "a file is in the way"


async def test_a_folder_that_leads_out_of_the_deck_is_not_written_to(tmp_path: Path) -> None:
    inner, outer = tmp_path / "deck", tmp_path / "outer"
    (inner / "recordings").mkdir(parents=True)
    outer.mkdir()
    (inner / "recordings" / "talk").symlink_to(outer)
    keeping = Keeping(inner)
    keeping.talk.run("one")
    assert (await keeping.keep()).startswith("run could not be kept: ")
    assert list(outer.iterdir()) == []


async def test_what_is_kept_feeds_the_step_from_then_on(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path)
    keeping.talk.run("mine")
    reports = Reports()
    desk = make_desk(keeping.deck, reports)
    desk._keeper = keeping.keeper
    desk.runtime.start("talk.md", "h", "1")
    demo = keeping.demo()
    assert desk.runtime.material(demo, 0).rung == "transcript"
    await desk.keep_take()
    assert [line[9:] for line in reports.lines] == [f"kept 1 of 3 steps of run, as {BESIDE}"]
    material = desk.runtime.material(demo, 0)
    assert (material.rung, material.source) == ("recording", "captured")
    assert "".join(text for _, text in material.chunks) == "mine"
    desk.close()
