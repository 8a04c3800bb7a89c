"""Which entities a form is given to: tables of entities, text, language, and the ids in order."""

from __future__ import annotations

import pytest

from streams.events.entity import Alias, Entity
from streams.linking.tag import tag
from streams.linking.text import Text
from streams.linking.uses import MAX_CONSIDERED, Use, uses_of
from tests.linking.world import compiled, entity


def _uses(entities: list[Entity], text: str, language: str = "en") -> list[Use]:
    view = compiled(entities)
    span = next(span for span in tag(Text("body", text, language), view, language) if span.form is not None)
    return uses_of(span, view.postings(span.form), view, language)


def _ids(uses: list[Use]) -> list[str]:
    return [use.card.entity_id for use in uses]


def test_the_postings_of_an_entity_are_taken_together() -> None:
    counted = Entity("Q1", "place", {"en": "Arden"}, {"de": (Alias("Arden", 3),), "fr": (Alias("ARDEN", 2),)})
    [use] = _uses([counted], "in Arden")
    assert (use.count, use.exact, use.is_label, use.in_language) == (5, True, True, True)


def test_the_commonest_comes_first_and_alone_has_a_lead() -> None:
    rare, frequent = (
        Entity(f"Q{number}", "place", {}, {"en": (Alias("Arden", number),)}, prior=0.5) for number in (2, 90)
    )
    uses = _uses([rare, frequent], "in Arden")
    assert _ids(uses) == ["Q90", "Q2"]
    assert uses[0].lead > 0 == uses[1].lead
    assert uses[0].seen_share > uses[1].seen_share > 0


def test_of_many_only_so_many_are_weighed() -> None:
    many = [entity(f"Q{number}", "place", "Arden", prior=0.1) for number in range(1, 60)]
    assert len(_uses(many, "in Arden")) == MAX_CONSIDERED


@pytest.mark.parametrize(
    ("text", "language", "exact"),
    [
        ("la catedral de Arden", "es", True),
        ("la catedral de Arden", "en", False),
        ("la Catedral de Arden", "en", True),
        ("la CATEDRAL DE ARDEN", "es", False),
    ],
)
def test_a_first_letter_in_the_other_case_is_exact_but_in_english(text: str, language: str, exact: bool) -> None:
    title = Entity("Q1", "place", {language: "Catedral de Arden"})
    [use] = _uses([title], text, language)
    assert use.exact is exact


def test_a_word_in_small_letters_is_no_name_with_a_capital() -> None:
    fruit, company = entity("Q89", "other", "apple"), entity("Q312", "organization", "Apple")
    assert _ids(_uses([fruit, company], "an apple")) == ["Q89"]
    assert set(_ids(_uses([fruit, company], "so Apple"))) == {"Q89", "Q312"}


@pytest.mark.parametrize(("text", "first"), [("في سَمّان", "Q2"), ("في سُمَان", "Q1"), ("في سُمان", "Q1")])
def test_who_writes_all_vowels_writes_those_that_tell(text: str, first: str) -> None:
    uses = _uses([entity("Q1", "place", "سُمان"), entity("Q2", "place", "سمّان")], text, "ar")
    assert [use.card.entity_id for use in uses if use.exact] == [first]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("the ABX said", "en", []),  # who has a name in English is not called by what the French say
        ("l'ABX a dit", "fr", ["Q1"]),
        ("die ABX sagt", "de", ["Q1"]),  # it has no name in German
        ("the BAX said", "en", ["Q1"]),
        ("le BAX a dit", "fr", ["Q1"]),  # acronyms of English are written everywhere
        ("Banque arden", "en", ["Q1"]),
    ],
)
def test_an_acronym_of_another_language_is_not_said_where_there_is_a_name(text, language, found) -> None:
    bank = Entity(
        "Q1",
        "organization",
        {"en": "Arden Bank", "fr": "Banque arden"},
        {"fr": (Alias("ABX", 0),), "en": (Alias("BAX", 0),)},
    )
    assert _ids(_uses([bank], text, language)) == found


def test_marks_by_which_two_names_differ_leave_one_of_them() -> None:
    places = [entity("Q1", "place", "عورّان"), entity("Q2", "place", "عُوران")]
    found = [set(_ids(_uses(places, f"في {name}", "ar"))) for name in ("عورّان", "عُوران", "عوران")]
    assert found == [{"Q1"}, {"Q2"}, {"Q1", "Q2"}]
