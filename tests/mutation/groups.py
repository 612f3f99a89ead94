"""What is tried, and by which tests: fast ones, that start no program."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """Modules that keep one promise together."""

    modules: dict[str, tuple[str, ...]]
    """By their dotted names: the functions and methods that count, all where none is named."""
    tests: tuple[str, ...]
    """Files and folders, from the checkout."""
    arguments: tuple[str, ...] = ()
    """Of pytest: to leave out what takes long and finds little more."""

    @property
    def patterns(self) -> tuple[str, ...]:
        """The names of the mutants that count, as mutmut matches them."""
        return tuple(
            f"{module}.{part}"
            for module, functions in self.modules.items()
            for part in ([f"{_mangled(name)}__mutmut_*" for name in functions] or ["*"])
        )


def _mangled(function: str) -> str:
    """How mutmut calls a function, or a method written `Class.method`."""
    return f"xǁ{function.replace('.', 'ǁ')}" if "." in function else f"x_{function}"


GROUPS = {
    "ladder": Group(
        {
            "presenter.talk.ladder": (),
            "presenter.talk.fallback": (),
            "presenter.talk.taint": (),
            "presenter.terminal.fall": (),
        },
        (
            "tests/talk/test_ladder.py",
            "tests/talk/test_fallback.py",
            "tests/talk/test_taint.py",
            "tests/terminal/test_fall.py",
        ),
    ),
    "trust": Group(
        {
            "presenter.deck.trust": (),
            "presenter.demo.truststore": (),
            "presenter.demo.ownfile": (),
        },
        ("tests/deck/test_trust.py", "tests/demo/test_truststore.py", "tests/demo/test_ownfile.py"),
        ("-k", "not may_stand or may_stand[0]"),  # 25 of 200 random decks
    ),
    "paths": Group(
        {
            "presenter.deck.paths": (),
            "presenter.deck.named": (),
            "presenter.deck.source": ("_Loader.read_included",),
            "presenter.deck.demos": ("_cast_path", "_try_inside"),
            "presenter.recording.lookup": (),
            "presenter.layout.image": ("find_picture",),
        },
        (
            "tests/deck/test_paths.py",
            "tests/deck/test_split.py",
            "tests/recording/test_lookup.py",
            "tests/layout/test_paint.py",
        ),
    ),
    "journal": Group(
        {"presenter.talk.journal": (), "presenter.demo.store": ()},
        ("tests/talk/test_journal.py", "tests/demo/test_store.py"),
    ),
    "redaction": Group(
        {
            "presenter.recording.redact": (),
            "presenter.recording.known": (),
            "presenter.recording.patterns": (),
            "presenter.recording.manifests": (),
            "presenter.recording.plain": (),
        },
        ("tests/recording/test_redact.py", "tests/recording/test_plain.py"),
    ),
}
