"""Pictures: of frames as SVG, PNG and text, and of files as half blocks."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from PIL import Image as Pillow

from presenter.deck.model import Code, Image, Mark, Paragraph, Slide, Span
from presenter.errors import PresenterError
from presenter.layout import png
from presenter.layout.frame import Frame, Line, Size
from presenter.layout.image import find_picture, image_lines
from presenter.layout.paint import paint_png, paint_svg, paint_text
from presenter.layout.stage import compose
from presenter.layout.svg import CELL, color_of
from tests.layout.build import DARK, pane, plain, slide, slides, view

SVG = "{http://www.w3.org/2000/svg}"
SPANS = (Span('<b> & "q" \' '), Span("bold", Mark.BOLD), Span("gone", Mark.STRIKE), Span("界"))


def test_text_is_the_rows_without_blanks_at_their_ends() -> None:
    found = paint_text(compose(view(slide(Code("x")))))
    assert found.count("\n") == 24
    assert found.splitlines()[1] == "      A title"
    assert not any(line.endswith(" ") for line in found.splitlines())


def test_an_svg_puts_each_run_on_the_grid() -> None:
    frame = compose(view(slide(Paragraph(SPANS))))
    root = ElementTree.fromstring(paint_svg(frame, DARK))  # noqa: S314 — our own output
    assert (root.get("width"), root.get("height")) == (str(80 * CELL[0]), str(24 * CELL[1]))
    texts = {element.text: element for element in root.iter(f"{SVG}text")}
    bold = texts["bold"]
    assert bold.get("font-weight") == "bold"
    assert bold.get("textLength") == str(4 * CELL[0])
    assert texts["gone"].get("text-decoration") == "line-through"
    assert any('<b> & "q" \'' in (text or "") for text in texts)


@given(slides)
@settings(max_examples=20, deadline=None)
def test_an_svg_is_well_formed_and_fetches_nothing(shown: Slide) -> None:
    source = paint_svg(compose(view(shown)), DARK)
    root = ElementTree.fromstring(source)  # noqa: S314 — our own output
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ("svg", "rect", "text")
        assert not {"href", "src", "style"} & set(element.attrib)
        assert not any("url(" in value for value in element.attrib.values())


def test_lines_and_blocks_are_rectangles_in_an_svg() -> None:
    frame = compose(view(slide(), 120, 40, pane=pane()))
    source = paint_svg(frame, DARK)
    assert not set("─│╭╮╰╯━█▀▄▌") & set(source)
    assert frame.pane is not None
    x = frame.pane.x * CELL[0] + CELL[0] // 2
    root = ElementTree.fromstring(source)  # noqa: S314 — our own output
    sides = [r for r in root.iter(f"{SVG}rect") if r.get("x") == str(x) and r.get("width") == "1"]
    assert len(sides) == frame.pane.height


def picture_of(frame: Frame) -> Pillow.Image:
    return Pillow.open(BytesIO(paint_png(frame, DARK))).convert("RGB")


def test_a_png_has_the_colours_of_the_frame_and_joined_shapes() -> None:
    frame = compose(view(slide(Code("x = 1", "python")), pane=None))
    picture = picture_of(frame)
    wide, high = picture.width // 80, picture.height // 24
    assert "#{:02x}{:02x}{:02x}".format(*_pixel(picture, 2, 2)) == DARK.page
    bar = next(n for n, row in enumerate(plain(frame.lines)) if "▌ x" in row)
    column = [_pixel(picture, 6 * wide + 1, (bar - 1) * high + y) for y in range(3 * high)]
    assert set(column) == {_rgb(DARK.accent)}, "the bar has no gaps between rows"


def _pixel(picture: Pillow.Image, x: int, y: int) -> tuple[int, ...]:
    found = picture.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def test_borders_of_a_pane_join_in_a_png() -> None:
    frame = compose(view(slide(), 120, 40, pane=pane()))
    picture = picture_of(frame)
    wide, high = picture.width // 120, picture.height // 40
    assert frame.pane is not None
    x = frame.pane.x * wide + wide // 2
    for y in range((frame.pane.y + 1) * high, (frame.pane.y + frame.pane.height - 1) * high):
        assert _pixel(picture, x, y) == _rgb(DARK.border)


def test_without_a_font_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "_asked", lambda name, face: None)
    monkeypatch.setattr(png, "_FOLDERS", ())
    png._monospace.cache_clear()
    with pytest.raises(PresenterError, match=r"no monospace font.*install DejaVu Sans Mono"):
        png._monospace("regular")
    png._monospace.cache_clear()


# --- half blocks ------------------------------------------------------------------------------


def save(path: Path, *rows: str, mode: str = "RGB") -> None:
    """A picture from letters: r, g, b, w and `.` for nothing."""
    colors = {"r": (255, 0, 0), "g": (0, 255, 0), "b": (0, 0, 255), "w": (255, 255, 255)}
    picture = Pillow.new("RGBA", (len(rows[0]), len(rows)))
    for y, row in enumerate(rows):
        for x, letter in enumerate(row):
            if letter in colors:
                picture.putpixel((x, y), (*colors[letter], 255))
    picture.convert(mode).save(path)


def cells(lines: list[Line]) -> list[list[tuple[str, str]]]:
    """For each cell the colours of its upper and lower half."""
    rows = []
    for line in lines:
        row: list[tuple[str, str]] = []
        for segment in line:
            assert set(segment.text) == {"▀"}
            assert segment.style is not None
            colors = (color_of(segment.style.color, ""), color_of(segment.style.bgcolor, ""))
            row += [colors] * len(segment.text)
        rows.append(row)
    return rows


def test_two_pixels_stand_in_a_cell(tmp_path: Path) -> None:
    save(tmp_path / "p.png", "rg", "bw", "ww", "rr")
    lines = image_lines(Image("p.png"), 40, 18, DARK, tmp_path)
    assert cells(lines) == [
        [("#ff0000", "#0000ff"), ("#00ff00", "#ffffff")],
        [("#ffffff", "#ff0000"), ("#ffffff", "#ff0000")],
    ]
    assert len(lines[1]) == 1, "equal cells are one segment"


def test_a_rendering_looks_like_its_picture(tmp_path: Path) -> None:
    """The painted frame beside the picture that it shows, cell by cell."""
    picture = Pillow.new("RGB", (240, 160))
    for y in range(160):
        for x in range(240):
            inside = (x - 160) ** 2 + (y - 60) ** 2 < 2000
            picture.putpixel((x, y), (255, 220, 80) if inside else (x, y, 255 - y))
    picture.save(tmp_path / "p.png")
    lines = image_lines(Image("p.png"), 60, 99, DARK, tmp_path)
    painted = picture_of(Frame(Size(60, len(lines)), lines))
    small = (60, 2 * len(lines))
    wanted, got = picture.resize(small).tobytes(), painted.resize(small).tobytes()
    apart = [abs(a - b) for a, b in zip(wanted, got, strict=True)]
    assert sum(apart) / len(apart) < 6


def test_what_is_transparent_shows_the_page(tmp_path: Path) -> None:
    save(tmp_path / "p.png", "r.", "..", mode="RGBA")
    assert cells(image_lines(Image("p.png"), 40, 18, DARK, tmp_path)) == [
        [("#ff0000", DARK.page), (DARK.page, DARK.page)]
    ]


def test_a_picture_is_turned_as_its_camera_says(tmp_path: Path) -> None:
    picture = Pillow.new("RGB", (40, 20), (255, 0, 0))
    exif = Pillow.Exif()
    exif[0x0112] = 6  # a quarter turn
    picture.save(tmp_path / "p.jpg", exif=exif)
    lines = image_lines(Image("p.jpg"), 20, 99, DARK, tmp_path)
    assert (len(lines[0][0].text), len(lines)) == (20, 20)


@pytest.mark.parametrize(
    ("percent", "columns", "rows"), [(None, 60, 15), (50, 30, 8), (100, 60, 15), (999, 60, 15)]
)
def test_a_picture_keeps_its_shape(
    tmp_path: Path, percent: int | None, columns: int, rows: int
) -> None:
    Pillow.new("RGB", (200, 100), (1, 2, 3)).save(tmp_path / "p.png")
    lines = image_lines(Image("p.png", width_percent=percent), 60, 99, DARK, tmp_path)
    assert sum(segment.cell_length for segment in lines[0]) == columns
    assert len(lines) == rows


def test_a_picture_is_no_higher_than_its_room(tmp_path: Path) -> None:
    Pillow.new("RGB", (10, 400), (1, 2, 3)).save(tmp_path / "p.png")
    assert len(image_lines(Image("p.png", width_percent=100), 60, 18, DARK, tmp_path)) == 16


def test_pictures_come_from_the_decks_root_only(tmp_path: Path) -> None:
    root = tmp_path / "talks"
    folder = root / "slides"
    folder.mkdir(parents=True)
    for path in (tmp_path / "out.png", root / "in.png", folder / "here.png"):
        save(path, "r")
    (folder / "link.png").symlink_to(tmp_path / "out.png")
    assert find_picture("here.png", folder) == folder / "here.png"
    assert find_picture("../in.png", folder) == root / "in.png"
    for source in ("../../out.png", "link.png", str(tmp_path / "out.png"), "", "\0", "a\ud800",
                   "https://example.org/x.png", "data:image/png;base64,xx", "."):  # fmt: skip
        assert find_picture(source, folder) is None, source


def test_only_slides_may_lie_below_the_root(tmp_path: Path) -> None:
    folder = tmp_path / "talk"
    folder.mkdir()
    save(tmp_path / "out.png", "r")
    assert find_picture("../out.png", folder) is None


def test_an_address_is_no_file(tmp_path: Path) -> None:
    for source in ("https://example.org/x.png", "data:x.png"):
        path = tmp_path / source
        path.parent.mkdir(parents=True, exist_ok=True)
        save(path, "r")
        assert find_picture(source, tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_a_damaged_picture_leaves_a_box_that_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p.png").write_bytes(content)
    found = plain(image_lines(Image("p.png", "A cat"), 60, 18, DARK, tmp_path))
    assert found[1].startswith("│ A cat")
    assert found[2].startswith("│ picture: ")


def test_a_changed_picture_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    save(path, "r", "r")
    first = cells(image_lines(Image("p.png"), 40, 18, DARK, tmp_path))
    save(path, "g", "g")
    os.utime(path, ns=(1, 1))
    assert cells(image_lines(Image("p.png"), 40, 18, DARK, tmp_path)) != first


def test_a_huge_picture_is_not_decoded(tmp_path: Path) -> None:
    Pillow.new("1", (10_000, 10_000)).save(tmp_path / "p.png")
    found = plain(image_lines(Image("p.png", "big"), 60, 18, DARK, tmp_path))
    assert "picture:" in found[2]


def test_a_frame_of_any_size_can_be_painted() -> None:
    frame = Frame(Size(1, 1), [[*compose(view(slide(), 1, 1)).lines[0]]])
    assert picture_of(frame).height == png.HEIGHT
