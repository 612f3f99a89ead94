"""Which file is a demo's recording."""

from __future__ import annotations

from pathlib import Path

import pytest

from presenter.deck.model import Demo, DemoKind
from presenter.recording.lookup import find_recording
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
