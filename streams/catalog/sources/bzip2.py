"""Reading bzip2 as files: what is damaged is an error, as with gzip.

Python's own reader takes a stream whose beginning is damaged for the end of the file, and programs that compress on
several cores write one stream for each megabyte: the rest of a dump would be left out in silence.
"""

from __future__ import annotations

import bz2
from typing import IO, TYPE_CHECKING, Final

from streams.catalog.sources.unpacked import open_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["open_bzip2"]

_READ: Final = 1 << 14
_PIECE: Final = 1 << 20


def open_bzip2(stream: IO[bytes]) -> IO[bytes]:
    """Return the uncompressed bytes of one or more streams of bzip2.

    Reading raises EOFError where the file ends within one, and OSError where it is damaged, or goes on with something
    else.
    """
    return open_pieces(_unpack(stream))


def _unpack(file: IO[bytes]) -> Iterator[bytes]:
    stream, is_begun, data = bz2.BZ2Decompressor(), False, b""
    while True:
        if stream.eof:
            stream, is_begun, data = bz2.BZ2Decompressor(), False, stream.unused_data
        if len(data) == 0 and stream.needs_input:
            data = file.read(_READ)
            if len(data) == 0:
                if is_begun:
                    raise EOFError("it ends within a bzip2 stream")
                return
        is_begun = True
        piece = stream.decompress(data, _PIECE)
        data = b""
        if len(piece) > 0:
            yield piece
