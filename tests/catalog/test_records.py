"""Records and the names of versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.catalog.records import (
    EMPTY_SUM,
    Record,
    change_sum,
    decode_records,
    encode_records,
    record_hash,
    version_name,
)
from streams.errors import SnapshotError
from streams.events.entity import Entity
from tests.catalog.strategies import catalogues, patient

_ENTITY = Entity("Q1", "person", {"en": "A"})


@given(catalogues(), st.booleans())
@patient
def test_records_survive_writing(entities: list[Entity], retired: bool) -> None:
    records = (*(Record(entity.id, entity, retired=retired) for entity in entities), Record("Q5", redirect="Q6"))
    assert decode_records(encode_records(records)) == records


@pytest.mark.parametrize("data", [b"", b"1", b"[1]", b'[{"id":"x"}]', b'[{"id":"Q1","entity":{}}]', b"[", b"null"])
def test_damaged_records_are_refused(data: bytes) -> None:
    with pytest.raises(SnapshotError, match="damaged"):
        decode_records(data)


def test_every_state_of_an_id_has_a_hash_of_its_own() -> None:
    states = [
        Record("Q1", _ENTITY),
        Record("Q1", _ENTITY, retired=True),
        Record("Q1", Entity("Q1", "person", {"en": "B"})),
        Record("Q1", redirect="Q2"),
        Record("Q1", redirect="Q3"),
        Record("Q2", redirect="Q3"),
    ]
    assert len({record_hash(record) for record in states}) == len(states)


@given(st.permutations([Record(f"Q{n}", redirect="Q9") for n in range(1, 6)]))
@patient
def test_the_sum_has_no_order_and_can_be_undone(records: list[Record]) -> None:
    total = change_sum(EMPTY_SUM, come=records)
    assert total == change_sum(EMPTY_SUM, come=sorted(records, key=lambda record: record.id))
    assert change_sum(total, gone=[None, *records]) == EMPTY_SUM
    assert version_name(total) != version_name(change_sum(total, gone=records[:1]))


@pytest.mark.parametrize(
    "document",
    [
        b'{"id":"Q1"}',
        b'{"id":"Q1","retired":true}',
        b'{"id":"Q1","redirect":"Q2","retired":true}',
        b'{"id":"Q1","redirect":"Q2","entity":{"id":"Q1","type":"other","labels":{"en":"A"}}}',
        b'{"id":"Q1","entity":{"id":"Q2","type":"other","labels":{"en":"A"}}}',
    ],
)
def test_a_record_that_is_neither_an_entity_nor_a_redirect_is_damaged(document: bytes) -> None:
    with pytest.raises(SnapshotError, match="is damaged"):
        decode_records(b"[%b]" % document)
