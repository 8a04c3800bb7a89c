from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import DecodeError, EntityError, SchemaError
from streams.events.entity import (
    Alias,
    Entity,
    check_entity_id,
    decode_entity,
    encode_entity,
    entity_document,
    parse_entity,
)
from streams.events.types import ENTITY_TYPES

_ID = st.from_regex(r"Q[1-9][0-9]{0,11}|local:[a-z0-9][a-z0-9._-]{0,30}", fullmatch=True)
_NAME = st.text(min_size=1, max_size=30)
_TAG = st.sampled_from(["ar", "en", "mul", "und", "zh-Hant", "pt-BR"])
_ALIAS = st.builds(Alias, text=_NAME, count=st.none() | st.integers(min_value=0, max_value=2**53))
_ENTITIES = st.builds(
    Entity,
    id=_ID,
    type=st.sampled_from(ENTITY_TYPES),
    labels=st.dictionaries(_TAG, _NAME, min_size=1, max_size=3),
    aliases=st.dictionaries(_TAG, st.lists(_ALIAS, min_size=1, max_size=3).map(tuple), max_size=3),
    description=st.none() | st.text(max_size=50),
    prior=st.none() | st.floats(min_value=0, max_value=1),
    related=st.lists(_ID, max_size=3).map(tuple),
    external_ids=st.dictionaries(_NAME, _NAME | st.lists(_NAME, max_size=2).map(tuple), max_size=2),
)


@given(_ENTITIES)
def test_any_entity_comes_back_as_it_was(entity: Entity) -> None:
    assert decode_entity(encode_entity(entity)) == entity


@given(_ENTITIES)
def test_the_document_is_plain_json_that_parses_to_the_same_entity(entity: Entity) -> None:
    document = entity_document(entity)
    assert orjson.loads(orjson.dumps(document)) == document
    assert parse_entity(document) == entity


@given(_ENTITIES)
def test_equal_entities_give_equal_bytes(entity: Entity) -> None:
    def turned(fields: dict[str, Any]) -> dict[str, Any]:
        return dict(reversed(fields.items()))

    other = Entity(
        entity.id,
        entity.type,
        turned(entity.labels),
        turned(entity.aliases),
        entity.description,
        entity.prior,
        entity.related,
        turned(entity.external_ids),
    )
    assert other == entity
    assert encode_entity(other) == encode_entity(entity)
    assert b"\n" not in encode_entity(entity)


@pytest.mark.parametrize(
    ("labels", "language", "expected"),
    [
        ({"en": "Google", "ar": "غوغل"}, "ar", "غوغل"),
        ({"en": "Google", "ar": "غوغل"}, "fr", "Google"),
        ({"en": "Google", "ar": "غوغل"}, None, "Google"),
        ({"mul": "Google", "ar": "غوغل"}, "fr", "Google"),
        ({"de": "Gugel", "ar": "غوغل"}, "fr", "غوغل"),
        ({}, "en", "Q95"),
    ],
)
def test_name_in_a_language(labels: dict[str, str], language: str | None, expected: str) -> None:
    entity = Entity("Q95", "organization", labels, {"en": (Alias("Alphabet"),)})
    assert entity.name(language) == expected


@pytest.mark.parametrize("entity_id", ["Q1", "Q999999999999", "local:a", "local:0.x-y_z", "local:" + "a" * 119])
def test_ids_that_are_taken(entity_id: str) -> None:
    assert check_entity_id(entity_id) == entity_id


@pytest.mark.parametrize(
    "entity_id",
    [
        "",
        "Q",
        "Q0",
        "Q01",
        "q1",
        "Q1\n",
        " Q1",
        "Q١",
        "Q1000000000000",
        "local:",
        "local:-a",
        "local:A",
        "NIL",
        None,
        1,
    ],
)
def test_ids_that_are_refused(entity_id: Any) -> None:
    with pytest.raises(SchemaError, match=r"there is .*, neither a Wikidata QID nor a local id") as refusal:
        check_entity_id(entity_id, "there")
    assert "Q182477" in refusal.value.remedy


@pytest.mark.parametrize(
    ("line", "cause"), [(b"{", DecodeError), (b"[]", DecodeError), (b'{"id": "Q1", "type": "x"}', SchemaError)]
)
def test_a_bad_line_is_an_entity_error_with_the_remedy_of_its_cause(line: bytes, cause: type[Exception]) -> None:
    with pytest.raises(EntityError) as refusal:
        decode_entity(line)
    assert isinstance(refusal.value.__cause__, cause)
    assert refusal.value.remedy == refusal.value.__cause__.remedy != ""
