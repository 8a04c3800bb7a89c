from __future__ import annotations

from streams.events.types import ENTITY_TYPES, OTHER


def test_types_are_only_ever_appended() -> None:
    # Snapshots store a type as its index.
    first = ("person", "organization", "place", "product", "work", "event", "other")
    assert ENTITY_TYPES[: len(first)] == first
    assert len(set(ENTITY_TYPES)) == len(ENTITY_TYPES)
    assert OTHER in ENTITY_TYPES
