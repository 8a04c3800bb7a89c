"""One layer of an overlay: some records that were changed, and what texts are searched for on their behalf.

Layers never change. Two become one where the upper has grown to a share of the lower, so that each record is laid
into a layer a few times at most, however many changes come, and few layers are searched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.catalog.compile import MOST_SEEN
from streams.catalog.forms import forms_of_record
from streams.catalog.matcher import build_automaton, load_automaton
from streams.catalog.view import Posting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.catalog.records import Record
    from streams.catalog.snapshot import SnapshotView
    from streams.catalog.view import Automaton

__all__ = ["Layer", "Numbers"]

_FORMS_A_MATCHER: Final = 16_000
"""More go into several automata: building one takes longer the larger it is, and others wait for parts of that."""

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

    Args:
        numbers: Numbers shared by all layers.
        records: The records, by id.
        uses: How each uses which forms; worked out where it is not given.

    Attributes:
        records: The records, by id.
        uses: Form and posting, by id.
        hidden: Numbers of their entities: what lower layers and the snapshot say about these holds no more.
        redirects: The id that stays, by each id that redirects.
        added: Postings by form.
        automata: What finds the forms that only this layer has.
    """

    def __init__(self, numbers: Numbers, records: dict[str, Record], uses: dict[str, list[_Use]] | None = None) -> None:
        self._numbers = numbers
        self.records = records
        self.uses = {record.id: _uses(numbers, record) for record in records.values()} if uses is None else uses
        self.hidden = {numbers.entity(entity_id) for entity_id in records}
        self.redirects = {record.id: record.redirect for record in records.values() if record.redirect is not None}
        self.added: dict[int, list[Posting]] = {}
        for found in self.uses.values():
            for form, posting in found:
                self.added.setdefault(form, []).append(posting)
        self.automata: tuple[Automaton, ...] = ()
        self._searched: frozenset[int] = frozenset()

    def over(self, below: Layer) -> Layer:
        """Return one layer that says what this one says over ``below``."""
        return Layer(self._numbers, {**below.records, **self.records}, {**below.uses, **self.uses})

    def searched(self, below: Sequence[Layer]) -> Layer:
        """Make the automata over the forms that neither the snapshot nor a layer of ``below`` has; return this layer.

        Cost: 3 µs a form while they are few, 17 µs with 20,000; other threads go on meanwhile.
        """
        first = self._numbers.first_form
        new = sorted(
            form for form in self.added if form >= first and not any(form in layer.searches for layer in below)
        )
        self._searched = frozenset(new)
        for start in range(0, len(new), _FORMS_A_MATCHER):
            forms = new[start : start + _FORMS_A_MATCHER]
            built = build_automaton([self._numbers.texts[form - first] for form in forms])
            self.automata += (load_automaton(built, numbers=forms),)
        return self

    @property
    def searches(self) -> frozenset[int]:
        """Forms that this layer's automata find."""
        return self._searched


def _uses(numbers: Numbers, record: Record) -> list[_Use]:
    entity = numbers.entity(record.id)
    return [
        (
            numbers.form(form),
            Posting(entity, surface, min(seen, MOST_SEEN), is_label=is_label, language=language),
        )
        for form, surface, language, seen, is_label in forms_of_record(record)
    ]
