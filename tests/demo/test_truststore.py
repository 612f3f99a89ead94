"""The store of trusted decks: what it remembers, and what it does not believe."""

from __future__ import annotations

import json
import os
import stat
import threading
from pathlib import Path

import pytest

from presenter.deck.trust import Fingerprint, Item, fingerprint
from presenter.demo import truststore
from presenter.demo.truststore import Trusted, TrustStore
from presenter.errors import PresenterError
from tests.deck.decks import make

WHEN = "2026-11-23T10:00:00+01:00"
DIGEST = "a" * 64

posix = pytest.mark.skipif(not hasattr(os, "getuid"), reason="no owners and modes here")


def told(path: str = "talk.md", digest: str = DIGEST) -> Fingerprint:
    return Fingerprint(path, (Item("command", "ls", (("in", "console"),)),), digest)


def test_a_deck_is_trusted_when_it_was_trusted_and_is_the_same(tmp_path: Path) -> None:
    store = TrustStore(tmp_path / "state")
    assert not store.is_trusted(told())
    store.trust(told(), WHEN)
    assert store.is_trusted(told())
    assert TrustStore(tmp_path / "state").is_trusted(told())
    assert not store.is_trusted(told(digest="b" * 64))
    assert not store.is_trusted(told(path="other.md"))
    expected = Trusted("talk.md", DIGEST, WHEN, ("command: ls  (in console)",))
    assert store.entries() == (expected,)
    assert not store.problem


def test_a_line_stays_as_other_versions_read_it(tmp_path: Path) -> None:
    store = TrustStore(tmp_path)
    file = Item("file", "a.sh", (("sha256", "c" * 64),))
    store.trust(Fingerprint("/é.md", (file,), DIGEST, deck="hash"), WHEN)
    line = (
        f'{{"v": 1, "path": "/\\u00e9.md", "digest": "{DIGEST}", "when": "{WHEN}", '
        f'"lines": ["file: a.sh  (sha256 {"c" * 64})"], "deck": "hash", '
        f'"files": [["a.sh", "{"c" * 64}"]]}}\n'
    )
    assert store.path.read_text("ascii") == line
    (entry,) = store.entries()
    assert (entry.deck, entry.files) == ("hash", (("a.sh", "c" * 64),))
    assert store.find("/é.md") == entry
    assert store.find("/e.md") is None


def test_blank_lines_and_missing_parts_are_no_damage(tmp_path: Path) -> None:
    store = TrustStore(tmp_path)
    store.trust(told(), WHEN)
    least = {"v": 1, "path": "a.md", "digest": DIGEST, "when": WHEN, "lines": ["x", 1]}
    with store.path.open("a") as file:
        file.write(f"\n  \n{json.dumps(least)}\n")
    assert store.find("a.md") == Trusted("a.md", DIGEST, WHEN, ("x", "1"))
    assert store.is_trusted(told())


def test_the_programs_state_is_where_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESENTER_STATE_DIR", str(tmp_path))
    assert TrustStore().path == tmp_path / "trust.jsonl"


def test_a_real_deck_loses_its_trust_with_a_command_only(tmp_path: Path) -> None:
    store = TrustStore(tmp_path / "state")
    text = "# Title\n\n```console\n$ ls\n```\n"
    store.trust(fingerprint(make(tmp_path, text)), WHEN)
    assert store.is_trusted(fingerprint(make(tmp_path, text.replace("Title", "Other"))))
    assert not store.is_trusted(fingerprint(make(tmp_path, text.replace("ls", "rm x"))))
    assert not store.is_trusted(fingerprint(make(tmp_path, text, "copy.md")))
    assert store.is_trusted(fingerprint(make(tmp_path, text)))


def test_the_bytes_of_a_deck_and_its_files_tell_early_that_it_is_likely_trusted(
    tmp_path: Path,
) -> None:
    store = TrustStore(tmp_path / "state")
    script = tmp_path / "run.sh"
    script.write_text("ls\n")
    text = "# Title\n\n```console\n$ ./run.sh\n```\n"
    deck = make(tmp_path, text)
    assert not store.presumes(deck)
    store.trust(fingerprint(deck), WHEN)
    assert TrustStore(tmp_path / "state").presumes(make(tmp_path, text))
    assert not store.presumes(make(tmp_path, text, "copy.md"))
    assert not store.presumes(make(tmp_path, text.replace("Title", "Other")))
    for changed in ("rm\n", None):
        script.write_text(changed) if changed else script.unlink()
        assert not store.presumes(make(tmp_path, text))


def test_a_yes_without_what_tells_it_early_still_holds(tmp_path: Path) -> None:
    store, deck = TrustStore(tmp_path), make(tmp_path, "```console\n$ ls\n```\n")
    store.trust(fingerprint(deck), WHEN)
    (line,) = store.path.read_text().splitlines()
    older = {key: value for key, value in json.loads(line).items() if key not in ("deck", "files")}
    store.path.write_text(json.dumps(older) + "\n")
    assert store.is_trusted(fingerprint(deck))
    assert not store.presumes(deck)


def test_another_yes_takes_the_place_of_the_first(tmp_path: Path) -> None:
    store = TrustStore(tmp_path)
    store.trust(told("b.md"), WHEN)
    store.trust(told("a.md"), WHEN)
    store.trust(told("b.md", "c" * 64), "later")
    assert [(one.path, one.digest[0]) for one in store.entries()] == [("a.md", "a"), ("b.md", "c")]
    assert not store.is_trusted(told("b.md"))


def test_revoking(tmp_path: Path) -> None:
    store = TrustStore(tmp_path)
    assert not store.revoke("talk.md")
    store.trust(told(), WHEN)
    store.trust(told("other.md"), WHEN)
    assert store.revoke("talk.md")
    assert not store.is_trusted(told())
    assert store.is_trusted(told("other.md"))
    assert not store.revoke("talk.md")


def test_a_deck_that_cannot_be_trusted_is_refused(tmp_path: Path) -> None:
    store = TrustStore(tmp_path)
    broken = Fingerprint("talk.md", (), "", "run.sh is larger than 64 MiB")
    with pytest.raises(PresenterError) as refused:
        store.trust(broken, WHEN)
    assert str(refused.value) == "talk.md: cannot be trusted: run.sh is larger than 64 MiB"
    store.trust(told(), WHEN)
    assert not store.is_trusted(broken)


@posix
def test_the_file_is_the_users_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        store = TrustStore(tmp_path / "state")
        store.trust(told(), WHEN)
    finally:
        os.umask(old)
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700
    assert sorted(path.name for path in store.path.parent.iterdir()) == [
        "trust.jsonl", "trust.lock",
    ]  # fmt: skip


@posix
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_is_not_believed(mode: int, tmp_path: Path) -> None:
    store = TrustStore(tmp_path)
    store.trust(told(), WHEN)
    store.path.chmod(mode)
    assert not store.is_trusted(told())
    assert store.problem == f"{store.path}: others may write it: no deck is trusted"
    store.path.chmod(0o600)
    assert store.is_trusted(told())
    assert not store.problem


@posix
def test_a_file_of_somebody_else_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = TrustStore(tmp_path)
    store.trust(told(), WHEN)
    monkeypatch.setattr(os, "getuid", lambda: store.path.stat().st_uid + 1)
    assert not store.is_trusted(told())
    assert "others may write it" in store.problem


def test_a_file_that_is_too_large_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = TrustStore(tmp_path)
    store.trust(told(), WHEN)
    size = store.path.stat().st_size
    monkeypatch.setattr(truststore, "MAX_BYTES", size)
    assert store.is_trusted(told())
    monkeypatch.setattr(truststore, "MAX_BYTES", 2 << 20)
    with store.path.open("a") as file:
        file.write("\n" * (2 << 20))
    assert not store.is_trusted(told())
    assert store.problem == f"{store.path}: is larger than 2 MiB: no deck is trusted"


@posix
def test_a_link_is_not_believed(tmp_path: Path) -> None:
    real, store = TrustStore(tmp_path / "real"), TrustStore(tmp_path / "state")
    real.trust(told(), WHEN)
    (tmp_path / "state").mkdir()
    store.path.symlink_to(real.path)
    assert not store.is_trusted(told())
    assert store.problem.endswith(": no deck is trusted")
    assert store.problem.startswith(f"{store.path}: ")


@posix
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    store = TrustStore(tmp_path)
    os.mkfifo(store.path)
    assert not store.is_trusted(told())
    assert "is not a file" in store.problem


@pytest.mark.parametrize(
    "line",
    [
        b"not json\n", b"[]\n", b"7\n", b"{\n", b"\xff\xfe\n", b"[" * 100_000 + b"\n",
        b'{"v": 1}\n',
        b'{"v": 1, "path": 1, "digest": "d", "when": "w", "lines": []}\n',
        b'{"v": 1, "path": "p", "digest": "d", "when": "w", "lines": [], "files": 7}\n',
        b'{"v": 1, "path": "p", "digest": "d", "when": "w", "lines": [], "files": [["a"]]}\n',
    ],
)  # fmt: skip
def test_a_damaged_file_trusts_nothing(line: bytes, tmp_path: Path) -> None:
    store = TrustStore(tmp_path)
    store.trust(told(), WHEN)
    with store.path.open("ab") as file:
        file.write(line)
    assert not store.is_trusted(told())
    assert store.problem.endswith(": no deck is trusted")
    if line.startswith((b"[", b'{"v"')):
        assert store.problem == f"{store.path}: is damaged: no deck is trusted"


def test_a_file_cut_off_anywhere_trusts_nothing_that_was_not_trusted(tmp_path: Path) -> None:
    store = TrustStore(tmp_path)
    store.trust(told("a.md"), WHEN)
    store.trust(told("b.md"), WHEN)
    whole = store.path.read_bytes()
    trusted = {(one.path, one.digest) for one in store.entries()}
    for end in range(len(whole)):
        store.path.write_bytes(whole[:end])
        store.path.chmod(0o600)
        assert {(one.path, one.digest) for one in store.entries()} <= trusted


def test_lines_of_another_version_are_left_out(tmp_path: Path) -> None:
    store = TrustStore(tmp_path)
    store.trust(told(), WHEN)
    data = store.path.read_bytes()
    store.path.write_bytes(data.replace(b'"v": 1', b'"v": 2') + b"\n")
    assert store.entries() == ()
    assert not store.problem


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    store = TrustStore(tmp_path / "state")
    hint = "(name another folder in PRESENTER_STATE_DIR)"
    for change in (lambda: store.trust(told(), WHEN), lambda: store.revoke("talk.md")):
        with pytest.raises(PresenterError) as refused:
            change()
        assert str(refused.value) == f"{store.path}: cannot be written: File exists {hint}"
    assert not TrustStore(tmp_path / "state").is_trusted(told())


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = TrustStore(tmp_path)
    store.trust(told(), WHEN)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PresenterError, match="No space left"):
        store.trust(told("other.md"), WHEN)
    assert store.is_trusted(told())
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".trust-")]


@posix
def test_changes_at_once_lose_nothing(tmp_path: Path) -> None:
    stores = [TrustStore(tmp_path) for _ in range(8)]
    threads = [
        threading.Thread(target=store.trust, args=(told(f"{n}.md"), WHEN))
        for n, store in enumerate(stores)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert {one.path for one in stores[0].entries()} == {f"{n}.md" for n in range(8)}


def test_long_lists_are_kept_in_part_and_still_decide_as_a_whole(tmp_path: Path) -> None:
    items = tuple(Item("command", f"echo {n} {'x' * 1000}") for n in range(3000))
    store = TrustStore(tmp_path)
    store.trust(Fingerprint("talk.md", items, DIGEST), WHEN)
    (entry,) = store.entries()
    assert len(entry.lines) == 2000
    assert {len(line) for line in entry.lines} == {500}
    assert entry.lines[1999].startswith("command: echo 1999 x")
    assert not store.is_trusted(Fingerprint("talk.md", items[:2000], "b" * 64))
