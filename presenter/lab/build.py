"""What the lab needs beside the system's packages, made once, into a cache of the user's.

Versions and checksums are in `modules/`, a folder for each source: Go modules (Go's own checks of
them stay on), a wheel, a file of Maven's. What is made of a source is kept in a folder named after
it and the digest of its files, so a change of one source makes that one's programs anew.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from presenter.lab.tools import LabError

CACHE_VARIABLE = "PRESENTER_LAB_CACHE"
MODULES = Path(__file__).with_name("modules")


@dataclass(frozen=True, slots=True)
class Product:
    """A file that is made: `make` gets the source's folder and the path that it is to write."""

    name: str
    source: str
    make: Callable[[Path, Path], None]

    @property
    def path(self) -> Path:
        digest = hashlib.sha256()
        for path in sorted((MODULES / self.source).iterdir()):
            digest.update(path.read_bytes())
        return cache() / f"{self.source}-{digest.hexdigest()[:12]}" / self.name


def cache() -> Path:
    """Where all of it is; `PRESENTER_LAB_CACHE` names another place than the user's cache."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else user_cache_path("presenter", appauthor=False) / "lab"


def missing(products: Iterable[Product]) -> list[str]:
    """The names of those that have not been made yet."""
    return [one.name for one in products if not one.path.is_file()]


def build(products: Iterable[Product], say: Callable[[str], None]) -> None:
    """Make what is missing; one build at a time, others wait. Raises LabError."""
    products = tuple(products)
    if not missing(products):
        return
    with _alone(say):
        for one in products:
            if not one.path.is_file():
                say(f"building {one.name} (minutes, the first time)")
                _make(one)


def _make(one: Product) -> None:
    one.path.parent.mkdir(parents=True, exist_ok=True)
    fresh = one.path.with_name(f".{one.name}.{os.getpid()}")
    try:
        one.make(MODULES / one.source, fresh)
        fresh.replace(one.path)
    except OSError as error:
        raise LabError(f"{error.filename or one.path}: {error.strerror or error}") from error
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def _alone(say: Callable[[str], None]) -> Iterator[None]:
    import fcntl  # not everywhere, as the lab

    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("another build is under way: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)  # as long as that takes: it has limits of its own
        yield
