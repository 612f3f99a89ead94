"""HAR 1.2 as a JSON schema, written after the public specification of the format.

What the specification calls optional is optional here; fields of others begin with an underscore.
"""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": -1}
_LENGTH = {"type": "number", "minimum": 0}
_MAYBE = {"type": "number", "minimum": -1}
_DATE = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d(:\d\d)?)$",
}


def _object(needed: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(needed),
        "properties": {**needed, **optional, "comment": _TEXT},
        "patternProperties": {"^_": {}},
        "additionalProperties": False,
    }


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_PAIR = _object({"name": _TEXT, "value": _TEXT})
_COOKIE = _object(
    {"name": _TEXT, "value": _TEXT},
    path=_TEXT,
    domain=_TEXT,
    expires=_DATE,
    httpOnly={"type": "boolean"},
    secure={"type": "boolean"},
)
_PARAM = _object({"name": _TEXT}, value=_TEXT, fileName=_TEXT, contentType=_TEXT)
_POSTED = _object({"mimeType": _TEXT}, params=_list(_PARAM), text=_TEXT)
_POSTED["not"] = {"required": ["params", "text"]}  # one or the other
_MESSAGE = {
    "httpVersion": _TEXT,
    "cookies": _list(_COOKIE),
    "headers": _list(_PAIR),
    "headersSize": _COUNT,
    "bodySize": _COUNT,
}
_REQUEST = _object(
    {"method": _TEXT, "url": _TEXT, "queryString": _list(_PAIR), **_MESSAGE}, postData=_POSTED
)
_CONTENT = _object(
    {"size": _COUNT, "mimeType": _TEXT},
    compression={"type": "integer"},
    text=_TEXT,
    encoding=_TEXT,
)
_RESPONSE = _object(
    {
        "status": {"type": "integer", "minimum": 0, "maximum": 999},
        "statusText": _TEXT,
        "content": _CONTENT,
        "redirectURL": _TEXT,
        **_MESSAGE,
    }
)
_TIMINGS = _object(
    {"send": _LENGTH, "wait": _LENGTH, "receive": _LENGTH},
    blocked=_MAYBE,
    dns=_MAYBE,
    connect=_MAYBE,
    ssl=_MAYBE,
)
_CACHED = {
    "anyOf": [
        {"type": "null"},
        _object({"lastAccess": _DATE, "eTag": _TEXT, "hitCount": _COUNT}, expires=_DATE),
    ]
}
_ENTRY = _object(
    {
        "startedDateTime": _DATE,
        "time": _LENGTH,
        "request": _REQUEST,
        "response": _RESPONSE,
        "cache": _object({}, beforeRequest=_CACHED, afterRequest=_CACHED),
        "timings": _TIMINGS,
    },
    pageref=_TEXT,
    serverIPAddress=_TEXT,
    connection=_TEXT,
)
_PROGRAM = _object({"name": _TEXT, "version": _TEXT})
_PAGE = _object(
    {
        "startedDateTime": _DATE,
        "id": _TEXT,
        "title": _TEXT,
        "pageTimings": _object({}, onContentLoad=_MAYBE, onLoad=_MAYBE),
    }
)
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_object(
        {
            "log": _object(
                {"version": {"const": "1.2"}, "creator": _PROGRAM, "entries": _list(_ENTRY)},
                browser=_PROGRAM,
                pages=_list(_PAGE),
            )
        }
    ),
}
