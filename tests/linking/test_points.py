"""Spelt-out acronyms of Arabic with points between their letters."""

from __future__ import annotations

import pytest

from tests.linking.world import compiled, entity, link, linked

_WORLD = compiled([entity("Q1", "organization", "KZD", "كيه زد دي", prior=0.7)])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("وقالت كيه.زد.دي إنها ستستثمر", [("كيه.زد.دي", "Q1")]),
        ("وقالت كيه زد دي إنها ستستثمر", [("كيه زد دي", "Q1")]),
        ("وارتفع سهم وكيه.زد.دي أمس", [("كيه.زد.دي", "Q1")]),
        ("وقالت إنها تعمل مع كيه.زد.دي.", [("كيه.زد.دي", "Q1")]),
        ("انتهى الخبر.كيه", []),
    ],
)
def test_points_between_letters_are_spaces(text: str, found: list[tuple[str, str]]) -> None:
    assert linked(link(_WORLD, text, language="ar")) == found
