"""The process that sends a step's requests: it reads a plan, writes a line for each exchange, ends.

It is a process of its own so that no slow import, name server or endless body is ever where slides
are drawn. Its input is held open as long as somebody listens: at its end the process ends.

    {"request": {"method": "GET", "url": "http://h/", "repeat": 1, …}, "label": "1 0123456789ab"}

    {"ready":true}
    {"sent":…}                         see `recording.har_lines`
    {"startedDateTime":…}
    {"end":{"status":0,"fault":null,"words":""}}
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import httpx

from presenter import __version__
from presenter.deck.http import HttpRequest
from presenter.live.asked import end_with_the_input
from presenter.live.clients import REQUEST_SECONDS, clients_for
from presenter.live.probe_net import fault_of
from presenter.live.unpacking import ACCEPTED, Unpacking
from presenter.recording.har import Body, Exchange, Pairs, Request, Response, Timings
from presenter.recording.har_lines import sent_line, sent_of, status_of
from presenter.recording.har_plan import read_plan
from presenter.recording.har_values import counted, holds, value_of
from presenter.recording.har_writer import exchange_line
from presenter.talk.fallback import Fault

READY = b'{"ready":true}\n'
"""Its first line: all that takes time before a request has been loaded."""
MOST_BODY = 1_048_576
"""Bytes of a body that are read; then the connection is closed."""
MOST_BODY_OF_MANY = 65_536
"""Of each where a request is repeated, once its values have been taken."""
MOST_BODY_DRAWN = 262_144
"""Of each where a request is repeated and a picture is made of what it brings."""
MOST_BODIES = 4 * 1_048_576
"""Of all bodies of a step that are passed on; the rest come without theirs."""
LONGEST_EXPORT = 4096
"""Characters of a value that becomes a variable."""
MOST_HEADERS = 200
"""Of a response that are passed on."""
LONGEST_HEADER = 8192
MOST_FAILURES = 5
"""Exchanges in a row that the other side was not there for: then it is gone."""
_ERRORS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError, zlib.error)


@dataclass
class _Watch:
    """When the parts of one exchange began and ended, by what the connection tells."""

    began: float = field(default_factory=time.monotonic)
    times: dict[str, float] = field(default_factory=dict)

    async def __call__(self, event: str, _info: Mapping[str, Any]) -> None:
        self.times[event.partition(".")[2]] = time.monotonic()

    def timings(self) -> Timings:
        ended = time.monotonic()
        tcp = self._took("connect_tcp")
        tls = self._took("start_tls")
        first = self.times.get("receive_response_headers.complete", ended)
        sent = self.times.get("send_request_body.complete", first)
        started = self.times.get("send_request_headers.started", sent)
        connect = None if tcp is None else tcp + (tls or 0.0)
        return Timings(
            blocked=max(started - self.began - (connect or 0.0), 0.0),
            connect=connect,
            ssl=tls,
            send=max(sent - started, 0.0),
            wait=max(first - sent, 0.0),
            receive=max(ended - first, 0.0),
        )

    @property
    def connected(self) -> bool:
        """Whether the exchange had to make a connection."""
        return "connect_tcp.complete" in self.times

    def _took(self, part: str) -> float | None:
        start, end = self.times.get(f"{part}.started"), self.times.get(f"{part}.complete")
        return None if start is None or end is None else max(end - start, 0.0)


class Sending:
    """One step."""

    def __init__(self, request: HttpRequest, label: str, output: int) -> None:
        """`output` is where the lines go; they wait for who reads them."""
        self._request = request
        self._label = label
        self._output = output
        self._left = MOST_BODIES
        self._failures = 0
        self._last: list[Exchange] = []
        """The first and the last: what the end is judged by."""
        self._fault: Fault | None = None
        self._words = ""
        self._held = False
        """What the request is repeated for has come."""
        self._exports: dict[str, str] = {}
        """Of the last response that has them."""
        self._over = asyncio.Event()
        self._recorded = _as_recorded(request)
        self._headers = list(_as_sent(request.headers))
        self._content = None if request.body is None else request.body.encode("utf-8", "replace")
        self._addresses: dict[httpx.AsyncClient, str] = {}

    async def run(self) -> None:
        self._write(sent_line(sent_of(self._request, self._request.url)))
        async with clients_for(self._request.url, self._request.at_once) as places:
            began = time.monotonic()
            tasks: set[asyncio.Task[None]] = set()
            for number in range(self._request.repeat):
                client = await places.get()
                await self._pause(began + number * self._request.every - time.monotonic())
                if self._over.is_set():
                    break
                task = asyncio.create_task(self._one(client, places))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            for task in list(tasks):
                if self._over.is_set():
                    task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        gone = self._fault if self._failures else None
        status = status_of(self._last)
        if self._request.until is not None:
            status = int(not self._held)
        fault = gone.value if gone is not None and (status or self._over.is_set()) else None
        end: dict[str, object] = {"status": status, "fault": fault}
        end["words"] = self._words if fault else ""
        end |= {"exports": self._exports} if self._exports else {}
        self._write(json.dumps({"end": end}))

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            if seconds > 0:
                await asyncio.wait_for(self._over.wait(), seconds)

    async def _one(
        self, client: httpx.AsyncClient, places: asyncio.Queue[httpx.AsyncClient]
    ) -> None:
        try:
            exchange = await self._exchange(client)
        finally:
            places.put_nowait(client)
        until = self._request.until
        values = tuple((one.name, counted(one.pick, exchange)) for one in self._request.groups)
        done = until is not None and holds(until, exchange)
        self._held = self._held or done
        for one in self._request.exports:
            if value := value_of(one.pick, exchange, LONGEST_EXPORT):
                self._exports[one.name] = value
        self._last = [*self._last[:1], exchange]
        self._write(exchange_line(self._bounded(replace(exchange, groups=values))))
        if done or (self._failures >= MOST_FAILURES and self._fault is not None):
            self._over.set()

    def _bounded(self, exchange: Exchange) -> Exchange:
        """With as much of its body as there is room for."""
        body = exchange.response.body
        most = MOST_BODY_DRAWN if self._request.picture else MOST_BODY_OF_MANY
        most = min(MOST_BODY if self._request.repeat == 1 else most, self._left)
        self._left -= min(most, len(body.data))
        if len(body.data) <= most:
            return exchange
        cut = replace(body, data=body.data[:most])
        return replace(exchange, response=replace(exchange.response, body=cut))

    # --- one exchange -------------------------------------------------------------------------

    async def _exchange(self, client: httpx.AsyncClient) -> Exchange:
        watch, started = _Watch(), datetime.now().astimezone()
        response, error = Response(0), ""
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                response = await self._response(client, watch)
        except _ERRORS as problem:
            self._fault, error = fault_of(problem)
            self._words = error
            self._failures += 1
        else:
            self._failures = 0
        return Exchange(
            started,
            replace(self._recorded, version=response.version),
            response,
            watch.timings(),
            self._addresses.get(client, "") if response.status else "",
            self._label,
            self._request.name,
            error=error,
            picture=self._request.picture,
        )

    async def _response(self, client: httpx.AsyncClient, watch: _Watch) -> Response:
        asked = httpx.Request(
            self._request.method,
            self._url,
            headers=self._headers,
            content=self._content,
            extensions={"trace": watch, "timeout": client.timeout.as_dict()},
        )
        answer = await client.send(asked, stream=True)
        try:
            if watch.connected or client not in self._addresses:
                stream = answer.extensions.get("network_stream")
                peer = stream.get_extra_info("server_addr") if stream is not None else None
                self._addresses[client] = str(peer[0]) if isinstance(peer, tuple) else ""
            return _as_response(answer, await _body_of(answer))
        finally:
            await answer.aclose()

    @cached_property
    def _url(self) -> httpx.URL:
        """Raises httpx.InvalidURL."""
        return httpx.URL(self._request.url)

    def _write(self, line: str) -> None:
        data = line.encode("ascii") + b"\n"
        while data:
            data = data[os.write(self._output, data) :]


async def _body_of(answer: httpx.Response) -> Body:
    """Its beginning; the connection is closed where there is more."""
    data = bytearray()
    mime = answer.headers.get("content-type", "")
    unpacking = Unpacking(answer.headers.get("content-encoding", ""))
    async for raw in answer.aiter_raw():
        for piece in unpacking.pieces(raw):
            data += piece
            if len(data) > MOST_BODY:
                told = "" if unpacking.is_packed else answer.headers.get("content-length", "")
                size = int(told) if told.isdecimal() and len(told) < 16 else 0
                return Body(mime, bytes(data[:MOST_BODY]), max(size, len(data)))
    return Body(mime, bytes(data), len(data))


def _as_response(answer: httpx.Response, body: Body) -> Response:
    return Response(
        status=answer.status_code,
        reason=answer.reason_phrase,
        version=answer.http_version,
        headers=tuple(_bounded_headers(answer.headers)),
        body=body,
        redirect=answer.headers.get("location", ""),
    )


def _bounded_headers(headers: httpx.Headers) -> Iterator[tuple[str, str]]:
    for name, value in headers.multi_items()[:MOST_HEADERS]:
        yield name[:LONGEST_HEADER], value[:LONGEST_HEADER]


def _as_sent(headers: Pairs) -> Iterator[tuple[bytes, bytes]]:
    """With what a request says where the deck says nothing else."""
    told = {"accept": "*/*", "accept-encoding": ACCEPTED, "user-agent": f"presenter/{__version__}"}
    named = {name.lower() for name, _ in headers}
    ours = ((name, value) for name, value in told.items() if name not in named)
    for name, value in (*ours, *headers):
        yield name.lower().encode(), value.encode()


def _as_recorded(request: HttpRequest) -> Request:
    mime = next((value for name, value in request.headers if name.lower() == "content-type"), "")
    return Request(
        request.method, request.url, headers=request.headers, mime=mime, text=request.body
    )


def main() -> None:
    """Runs as a process."""
    os.write(1, READY)
    request, label = read_plan(sys.stdin.buffer.readline())
    end_with_the_input()
    with suppress(BrokenPipeError):
        asyncio.run(Sending(request, label, 1).run())
    os._exit(0)  # some of its threads may wait for ever


if __name__ == "__main__":
    main()
