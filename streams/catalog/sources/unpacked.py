"""Bytes that come in pieces, as a file that is read."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["open_pieces"]


def open_pieces(pieces: Iterator[bytes]) -> IO[bytes]:
    """Return a file that holds ``pieces``, one after the other; what they raise, reading raises."""
    return cast("IO[bytes]", io.BufferedReader(_Pieces(pieces), 1 << 17))


class _Pieces(io.RawIOBase):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._piece = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while len(self._piece) == 0:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._piece = memoryview(piece)
        count = min(len(buffer), len(self._piece))
        buffer[:count] = self._piece[:count]
        self._piece = self._piece[count:]
        return count
