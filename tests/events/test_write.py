from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import SchemaError
from streams.events.write import dump


@pytest.mark.parametrize("document", [{"a": "\ud800"}, {"\udc00": 1}, {"a": 2**64}, {"a": b"bytes"}, {1: "a"}])
def test_what_json_cannot_hold_is_named_and_the_remedy_too(document: object) -> None:
    with pytest.raises(SchemaError, match=r"^The raw article cannot be written as JSON: .+\.") as refusal:
        dump(document, "raw article")
    assert refusal.value.remedy != ""


@given(st.dictionaries(st.text(max_size=5), st.integers(min_value=0, max_value=9), max_size=6))
def test_sorted_documents_are_equal_when_they_are_equal(document: dict[str, int]) -> None:
    turned = dict(reversed(document.items()))
    assert dump(document, "x", sort_keys=True) == dump(turned, "x", sort_keys=True)


def test_unsorted_documents_keep_their_order() -> None:
    assert dump({"b": 1, "a": "ع"}, "x") == '{"b":1,"a":"ع"}'.encode()
