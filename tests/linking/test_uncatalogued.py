from __future__ import annotations

import pytest

from streams.events.article import RawArticle
from streams.linking.enrich import decide_article
from streams.linking.first_names import are_short
from streams.linking.row import NIL_ANTECEDENT
from streams.linking.weights import default_weights
from tests.linking.world import compiled, entity, link, linked

_WORLD = [
    entity("Q1", "person", "Antony Vale", "Vale"),
    entity("Q2", "place", "Arden"),
    entity("Q3", "organization", "Orrin Motors"),
    entity("Q4", "organization", "Tilbrook Mills"),
    entity("Q5", "place", "Tilbrook"),
    entity("Q6", "person", "Robert Sorrel", "Sorrel"),
    entity("Q7", "organization", "Quillon"),
]


def _marked(text: str, *, title: str = "", language: str = "en") -> list[tuple[str, int]]:
    """Return the surfaces, with their places, that are a part or a short form of a name that nobody catalogued."""
    decisions = decide_article(RawArticle("a1", title, text, language=language), compiled(_WORLD), default_weights())[3]
    marked = [each for each in decisions if each.is_part or each.row[NIL_ANTECEDENT] > 0]
    return [(each.span.surface, each.span.start) for each in marked]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("So did Brenda Vale. And Vale left.", ["Vale", "Vale"]),
        ("So did Brenda Vale of Orrin Motors. And Vale left, and Vale slept.", ["Vale", "Vale", "Vale"]),
        ("So did Brenda Vale Junior. And Vale left.", []),
        ("So Vale left. And so did Brenda Vale.", ["Vale"]),
        ("So did Antony Vale, and so did Brenda Vale. And Vale left.", ["Vale"]),
        ("And Antony Vale spoke. So Vale left.", []),
        ("And Mr Vale spoke. So Vale left.", []),
        ("And Canadian Vale spoke. So Vale left.", []),
        ("And House Speaker Vale spoke. So Vale left.", []),
        ("They saw Anna Vale. So Vale left.", []),
        ("They saw Bob Sorrel. So Sorrel left.", []),
        ("They saw Diane Sorrel. And Sorrel left.", ["Sorrel", "Sorrel"]),
        ("So did Al Vale. And Vale left.", []),
        ("So did Anna Vale, and so did Tim Vale.", ["Vale"]),
        ("They saw Rupert Sorrel there.", ["Sorrel"]),
        ("And Arden Resources Ltd grew. So Arden said.", ["Arden", "Arden"]),
        ("And Arden Resources grew in Arden. So Arden said.", []),
        ("And Arden Inc grew. So Arden said.", []),
        ("And Quillon Ireland Ltd grew. So Quillon said.", []),
    ],
)
def test_who_is_named_by_a_part_of_a_name_that_nobody_catalogued(text: str, marked: list[str]) -> None:
    assert [surface for surface, _ in _marked(text)] == marked


def test_a_headline_in_capitals_and_a_noun_in_german_are_no_first_names() -> None:
    assert _marked("In the evening Vale said so.", title="Angry Voters Reject Vale") == []
    assert _marked("Gestern kam Bundeskanzler Vale, und Vale ging.", language="de") == []
    assert _marked("Gestern kam Brenda Vale, und Vale ging.", language="de") == [("Vale", 19), ("Vale", 29)]


def test_who_may_be_called_so_is_no_stranger_though_another_is_better_known() -> None:
    namesakes = [
        entity("Q1", "person", "Antony Vale", "Vale", prior=0.9),
        entity("Q2", "person", "J. Edgar Vale", "Vale"),
    ]
    article = RawArticle("a1", "", "so John Vale left", language="en")
    (decision,) = decide_article(article, compiled(namesakes), default_weights())[3]
    assert decision.row[NIL_ANTECEDENT] == 0.0


@pytest.mark.parametrize(
    ("one", "other", "told"), [("bob", "robert", True), ("robert", "bob", True), ("bob", "richard", False)]
)
def test_first_names_and_their_short_forms(one: str, other: str, told: bool) -> None:
    assert are_short(one, other) is told


def test_a_surname_whose_full_name_is_somebody_elses_does_not_link() -> None:
    text = "Demand grew, said Brenda Vale of Orrin Motors. And Vale left."
    assert linked(link(compiled(_WORLD), text)) == [("Orrin Motors", "Q3")]


def test_a_first_name_with_a_father_behind_it_is_no_short_form() -> None:
    world = compiled([entity("Q1", "person", "Karim Vale", "كريم فالهايم", prior=0.7)])
    text = "قال كريم فالهايم إنه قادم. ووصل كريم بن سالم أمس."
    assert linked(link(world, text, language="ar")) == [("كريم فالهايم", "Q1")]
