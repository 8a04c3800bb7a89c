from __future__ import annotations

import pytest

from streams.linking.shape import LOWER, MIXED, NO_CASE, TITLE, UPPER, shape_of


@pytest.mark.parametrize(
    ("surface", "shape"),
    [
        ("apple", LOWER),
        ("a-b 2", LOWER),
        ("Apple", TITLE),
        ("Bank of America", TITLE),
        ("OpenAI", TITLE),
        ("Élodie", TITLE),
        ("NVIDIA", UPPER),
        ("U.S.", UPPER),
        ("GPT-5", UPPER),
        ("МОСКВА", UPPER),
        ("iPhone", MIXED),
        ("eBay Inc", MIXED),
        ("إنفيديا", NO_CASE),
        ("東京", NO_CASE),
        ("2030", NO_CASE),
        ("٣", NO_CASE),
        ("3M", UPPER),
    ],
)
def test_shapes(surface: str, shape: int) -> None:
    assert shape_of(surface) == shape
