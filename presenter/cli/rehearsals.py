"""`presenter rehearsals DECK`: all rehearsals and talks of a deck, listed and compared."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from presenter.cli.pictures import check_kind, write_picture
from presenter.cli.printed import print_json
from presenter.errors import PresenterError, UsageError
from presenter.samples import find_deck
from presenter.terminal.text import complain, safe_text

if TYPE_CHECKING:
    from presenter.talk.compare import Comparison, Run


def run(options: argparse.Namespace) -> int:
    """Raises PresenterError where there is nothing to compare."""
    if options.last < 1:
        raise UsageError(f"--last {options.last}", "a number from 1 on")
    if options.picture is not None:
        check_kind(options.picture)
    from presenter.demo.library import read_library
    from presenter.layout.runlist import listing
    from presenter.talk.compare import compare, runs_of
    from presenter.ui.plain import speak_plainly
    from presenter.wiring.comparing import COLUMNS, as_json, compared, slides_of

    path = find_deck(options.deck)
    if not options.json:
        speak_plainly()
    library = read_library(path)
    for trouble in library.troubles:
        complain(f"presenter: {trouble}")
    if not library.records and not options.json:
        raise PresenterError(
            f"there is no rehearsal or talk of {options.deck} yet",
            f"`presenter rehearse {options.deck}` makes one",
        )
    runs = runs_of(library.records)
    this = _named(runs, options.run) if options.run is not None else ""
    comparison = compare(runs, slides_of(path), this=this, before=options.last - 1)
    if options.json:
        print_json(as_json(runs, comparison))
    else:
        lines = list(listing(runs))
        if comparison is not None:
            columns = shutil.get_terminal_size((COLUMNS, 24)).columns
            lines += ["", *compared(comparison, columns)]
        sys.stdout.write("".join(f"{safe_text(line)}\n" for line in lines))
    if options.picture is not None:
        _picture(comparison, path, options.picture, options.theme)
    return 0


def _named(runs: Sequence[Run], number: int) -> str:
    """The name of the run with that number in the list, from 1; raises UsageError."""
    run = next((one for one in runs if one.number == number), None)
    if run is None:
        raise UsageError(f"--run {number}", f"the list has 1 to {len(runs)}" if runs else "")
    if not run.record.timed:
        raise UsageError(f"--run {number}", "its times are not known, so nothing can be compared")
    return run.record.name


def draw(deck: Path, output: Path | None, theme: str | None) -> Path | None:
    """The picture of the newest rehearsal beside the plan and the ones before it; where it is.

    Without `output` it is kept with the journals, or is None: where the newest one has no times.
    """
    from presenter.demo.folders import picture_path
    from presenter.demo.library import read_library
    from presenter.talk.compare import compare, runs_of
    from presenter.wiring.comparing import slides_of

    records = read_library(deck).records
    if output is None and not (records and records[0].timed):
        return None
    output = output or picture_path(deck)
    _picture(compare(runs_of(records), slides_of(deck)), deck, output, theme)
    return output


def _picture(comparison: Comparison | None, deck: Path, output: Path, theme: str | None) -> None:
    if comparison is None:
        raise PresenterError(
            f"{output}: there is nothing to draw", "none of them has times to compare"
        )
    from presenter.deck.deck import open_deck
    from presenter.layout.comparison import PICTURE_COLUMNS, comparison_frame, rows_for
    from presenter.layout.frame import Size
    from presenter.layout.theme import theme as theme_of
    from presenter.settings import Settings
    from presenter.wiring.choices import choose_theme

    opened = open_deck(deck)
    chosen = theme_of(choose_theme(theme, Settings(), opened))
    title = opened.meta.title or deck.name
    size = Size(PICTURE_COLUMNS, rows_for(comparison, PICTURE_COLUMNS))
    write_picture(comparison_frame(comparison, title, size, chosen), chosen, output)
