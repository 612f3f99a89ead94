"""The current context of a kubeconfig and its server, read without a client or credentials.

The files are read as `kubectl` merges them: what comes first, holds.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

MOST_BYTES = 4_194_304
"""Of a file."""
MOST_FILES = 64

_Stamp = tuple[int, int, int, int]
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_read: dict[Path, tuple[_Stamp, Mapping[str, Any]]] = {}
_lock = threading.Lock()


def current_cluster(named: str = "", folder: Path | None = None) -> tuple[str, str]:
    """The names of the current context and of its server; empty where there is none.

    `named` is KUBECONFIG of a shell in `folder`; without it, our own. Raises OSError, ValueError.
    """
    files = [_content(path) for path in _files(named, folder)]
    context = next((str(f["current-context"]) for f in files if f.get("current-context")), "")
    cluster = str(_entry(files, "contexts", context, "context").get("cluster") or "")
    server = str(_entry(files, "clusters", cluster, "cluster").get("server") or "")
    return context, server.rstrip("/")


def _files(named: str, folder: Path | None) -> list[Path]:
    named = named or os.environ.get("KUBECONFIG") or str(Path("~") / ".kube" / "config")
    base = folder or Path.cwd()
    return [base / Path(each).expanduser() for each in named.split(os.pathsep) if each][:MOST_FILES]


def _content(path: Path) -> Mapping[str, Any]:
    """What a file holds; nothing where it is absent, as for `kubectl`."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return {}
    stamp = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
    with _lock:
        known = _read.get(path)
    if known is not None and known[0] == stamp:
        return known[1]
    if status.st_size > MOST_BYTES:
        raise ValueError(f"{path.name} is too long")
    try:
        found = yaml.load(path.read_bytes(), Loader=_LOADER)  # noqa: S506 -- a safe one
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(f"{path.name} cannot be read") from error
    content = found if isinstance(found, Mapping) else {}
    with _lock:
        _read[path] = stamp, content
    return content


def _entry(files: list[Mapping[str, Any]], kind: str, name: str, key: str) -> Mapping[str, Any]:
    """The part `key` of the first entry of a kind with that name."""
    for file in files:
        listed = file.get(kind)
        for entry in listed if isinstance(listed, list) else ():
            if isinstance(entry, Mapping) and name and str(entry.get("name")) == name:
                found = entry.get(key)
                return found if isinstance(found, Mapping) else {}
    return {}
