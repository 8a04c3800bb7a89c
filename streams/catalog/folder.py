"""Snapshots on the local disk: what a worker starts from, and all it has while Redis is away.

A snapshot is written beside its name, forced to the disk, checked, and only then renamed into place. The
one before it stays, and is used when the newest cannot be read. Next to a snapshot lies a journal: the
records that were changed since, so that a restart while Redis is away does not go back in time.
"""

from __future__ import annotations

import fcntl
import logging
import os
import tempfile
import zlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson

from streams.catalog.overlay import OverlayView
from streams.catalog.records import EMPTY_VERSION, decode_records, encode_records
from streams.catalog.snapshot import open_snapshot
from streams.errors import EventError, SnapshotError
from streams.events import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.catalog.records import Record
    from streams.catalog.snapshot import SnapshotView

__all__ = ["Local", "SnapshotFolder", "SnapshotUse"]

_LOG = logging.getLogger(__name__)
_SNAPSHOT: Final = ".snapshot"
_JOURNAL: Final = ".changes"
_PART: Final = ".part"
_WRITING: Final = 3_600.0
_KEPT: Final = 2
_PIECE: Final = 200


@dataclass(frozen=True, slots=True)
class Local:
    """What the folder holds.

    Attributes:
        view: The newest snapshot that can be read, with the changes of its journal.
        sequence: Sequence of the last change in it.
        saved_at: When it was last known to be current, in seconds since the epoch.
    """

    view: OverlayView
    sequence: int
    saved_at: float


@dataclass(frozen=True, slots=True)
class SnapshotUse:
    """The snapshot below the catalogue in use, and what would be there for the next start.

    Attributes:
        source: Where it was taken from: the local ``copy``, ``redis``, or compiled from the store's ``records``.
        size: Its bytes.
        kept: Whether a worker that starts while Redis is away finds it on the disk, with the changes since.
        damaged: Local copies that could not be read when they were looked at last.
    """

    source: str
    size: int
    kept: bool
    damaged: int


class SnapshotFolder:
    """A folder of snapshots; processes may share one.

    Args:
        path: The folder; it is made where it is missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._current: Path | None = None
        self._damaged: tuple[str, ...] = ()
        self._source = "copy"
        self._is_written = True

    @property
    def path(self) -> Path:
        """The folder."""
        return self._path

    @property
    def damaged(self) -> tuple[str, ...]:
        """Why copies could not be read when they were loaded last, one text a copy."""
        return self._damaged

    def use(self, view: OverlayView) -> SnapshotUse:
        """Say what ``view``, which was loaded by way of this folder, stands on."""
        kept = self._current is not None and self._is_written
        return SnapshotUse(self._source, view.base.size, kept, len(self._damaged))

    def save(self, pieces: Iterable[bytes], *, source: str = "records") -> SnapshotView:
        """Write a snapshot, check it, put it in its place and remove all but the one before it.

        Args:
            pieces: Its bytes.
            source: Where they are from; see `SnapshotUse`.

        Raises:
            SnapshotError: It cannot be written, or is damaged; nothing is left of it.
        """
        # Until this has succeeded, the journal of the snapshot before must not be written any more.
        self._current, self._source = None, source
        temporary = self._write(pieces)
        try:
            view = open_snapshot(temporary)
            header = view.header
            path = self._path / f"{header.sequence:015d}-{header.version}{_SNAPSHOT}"
            # Its journal belongs to the file that is being replaced.
            path.with_suffix(_JOURNAL).unlink(missing_ok=True)
            temporary.rename(path)
        finally:
            temporary.unlink(missing_ok=True)
        _sync(self._path)
        self._current = path
        for _, old in self._snapshots()[_KEPT:]:
            old.unlink(missing_ok=True)
        for journal in self._path.glob(f"*{_JOURNAL}"):
            if not journal.with_suffix(_SNAPSHOT).exists():
                journal.unlink(missing_ok=True)
        self._remove_parts(path.stat().st_mtime - _WRITING)
        # What was checked is what was renamed: it is not read a second time.
        return view

    def save_changes(self, view: OverlayView, sequence: int) -> None:
        """Write what ``view`` changed since the snapshot that was saved or loaded last.

        Raises:
            SnapshotError: It cannot be written.
        """
        if self._current is None:
            return
        pieces, checksum = [], 0
        for piece in _encoded(list(view.changed.values())):
            pieces.append(piece)
            checksum = zlib.crc32(piece, checksum)
        about = orjson.dumps({"sequence": sequence, "version": view.version, "checksum": checksum})
        self._write([about, b"\n", *pieces]).rename(self._current.with_suffix(_JOURNAL))

    def touch(self, now: float) -> None:
        """Note that what was saved is current at ``now``, in seconds since the epoch."""
        if self._current is not None:
            with suppress(OSError):
                os.utime(self._current, (now, now))

    def load(self) -> Local | None:
        """Return the newest snapshot that can be read; None where there is none."""
        self._damaged = ()
        for saved_at, path in self._snapshots():
            try:
                base = open_snapshot(path)
            except SnapshotError as exc:
                self._damaged += (exc.message,)
                _skipped(path, exc)
                continue
            local = self._with_journal(path, base, saved_at)
            # What is left of a store that was emptied by accident is nothing to start from.
            if local.view.version != EMPTY_VERSION:
                self._current, self._source, self._is_written = path, "copy", True
                return local
        return None

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Let one process at a time load: the others then find what it has saved.

        Raises:
            SnapshotError: The folder cannot be written.
        """
        with _mapped(self._path):
            self._path.mkdir(parents=True, exist_ok=True)
            file = (self._path / ".lock").open("w")
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _with_journal(self, path: Path, base: SnapshotView, saved_at: float) -> Local:
        view, sequence = OverlayView(base), base.header.sequence
        journal = path.with_suffix(_JOURNAL)
        if journal.exists():
            try:
                view, sequence = _with_changes(view, journal)
            except (OSError, EventError, SnapshotError) as exc:
                _skipped(journal, exc)
        return Local(view, sequence, saved_at)

    def _snapshots(self) -> list[tuple[float, Path]]:
        """Return the snapshots with when each was last known to be current, newest first."""
        found = []
        for path in self._path.glob(f"*{_SNAPSHOT}"):
            # Another process may remove one at any time.
            with suppress(FileNotFoundError):
                found.append((path.stat().st_mtime, path))
        return sorted(found, reverse=True)

    def _remove_parts(self, before: float) -> None:
        """Remove what was left by processes that were killed while they wrote; whoever still writes has done so since.

        Args:
            before: Time of the last write, in seconds since the epoch.
        """
        for part in self._path.glob(f".*{_PART}"):
            with suppress(FileNotFoundError):
                if part.stat().st_mtime < before:
                    part.unlink()

    def _write(self, pieces: Iterable[bytes]) -> Path:
        self._is_written = False
        with _mapped(self._path):
            self._path.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._path, prefix=".", suffix=_PART)
        try:
            with _mapped(self._path), os.fdopen(handle, "wb") as file:
                for piece in pieces:
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        self._is_written = True
        return Path(name)


def _encoded(records: list[Record]) -> Iterator[bytes]:
    """Yield what `encode_records` returns, in pieces.

    While one is encoded no other thread goes on, and an event loop in this process is not to wait for all of them.
    """
    yield b"["
    for start in range(0, len(records), _PIECE):
        yield (b"" if start == 0 else b",") + encode_records(records[start : start + _PIECE])[1:-1]
    yield b"]"


def _with_changes(view: OverlayView, journal: Path) -> tuple[OverlayView, int]:
    """Return ``view`` with the changes of its journal, and the sequence of the last.

    Raises:
        OSError, EventError, SnapshotError: The journal is damaged.
    """
    about, _, records = journal.read_bytes().partition(b"\n")
    fields = read.decode_object(about, "journal")
    sequence = read.whole(fields.get("sequence"), "sequence")
    if zlib.crc32(records) != fields.get("checksum"):
        raise SnapshotError("Its checksum is another.")
    changed = view.with_records(decode_records(records))
    if changed.version != fields.get("version"):
        raise SnapshotError(f"It leads to {changed.version} rather than {fields.get('version')}.")
    return changed, sequence


def _skipped(path: Path, error: Exception) -> None:
    _LOG.warning("damaged local copy skipped", extra={"path": str(path), "detail": str(error) or repr(error)})


@contextmanager
def _mapped(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise SnapshotError(
            f"Snapshots cannot be written to {path}: {exc}.", remedy="Set WASL_DATA_DIR to a folder with room."
        ) from exc


def _sync(folder: Path) -> None:
    """Make a renaming in ``folder`` outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
