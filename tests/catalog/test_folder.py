"""Local copies: whole or not there, the one before kept, and never back in time."""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING

import orjson
import pytest

from streams.catalog import folder as module
from streams.catalog.compile import compile_snapshot
from streams.catalog.folder import SnapshotFolder, SnapshotUse
from streams.catalog.overlay import OverlayView
from streams.catalog.records import Record
from streams.catalog.snapshot import SnapshotView, open_snapshot
from streams.errors import SnapshotError
from streams.events.entity import Entity

if TYPE_CHECKING:
    from pathlib import Path


def _record(number: int) -> Record:
    return Record(f"Q{number}", Entity(f"Q{number}", "person", {"en": f"Name {number}"}))


def _pieces(*numbers: int) -> list[bytes]:
    return compile_snapshot(map(_record, numbers), sequence=numbers[-1]).pieces


def _files(path: Path, suffix: str) -> list[Path]:
    return sorted(path.glob(f"*{suffix}"))


def test_an_empty_folder_has_nothing(tmp_path: Path) -> None:
    assert SnapshotFolder(tmp_path / "not there").load() is None


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    view = SnapshotFolder(tmp_path / "new").save(_pieces(1, 2))
    local = SnapshotFolder(tmp_path / "new").load()
    assert local is not None
    assert (local.view.version, local.sequence) == (view.version, 2)
    assert list(tmp_path.glob("new/.*.part")) == []


def test_the_one_before_is_kept_and_used_when_the_newest_is_damaged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = SnapshotFolder(tmp_path)
    for numbers in ((1,), (1, 2), (1, 2, 3)):
        folder.save(_pieces(*numbers))
    older, newest = _files(tmp_path, ".snapshot")
    os.utime(older, (1, 1))
    newest.write_bytes(newest.read_bytes()[:-20])
    folder = SnapshotFolder(tmp_path)
    local = folder.load()
    assert local is not None
    assert (local.sequence, local.saved_at) == (2, 1)
    [line] = caplog.records
    assert (line.levelname, line.message, vars(line)["path"]) == (
        "WARNING",
        "damaged local copy skipped",
        str(newest),
    )
    assert folder.damaged == (vars(line)["detail"].partition(". ")[0] + ".",)
    older.write_bytes(b"")
    assert folder.load() is None
    assert len(folder.damaged) == 2


def test_what_another_process_removes_meanwhile_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SnapshotFolder(tmp_path).save(_pieces(1))
    # What is listed, and is gone when it is looked at.
    (tmp_path / "9-gone.snapshot").symlink_to(tmp_path / "nowhere")

    def removed(path: Path) -> SnapshotView:
        view = open_snapshot(path)
        path.unlink()
        return view

    monkeypatch.setattr(module, "open_snapshot", removed)
    local = SnapshotFolder(tmp_path).load()
    assert local is not None
    assert local.sequence == 1


def _places(data: bytes) -> dict[str, int]:
    """Return a byte of each part of a snapshot: of what stands before the header, of the header, of each section."""
    length = int.from_bytes(data[8:12], "little")
    header = orjson.loads(data[16 : 16 + length])
    sections = {name: 16 + length + offset + size // 2 for name, offset, size, _ in header["sections"] if size > 0}
    return {"magic": 0, "length": 8, "checksum": 12, "header": 16 + length // 2, **sections}


@pytest.mark.parametrize("damage", ["flipped", "cut"])
def test_damage_anywhere_leads_to_the_one_before(tmp_path: Path, damage: str) -> None:
    folder = SnapshotFolder(tmp_path)
    folder.save(_pieces(1))
    records = [_record(1), _record(2), Record("Q9", redirect="Q2")]
    data = b"".join(compile_snapshot(records, sequence=2).pieces)
    folder.save([data])
    newest = _files(tmp_path, ".snapshot")[-1]
    places = _places(data)
    assert {"automaton", "document", "entity", "form_at", "from", "header", "id", "to"} <= set(places)
    for part, at in places.items():
        damaged = data[:at] if damage == "cut" else data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        newest.write_bytes(damaged)
        os.utime(newest)
        local = SnapshotFolder(tmp_path).load()
        assert local is not None
        assert local.sequence == 1, part
    newest.write_bytes(data)
    whole = SnapshotFolder(tmp_path).load()
    assert whole is not None
    assert whole.sequence == 2


def test_a_damaged_snapshot_is_not_saved(tmp_path: Path) -> None:
    folder = SnapshotFolder(tmp_path)
    with pytest.raises(SnapshotError, match="damaged"):
        folder.save(_pieces(1)[:2])
    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_dies_half_way_leaves_nothing(tmp_path: Path) -> None:
    def dying() -> object:
        yield b"WASLSNAP"
        raise SnapshotError("gone")

    with pytest.raises(SnapshotError, match="gone"):
        SnapshotFolder(tmp_path).save(dying())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_journal_brings_back_the_changes(tmp_path: Path) -> None:
    folder = SnapshotFolder(tmp_path)
    view = OverlayView(folder.save(_pieces(1))).with_records(
        [_record(2), Record("Q1", _record(1).entity, retired=True)]
    )
    folder.save_changes(view, 9)
    local = SnapshotFolder(tmp_path).load()
    assert local is not None
    assert (local.view.version, local.sequence) == (view.version, 9)
    assert local.view.changed == view.changed


@pytest.mark.parametrize(
    "damage",
    [b"", b"{}", b"not json\n[]", b'{"sequence":9,"version":"x","checksum":0}\n']
    # Valid JSON, as what a flipped bit leaves may be.
    + [b"[]\n[]", b"1\n[]", b"null\n[]", b'{"sequence":"9","version":"%s","checksum":%d}\n[]'],
)
def test_a_damaged_journal_is_left_out(tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture) -> None:
    folder = SnapshotFolder(tmp_path)
    view = OverlayView(folder.save(_pieces(1)))
    folder.save_changes(view.with_records([_record(2)]), 9)
    (journal,) = _files(tmp_path, ".changes")
    if b"%s" in damage:
        damage %= view.version.encode(), zlib.crc32(b"[]")
    journal.write_bytes(damage)
    local = SnapshotFolder(tmp_path).load()
    assert local is not None
    assert (local.view.version, local.sequence) == (view.version, 1)
    assert [vars(line)["path"] for line in caplog.records] == [str(journal)]


def test_journals_go_with_their_snapshots(tmp_path: Path) -> None:
    folder = SnapshotFolder(tmp_path)
    for numbers in ((1,), (1, 2), (1, 2, 3)):
        folder.save_changes(OverlayView(folder.save(_pieces(*numbers))).with_records([_record(7)]), 9)
    assert [path.stem for path in _files(tmp_path, ".changes")] == [path.stem for path in _files(tmp_path, ".snapshot")]


def test_what_a_killed_process_left_goes_with_the_next_snapshot(tmp_path: Path) -> None:
    old, young = tmp_path / ".aaaa.part", tmp_path / ".bbbb.part"
    for part in (old, young):
        part.write_bytes(b"half")
    os.utime(old, (1, 1))
    SnapshotFolder(tmp_path).save(_pieces(1))
    assert (old.exists(), young.exists()) == (False, True)


def test_a_journal_is_never_written_for_another_snapshot(tmp_path: Path) -> None:
    folder = SnapshotFolder(tmp_path)
    view = OverlayView(folder.save(_pieces(1))).with_records([_record(2)])
    with pytest.raises(SnapshotError):
        folder.save([b"damaged"])
    folder.save_changes(view, 9)
    assert _files(tmp_path, ".changes") == []


def test_touching_says_until_when_it_was_current(tmp_path: Path) -> None:
    folder = SnapshotFolder(tmp_path)
    folder.touch(5)
    folder.save(_pieces(1))
    folder.touch(1234)
    local = SnapshotFolder(tmp_path).load()
    assert local is not None
    assert local.saved_at == 1234


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = SnapshotFolder(tmp_path / "file" / "below")
    with pytest.raises(SnapshotError, match=r"cannot be written to .*below.*WASL_DATA_DIR"):
        folder.save(_pieces(1))
    with pytest.raises(SnapshotError, match="WASL_DATA_DIR"), folder.lock():
        pass


def test_a_copy_that_holds_nothing_is_none(tmp_path: Path) -> None:
    folder = SnapshotFolder(tmp_path)
    folder.save(_pieces(1))
    folder.save(compile_snapshot([], sequence=0).pieces)
    local = SnapshotFolder(tmp_path).load()
    assert local is not None
    assert local.sequence == 1


def test_it_says_what_a_view_stands_on(tmp_path: Path) -> None:
    folder = SnapshotFolder(tmp_path / "copies")
    pieces = _pieces(1, 2)
    view = OverlayView(folder.save(pieces, source="redis"))
    assert folder.use(view) == SnapshotUse("redis", sum(map(len, pieces)), kept=True, damaged=0)
    (tmp_path / "copies" / "9-sha.snapshot").write_bytes(b"rubbish")
    again = SnapshotFolder(tmp_path / "copies")
    local = again.load()
    assert local is not None
    assert again.use(local.view) == SnapshotUse("copy", sum(map(len, pieces)), kept=True, damaged=1)


def test_it_says_when_what_is_in_use_could_not_be_kept(tmp_path: Path) -> None:
    folder = SnapshotFolder(tmp_path / "copies")
    view = OverlayView(folder.save(_pieces(1)))
    folder.save_changes(view, 1)
    assert folder.use(view).kept
    (tmp_path / "copies").rename(tmp_path / "away")
    (tmp_path / "copies").touch()
    with pytest.raises(SnapshotError):
        folder.save_changes(view, 1)
    assert not folder.use(view).kept
