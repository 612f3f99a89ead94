"""Which file is a demo's recording."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from presenter.deck.model import Demo, DemoKind
from presenter.deck.paths import PathRefused
from presenter.recording.lookup import find_recording, is_writable, new_recording
from tests.recording.demos import demo


def put(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


def find(root: Path, wanted: Demo, *, directory: str = "", user: Path | None = None) -> str | None:
    found = find_recording(root, "talk", directory, wanted, "linux", user)
    return None if found is None else str(found.relative_to(root))


def test_the_more_exact_name_goes_first(tmp_path: Path) -> None:
    names = ["pods.linux.cast", "pods.linux.cast.gz", "pods.cast", "pods.cast.gz"]
    put(tmp_path, *(f"recordings/talk/{name}" for name in names), "recordings/talk/pods.macos.cast")
    for name in names:
        assert find(tmp_path, demo()) == f"recordings/talk/{name}"
        (tmp_path / "recordings/talk" / name).unlink()
    assert find(tmp_path, demo()) is None


def test_a_variant_for_another_system_keeps_its_own_recording(tmp_path: Path) -> None:
    put(tmp_path, "recordings/talk/pods.windows.cast", "recordings/talk/pods.linux.cast")
    assert find(tmp_path, demo(os="windows")) == "recordings/talk/pods.windows.cast"


def test_the_front_matter_names_another_folder(tmp_path: Path) -> None:
    put(tmp_path, "recordings/talk/pods.cast", "recordings/other/pods.cast")
    assert find(tmp_path, demo(), directory="other") == "recordings/other/pods.cast"


def test_another_decks_recording(tmp_path: Path) -> None:
    put(tmp_path, "recordings/talk/pods.cast", "recordings/istio-101/install.cast")
    wanted = demo(recording="istio-101/install", os="linux")
    assert find(tmp_path, wanted) == "recordings/istio-101/install.cast"


def test_the_users_folder_comes_last(tmp_path: Path) -> None:
    root, user = tmp_path / "deck", tmp_path / "user"
    put(user, "talk/pods.linux.cast")
    assert find_recording(root, "talk", "", demo(), "linux", user) == (
        user / "talk/pods.linux.cast"
    )
    put(root, "recordings/talk/pods.cast")
    assert find_recording(root, "talk", "", demo(), "linux", user) == (
        root / "recordings/talk/pods.cast"
    )


def test_the_users_folder_comes_first_where_the_deck_is_read_only(tmp_path: Path) -> None:
    root, user = tmp_path / "deck", tmp_path / "user"
    put(user, "talk/pods.cast")
    put(root, "recordings/talk/pods.cast", "recordings/talk/other.cast")

    def found(name: str) -> Path | None:
        wanted = demo(name=name)
        return find_recording(root, "talk", "", wanted, "linux", user, user_first=True)

    assert found("pods") == user / "talk/pods.cast"
    assert found("other") == root / "recordings/talk/other.cast"


def test_a_recording_for_no_system_in_particular(tmp_path: Path) -> None:
    put(tmp_path, "recordings/talk/pods.cast", "recordings/talk/pods..cast")
    found = find_recording(tmp_path, "talk", "", demo(), "")
    assert found == tmp_path / "recordings/talk/pods.cast"


def test_only_commands_and_casts_have_recordings(tmp_path: Path) -> None:
    put(tmp_path, "recordings/talk/pods.cast")
    assert find(tmp_path, demo(kind=DemoKind.HTTP)) is None


@pytest.mark.parametrize(
    ("recording", "found"),
    [
        ("other", "recordings/talk/other.cast"),
        ("deep/er/other", "recordings/deep/er/other.cast"),
    ],
)
def test_a_demo_that_plays_another_ones_recording(
    tmp_path: Path, recording: str, found: str
) -> None:
    put(tmp_path, found, "recordings/front/other.cast")
    assert find(tmp_path, demo(recording=recording)) == found
    if recording == "other":
        named = find(tmp_path, demo(recording=recording), directory="front")
        assert named == "recordings/front/other.cast"


@pytest.mark.parametrize(
    ("there", "system", "written"),
    [
        ((), "", "pods.cast"),
        ((), "windows", "pods.windows.cast"),
        (("pods.cast",), "", "pods.cast"),
        (("pods.cast.gz",), "", "pods.cast"),
        (("pods.linux.cast", "pods.cast"), "", "pods.linux.cast"),
        (("pods.linux.cast",), "windows", "pods.windows.cast"),
        (("pods.cast",), "windows", "pods.cast"),
    ],
)
def test_a_new_recording_takes_the_place_of_the_one_that_is_used(
    tmp_path: Path, there: tuple[str, ...], system: str, written: str
) -> None:
    put(tmp_path, *(f"talk/{name}" for name in there))
    assert new_recording(tmp_path, "talk", demo(os=system), "linux") == tmp_path / "talk" / written


@pytest.mark.parametrize(("folder", "name"), [("../out", "pods"), ("talk", "../../pods")])
def test_a_new_recording_is_never_written_outside(tmp_path: Path, folder: str, name: str) -> None:
    root = tmp_path / "recordings"
    put(root, "talk/x.cast")
    with pytest.raises(PathRefused, match="leads out"):
        new_recording(root, folder, demo(name=name), "linux")


def test_whether_a_file_can_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "file")
    assert is_writable(tmp_path)
    assert is_writable(tmp_path / "not" / "there" / "yet")
    assert not is_writable(tmp_path / "file")
    assert not is_writable(tmp_path / "file" / "below")
    asked: list[tuple[Path, int]] = []

    def access(path: Path, mode: int) -> bool:
        asked.append((path, mode))
        return False

    monkeypatch.setattr("os.access", access)
    assert not is_writable(tmp_path / "new")
    assert asked == [(tmp_path, os.W_OK)]


def test_a_cast_block_names_its_file(tmp_path: Path) -> None:
    put(tmp_path, "recordings/x.cast", "slides/beside.cast")
    deck = tmp_path / "slides" / "talk.md"
    cast = DemoKind.CAST
    assert find(tmp_path, demo(kind=cast, recording="recordings/x.cast", file=deck)) == (
        "recordings/x.cast"
    )
    beside = find(tmp_path, demo(kind=cast, recording="beside.cast", file=deck))
    assert beside == "slides/beside.cast"
    assert find(tmp_path, demo(kind=cast, recording="no.cast", file=deck)) is None


@pytest.mark.parametrize("name", ["../secret", "/secret", "..", "", "a/../../../secret"])
def test_no_name_leads_out_of_the_decks_folder(tmp_path: Path, name: str) -> None:
    put(tmp_path, "secret.cast", "deck/recordings/talk/x.cast")
    root = tmp_path / "deck"
    deck = root / "talk.md"
    assert find(root, demo(name=f"../../{name}")) is None
    assert find(root, demo(recording=f"../../{name}")) is None
    assert find(root, demo(), directory=f"../../{name}") is None
    cast = demo(kind=DemoKind.CAST, recording=f"{name}.cast", file=deck)
    assert find(root, cast) is None


def test_a_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "secret.cast")
    root = tmp_path / "deck"
    (root / "recordings/talk").mkdir(parents=True)
    (root / "recordings/talk/pods.cast").symlink_to(tmp_path / "secret.cast")
    assert find(root, demo()) is None


def test_a_demo_of_requests_has_a_har(tmp_path: Path) -> None:
    put(tmp_path, "recordings/talk/pods.cast", "recordings/talk/pods.har")
    wanted = replace(demo(), kind=DemoKind.HTTP)
    assert find(tmp_path, wanted) == "recordings/talk/pods.har"
    root = tmp_path / "recordings"
    assert new_recording(root, "talk", wanted, "linux") == root / "talk" / "pods.har"
    assert new_recording(root, "new", wanted, "linux") == root / "new" / "pods.har"
