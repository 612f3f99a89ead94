"""`presenter report [DECK]`: what a talk's journal says of it, to be read and to be published."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from presenter.cli.choosing import answer, chosen, deck_of
from presenter.demo.journallock import in_use
from presenter.demo.library import journal_paths, newest_talk, path_name, path_of, read_record
from presenter.errors import PresenterError, UsageError
from presenter.talk.history import TalkRecord
from presenter.terminal.text import complain


def run(options: argparse.Namespace) -> int:
    """Print the report, or write it; what the journal does not know stays a blank."""
    from presenter.ui.plain import speak_plainly

    if options.output is None:
        speak_plainly()
    if options.print_template:
        from presenter.wiring.reporting import own_template

        _put(own_template().read_text("utf-8"), options)
        return 0
    path = _journal(options)
    if options.ask:
        _ask(path)
    record = read_record(path)
    if record.trouble:
        complain(f"presenter: {path}: {record.trouble}")
    _put(_text(record, options, running=not record.ended and in_use(path)), options)
    return 0


def _journal(options: argparse.Namespace) -> Path:
    """The journal that is meant: one that is named, else that of the newest talk."""
    if options.journal is not None:
        if options.deck or options.talk:
            raise UsageError("--journal is the talk's own file", "name neither deck nor talk")
        return Path(options.journal)
    deck = deck_of(options.deck)
    if options.talk:
        names = [path_name(path) for path in journal_paths(deck)]
        return path_of(chosen(names, [options.talk])[0])
    path = newest_talk(deck)
    if path is None:
        of = f" of {options.deck}" if options.deck else ""
        raise PresenterError(f"there is no talk{of} yet", "`presenter talks` lists rehearsals too")
    return path


def _ask(path: Path) -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("--ask needs a terminal", "nobody can be asked here")
    from presenter.wiring.telling import ask_about

    read_record(path)  # what is no journal is refused first
    sys.stdout.write("Enter alone leaves a blank, Ctrl-D ends the questions.\n")
    stopped: list[KeyboardInterrupt] = []

    def ask(question: str) -> str | None:
        """Ctrl-C ends the questions too; what was said before it counts, half a list as well."""
        try:
            return None if stopped else answer(question)
        except KeyboardInterrupt as interrupt:
            stopped.append(interrupt)
            return None

    ask_about(path, ask)
    if stopped:
        raise stopped[0]


def _text(record: TalkRecord, options: argparse.Namespace, *, running: bool) -> str:
    from presenter.talk.report import report_of
    from presenter.wiring.reporting import fill, find_template

    markdown = fill(report_of(record, running=running), find_template(options.template))
    if not options.html:
        return markdown
    from presenter.wiring.page import page_of

    return page_of(markdown)


def _put(text: str, options: argparse.Namespace) -> None:
    output: Path | None = options.output
    if output is None:
        sys.stdout.write(text)
        return
    from presenter.cli.castoutput import may_write
    from presenter.demo.keeping import write_file

    may_write(output, (), force=options.force)
    write_file(output, text.encode("utf-8", "replace"))
