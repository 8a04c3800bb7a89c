"""The snapshot file's header: what another program wrote is refused."""

from __future__ import annotations

import dataclasses

import pytest

from streams.catalog import snapshot_format
from streams.catalog.compile import compile_snapshot
from streams.catalog.snapshot_format import assemble, folding_name, parse
from streams.errors import SnapshotError


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


def test_another_format_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = _empty()
    monkeypatch.setattr(snapshot_format, "FORMAT", 99)
    with pytest.raises(SnapshotError, match=r"has format 2 .*; this program reads format 99"):
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
