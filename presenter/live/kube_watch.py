"""Objects listed and then watched: what the server sends, passed on line by line.

A list comes in parts and with a resource version, from which the watch goes on. A watch that the
server ends goes on from the last version seen (bookmarks bring newer ones); where that is too old
(410), everything is listed anew.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from presenter.deck.kubernetes import Query
from presenter.live.kube_api import JSON, TABLE, Backoff, GoneError, RefusedError, Server, query
from presenter.live.kube_state import Path, PathError, holds, only_metadata, trimmed

PAGE = 500
"""Objects that are asked for at once."""
MOST_OBJECTS = 5000
"""That are listed; of more, their number is told."""
PART_OBJECTS, PART_BYTES = 100, 262_144
"""Of one line of a list."""
WATCH_SECONDS = 290
"""After which the server ends a watch, so that it goes on with a new one."""
MOST_RESTARTS = 5
"""Of a list that grows too old while it is read."""
Put = Callable[[dict[str, object]], None]
"""Takes a line, whose time is added."""
_Object = dict[str, Any]


class Objects:
    """What one query is about."""

    def __init__(self, server: Server, asked: Query, path: str, put: Put) -> None:
        """Raises RefusedError where a JSONPath cannot be used."""
        self._server = server
        self._asked = asked
        self._path = path
        self._put = put
        self._version = ""
        self._held: dict[str, _Object] = {}
        """The objects that there are, as far as `until` has to look at them."""
        self._beside = 0
        """Objects that are not listed."""
        until = asked.until
        try:
            self._columns = [Path(path) for _, path in asked.columns]
            self._field = Path(until.path) if until is not None and until.path else None
        except PathError as error:
            raise RefusedError(str(error)) from error
        self._accept = JSON if self._columns else TABLE
        self._is_looked_at = until is not None or bool(asked.exports)
        self._include = "" if self._columns else "Object" if self._is_looked_at else "Metadata"

    @property
    def first(self) -> _Object:
        """By name; as far as anybody has to look at it."""
        return self._held[min(self._held)] if self._held else {}

    @property
    def count(self) -> int:
        return len(self._held) + self._beside

    def list_all(self) -> None:
        """All of them, from the beginning. Raises what `Server.get` raises."""
        for tried in range(MOST_RESTARTS):
            try:
                self._list()
            except GoneError:
                if tried == MOST_RESTARTS - 1:
                    raise
            else:
                return

    def _list(self) -> None:
        self._held.clear()
        self._beside = 0
        go_on, first, listed = "", True, 0
        while True:
            page = self._server.get(self._query(limit=PAGE, **{"continue": go_on}), self._accept)
            metadata = page.get("metadata") or {}
            go_on = str(metadata.get("continue") or "")
            rows = page.get("rows" if page.get("kind") == "Table" else "items") or []
            listed += len(rows)
            if go_on and listed >= MOST_OBJECTS:
                self._beside = int(metadata.get("remainingItemCount") or 1)
                go_on = ""
            self._put_page(page, rows, first=first, last=not go_on)
            first = False
            if not go_on:
                self._version = str(metadata.get("resourceVersion") or "")
                return

    def _put_page(self, page: _Object, rows: list[_Object], *, first: bool, last: bool) -> None:
        """In parts, none of them so large that reading it would be noticed."""
        parts: list[list[_Object]] = [[]]
        size = 0
        for row in rows:
            row = self._taken(row)
            size += len(json.dumps(row)) if len(rows) > 1 else 0
            if len(parts[-1]) >= PART_OBJECTS or size > PART_BYTES:
                parts.append([])
                size = 0
            parts[-1].append(row)
        is_table = page.get("kind") == "Table"
        head: _Object = {"kind": page.get("kind"), "apiVersion": page.get("apiVersion")}
        if is_table:
            head["columnDefinitions"] = [
                {key: one.get(key) for key in ("name", "type", "priority")}
                for one in page.get("columnDefinitions") or ()
            ]
        for number, part in enumerate(parts):
            told: dict[str, object] = {"list": {**head, "rows" if is_table else "items": part}}
            if self._columns:
                told["cells"] = [self._cells(one) for one in part]
            told["first"] = first and number == 0
            told["last"] = last and number == len(parts) - 1
            if told["last"] and self._beside:
                told["more"] = self._beside
            self._put(told)

    def _taken(self, row: _Object, *, gone: bool = False) -> _Object:
        """A row, or an object, as it is passed on; what it stands for is kept for `until`."""
        found = row if self._columns else row.get("object") or {}
        metadata = found.get("metadata") or {}
        key = f"{metadata.get('namespace', '')}/{metadata.get('name', '')}"
        if gone:
            self._held.pop(key, None)
        else:
            self._held[key] = found if self._is_looked_at else {}
        if self._columns:
            return trimmed(found)
        return {"cells": row.get("cells") or [], "object": only_metadata(found)}

    def _cells(self, found: _Object) -> list[str]:
        return [path.text(found) for path in self._columns]

    def _query(self, **parameters: object) -> str:
        asked = self._asked
        return query(
            self._path,
            labelSelector=asked.selector,
            fieldSelector=f"metadata.name={asked.name}" if asked.name else "",
            includeObject=self._include,
            **parameters,
        )

    # --- the watch ----------------------------------------------------------------------------

    @property
    def holds(self) -> bool:
        """Whether what is waited for is there."""
        until = self._asked.until
        if until is None:
            return False
        return holds(until, list(self._held.values()), self._field)

    def watch(self) -> None:
        """Until what is waited for is there; for ever without.

        Raises what `Server.lines` raises, but for what a new list mends.
        """
        backoff = Backoff()
        while not self.holds:
            try:
                if self._watch():
                    backoff = Backoff()
                else:
                    backoff.pause()  # a server that ends each watch at once is not asked at once
            except GoneError:
                backoff.pause()
                self.list_all()

    def _watch(self) -> bool:
        """One watch, to its end; whether it has brought anything."""
        path = self._query(
            watch=1,
            allowWatchBookmarks="true",
            resourceVersion=self._version,
            timeoutSeconds=WATCH_SECONDS + random.randrange(20),  # noqa: S311
        )
        brought = False
        for line in self._server.lines(path, self._accept):
            if line.strip():
                brought = True
                self._take(line)
                if self.holds:
                    break
        return brought

    def _take(self, line: bytes) -> None:
        try:
            event = json.loads(line)
            kind, found = str(event["type"]), event["object"]
            if kind == "ERROR":
                self._fail(found)
            is_table = found.get("kind") == "Table"
            rows = (found.get("rows") or []) if is_table else [found]
            its = (rows[0].get("object") or {}) if is_table and rows else found
            self._version = str((its.get("metadata") or {}).get("resourceVersion", self._version))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise RefusedError("an event of the watch cannot be read") from error
        if kind == "BOOKMARK":
            return
        taken = [self._taken(row, gone=kind == "DELETED") for row in rows]
        told: dict[str, object] = {"type": kind}
        told["object"] = {"kind": "Table", "rows": taken} if is_table else taken[0]
        more: dict[str, object] = {"cells": self._cells(taken[0])} if self._columns else {}
        self._put({"watch": told, **more})

    def _fail(self, status: _Object) -> None:
        if status.get("code") == 410:
            raise GoneError(str(status.get("message")))
        raise RefusedError(str(status.get("message") or "the server ends the watch"))
