from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streams.events.article import RawArticle
from streams.linking.enrich import decide_article
from streams.linking.fold import fold_text
from streams.linking.shortforms import occurrences, short_forms
from streams.linking.spans import make_span
from streams.linking.text import Text
from streams.linking.uses import MAX_CONSIDERED
from streams.linking.weights import default_weights
from tests.linking.world import VARIANTS, compiled, entity, link, linked, unlinked

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.linking.span import Span


def _span(text: Text, name: str) -> Span:
    low = text.folded.text.index(fold_text(name))
    span = make_span(text, low, low + len(fold_text(name)), text.language)
    assert span is not None
    return span


def _forms(name: str, type_: str, after: str = "") -> tuple[set[str], set[str]]:
    """The strong and the weak forms."""
    found = list(short_forms(_span(Text("body", name + after, "en"), name), type_))
    return {form for form, strong in found if strong}, {form for form, strong in found if not strong}


@pytest.mark.parametrize(
    ("name", "type_", "strong", "weak"),
    [
        ("Tim Cook", "person", {"cook"}, {"tim"}),
        ("Timothy Donald Cook", "person", {"cook"}, {"timothy"}),
        ("Mary van der Berg", "person", {"berg", "van der berg"}, {"mary"}),
        ("Sally Ride Jr.", "person", {"ride"}, {"sally"}),
        ("Jean-Luc Dupont-Moretti", "person", {"dupont-moretti", "moretti"}, {"jean-luc"}),
        ("جنسن هوانغ", "person", {"هوانغ", "هوانج"}, {"جنسن"}),
        ("محمد الفارس", "person", {"الفارس", "فارس"}, {"محمد"}),
        ("Tim Cook", "other", {"cook"}, {"tim"}),
        ("Cook", "person", set(), set()),
        ("Xi Ng", "person", {"ng"}, set()),
        ("Manchester City", "organization", {"city"}, {"manchester"}),
        ("Tim The", "person", set(), {"tim"}),
        ("New Arden", "place", set(), set()),
        ("Vera Rubin", "product", set(), set()),
        ("A Tale of Two Cities", "other", set(), set()),
        ("Quillon Labs Inc.", "organization", {"quillon labs"}, {"quillon"}),
        ("Mars Inc.", "organization", {"mars"}, {"mars"}),
        ("Bank of Arden", "organization", set(), set()),
        ("International Institute of Widget Studies", "organization", {"iiws"}, set()),
        ("مطار دبي الدولي", "organization", set(), set()),
    ],
)
def test_short_forms_of_full_names(name: str, type_: str, strong: set[str], weak: set[str]) -> None:
    found_strong, found_weak = _forms(name, type_)
    assert found_strong == strong
    assert found_weak - found_strong == weak - strong


@pytest.mark.parametrize(
    ("after", "acronym"),
    [(" (PIF) bought", "pif"), ("(PIF)", "pif"), (" ( PIF )", "pif"), (" (pif)", None), (" (the fund)", None),
     (" of (PIF)", None), (" (TOOLONGS)", None), ("", None)],
)  # fmt: skip
def test_the_acronym_in_the_parentheses_after_a_name(after: str, acronym: str | None) -> None:
    strong, _ = _forms("Public Investment Fund", "place", after)
    assert strong == ({acronym} if acronym is not None else set())


@pytest.mark.parametrize(
    ("name", "after", "acronym"),
    [
        ("Lima", " (AP) - It", None),
        ("New Lima", " (AP) - It", None),
        ("New Lima", " (NL) grew", "nl"),
        ("United New Lima States", " (UNLS) grew", "unls"),
        ("ليما", " (رويترز) - قال", None),
        ("ولايات ليما", " (ULS) قالت", "uls"),
    ],
)
def test_the_agency_behind_a_place_is_no_acronym_of_it(name: str, after: str, acronym: str | None) -> None:
    strong, _ = _forms(name, "place", after)
    assert strong == ({acronym} if acronym is not None else set())


def test_occurrences_are_words_with_capitals_outside_the_full_names() -> None:
    texts = [Text("title", "Cook wins", "en"), Text("body", "Tim Cook and cooks cook. Cook, Cook's Cookery COOK", "en")]
    full = _span(texts[1], "Tim Cook")
    found = list(occurrences("cook", texts, [full], "en"))
    assert [(span.text.field, span.surface) for span in found] == [
        ("title", "Cook"), ("body", "Cook"), ("body", "Cook"), ("body", "COOK"),
    ]  # fmt: skip
    assert all(span.form is None for span in found)


_PEOPLE = [
    entity("Q1", "person", "Tim Cook", "تيم كوك", prior=0.6),
    entity("Q2", "person", "Ann Cook", prior=0.4),
    entity("Q3", "organization", "Public Investment Fund", "صندوق الاستثمارات العامة", prior=0.5),
    entity("Q4", "organization", "Quillon Labs Inc.", prior=0.4),
    entity("Q5", "person", "Jensen Huang", "جنسن هوانغ", prior=0.6),
    entity("Q6", "person", "Mary van der Berg", prior=0.4),
    entity("Q7", "organization", "Orlen City", "أورلين سيتي", prior=0.5),
    entity("Q8", "organization", "Vasse Journal", prior=0.5),
    entity("Q9", "organization", "Melborne Tarr", "ميلبورن تار", prior=0.5),
    entity("Q10", "organization", "Vasse Observatory", "مرصد فاس الكبير", prior=0.5),
    entity("Q11", "person", "Lisa Su", "ليزا سو", prior=0.5),
]


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tim Cook spoke. Then Cook left, and Tim smiled.", "Tim Cook Q1|Cook Q1|Tim Q1"),
        ("Then Cook came. And Tim Cook spoke for an hour.", "Cook Q1|Tim Cook Q1"),
        ("Tim Cook and Ann Cook met. But Tim left, and Ann stayed.", "Tim Cook Q1|Ann Cook Q2|Tim Q1|Ann Q2"),
        ("So Tim Cook met Ann Cook. But Tim Cook left. And Cook spoke.", "Tim Cook Q1|Ann Cook Q2|Tim Cook Q1|Cook Q1"),
        ("The Public Investment Fund (PIF) said so. And the PIF grew.", "Public Investment Fund Q3|PIF Q3|PIF Q3"),
        ("Shares of Quillon Labs Inc. rose. And Quillon Labs grew.", "Quillon Labs Inc. Q4|Quillon Labs Q4"),
        ("قال جنسن هوانغ إن الطلب كبير. وأضاف هوانغ أن لهوانغ رأيا.", "جنسن هوانغ Q5|هوانغ Q5|هوانغ Q5"),
        ("And Mary van der Berg came. But van der Berg left.", "Mary van der Berg Q6|van der Berg Q6"),
        ("They cook. And Tim Cook spoke, but a cook tim said no.", "Tim Cook Q1"),
        # In other letters and another spelling than in full.
        ("قال Tim Cook إن الطلب كبير. وأضاف كوك أن السوق تكفي.", "Tim Cook Q1|كوك Q1"),
        ("قال جينسن هوانج إن الطلب كبير. وأضاف هوانغ أن لهوانج رأيا.", "جينسن هوانج Q5|هوانغ Q5|هوانج Q5"),
        ("The chief, Lisa Su, spoke for an hour. Then Su said that she would go.", "Lisa Su Q11|Su Q11"),
        # By the last word, where it stands alone.
        ("And Orlen City won. City took the lead. So they saw City win.", "Orlen City Q7|City Q7|City Q7"),
        ("And Orlen City won. The City slept, and City Hall slept. City officials slept.", "Orlen City Q7"),
        ("And the Vasse Journal said so. So the Journal said.", "Vasse Journal Q8|Journal Q8"),
        ("And the Vasse Journal said so. So a Journal said.", "Vasse Journal Q8"),
        # By the first word, where it is a name and no noun.
        ("قالت ميلبورن تار إن النمو بطيء. وأضافت ميلبورن أن السوق ستهدأ.", "ميلبورن تار Q9|ميلبورن Q9"),
        ("قال مرصد فاس الكبير إن السماء صافية. وكان في المدينة مرصد آخر.", "مرصد فاس الكبير Q10"),
    ],
)
def test_short_forms_link_to_whom_the_full_name_means(text: str, expected: str, variant: Callable) -> None:
    found = linked(link(variant(_PEOPLE), text))
    assert [f"{surface} {entity_id}" for surface, entity_id in found] == expected.split("|")


@pytest.mark.parametrize(
    ("text", "nil"),
    [
        ("The baker Brenda Cook spoke. And Cook left.", ["Brenda Cook", "Cook"]),
        ("So Cook was there, and Tim was there.", ["Cook", "Tim"]),
        ("The Arden Fund (PIF) said so. And the PIF grew.", ["Arden Fund", "PIF", "PIF"]),
    ],
)
def test_without_a_full_name_a_short_form_means_nobody(text: str, nil: list[str]) -> None:
    links = link(VARIANTS["compiled"](_PEOPLE), text)
    assert linked(links) == []
    assert unlinked(links) == nil


def test_a_full_name_in_the_body_serves_the_title() -> None:
    links = link(VARIANTS["compiled"](_PEOPLE), "It was Tim Cook who won the award.", title="And Cook wins again")
    assert linked(links) == [("Cook", "Q1"), ("Tim Cook", "Q1")]


@pytest.mark.parametrize(("after", "is_company"), [(" Inc", True), (" AG", True), ("", False)])
def test_the_first_word_of_a_company_may_be_a_place_and_that_of_others_is_not(after: str, is_company: bool) -> None:
    view = compiled([entity("Q1", "organization", "Tilbrook Mills"), entity("Q2", "place", "Tilbrook")])
    text = f"So Tilbrook Mills{after} grew. And Tilbrook left."
    decisions = decide_article(RawArticle("a1", "", text, language="en"), view, default_weights())[3]
    (last,) = [each for each in decisions if each.span.start == text.rindex("Tilbrook")]
    given = {each.card.entity_id: each.antecedent for each in last.candidates}
    assert (given.get("Q1", 0.0) > 0.0) is is_company
    assert given["Q2"] == 0.0


def test_of_many_namesakes_the_first_are_candidates_of_a_short_form() -> None:
    names = [f"{first}{second}ina Vale" for first in "BCDFGHKLMN" for second in "aeiou"]
    view = compiled(
        [entity("Q1", "place", "Vale")] + [entity(f"Q{at + 2}", "person", name) for at, name in enumerate(names)]
    )
    text = f"So {', '.join(names)} came. And Vale left."
    decisions = decide_article(RawArticle("a1", "", text, language="en"), view, default_weights())[3]
    (last,) = [each for each in decisions if each.span.start == text.rindex("Vale")]
    assert len(names) > MAX_CONSIDERED
    assert len(last.candidates) == 1 + MAX_CONSIDERED


def test_of_two_who_share_a_full_name_the_article_decides_whom_a_surname_means() -> None:
    view = compiled(
        [
            entity("Q1", "product", "Wilma Orrin", "Orrin", prior=0.5),
            entity("Q2", "person", "Wilma Orrin", prior=0.5, related=("Q3", "Q4")),
            entity("Q3", "place", "Arden", prior=0.6, related=("Q2",)),
            entity("Q4", "organization", "Tilbrook Mills", prior=0.6, related=("Q2",)),
        ]
    )
    text = "They saw Wilma Orrin in Arden, and at Tilbrook Mills. For years Orrin had worked there."
    assert linked(link(view, text))[-1] == ("Orrin", "Q2")
