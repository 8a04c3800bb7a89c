"""The rules of changes, on a store in memory."""

from __future__ import annotations

import pytest

from streams.catalog.memory import MemoryStore
from streams.errors import MergeError, UnknownEntityError
from streams.events.change import CatalogChange
from streams.events.entity import Alias, Entity


def _set(entity: Entity) -> CatalogChange:
    return CatalogChange("set", entity.id, entity=entity)


def _merge(gone: str, into: str) -> CatalogChange:
    return CatalogChange("merge", gone, into=into)


def _retire(entity_id: str) -> CatalogChange:
    return CatalogChange("retire", entity_id)


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    store.put_many(Entity(f"Q{n}", "person", {"en": f"Name {n}"}) for n in range(1, 5))
    return store


def test_a_merge_moves_names_and_fills_what_was_empty(store: MemoryStore) -> None:
    store.apply(
        _set(
            Entity(
                "Q1",
                "organization",
                labels={"en": "Nvidia"},
                aliases={"en": (Alias("NVDA", 3), Alias("Corp"))},
                related=("Q3", "Q2"),
                external_ids={"ticker": "NVDA"},
            )
        )
    )
    store.apply(
        _set(
            Entity(
                "Q2",
                "person",
                labels={"en": "Nvidia Corp.", "ar": "إنفيديا"},
                aliases={"en": (Alias("NVDA", 4), Alias("Corp", 1), Alias("Nvidia")), "ar": (Alias("نفيديا"),)},
                description="chips",
                prior=0.5,
                related=("Q1", "Q4"),
                external_ids={"ticker": "X", "lei": "L"},
            )
        )
    )
    store.apply(_merge("Q2", "Q1"))
    assert (
        store.get("Q2")
        == store.get("Q1")
        == Entity(
            "Q1",
            "organization",
            labels={"en": "Nvidia", "ar": "إنفيديا"},
            aliases={
                "en": (Alias("NVDA", 7), Alias("Corp", 1), Alias("Nvidia Corp.")),
                "ar": (Alias("نفيديا"),),
            },
            description="chips",
            prior=0.5,
            related=("Q3", "Q4"),
            external_ids={"ticker": "NVDA", "lei": "L"},
        )
    )


def test_chains_of_merges_are_one_step_long(store: MemoryStore) -> None:
    for gone, into in (("Q1", "Q2"), ("Q3", "Q1"), ("Q2", "Q4")):
        store.apply(_merge(gone, into))
    assert store.redirects() == {"Q1": "Q4", "Q2": "Q4", "Q3": "Q4"}


def test_the_same_merge_twice_changes_nothing(store: MemoryStore) -> None:
    store.apply(_merge("Q1", "Q2"))
    version, state = store.version(), list(store.records())
    assert store.apply(_merge("Q1", "Q2")) is None
    assert (store.version(), list(store.records())) == (version, state)


@pytest.mark.parametrize(
    ("before", "change", "error", "words"),
    [
        ([], _merge("Q1", "Q1"), MergeError, "would make a loop. Name two different"),
        ([_merge("Q1", "Q2")], _merge("Q2", "Q1"), MergeError, "loop, since Q1 redirects to it"),
        ([_merge("Q1", "Q2"), _merge("Q2", "Q3")], _merge("Q3", "Q1"), MergeError, "loop, since Q1 redirects"),
        ([_merge("Q1", "Q2")], _merge("Q1", "Q3"), MergeError, "already merged into Q2.*Merge Q2 into Q3"),
        ([_retire("Q2")], _merge("Q1", "Q2"), MergeError, "Q2 is retired.*Set Q2 again first"),
        ([], _merge("Q99", "Q1"), UnknownEntityError, "No entity has the id Q99"),
        ([], _merge("Q1", "Q99"), UnknownEntityError, "No entity has the id Q99"),
        ([], _retire("Q99"), UnknownEntityError, "No entity has the id Q99"),
        ([_merge("Q1", "Q2")], _retire("Q1"), MergeError, "cannot be retired. Change Q2, or use a new id"),
        (
            [_merge("Q1", "Q2")],
            _set(Entity("Q1", "person", {"en": "x"})),
            MergeError,
            "cannot be set. Change Q2, or use a new id",
        ),
    ],
)
def test_what_is_refused(
    store: MemoryStore, before: list[CatalogChange], change: CatalogChange, error: type[Exception], words: str
) -> None:
    for earlier in before:
        store.apply(earlier)
    state, sequence = list(store.records()), store.stats().sequence
    with pytest.raises(error, match=words):
        store.apply(change)
    assert (list(store.records()), store.stats().sequence) == (state, sequence)


def test_a_merge_that_would_break_the_format_is_refused(store: MemoryStore) -> None:
    for entity_id in ("Q1", "Q2"):
        names = tuple(Alias(f"{entity_id} {n}") for n in range(1_500))
        store.apply(_set(Entity(entity_id, "person", {"en": entity_id}, {"en": names})))
    with pytest.raises(MergeError, match=r"aliases\.en has 3001 items; at most 2000"):
        store.apply(_merge("Q1", "Q2"))


def test_a_retired_entity_gives_no_names_when_it_is_merged(store: MemoryStore) -> None:
    store.apply(_retire("Q1"))
    store.apply(_merge("Q1", "Q2"))
    assert store.find("Name 1") == ()
    assert store.redirects() == {"Q1": "Q2"}


def test_setting_a_retired_entity_brings_it_back(store: MemoryStore) -> None:
    store.apply(_retire("Q1"))
    assert store.find("Name 1") == ()
    entity = store.get("Q1")
    assert entity is not None
    store.apply(_set(entity))
    assert store.find("name 1") == ("Q1",)
