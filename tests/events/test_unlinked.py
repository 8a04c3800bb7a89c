from __future__ import annotations

import dataclasses

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import SchemaError
from streams.events.types import ENTITY_TYPES
from streams.events.unlinked import UnlinkedName, decode_unlinked_name, encode_unlinked_name


@st.composite
def _names(draw: st.DrawFn) -> UnlinkedName:
    end = draw(st.integers(min_value=1, max_value=5_000_000))
    return UnlinkedName(
        name_key=draw(st.text(min_size=1, max_size=40)),
        name=draw(st.text(min_size=1, max_size=40)),
        type=draw(st.sampled_from(ENTITY_TYPES)),
        language=draw(st.sampled_from(["ar", "und", "zh-Hant"])),
        article_id=draw(st.text(min_size=1, max_size=40)),
        field=draw(st.sampled_from(["title", "body"])),
        start=draw(st.integers(min_value=0, max_value=end - 1)),
        end=end,
        mention_count=draw(st.integers(min_value=1, max_value=2**53)),
        context=draw(st.text(max_size=60)),
        seen_at="2026-01-31T09:30:00Z",
    )


@given(_names())
def test_any_name_comes_back_as_it_was(unlinked: UnlinkedName) -> None:
    data = encode_unlinked_name(unlinked)
    assert decode_unlinked_name(data) == unlinked
    assert encode_unlinked_name(decode_unlinked_name(data)) == data


@given(_names(), st.integers(min_value=0, max_value=9))
def test_an_empty_span_is_refused(unlinked: UnlinkedName, past: int) -> None:
    document = {**dataclasses.asdict(unlinked), "start": unlinked.end + past}
    with pytest.raises(SchemaError, match=f"start is {unlinked.end + past}; 0 to {unlinked.end - 1} is allowed"):
        decode_unlinked_name(orjson.dumps(document))


def test_a_lone_surrogate_is_refused_when_writing() -> None:
    unlinked = UnlinkedName("k", "\udfff", "other", "en", "a", "body", 0, 1, 1, "", "2026-01-31T09:30:00Z")
    with pytest.raises(SchemaError, match="unlinked name cannot be written"):
        encode_unlinked_name(unlinked)
