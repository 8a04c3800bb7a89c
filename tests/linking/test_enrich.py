"""What holds of the links of any article, whatever its text and whatever the catalogue."""

from __future__ import annotations

import gc
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.catalog.forms import forms_of_record
from streams.catalog.matcher import build_automaton, load_automaton
from streams.catalog.view import EntityCard, Posting
from streams.collector import uncollected
from streams.events.article import RawArticle
from streams.events.enriched import FIELDS, MAX_CANDIDATES
from streams.events.types import ENTITY_TYPES
from streams.linking.enrich import LINKER, explain_article, link_article
from streams.linking.fold import fold_text
from streams.linking.weights import default_weights
from tests.catalog.strategies import catalogues, names
from tests.linking.strategies import any_text
from tests.linking.world import VARIANTS, compiled, entity, link, linked, live, starter, tagged, unlinked

if TYPE_CHECKING:
    import random

    from streams.events.entity import Entity
    from streams.linking.links import Links

_patient = settings(deadline=None, max_examples=25)

_GLUE = (
    " ",
    " ",
    " ",
    ". ",
    "\n",
    ", ",
    "و",
    "ال",
    "لل",
    "ل",
    "'s ",
    "-",
    "/",
    " (",
    ") ",
    "، ",
    "@",
    "https://",
    "의 ",
)
_PROSE = ("Tim Cook", "Bank of Arden", "said", "the", "NEW", "الكاتب", "شركة", "في", "Mr", "der", "2030", "…")


@st.composite
def articles(draw: st.DrawFn, entities: list[Entity]) -> RawArticle:
    """An article that names entities of the catalogue between all sorts of things."""
    known = [name for each in entities for name in each.labels.values()]
    known += [alias.text for each in entities for listed in each.aliases.values() for alias in listed]
    words = st.sampled_from((*_PROSE, *known)) | names | any_text
    text = st.lists(st.tuples(words, st.sampled_from(_GLUE)).map("".join), max_size=12).map("".join)
    language = draw(st.sampled_from([None, "en", "ar", "de", "tr", "ko", "pt-BR", "zz"]))
    return RawArticle("a1", draw(text), draw(text), language=language)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Entity], RawArticle]:
    entities = draw(catalogues())
    return entities, draw(articles(entities))


def check(article: RawArticle, links: Links) -> None:
    """Check what consumers of enriched articles rely on."""
    texts = {"title": article.title, "body": article.body}
    for mention in links.mentions:
        assert 0 <= mention.start < mention.end <= len(texts[mention.field])
        assert texts[mention.field][mention.start : mention.end] == mention.surface
        assert mention.type in ENTITY_TYPES
        assert 0.0 <= mention.confidence <= 1.0
        assert len(mention.candidates) <= MAX_CANDIDATES
        scores = [candidate.score for candidate in mention.candidates]
        assert all(0.0 <= score <= 1.0 for score in scores)
        assert scores == sorted(scores, reverse=True)
        assert sum(scores) <= 1.0 + 1e-3
        ids = [candidate.entity_id for candidate in mention.candidates]
        assert len(set(ids)) == len(ids)
        if mention.entity_id is None:
            assert ids == []
        else:
            assert ids[0] == mention.entity_id
            assert mention.confidence == scores[0]
    where = [(FIELDS.index(mention.field), mention.start, mention.end) for mention in links.mentions]
    assert where == sorted(where)
    for (field, _, end), (next_field, start, _) in pairwise(where):
        assert field < next_field or end <= start
    counts = Counter(mention.entity_id for mention in links.mentions if mention.entity_id is not None)
    assert {each.entity_id: each.mention_count for each in links.entities} == counts
    shares = [each.salience for each in links.entities]
    assert shares == sorted(shares, reverse=True)
    assert len(shares) == 0 or abs(sum(shares) - 1.0) <= 1e-4 * len(shares)
    check_unlinked(texts, links)


def check_unlinked(texts: dict[str, str], links: Links) -> None:
    nil = Counter(fold_text(mention.surface) for mention in links.mentions if mention.entity_id is None)
    assert {found.name_key: found.mention_count for found in links.unlinked} == nil
    for found in links.unlinked:
        assert texts[found.field][found.start : found.end] == found.name
        assert fold_text(found.name) == found.name_key
        assert found.name in found.context
        assert found.context in texts[found.field]
        assert found.type in ENTITY_TYPES


@given(worlds())
@_patient
def test_links_of_any_text(world: tuple[list[Entity], RawArticle]) -> None:
    entities, article = world
    check(article, link_article(article, compiled(entities)))


@given(any_text, any_text)
@_patient
def test_links_of_any_text_to_a_real_catalogue(title: str, body: str) -> None:
    article = RawArticle("a1", title, f"Nvidia said {body} وإنفيديا {body}")
    check(article, link_article(article, starter()))


@given(worlds())
@_patient
def test_linking_twice_gives_the_same(world: tuple[list[Entity], RawArticle]) -> None:
    entities, article = world
    view = compiled(entities)
    first = link_article(article, view)
    assert link_article(article, view) == first
    assert link_article(article, compiled(entities)) == first


@given(worlds())
@_patient
def test_every_view_of_one_catalogue_links_alike(world: tuple[list[Entity], RawArticle]) -> None:
    entities, article = world
    views = {name: variant(entities) for name, variant in VARIANTS.items()}
    expected = link_article(article, views["compiled"])
    assert {name: link_article(article, view) == expected for name, view in views.items()} == dict.fromkeys(views, True)


class Renumbered:
    """A view whose numbers are others: entities and forms counted from the end."""

    def __init__(self, view, entities: int) -> None:
        self._view = view
        self._last = entities
        self._forms = view.header.forms
        self.version = view.version
        forms = sorted({form for record in view.records() for form, *_ in forms_of_record(record)})
        self.automata = [load_automaton(build_automaton(forms, numbers=range(self._forms)[::-1]))]

    def form(self, folded: str) -> int | None:
        form = self._view.form(folded)
        return None if form is None else self._forms - 1 - form

    def postings(self, form: int) -> list[Posting]:
        return [
            Posting(
                self._last - posting.entity,
                posting.surface_hash,
                posting.count,
                is_label=posting.is_label,
                language=posting.language,
            )
            for posting in reversed(self._view.postings(self._forms - 1 - form))
        ]

    def card(self, entity: int) -> EntityCard:
        return self._view.card(self._last - entity)

    def entity(self, entity_id: str) -> int | None:
        number = self._view.entity(entity_id)
        return None if number is None else self._last - number


@given(worlds())
@_patient
def test_numbers_decide_nothing(world: tuple[list[Entity], RawArticle]) -> None:
    entities, article = world
    view = compiled(entities)
    assert link_article(article, Renumbered(view, len(entities))) == link_article(article, view)


@given(worlds(), st.randoms(use_true_random=False))
@_patient
def test_the_order_of_entities_decides_nothing(
    world: tuple[list[Entity], RawArticle], randomness: random.Random
) -> None:
    entities, article = world
    other = list(entities)
    randomness.shuffle(other)
    assert link_article(article, live(other)) == link_article(article, live(entities))


@given(catalogues(), st.data())
@_patient
def test_what_was_linked_before_decides_nothing(entities: list[Entity], data: st.DataObject) -> None:
    batch = data.draw(st.lists(articles(entities), min_size=2, max_size=4))
    alone = [link_article(article, compiled(entities)) for article in batch]
    view = compiled(entities)
    together = [link_article(article, view) for article in reversed(batch)]
    assert together[::-1] == alone


@given(worlds())
@_patient
def test_explanations_agree_with_links(world: tuple[list[Entity], RawArticle]) -> None:
    entities, article = world
    view = compiled(entities)
    links = link_article(article, view)
    explanations = explain_article(article, view)
    told = [
        (each.field, each.start, each.end, each.surface, each.entity_id, each.confidence)
        for each in explanations
        if each.entity_id is not None
    ]
    assert told == [
        (each.field, each.start, each.end, each.surface, each.entity_id, each.confidence)
        for each in links.mentions
        if each.entity_id is not None
    ]


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "\u200f", "\u0301", "ـ", "😀", "\x00", "٪", "A", "و", "لل", "'s", "@", "http://", "()"]
)
def test_texts_with_nothing_in_them(text: str) -> None:
    for view in (starter(), compiled([])):
        article = RawArticle("a1", text, text)
        links = link_article(article, view)
        check(article, links)
        assert linked(links) == []


@pytest.mark.parametrize("letter", ["a", "A", "ا", "ل", "و", "ア", "가", "ß", "\u0301", " ", "\n"])
def test_a_hundred_thousand_times_the_same(letter: str) -> None:
    article = RawArticle("a1", "", letter * (100_000 // len(letter)))
    check(article, link_article(article, compiled([entity("Q1", "other", letter * 2, letter * 3)])))


@pytest.mark.parametrize("letter", ["東", "ก", ".", "@", "1 ", "A ", "The "])
def test_the_same_again_and_again_where_every_place_is_a_match(letter: str) -> None:
    article = RawArticle("a1", "", letter * 2_000)
    view = compiled([entity("Q1", "other", letter * 2), entity("Q2", "other", letter * 3)])
    check(article, link_article(article, view))


class Counting:
    """A view that counts what it is asked."""

    def __init__(self, view) -> None:
        self._view = view
        self.version = view.version
        self.asked = 0

    def postings(self, form: int):
        self.asked += 1
        return self._view.postings(form)

    def __getattr__(self, name: str):
        return getattr(self._view, name)


def test_a_million_matches_inside_one_word_are_no_spans() -> None:
    view = compiled(entity(f"Q{length}", "other", "a" * length) for length in range(2, 22))
    assert tagged(view, "a" * 50_000, "en") == []


def test_matches_that_overlap_are_weighed_once_each() -> None:
    view = Counting(compiled(entity(f"Q{length}", "place", "東" * length) for length in range(1, 11)))
    links = link(view, "東" * 1_000)
    # One look for each form, however often it stands there.
    assert view.asked <= 20
    assert sum(len(mention.surface) for mention in links.mentions) <= 1_000
    assert set(linked(links)) == {("東" * 10, "Q10")}


def test_the_linker_says_which_weights_it_uses() -> None:
    assert LINKER.name == "wasl"
    assert LINKER.version.endswith(f"+w{default_weights().version}")


@pytest.mark.parametrize(
    ("given_", "code", "origin"), [(None, "en", "detected"), ("en-GB", "en-GB", "event"), ("ar", "ar", "event")]
)
def test_the_language_is_the_producers_or_detected(given_: str | None, code: str, origin: str) -> None:
    links = link(starter(), "The company said that it was in talks with the bank.", language=given_)
    assert (links.language.code, links.language.origin) == (code, origin)


def test_without_a_catalogue_there_are_names_all_the_same() -> None:
    links = link(compiled([]), "Yesterday the novelist Orla Fenwick met Bram Tosk of Quillon Labs in the old town.")
    assert linked(links) == []
    assert unlinked(links) == ["Orla Fenwick", "Bram Tosk of Quillon Labs"]


def test_an_article_leaves_the_collector_nothing_to_find() -> None:
    texts = ["Tim Cook of Apple Inc. met Jensen Huang (JH) in London, England. Cook said no.", "وقال هوانغ إن إنفيديا"]
    for text in texts * 2:
        gc.collect()
        with uncollected():
            link(starter(), text)
            assert gc.collect() == 0
