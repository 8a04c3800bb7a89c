"""Which statements are facts."""

from __future__ import annotations

from typing import Any

import pytest

from streams.catalog.sources.wikidata.statements import best, item_numbers, qualified, strings, texts
from tests.catalog.sources.wikidata.items import in_language, qualifier, statement, to_item


def _ranked(*ranks: str) -> dict[str, Any]:
    return {"P1": [statement("P1", f"{rank} {n}", rank=rank) for n, rank in enumerate(ranks)]}


@pytest.mark.parametrize(
    ("ranks", "facts"),
    [
        (("normal", "normal"), ["normal 0", "normal 1"]),
        (("normal", "deprecated"), ["normal 0"]),
        (("normal", "preferred", "preferred"), ["preferred 1", "preferred 2"]),
        (("deprecated", "preferred"), ["preferred 1"]),
        (("deprecated",), []),
        ((), []),
    ],
)
def test_preferred_beats_normal_and_deprecated_is_no_fact(ranks: tuple[str, ...], facts: list[str]) -> None:
    assert strings(_ranked(*ranks), "P1") == facts


def test_a_property_that_is_not_there_has_no_facts() -> None:
    assert best({}, "P1") == []


def test_a_preferred_novalue_stands_before_former_values() -> None:
    claims = {"P1": [statement("P1", "was"), statement("P1", None, snaktype="novalue", rank="preferred")]}
    assert strings(claims, "P1") == []
    assert strings({"P1": [statement("P1", None, snaktype="somevalue"), statement("P1", "is")]}, "P1") == ["is"]


def test_items_are_read_in_every_form_of_a_dump() -> None:
    old = statement("P1", {"entity-type": "item", "numeric-id": 7}, kind="wikibase-entityid")
    bare = statement("P1", {"entity-type": "item", "id": "Q9"}, kind="wikibase-entityid")
    other = statement("P1", {"entity-type": "property", "numeric-id": 8, "id": "P8"}, kind="wikibase-entityid")
    lexeme = statement("P1", {"entity-type": "lexeme", "numeric-id": 5, "id": "L5"}, kind="wikibase-entityid")
    claims = {"P1": [to_item("P1", "Q31"), old, bare, other, lexeme, to_item("P1", "Q31"), statement("P1", "Q5")]}
    assert item_numbers(claims, "P1") == [31, 7, 9]


def test_texts_have_their_language() -> None:
    claims = {"P1": [in_language("P1", "ar", "نص"), in_language("P1", "en", "text"), statement("P1", "no language")]}
    assert texts(claims, "P1") == [("ar", "نص"), ("en", "text")]


def test_qualifiers_of_statements_that_are_over_are_left_out() -> None:
    ended = {**qualifier("P249", "OLD"), **qualifier("P582", "2001")}
    # The value itself may be unknown and its qualifier known.
    claims = {
        "P414": [
            to_item("P414", "Q1", qualifiers=ended),
            to_item("P414", "Q2", snaktype="somevalue", qualifiers=qualifier("P249", "NEW")),
            to_item("P414", "Q3", qualifiers=qualifier("P249", "NEW")),
            to_item("P414", "Q4", qualifiers=[]),
            to_item("P414", "Q5"),
        ]
    }
    assert qualified(claims, "P414", "P249", unless="P582") == ["NEW"]


def test_an_end_without_a_value_is_none() -> None:
    def ended(snaktype: str) -> dict[str, Any]:
        return qualifier("P582", None if snaktype != "value" else "2001", snaktype=snaktype)

    ends = ("value", "somevalue", "novalue")
    listed = [to_item("P414", "Q1", qualifiers={**qualifier("P249", end), **ended(end)}) for end in ends]
    alone = [statement("P249", end, qualifiers=ended(end)) for end in ends]
    assert qualified({"P414": listed}, "P414", "P249", unless="P582") == ["novalue"]
    assert strings({"P249": alone}, "P249", unless="P582") == ["novalue"]
    assert strings({"P249": alone}, "P249") == list(ends)
