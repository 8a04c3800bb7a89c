"""Pieces as files."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.catalog.sources.unpacked import open_pieces


@given(st.lists(st.binary(max_size=50), max_size=20), st.integers(1, 60))
def test_a_file_holds_its_pieces(pieces: list[bytes], portion: int) -> None:
    file = open_pieces(iter(pieces))
    assert b"".join(iter(lambda: file.read(portion), b"")) == b"".join(pieces)
