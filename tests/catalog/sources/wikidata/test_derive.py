"""What becomes of an item."""

from __future__ import annotations

from typing import Any

import pytest

from streams.catalog.names import names_of
from streams.catalog.sources.wikidata.derive import MAX_RELATED, derive, prior
from streams.events.entity import MAX_DEMONYMS, parse_entity
from tests.catalog.sources.wikidata.items import COMPANY, in_language, item, qid, statement, to_item

_BOTH = ("en", "ar")


def _derived(*args: Any, languages: tuple[str, ...] = _BOTH, **options: Any) -> dict[str, Any]:
    document = derive(item(*args, **options), languages)
    assert document is not None
    return document


def test_a_company_has_names_of_every_kind_and_ids_elsewhere() -> None:
    assert derive(COMPANY, _BOTH) == {
        "id": qid(1),
        "labels": {"en": "Zarquon Shipwrights", "ar": "زاركون للسفن", "mul": "Zarquon"},
        # Neither flags, nor codes in lower case, nor what is in other languages.
        "aliases": {"en": ["Zarquon", "ZSW Group", "ZSW", "Zarquon Shipwrights and Daughters plc"]},
        "description": "invented shipbuilder",
        "prior": prior(10),
        "related": [qid(5), qid(2), qid(3)],
        "external_ids": {
            "lei": ["EXAMPLE0000000000042"],
            "isin": ["XX0000000001"],
            "website": ["https://zarquon.example"],
            "ticker": ["ZRQN", "ZRQ", "ZQ.X"],
        },
    }


def test_demonyms_are_kept_apart_from_names() -> None:
    document = _derived(
        1,
        {"en": "Zarquonia"},
        in_language("P1549", "en", "Zarquonian"),
        in_language("P1549", "ar", "زاركوني"),
        in_language("P1549", "fi", "zarquonialainen"),
        in_language("P1549", "en", "Zarquish", rank="deprecated"),
        aliases={"en": ["zarquonian", "Land of Zarquon"]},
    )
    assert document["demonyms"] == {"en": ["Zarquonian"], "ar": ["زاركوني"]}
    entity = parse_entity({**document, "type": "place"})
    assert {name.text for name in names_of(entity)} == {"Zarquonia", "Land of Zarquon"}
    assert "demonyms" not in _derived(1)


def test_a_name_of_every_language_is_no_arabic_name() -> None:
    document = _derived(1, {"mul": "Zarquon"}, aliases={"mul": ["ZRQ"]}, languages=("ar",))
    assert document["labels"] == {"mul": "Zarquon"}
    assert document["aliases"] == {"mul": ["ZRQ"]}


@pytest.mark.parametrize("labels", [{}, {"fi": "Laiva"}, {"en": ""}, {"en": " "}, {"en": "x" * 301}])
def test_an_item_without_a_name_in_the_languages_is_none(labels: dict[str, str]) -> None:
    assert derive(item(1, labels), _BOTH) is None


def test_an_alias_alone_is_a_name() -> None:
    assert _derived(1, {}, aliases={"en": ["Zarquon"]})["aliases"] == {"en": ["Zarquon"]}


def test_empty_maps_may_be_lists() -> None:
    older = {**item(1), "descriptions": [], "aliases": [], "claims": [], "sitelinks": []}
    document = derive(older, _BOTH)
    assert document is not None
    assert (document["prior"], document["aliases"], document["description"]) == (0.0, {}, None)
    assert derive({**older, "labels": []}, _BOTH) is None


def test_the_description_is_that_of_the_most_wanted_language() -> None:
    both = {"en": "ship", "ar": "سفينة"}
    assert _derived(1, descriptions=both, languages=("ar", "en"))["description"] == "سفينة"
    assert _derived(1, descriptions={"en": "ship"}, languages=("ar", "en"))["description"] == "ship"
    assert _derived(1, descriptions={"fi": "laiva"})["description"] is None


def test_related_entities_are_those_of_today_without_itself() -> None:
    document = _derived(
        1,
        None,
        to_item("P27", qid(9)),
        to_item("P108", qid(2), rank="preferred"),
        to_item("P108", qid(3)),
        to_item("P39", qid(4)),
        to_item("P127", qid(1)),
        to_item("P749", "Q1", snaktype="somevalue"),
    )
    assert document["related"] == [qid(2), qid(4), qid(9)]
    many = [to_item("P463", qid(number)) for number in range(10, 200)]
    assert len(_derived(1, None, *many)["related"]) == MAX_RELATED


def test_limits_of_the_format_are_kept() -> None:
    document = _derived(
        1,
        None,
        statement("P856", "https://" + "x" * 200),
        *[in_language("P1549", "en", f"Zarquonian {number}") for number in range(150)],
        *[statement("P946", f"XX{number:010}") for number in range(150)],
        aliases={"en": [f"Name {number}" for number in range(2_500)]},
        descriptions={"en": "d" * 3_000},
    )
    parse_entity({**document, "type": "other"})
    assert len(document["demonyms"]["en"]) == MAX_DEMONYMS
    assert "website" not in document["external_ids"]


def test_the_prior_grows_with_the_sitelinks_up_to_one() -> None:
    values = [prior(count) for count in (0, 1, 3, 10, 100, 299, 300, 5_000)]
    assert values == sorted(values)
    assert (values[0], prior(1), prior(10), prior(100), values[-1]) == (0.0, 0.121, 0.42, 0.809, 1.0)
