"""Records into a snapshot: everything that takes time is done here, once, so that a worker only loads.

Records are taken as they come and not kept: what stays of one is its line and its rows in the columns. Entities are
numbered in the order of their ids and forms in their own order, so equal records give equal bytes, whatever the order
in which they came. Sections (numbers are unsigned; `streams.catalog.snapshot` reads them):

=================  =====  ==========================================================================
``automaton``      bytes  the automaton over all forms
``form_at``        u32    for each form its first posting; one more entry ends the last
``entity``         u32    posting: number of the entity
``surface``        u32    posting: hash of the name as written
``count``          u32    posting: how often it was seen, capped
``language``       u16    posting: number of the language, plus 2¹⁵ where the name is a label
``document``       bytes  the entities as catalogue JSON, one after the other, with editors' ``marks``
``document_at``    u64    for each entity its first byte in ``document``; one more entry ends the last
``retired``        u8     for each entity 1 where it is retired
``id``, ``id_at``         ids of the entities, in the same manner, with u32 offsets
``from``, ``from_at``     ids that redirect, in order, in the same manner
``to``             u32    for each redirect the number of the entity that stays
=================  =====  ==========================================================================
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Final

from streams.catalog.forms import forms_of_record
from streams.catalog.matcher import build_automaton
from streams.catalog.records import EMPTY_SUM, SUM_LIMIT, encode_record_line, line_hash, version_name
from streams.catalog.snapshot_format import Header, assemble, folding_name
from streams.errors import SnapshotError
from streams.events.entity import encode_entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.catalog.records import Record

__all__ = ["LABEL_BIT", "MOST_SEEN", "Compiled", "Compiler", "compile_snapshot"]

LABEL_BIT: Final = 1 << 15
"""Set in a posting's language number where the name is a label."""

MOST_SEEN: Final = 2**32 - 1
"""Counts are capped here, to fit a column."""

_HASH: Final = 32


@dataclass(frozen=True, slots=True)
class Compiled:
    """A snapshot that was just compiled.

    Attributes:
        header: What it says about itself.
        pieces: Its bytes, to be written one after the other.
    """

    header: Header
    pieces: list[bytes]


def compile_snapshot(records: Iterable[Record], *, sequence: int = 0) -> Compiled:
    """Compile ``records`` into a snapshot.

    Args:
        records: One for each id, in any order; they are not kept.
        sequence: Sequence of the store's last change in them.

    Raises:
        SnapshotError: A redirect leads to no entity, or there are more languages than a snapshot can number, or more
            names than its automaton can hold.

    Cost: for a million names about 40 s, most of it folding, and 600 MB.
    """
    compiler = Compiler()
    for record in records:
        compiler.add(record)
    return compiler.finish(sequence=sequence)


class Compiler:
    """Compiles records that come one by one; see `compile_snapshot`."""

    def __init__(self) -> None:
        self._total = EMPTY_SUM
        self._hashes = bytearray()
        # By id: the place of an entity, in the order in which they came, or the id that stays.
        self._found: dict[str, int | str] = {}
        self._ids: list[str | None] = []
        self._lines = bytearray()
        self._line_at = array("Q", [0])
        self._retired = bytearray()
        self._redirect_hashes: dict[str, int] = {}
        self._postings = _Postings()

    def add(self, record: Record) -> None:
        """Take a record; it takes the place of one with the same id that came before.

        Raises:
            SnapshotError: There are more languages than a snapshot can number.
        """
        self._remove(record.id)
        if record.entity is None:
            summand = line_hash(record, b"")
            self._redirect_hashes[record.id] = summand
            self._found[record.id] = record.redirect or ""
        else:
            line = encode_entity(record.entity)
            summand = line_hash(record, line)
            self._found[record.id] = len(self._ids)
            self._ids.append(record.id)
            # Lines are laid end to end at once: JSON just written occupies several times its length.
            self._lines += encode_record_line(record, line)
            self._line_at.append(len(self._lines))
            self._hashes += summand.to_bytes(_HASH, "big")
            self._retired.append(record.retired)
            self._postings.add(record)
        self._total += summand

    @property
    def version(self) -> str:
        """Name of the version that the records make up so far."""
        return version_name(self._total % SUM_LIMIT)

    def finish(self, *, sequence: int = 0) -> Compiled:
        """Return the snapshot of what was taken; nothing more can be added.

        Args:
            sequence: Sequence of the store's last change in the records.

        Raises:
            SnapshotError: A redirect leads to no entity, or there are more names than an automaton can hold.
        """
        order = array("I", sorted((at for at, id_ in enumerate(self._ids) if id_ is not None), key=self._id))
        numbers = array("I", bytes(4 * len(self._ids)))
        for number, at in enumerate(order):
            numbers[at] = number
        redirects = sorted((gone, stays) for gone, stays in self._found.items() if isinstance(stays, str))
        to = array("I", [numbers[self._target(gone, stays)] for gone, stays in redirects])
        ids = _blob("id", "I", [self._id(at).encode() for at in order])
        self._found.clear()
        self._ids.clear()
        documents = self._documents(order)
        columns, forms = self._postings.sections(order, numbers)
        header = Header(
            version=self.version,
            content_sum=f"{self._total % SUM_LIMIT:x}",
            sequence=sequence,
            entities=len(order),
            redirects=len(redirects),
            forms=len(forms),
            postings=len(columns["entity"]) // 4,
            languages=tuple(self._postings.languages),
            folding=folding_name(),
        )
        sections = {
            "automaton": build_automaton(forms),
            **columns,
            **documents,
            "retired": bytes(map(self._retired.__getitem__, order)),
            **ids,
            **_blob("from", "I", [gone.encode() for gone, _ in redirects]),
            "to": to.tobytes(),
        }
        return Compiled(header, assemble(header, sections))

    def _id(self, at: int) -> str:
        return self._ids[at] or ""

    def _remove(self, entity_id: str) -> None:
        """Forget what came under an id; its line and rows are left out at the end."""
        before = self._found.pop(entity_id, None)
        if isinstance(before, int):
            self._ids[before] = None
            self._total -= int.from_bytes(self._hashes[_HASH * before : _HASH * (before + 1)], "big")
        elif before is not None:
            self._total -= self._redirect_hashes.pop(entity_id)

    def _target(self, gone: str, stays: str) -> int:
        target = self._found.get(stays)
        if not isinstance(target, int):
            raise SnapshotError(
                f"{gone} redirects to {stays or None}, which is no entity.", remedy="Merge it into one that is."
            )
        return target

    def _documents(self, order: Sequence[int]) -> dict[str, bytes]:
        """Return the sections of the documents, and let go of the lines."""
        at, lines = self._line_at, memoryview(self._lines)
        document = b"".join([lines[at[one] : at[one + 1]] for one in order])
        offsets = _offsets("Q", (at[one + 1] - at[one] for one in order))
        lines.release()
        self._lines = bytearray()
        return {"document": document, "document_at": offsets}


class _Postings:
    """The columns as they grow, entity by entity; forms and languages are numbered as they come."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._languages: dict[str, int] = {}
        self._first = array("Q", [0])
        self._form = array("I")
        self._surface = array("I")
        self._seen = array("I")
        self._language = array("H")
        self.languages: list[str] = []

    def add(self, record: Record) -> None:
        forms, tags = self._numbers, self._languages
        for form, surface, language, seen, is_label in forms_of_record(record):
            self._form.append(forms.setdefault(form, len(forms)))
            self._surface.append(surface)
            self._seen.append(min(seen, MOST_SEEN))
            tag = tags.setdefault(language, len(tags))
            if tag >= LABEL_BIT:
                raise SnapshotError(
                    f"The catalogue has names in more than {LABEL_BIT} languages.", remedy="Correct the language tags."
                )
            self._language.append(tag | LABEL_BIT if is_label else tag)
        self._first.append(len(self._form))

    def sections(self, order: Sequence[int], numbers: Sequence[int]) -> tuple[dict[str, bytes], list[str]]:
        """Return the columns, ordered by form and within a form by entity, and the forms in order.

        Args:
            order: Which entities there are, in the order of their numbers.
            numbers: The number of each entity, in the order in which they came.
        """
        forms, lengths, ranks = self._ranked(order)
        offsets = array("I", accumulate(lengths, initial=0))
        # Each posting's place: the next free one of its form, entity after entity.
        following, places = offsets[:-1], array("I", bytes(4 * offsets[-1]))
        entity = array("I", bytes(4 * offsets[-1]))
        for one in order:
            number = numbers[one]
            for at in range(self._first[one], self._first[one + 1]):
                rank = ranks[self._form[at]]
                place = following[rank]
                following[rank] = place + 1
                places[place] = at
                entity[place] = number
        del following, ranks, self._form
        tags = self._renumbered(order)
        language = array("H", (tags[self._language[at] % LABEL_BIT] | self._language[at] & LABEL_BIT for at in places))
        columns = {
            "form_at": offsets.tobytes(),
            "entity": entity.tobytes(),
            "surface": array("I", map(self._surface.__getitem__, places)).tobytes(),
            "count": array("I", map(self._seen.__getitem__, places)).tobytes(),
            "language": language.tobytes(),
        }
        del self._surface, self._seen, self._language
        return columns, forms

    def _ranked(self, order: Sequence[int]) -> tuple[list[str], Sequence[int], Sequence[int]]:
        """Return the forms that are used, in order, how often each is, and the rank of each by its number."""
        uses = array("I", bytes(4 * len(self._numbers)))
        for at in self._rows(order):
            uses[self._form[at]] += 1
        forms = sorted(form for form, number in self._numbers.items() if uses[number] > 0)
        ranks, lengths = array("I", bytes(4 * len(uses))), array("I")
        for rank, form in enumerate(forms):
            number = self._numbers[form]
            ranks[number] = rank
            lengths.append(uses[number])
        self._numbers.clear()
        return forms, lengths, ranks

    def _renumbered(self, order: Sequence[int]) -> list[int]:
        """Number the languages in the order in which ordered entities use them; return the new number of each."""
        names, tags = list(self._languages), [0] * len(self._languages)
        for tag in dict.fromkeys(self._language[at] % LABEL_BIT for at in self._rows(order)):
            tags[tag] = len(self.languages)
            self.languages.append(names[tag])
        return tags

    def _rows(self, order: Sequence[int]) -> Iterable[int]:
        return chain.from_iterable(range(self._first[one], self._first[one + 1]) for one in order)


def _offsets(typecode: str, lengths: Iterable[int]) -> bytes:
    return array(typecode, accumulate(lengths, initial=0)).tobytes()


def _blob(name: str, typecode: str, items: Sequence[bytes]) -> dict[str, bytes]:
    return {name: b"".join(items), f"{name}_at": _offsets(typecode, map(len, items))}
