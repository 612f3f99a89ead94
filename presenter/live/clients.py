"""The clients that send the requests of one step, as quick as the library lets them be."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx

CONNECT_SECONDS = 5.0
REQUEST_SECONDS = 60.0
"""For one exchange, from its beginning to its last byte."""


@asynccontextmanager
async def clients_for(url: str, at_once: int) -> AsyncIterator[asyncio.Queue[httpx.AsyncClient]]:
    """A client for each request that may be on its way; it is put back when it is free.

    A pool of connections looks at all of them for each request. So each has one of its own, but
    over TLS: there, HTTP/2 sends all requests over one connection.
    """
    # The library looks for this module ten times a request, on the disk where it is not installed.
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]
    context = httpx.create_ssl_context()
    timeout = httpx.Timeout(REQUEST_SECONDS, connect=CONNECT_SECONDS)
    shared = url.lower().startswith("https:")
    places: asyncio.Queue[httpx.AsyncClient] = asyncio.LifoQueue()
    async with AsyncExitStack() as stack:
        for _ in range(1 if shared else at_once):
            limits = httpx.Limits(max_connections=at_once if shared else 1)
            client = httpx.AsyncClient(
                http2=True, limits=limits, timeout=timeout, verify=context, follow_redirects=False
            )
            await stack.enter_async_context(client)
            for _ in range(at_once if shared else 1):
                places.put_nowait(client)
        yield places
