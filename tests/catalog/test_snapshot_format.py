"""The snapshot file's header: what another program wrote is refused."""

from __future__ import annotations

import dataclasses
import zlib
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from streams.catalog import pages, snapshot_format
from streams.catalog.compile import compile_snapshot
from streams.catalog.snapshot import SnapshotView
from streams.catalog.snapshot_format import assemble, folding_name, parse, section_start
from streams.errors import SnapshotError

if TYPE_CHECKING:
    from collections.abc import Callable


def _empty() -> bytes:
    return b"".join(compile_snapshot([]).pieces)


def test_sections_come_back_aligned() -> None:
    header = dataclasses.replace(compile_snapshot([]).header, languages=("ar", "en"))
    data = b"".join(assemble(header, {"one": b"1", "two": b"", "three": bytes(range(17))}))
    read, sections = parse(memoryview(data), "it")
    assert read == header
    assert {name: bytes(part) for name, part in sections.items()} == {
        "one": b"1",
        "two": b"",
        "three": bytes(range(17)),
    }
    assert data.index(bytes(range(17))) % 8 == 0


def test_a_large_first_section_begins_where_its_pages_can_be_shared() -> None:
    large = b"<" + bytes(pages.LARGE)
    data = b"".join(assemble(compile_snapshot([]).header, {"one": large, "two": b"2"}))
    _, sections = parse(memoryview(data), "it")
    assert bytes(sections["one"]) == large
    assert section_start(memoryview(data), "one") % pages.PAGE == pages.PLACE
    assert section_start(memoryview(data), "two") % 8 == 0


def test_another_format_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = _empty()
    monkeypatch.setattr(snapshot_format, "FORMAT", 99)
    with pytest.raises(SnapshotError, match=r"has format 4 .*; this program reads format 99"):
        parse(memoryview(data), "it")


def test_another_byte_order_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.byteorder", "middle")
    data = _empty()
    monkeypatch.undo()
    with pytest.raises(SnapshotError, match="middle-endian"):
        parse(memoryview(data), "it")


def test_another_folding_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = _empty()
    monkeypatch.setattr(snapshot_format, "folding_name", lambda: "other")
    with pytest.raises(SnapshotError, match="this program folds by other"):
        parse(memoryview(data), "it")


def test_the_name_of_the_folding_follows_what_folding_does(monkeypatch: pytest.MonkeyPatch) -> None:
    before = folding_name()
    folding_name.cache_clear()
    assert folding_name() == before
    folding_name.cache_clear()
    fold_text = snapshot_format.fold_text
    monkeypatch.setattr(snapshot_format, "fold_text", lambda text: fold_text(text).replace("ø", "o").replace("ي", "ى"))
    assert folding_name() != before
    folding_name.cache_clear()


def _rewritten(change: Callable[[dict[str, Any]], None]) -> memoryview:
    """A snapshot whose header was changed, with a checksum that fits again."""
    data = _empty()
    length = int.from_bytes(data[8:12], "little")
    header = orjson.loads(data[16 : 16 + length])
    change(header)
    described = orjson.dumps(header)
    described += b" " * (-len(described) % 8)
    lengths = len(described).to_bytes(4, "little") + zlib.crc32(described).to_bytes(4, "little")
    return memoryview(data[:8] + lengths + described + data[16 + length :])


@pytest.mark.parametrize(
    "change",
    [
        lambda header: header.pop("version"),
        lambda header: header.update(forms=-1),
        lambda header: header.update(forms=True),
        lambda header: header.update(content_sum="0x1"),
        lambda header: header.update(languages="en"),
        lambda header: header.update(sections={}),
        lambda header: header["sections"].append(["more", 1, 2]),
        lambda header: header["sections"].append(["more", "1", 2, 3]),
        lambda header: header.update(sections=[]),
        lambda header: header.update(postings=7),
    ],
)
def test_a_header_that_nobody_wrote_is_refused_whatever_its_checksum(change: Callable[[dict[str, Any]], None]) -> None:
    assert SnapshotView(_rewritten(lambda _: None)).version != ""
    with pytest.raises(SnapshotError, match="damaged"):
        SnapshotView(_rewritten(change))


@pytest.mark.parametrize("header", [b"[]      ", b"nonsense", b"[" * 1000 + b"]" * 1000])
def test_a_header_that_is_no_object_is_refused_whatever_its_checksum(header: bytes) -> None:
    lengths = len(header).to_bytes(4, "little") + zlib.crc32(header).to_bytes(4, "little")
    with pytest.raises(SnapshotError, match="header of snapshot it is"):
        parse(memoryview(b"WASLSNAP" + lengths + header), "it")
