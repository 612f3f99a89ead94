"""Files of the program's state: not believed where others may have written them, replaced whole."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from presenter.demo.ownfile import read_own, replace_own

posix = pytest.mark.skipif(not hasattr(os, "getuid"), reason="no owners and modes here")


@posix
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o400])
def test_what_only_the_user_may_write_is_read(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "own"
    path.write_bytes(b"x" * 10)
    path.chmod(mode)
    assert read_own(path, 10) == b"x" * 10


@pytest.mark.parametrize(
    ("most", "said"),
    [(9, "0 KiB"), (3 << 10, "3 KiB"), ((1 << 20) - 1, "1023 KiB"), (1 << 20, "1 MiB")],
)
def test_what_is_too_large_is_said_with_what_may_be(tmp_path: Path, most: int, said: str) -> None:
    path = tmp_path / "own"
    path.write_bytes(b"x" * (most + 1))
    with pytest.raises(ValueError, match=f"^is larger than {said}$"):
        read_own(path, most)


@posix
def test_what_is_no_file_of_the_users_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "own"
    with pytest.raises(FileNotFoundError):
        read_own(path, 10)
    os.mkfifo(path)
    with pytest.raises(ValueError, match=r"^is not a file$"):
        read_own(path, 10)
    path.unlink()
    path.write_bytes(b"x")
    path.chmod(0o620)
    with pytest.raises(ValueError, match=r"^others may write it$"):
        read_own(path, 10)


def test_a_file_is_replaced_from_within_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    path = tmp_path / "folder" / "own.jsonl"
    path.parent.mkdir()
    path.write_bytes(b"old")
    moved: list[tuple[str, bytes]] = []
    replace = os.replace

    def watched(source: str, target: Path) -> None:
        moved.append((source, target.read_bytes()))
        replace(source, target)

    monkeypatch.setattr(os, "replace", watched)
    replace_own(path, b"new")
    assert path.read_bytes() == b"new"
    ((source, before),) = moved
    assert before == b"old"
    assert Path(source).parent == path.parent
    assert Path(source).name.startswith(".own-")
    assert [one.name for one in path.parent.iterdir()] == ["own.jsonl"]


def test_a_write_that_fails_leaves_the_old_file_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "own"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        for left in tmp_path.glob(".own-*"):
            left.unlink()  # somebody has tidied up meanwhile
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        replace_own(path, b"new")
    assert path.read_bytes() == b"old"
