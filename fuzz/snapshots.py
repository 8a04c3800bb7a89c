"""Snapshots that are nearly right: a small one, its header and sections changed, with checksums that fit again."""

from __future__ import annotations

import zlib
from functools import cache
from typing import TYPE_CHECKING, Final

import orjson

from fuzz.mutate import JsonMutator
from streams.catalog.compile import compile_snapshot
from streams.catalog.records import Record
from streams.catalog.snapshot import SnapshotView
from streams.events.entity import Alias, Entity
from streams.linking.tag import tag
from streams.linking.text import Text

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

__all__ = ["SnapshotMutator", "check_snapshot", "small_snapshot"]

_PREAMBLE: Final = 16


@cache
def small_snapshot() -> bytes:
    """Return a snapshot of three entities and a redirect."""
    nvidia = Entity("Q182477", "organization", {"en": "Nvidia", "ar": "إنفيديا"}, {"en": (Alias("NVIDIA", 3),)})
    records = (
        Record("Q182477", nvidia),
        Record("Q85", Entity("Q85", "place", {"ar": "القاهرة", "en": "Cairo"})),
        Record("local:gone", Entity("local:gone", "other", {"mul": "Gone"}), retired=True),
        Record("Q9", redirect="Q85"),
    )
    return b"".join(compile_snapshot(records, sequence=7).pieces)


class SnapshotMutator:
    """Makes snapshots that are nearly right.

    Args:
        seeds: Snapshots.
        chance: Where randomness comes from.
    """

    def __init__(self, seeds: Sequence[bytes], chance: random.Random) -> None:
        self._chance = chance
        self._seeds = [seed for seed in seeds if seed.startswith(b"WASLSNAP")]
        described = [
            seed[_PREAMBLE : _PREAMBLE + int.from_bytes(seed[8:12], "little")].rstrip() for seed in self._seeds
        ]
        self._headers = [JsonMutator([header], chance) for header in described]
        self._places = [[row[1:3] for row in orjson.loads(header)["sections"]] for header in described]

    def __call__(self) -> bytes:
        """Return the next input."""
        at = self._below(len(self._seeds))
        seed, what = self._seeds[at], self._below(10)
        length = int.from_bytes(seed[8:12], "little")
        start = _PREAMBLE + length
        if what < 4:
            return _with_header(self._headers[at](), seed[start:])
        if what < 9:
            body = self._damaged(seed[start:], self._places[at])
            return _with_header(_checked(seed[_PREAMBLE:start], body), body)
        return self._damaged(seed, [(0, len(seed))])

    def _damaged(self, data: bytes, places: Sequence[Sequence[int]]) -> bytes:
        """Change some bytes; each time, first a place is chosen, so that small ones have their share."""
        changed = bytearray(data)
        for _ in range(1 + self._below(4)):
            start, length = places[self._below(len(places))]
            at, what = min(start + self._below(max(1, length)), max(0, len(changed) - 1)), self._below(8)
            if what < 4 and len(changed) > 0:
                changed[at] = self._below(256)
            elif what < 6:
                changed[at : at + 4] = (0, 1, 0x7FFFFFFF, 0xFFFFFFFF)[self._below(4)].to_bytes(4, "little")
            elif what == 6:
                del changed[at:]
            else:
                changed[at:at] = bytes(self._below(9))
        return bytes(changed)

    def _below(self, limit: int) -> int:
        return int(self._chance.random() * limit)


def _with_header(header: bytes, body: bytes) -> bytes:
    header += b" " * (-(_PREAMBLE + len(header)) % 8)
    return b"WASLSNAP" + len(header).to_bytes(4, "little") + zlib.crc32(header).to_bytes(4, "little") + header + body


def _checked(header: bytes, body: bytes) -> bytes:
    """Return the header with the checksums that the sections of ``body`` have."""
    fields, view = orjson.loads(header), memoryview(body)
    for section in fields["sections"]:
        _, offset, length, _ = section
        section[3] = zlib.crc32(view[offset : offset + length + -length % 8])
    return orjson.dumps(fields)


def check_snapshot(data: bytes) -> bool:
    """Load a snapshot and use all that is in it.

    A snapshot whose checksums fit and whose content is wrong may be refused, give wrong answers, or raise what
    the article step makes a dead letter of; it must neither end nor stop the process.
    """
    view = SnapshotView(memoryview(data))
    try:
        for name in ("nvidia", "القاهره", "انفيديا", "gone", "q85"):
            form = view.form(name)
            for posting in () if form is None else view.postings(form):
                view.card(posting.entity)
        tag(Text("body", "Nvidia, إنفيديا, Cairo, للقاهرة", "ar"), view, "ar")
        for entity_id in ("Q182477", "Q85", "Q9", "local:gone", "Q404"):
            view.entity(entity_id)
            view.record(entity_id)
    except Exception:  # noqa: BLE001 - see above
        return False
    return True
