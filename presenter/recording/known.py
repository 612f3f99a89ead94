"""The secrets that this machine is known to have: in variables and in its kubeconfig."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

MOST_BYTES = 1_000_000
"""Of a kubeconfig, or of a file with a token that it names, that is read."""

_NAME = re.compile(
    r"TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|PRIVATE|CREDENTIAL|AUTH(?!OR(?!I[ZS]))",
    re.IGNORECASE,
)
_PLACE = re.compile(r".*_(?:FILE|PATH|DIR|SOCK)|GOOGLE_APPLICATION_CREDENTIALS", re.IGNORECASE)
"""Names of variables that say where a secret is, not what."""
_KUBECONFIG = frozenset(
    {"token", "client-key-data", "password", "access-token", "id-token", "refresh-token",
     "client-secret"}
)  # fmt: skip


def is_secret_name(name: str) -> bool:
    """Whether a variable of this name holds a secret."""
    return bool(_NAME.search(name)) and not _PLACE.fullmatch(name)


def secret_values(variables: Mapping[str, str]) -> set[str]:
    """The values of the variables whose names say that they are secret."""
    return {value for name, value in variables.items() if is_secret_name(name)}


def kubeconfig_values(environment: Mapping[str, str], home: Path) -> set[str]:
    """Tokens, keys and passwords of `$KUBECONFIG`, else of `~/.kube/config`; reads files.

    A file that is missing or no kubeconfig has none.
    """
    told = environment.get("KUBECONFIG", "")
    paths = [Path(one) for one in told.split(os.pathsep) if one] or [home / ".kube" / "config"]
    return {value for path in paths for value in _values_of(path)}


def _values_of(path: Path) -> Iterator[str]:
    import yaml  # few need it, and late

    try:
        document = yaml.safe_load(_read(path))
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        return
    users = document.get("users") if isinstance(document, dict) else None
    for entry in users if isinstance(users, list) else []:
        user = entry.get("user") if isinstance(entry, dict) else None
        if isinstance(user, dict):
            yield from _values_of_user(user, path.parent)


def _values_of_user(user: Mapping[object, object], folder: Path) -> Iterator[str]:
    provider = user.get("auth-provider")
    config = provider.get("config") if isinstance(provider, dict) else None
    for told in (user, config if isinstance(config, dict) else {}):
        for key, value in told.items():
            if key in _KUBECONFIG and isinstance(value, str | int):
                yield str(value)
    run = user.get("exec")
    variables = run.get("env") if isinstance(run, dict) else None
    for one in variables if isinstance(variables, list) else []:
        if isinstance(one, dict) and is_secret_name(str(one.get("name", ""))):
            yield str(one.get("value", ""))
    file = user.get("tokenFile")
    if isinstance(file, str):
        try:
            yield _read(folder / file)
        except (OSError, ValueError):
            return


def _read(path: Path) -> str:
    if not path.is_file():  # a pipe might never end
        raise FileNotFoundError(path)
    with path.open("rb") as stream:
        return stream.read(MOST_BYTES).decode("utf-8", "replace")
