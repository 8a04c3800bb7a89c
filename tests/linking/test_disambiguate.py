"""Which of several entities, and which of several spans: tables over every kind of view."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from streams.catalog.records import Record
from streams.catalog.snapshot import view_of
from streams.catalog.starter import read_starter
from streams.linking.enrich import decide_article, explain_article
from streams.linking.features import feature_rows
from streams.linking.row import GLUED, ORDINARY
from streams.linking.uses import MAX_CONSIDERED
from streams.linking.weights import CANDIDATE_FEATURES, default_weights
from tests.linking.world import VARIANTS, RawArticle, compiled, entity, link, linked
from tests.support.native_corpus import articles

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.events.entity import Entity
    from streams.linking.features import Decision


class Case(NamedTuple):
    name: str
    entities: list[Entity]
    text: str
    expected: str  # surface and id, parted by |


_BANKS = [
    entity("Q1", "organization", "Bank of Arden", prior=0.5),
    entity("Q2", "place", "Arden", "آردن", prior=0.5),
    entity("Q3", "organization", "Arden United", prior=0.5),
    entity("Q4", "place", "New Arden", prior=0.5),
]
_TITLES = [
    entity("Q1", "organization", "Associated Press", "The Associated Press", prior=0.5),
    entity("Q2", "work", "The Office", prior=0.5),
    entity("Q3", "product", "Office", prior=0.5),
]
_RELATED = CANDIDATE_FEATURES.index("related")
_NAMESAKES = [
    entity("Q1", "product", "Lyra", "ليرا", description="chip platform for data centres", related=("Q3",), prior=0.4),
    entity("Q2", "person", "Lyra", "ليرا", description="astronomer who studied galaxies", related=("Q4",), prior=0.4),
    entity("Q3", "organization", "Quillon Labs", "مختبرات كويلون", related=("Q1",), prior=0.4),
    entity("Q4", "organization", "Tosk Observatory", "مرصد توسك", related=("Q2",), prior=0.4),
]
_TRAPS = [
    entity("Q1", "person", "Joe Biden", "جو بايدن", "بايدن", prior=0.7),
    entity("Q2", "person", "Anthony Eden", "أنتوني إيدن", "ايدن", prior=0.3),
    entity("Q3", "place", "Kanda", "كندا", prior=0.6),
    entity("Q4", "person", "Nada", "ندا", prior=0.3),
    entity("Q5", "place", "Washington", "واشنطن", prior=0.6),
    entity("Q6", "other", "Ashnatan", "اشنطن", prior=0.3),
]
_WORDS = [
    entity("Q1", "organization", "Apple", prior=0.9),
    entity("Q2", "organization", "Meta", prior=0.9),
    entity("Q3", "product", "Threads", prior=0.5),
    entity("Q4", "organization", "Visa", prior=0.6),
    entity("Q5", "organization", "The Who", "Who", prior=0.5),
    entity("Q6", "organization", "Gap", prior=0.5),
]

CASES = (
    Case("the longest name wins", _BANKS, "The Bank of Arden in Arden", "Bank of Arden Q1|Arden Q2"),
    Case("also where it begins earlier", _BANKS, "they saw New Arden and Arden United", "New Arden Q4|Arden United Q3"),
    Case("also in capitals", _BANKS, "BANK OF ARDEN BUYS NEW ARDEN", "BANK OF ARDEN Q1|NEW ARDEN Q4"),
    Case("what is left of it links by itself", _BANKS, "the Branch of New Arden", "New Arden Q4"),
    Case("but in a name that nobody catalogued", _BANKS, "the Bank of New Arden", ""),
    Case("an article at the head of a sentence is no name", _TITLES, "The Associated Press said so.",
         "Associated Press Q1"),
    Case("an article within one is the name's", _TITLES, "so The Associated Press said", "The Associated Press Q1"),
    Case("an article in lower case is not", _TITLES, "so the Associated Press said", "Associated Press Q1"),
    Case("the article of a title stays", _TITLES, "The Office is funny. We saw The Office.",
         "The Office Q2|The Office Q2"),
    Case("without it, another is meant", _TITLES, "so the new Office app", "Office Q3"),
    Case("related entities: one", _NAMESAKES, "For Quillon Labs came Lyra at last", "Quillon Labs Q3|Lyra Q1"),
    Case("related entities: other", _NAMESAKES, "For Tosk Observatory came Lyra at last",
         "Tosk Observatory Q4|Lyra Q2"),
    Case("description: one", _NAMESAKES, "the chip platform for data centres: here comes Lyra", "Lyra Q1"),
    Case("description: other", _NAMESAKES, "the galaxies that this astronomer studied: here comes Lyra", "Lyra Q2"),
    Case("related entities in Arabic: one", _NAMESAKES, "أعلنت مختبرات كويلون أن ليرا جاهزة",
         "مختبرات كويلون Q3|ليرا Q1"),
    Case("related entities in Arabic: other", _NAMESAKES, "أعلن مرصد توسك أن ليرا غائبة", "مرصد توسك Q4|ليرا Q2"),
    Case("cue: one", _NAMESAKES, "so the chips Lyra came", "Lyra Q1"),
    Case("cue: other", _NAMESAKES, "so Professor Lyra said", "Lyra Q2"),
    Case("a letter of the name is no clitic", _TRAPS, "زار بايدن كندا ثم واشنطن", "بايدن Q1|كندا Q3|واشنطن Q5"),
    Case("nor after a clitic", _TRAPS, "وبايدن لكندا وبواشنطن", "بايدن Q1|كندا Q3|واشنطن Q5"),
    Case("words in lower case are no names", _WORDS, "an apple, a meta idea, threads, a visa, who, a gap", ""),
    Case("names in capitals are", _WORDS, "so Apple met Meta and Visa", "Apple Q1|Meta Q2|Visa Q4"),
    Case("questions are no bands", _WORDS, "Who came? They asked who came.", ""),
)  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_links(case: Case, variant: Callable) -> None:
    found = [f"{surface} {entity_id}" for surface, entity_id in linked(link(variant(case.entities), case.text))]
    assert found == (case.expected.split("|") if case.expected != "" else [])


def _ranked(entities: list[Entity], text: str) -> list[str]:
    """The candidates of the one form in ``text``, linked or not."""
    (explanation,) = explain_article(RawArticle("a1", "", text), compiled(entities))
    return [candidate.entity_id for candidate in explanation.candidates]


def test_a_tie_goes_to_the_smaller_id_whoever_comes_first() -> None:
    twins = [entity(f"local:{name}", "place", "Arden", prior=0.5) for name in "bac"]
    for order in (twins, twins[::-1]):
        assert _ranked(order, "so they came to Arden in spring") == ["local:a", "local:b", "local:c"]


def test_the_better_known_of_two_comes_first() -> None:
    twins = [entity("local:a", "place", "Arden", prior=0.1), entity("local:b", "place", "Arden", prior=0.9)]
    assert _ranked(twins, "so they came to Arden in spring") == ["local:b", "local:a"]


def test_of_many_namesakes_the_commonest_are_weighed_and_five_are_shown() -> None:
    many = [entity(f"Q{number}", "place", "Arden", prior=0.1) for number in range(1, 60)]
    known = entity("Q99", "place", "Arden", "Arden-on-Sea", prior=1.0)
    assert len(_ranked([*many, known], "so they came to Arden")) == MAX_CONSIDERED
    (full, short) = link(compiled([*many, known]), "so they came to Arden-on-Sea. The town of Arden grew").mentions
    assert (full.entity_id, short.entity_id) == ("Q99", "Q99")
    assert len(short.candidates) == 5


def test_what_cannot_become_a_mention_is_scored_once_and_nothing_changes() -> None:
    view = view_of(Record(each.id, each) for each in read_starter())
    spared = 0
    for article in articles(150):
        whole, spare = (
            decide_article(article, view, default_weights(), everything=everything)[3] for everything in (True, False)
        )
        assert [_outcome(decision) for decision in whole] == [_outcome(decision) for decision in spare]
        assert all(decision.is_final for decision in whole)
        assert all(decision.is_final for decision in spare if decision.chosen)
        spared += sum(not decision.is_final for decision in spare)
    assert spared > 0


def _outcome(decision: Decision) -> tuple[int, int, str, str, float]:
    best = decision.best
    probability = best.probability if decision.chosen else 0.0
    return decision.span.start, decision.span.end, decision.why, best.meaning.entity_id * decision.chosen, probability


@pytest.mark.parametrize(
    ("text", "ordinary"),
    [
        ("a Meta-analysis of it", 1.0),
        ("so Meta-owned apps", 0.0),
        ("a Meta-Google case", 0.0),
        ("so Meta - analysts say", 0.0),
        ("قال إن ميتا-تجربة كهذه", 1.0),
        ("قال إن ميتا تجرب", 0.0),
    ],
)
def test_a_combining_form_before_a_hyphen_is_no_name(text: str, ordinary: float) -> None:
    view = compiled([entity("Q1", "organization", "Meta", "ميتا")])
    language = "en" if text.isascii() else "ar"
    decisions = decide_article(RawArticle("a1", "", text, language=language), view, default_weights())[3]
    assert [decision.row[ORDINARY] for decision in decisions] == [ordinary]


def test_a_rival_for_the_same_name_is_no_evidence() -> None:
    # The capital is related to its country, and both go by one name; only another name tells of the country.
    world = compiled(
        [
            entity("Q1", "place", "Ardenia", related=("Q2",), prior=0.5),
            entity("Q2", "place", "Ardenia", "Republic of Ardenia", related=(), prior=0.5),
        ]
    )

    def related(text: str) -> list[float]:
        decisions = decide_article(RawArticle("a1", "", text, language="en"), world, default_weights())[3]
        first = next(each for each in decisions if each.span.surface == "Ardenia")
        by_id = {each.meaning.entity_id: each for each in first.candidates}
        return [feature_rows(first)[1][first.candidates.index(by_id[id_])][_RELATED] for id_ in ("Q1", "Q2")]

    assert related("so they flew to Ardenia") == [0.0, 0.0]
    assert related("so they left the Republic of Ardenia and flew to Ardenia")[0] > 0.0


@pytest.mark.parametrize(
    ("text", "glued"), [("an Arden-based firm", 0.0), ("an Arden-born poet", 0.0), ("an Arden-Vey line", 1.0)]
)
def test_what_takes_part_is_no_part_of_the_name_that_it_is_joined_to(text: str, glued: float) -> None:
    view = compiled([entity("Q1", "place", "Arden")])
    (decision,) = decide_article(RawArticle("a1", "", text, language="en"), view, default_weights())[3]
    assert decision.row[GLUED] == glued
