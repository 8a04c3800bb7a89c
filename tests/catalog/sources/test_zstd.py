"""zstd as files."""

from __future__ import annotations

import io
import struct

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from streams.catalog.sources.zstd import is_zstd, open_zstd


@given(st.lists(st.binary(max_size=50_000), max_size=4), st.integers(1, 70_000))
def test_frames_are_read_as_one(parts: list[bytes], size: int) -> None:
    data = b"".join(zstandard.ZstdCompressor().compress(part) for part in parts)
    stream = open_zstd(io.BytesIO(data))
    assert b"".join(iter(lambda: stream.read(size), b"")) == b"".join(parts)


@given(st.lists(st.binary(max_size=50_000), min_size=1, max_size=4), st.integers(0, 15), st.integers(0, 40_000))
def test_what_pzstd_writes_is_read_and_its_frames_to_skip_are_skipped(parts: list[bytes], kind: int, size: int) -> None:
    skipped = struct.pack("<II", 0x184D2A50 + kind, size) + bytes(size)
    data = b"".join(skipped + zstandard.ZstdCompressor().compress(part) for part in parts)
    assert is_zstd(data[:4])
    assert open_zstd(io.BytesIO(data)).read() == b"".join(parts)


def test_an_end_within_a_frame_is_an_error() -> None:
    data = zstandard.ZstdCompressor().compress(b"line\n" * 10_000)
    for cut in range(1, len(data)):
        with pytest.raises(EOFError, match="within a zstd frame"):
            open_zstd(io.BytesIO(data[:cut])).read()


def test_damage_is_an_error() -> None:
    with pytest.raises(zstandard.ZstdError):
        open_zstd(io.BytesIO(b"no zstd at all")).read()
