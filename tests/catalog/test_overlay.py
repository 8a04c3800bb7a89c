"""Overlays: whatever was changed, they equal a snapshot compiled from the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.catalog import overlay
from streams.catalog.memory import MemoryStore
from streams.catalog.overlay import OverlayView
from streams.catalog.records import Record
from streams.catalog.snapshot import view_of
from streams.errors import CatalogError
from streams.events.entity import Entity
from tests.catalog.seen import occurrences, scanned, seen
from tests.catalog.strategies import NAMES, catalogues, changes, patient, texts

if TYPE_CHECKING:
    import pytest

    from streams.events.change import CatalogChange

_ALL = " ".join(NAMES)


@given(catalogues(), st.lists(changes(), max_size=10), st.lists(texts, max_size=3), st.data())
@settings(patient, max_examples=100)
def test_an_overlay_equals_a_snapshot_of_the_result(
    start: list[Entity], steps: list[CatalogChange], some: list[str], data: st.DataObject
) -> None:
    store = MemoryStore()
    store.put_many(start)
    view = OverlayView(view_of(store.records()))
    pending = []
    for step in steps:
        try:
            sequence = store.apply(step)
        except CatalogError:
            continue
        if sequence is None:
            continue
        pending.append(store.changes_since(sequence - 1)[0])
        if data.draw(st.booleans()):
            view = view.with_records(record for change in pending for record in change.records)
            assert view.version == pending[-1].version
            pending = []
    view = view.with_records(record for change in pending for record in change.records)
    fresh = view_of(store.records())
    searched = [*some, _ALL]
    assert seen(view, searched) == seen(fresh, searched)
    assert sorted(view.records(), key=lambda r: r.id) == list(store.records())


@given(catalogues(), catalogues(), texts)
@patient
def test_laying_down_records_twice_or_over_a_newer_mixture_does_no_harm(
    start: list[Entity], later: list[Entity], text: str
) -> None:
    base = view_of(Record(entity.id, entity) for entity in start)
    records = [Record(entity.id, entity) for entity in later]
    once = OverlayView(base).with_records(records)
    mixed = OverlayView(base).with_records(records[: len(records) // 2]).with_records(records)
    assert seen(once, [text]) == seen(mixed, [text])


def test_an_entity_of_the_snapshot_keeps_its_number() -> None:
    base = view_of(Record(f"Q{n}", Entity(f"Q{n}", "person", {"en": f"Name {n}"})) for n in (1, 2))
    view = OverlayView(base).with_records([Record("Q2", Entity("Q2", "place", {"en": "Other"}))])
    number = view.entity("Q2")
    assert number == base.entity("Q2")
    assert number is not None
    assert view.card(number).type == "place"
    assert scanned(view, "Name 2") == []
    assert occurrences(view, "name 2") != []


def test_the_view_below_is_left_alone() -> None:
    base = view_of([Record("Q1", Entity("Q1", "person", {"en": "Name"}))])
    before = seen(base, [_ALL])
    OverlayView(base).with_records([Record("Q1", Entity("Q1", "place", {"en": "apple"}))])
    assert seen(base, [_ALL]) == before


def test_a_neighbour_that_is_merged_into_an_entity_is_none_of_its_neighbours() -> None:
    gone = Record("Q1", Entity("Q1", "person", {"en": "Gone"}), retired=True)
    stays = Record("Q2", Entity("Q2", "person", {"en": "Stays"}, related=("Q1", "Q3")))
    # A retired entity gives no names, so the one that stays is not written anew.
    view = OverlayView(view_of([gone, stays])).with_records([Record("Q1", redirect="Q2")])
    number = view.entity("Q1")
    assert number is not None
    assert view.card(number).related == {"Q3"}


def test_a_view_keeps_nothing_that_the_snapshot_keeps() -> None:
    base = view_of([Record("Q1", Entity("Q1", "place", {"en": "Oslo"})), Record("Q2", Entity("Q2", "place", {}))])
    view = OverlayView(base).with_records([Record("Q2", Entity("Q2", "place", {"en": "Rome"}))])
    form, entity = view.form("oslo"), view.entity("Q1")
    assert form is not None
    assert entity is not None
    assert view.postings(form) is base.postings(form)
    assert view.card(entity) is base.card(entity)
    # What it keeps goes with it in one step, for which the loop waits.
    assert (view._postings, view._cards) == ({}, {})


def test_layers_are_of_a_bounded_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlay, "_MOST", 300)
    view = OverlayView(view_of([]))
    for number in range(0, 1_000, 10):
        view = view.with_records(
            Record(f"local:{at}", Entity(f"local:{at}", "place", {"en": f"Town {at}"}))
            for at in range(number, number + 10)
        )
    assert view.changed_count == len(view.changed) == 1_000
    assert all(len(layer.records) <= 300 for layer in view._layers)
    assert all(view.form(f"town {number}") is not None for number in range(1_000))
