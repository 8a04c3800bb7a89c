"""An import of a dump, in its two phases; this module is the table of contents of the package.

1. **Read**: the dump is decompressed and cut into blocks of lines (`dump`), worker processes make candidates of them
   (`pool`, `block`, `derive`, `statements`), and what they made is written in order, with checkpoints (`work`).
   Beside the candidates, the pairs of class and class above it are gathered.
2. **Resolve**: the classes of the whole dump say which type each candidate has (`graph`, `classes`), and the catalogue
   is written (`resolve`).

Both write the same bytes whatever the number of workers, and wherever an import was killed and went on.
"""

from __future__ import annotations

import errno
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import orjson

from streams.catalog.sources.wikidata.pool import parsed
from streams.catalog.sources.wikidata.resolve import resolve
from streams.catalog.sources.wikidata.work import BROKEN, CATALOGUE, REDIRECTS, REPORT, Job, Work
from streams.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from streams.catalog.sources.wikidata.dump import Dump
    from streams.catalog.sources.wikidata.options import ImportOptions

__all__ = ["DumpReport", "Progress", "import_dump"]

_EVERY: Final = 2.0
_FEW_BROKEN: Final = 1_000
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Progress(Protocol):
    """Is told how far an import is."""

    def reading(self, read: int, size: int | None, counts: dict[str, int]) -> None:
        """Take how many bytes of the file were read, of how many (None: nobody knows), and the counts so far."""
        ...

    def resolving(self, done: int, total: int) -> None:
        """Take how many candidates have their types."""
        ...


@dataclass(frozen=True, slots=True)
class DumpReport:
    """What an import of a dump did.

    Attributes:
        catalogue: Path of the catalogue: JSONL in one zstd stream.
        broken: Path of the list of broken lines.
        redirects: Path of the redirects, as JSON lines.
        counts: What was counted, by name.
        is_resumed: Whether it went on with work that was there.
    """

    catalogue: Path
    broken: Path
    redirects: Path
    counts: dict[str, int]
    is_resumed: bool


def import_dump(
    dump: Dump,
    folder: Path,
    options: ImportOptions,
    *,
    jobs: int,
    progress: Progress,
    most_broken: float = 0.01,
    restart: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> DumpReport:
    """Make a catalogue of a dump, or go on with one that was begun in the work folder.

    Args:
        dump: The dump.
        folder: The work folder.
        options: What to keep.
        jobs: Worker processes.
        progress: Is told how far it is.
        most_broken: Largest share of the lines that may be broken, 0 to 1.
        restart: Whether to begin anew whatever is in the folder.
        clock: Seconds that never go back.

    Raises:
        InputError: The dump or the folder cannot be used, there is no room left, or too many lines are broken.
        ConflictError: Another process has the folder.
    """
    with _room_in(folder), Work(folder, Job(dump.identity, options.digest(), dump.size), restart=restart) as work:
        if work.is_read:
            dump.check_end(work.place)
        done = _counts(work)
        if done is not None:
            _check_broken(work, most_broken)
            return _report(work, done)
        if not work.is_read:
            _read(dump, work, options, jobs=jobs, progress=progress, most_broken=most_broken, clock=clock)
        _check_broken(work, most_broken)
        counts = work.counts + resolve(work, options, tell=progress.resolving)
        counts["bytes"] = work.place.offset
        ordered = {name: counts[name] for name in sorted(counts)}
        work.replace(REPORT, orjson.dumps(ordered, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        return _report(work, ordered)


def _counts(work: Work) -> dict[str, int] | None:
    """Return what was counted where everything is done; None where something is left to do."""
    if not work.is_read or not work.path(CATALOGUE).exists():
        return None
    try:
        counts: dict[str, int] = orjson.loads(work.path(REPORT).read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return None
    return counts


@contextmanager
def _room_in(folder: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as exc:
        raise InputError(
            f"The work folder {folder} is not as the import left it: {exc.strerror}: {exc.filename}.",
            remedy="Begin anew with --restart.",
        ) from exc
    except OSError as exc:
        if exc.errno not in _FULL:
            raise
        raise InputError(
            f"The work folder {folder} cannot be written: {exc.strerror}.",
            remedy="Make room there and import again, which goes on where this ended, or name another with --work.",
        ) from exc


def _report(work: Work, counts: dict[str, int]) -> DumpReport:
    # Whoever carries the redirects out reads them much later, and knows nothing of the folder.
    work.path(REDIRECTS).stat()
    return DumpReport(work.path(CATALOGUE), work.path(BROKEN), work.path(REDIRECTS), counts, is_resumed=work.is_resumed)


def _read(
    dump: Dump,
    work: Work,
    options: ImportOptions,
    *,
    jobs: int,
    progress: Progress,
    most_broken: float,
    clock: Callable[[], float],
) -> None:
    work.begin()
    saved = clock()
    for block, result in parsed(dump.blocks(work.place), options, jobs=jobs):
        work.append(result, block.after)
        progress.reading(block.read, dump.size, work.counts)
        if clock() - saved >= _EVERY:
            work.save()
            saved = clock()
            # A file that is no dump should not take an hour to be refused.
            if work.counts["broken"] > _FEW_BROKEN:
                _check_broken(work, most_broken)
    if work.counts["lines"] == 0:
        raise InputError(f"{dump.name} holds no entity.", remedy="Give a JSON dump of Wikidata, one entity a line.")
    if dump.is_unclosed:
        work.counts["unclosed"] = 1
    work.save(is_read=True)


def _check_broken(work: Work, most: float) -> None:
    broken, lines = work.counts["broken"], work.counts["lines"]
    if broken > most * lines:
        raise InputError(
            f"{broken:,} of {lines:,} lines are broken, {broken / lines:.2%}; at most {most:.2%} may be."
            f" They are listed in {work.path(BROKEN)}.",
            remedy="Get the dump anew, or allow more with --max-broken.",
        )
