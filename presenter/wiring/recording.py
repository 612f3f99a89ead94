"""A deck's demos recorded unattended: each step is run live, in the talk's order, and kept.

What does not run live and well is told, and no take of its demo is written: the recording before
stays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from presenter.deck.deck import Deck
from presenter.deck.model import Demo
from presenter.deck.trust import Fingerprint
from presenter.demo.desk import Desk
from presenter.wiring.running import See, Shown, run_through, runnable, steps_live
from presenter.wiring.tools import tool_versions

Say = Callable[[str], None]


async def record(
    deck: Deck,
    names: Collection[str],
    trusted: Fingerprint,
    note: str,
    say: Say,
    see: See = lambda _desk, _shown: None,
) -> bool:
    """Whether all of the demos have been recorded. Raises UsageError before anything runs."""
    bad: set[str] = set()
    tools = await tool_versions(deck, runnable(deck, names))

    def shown(desk: Desk, one: Shown) -> None:
        say(str(one))
        see(desk, one)
        demo = next(each for each in deck.all_demos() if each.name == one.demo)
        if steps_live(demo, deck)[one.step] and not one.good:
            bad.add(one.demo)

    async def done(desk: Desk, demos: list[Demo]) -> None:
        for demo in demos:
            if demo.name in bad:
                say(f"{demo.name}: not kept, for not all of its steps ran live and well")
                continue
            kept = await desk.keep(demo, note, tools)
            say(kept.words.partition(" ")[2])
            if kept.path is None:
                bad.add(demo.name)

    reported = await run_through(deck, names, trusted, shown, done)
    missed = bad & {demo.name for demo in runnable(deck, names)}
    for line in reported if missed else ():
        say(f"  {line}")
    return not missed
