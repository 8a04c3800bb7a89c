from __future__ import annotations

import pytest

from streams.events.article import RawArticle
from streams.linking.enrich import decide_article, explain_article
from streams.linking.weights import default_weights
from tests.linking.world import compiled, entity, link, linked

_TOWNS = [
    entity("Q1", "place", "Marrow Bend", "Marrow Bend, Ostrava", "Marrow Bend, O.S."),
    entity("Q2", "place", "Ostrava", "O.S."),
    entity("Q3", "place", "Tilbrook"),
    entity("Q4", "organization", "Vey, Tilbrook"),
    entity("Q5", "organization", "Vey"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met in Marrow Bend, Ostrava, last week.", [("Marrow Bend", "Q1"), ("Ostrava", "Q2")]),
        ("They met in Marrow Bend, O.S., last week.", [("Marrow Bend", "Q1"), ("O.S.", "Q2")]),
        (
            "They met in Marrow Bend, Tilbrook and Ostrava.",
            [("Marrow Bend", "Q1"), ("Tilbrook", "Q3"), ("Ostrava", "Q2")],
        ),
    ],
)
def test_a_place_and_its_qualifier_are_two_mentions(text: str, expected: list[tuple[str, str]]) -> None:
    assert linked(link(compiled(_TOWNS), text)) == expected


def test_why_a_pair_is_no_mention_is_told() -> None:
    article = RawArticle("a1", "", "They met in Marrow Bend, Ostrava, last week.")
    told = {each.surface: each.reason for each in explain_article(article, compiled(_TOWNS))}
    assert told["Marrow Bend, Ostrava"] == "its parts are two mentions"


def test_a_pair_of_which_one_part_is_no_name_is_one_mention() -> None:
    view = compiled([entity("Q1", "place", "Marrow Bend", "Marrow Bend, Ostrava")])
    assert linked(link(view, "They met in Marrow Bend, Ostrava, last week.")) == [("Marrow Bend, Ostrava", "Q1")]


_BODIES = [
    entity("Q6", "organization", "Arden Health Organization", "Arden Health Organization (AHO)"),
    entity("Q7", "organization", "Vey Mobile", "Vey Mobile (Ostrava)"),
    entity("Q8", "work", "Orrin House (US)"),
    entity("Q9", "work", "Orrin House"),
]


def test_a_name_and_its_acronym_are_two_mentions() -> None:
    text = "So the Arden Health Organization (AHO) grew, and Vey Mobile (Ostrava) grew, and the AHO fell."
    assert linked(link(compiled(_BODIES), text)) == [
        ("Arden Health Organization", "Q6"),
        ("AHO", "Q6"),
        ("Vey Mobile (Ostrava)", "Q7"),
        ("AHO", "Q6"),
    ]


def test_a_name_that_means_another_without_its_capitals_is_one_mention() -> None:
    assert linked(link(compiled(_BODIES), "So Orrin House (US) won.")) == [("Orrin House (US)", "Q8")]


def test_a_name_in_front_of_an_acronym_that_is_none_by_itself_is_one_mention() -> None:
    view = compiled([entity("Q1", "organization", "Arden Health Organization (AHO)")])
    text = "So the Arden Health Organization (AHO) grew."
    assert linked(link(view, text)) == [("Arden Health Organization (AHO)", "Q1")]


def test_the_comma_in_the_name_of_an_organisation_is_the_names() -> None:
    view = compiled(_TOWNS)
    decisions = decide_article(RawArticle("a1", "", "so Vey, Tilbrook said"), view, default_weights())[3]
    assert not any(decision.is_pair for decision in decisions)


def test_places_across_a_comma_are_noted_both_ways() -> None:
    view = compiled(_TOWNS)
    decisions = decide_article(RawArticle("a1", "", "in Tilbrook, Ostrava"), view, default_weights())[3]
    across = {decision.span.surface: decision.across for decision in decisions}
    assert 0.0 < across["Tilbrook"] <= 1.0
    assert 0.0 < across["Ostrava"] <= 1.0
