"""The figures of editing a large recording, beside a plain copy and asciinema's own command.

    python -m tests.bench.cast [--megabytes 100] [--asciinema PROGRAM]

A recording is made in a temporary folder and deleted. Each command runs as the installed one, in a
process of its own: printed are its time, its time on the processor, and its largest resident
memory. `--asciinema` names the program (3.x) that converts the same recording to v3 and to text.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.player import MOST_MEGABYTES, make


def measure(name: str, command: list[str]) -> None:
    started = time.perf_counter()
    nowhere = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
    child = os.posix_spawn(command[0], command, os.environ, file_actions=[nowhere])
    _, status, used = os.wait4(child, 0)
    took = time.perf_counter() - started
    print(
        f"{name:28} {took:7.2f} s   processor {used.ru_utime + used.ru_stime:6.2f} s   "
        f"memory {used.ru_maxrss / 1024:6.1f} MB{'' if not status else '   FAILED'}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--asciinema", default=shutil.which("asciinema"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "large.cast"
        count = make(source, min(options.megabytes, MOST_MEGABYTES) * 1_000_000)
        print(f"{source.stat().st_size / 1e6:.1f} MB, {count} events")
        out, text = str(Path(folder) / "made.cast"), str(Path(folder) / "made.txt")
        measure("cat", ["/bin/sh", "-c", f"cat {source} > {out}"])
        if options.asciinema:
            convert = [options.asciinema, "convert", "--overwrite", str(source)]
            measure("asciinema convert (v3)", [*convert, "-f", "asciicast-v3", out])
            measure("asciinema convert (text)", [*convert, "-f", "txt", text])
        cast = [sys.executable, "-m", "presenter", "cast"]
        middle = ["--from", "1:00:00", "--to", "2:00:00"]
        to = ["-o", out, "--force"]
        for name, arguments in (
            ("info", ["info", str(source)]),
            ("check", ["check", str(source)]),
            ("convert (v3)", ["convert", str(source), *to]),
            ("convert (v1)", ["convert", str(source), "--version", "1", *to]),
            ("convert (text)", ["convert", str(source), "--unchecked", "-o", text, "--force"]),
            ("trim", ["trim", str(source), *middle, *to]),
            ("cut", ["cut", str(source), *middle, *to]),
            ("join", ["join", str(source), str(source), *to]),
            ("speed", ["speed", str(source), "2", *to]),
            ("idle", ["idle", str(source), "1", *to]),
            ("mark", ["mark", str(source), "--at", "1:00:00", "here", *to]),
            ("redact", ["redact", str(source), *to]),
            ("redact --personal", ["redact", str(source), "--personal", *to]),
            ("check --secrets", ["check", str(source), "--secrets"]),
            ("convert (gif)", ["convert", str(source), "--unchecked", "-o", text + ".gif"]),
        ):
            measure(name, [*cast, *arguments])


if __name__ == "__main__":
    main()
