"""One layer of an overlay: some records that were changed, and how they are found.

Layers never change. Two become one where the upper has grown to a share of the lower, so that each record is laid
into a layer a few times at most, however many changes come, and few layers are asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.catalog.compile import MOST_SEEN
from streams.catalog.forms import forms_of_record
from streams.catalog.records import record_hash
from streams.catalog.view import Posting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.catalog.records import Record
    from streams.catalog.snapshot import SnapshotView

__all__ = ["Layer", "Numbers", "layer_of"]

_Use = tuple[int, Posting]


class Numbers:
    """Numbers of the entities and forms that a snapshot does not hold, given as they come and never taken back.

    Views that grew from one another share them; a view does not see what only later ones hold, since it asks its
    own layers first.

    Args:
        base: The snapshot.
    """

    def __init__(self, base: SnapshotView) -> None:
        self._base = base
        self._entities: dict[str, int] = {}
        self._forms: dict[str, int] = {}
        self.first_entity = base.header.entities
        self.first_form = base.header.forms
        self.ids: list[str] = []
        self.texts: list[str] = []

    def entity(self, entity_id: str) -> int:
        """Return the number of an entity, a new one if it has none."""
        number = self._entities.get(entity_id)
        if number is None:
            below = self._base.entity(entity_id)
            if below is not None and self._base.id_of(below) == entity_id:
                number = below
            else:
                number = self.first_entity + len(self.ids)
                self.ids.append(entity_id)
            self._entities[entity_id] = number
        return number

    def text(self, form: int) -> str:
        """Return a form that the snapshot does not hold."""
        return self.texts[form - self.first_form]

    def form(self, text: str) -> int:
        """Return the number of a form, a new one if it has none."""
        number = self._forms.get(text)
        if number is None:
            number = self._base.form(text)
            if number is None:
                number = self.first_form + len(self.texts)
                self.texts.append(text)
            self._forms[text] = number
        return number

    def known_form(self, text: str) -> int | None:
        """Return the number of a form that some layer holds or held; None for any other."""
        return self._forms.get(text)

    def id_of(self, number: int) -> str:
        """Return the id of an entity."""
        return self._base.id_of(number) if number < self.first_entity else self.ids[number - self.first_entity]


class Layer:
    """Some records, and how they are found.

    Made by `layer_of` and `Layer.over`.

    Attributes:
        records: The records, by id.
        hashes: `streams.catalog.records.record_hash` of each, by id.
        hidden: Numbers of their entities: what lower layers and the snapshot say about these holds no more.
        redirects: The id that stays, by each id that redirects.
        added: Postings by form; a form that no record uses is not among them.
    """

    __slots__ = ("_uses", "added", "hashes", "hidden", "records", "redirects")

    def __init__(
        self,
        records: dict[str, Record],
        hashes: dict[str, int],
        uses: dict[str, list[_Use]],
        hidden: set[int],
        added: dict[int, list[Posting]],
    ) -> None:
        self.records = records
        self.hashes = hashes
        self.hidden = hidden
        self.added = added
        self.redirects = {record.id: record.redirect for record in records.values() if record.redirect is not None}
        self._uses = uses

    def over(self, below: Layer) -> Layer:
        """Return one layer that says what this one says over ``below``.

        Cost: copies of what ``below`` holds, of which nothing is worked out anew, and steps for each record of this.
        """
        added = dict(below.added)
        for entity_id in self.records.keys() & below.records.keys():
            for form, posting in below._uses[entity_id]:
                rest = [other for other in added.pop(form, ()) if other.entity != posting.entity]
                if len(rest) > 0:
                    added[form] = rest
        for form, postings in self.added.items():
            added[form] = [*added.get(form, ()), *postings]
        return Layer(
            {**below.records, **self.records},
            {**below.hashes, **self.hashes},
            {**below._uses, **self._uses},
            below.hidden | self.hidden,
            added,
        )


def layer_of(numbers: Numbers, records: Iterable[Record]) -> Layer:
    """Return a layer of ``records``, whose entities and forms get numbers from ``numbers``.

    Cost: about 0.1 ms a record, most of it for the forms of its names.
    """
    laid = {record.id: record for record in records}
    uses = {record.id: _uses(numbers, record) for record in laid.values()}
    added: dict[int, list[Posting]] = {}
    for found in uses.values():
        for form, posting in found:
            added.setdefault(form, []).append(posting)
    hashes = {record.id: record_hash(record) for record in laid.values()}
    return Layer(laid, hashes, uses, {numbers.entity(entity_id) for entity_id in laid}, added)


def _uses(numbers: Numbers, record: Record) -> list[_Use]:
    entity = numbers.entity(record.id)
    return [
        (
            numbers.form(form),
            Posting(entity, surface, min(seen, MOST_SEEN), is_label=is_label, language=language),
        )
        for form, surface, language, seen, is_label in forms_of_record(record)
    ]
