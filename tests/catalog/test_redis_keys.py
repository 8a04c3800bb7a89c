"""Where names lie in Redis."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.catalog.redis_keys import Keys, name_field, split_name_field
from tests.catalog.strategies import patient


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@patient
def test_every_name_lies_in_a_hash_of_its_build(name: str) -> None:
    keys = Keys("p").build("3", buckets=16)
    assert keys.names(name) in set(keys.all())
    assert keys.names(name).startswith("p:v:3:names:")
    assert split_name_field(name_field(name, "Q1").encode()) == (name, "Q1")


def test_long_names_lie_apart() -> None:
    keys = Keys("p").build("3", buckets=16)
    assert ":names:long:" not in keys.names("x" * 44)
    assert ":names:long:" in keys.names("x" * 45)
    # Bytes, not letters: Arabic ones take two.
    assert ":names:long:" in keys.names("ا" * 23)


def test_builds_share_no_key() -> None:
    one, other = (set(Keys("p").build(build, buckets=16).all()) for build in ("1", "11"))
    assert one.isdisjoint(other)
