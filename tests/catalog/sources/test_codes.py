"""Codes of countries, held against those that CLDR knows."""

from __future__ import annotations

import pytest

from streams.catalog.sources.codes import COUNTRIES, SHAPES


def test_countries_are_those_that_cldr_knows() -> None:
    locale = pytest.importorskip("babel").Locale.parse("en")
    # Islands without a code of their own in ISO 3166, unions of states, and codes for tests.
    beside = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
    assert {code for code in locale.territories if len(code) == 2} - beside == COUNTRIES


@pytest.mark.parametrize(
    ("scheme", "text", "fits"),
    [
        ("lei", "529900T8BM49AURSDO55", True),
        ("lei", "529900t8bm49aursdo55", False),
        ("lei", "529900T8BM49AURSDO5", False),
        ("isin", "US67066G1040", True),
        ("isin", "67066G104", False),
    ],
)
def test_what_ids_look_like(scheme: str, text: str, fits: bool) -> None:
    assert (SHAPES[scheme].fullmatch(text) is not None) is fits
