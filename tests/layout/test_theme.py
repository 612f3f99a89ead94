"""Every text can be read: contrast in every theme, at every depth of colour."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.segment import Segment

from presenter.deck.model import (
    Align,
    Code,
    Column,
    Columns,
    Failure,
    Heading,
    Image,
    ListBlock,
    ListItem,
    Mark,
    Note,
    Paragraph,
    Problem,
    Quote,
    Rule,
    Severity,
    Span,
    Table,
    TableRow,
    TitleBlock,
)  # fmt: skip
from presenter.errors import PresenterError
from presenter.layout import testcard
from presenter.layout.depth import for_depth, xterm_color, xterm_index
from presenter.layout.frame import Badge, Frame, Size
from presenter.layout.notes import notes_lines
from presenter.layout.overview import overview
from presenter.layout.pane import cell_style, pane_rows
from presenter.layout.stage import compose
from presenter.layout.svg import color_of
from presenter.layout.theme import (
    BACKGROUNDS,
    THEMES,
    XTERM_16,
    Depth,
    Theme,
    contrast,
    next_theme,
    readable,
    theme,
)  # fmt: skip
from presenter.terminal.emulator import CellStyle, Cursor
from tests.layout.build import META, PLACE, bare, item, pane, paragraph, slide, text, view

DEPTHS: tuple[Depth, ...] = ("truecolor", "256", "16")
ALL = [
    pytest.param(for_depth(found, depth), id=f"{name}-{depth}")
    for name, found in THEMES.items()
    for depth in DEPTHS
]
CODE = '''class Pod(Base):  # a comment
    """Doc."""
    @property
    def name(self) -> str:
        return f"{self.x}" + 'a' if 1 < 0x2 else None
'''


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")


@pytest.mark.parametrize("shown", ALL)
def test_every_pair_of_text_and_background_can_be_read(shown: Theme) -> None:
    low = [
        (role, on, round(contrast(front, back), 2))
        for role, on, front, back in shown.text_pairs()
        if contrast(front, back) < (4.5 if role == "dim" else 7)
    ]
    assert not low


@pytest.mark.parametrize("shown", ALL)
def test_lines_that_are_not_text_can_be_seen(shown: Theme) -> None:
    assert all(contrast(shown.border, shown.color(on)) >= 3 for on in BACKGROUNDS)


@pytest.mark.parametrize("shown", ALL)
def test_the_sixteen_colours_of_a_pane_can_be_read_on_its_page(shown: Theme) -> None:
    assert len(shown.palette) == 16
    for number in range(16):
        style = cell_style(CellStyle(foreground=number), shown)
        front, back = color_of(style.color, ""), color_of(style.bgcolor, "")
        assert back == shown.page
        assert contrast(front, back) >= 4.5


def everything(shown: Theme) -> list[Frame]:
    """Frames with every kind of text that the renderer makes."""
    marks = [Mark.BOLD, Mark.ITALIC, Mark.STRIKE, Mark.CODE, Mark.UNDERLINE, Mark.SUPERSCRIPT]
    spans = tuple(Span(f"{mark.name} ", mark) for mark in marks)
    spans += (Span("link", href="x"), Span("code link", Mark.CODE, href="x"))
    alerts = [Quote((Paragraph(spans),), kind) for kind in
              ("", "note", "tip", "important", "warning", "caution")]  # fmt: skip
    stepped = Code(CODE, "python", (frozenset({2}),), (0,), line_numbers=True)
    problem = Problem(PLACE, Severity.ERROR, "wrong")
    table = Table(
        (text("h"), text("n")), (TableRow((spans, text("1"))),), (Align.LEFT, Align.RIGHT)
    )
    shots = [
        slide(Paragraph(spans), Heading(1, spans), Heading(3, spans), table, Rule()),
        slide(*alerts),
        slide(stepped, Code(CODE, "python"), Code(CODE * 2, "python", background=False)),
        slide(Code("$ ls\n# no\nout -1 'x'\n", "console"), Code("a: 1 # b\n- c: 'd'\n", "yaml")),
        slide(Code('{"a": [1, true]}', "json"), Code("<b a='1'>&amp;</b>", "html")),
        slide(Failure(problem, "source"), Image("no.png", "alt"), Columns((Column(1, (table,)),))),
        slide(ListBlock((ListItem((paragraph("x"),), checked=True), ListItem((), checked=False),
              item("y", ListBlock((item("z"),), ordered=True))))),
        bare(TitleBlock("Talk", "sub", ("Ada",), "event", "where", "when")),
        slide(),
        slide(*[paragraph("more")] * 30),
    ]  # fmt: skip
    frames = [compose(replace(view(shot, 100, 40), theme=shown)) for shot in shots]
    frames += [compose(replace(view(shot, 60, 14), theme=shown, scroll=3)) for shot in shots]
    frames.append(compose(replace(view(shots[0]), theme=shown, message="waiting")))
    frames.append(compose(replace(view(shots[0], 30, 9), theme=shown)))
    badges = [Badge("●", "live", role) for role in ("muted", "accent", "ok", "warn", "error")]
    screen = pane(30, cursor=Cursor(2, 1, True))
    for badge in badges:
        lines = pane_rows(replace(screen, badge=badge, above=3), 90, 10, shown)
        frames.append(Frame(Size(90, 10), lines))
    titles = ["a", "b", "c"]
    frames.append(overview(lambda n: shots[n], titles, 1, Size(80, 24), shown).frame)
    notes = (
        Note("# H\n**b** `c` *i* ~~s~~ [l](u)\n- x\n  1. z\n- [x] d\n\n> q\n\n|a|\n|-|\n|`b`|"),
        Note("```python\nif x: return 'y'  # 3\n```"),
        Note("now", 1),
        Note("later", 2),
    )
    noted = list(notes_lines(notes, 1, 60, shown).lines)
    frames.append(Frame(Size(60, len(noted)), noted))
    return frames


def visible(segment: Segment) -> bool:
    """Whether a segment shows text: bars, lines and blocks are shapes."""
    return any(not 0x2500 <= ord(character) <= 0x259F for character in segment.text.strip())


@pytest.mark.parametrize("shown", ALL)
def test_the_renderer_makes_no_pair_that_the_theme_does_not_list(shown: Theme) -> None:
    listed = {(front, back) for _, _, front, back in shown.text_pairs()}
    found = set()
    for frame in everything(shown):
        for line in frame.lines:
            for segment in filter(visible, line):
                style = segment.style
                assert style is not None
                found.add((color_of(style.color, ""), color_of(style.bgcolor, "")))
    assert found <= listed


def test_themes_follow_one_another_in_a_ring() -> None:
    names = list(THEMES)
    assert [next_theme(name) for name in names] == [*names[1:], names[0]]
    assert next_theme("no such theme") == names[0]


def test_an_unknown_theme_names_the_nearest() -> None:
    with pytest.raises(PresenterError, match="did you mean light"):
        theme("ligth")
    with pytest.raises(PresenterError, match="the themes are dark, light, contrast"):
        theme("zzz")


@pytest.mark.parametrize("shown", [p for p in ALL if "256" in str(p.id)])
def test_256_colours_are_taken_from_the_fixed_ones(shown: Theme) -> None:
    assert all(xterm_index(color) is not None for _, color in shown.colors())
    style = shown.style("text", "panel")
    assert style.color is not None
    assert (style.color.number or 0) >= 16
    assert shown.page != shown.panel, "a block of code can still be told from the page"


@pytest.mark.parametrize("shown", [p for p in ALL if "-16" in str(p.id)])
def test_16_colours_are_written_as_the_terminals_own(shown: Theme) -> None:
    for role, number in shown.ansi:
        style = shown.style(role)
        assert style.color is not None
        assert style.color.number is not None
        assert XTERM_16[style.color.number] == XTERM_16[number]


def test_xterms_colours_have_xterms_values() -> None:
    assert xterm_color(16) == "#000000"
    assert xterm_color(67) == "#5f87af"
    assert xterm_color(231) == "#ffffff"
    assert xterm_color(244) == "#808080"


def test_a_colour_is_moved_only_as_far_as_it_must() -> None:
    assert readable("#ffffff", "#000000", "#ffffff", 7) == "#ffffff"
    moved = readable("#333333", "#000000", "#ffffff", 7)
    assert 7 <= contrast(moved, "#000000") < 9


@pytest.mark.parametrize("number", range(16))
@pytest.mark.parametrize("name", THEMES)
def test_palette_colours_can_be_read_on_palette_backgrounds(name: str, number: int) -> None:
    for back in (None, *range(16)):
        style = cell_style(CellStyle(foreground=number, background=back), THEMES[name])
        assert contrast(color_of(style.color, ""), color_of(style.bgcolor, "")) >= 4.5


def test_a_programs_own_colours_stay_as_they_are() -> None:
    style = cell_style(CellStyle(foreground=(1, 2, 3), background=(4, 5, 6)), THEMES["dark"])
    assert (color_of(style.color, ""), color_of(style.bgcolor, "")) == ("#010203", "#040506")
    style = cell_style(CellStyle(foreground=208, inverse=True), THEMES["dark"])
    assert color_of(style.bgcolor, "") == "#ff8700"


def test_the_test_card_has_the_size_asked_for() -> None:
    for size in (Size(80, 24), Size(40, 12), Size(120, 40), Size(3, 1)):
        frame = testcard.test_card(size, META.grid, THEMES["dark"])
        assert len(frame.lines) == size.rows
        for line in frame.lines:
            assert sum(segment.cell_length for segment in line) == size.columns
