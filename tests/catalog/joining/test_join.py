"""Names of companies as joining compares them."""

from __future__ import annotations

import pytest

from streams.catalog.joining.join import company_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Apple Inc.", "apple"),
        ("APPLE INC", "apple"),
        ("Deere & Company", "deere"),
        ("3i Group plc", "3i group"),
        ("Nestlé S.A.", "nestle"),
        ("J.P. Morgan & Co.", "jp morgan"),
        ("The Limited", "the limited"),
        ("شركة الاتصالات", "شركه الاتصالات"),
        ("", ""),
    ],
)
def test_forms_of_companies_and_dots_do_not_count(name: str, key: str) -> None:
    assert company_key(name) == key
