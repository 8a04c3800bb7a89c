"""The work folder of an import: what is done is on disk, and known to be.

Results are appended to a few files. A checkpoint names how long each of them is after some block, and is written,
whole or not at all, once their bytes are on disk. Whoever goes on cuts the files to these lengths and reads from the
next block: nothing is lost and nothing is there twice, wherever the process was killed.

The checkpoint also says which dump and which options it belongs to, and one process at a time has the folder.
"""

from __future__ import annotations

import fcntl
import os
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from typing import IO, TYPE_CHECKING, Any, Final

import orjson

from streams.catalog.sources.wikidata.dump import START, Place
from streams.errors import ConflictError, InputError

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Self

    from streams.catalog.sources.wikidata.block import BlockResult

__all__ = ["BROKEN", "CANDIDATES", "CATALOGUE", "EDGES", "IDS", "MISSING", "REDIRECTS", "REPORT", "Job", "Work"]

CANDIDATES: Final = "candidates.jsonl.zst"
IDS: Final = "ids.bin"
EDGES: Final = "classes.bin"
REDIRECTS: Final = "redirects.jsonl"
BROKEN: Final = "broken.jsonl"
CATALOGUE: Final = "catalogue.jsonl.zst"
MISSING: Final = "missing-ids.txt"
REPORT: Final = "report.json"
_CHECKPOINT: Final = "checkpoint.json"
_LOCK: Final = "lock"
_APPENDED: Final = (CANDIDATES, IDS, EDGES, REDIRECTS, BROKEN)
_FORMAT: Final = 2


@dataclass(frozen=True, slots=True)
class Job:
    """What the work is about.

    Attributes:
        dump: What tells the dump from others.
        options: Digest of the options.
        size: Bytes of the dump, which may be more when the import goes on, until the whole of it is read; None where
            nobody knows.
    """

    dump: str
    options: str
    size: int | None = None


@dataclass(slots=True)
class _State:
    place: Place = START
    sizes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_APPENDED, 0))
    counts: Counter[str] = field(default_factory=Counter)
    is_read: bool = False


class Work:
    """A work folder, held by this process until it is closed.

    Args:
        folder: The folder; it is made where it is missing.
        job: What the work is about.
        restart: Whether to throw away what is there.

    Raises:
        ConflictError: Another process has the folder.
        InputError: The folder cannot be used, or belongs to another dump or other options.
    """

    def __init__(self, folder: Path, job: Job, *, restart: bool = False) -> None:
        self.folder = folder
        self._job = job
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = (folder / _LOCK).open("ab")
        except OSError as exc:
            raise InputError(
                f"The work folder {folder} cannot be used: {exc}.", remedy="Name another one with --work."
            ) from exc
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            self._lock.close()
            raise ConflictError(
                f"Another import is at work in {folder}.", remedy="Wait for it, or name another folder with --work."
            ) from exc
        if restart:
            self.path(_CHECKPOINT).unlink(missing_ok=True)
        try:
            state = self._stored()
        except BaseException:
            self._lock.close()
            raise
        self.is_resumed = state is not None
        self._state = state if state is not None else _State()
        self._files: dict[str, IO[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock, ExitStack() as files:
            for file in self._files.values():
                files.enter_context(file)

    @property
    def place(self) -> Place:
        """Where the first block begins that is not done."""
        return self._state.place

    @property
    def counts(self) -> Counter[str]:
        """What was counted in the blocks that are done."""
        return self._state.counts

    @property
    def is_read(self) -> bool:
        """Whether the whole dump is done."""
        return self._state.is_read

    def path(self, name: str) -> Path:
        """Return the path of one of the files."""
        return self.folder / name

    def begin(self) -> None:
        """Open the files behind what is done, and drop what a killed import wrote after it.

        Raises:
            InputError: A file is shorter than it was.
        """
        for old in (CATALOGUE, REPORT, MISSING):
            self.path(old).unlink(missing_ok=True)
        for name in _APPENDED:
            file = self.path(name).open("ab")
            size = self._state.sizes[name]
            if file.tell() < size:
                file.close()
                raise InputError(
                    f"{self.path(name)} has {self.path(name).stat().st_size:,} bytes, and {size:,} were written.",
                    remedy="Begin anew with --restart.",
                )
            file.truncate(size)
            self._files[name] = file

    def append(self, result: BlockResult, after: Place) -> None:
        """Add what became of the next block; it counts once `save` has returned."""
        for name, data in (
            (CANDIDATES, result.candidates),
            (IDS, result.ids),
            (EDGES, result.edges),
            (REDIRECTS, result.redirects),
            (BROKEN, result.broken),
        ):
            if len(data) > 0:
                self._files[name].write(data)
                self._state.sizes[name] += len(data)
        self._state.counts.update(result.counts)
        self._state.place = after

    def save(self, *, is_read: bool = False) -> None:
        """Make what was appended so far last, whatever happens.

        Args:
            is_read: Whether that is the whole dump.
        """
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
        self._state.is_read = is_read
        document = {
            "format": _FORMAT,
            "job": asdict(self._job),
            "place": asdict(self._state.place),
            "sizes": self._state.sizes,
            "counts": self._state.counts,
            "is_read": is_read,
        }
        self.replace(_CHECKPOINT, orjson.dumps(document))

    def replace(self, name: str, data: bytes) -> None:
        """Write a whole file, or leave the one that is there."""
        part = self.path(f"{name}.part")
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        self.settle(part, self.path(name))

    def settle(self, part: Path, path: Path) -> None:
        """Give a file that is on disk its name, and make the name last."""
        part.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _stored(self) -> _State | None:
        path = self.path(_CHECKPOINT)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            document: dict[str, Any] = orjson.loads(data)
            job = Job(**document["job"])
            state = _State(
                Place(**document["place"]), document["sizes"], Counter(document["counts"]), document["is_read"]
            )
            is_known = document["format"] == _FORMAT
        except (orjson.JSONDecodeError, KeyError, TypeError) as exc:
            raise InputError(f"{path} is damaged: {exc}.", remedy="Begin anew with --restart.") from exc
        if not is_known:
            raise InputError(f"{path} was written by another version.", remedy="Begin anew with --restart.")
        for mine, stored, what in (
            (self._job.dump, job.dump, "another dump"),
            (self._job.size, job.size if state.is_read else self._job.size, "another dump"),
            (self._job.options, job.options, "other options"),
        ):
            if mine != stored:
                raise InputError(
                    f"The work folder {self.folder} belongs to an import of {what}.",
                    remedy="Give the same dump and options, name another folder with --work, or --restart.",
                )
        return state
