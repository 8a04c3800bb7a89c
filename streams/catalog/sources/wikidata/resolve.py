"""Candidates to the catalogue: types, which take the classes of the whole dump, and one entity an id.

An item that occurs twice, as in a stream of edits, is taken from its newest revision, and from the later line where
revisions are not known.
"""

from __future__ import annotations

import os
from array import array
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import orjson
import zstandard

from streams.catalog.sources.wikidata.graph import ClassGraph
from streams.catalog.sources.wikidata.work import CANDIDATES, CATALOGUE, EDGES, IDS, MISSING
from streams.catalog.sources.zstd import open_zstd
from streams.events.types import OTHER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.catalog.sources.wikidata.options import ImportOptions
    from streams.catalog.sources.wikidata.work import Work

__all__ = ["BitSet", "resolve"]

_INDEX: Final = "classes.sqlite"
_BATCH: Final = 65_536
_STEP: Final = 4_096


class BitSet:
    """A set of whole numbers; those that lie together cost a bit each."""

    _PAGE = 16

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def add(self, number: int) -> bool:
        """Add a number; return whether it is new."""
        page = self._pages.get(number >> self._PAGE)
        if page is None:
            page = self._pages[number >> self._PAGE] = bytearray(1 << (self._PAGE - 3))
        low = number & ((1 << self._PAGE) - 1)
        bit = 1 << (low & 7)
        if page[low >> 3] & bit:
            return False
        page[low >> 3] |= bit
        return True


def resolve(work: Work, options: ImportOptions, *, tell: Callable[[int, int], None]) -> Counter[str]:
    """Write the catalogue from the candidates.

    Args:
        work: The work folder, with the whole dump read.
        options: What to keep.
        tell: Is told how many candidates are done, and of how many.

    Returns:
        Counts: ``entities``, ``type:…`` for each type, ``twice``, and what was left out, by reason.

    Raises:
        InputError: The disk is full.
    """
    counts: Counter[str] = Counter()
    total = work.path(IDS).stat().st_size // 8
    newest = _newest(work)
    unseen = set(options.ids)
    part = work.path(f"{CATALOGUE}.part")
    graph = ClassGraph(work.path(EDGES), work.path(_INDEX), roots=options.roots)
    with closing(graph), part.open("wb") as raw:
        with zstandard.ZstdCompressor(level=6).stream_writer(raw, closefd=False) as out:
            for index, candidate in enumerate(_candidates(work)):
                if index % _STEP == 0:
                    tell(index, total)
                entity = candidate["e"]
                number = int(entity["id"][1:])
                if newest.get(number, index) != index:
                    counts["twice"] += 1
                    continue
                unseen.discard(number)
                kind, reason = _judge(candidate["c"], graph, options, listed=number in options.ids)
                if reason is not None:
                    counts[reason] += 1
                    continue
                entity["type"] = kind
                out.write(orjson.dumps(entity, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))
                counts["entities"] += 1
                counts[f"type:{kind}"] += 1
        raw.flush()
        os.fsync(raw.fileno())
    work.path(_INDEX).unlink(missing_ok=True)
    tell(total, total)
    if len(options.ids) > 0:
        counts["listed_but_not_found"] = len(unseen)
        work.replace(MISSING, "".join(f"Q{number}\n" for number in sorted(unseen)).encode())
    work.settle(part, work.path(CATALOGUE))
    return counts


def _judge(classes: list[int], graph: ClassGraph, options: ImportOptions, *, listed: bool) -> tuple[str, str | None]:
    """Return the type of an entity, and why it is left out; None where it is not."""
    kind = graph.type_of(classes)
    if listed:
        return kind, None
    verdicts = [graph.verdict(number) for number in classes]
    if any(verdict.is_hidden for verdict in verdicts):
        return kind, "page_about_pages"
    if len(options.roots) > 0 and all(len(verdict.above) == 0 for verdict in verdicts):
        return kind, "not_in_the_trees"
    if kind not in options.types:
        is_unknown = kind == OTHER and all(verdict.type is None for verdict in verdicts)
        return kind, "class_leads_to_no_type" if is_unknown else "type_not_asked_for"
    return kind, None


def _newest(work: Work) -> dict[int, int]:
    """Return which candidate stands for each item that has several, by its number."""
    seen = BitSet()
    twice: set[int] = set()
    with work.path(IDS).open("rb") as file:
        while True:
            data = file.read(8 * _BATCH)
            if len(data) == 0:
                break
            twice.update(number for number in array("Q", data) if not seen.add(number))
    best: dict[int, tuple[int, int]] = {}
    if len(twice) > 0:
        for index, candidate in enumerate(_candidates(work)):
            number = int(candidate["e"]["id"][1:])
            if number in twice:
                best[number] = max(best.get(number, (-1, -1)), (candidate["r"], index))
    return {number: index for number, (_, index) in best.items()}


def _candidates(work: Work) -> Iterator[dict[str, Any]]:
    with work.path(CANDIDATES).open("rb") as raw:
        yield from map(orjson.loads, open_zstd(raw))
