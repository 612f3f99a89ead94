"""Where the sample talks are: in an installed package beside the code, in a clone at the top."""

from __future__ import annotations

from pathlib import Path

from presenter.errors import DeckError

DEFAULT_TALK = "istio-101"
QUESTIONS = ".questions"
"""How the names end of what stands beside decks and is none."""


def sample_root() -> Path:
    """The folder that holds `slides/` and `recordings/`."""
    package = Path(__file__).resolve().parent
    installed = package / "talks"
    return installed if installed.is_dir() else package.parent


def sample_names() -> list[str]:
    """Names of the sample talks, sorted."""
    names = (path.stem for path in (sample_root() / "slides").glob("*.md"))
    return sorted(name for name in names if not name.endswith(QUESTIONS))


def find_deck(name: str | None) -> Path:
    """The deck that the command line names: a path, or a sample talk; None is the default talk."""
    if name is None:
        name = DEFAULT_TALK
    elif Path(name).exists():
        return Path(name)
    sample = sample_root() / "slides" / f"{name}.md"
    is_name = "/" not in name and "\\" not in name and not name.endswith(QUESTIONS)
    if is_name and sample.is_file():
        return sample
    from difflib import get_close_matches  # only when something is wrong

    names = sample_names()
    near = get_close_matches(name, names, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise DeckError(
        f"{name}: no such deck{hint}", f"a Markdown file, or one of: {', '.join(names)}"
    )
