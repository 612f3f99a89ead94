"""What a deck may name: only files below its root, whatever is written and wherever links lead."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.deck import named, paths
from presenter.deck.deck import open_deck
from presenter.deck.model import DemoKind
from presenter.deck.named import FileRefused, hash_file, named_files
from presenter.deck.paths import PathRefused, deck_root, inside, read_text
from presenter.errors import DeckError
from tests.deck.decks import errors, make, warnings


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deck's root with files, links and a pipe, and what must not be reached outside of it."""
    outside = tmp_path_factory.mktemp("outside")
    root = outside / "deck"
    (root / "parts" / "more").mkdir(parents=True)
    for path in (root / "a.md", root / "parts" / "b.md", outside / "secret", outside / "deck2"):
        path.write_text(path.name)
    (root / "up").symlink_to(outside)
    (root / "out").symlink_to(outside / "secret")
    (root / "parts" / "home").symlink_to(root)
    (root / "parts" / "loop").symlink_to(root / "parts" / "loop")
    os.mkfifo(root / "pipe")
    return root


PARTS = st.sampled_from(
    ["..", ".", "", "a.md", "parts", "b.md", "more", "up", "out", "home", "loop", "secret", "deck",
     "deck2", "~", "C:", "\\\\host", "none"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=8), st.sampled_from("/\\"), st.sampled_from(["", "parts"]))
def test_no_path_leads_out(place: Path, parts: list[str], separator: str, base: str) -> None:
    try:
        found = inside(place, place / base, separator.join(parts))
    except PathRefused:
        return
    assert found.resolve().is_relative_to(place)
    assert not found.exists() or "secret" not in found.resolve().parts


@pytest.mark.parametrize(
    ("base", "written", "found"),
    [
        ("", "a.md", "a.md"),
        ("", "parts/b.md", "parts/b.md"),
        ("parts", "../a.md", "parts/../a.md"),
        ("parts", "home/a.md", "parts/home/a.md"),
        ("", "parts", "parts"),
        ("", ".", ""),
        ("", "none/yet.md", "none/yet.md"),
        ("", "x" * 200, "x" * 200),
        ("", "/".join(["abcd"] * 205), "/".join(["abcd"] * 205)),  # as long as may be
    ],
)
def test_what_may_be_named(place: Path, base: str, written: str, found: str) -> None:
    assert inside(place, place / base, written) == place / found


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "the path is empty"),
        ("a\0b", "the path holds a NUL"),
        ("abcd/" * 205, "the path is longer than 1024 characters"),
        ("/etc/passwd", "`/etc/passwd` is absolute: write it relative to the deck"),
        ("C:x", "`C:x` is absolute: write it relative to the deck"),
        ("\\x", "`\\x` is absolute: write it relative to the deck"),
        ("..", "`..` leads out of the deck's folder"),
        ("../deck2", "`../deck2` leads out of the deck's folder"),
        ("up", "`up` leads out of the deck's folder"),
        ("out", "`out` leads out of the deck's folder"),
        ("pipe", "`pipe` is no ordinary file"),
    ],
)
def test_what_is_refused_and_why(place: Path, written: str, reason: str) -> None:
    with pytest.raises(PathRefused) as refused:
        inside(place, place, written)
    assert str(refused.value) == reason


def test_a_file_system_that_fails_refuses(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(path: Path) -> Path:
        raise OSError("Input/output error")

    monkeypatch.setattr(Path, "resolve", fails)
    with pytest.raises(PathRefused) as refused:
        inside(place, place, "a.md")
    assert str(refused.value) == "`a.md` cannot be resolved: Input/output error"


def test_a_root_reached_by_a_link_holds_its_files(place: Path, tmp_path: Path) -> None:
    link = tmp_path / "talks"
    link.symlink_to(place)
    assert inside(link, link, "a.md") == link / "a.md"


def test_the_root_is_the_decks_folder_or_the_one_above_slides(tmp_path: Path) -> None:
    assert deck_root(tmp_path / "talk.md") == tmp_path
    assert deck_root(tmp_path / "slides" / "talk.md") == tmp_path
    assert deck_root(tmp_path / "slides" / "more" / "talk.md") == tmp_path / "slides" / "more"
    assert deck_root(Path("talk.md")) == Path.cwd()


# --- reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a\nb", "a\nb"),
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
        (b"\xef\xbb\xbfa\xc3\xa9", "aé"),
        (b"", ""),
    ],
)
def test_text_is_read_with_one_sort_of_line_ends(tmp_path: Path, data: bytes, text: str) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(data)
    read = read_text(path, "a.md")
    assert (read.data, read.text) == (data, text)


def test_what_cannot_be_read_is_said_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> tuple[str, str]:
        with pytest.raises(DeckError) as error:
            read_text(path, "deck.md")
        return error.value.message, error.value.hint

    monkeypatch.setattr(paths, "MAX_BYTES", 10)
    path = tmp_path / "a.md"
    assert refused(path) == ("deck.md: no such file", "check the path")
    assert refused(tmp_path) == ("deck.md: is a folder", "name the deck's Markdown file")
    assert refused(Path("a\0")) == ("deck.md: cannot be read: embedded null byte", "")
    too_long = tmp_path / ("x" * 300)
    assert refused(too_long) == ("deck.md: cannot be read: File name too long", "")
    path.write_bytes(b"x" * 10)
    assert read_text(path, "deck.md").text == "x" * 10
    path.write_bytes(b"x" * 11)
    hint = "split the deck, or move images out of it"
    assert refused(path) == ("deck.md: larger than 5 MB", hint)
    for before, offset in ((b"", 2), (b"\xef\xbb\xbf", 5)):
        path.write_bytes(before + b"ab\xff")
        assert refused(path) == (f"deck.md: not UTF-8 text at byte {offset}", "save it as UTF-8")


# --- the files that commands name --------------------------------------------------------------


def names(root: Path, *texts: str, folder: str = "") -> list[str]:
    return [name for name, _ in named_files(texts, root, root / folder)]


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    for name in ("a.sh", "b.sh", "lib/c.sh", "lib/deep/d.sh", "a z.sh", "slides/s.sh", "out.txt"):
        path = tmp_path / "deck" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "e.sh").write_text("outside")
    (tmp_path / "deck" / "link.sh").symlink_to(tmp_path / "e.sh")
    (tmp_path / "deck" / "same.sh").symlink_to(tmp_path / "deck" / "a.sh")
    return tmp_path / "deck"


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("./a.sh", ["a.sh"]),
        ("bash a.sh && sh b.sh|cat", ["a.sh", "b.sh"]),
        ("cat <a.sh >b.sh", ["a.sh"]),
        ("cat a.sh >> b.sh; cat lib/c.sh", ["a.sh", "lib/c.sh"]),
        ("echo x > 'out.txt'; cat out.txt", []),
        ("cat out.txt 2>&1", ["out.txt"]),
        ("$PWD/a.sh ${HERE}/b.sh", ["a.sh", "b.sh"]),
        ("X=a.sh", ["a.sh"]),
        ("sh 'a z.sh'", ["a z.sh"]),
        ("sh a\\ z.sh", ["a z.sh"]),
        ('sh "a.sh"', ["a.sh"]),
        ("cd lib && ./c.sh", ["lib/c.sh"]),
        ("cd lib\ncd deep\n./d.sh", ["lib/deep/d.sh"]),
        ("pushd 'lib'; sh c.sh", ["lib/c.sh"]),
        ("./c.sh", []),
        ("cd ..; ./e.sh", []),
        ("../e.sh link.sh /etc/hostname", []),
        ("same.sh", ["a.sh"]),
        ("lib", []),
        ("./" + "x" * 300, []),
        ("a\0b.sh", []),
        ("slides/s.sh", ["slides/s.sh"]),
    ],
)
def test_the_files_that_a_command_names(scripts: Path, command: str, found: list[str]) -> None:
    assert names(scripts, command) == found


def test_names_count_from_the_root_and_from_the_decks_folder(scripts: Path) -> None:
    assert names(scripts, "./s.sh ./a.sh", folder="slides") == ["a.sh", "slides/s.sh"]
    assert names(scripts, "./s.sh") == []
    assert names(scripts, "cd lib", "./c.sh") == ["lib/c.sh"]
    assert names(scripts, "echo x > a.sh", "sh a.sh b.sh") == ["b.sh"]


def test_a_file_is_told_by_its_digest(scripts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = hashlib.sha256(b"a.sh").hexdigest()
    assert named_files(["./a.sh"], scripts, scripts) == (("a.sh", digest),)
    monkeypatch.setattr(named, "MAX_FILE", 4)
    assert hash_file(scripts / "a.sh", "a.sh") == digest
    monkeypatch.setattr(named, "MAX_FILE", 3)
    with pytest.raises(FileRefused, match=r"^a\.sh is larger than 0 MiB$"):
        hash_file(scripts / "a.sh", "a.sh")


def test_a_file_that_cannot_be_hashed_says_why(scripts: Path) -> None:
    os.mkfifo(scripts / "pipe")
    for path, reason in (
        (scripts / "pipe", "it is no file any more"),
        (scripts / "lib", "it cannot be read: Is a directory"),
        (scripts / "gone", "it cannot be read: No such file or directory"),
    ):
        with pytest.raises(FileRefused) as refused:
            hash_file(path, "it")
        assert str(refused.value) == reason


def test_a_deck_may_name_so_many_files(scripts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(named, "MAX_FILES", 2)
    assert names(scripts, "cat a.sh b.sh a.sh") == ["a.sh", "b.sh"]
    with pytest.raises(FileRefused, match=r"^its commands name more than 2 files$"):
        names(scripts, "cat a.sh b.sh", "cat lib/c.sh")
    monkeypatch.setattr(named, "MAX_FILE", 3 << 20)
    with (scripts / "b.sh").open("wb") as file:
        file.truncate((3 << 20) + 1)
    with pytest.raises(FileRefused, match=r"^b\.sh is larger than 3 MiB$"):
        names(scripts, "cat b.sh")


def test_folders_that_commands_go_to_are_followed_up_to_a_limit(
    scripts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named, "MAX_FOLDERS", 3)
    assert names(scripts, "cd lib; cd lib/deep; ./c.sh; ./d.sh", folder="slides") == ["lib/c.sh"]
    monkeypatch.setattr(named, "MAX_FOLDERS", 4)
    found = names(scripts, "cd lib; cd lib/deep; ./c.sh; ./d.sh", folder="slides")
    assert found == ["lib/c.sh", "lib/deep/d.sh"]


# --- includes and recordings -------------------------------------------------------------------


def test_an_include_is_seen_from_the_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "one.md").write_text('One\n\n<!-- include: "../two.md" -->\n')
    (tmp_path / "two.md").write_text("---\ntitle: x\n---\nTwo\n")
    deck = make(tmp_path, "<!-- include: parts/one.md -->\n")
    assert "Two" in str(deck.slide(0).blocks)
    assert errors(deck) == ["front matter of an included file has no effect"]
    (problem,) = deck.problems()
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == (str(tmp_path / "two.md"), 1)


def test_includes_may_lie_eight_deep(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"{number}.md").write_text(f"<!-- include: {number + 1}.md -->\n")
    (tmp_path / "7.md").write_text("# The last\n")
    deck = make(tmp_path, "<!-- include: 0.md -->\n")
    assert errors(deck) == []
    (tmp_path / "7.md").write_text("<!-- include: 8.md -->\n")
    (tmp_path / "8.md").write_text("# One more\n")
    assert errors(make(tmp_path, "<!-- include: 0.md -->\n")) == [
        "include: `8.md` is more than 8 includes deep"
    ]


def test_an_include_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"\xff")
    told = errors(make(tmp_path, "<!-- include: .//bad.md -->\n"))
    assert told == [f"include: {tmp_path / 'bad.md'}: not UTF-8 text at byte 0"]


def test_slidevs_includes_begin_at_the_decks_folder_with_a_slash(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.md").write_text("# From a\n\n---\nsrc: ./b.md#2,5-7\n---\n")
    (tmp_path / "pages" / "b.md").write_text("# From b\n\n---\nsrc: /c.md\n---\n")
    (tmp_path / "c.md").write_text("---\nlayout: x\n---\n\n# From c\n")
    text = "---\ntheme: seriph\n---\n\n# Talk\n\n---\nsrc: ./pages/a.md\n---\n"
    deck = make(tmp_path, text)
    told = "".join(str(deck.slide(index).blocks) for index in range(len(deck)))
    assert all(f"From {name}" in told for name in "abc")
    assert errors(deck) == []
    (tmp_path / "slides").mkdir()
    outside = text.replace("./pages/a.md", "/../../secret.md")
    assert "leads out" in errors(make(tmp_path, outside, "slides/talk.md"))[0]


def test_too_many_and_too_large_includes_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from presenter.deck import source

    for name in "abc":
        (tmp_path / f"{name}.md").write_text("x" * 100)
    text = "".join(f"<!-- include: {name}.md -->\n\n" for name in "abc")
    assert errors(make(tmp_path, text)) == []
    monkeypatch.setattr(source, "MAX_FILES", 3)
    assert errors(make(tmp_path, text)) == ["include: more than 3 included files"]
    monkeypatch.setattr(source, "MAX_FILES", 200)
    size = len(text) + 200
    monkeypatch.setattr(source, "MAX_BYTES", size / 4)
    assert errors(make(tmp_path, text)) == [
        "include: the deck and its includes are larger than 20 MB"
    ]
    monkeypatch.setattr(source, "MAX_BYTES", (size + 100) / 4)
    assert errors(make(tmp_path, text)) == []


@pytest.mark.parametrize(
    ("written", "recording"),
    [
        ("x.cast", "slides/x.cast"),
        ("./y.cast", "y.cast"),
        ("../z.cast", "z.cast"),
    ],
)
def test_a_cast_block_names_a_file_below_the_root(
    tmp_path: Path, written: str, recording: str
) -> None:
    (tmp_path / "slides").mkdir()
    for name in ("slides/x.cast", "x.cast", "y.cast", "z.cast"):
        (tmp_path / name).write_text("")
    deck = make(tmp_path, f"```cast\npath: {written}\n```\n", "slides/talk.md")
    (demo,) = deck.slide(0).demos
    assert (demo.kind, demo.recording) == (DemoKind.CAST, recording)
    assert deck.problems() == ()


def test_a_cast_block_says_what_is_wrong_and_where(tmp_path: Path) -> None:
    def told(body: str) -> list[tuple[str, int]]:
        path = tmp_path / "slides" / "talk.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"```cast\n{body}\n```\n")
        found = open_deck(path, "linux").problems()
        return [(one.message, one.place.line) for one in found if one.place is not None]

    (tmp_path / "x.cast").write_text("")
    assert told("path: ''") == [("cast: needs `path:` with the recording's file", 2)]
    assert told("path: 3") == [("cast: needs `path:` with the recording's file", 2)]
    assert told("path: x.cast\npth: 1") == [("cast: unknown key `pth` (did you mean `path`?)", 3)]
    assert told("# one\n\npath: ../../x.cast") == [
        ("cast: `../../x.cast` leads out of the deck's folder", 4)
    ]
    assert told("# one\npath: no.cast") == [("cast: no file `no.cast`", 3)]
    ((message, line),) = told("path: x.cast\n\nother: [")
    assert message.startswith("cast: ")
    assert message != "cast: None"
    assert line == 4
    assert told("path: up/../../../y.cast") == [
        ("cast: `up/../../../y.cast` leads out of the deck's folder", 2)
    ]


def test_a_cast_that_is_not_there_yet_is_expected_below_the_root(tmp_path: Path) -> None:
    deck = make(tmp_path, "```cast\npath: new.cast\n```\n", "slides/talk.md")
    (demo,) = deck.slide(0).demos
    assert demo.recording == "new.cast"
    assert warnings(deck) == ["cast: no file `new.cast`"]
