from __future__ import annotations

import pytest

from streams.catalog.view import EntityCard
from streams.linking.labels import UNRELATED, is_initialled, label_words, left_out, relation, words_of

_KINDS = ("end", "start", "inside", "initials", "none")


def _card(**labels: str) -> EntityCard:
    (document,) = [{"entity_id": "Q1", "type": "person", "prior": None, "labels": labels, "description": None}]
    return EntityCard(**document, related=frozenset(), external_ids={})


@pytest.mark.parametrize(
    ("form", "label", "kind"),
    [
        ("neruda", "pablo neruda", "end"),
        ("burlington", "burlington industries", "start"),
        ("trinity dublin", "trinity college dublin", "inside"),
        ("ba", "british airways", "initials"),
        ("b.b.c", "british broadcasting corporation", "initials"),
        ("eth", "the earth and the host", "none"),
        ("dominion", "canada", "none"),
    ],
)
def test_how_a_form_relates_to_a_label(form: str, label: str, kind: str) -> None:
    told = relation(words_of(form), words_of(label))
    assert dict(zip(_KINDS, told, strict=True)) == {name: float(name == kind) for name in _KINDS}


@pytest.mark.parametrize(("form", "label"), [("pablo neruda", "pablo neruda"), ("neruda", ""), ("", "pablo")])
def test_nothing_is_told_without_a_difference(form: str, label: str) -> None:
    assert relation(words_of(form), words_of(label)) == UNRELATED


@pytest.mark.parametrize(
    ("form", "label", "told"),
    [
        ("gerald r. ford", "gerald ford", True),
        ("george w. h. bush", "george bush", True),
        ("gerald r ford", "gerald ford", False),
        ("ortega y gasset", "ortega gasset", False),
        ("gerald ford", "gerald ford", False),
        ("r. ford", "ford", False),
        ("gerald f.", "gerald", False),
        ("gerald rudolph ford", "gerald ford", False),
        ("gerald r. ford", "gerald f. ford", False),
    ],
)
def test_a_label_with_initials_between_its_words_is_that_label(form: str, label: str, told: bool) -> None:
    assert is_initialled(form, words_of(label)) is told


def test_the_words_that_the_form_leaves_out() -> None:
    assert left_out(["trinity", "college"], ["trinity", "college", "of", "dublin"]) == ("dublin",)
    assert left_out(["trinity"], ["trinity"]) == ()


@pytest.mark.parametrize(
    ("labels", "form", "language", "words"),
    [
        ({"en": "Côte-d'Or (wine)", "fr": "La Côte"}, "cote", "de", ["cote", "d'or", "wine"]),
        ({"en": "Cote", "fr": "La Côte"}, "cote", "fr", ["la", "cote"]),
        ({"en": "Nvidia"}, "انفيديا", "ar", []),
        ({"ar": "إنفيديا"}, "انفيديا", "ar", ["انفيديا"]),
        ({"ja": "ソニー"}, "sony", "en", []),
    ],
)
def test_the_label_to_compare_with(labels: dict[str, str], form: str, language: str, words: list[str]) -> None:
    assert label_words(_card(**labels), form, language) == words
