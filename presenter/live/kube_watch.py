"""Objects listed and then watched: what the server sends, passed on line by line.

A list comes in parts and with a resource version, from which the watch goes on. A watch that the
server ends goes on from the last version seen (bookmarks bring newer ones); where that is too old
(410), everything is listed anew.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from typing import Any

from presenter.deck.kubernetes import Query
from presenter.live.kube_api import (
    JSON,
    TABLE,
    Backoff,
    BrokenError,
    GoneError,
    RefusedError,
    Server,
    query,
)
from presenter.live.kube_state import Path, PathError, holds, only_metadata, suits, trimmed
from presenter.talk.fallback import Fault

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
MOST_PAGES = 100
"""Of one list: some may have few objects, or none."""
LASTING_SECONDS = 1.0
"""A watch that lasts so long is none that the server ends at once."""
MOST_BREAKS = 6
"""Of watches that break off at once, one after another."""
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
        self._held: dict[str, bool] = {}
        """The objects that there are, and whether each is as `until` wants it."""
        self._suiting = 0
        """How many of them are."""
        self._named: dict[str, _Object] = {}
        """The objects themselves, where a value of the first one is to be exported."""
        self._beside = 0
        """Objects that are not listed."""
        until = asked.until
        try:
            self._columns = [Path(path) for _, path in asked.columns]
            self._field = Path(until.path) if until is not None and until.path else None
        except PathError as error:
            raise RefusedError(str(error)) from error
        self._accept = JSON if self._columns else TABLE
        whole = until is not None or bool(asked.exports)
        self._include = "" if self._columns else "Object" if whole else "Metadata"

    @property
    def first(self) -> _Object:
        """By its name; nothing where no value of it is to be exported."""
        return self._named[min(self._named)] if self._named else {}

    @property
    def count(self) -> int:
        return len(self._held) + self._beside

    def list_all(self) -> None:
        """All of them, from the beginning. Raises what `Server.get` raises."""
        backoff = Backoff()
        for tried in range(MOST_RESTARTS):
            try:
                self._list()
            except GoneError:
                if tried == MOST_RESTARTS - 1:
                    raise
                backoff.pause()
            else:
                return

    def _list(self) -> None:
        self._held.clear()
        self._named.clear()
        self._suiting = self._beside = 0
        go_on, first, listed = "", True, 0
        for _ in range(MOST_PAGES):
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
        raise RefusedError(f"the list has no end: {MOST_PAGES} parts, and more")

    def _put_page(self, page: _Object, rows: list[_Object], *, first: bool, last: bool) -> None:
        """In parts, none of them so large that reading it would be noticed."""
        is_table = page.get("kind") == "Table"
        kind = str(page.get("kind")).removesuffix("List")
        parts: list[list[_Object]] = [[]]
        size = 0
        for row in rows:
            # What stands in a list does not say itself of what kind it is.
            named = row if is_table else {"kind": kind, "apiVersion": page.get("apiVersion"), **row}
            taken = self._taken(named)
            size += len(json.dumps(taken)) if len(rows) > 1 else 0
            if parts[-1] and (len(parts[-1]) >= PART_OBJECTS or size > PART_BYTES):
                parts.append([])
                size = 0
            parts[-1].append(taken)
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
        self._suiting -= self._held.pop(key, False)
        self._named.pop(key, None)
        if not gone:
            until = self._asked.until
            self._held[key] = until is not None and suits(until, found, self._field)
            self._suiting += self._held[key]
            if self._asked.exports:
                self._named[key] = found
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
        return until is not None and holds(until, len(self._held), self._suiting)

    def watch(self) -> None:
        """Until what is waited for is there; for ever without.

        Raises what `Server.lines` raises, but for what another watch, or a new list, mends.
        """
        backoff, breaks = Backoff(), 0
        while not self.holds:
            began = time.monotonic()
            listing, broken = False, False
            try:
                self._watch()
            except GoneError:
                listing = True
            except BrokenError:
                broken = True
                if breaks >= MOST_BREAKS:
                    raise
            if time.monotonic() - began >= LASTING_SECONDS:
                backoff, breaks = Backoff(), 0
            breaks = breaks + 1 if broken else 0
            if self.holds:
                return
            backoff.pause()  # a server that ends each watch at once is not asked at once
            if listing:
                self.list_all()

    def _watch(self) -> None:
        """One watch, from where the last one ended to its end."""
        path = self._query(
            watch=1,
            allowWatchBookmarks="true",
            resourceVersion=self._version,
            timeoutSeconds=WATCH_SECONDS + random.randrange(20),  # noqa: S311
        )
        for line in self._server.lines(path, self._accept):
            if line.strip():
                self._take(line)
                if self.holds:
                    return

    def _take(self, line: bytes) -> None:
        try:
            event = json.loads(line)
            kind, found = str(event["type"]), event["object"]
            if kind == "ERROR":
                self._fail(found)
            is_table = found.get("kind") == "Table"
            rows = (found.get("rows") or []) if is_table else [found]
            its = (rows[0].get("object") or {}) if is_table and rows else found
            self._version = str((its.get("metadata") or {}).get("resourceVersion") or self._version)
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
        words = str(status.get("message") or "the server ends the watch")[:500]
        code = int(status.get("code") or 0)
        if code == 410:
            raise GoneError(words)
        if code == 429 or code >= 500:  # it may be well in a moment
            raise BrokenError(Fault.REFUSED, words)
        raise RefusedError(words)
