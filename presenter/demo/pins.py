"""The clusters that the talk is about: those that were current when it came to the stage.

A context that is another one later, or that leads to another server, is somebody else's: no step
runs there, and no probe asks it anything. A step of the talk that itself chooses a context makes it
the talk's.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

READ_SECONDS = 3.0
"""For the first reading: a process has to be started."""
CHECK_SECONDS = 1.0
"""For the one before each step; later it is unknown, and the step runs."""
_CHOOSES = re.compile(
    r"\b(?:use-context|set-context|set-cluster|rename-context|delete-context|kubectx|get-credentials"
    r"|update-kubeconfig|eksctl|KUBECONFIG=|minikube\s+(?:start|delete|profile|update-context)"
    r"|kind\s+(?:create|delete|export)|k3d\s+(?:cluster|kubeconfig)|oc\s+(?:login|project)"
    r"|vcluster\s+(?:connect|create|disconnect))"
)


class Current(Protocol):
    """What was found; see `presenter.live.findings.Finding`."""

    @property
    def facts(self) -> tuple[str, ...]: ...


class Reader(Protocol):
    """Reads a kubeconfig; see `presenter.live.probes.Prober`."""

    async def current(self, named: str, folder: Path | None, seconds: float) -> Current: ...


def chooses_context(command: str) -> bool:
    """Whether a command is one that makes another context current; a rule of thumb."""
    return _CHOOSES.search(command) is not None


class Pins:
    """Of one talk."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._context = ""
        self._servers: dict[str, str] = {}
        self._reading: asyncio.Task[None] | None = None

    async def ready(self) -> None:
        """Until the current cluster has been read, or cannot be."""
        if self._reading is None:
            self._reading = asyncio.get_running_loop().create_task(self._read())
        await asyncio.shield(self._reading)

    def forget(self) -> None:
        """What is current by now is the talk's."""
        self._context = ""
        self._servers.clear()
        self._reading = None

    def close(self) -> None:
        """Read nothing any more."""
        if self._reading is not None:
            self._reading.cancel()

    def pinned(self, spec: object) -> object:
        """A condition's `kubernetes` part with the context and the server that it stands for."""
        if spec is not None and not isinstance(spec, Mapping):
            return spec
        told = dict(spec or {})
        context = str(told.get("context") or self._context)
        if not context:
            return told
        if context in self._servers:
            told.setdefault("server", self._servers[context])
        return {**told, "context": context}

    async def trouble(self, specs: Iterable[object], named: str, folder: Path | None) -> str:
        """Why a step that needs these would meet another cluster now; empty where it would not.

        `named` is KUBECONFIG of the step's shell, in `folder`.
        """
        facts = (await self._reader.current(named, folder, CHECK_SECONDS)).facts
        if len(facts) != 2:
            return ""
        context, server = facts
        for spec in specs:
            told = self.pinned(spec)
            if not isinstance(told, Mapping):
                continue
            wanted, its = str(told.get("context") or ""), str(told.get("server") or "").rstrip("/")
            if wanted and wanted != context:
                return f"the current context is {context or 'none'}, not {wanted}"
            if its and its != server:
                return f"the server of {context} is {server or 'none'}, not {its}"
        self._adopt(context, server)
        return ""

    async def _read(self) -> None:
        facts = (await self._reader.current("", None, READ_SECONDS)).facts
        if len(facts) == 2 and self._reading is asyncio.current_task():
            self._adopt(*facts)

    def _adopt(self, context: str, server: str) -> None:
        if context:
            self._context = self._context or context
            self._servers.setdefault(context, server)
