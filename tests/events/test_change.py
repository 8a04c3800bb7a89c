from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import SchemaError
from streams.events.change import CatalogChange, change_document, decode_change, encode_change, parse_change
from streams.events.entity import Alias, Entity

_ID = st.from_regex(r"Q[1-9][0-9]{0,11}|local:[a-z0-9][a-z0-9._-]{0,30}", fullmatch=True)
_NOTES = {
    "author": st.none() | st.text(max_size=20),
    "reason": st.none() | st.text(max_size=20),
    "changed_at": st.none() | st.just("2026-01-31T09:30:00Z"),
}
_ENTITY = Entity("Q95", "organization", {"en": "Google"}, {"ar": (Alias("جوجل", 3),)}, external_ids={"t": ("A", "B")})
_CHANGES = st.one_of(
    st.builds(CatalogChange, st.just("set"), st.just("Q95"), entity=st.just(_ENTITY), **_NOTES),
    st.builds(CatalogChange, st.just("retire"), _ID, **_NOTES),
    st.builds(CatalogChange, st.just("merge"), _ID, into=_ID, **_NOTES),
)


@given(_CHANGES)
def test_any_change_comes_back_as_it_was(change: CatalogChange) -> None:
    assert decode_change(encode_change(change)) == change
    assert parse_change(change_document(change)) == change


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"action": "set", "entity_id": "Q1"}', "entity is missing from a catalogue change whose action is set"),
        (b'{"action": "merge", "entity_id": "Q1"}', "into is missing from a catalogue change whose action is merge"),
        (
            b'{"action": "retire", "entity_id": "Q1", "into": "Q2"}',
            "into is not part of a catalogue change whose action is retire",
        ),
        (
            b'{"action": "set", "entity_id": "Q1", "entity": {"id": "Q2", "type": "other", "labels": {"en": "x"}}}',
            "entity.id is Q2 but entity_id is Q1",
        ),
        (b'{"action": "drop", "entity_id": "Q1"}', "action is 'drop'; one of merge, retire, set is allowed"),
    ],
)
def test_a_change_whose_parts_do_not_fit_is_refused(line: bytes, message: str) -> None:
    with pytest.raises(SchemaError, match=message) as refusal:
        decode_change(line)
    assert refusal.value.remedy != ""
