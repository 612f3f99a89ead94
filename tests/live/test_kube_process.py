"""The process that asks an API server, against one on loopback that does what servers do."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from presenter.deck.kubernetes import Query, Until, read_queries
from presenter.live import kube_api, kube_process, kube_watch
from presenter.live.sender import QUERIES, Sender
from presenter.recording.kube_lines import (
    Asked,
    Changed,
    Detail,
    Line,
    Listed,
    LogLine,
    Refused,
    Tick,
    read_line,
)
from presenter.recording.kube_plan import plan_line, read_plan
from tests.live.kube_stubs import (
    PODS,
    Answer,
    Api,
    Reply,
    event,
    hangs,
    refusal,
    row,
    serving_api,
    status,
    table,
    watch,
    whole,
)
from tests.live.probe_stubs import free_port, kubeconfig

PATIENCE = 60.0
"""Seconds for what takes a few on an idle machine."""
SOON = 12.0
"""Seconds in which a server that is not there, or not ready, has been given up."""


class Heard:
    """What one process has said."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.texts: list[str] = []
        self.end: dict[str, Any] = {}
        self.seconds = 0.0
        self.rss = 0
        """Bytes of the process, at most."""
        self._titles: tuple[str, ...] = ()

    def hear(self, line: str) -> None:
        self.texts.append(line)
        told = read_line(line, self._titles)
        if isinstance(told, Asked):
            self._titles = told.titles
        if told is not None:
            self.lines.append(told)
        else:
            assert line.startswith('{"end"'), line
            self.end = json.loads(line)["end"]

    def of(self, kind: type[Line]) -> list[Any]:
        return [line for line in self.lines if isinstance(line, kind)]

    @property
    def names(self) -> list[list[str]]:
        """Of each list and each change, the names in it."""
        return [[row.name for row in one.rows] for one in (*self.of(Listed), *self.of(Changed))]

    @property
    def words(self) -> str:
        (refused,) = self.of(Refused)
        assert refused.words == self.end["words"]
        assert "\n" not in refused.words
        return str(refused.words)


Until_ = Callable[[Heard], bool]


async def heard(text: str | Query, config: Path, until: Until_ | None = None) -> Heard:
    """What is said of the query until its end, or until `until` holds.

    What ends by itself is asked from this process, which is quicker.
    """
    if until is not None:
        return await heard_of_process(text, config, until)
    found = Heard()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUBECONFIG", str(config))
        async with asyncio.timeout(PATIENCE):
            await asyncio.to_thread(_ask, query(text), found)
    assert isinstance(found.lines[0], Asked)
    return found


def _ask(asked: Query, found: Heard) -> None:
    given, said = os.pipe()
    reading = threading.Thread(target=_read, args=(given, found))
    reading.start()
    began = time.monotonic()
    output = kube_process.Output(said)
    output.close({"end": kube_process.ending(asked, output)})
    found.seconds = time.monotonic() - began
    os.close(said)
    reading.join()


def _read(given: int, found: Heard) -> None:
    with open(given, encoding="ascii") as lines:
        for line in lines:
            found.hear(line.rstrip("\n"))


async def heard_of_process(
    text: str | Query, config: Path, until: Until_ = lambda _heard: False
) -> Heard:
    """The same of the process as it runs in a talk."""
    found = Heard()
    sender, over = Sender(QUERIES), asyncio.Event()

    def hear(line: str | None) -> None:
        if line is not None:
            found.hear(line)
        if line is None or found.end or until(found):
            over.set()

    try:
        await sender.start({**os.environ, "KUBECONFIG": str(config)}, Path.cwd())
        assert sender._process is not None
        process = psutil.Process(sender._process.pid)
        sender.send(plan_line(query(text), ""), hear)
        async with asyncio.timeout(PATIENCE):
            while not over.is_set():
                with contextlib.suppress(psutil.Error):
                    found.rss = max(found.rss, process.memory_info().rss)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(over.wait(), 0.02)
    finally:
        sender.close()
    assert isinstance(found.lines[0], Asked)
    return found


def query(text: str | Query) -> Query:
    if isinstance(text, Query):
        return text
    (found,) = read_queries(text.split("\n"), lambda _message, _line: None)
    return found.query


@pytest.fixture
def config(tmp_path: Path) -> Callable[[Api], Path]:
    return lambda api: kubeconfig(tmp_path / "config", api.address)


Config = Callable[[Api], Path]


# --- lists and watches ----------------------------------------------------------------------------


async def test_a_list_comes_in_parts(config: Config) -> None:
    pages = [
        whole(table(row("a", 1), row("b", 2), version=10, go_on="more")),
        whole(table(row("c", 3), version=10)),
    ]
    with serving_api(pages) as api:
        found = await heard("get: pods", config(api))
        asked = api.requests
    assert found.names == [["a", "b"], ["c"]]
    first, second = found.of(Listed)
    assert (first.first, first.last, second.first, second.last) == (True, False, False, True)
    assert [one.query.get("continue", "") for one in asked] == ["", "more"]
    assert asked[0].query["limit"] == str(kube_watch.PAGE)
    assert asked[0].path == PODS
    assert found.end == {"status": 0, "fault": None, "words": ""}
    assert [one.namespace for one in found.of(Asked)] == ["", "shop"]


async def test_a_long_list_comes_in_lines_that_are_no_burden(config: Config) -> None:
    rows = [row(f"p{n:04}", n, annotations={"x": "y" * 20_000}) for n in range(60)]
    with serving_api([whole(table(*rows))]) as api:
        found = await heard("get: pods", config(api))
    sizes = [len(line) for line in found.texts]
    assert sum(map(len, found.names)) == 60
    assert all(found.names)
    assert max(sizes) < kube_watch.PART_BYTES + 30_000


async def test_a_list_without_an_end_is_given_up(config: Config) -> None:
    with serving_api([whole(table(version=10, go_on="more"))]) as api:
        found = await heard("get: pods", config(api))
        assert len(api.requests) == kube_watch.MOST_PAGES
    assert "has no end" in found.words


async def test_a_watch_goes_on_where_it_was_ended(config: Config) -> None:
    """From the last version that was seen, that of a bookmark too; what is lost is nothing."""
    mark = {"type": "BOOKMARK", "object": {"kind": "Pod", "metadata": {"resourceVersion": "31"}}}
    watches = [
        watch(event("MODIFIED", row("a", 21, "Pending"))),
        watch(mark),
        watch(event("ADDED", row("b", 40))),
        watch(event("DELETED", row("a", 41)), ends=False),
    ]
    with serving_api([whole(table(row("a", 9), version=20))], watches) as api:
        found = await heard("watch: pods", config(api), lambda one: len(one.of(Changed)) == 3)
        versions = [one.query["resourceVersion"] for one in api.asked(watches=True)]
        assert len(api.asked(watches=False)) == 1
        assert all(one.query["allowWatchBookmarks"] == "true" for one in api.asked(watches=True))
    assert versions == ["20", "21", "31", "40"]
    assert [one.kind for one in found.of(Changed)] == ["MODIFIED", "ADDED", "DELETED"]


async def test_a_watch_that_breaks_off_goes_on(config: Config) -> None:
    def breaks(reply: Reply) -> None:
        reply.begin()
        reply.events(event("ADDED", row("b", 11)))
        reply.cut()

    watches = [breaks, watch(event("ADDED", row("c", 12)), ends=False)]
    with serving_api([whole(table(row("a", 9)))], watches) as api:
        found = await heard("watch: pods", config(api), lambda one: len(one.of(Changed)) == 2)
        assert [one.query["resourceVersion"] for one in api.asked(watches=True)] == ["10", "11"]
    assert found.names == [["a"], ["b"], ["c"]]
    assert not found.end


async def test_one_that_always_breaks_off_is_given_up(config: Config) -> None:
    def breaks(reply: Reply) -> None:
        reply.begin()
        reply.cut()

    with serving_api([whole(table(row("a", 9)))], [breaks]) as api:
        found = await heard("watch: pods", config(api))
        assert len(api.asked(watches=True)) == kube_watch.MOST_BREAKS + 1
    assert found.end["fault"] == "refused"
    assert found.words == "the connection broke"


GONE = status(410, "too old resource version: 10 (20)")


@pytest.mark.parametrize(
    "gone",
    [
        watch({"type": "ERROR", "object": GONE}),
        refusal(410, "too old"),
        watch(event("MODIFIED", row("a", 11)), {"type": "ERROR", "object": GONE}),
    ],
    ids=["an event", "a status", "in the middle"],
)
async def test_what_is_too_old_is_listed_anew(gone: Answer, config: Config) -> None:
    lists = [whole(table(row("a", 9))), whole(table(row("b", 30), version=50))]
    with serving_api(lists, [gone, watch(event("ADDED", row("c", 51)), ends=False)]) as api:
        found = await heard("watch: pods", config(api), lambda one: ["c"] in one.names)
        assert api.asked(watches=True)[-1].query["resourceVersion"] == "50"
    assert [[row.name for row in one.rows] for one in found.of(Listed)] == [["a"], ["b"]]


@pytest.mark.parametrize(
    "ended",
    [
        watch(),
        watch(event("MODIFIED", row("a", 11))),
        watch({"type": "ERROR", "object": GONE}),
        refusal(410, "too old"),
        watch({"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "5"}}}),
    ],
    ids=["nothing", "an event", "too old", "too old at once", "a bookmark"],
)
async def test_a_watch_that_is_ended_at_once_is_asked_for_slower_and_slower(
    ended: Answer, config: Config
) -> None:
    with serving_api([whole(table(row("a", 9)))], [ended]) as api:
        await heard("watch: pods", config(api), lambda _: len(api.asked(watches=True)) >= 6)
        times = [one.at for one in api.asked(watches=True)]
    pauses = [later - sooner for sooner, later in itertools.pairwise(times)]
    assert pauses[4] > 0.7  # 1.6 seconds, half of them at least
    assert all(pause > 0.04 for pause in pauses)


async def test_time_is_told_while_nothing_happens(config: Config) -> None:
    with serving_api([whole(table(row("a", 9)))], [watch(ends=False)]) as api:
        found = await heard("watch: pods", config(api), lambda one: len(one.of(Tick)) == 2)
    first, second = found.of(Tick)
    assert 0.8 < second.at - first.at < 5


async def test_lines_that_nobody_understands_end_it(config: Config) -> None:
    for garbage in (b"<garbage>\n", b'{"type":1}\n', b"[" * 3000 + b"\n", b'{"type":"ADDED"'):

        def answer(reply: Reply, garbage: bytes = garbage) -> None:
            reply.begin()
            reply.chunk(garbage)
            reply.end()

        with serving_api([whole(table(row("a", 9)))], [answer]) as api:
            found = await heard("watch: pods", config(api))
            assert len(api.asked(watches=True)) == 1
        assert found.words == "an event of the watch cannot be read"
        assert (found.end["status"], found.end["fault"]) == (1, None)


async def test_a_line_without_an_end_is_given_up(config: Config) -> None:
    def answer(reply: Reply) -> None:
        reply.begin()
        while not reply.over.is_set():
            reply.chunk(b"x" * 65_536)

    with serving_api([whole(table(row("a", 9)))], [answer]) as api:
        found = await heard_of_process("watch: pods", config(api))
    assert found.words == "a line is longer than 4 MB"
    assert found.rss < 200_000_000


async def test_what_is_waited_for_ends_it(config: Config) -> None:
    watches = [
        watch(
            event("MODIFIED", row("a", 11)),
            event("ADDED", row("b", 12, "Pending")),
            event("MODIFIED", row("b", 13)),
            event("MODIFIED", row("a", 14, "Failed")),
            ends=False,
        )
    ]
    with serving_api([whole(table(row("a", 9, "Pending")))], watches) as api:
        found = await heard("watch: pods\nuntil: 2 ready", config(api))
        assert api.asked(watches=True)[0].query["includeObject"] == "Object"
    assert found.end == {"status": 0, "fault": None, "words": ""}
    assert len(found.of(Changed)) == 3
    ready = [whole(table(row("a", 9), row("b", 9)))]
    with serving_api(ready) as api:
        at_once = await heard("watch: pods\nuntil: ready", config(api))
        assert not api.asked(watches=True)
    assert at_once.end["status"] == 0
    assert at_once.seconds < SOON


async def test_own_columns_are_of_whole_objects(config: Config) -> None:
    """Those in a list do not say of what kind they are, which is known all the same."""
    pods = {
        "kind": "PodList", "apiVersion": "v1", "metadata": {"resourceVersion": "5"},
        "items": [
            {k: v for k, v in row("a", 1, "Pending")["object"].items() if k not in ("kind",)}
        ],
    }  # fmt: skip
    watches = [watch({"type": "MODIFIED", "object": row("a", 6)["object"]}, ends=False)]
    text = "watch: pods\ncolumns: {N: .metadata.name, S: '{.status.phase}'}\nuntil: ready"
    with serving_api([whole(pods)], watches) as api:
        found = await heard(text, config(api))
    (listed,), (changed,) = found.of(Listed), found.of(Changed)
    assert [row.cells for row in listed.rows] == [("a", "Pending")]
    assert [column.title for column in listed.columns] == ["N", "S"]
    assert changed.rows[0].cells == ("a", "Running")
    assert found.end["status"] == 0


async def test_a_column_that_is_no_path_is_said(config: Config) -> None:
    with serving_api([whole(table())]) as api:
        found = await heard("get: pods\ncolumns: {N: '.a['}", config(api))
        assert not api.requests
    assert found.words.startswith("`.a[` is no JSONPath: ")


# --- secrets --------------------------------------------------------------------------------------

SECRET = {
    "metadata": {
        "name": "s", "namespace": "shop", "resourceVersion": "3", "managedFields": [{}],
        "annotations": {
            "kubectl.kubernetes.io/last-applied-configuration": '{"data":{"p":"aHVudGVyMg=="}}'
        },
    },
    "data": {"p": "aHVudGVyMg=="},
    "stringData": {"q": "hunter2"},
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "get: secrets\ncolumns: {NAME: .metadata.name, P: .data.p}",
        "watch: secrets\ncolumns: {P: .data.p, Q: .stringData.q}\nuntil: 2",
        "describe: secret/s",
        "describe: secrets",
    ],
)
async def test_no_secret_leaves_the_process(text: str, config: Config) -> None:
    listed = {"kind": "SecretList", "apiVersion": "v1", "metadata": {}, "items": [SECRET]}
    other = {"kind": "Secret", **SECRET, "metadata": {"name": "t", "namespace": "shop"}}
    with serving_api([whole(listed)], [watch({"type": "ADDED", "object": other})]) as api:
        api.pages["/api/v1/namespaces/shop/secrets/s"] = whole({"kind": "Secret", **SECRET})
        api.pages["/api/v1/namespaces/shop/events"] = whole({"items": []})
        found = await heard(text, config(api))
    assert found.end["status"] == 0
    for each in ("aHVudGVyMg", "hunter2", "managedFields"):
        assert each not in "".join(found.texts)
    assert "7 bytes" in "".join(found.texts)


# --- faults ---------------------------------------------------------------------------------------


async def test_a_busy_server_is_asked_again_when_it_says(config: Config) -> None:
    busy = refusal(429, "too many", retry_after="1")
    with serving_api([busy, whole(table(row("a", 9)))]) as api:
        found = await heard("get: pods", config(api))
        first, second = (one.at for one in api.requests)
    assert found.names == [["a"]]
    assert 0.5 <= second - first < SOON


@pytest.mark.parametrize("code", [429, 500, 503])
async def test_one_that_never_is_ready_is_given_up(
    code: int, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kube_api, "_FIRST_PAUSE", 0.01)
    with serving_api([refusal(code, "no", retry_after="0")]) as api:
        found = await heard("get: pods", config(api))
        assert len(api.requests) == kube_api.MOST_BUSY + 1
    assert found.end["fault"] == "refused"
    assert found.words == f"the server is not ready (status {code})"


async def test_a_gateway_in_front_of_a_server_that_is_not_ready(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kube_api, "_FIRST_PAUSE", 0.01)
    with serving_api([whole("<html>Bad Gateway</html>", 502, kind="text/html")]) as api:
        found = await heard("get: pods", config(api))
    assert found.words == "the server is not ready (status 502)"


async def test_credentials_are_fetched_anew_once(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("old")
    with serving_api([whole(table(row("a", 9)))]) as api:
        path = kubeconfig(tmp_path / "config", api.address, tokenFile=str(token))

        def expired(reply: Reply) -> None:
            token.write_text("new")
            reply.send(status(401, "Unauthorized"), 401)

        api.guards.append(expired)
        found = await heard("get: pods", path)
        assert [one.authorization for one in api.requests] == ["Bearer old", "Bearer new"]
    assert found.end["status"] == 0


async def test_credentials_that_are_never_taken(config: Config) -> None:
    with serving_api([refusal(401, "Unauthorized")]) as api:
        found = await heard("get: pods", config(api))
        assert len(api.requests) == 2
    assert found.end["fault"] == "refused"
    assert found.words == "the credentials are not accepted (status 401)"
    assert found.seconds < SOON


async def test_what_is_forbidden_is_said_in_the_servers_words(config: Config) -> None:
    words = 'pods is forbidden: User "viewer" cannot list resource "pods"'
    with serving_api([refusal(403, words)]) as api:
        found = await heard("get: pods", config(api))
        assert len(api.requests) == 1
    assert (found.words, found.end["fault"], found.end["status"]) == (words, None, 1)


@pytest.mark.parametrize(
    "page",
    [
        whole("<html>log in</html>", kind="text/html"),
        whole("<html>log in</html>", 401, kind="text/html"),
        whole("", 302, location="http://login.example/"),
        whole("", 511),
    ],
    ids=["html", "html 401", "redirect", "511"],
)
async def test_a_login_page_in_its_place(page: Answer, config: Config) -> None:
    with serving_api([page]) as api:
        found = await heard("get: pods", config(api))
    assert found.end["fault"] == "captive portal"
    assert found.words == "a login page answers in its place"
    assert found.seconds < SOON


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"nonsense", "the answer is no JSON"),
        (b"[1]", "the answer is no object"),
        (b"[" * 100_000, "the answer is no JSON"),
        (b'{"kind":"Table","rows":[1]}', "what the server sends cannot be read (AttributeError)"),
        (b'{"kind":"Table","rows":7}', "what the server sends cannot be read (TypeError)"),
        (
            b'{"kind":"Table","metadata":{"continue":"x","remainingItemCount":1e999},"rows":['
            + b"{}," * 5000 + b"{}]}",
            "what the server sends cannot be read (OverflowError)",
        ),
        (b'{"kind":"Table","rows":' + b"9" * 5000 + b"}", "the answer is no JSON"),
    ],
)  # fmt: skip
async def test_an_answer_that_is_none(body: bytes, words: str, config: Config) -> None:
    with serving_api([whole(body)]) as api:
        found = await heard("get: pods", config(api))
    assert (found.words, found.end["status"], found.end["fault"]) == (words, 1, None)


async def test_a_gigabyte_is_no_list(config: Config) -> None:
    def answer(reply: Reply) -> None:
        reply.head(content_length=str(1_000_000_000))
        for _ in range(1000):
            reply.write(b'{"a":1},' * 125_000)

    with serving_api([answer]) as api:
        found = await heard_of_process("get: pods", config(api))
    assert found.words == "the answer is longer than 32 MB"
    assert found.rss < 300_000_000


async def test_an_object_that_is_too_long_for_anybody(config: Config) -> None:
    pod = {"kind": "Pod", "metadata": {"name": "a"}, "spec": {"x": "y" * 7_000_000}}
    with serving_api([whole({"items": []})]) as api:
        api.pages[f"{PODS}/a"] = whole(pod)
        found = await heard("describe: pod/a", config(api))
    (refused,) = found.of(Refused)
    assert refused.words == "what the server sends is longer than 6 MB"


async def test_nobody_there(tmp_path: Path) -> None:
    path = kubeconfig(tmp_path / "config", f"http://127.0.0.1:{free_port()}")
    found = await heard("get: pods", path)
    assert (found.end["fault"], found.words) == ("refused", "connection refused")
    assert kube_api.GIVE_UP_SECONDS <= found.seconds < SOON


async def test_a_server_that_says_nothing(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kube_api, "READ_SECONDS", 2.1)
    with serving_api([hangs]) as api:
        found = await heard("get: pods", config(api))
        assert len(api.requests) == 1
    assert (found.end["fault"], found.words) == ("silent", "no answer")
    assert found.seconds < SOON


async def test_an_answer_that_drips(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kube_api, "WHOLE_SECONDS", 0.5)

    def drips(reply: Reply) -> None:
        reply.head(content_length="1000")
        while not reply.over.wait(0.05):
            reply.write(b" ")

    def until_closed(reply: Reply) -> None:
        reply.head(connection="close")
        while not reply.over.wait(0.05):
            reply.write(b" ")

    for answer in (drips, until_closed):
        with serving_api([answer]) as api:
            found = await heard("get: pods", config(api))
        assert found.words.startswith("its answer has no end within")
        assert found.end["fault"] == "silent"
        assert found.seconds < SOON


async def test_a_log_may_be_silent_where_the_server_is_there(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kube_api, "QUIET_SECONDS", 0.2)
    monkeypatch.setattr(kube_process, "QUIET_SECONDS", 2.1)
    with serving_api() as api:
        api.pages[f"{PODS}/a"] = whole(row("a", 1)["object"])
        api.pages["/version"] = whole({"major": "1"})
        first, second = _log(b"one\n", ends=False), _log(b"two\n")

        def log(reply: Reply) -> None:
            again = [one for one in api.requests if one.path.endswith("/log")]
            (first if len(again) == 1 else hangs if len(again) == 2 else second)(reply)

        api.pages[f"{PODS}/a/log"] = log
        found = await heard("logs: a", config(api))
        tails = [one.query["tailLines"] for one in api.requests if one.path.endswith("/log")]
    assert [one.text for one in found.of(LogLine)] == ["one", "two"]
    assert tails == ["20", "0", "0"]
    assert found.end["status"] == 0


async def test_a_port_that_takes_no_more_connections(tmp_path: Path) -> None:
    """What is sent there goes nowhere: nothing answers, and nothing refuses."""
    with Blackhole() as port:
        path = kubeconfig(tmp_path / "config", f"https://127.0.0.1:{port}")
        found = await heard("get: pods", path)
    assert (found.end["fault"], found.words) == ("silent", "no answer")
    assert found.seconds < SOON


class Blackhole:
    """A port whose queue of connections is full."""

    def __enter__(self) -> int:
        self._server = socket.socket()
        self._server.bind(("127.0.0.1", 0))
        self._server.listen(0)
        port = int(self._server.getsockname()[1])
        self._waiting = []
        for _ in range(8):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
            self._waiting.append(one)
        return port

    def __exit__(self, *_: object) -> None:
        for one in (*self._waiting, self._server):
            one.close()


async def test_a_name_that_nobody_knows(tmp_path: Path) -> None:
    path = kubeconfig(tmp_path / "config", "https://nowhere.invalid:6443")
    found = await heard("get: pods", path)
    assert found.end["fault"] in ("no route", "silent")
    assert found.seconds < 2 * SOON


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A certificate of another server, and its key."""
    both = tmp_path / "both.pem"
    argv = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            "/CN=elsewhere", "-keyout", "key.pem", "-out", "cert.pem"]  # fmt: skip
    subprocess.run(argv, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    both.write_text((tmp_path / "cert.pem").read_text() + (tmp_path / "key.pem").read_text())
    return both


async def test_a_certificate_that_is_not_the_right_one(tmp_path: Path, elsewhere: Path) -> None:
    with serving_api([whole(table())], certificate=elsewhere) as api:
        path = kubeconfig(tmp_path / "config", api.address, authority=tmp_path / "cert.pem")
        found = await heard("get: pods", path)
        assert not api.requests
    assert found.end["fault"] == "captive portal"
    assert found.words.startswith("the certificate is not the right one: ")
    assert found.seconds < SOON


async def test_kubeconfigs_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "config"
    found = await heard("get: pods", path)
    assert found.words == "there is no kubeconfig"
    path.write_text("{")
    found = await heard("get: pods", path)
    assert found.words.startswith("the kubeconfig cannot be used: ")


# --- resources ------------------------------------------------------------------------------------


def discovery(api: Api) -> None:
    """Groups of which one has no server, and a kind that is in another version alone."""

    def group(name: str, *versions: str) -> dict[str, Any]:
        told = [{"groupVersion": f"{name}/{one}"} for one in versions]
        return {"name": name, "versions": told, "preferredVersion": told[0]}

    def kind(name: str, kind: str, **told: object) -> dict[str, Any]:
        return {"name": name, "kind": kind, "namespaced": True, "verbs": ["get", "list"], **told}

    api.pages |= {
        "/apis": whole({"groups": [group("metrics.k8s.io", "v1"), group("ex.io", "v1", "v1b")]}),
        "/api/v1": whole({"resources": [kind("resourcequotas", "ResourceQuota")]}),
        "/apis/metrics.k8s.io/v1": refusal(503, "service unavailable"),
        "/apis/ex.io/v1": whole(
            {"resources": [kind("shops", "Shop", shortNames=["sh"]), kind("shops/status", "Shop")]}
        ),
        "/apis/ex.io/v1b": whole(
            {
                "resources": [
                    kind("shops", "Shop"),
                    kind("tills", "Till"),
                    kind("reviews", "Review", verbs=["create"]),
                ]
            }
        ),
    }


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("shops", "/apis/ex.io/v1/namespaces/shop/shops"),
        ("Shop", "/apis/ex.io/v1/namespaces/shop/shops"),
        ("sh", "/apis/ex.io/v1/namespaces/shop/shops"),
        ("shops.ex.io", "/apis/ex.io/v1/namespaces/shop/shops"),
        ("tills", "/apis/ex.io/v1b/namespaces/shop/tills"),
        ("resourcequotas", "/api/v1/namespaces/shop/resourcequotas"),
        ("deploy", "/apis/apps/v1/namespaces/shop/deployments"),
        ("nodes", "/api/v1/nodes"),
    ],
)
async def test_any_resource_that_the_server_has(written: str, path: str, config: Config) -> None:
    with serving_api([whole(table(row("a", 1)))]) as api:
        discovery(api)
        found = await heard(f"get: {written}", config(api))
        assert api.requests[-1].path == path
    assert found.end["status"] == 0
    assert found.seconds < SOON


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("shopz", "the server has no resource `shopz` (did you mean `sho"),
        ("reviews", "the server has no resource `reviews`"),
        ("shops.other.io", "the server has no resource `shops.other.io`"),
    ],
)
async def test_a_resource_that_nobody_knows(written: str, words: str, config: Config) -> None:
    with serving_api() as api:
        discovery(api)
        found = await heard(f"get: {written}", config(api))
    assert found.words.startswith(words)
    assert (found.end["status"], found.end["fault"]) == (1, None)


async def test_an_object_that_is_not_there(config: Config) -> None:
    with serving_api([whole(table())]) as api:
        found = await heard("get: pods/a", config(api))
        assert api.requests[0].query["fieldSelector"] == "metadata.name=a"
    assert found.words == "there is no pods/a in shop"
    with serving_api() as api:
        api.pages[f"{PODS}/a"] = refusal(404, 'pods "a" not found')
        found = await heard("describe: pod/a", config(api))
    assert found.words == 'pods "a" not found'


# --- one object -----------------------------------------------------------------------------------


async def test_an_object_with_its_events(config: Config) -> None:
    told = {"reason": "Pulled", "message": "x", "metadata": {"managedFields": []}}
    with serving_api([whole({"items": [told]})]) as api:
        api.pages[f"{PODS}/a"] = whole(row("a", 1, uid="u1")["object"])
        found = await heard("describe: pod/a", config(api))
        assert api.requests[-1].query["fieldSelector"] == "involvedObject.uid=u1"
    (detail,) = found.of(Detail)
    assert detail.events[0]["reason"] == "Pulled"
    with serving_api([refusal(403, "no events for you")]) as api:
        api.pages[f"{PODS}/a"] = whole(row("a", 1)["object"])
        found = await heard("describe: pod/a", config(api))
    assert found.of(Detail)[0].events == ()


def _log(*lines: bytes, ends: bool = True) -> Answer:
    def answer(reply: Reply) -> None:
        reply.begin()
        for line in lines:
            reply.chunk(line)
        reply.end() if ends else reply.hang()

    return answer


async def test_a_log_that_is_followed(config: Config) -> None:
    log = _log(b"one\ntw", b"o\n", b"\xff\x1b[2Jthree\n", b"x" * 3000 + b"\n", ends=False)
    with serving_api([whole({})]) as api:
        api.pages[f"{PODS}/a"] = whole(row("a", 1)["object"])
        api.pages[f"{PODS}/a/log"] = log
        text = "logs: a\ncontainer: c\ntail: 7"
        found = await heard(text, config(api), lambda one: len(one.of(LogLine)) == 4)
        told = api.requests[-1].query
        assert (told["container"], told["tailLines"], told["follow"]) == ("c", "7", "true")
    texts = [one.text for one in found.of(LogLine)]
    assert texts[:3] == ["one", "two", "\ufffd\x1b[2Jthree"]
    assert len(texts[3]) == kube_process.LONGEST_LOG_LINE


async def test_a_pattern_ends_a_log(config: Config) -> None:
    with serving_api() as api:
        api.pages[f"{PODS}/a"] = whole(row("a", 1)["object"])
        api.pages[f"{PODS}/a/log"] = _log(b"starting\n", b"listening on 80\n", ends=False)
        found = await heard("logs: a\nuntil: 'listening on \\d+'", config(api))
        assert found.end["status"] == 0
        api.pages[f"{PODS}/a/log"] = _log(b"starting\n")
        found = await heard("logs: a\nuntil: listening", config(api))
        assert found.end == {"status": 1, "fault": None, "words": ""}
        found = await heard(Query("logs", "pods", "a", until=Until(pattern="(")), config(api))
    assert found.words == "`until: (` is no pattern"


@pytest.mark.parametrize(
    ("kind", "spec", "selector"),
    [
        ("deployments", {"selector": {"matchLabels": {"app": "web", "x": "y"}}}, "app=web,x=y"),
        ("services", {"selector": {"app": "web"}}, "app=web"),
    ],
)
async def test_the_log_of_a_pod_that_another_object_has(
    kind: str, spec: dict[str, Any], selector: str, config: Config
) -> None:
    with serving_api([whole({"kind": "PodList", "items": [row("p", 1)["object"]]})]) as api:
        base = "/apis/apps/v1" if kind == "deployments" else "/api/v1"
        path = f"{base}/namespaces/shop/{kind}/web"
        metadata = {"name": "web", "namespace": "shop"}
        api.pages[path] = whole({"kind": "X", "metadata": metadata, "spec": spec})
        api.pages[f"{PODS}/p/log"] = _log(b"hello\n")
        found = await heard(f"logs: {kind}/web\nfollow: false", config(api))
        assert api.requests[1].query["labelSelector"] == selector
        assert found.of(LogLine)[0].text == "hello"
        api.pages[path] = whole({"kind": "X", "metadata": metadata, "spec": {"selector": {}}})
        found = await heard(f"logs: {kind}/web", config(api))
    assert found.words == f"{kind} have no pods of their own"


# --- plans ----------------------------------------------------------------------------------------


def test_a_plan_is_read_again() -> None:
    asked = Query(
        "watch", "pods", namespace="é", columns=(("A", ".b"),), until=Until(ready=True, count=2)
    )
    assert read_plan(plan_line(asked, "x y").encode()) == (asked, "x y")
    assert read_plan(plan_line(Query("get", "po"), "").encode()) == (Query("get", "po"), "")
