from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.settings import Settings, load_settings, nearest, parse_settings
from presenter.talk.health import Thresholds
from presenter.ui.bindings import IDS, KEYS, OVERVIEW_KEYS, PLAYER_KEYS, shown
from presenter.wiring.choices import choose_thresholds


def test_an_absent_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml", IDS) == Settings()


def test_keys_and_theme_are_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('theme = "light"\n[keys]\n"nav.next" = "space , right"\n')
    settings = load_settings(path, IDS)
    assert settings.theme == "light"
    assert settings.keys == {"nav.next": "space,right"}
    assert not settings.problems


@pytest.mark.parametrize(
    ("text", "suspect", "down"),
    [
        ("", 0.75, 1.2),
        ("[health]\nsuspect = 1\ndown = 3.5", 1, 3.5),
        ("[health]\ndown = 0.5", 0.5, 0.5),
        ("[health]\ndown = 5", 0.75, 5),
        ("[health]\nsuspect = 2", 2, 2),
    ],
)
def test_how_long_a_silence_may_be(text: str, suspect: float, down: float) -> None:
    settings = parse_settings(text, "settings.toml", IDS)
    assert not settings.problems
    assert choose_thresholds(settings) == Thresholds(suspect, down)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('them = "light"', "unknown key 'them'; did you mean 'theme'?"),
        ('[keys]\n"nav.nxt" = "x"', "unknown binding 'nav.nxt'; did you mean 'nav.next'?"),
        ('[keys]\n"nav.next" = 3', "'nav.next' wants keys in quotes"),
        ('[keys]\n"nav.next" = "a,,b"', "'nav.next' wants keys in quotes"),
        ('[keys]\n"nav.next" = "spcae"', "unknown key 'spcae'; did you mean 'space'?"),
        ('[keys]\n"nav.next" = "crtl+x"', "unknown key 'crtl+x'"),
        ("keys = 3", "keys must be a table"),
        ("health = 3", "health must be a table"),
        ("[health]\ndwn = 3", "health: unknown key 'dwn'; did you mean 'down'?"),
        ("[health]\ndown = true", "health: 'down' wants seconds"),
        ("[health]\ndown = 0", "health: 'down' wants seconds"),
        ("[health]\ndown = nan", "health: 'down' wants seconds"),
        ('[health]\ndown = "2s"', "health: 'down' wants seconds"),
        ("[health]\ndown = 61", "health: 'down' wants seconds, above 0 and up to 60"),
        ("[health]\nsuspect = 2\ndown = 1", "'suspect' comes before 'down'"),
        ("theme = 3", "theme must be a name in quotes"),
        ("theme = ", "Invalid value"),
        ("theme = " + "[" * 5000, "recursion"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_holds(text: str, said: str) -> None:
    settings = parse_settings(text, "settings.toml", IDS)
    assert len(settings.problems) == 1
    assert settings.problems[0].startswith("settings.toml: ")
    assert said in settings.problems[0]
    assert settings.keys == {}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("?", "question_mark"),
        ("Ctrl+]", "ctrl+right_square_bracket"),
        ("PageDown", "pagedown"),
        ("G", "G"),
        ("+", "plus"),
        ("ctrl++", "ctrl+plus"),
        ("ctrl+shift+F5", "ctrl+shift+f5"),
        ("ä", "ä"),
    ],
)
def test_keys_may_be_written_as_people_do(written: str, name: str) -> None:
    settings = parse_settings(f'[keys]\n"nav.next" = "{written}"', "settings.toml", IDS)
    assert settings == Settings(keys={"nav.next": name})


def test_every_key_of_ours_is_a_known_one() -> None:
    for binding in KEYS:
        settings = parse_settings(f'[keys]\n"{binding.id}" = "{binding.keys}"', "s", IDS)
        assert settings == Settings(keys={binding.id: binding.keys})


def test_the_known_keys_of_a_binding_hold_beside_an_unknown_one() -> None:
    settings = parse_settings('[keys]\n"nav.next" = "x, spcae"', "s", IDS)
    assert settings.keys == {"nav.next": "x"}


def test_a_folder_in_place_of_the_file_is_reported(tmp_path: Path) -> None:
    assert "cannot be read" in load_settings(tmp_path, IDS).problems[0]


@given(st.text())
def test_any_text_gives_settings(text: str) -> None:
    assert isinstance(parse_settings(text, "settings.toml", IDS), Settings)


def test_nearest_says_nothing_where_nothing_is_near() -> None:
    assert nearest("zzz", IDS) == ""


def test_binding_ids_and_keys_are_unique() -> None:
    assert len(set(IDS)) == len(IDS)
    for table in (KEYS, OVERVIEW_KEYS, PLAYER_KEYS):
        keys = [key for binding in table for key in binding.keys.split(",")]
        assert len(set(keys)) == len(keys)


def test_what_clickers_send_is_bound() -> None:
    bound = {key: binding.id for binding in KEYS for key in binding.keys.split(",")}
    assert bound["pagedown"] == "nav.next"
    assert bound["pageup"] == "nav.previous"
    assert bound["b"] == bound["full_stop"] == "view.black"
    assert not {"escape", "f5", "shift+f5", "q"} & set(bound)


def test_keys_are_shown_as_a_person_says_them() -> None:
    assert shown("ctrl+q,space,f12,G") == "Ctrl-Q  Space  F12  G"


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('theme = "light"\n' + "#" * 20_000)
    found = load_settings(path, ())
    assert (found.theme, found.problems) == ("", (f"{path}: larger than 16 KB: not read",))
