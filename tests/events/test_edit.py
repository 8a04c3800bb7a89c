from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import SchemaError
from streams.events.edit import MAX_COUNT, CatalogEdit, decode_edit, edit_document, encode_edit, parse_edit

_ID = st.from_regex(r"Q[1-9][0-9]{0,11}|local:[a-z0-9][a-z0-9._-]{0,30}", fullmatch=True)
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
_NOTES = {
    "author": st.none() | _TEXT,
    "reason": st.none() | _TEXT,
    "changed_at": st.none() | st.just("2026-01-31T09:30:00Z"),
}
_NAMES = st.dictionaries(st.sampled_from(["ar", "en"]), st.lists(_TEXT, min_size=1, max_size=2).map(tuple), min_size=1)
_EDITS = st.one_of(
    st.builds(CatalogEdit, st.just("split"), _ID, into=_ID, type=st.none() | st.just("person"), names=_NAMES, **_NOTES),
    st.builds(CatalogEdit, st.sampled_from(["block", "unblock"]), _ID, alias=_TEXT, **_NOTES),
    st.builds(CatalogEdit, st.just("boost"), _ID, alias=_TEXT, count=st.none() | st.integers(1, MAX_COUNT), **_NOTES),
    st.builds(CatalogEdit, st.just("boost"), _ID, prior=st.none() | st.floats(0, 1), **_NOTES),
)


@given(_EDITS)
def test_any_edit_comes_back_as_it_was(edit: CatalogEdit) -> None:
    assert decode_edit(encode_edit(edit)) == edit
    assert parse_edit(edit_document(edit)) == edit


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"action": "set", "entity_id": "Q1"}', "action is 'set'; one of block, boost, split, unblock is allowed"),
        (b'{"action": "block", "entity_id": "Q1"}', "alias is missing from a catalogue edit whose action is block"),
        (b'{"action": "boost", "entity_id": "Q1", "into": "Q2"}', "into is not part of a catalogue edit"),
        (b'{"action": "boost", "entity_id": "Q1", "count": 3}', "count is not part of a boost of an entity"),
        (b'{"action": "boost", "entity_id": "Q1", "alias": "x", "prior": 1}', "prior is not part of a boost of an al"),
        (b'{"action": "split", "entity_id": "Q1", "into": "Q2", "names": {"en": []}}', "holds no name"),
    ],
)
def test_an_edit_whose_parts_do_not_fit_is_refused(line: bytes, message: str) -> None:
    with pytest.raises(SchemaError, match=message) as refusal:
        decode_edit(line)
    assert refusal.value.remedy != ""
