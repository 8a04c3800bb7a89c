from __future__ import annotations

import pytest

from streams.client.received import Wanted, event_id
from streams.errors import SchemaError
from streams.events.envelope import Envelope, write_headers
from streams.events.ids import RecordPosition
from tests.client.articles import enriched


@pytest.mark.parametrize(
    ("wanted", "has"),
    [
        (Wanted(), True),
        (Wanted(entities=("Q1",)), True),
        (Wanted(entities=("Q9", "Q1")), True),
        (Wanted(entities=("Q9",)), False),
        (Wanted(types=("person",)), True),
        (Wanted(types=("place",)), False),
        (Wanted(entities=("Q9",), types=("person",)), True),
        (Wanted(entities=("Q1",), least_confidence=0.8), True),
        (Wanted(entities=("Q1",), least_confidence=0.81), False),
    ],
)
def test_which_articles_are_wanted(wanted: Wanted, has: bool) -> None:
    assert wanted.has(enriched(1, entity_id="Q1", type_="person", confidence=0.8)) is has


def test_a_name_without_an_entity_is_nobody_that_is_wanted() -> None:
    assert not Wanted(types=("person",)).has(enriched(1, entity_id=None, type_="person"))


@pytest.mark.parametrize("wanted", [{"entities": ("q1",)}, {"entities": ("",)}, {"types": ("company",)}])
def test_what_cannot_be_wanted_is_named(wanted: dict) -> None:
    with pytest.raises(SchemaError):
        Wanted(**wanted)


def test_an_event_without_an_envelope_is_known_by_its_position() -> None:
    at = RecordPosition("t", 3, 14)
    assert event_id((), at) == "t-3-14"
    assert event_id(write_headers(Envelope("x", "//w", "wasl.article.enriched.v1")), at) == "x"
