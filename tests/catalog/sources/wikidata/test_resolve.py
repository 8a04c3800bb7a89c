"""The set that finds items which come twice; the rest of the module is tested with whole imports."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.catalog.sources.wikidata.resolve import BitSet


@given(st.lists(st.one_of(st.integers(1, 200), st.integers(65_530, 65_545), st.integers(1, 999_999_999_999))))
def test_a_number_is_new_once(numbers: list[int]) -> None:
    bits, known = BitSet(), set()
    for number in numbers:
        assert bits.add(number) == (number not in known)
        known.add(number)
