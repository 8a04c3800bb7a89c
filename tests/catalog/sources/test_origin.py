"""Ids made from the keys of sources, and what can be a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.catalog.sources.origin import is_latin, is_name, local_id, scheme_of
from streams.events.entity import check_entity_id

_texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=120)


@pytest.mark.parametrize(
    ("scheme", "key", "expected"),
    [
        ("geonames", "2643743", "local:geonames-2643743"),
        ("lei", "549300S4KLFTLO7GSQ80", "local:lei-549300s4klftlo7gsq80"),
        ("iso3166", "JO", "local:iso3166-jo"),
        ("yahoo", "BRK.B", "local:yahoo-brk.b"),
    ],
)
def test_ids_say_where_they_come_from(scheme: str, key: str, expected: str) -> None:
    assert local_id(scheme, key) == expected
    assert scheme_of(expected) == scheme


@pytest.mark.parametrize("entity_id", ["Q1", "local:rahal", "local:clients-17", "local:lei", "local:lei-"])
def test_ids_that_somebody_chose_have_no_scheme(entity_id: str) -> None:
    assert scheme_of(entity_id) is None


@given(_texts, _texts)
def test_any_key_makes_an_id_of_its_own(one: str, other: str) -> None:
    assert check_entity_id(local_id("clients", one, exact=True)) == local_id("clients", one, exact=True)
    assert (local_id("clients", one, exact=True) == local_id("clients", other, exact=True)) == (one == other)


@pytest.mark.parametrize(
    ("text", "expected"), [("Amman", True), ("‘Ammān 2", True), ("عمان", False), ("Али", False), ("7-7", True)]
)
def test_names_in_the_latin_script_are_those_of_every_language(text: str, expected: bool) -> None:
    assert is_latin(text) is expected


@pytest.mark.parametrize(
    ("value", "expected"), [("A", True), ("日", True), ("", False), ("…", False), (None, False), ("x" * 301, False)]
)
def test_a_name_has_a_letter_or_digit(value: object, expected: bool) -> None:
    assert is_name(value) is expected
