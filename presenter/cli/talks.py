"""`presenter talks [DECK]`: the talks and rehearsals there are, and where they go."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from presenter.cli.choosing import chosen, confirmed, deck_of, talks_of
from presenter.errors import PresenterError, UsageError
from presenter.talk.history import TalkRecord
from presenter.talk.summary import short_names
from presenter.terminal.text import complain, safe_text


def run(options: argparse.Namespace) -> int:
    """1 where a talk could not be taken, made anonymous or deleted."""
    if options.delete and not (options.deck or options.talk):
        raise UsageError("--delete wants to be told what", "name a deck, or a talk with --talk")
    if options.anonymise and (options.delete or options.json or options.take):
        raise UsageError("--anonymise goes alone, or with --export")
    if options.take and (options.deck or options.talk):
        raise UsageError("--import takes all talks of the file", "name neither deck nor talk")
    if not options.json:
        from presenter.ui.plain import speak_plainly

        speak_plainly()
    if options.take is not None:
        return _import(options.take)
    there = {record.name: record for record in talks_of(options.deck)}
    records = [there[name] for name in chosen(list(there), options.talk)]
    if options.export is not None:
        from presenter.cli.castoutput import may_write

        may_write(options.export, (), force=options.force)
        return _export(options.export, records, anonymous=options.anonymise)
    if options.delete or options.anonymise:
        if options.deck and not options.talk:
            records = _own(records, options.deck)
        return _change(records, delete=options.delete, yes=options.yes)
    from presenter.cli.talklist import list_talks

    if options.deck and not records and not options.json:
        raise PresenterError(
            f"there is no talk of {options.deck}",
            "name the deck's file; `presenter talks` lists all",
        )
    list_talks(records, as_json=options.json)
    return 0


def _export(output: Path, records: Sequence[TalkRecord], *, anonymous: bool) -> int:
    from presenter.demo.keeping import export_talks
    from presenter.demo.library import path_of

    if not records:
        raise PresenterError("there is no talk to be exported", "`presenter talks` lists them")
    export_talks([path_of(record.name) for record in records], output, anonymous=anonymous)
    without = ", without who, where and when" if anonymous else ""
    _say(f"{output}: {_count(len(records))}{without}")
    return 0


def _import(file: Path) -> int:
    from presenter.demo.keeping import import_talks

    taken, troubles = import_talks(file)
    for line in troubles:
        complain(f"presenter: {line}")
    for one in taken:
        if one.new and one.kept_as != one.name:
            _say(f"{one.name}: another talk of this name is here; kept as {one.kept_as}")
    new = sum(one.new for one in taken)
    there = f", {len(taken) - new} were here already" if new < len(taken) else ""
    _say(f"{file}: {_count(new)} taken{there}")
    return int(bool(troubles))


def _change(records: Sequence[TalkRecord], *, delete: bool, yes: bool) -> int:
    """Delete the talks, or make them anonymous."""
    from presenter.demo.keeping import anonymise_talk, delete_talk
    from presenter.demo.library import path_of

    if not records:
        raise PresenterError("there is no such talk", "`presenter talks` lists them")
    short = short_names([record.name for record in records])
    if not yes:
        for record in records:
            _say(f"{short[record.name]}  {record.fact('title')}")
    what = "Delete" if delete else "Take who, where, when and what people said out of"
    if not confirmed(f"{what} {_these(len(records))} for good?", yes=yes):
        _say("nothing was changed")
        return 0
    failed = 0
    for record in records:
        try:
            (delete_talk if delete else anonymise_talk)(path_of(record.name))
        except PresenterError as error:
            failed += 1
            complain(f"presenter: {error}")
    done = "deleted" if delete else "made anonymous"
    _say(f"{_count(len(records) - failed)} {done}")
    return int(bool(failed))


def _own(records: Sequence[TalkRecord], deck: str) -> list[TalkRecord]:
    """Those that were given with this very file: what is like it may be of another deck."""
    from presenter.demo.belonging import Belonging

    path = deck_of(deck)
    own = [one for one in records if path is not None and Belonging(path).is_own(one)]
    if len(own) < len(records):
        count = _count(len(records) - len(own))
        complain(f"presenter: {count} of a deck elsewhere left alone; --talk names them")
    return own


def _these(number: int) -> str:
    return "this talk" if number == 1 else f"these {number} talks"


def _count(number: int) -> str:
    return f"{number} talk{'' if number == 1 else 's'}"


def _say(line: str) -> None:
    sys.stdout.write(f"{safe_text(line)}\n")
