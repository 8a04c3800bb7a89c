"""Where words are, and where names may start: what the rules of boundaries say of each place by itself."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.linking.boundary import CLITIC_BITS, NO_WORD, bounds
from streams.linking.fold import fold
from streams.linking.places import places_in
from tests.linking.strategies import any_text

_GLUED = st.lists(st.sampled_from([*"وفبكلاسم نيa'b.日カ한ิ٣4", "ال", "لل", "بال", " و"]), max_size=20).map("".join)


def _names(text: str) -> list[tuple[int, int]]:
    names = places_in(text).names
    return [(name >> CLITIC_BITS, name & ((1 << CLITIC_BITS) - 1)) for name in names]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("words", "an apple", [(0, 0), (3, 0)]),
        ("signs", "(x)", [(0, 0), (1, 0), (2, 0)]),
        ("clitics", "والبنك", [(0, 0), (1, 1), (3, 3)]),
        ("a word that looks like a clitic", "لو", [(0, 0), (1, 1)]),
        ("no letter after the clitic", "لل", [(0, 0), (1, 1)]),
        ("another script", "وnvidia", [(0, 0), (1, 0)]),
        ("no spaces", "東京", [(0, 0), (1, 0)]),
        ("nothing", "", []),
    ],
)
def test_names_may_start(name: str, text: str, expected: list[tuple[int, int]]) -> None:
    assert _names(text) == expected, name


@given(any_text | _GLUED)
def test_names_start_where_boundaries_allow_it(text: str) -> None:
    body = fold(text).text
    # To the end of the text every name may go, so that only its start is asked for.
    found = [(low, bounds(body, low, len(body), "und")) for low in range(len(body)) if body[low] != " "]
    assert _names(body) == [(low, at >> CLITIC_BITS) for low, at in found if at != NO_WORD]


@given(any_text | _GLUED)
def test_words_are_runs_of_letters_and_digits(text: str) -> None:
    body = fold(text).text
    spelt = "".join("w" if char.isalnum() else char if char == "'" else " " for char in body)
    places = places_in(body)
    words = [found.span() for found in re.finditer("w+(?:'w+)*", spelt)]
    assert list(zip(places.starts, places.ends, strict=True)) == words
