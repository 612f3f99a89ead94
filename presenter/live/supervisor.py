"""The process that the user started: it waits for the interface, and clears up after it.

The interface is its child, made before anything large is loaded. However the interface ends, this
process gives the terminal back as it was, ends every process that is left, and passes the status
on. It does little, so that little can fail.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable


def supervise(run: Callable[[], int]) -> int:
    """Carry `run` out in a child, where there is a terminal; returns in both processes.

    In the child: what `run` returns, or raises. In this process, when the child has ended: its
    status, or 128 and the number of the signal that ended it.
    """
    if sys.platform == "win32":
        from presenter.live.winjob import end_with_us

        end_with_us()
        return run()
    if not os.isatty(0):
        return run()
    from presenter.live.posixsupervisor import fork

    return fork(run)
