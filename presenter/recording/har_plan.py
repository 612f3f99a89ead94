"""What the process that sends requests is told: a request with its variables in it, on one line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from presenter.deck.http import Group, HttpRequest, Pick, Until


def plan_line(request: HttpRequest, label: str) -> str:
    """A plan on one line; the request has its variables in it."""
    told: dict[str, object] = {
        "method": request.method,
        "url": request.url,
        "headers": request.headers,
        "body": request.body,
        "name": request.name,
        "repeat": request.repeat,
        "every": request.every,
        "at_once": request.at_once,
        "picture": request.picture,
        "groups": _written(request.groups),
        "exports": _written(request.exports),
    }
    if (until := request.until) is not None:
        told["until"] = (until.pick.kind, until.pick.expression, until.value)
    return json.dumps({"request": told, "label": label})


def _written(groups: Iterable[Group]) -> list[tuple[str, str, str]]:
    return [(one.name, one.pick.kind, one.pick.expression) for one in groups]


def _read(groups: Iterable[Any]) -> tuple[Group, ...]:
    return tuple(Group(name, Pick(kind, path)) for name, kind, path in groups)


def read_plan(line: bytes) -> tuple[HttpRequest, str]:
    """What `plan_line` has written."""
    plan: Any = json.loads(line)
    told = plan["request"]
    until = told.get("until")
    request = HttpRequest(
        method=told["method"],
        url=told["url"],
        headers=tuple((name, value) for name, value in told["headers"]),
        body=told["body"],
        name=told["name"],
        repeat=told["repeat"],
        every=told["every"],
        at_once=told["at_once"],
        until=Until(Pick(until[0], until[1]), until[2]) if until else None,
        picture=told["picture"],
        groups=_read(told["groups"]),
        exports=_read(told["exports"]),
    )
    return request, plan["label"]
