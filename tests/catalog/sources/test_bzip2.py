"""bzip2 as files: whole, whatever the number of streams, or an error."""

from __future__ import annotations

import bz2
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.catalog.sources.bzip2 import open_bzip2


@given(st.lists(st.binary(max_size=200), max_size=4))
def test_streams_are_read_one_after_the_other(parts: list[bytes]) -> None:
    assert open_bzip2(io.BytesIO(b"".join(map(bz2.compress, parts)))).read() == b"".join(parts)


def test_what_unpacks_to_much_comes_in_pieces() -> None:
    data = bytes(5_000_000) + b"end"
    file = open_bzip2(io.BytesIO(bz2.compress(data) + bz2.compress(b"")))
    assert b"".join(iter(lambda: file.read(70_000), b"")) == data


@pytest.mark.parametrize("cut", [1, 4, 20])
def test_a_file_that_ends_within_a_stream_is_an_error(cut: int) -> None:
    data = bz2.compress(b"first") + bz2.compress(b"second")
    with pytest.raises(EOFError, match="ends within a bzip2 stream"):
        open_bzip2(io.BytesIO(data[:-cut])).read()


@pytest.mark.parametrize("at", [0, 4, 20])
def test_a_stream_that_is_damaged_is_an_error_and_no_end(at: int) -> None:
    second = bytearray(bz2.compress(b"second"))
    second[at] ^= 1
    with pytest.raises(OSError, match="Invalid data stream"):
        open_bzip2(io.BytesIO(bz2.compress(b"first") + bytes(second))).read()
