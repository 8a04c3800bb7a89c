"""Records into a snapshot: everything that takes time is done here, once, so that a worker only loads.

Entities are numbered in the order of their ids and forms in their own order, so equal records give equal
bytes. Sections (numbers are unsigned; `streams.catalog.snapshot` reads them):

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
from typing import TYPE_CHECKING, Final

from streams.catalog.forms import forms_of_record
from streams.catalog.matcher import build_matcher
from streams.catalog.records import EMPTY_SUM, SUM_LIMIT, encode_record_line, line_hash, version_name
from streams.catalog.snapshot_format import Header, assemble, folding_name
from streams.errors import SnapshotError
from streams.events.entity import encode_entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.catalog.records import Record

__all__ = ["LABEL_BIT", "MOST_SEEN", "Compiled", "compile_snapshot"]

LABEL_BIT: Final = 1 << 15
"""Set in a posting's language number where the name is a label."""

MOST_SEEN: Final = 2**32 - 1
"""Counts are capped here, to fit a column."""


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
        records: One for each id, in any order.
        sequence: Sequence of the store's last change in them.

    Raises:
        SnapshotError: A redirect leads to no entity, or there are more languages than a snapshot can number.

    Cost: about 6 s for 133,000 entities with 565,000 names, most of it folding and the automaton.
    """
    ordered = sorted(records, key=lambda record: record.id)
    lines = [b"" if record.entity is None else encode_entity(record.entity) for record in ordered]
    total = sum(map(line_hash, ordered, lines), EMPTY_SUM) % SUM_LIMIT
    entities = [record for record in ordered if record.entity is not None]
    redirects = [record for record in ordered if record.entity is None]
    numbers = {record.id: number for number, record in enumerate(entities)}
    postings = _Postings()
    for number, record in enumerate(entities):
        if record.live is not None:
            postings.add(number, record)
    columns, forms = postings.sections(), sorted(postings.forms)
    header = Header(
        version=version_name(total),
        content_sum=f"{total:x}",
        sequence=sequence,
        entities=len(entities),
        redirects=len(redirects),
        forms=len(forms),
        postings=len(postings.entity),
        languages=tuple(postings.languages),
        folding=folding_name(),
    )
    sections = {
        "automaton": build_matcher(forms).serialize(),
        **columns,
        **_blob(
            "document", "Q", [encode_record_line(*pair) for pair in zip(ordered, lines, strict=True) if pair[1] != b""]
        ),
        "retired": bytes(record.retired for record in entities),
        **_blob("id", "I", [record.id.encode() for record in entities]),
        **_blob("from", "I", [record.id.encode() for record in redirects]),
        "to": array("I", [_target(record, numbers) for record in redirects]).tobytes(),
    }
    return Compiled(header, assemble(header, sections))


class _Postings:
    """The columns as they grow, entity by entity; forms and languages are numbered as they come."""

    def __init__(self) -> None:
        self.forms: dict[str, int] = {}
        self.languages: dict[str, int] = {}
        self.form = array("I")
        self.entity = array("I")
        self.surface = array("I")
        self.seen = array("I")
        self.language = array("H")

    def add(self, number: int, record: Record) -> None:
        for form, surface, language, seen, is_label in forms_of_record(record):
            self.form.append(self.forms.setdefault(form, len(self.forms)))
            self.entity.append(number)
            self.surface.append(surface)
            self.seen.append(min(seen, MOST_SEEN))
            tag = self.languages.setdefault(language, len(self.languages))
            if tag >= LABEL_BIT:
                raise SnapshotError(
                    f"The catalogue has names in more than {LABEL_BIT} languages.", remedy="Correct the language tags."
                )
            self.language.append(tag | LABEL_BIT if is_label else tag)

    def sections(self) -> dict[str, bytes]:
        """Return the columns ordered by form; within a form they keep their order, which is by entity."""
        ranks = array("I", bytes(4 * len(self.forms)))
        for rank, form in enumerate(sorted(self.forms)):
            ranks[self.forms[form]] = rank
        by_form = [ranks[form] for form in self.form]
        order = sorted(range(len(by_form)), key=by_form.__getitem__)
        lengths = [0] * len(self.forms)
        for rank in by_form:
            lengths[rank] += 1
        columns = {"entity": self.entity, "surface": self.surface, "count": self.seen, "language": self.language}
        return {
            "form_at": _offsets("I", lengths),
            **{
                name: array(column.typecode, map(column.__getitem__, order)).tobytes()
                for name, column in columns.items()
            },
        }


def _target(record: Record, numbers: dict[str, int]) -> int:
    target = numbers.get(record.redirect or "")
    if target is None:
        raise SnapshotError(
            f"{record.id} redirects to {record.redirect}, which is no entity.", remedy="Merge it into one that is."
        )
    return target


def _offsets(typecode: str, lengths: Iterable[int]) -> bytes:
    offsets = array(typecode, [0])
    for length in lengths:
        offsets.append(offsets[-1] + length)
    return offsets.tobytes()


def _blob(name: str, typecode: str, items: Sequence[bytes]) -> dict[str, bytes]:
    return {name: b"".join(items), f"{name}_at": _offsets(typecode, map(len, items))}
