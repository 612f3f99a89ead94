"""What the process that asks an API server is told, on one line."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

from presenter.deck.kubernetes import Query, Until


def plan_line(query: Query, kubeconfig: str) -> str:
    """`kubeconfig`: the variable of the demo's shell; empty for that of the environment."""
    return json.dumps({"query": asdict(query), "kubeconfig": kubeconfig})


def read_plan(line: bytes) -> tuple[Query, str]:
    """What `plan_line` has written."""
    plan: Any = json.loads(line)
    query = Query(**plan["query"])
    columns = tuple((title, path) for title, path in query.columns)
    until: Any = query.until
    exports = tuple((name, path) for name, path in query.exports)
    ends = Until(**until) if until else None
    query = replace(query, columns=columns, exports=exports, until=ends)
    return query, plan["kubeconfig"]
