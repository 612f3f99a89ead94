"""What holds for all tests: none of them touches the state of who runs them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab import rig
from tests.lab.rig import lab, mesh

__all__ = ["lab", "mesh"]


def pytest_configure(config: pytest.Config) -> None:
    rig.open_place(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    rig.close_place(config)


@pytest.fixture(scope="session", autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Journals, trust and sockets in a folder of the test run's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENTER_STATE_DIR", str(tmp_path_factory.mktemp("state")))
        yield
