"""Bodies of responses unpacked as they come, never more at once than a piece.

A packed body may be a thousand times as large as what comes over the wire. What is packed in
another way than was asked for stays as it is.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

ACCEPTED = "gzip, deflate"
"""What a request asks for, where the deck says nothing else."""
PIECE = 65_536
"""Bytes."""
_GZIP, _ZLIB, _BARE = 31, 15, -15
_WINDOWS = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": _ZLIB}


class Unpacking:
    """Of one body; `encoding` is the value of the header `content-encoding`."""

    def __init__(self, encoding: str) -> None:
        self._window = _WINDOWS.get(encoding.strip().lower(), 0)
        self._one = zlib.decompressobj(self._window) if self._window else None

    @property
    def is_packed(self) -> bool:
        return self._one is not None

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What comes of the next bytes; raises zlib.error where they are not packed so."""
        if self._one is None:
            yield data
            return
        try:
            piece = self._one.decompress(data, PIECE)
        except zlib.error:
            if self._window != _ZLIB:
                raise
            self._window = _BARE  # some servers leave its head out
            self._one = zlib.decompressobj(_BARE)
            piece = self._one.decompress(data, PIECE)
        while piece:
            yield piece
            piece = self._one.decompress(self._one.unconsumed_tail, PIECE)
