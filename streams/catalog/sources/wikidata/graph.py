"""What is above a class, and so the type of its instances: subclass of (P279), over the whole dump.

The pairs of class and class above it, some millions in all of Wikidata, are kept in an index on disk, and looked up
only for classes that candidates are instances of: memory grows with these, not with the dump.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import deque
from typing import TYPE_CHECKING, Final

from streams.catalog.sources.wikidata.classes import HIDDEN, ROOTS
from streams.errors import InputError
from streams.events.types import OTHER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["ClassGraph", "Verdict"]

_ORDER: Final = {
    kind: rank for rank, kind in enumerate(("person", "organization", "place", "event", "work", "product", OTHER))
}
_PAIRS: Final = 65_536
_PAIR_BYTES: Final = 16
_MAX_DEPTH: Final = 60
_MAX_CLASSES: Final = 20_000


class Verdict:
    """What a class says of its instances.

    Attributes:
        type: Their type; None where nothing above the class decides.
        depth: Steps from the class to what decided; 0 where it is the class itself.
        above: Classes above it, itself among them, of those that were asked for.
        is_hidden: Whether they are pages about pages.
    """

    __slots__ = ("above", "depth", "is_hidden", "type")

    def __init__(self, kind: str | None, depth: int, above: frozenset[int], *, is_hidden: bool) -> None:
        self.type = kind
        self.depth = depth
        self.above = above
        self.is_hidden = is_hidden


class ClassGraph:
    """The classes of a dump.

    Args:
        edges: Pairs of 8-byte numbers, class and class above it.
        index: Where to build the index; what is there is overwritten.
        roots: Classes whose trees are asked for.

    Raises:
        InputError: The index cannot be written.
    """

    def __init__(self, edges: Path, index: Path, *, roots: frozenset[int] = frozenset()) -> None:
        self._roots = roots
        self._known: dict[int, Verdict] = {}
        index.unlink(missing_ok=True)
        try:
            self._database = sqlite3.connect(index)
            # It is built anew whenever it is needed, so it need not survive anything.
            for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-32768"):
                self._database.execute(f"PRAGMA {setting}")
            self._database.execute("CREATE TABLE edge (c INTEGER, a INTEGER, PRIMARY KEY (c, a)) WITHOUT ROWID")
            self._database.executemany("INSERT OR IGNORE INTO edge VALUES (?, ?)", _pairs(edges))
            self._database.commit()
        except sqlite3.Error as exc:
            raise InputError(f"The index {index} cannot be written: {exc}.", remedy="Make room on the disk.") from exc

    def close(self) -> None:
        """Close the index."""
        self._database.close()

    def type_of(self, classes: Sequence[int]) -> str:
        """Return the type of an instance of ``classes``: what the nearest class says; persons first among equals."""
        verdicts = [self.verdict(number) for number in classes]
        said = [(verdict.depth, _ORDER[verdict.type]) for verdict in verdicts if verdict.type is not None]
        if len(said) == 0:
            return OTHER
        return next(kind for kind, rank in _ORDER.items() if rank == min(said)[1])

    def verdict(self, number: int) -> Verdict:
        """Return what a class says of its instances."""
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = self._decide(number)
        return known

    def _decide(self, number: int) -> Verdict:
        """Go up, level by level, to the first one that decides; to the top where trees are asked for."""
        kind: str | None = None
        depth = 0
        seen = {number}
        level = deque([number])
        for steps in range(_MAX_DEPTH):
            if kind is None:
                found = [ROOTS[each].type for each in level if each in ROOTS]
                if len(found) > 0:
                    kind, depth = min(found, key=lambda each: _ORDER[each]), steps
            if kind is not None and len(self._roots) == 0:
                break
            above = [other for each in level for other in self._above(each)]
            level = deque(dict.fromkeys(other for other in above if other not in seen))
            seen.update(level)
            if len(level) == 0 or len(seen) > _MAX_CLASSES:
                break
        return Verdict(kind, depth, self._roots & seen, is_hidden=not HIDDEN.keys().isdisjoint(seen))

    def _above(self, number: int) -> list[int]:
        return [row[0] for row in self._database.execute("SELECT a FROM edge WHERE c = ? ORDER BY a", (number,))]


def _pairs(path: Path) -> Iterator[tuple[int, int]]:
    with path.open("rb") as file:
        while True:
            data = file.read(_PAIRS * _PAIR_BYTES)
            if len(data) == 0:
                return
            numbers = array("Q", data)
            yield from zip(numbers[::2], numbers[1::2], strict=True)
