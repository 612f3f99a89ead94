"""The installed command in a real PTY: opens the sample talk, steps, plays a demo, quits.

Run as a script by `.ci/run` with the environment of the built wheel, so it needs no test library
but psutil, which `.ci/run` puts there.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from console import Console  # type: ignore[import-not-found]


def main(presenter: str) -> None:
    """Fails with an AssertionError that shows the screen."""
    with tempfile.TemporaryDirectory() as folder:
        env = {"PRESENTER_STATE_DIR": folder, "PRESENTER_CONFIG": f"{folder}/settings.toml"}
        with Console([presenter, "--recorded"], columns=120, rows=40, env=env) as console:
            console.wait_text("1 / ")
            console.press("pagedown")
            console.wait_text("2 / ")
            console.press("escape", "q", "f5")
            console.press("pageup")
            console.wait_text("1 / ")
            console.press("ctrl+q")
            console.wait_text("End the talk?")
            console.press("y")
            status = console.wait_end()
            assert status == 0, status
            assert console.restored(), "the terminal is not as it was"
    done = subprocess.run(
        [presenter, "outline", "istio-101", "--json"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert ".cast" in done.stdout, "the wheel carries no recordings"
    print("smoke: 1 passed, 0 failed")  # noqa: T201 — a script's result


if __name__ == "__main__":
    main(sys.argv[1])
