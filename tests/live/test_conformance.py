"""What every shell must do: statuses, commands of every form, and what stays between them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.live.rig import Stand

SHELLS = ("bash", "zsh", "sh", "fish")


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("status", [0, 1, 3, 42, 126, 127])
async def test_the_status_is_the_true_one(shell: str, status: int, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        assert await stand.run(f"sh -c 'exit {status}'") == (status, "")
