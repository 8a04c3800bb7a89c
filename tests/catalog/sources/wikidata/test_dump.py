"""Dumps as blocks of whole lines."""

from __future__ import annotations

import bz2
import gzip
import io
import itertools
import zlib
from typing import TYPE_CHECKING

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from streams.catalog.sources.wikidata import dump as module
from streams.catalog.sources.wikidata.dump import START, Dump, Place, cut
from streams.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_LINES = b"".join(b'{"id":"Q%d"},\n' % number for number in range(1, 400))
_SMALL = 500


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK_BYTES", _SMALL)


class Portioned(io.RawIOBase):
    """A pipe whose other end writes as it likes."""

    def __init__(self, data: bytes, portion: int) -> None:
        super().__init__()
        self._data = io.BytesIO(data)
        self._portion = portion

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._data.read(min(self._portion, len(buffer)))
        buffer[: len(data)] = data
        return len(data)


def _zstd(data: bytes) -> bytes:
    half = len(data) // 2
    compressor = zstandard.ZstdCompressor()
    return compressor.compress(data[:half]) + compressor.compress(data[half:])


def _pzstd(data: bytes) -> bytes:
    return b"\x50\x2a\x4d\x18\x04\x00\x00\x00size" + _zstd(data)


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data[:100]) + gzip.compress(data[100:])


def _bzip2(data: bytes) -> bytes:
    return bz2.compress(data[:100]) + bz2.compress(data[100:])


@pytest.mark.parametrize("pack", [bytes, _gzip, _bzip2, _zstd, _pzstd])
@pytest.mark.parametrize("portion", [None, 7])
def test_a_dump_is_read_however_it_is_compressed(
    pack: Callable[[bytes], bytes], portion: int | None, tmp_path: Path
) -> None:
    path = tmp_path / "dump"
    path.write_bytes(pack(_LINES))
    dump = Dump.open(path) if portion is None else Dump(Portioned(path.read_bytes(), portion), "pipe", size=None)
    blocks = list(dump.blocks())
    dump.close()
    assert b"".join(block.data for block in blocks) == _LINES
    assert len(blocks) > 5
    assert blocks[-1].read == path.stat().st_size
    for block, following in itertools.pairwise(blocks):
        assert block.after == following.place
        assert block.data.endswith(b"\n")
        assert following.place.line == 1 + _LINES[: following.place.offset].count(b"\n")
    assert blocks[-1].after.checksum == zlib.crc32(_LINES)


@pytest.mark.parametrize("pack", [bytes, _gzip, _bzip2, _zstd])
def test_a_dump_is_the_same_dump_however_a_pipe_portions_it(pack: Callable[[bytes], bytes]) -> None:
    data = pack(_LINES * 20)
    identities = {Dump(Portioned(data, portion), "pipe", size=None).identity for portion in (11, 1_000, 1 << 20)}
    assert len(identities) == 1
    other = Dump(io.BytesIO(pack(b"x" + _LINES * 20)), "pipe", size=None)
    assert other.identity not in identities


@pytest.mark.parametrize("pack", [bytes, _gzip])
@pytest.mark.parametrize("is_file", [True, False])
def test_reading_goes_on_from_any_block(pack: Callable[[bytes], bytes], is_file: bool, tmp_path: Path) -> None:
    path = tmp_path / "dump"
    path.write_bytes(pack(_LINES))

    def opened() -> Dump:
        return Dump.open(path) if is_file else Dump(Portioned(path.read_bytes(), 99), "pipe", size=None)

    blocks = list(opened().blocks())
    for at, block in enumerate(blocks):
        rest = list(opened().blocks(block.place))
        assert [(each.place, each.after, each.data) for each in rest] == [
            (each.place, each.after, each.data) for each in blocks[at:]
        ]
    assert list(opened().blocks(blocks[-1].after)) == []


def test_another_dump_is_refused_when_going_on() -> None:
    place = list(Dump(io.BytesIO(gzip.compress(_LINES)), "one", size=None).blocks())[3].place
    other = gzip.compress(_LINES.replace(b"Q1", b"Q2"))
    with pytest.raises(InputError, match="other differs from the dump that the import began with"):
        list(Dump(io.BytesIO(other), "other", size=None).blocks(place))


def test_a_dump_that_is_shorter_than_what_was_read_is_another() -> None:
    end = list(Dump(io.BytesIO(_LINES), "one", size=None).blocks())[-1].after
    Dump(io.BytesIO(_LINES), "one", size=None).check_end(end)
    for other in (_LINES[:-30], _LINES + b"{}\n", _LINES.replace(b"Q1", b"Q2")):
        with pytest.raises(InputError, match="other differs from the dump that the import began with"):
            Dump(io.BytesIO(other), "other", size=None).check_end(end)


@given(
    st.lists(st.integers(0, 40), max_size=60),
    st.booleans(),
    st.integers(1, 50),
)
def test_cutting_loses_nothing(lengths: list[int], ends: bool, portion: int) -> None:
    data = b"\n".join(b"x" * length for length in lengths) + (b"\n" if ends else b"")
    before, module.BLOCK_BYTES = module.BLOCK_BYTES, 30
    try:
        blocks = list(cut(io.BufferedReader(Portioned(data, portion)), START, name="dump"))
    finally:
        module.BLOCK_BYTES = before
    assert b"".join(block.data for block in blocks) == data
    assert all(len(block.data) >= 30 for block in blocks[:-1])
    assert all(block.data.endswith(b"\n") for block in blocks[:-1])


def test_a_line_without_end_is_cut_and_those_after_it_keep_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LINE", 2_000)
    monkeypatch.setattr(module, "_READ", 512)
    endless = b"y" * 50_000
    blocks = list(cut(io.BytesIO(_LINES + endless + b"\n" + _LINES), START, name="dump"))
    lines = b"".join(block.data for block in blocks).split(b"\n")
    assert len(lines) == 2 * _LINES.count(b"\n") + 2
    cut_line = lines[_LINES.count(b"\n")]
    assert cut_line == b"y" * len(cut_line)
    assert len(cut_line) < 4_000
    assert blocks[-1].after.offset == 2 * len(_LINES) + len(endless) + 1
    assert b"\n".join(lines[-_LINES.count(b"\n") - 1 :]) == _LINES


@pytest.mark.parametrize("pack", [_gzip, _bzip2, _zstd])
def test_a_dump_that_ends_too_early_says_so(pack: Callable[[bytes], bytes]) -> None:
    whole = pack(_LINES)
    blocks = Dump(io.BytesIO(whole[: len(whole) - 9]), "dump", size=None).blocks()
    with pytest.raises(InputError, match=r"cannot be read after line [\d,]+: .*\b(ended|ends) "):
        list(blocks)


@pytest.mark.parametrize("is_file", [True, False])
@pytest.mark.parametrize("pack", [bytes, _gzip, _bzip2, _zstd])
@pytest.mark.parametrize(
    ("before", "after", "is_unclosed"),
    [
        (b"\xef\xbb\xbf[\n", b"]\r\n\n", False),
        (b"\xef\xbb\xbf[\n", b"\n", True),
        (b"[\n", b'{"id":"Q', True),
        (b"", b'{"id":"Q', False),
    ],
)
def test_an_array_that_does_not_end_is_seen(
    pack: Callable[[bytes], bytes], is_file: bool, before: bytes, after: bytes, is_unclosed: bool, tmp_path: Path
) -> None:
    path = tmp_path / "dump"
    path.write_bytes(pack(before + _LINES + after))
    start = START
    for _ in range(2):
        dump = Dump.open(path) if is_file else Dump(Portioned(path.read_bytes(), 99), "pipe", size=None)
        blocks = list(dump.blocks(start))
        assert dump.is_unclosed == is_unclosed
        start = blocks[3].place


def test_a_damaged_part_of_a_bzip2_file_is_not_its_end() -> None:
    first, second = bz2.compress(_LINES), bytearray(bz2.compress(_LINES))
    second[20] ^= 1
    dump = Dump(io.BytesIO(first + bytes(second)), "dump", size=None)
    with pytest.raises(InputError, match="dump cannot be read after line"):
        list(dump.blocks())


def test_nothing_is_no_dump(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(InputError, match="is empty"):
        Dump.open(tmp_path / "empty")
    with pytest.raises(InputError, match="cannot be read"):
        Dump.open(tmp_path / "none")
    with pytest.raises(InputError, match="cannot be read"):
        Dump.open(tmp_path)


def test_the_first_place_is_the_beginning() -> None:
    assert Place(0, 1, 0, 0) == START
