"""`presenter check` with real servers on loopback, real shells and real terminals.

Most of it runs in the process of the test, where probes may take as long as a busy machine needs.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from presenter.cli import main
from presenter.demo.preflight import watched
from presenter.demo.venues import usual_silence
from presenter.live import probes
from presenter.wiring import checking
from tests.console import Console, presenter_command
from tests.e2e import stubs
from tests.e2e.command import run
from tests.live.probe_stubs import Page, free_port, kubeconfig, serving

pytestmark = pytest.mark.skipif(os.name != "posix", reason="shells and terminals of POSIX")

DECK = """---
needs:
{needs}
---
# One

```console +demo:one{attributes}
$ {command}
out
```
"""
LONG = "\n".join(f"- item {number}" for number in range(40))


class Said(NamedTuple):
    status: int
    out: str
    err: str


class Stand:
    """A deck in a folder of its own, with a PATH and a state of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.path = folder / "talk.md"
        self.env = {
            **stubs.environment(folder),
            "KUBECONFIG": str(folder / "config"),
            "NO_PROXY": "127.0.0.1",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "LC_ALL": "",
            "COLUMNS": "100",
            "LINES": "40",
        }
        for name in ("gsettings", "systemd-inhibit"):  # no notifications, and no sleep
            program = folder / "stubs" / name
            program.write_text("#!/bin/sh\necho false\n")
            program.chmod(0o755)

    def write(
        self,
        needs: Mapping[str, object] | None = None,
        command: str = "cat talk.md",
        more: str = "",
    ) -> None:
        told = "\n".join(f"  {name}: {json.dumps(one)}" for name, one in (needs or {}).items())
        attributes = f" +needs:{','.join(needs)}" if needs else ""
        text = DECK.format(needs=told or "  {}", attributes=attributes, command=command)
        self.path.write_text(text + more, "utf-8")

    def at(self, text: str) -> str:
        """The place of the first line with a text in it."""
        lines = self.path.read_text("utf-8").splitlines()
        return f"talk.md:{next(n for n, line in enumerate(lines, 1) if text in line)}"

    def record(self, name: str, output: str = "out\\r\\n") -> None:
        path = self.folder / "recordings" / "talk" / f"{name}.cast"
        path.parent.mkdir(parents=True, exist_ok=True)
        head = '{"version": 2, "width": 80, "height": 20}'
        path.write_text(f'{head}\n[0.1, "o", "{output}"]\n', "utf-8")

    def check(self, *options: str) -> Said:
        """Run here, with probes and heartbeats that take as long as it needs."""
        if "--static" not in options and "--watch" not in options:
            options = (*options, "--watch", "1")
        self._capsys.readouterr()
        status = main(["check", "talk.md", *options])
        return Said(status, *self._capsys.readouterr())

    def installed(self, *options: str, **env: str) -> subprocess.CompletedProcess[str]:
        return run("check", "talk.md", *options, env=self.env | env, cwd=self.folder)

    def issues(self, *options: str) -> list[str]:
        """The lines of issues, without notes."""
        trust = () if "--static" in options else ("--trust",)
        return lines_of_issues(self.check(*trust, *options).out)

    def values(self, *options: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.check("--json", *options).out)
        return found


def lines_of_issues(said: str) -> list[str]:
    return [line for line in said.splitlines() if line.startswith(("✗", "!"))]


@pytest.fixture
def stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Stand:
    stand = Stand(tmp_path, capsys)
    for name, value in stand.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(probes, "PROBE_SECONDS", 30.0)
    monkeypatch.setattr(checking, "PROBE_SECONDS", 30.0)
    return stand


def only(lines: list[str]) -> str:
    (line,) = lines
    return line


# --- go ---------------------------------------------------------------------------------------


def test_a_talk_with_everything_there_is_a_go(stand: Stand) -> None:
    with serving({"/": Page(), "/readyz": Page()}) as server:
        kubeconfig(stand.folder / "config", server.address)
        stand.write(
            {
                "page": {"http": f"{server.address}/", "status": 200},
                "port": {"tcp": f"127.0.0.1:{server.port}"},
                "cluster": {"kubernetes": {"context": "minikube"}},
                "tool": {"command": "cat"},
            }
        )
        stand.record("one")
        done = stand.check("--trust")
        assert (done.status, done.err) == (0, "")
        lines = done.out.splitlines()
        assert lines[1].split() == ["one", "one", "go", "recording", "go"]
        assert f"current cluster: minikube ({server.address})" in lines
        assert lines[-1] == "talk.md: go"
        found = stand.values()  # the yes is remembered
    assert (found["verdict"], found["trusted"], found["issues"]) == ("go", True, [])
    assert {one["name"]: one["truth"] for one in found["conditions"]} == {
        "page": "true",
        "port": "true",
        "cluster": "true",
        "tool": "true",
    }
    assert [one["conditions"] for one in found["endpoints"]] == [["page"], ["port"], ["cluster"]]
    assert found["thresholds"]["down"] >= 1.2


# --- without trust ----------------------------------------------------------------------------


def test_nothing_of_a_deck_without_trust_is_run_or_contacted(stand: Stand) -> None:
    with serving({"/": Page()}) as server:
        needs = {"page": {"http": f"{server.address}/"}, "tool": {"command": "cat"}}
        stand.write(needs, command="cat >canary")
        untrusted = stand.installed()
        static = stand.installed("--static")
        values = stand.values("--static")
        assert server.requests == []
        stand.check("--trust")
        assert server.requests  # it would have been noticed
    assert not (stand.folder / "canary").exists()
    assert (untrusted.returncode, static.returncode) == (1, 0)
    line = only([one for one in untrusted.stdout.splitlines() if "trust" in one and "✗" in one])
    assert line == (
        "✗ talk.md: it is not trusted: nothing of it was run, and nobody contacted "
        "(presenter trust talk.md)"
    )
    assert "one   one    not trusted" in untrusted.stdout
    assert "one   one    not checked" in static.stdout
    assert "it is not trusted" not in static.stdout
    assert (values["static"], values["conditions"], values["endpoints"]) == (True, [], [])


def test_a_static_check_needs_no_trust_to_be_a_go(stand: Stand) -> None:
    stand.write({"port": {"tcp": f"127.0.0.1:{free_port()}"}})
    stand.record("one")
    done = stand.installed("--static")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "talk.md: go")


def test_the_question_is_that_of_a_talk(stand: Stand) -> None:
    stand.write()
    stand.record("one")
    command = [presenter_command(), "check", "talk.md"]
    env = stand.env | {"COLUMNS": "", "LINES": ""}
    with Console(command, columns=70, rows=20, env=env, cwd=stand.folder) as console:
        console.wait_text("now and later?")
        console.press("y\n")
        assert console.wait_end() == 0
        assert "it has 70x20: demos of 80x20 are cut at the edges" in console.text()
        assert "talk.md: go (1 warning)" in console.text()


# --- broken things ----------------------------------------------------------------------------


def test_a_program_that_is_missing(stand: Stand) -> None:
    stand.write(command="no-such-tool --now | cat", more="```console\n$ no-such-tool again\n```\n")
    line = only([one for one in stand.issues() if "✗" in one])
    assert line == (
        f"✗ {stand.at('no-such')}:3: one: no-such-tool is not installed "
        "(install no-such-tool, or put it on PATH)"
    )
    stand.write({"tool": {"command": "no-such-tool"}}, command="no-such-tool")
    line = only([one for one in stand.issues() if "✗" in one])
    assert line.startswith(f"✗ {stand.at('tool:')}: tool: no-such-tool is not installed")


def test_a_program_that_an_earlier_step_may_bring_is_a_warning(stand: Stand) -> None:
    more = "```console\n$ export PATH=$PWD/bin:$PATH\n$ no-such-tool\n```\n"
    stand.write(more=more)
    stand.record("one")
    assert only([one for one in stand.issues() if "no-such-tool" in one]).startswith("! ")


def test_another_cluster_is_current(stand: Stand) -> None:
    with serving({"/readyz": Page()}) as server:
        kubeconfig(stand.folder / "config", server.address, current="other")
        stand.write({"cluster": {"kubernetes": {"context": "minikube"}}})
        stand.record("one")
        assert only(stand.issues()) == (
            f"✗ {stand.at('cluster:')}: cluster: current context is other, not minikube "
            "(kubectl config use-context minikube)"
        )
        assert server.requests == []


def test_a_port_at_which_nobody_listens(stand: Stand) -> None:
    port = free_port()
    stand.write({"a": {"command": "cat"}, "wifi": {"tcp": f"127.0.0.1:{port}"}})
    stand.record("one")
    assert only(stand.issues()) == (
        f"✗ {stand.at('wifi:')}: wifi: 127.0.0.1:{port}: connection refused "
        "(start it, or correct its address)"
    )


def test_a_recording_that_is_missing_or_of_another_command(stand: Stand) -> None:
    stand.write(more="```console +demo:two +recording:talk/nowhere\n$ ls\n```\n")
    stand.record("one")
    assert only([one for one in stand.issues() if "two" in one and "recording" in one]) == (
        f"! {stand.at('two')}:1: two: there is no recording talk/nowhere "
        "(put it there, or correct `+recording`)"
    )
    stand.write(more="```cast\npath: nowhere.cast\n```\n")
    assert "there is no recording nowhere.cast" in only(
        [one for one in stand.issues() if "nowhere" in one and "✗" in one]
    )
    stand.write(more="<!-- no_output_known -->\n")
    shutil.rmtree(stand.folder / "recordings")
    stand.path.write_text(stand.path.read_text().replace("out\n", ""))
    assert only(stand.issues()) == (
        f"! {stand.at('demo:one')}:1: one: nothing is below live: no recording, no transcript "
        "(run it live and press W)"
    )


def test_a_condition_that_is_named_nowhere(stand: Stand) -> None:
    stand.write(more="```console +demo:two +needs:web\n$ cat x\nout\n```\n")
    stand.record("one")
    assert only(stand.issues("--static")) == (
        f"! {stand.at('cat x')}:3: two: nothing says what web is, which it needs "
        "(name web in `needs`)"
    )


def test_a_terminal_that_is_too_small(stand: Stand) -> None:
    stand.write()
    stand.record("one")
    small = stand.installed("--static", COLUMNS="30", LINES="10")
    assert only(lines_of_issues(small.stdout)) == (
        "✗ terminal: it has 30x10: no slide is shown below 40x12 "
        "(make the window larger, or zoom out)"
    )
    plain = stand.installed("--static", TERM="dumb", COLORTERM="", LC_ALL="C")
    assert lines_of_issues(plain.stdout) == [
        "! terminal: TERM is dumb: nothing is known of it "
        "(set TERM to what it is, such as xterm-256color)",
        "! terminal: the locale is of ascii: other characters have stand-ins "
        "(set LANG to one of UTF-8, such as C.UTF-8)",
    ]


def test_a_command_that_its_shell_cannot_read(stand: Stand) -> None:
    stand.write(command="for x in 1; do cat >canary; don")
    stand.record("one")
    line = only(stand.issues())
    assert line.startswith(
        f"✗ {stand.at('canary')}:3: one: bash cannot read it: line 2: syntax error"
    )
    assert line.endswith("(correct the command)")
    assert not (stand.folder / "canary").exists()


def test_a_slide_that_does_not_fit(stand: Stand) -> None:
    stand.write(more=f"\n---\n\n# Two\n\n{LONG}\n")
    stand.record("one")
    line = only(stand.issues())
    assert line.startswith(f"! {stand.at('# Two')}:1: slide two does not fit: ")
    assert "rows at 80x24, " in line
    assert "rows at 100x40 are below the edge" in line


def test_what_is_wrong_in_the_deck(stand: Stand) -> None:
    stand.write(more="\n---\n\n# Two\n\n```file\npath: nowhere.py\n```\n")
    stand.record("one")
    line = only(stand.issues())
    assert line.startswith(f"✗ {stand.at('```file')}:1: ")
    assert "nowhere.py" in line


def test_a_journal_that_cannot_be_written(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    stand.write()
    stand.record("one")
    (stand.folder / "file").write_text("no folder")
    folder = stand.folder / "file" / "state"
    monkeypatch.setenv("PRESENTER_STATE_DIR", str(folder))
    done = stand.check("--static")
    assert f"✗ {folder}: the journal cannot be written: Not a directory" in done.out


def test_a_world_before_the_talk_that_is_not_as_it_should_be(stand: Stand) -> None:
    left = "/api/v1/namespaces/shop/services/left"
    with serving({"/readyz": Page(), left: Page(body="{}")}) as server:
        kubeconfig(stand.folder / "config", server.address)
        stand.write()
        text = stand.path.read_text()
        start = "start:\n  clean: {kubernetes: {absent: [service/left]}}\n---\n# One"
        stand.path.write_text(text.replace("---\n# One", start))
        stand.record("one")
        line = only(stand.issues())
    assert line.startswith(
        f"✗ {stand.at('clean:')}: start: clean: minikube: service/left is still in shop"
    )


def test_what_waits_for_the_talk_is_no_fault(stand: Stand) -> None:
    more = "```console +demo:two +export:WHERE\n#: provides there\n$ WHERE=x\n$ cat y\nout\n```\n"
    port = free_port()
    stand.write(
        {
            "there": {"tcp": f"127.0.0.1:{port}"},
            "page": {"http": "http://{{WHERE}}/"},
            "lost": {"http": "http://{{NOBODY}}/"},
        },
        more=more,
    )
    text = stand.path.read_text().replace(" +needs:there,page,lost", "")
    stand.path.write_text(text)
    stand.record("one")
    found = {one["what"]: one["level"] for one in stand.values("--trust")["issues"]}
    expected = {
        f"there: 127.0.0.1:{port}: connection refused; a step of the talk is to provide it": "note",
        "page: it waits for WHERE, which the talk exports: nobody was asked": "note",
        "lost: it waits for NOBODY, which no demo exports": "warning",
    }
    assert expected.items() <= found.items()


def test_everything_at_once_is_a_line_each(stand: Stand) -> None:
    with serving({}) as server:
        stand.write(
            {
                "page": {"http": f"{server.address}/", "status": 200},
                "refused": {"tcp": f"127.0.0.1:{free_port()}"},
                "cluster": {"kubernetes": {"context": "minikube"}},
                "nowhere": {"tcp": "no-such-host.invalid:443"},
            },
            command="no-such-tool |",
        )
        found = stand.values("--trust")
    assert found["verdict"] == "no-go"
    what = [one["what"].split(":")[0] for one in found["issues"] if one["level"] == "no-go"]
    assert sorted(what) == ["cluster", "nowhere", "one", "one", "page", "refused"]
    assert [one["live"] for one in found["demos"]] == ["no-go"]
    assert [one["silence"] for one in found["endpoints"]] == [None] * 4


def test_nobody_waits_for_what_never_answers(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """That it takes less than 5 s is measured; here it is that all of it has an end."""
    monkeypatch.undo()
    with serving({"/": Page(hangs=True)}) as server:
        stand.write(
            {
                "silent": {"http": f"{server.address}/"},
                "refused": {"tcp": f"127.0.0.1:{free_port()}"},
                "cluster": {"kubernetes": {"context": "minikube"}},
            }
        )
        done = stand.installed("--trust", "--json")
    found = json.loads(done.stdout)
    assert "true" not in [one["truth"] for one in found["conditions"]]
    assert found["seconds"] < 30  # 3.5 s where the machine has little else to do


# --- what is measured -------------------------------------------------------------------------


def test_late_answers_raise_the_thresholds_of_the_next_talk(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched, "UNHEARD_SECONDS", 30.0)  # for the first answer to come
    monkeypatch.setattr(watched, "START_SECONDS", 30.0)
    with serving({"/": Page(late=0.4)}) as server:
        stand.write({"page": {"http": f"{server.address}/"}})
        stand.record("one")
        found = stand.values("--trust", "--watch", "3")
    (endpoint,) = found["endpoints"]
    assert endpoint["silence"] >= 0.6
    expected = min(2 * endpoint["silence"], 2.5)
    assert found["thresholds"]["down"] == pytest.approx(expected, abs=0.01)
    now = datetime.now().astimezone()
    kept = usual_silence(Path("talk.md"), now, pytest.fail, stand.folder / "state")
    assert kept == pytest.approx(endpoint["silence"], abs=0.001)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--static", "--trust"], "--trust is of no use with --static"),
        (["--static", "--watch", "9"], "--watch is of no use with --static"),
        (["--watch", "no"], "argument --watch"),
    ],
)
def test_wrong_usage(options: list[str], words: str, stand: Stand) -> None:
    done = stand.installed(*options)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
