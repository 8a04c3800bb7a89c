"""Articles of our own, linked to the starter catalogue: what a reader would expect to see."""

from __future__ import annotations

import base64

import pytest

from streams.linking.enrich import explain_article
from streams.linking.weights import CANDIDATE_FEATURES, LINK_FEATURES
from tests.linking.world import RawArticle, link, linked, starter, unlinked

_PLATFORM = "local:nvidia-vera-rubin"
_ASTRONOMER = "local:vera-rubin-astronomer"
_OBSERVATORY = "local:rubin-observatory"


def _ids(text: str, surface: str, **options) -> list[str]:
    return [entity_id for found, entity_id in linked(link(starter(), text, **options)) if found == surface]


@pytest.mark.parametrize(
    ("text", "name", "ids"),
    [
        (
            "Data centres wait for the Vera Rubin chips of Nvidia. Jensen Huang showed Vera Rubin in Taipei.",
            "Vera Rubin",
            [_PLATFORM, _PLATFORM],
        ),
        (
            (
                "Galaxies turn faster than their light explains. That is what Vera Rubin found, and astronomers now "
                "call the rest dark matter. The Vera C. Rubin Observatory in Chile carries her name."
            ),
            "Vera Rubin",
            [_ASTRONOMER],
        ),
        (
            "تنتظر مراكز البيانات رقائق فيرا روبين من إنفيديا، وعرض جنسن هوانغ منصة فيرا روبين في تايبيه.",
            "فيرا روبين",
            [_PLATFORM, _PLATFORM],
        ),
        (
            (
                "رصدت العالمة فيرا روبين دوران المجرات. ونالت العالمة فيرا روبين جوائز كثيرة، ويحمل مرصد فيرا روبين في "
                "تشيلي اسمها."
            ),
            "فيرا روبين",
            [_ASTRONOMER, _ASTRONOMER],
        ),
    ],
    ids=["chips", "galaxies", "رقائق", "مجرات"],
)
def test_a_name_means_what_its_article_is_about(text: str, name: str, ids: list[str]) -> None:
    assert _ids(text, name) == ids


def test_the_observatory_is_not_the_astronomer() -> None:
    assert _ids("ويحمل مرصد فيرا روبين في تشيلي اسم العالمة فيرا روبين.", "مرصد فيرا روبين") == [_OBSERVATORY]


@pytest.mark.parametrize(
    ("text", "name", "entity_id"),
    [
        ("Tesla shares fell after Elon Musk spoke in Texas about the car maker.", "Tesla", "Q478214"),
        ("The inventor Nikola Tesla left his home. Tesla held many patents on motors.", "Tesla", "Q9036"),
        ("Tim Cook showed Apple phones in Cupertino.", "Apple", "Q312"),
        ("Fires in the Amazon rainforest spread along the Amazon.", "Amazon", "Q3783"),
        ("Amazon shares rose, and Jeff Bezos sold some of his stock.", "Amazon", "Q3884"),
    ],
)
def test_one_name_has_many_bearers(text: str, name: str, entity_id: str) -> None:
    assert entity_id in _ids(text, name)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("قال جنسن هوانغ إن الطلب كبير. وأضاف هوانغ أن لهوانغ رأيا آخر.", [("هوانغ", "Q305177"), ("هوانغ", "Q305177")]),
        ("Tim Cook spoke in Cupertino. Apple shares rose after Cook left the stage.", [("Cook", "Q265852")]),
        ("Sam Altman met reporters. Later Altman said that Sam was tired.", [("Altman", "Q7407093")]),
        ("The Public Investment Fund (PIF) bought shares, and PIF said no more.", [("PIF", "local:pif")] * 2),
    ],
)
def test_short_forms_mean_whom_the_full_name_means(text: str, pairs: list[tuple[str, str]]) -> None:
    found = linked(link(starter(), text))
    assert [pair for pair in found if pair[0] in {surface for surface, _ in pairs}] == pairs


def test_the_surname_of_somebody_else_does_not_link() -> None:
    links = link(starter(), "The baker Brenda Cook won a prize in the village. Then Cook was delighted.")
    assert linked(links) == []
    assert unlinked(links) == ["Brenda Cook", "Cook"]


@pytest.mark.parametrize(
    "text",
    [
        "الشركات الأمريكية والمستثمر السعودي والبنوك الصينية والفريق المصري والوزير الفرنسي والشركة اليابانية",
        "American, Saudi, Chinese and Egyptian investors met French and Japanese bankers.",
        "He ate an apple while a meta idea took shape, and the intel was good.",
        "May was in a good mood. It will march on. Us and them: who knows?",
        "See https://nvidia.com/Apple, mail info@openai.com or ask @Tesla.",
        "من المتوقع أن تكون علي هذه الحال",
    ],
)
def test_what_is_no_name_is_not_linked(text: str) -> None:
    assert linked(link(starter(), text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "بايدن يزور لندن وباريس وواشنطن، وفورد تفتح مصنعا في كندا مع سامسونغ",
            ["بايدن", "لندن", "باريس", "واشنطن", "فورد", "كندا", "سامسونغ"],
        ),
        (
            "وقالت مايكروسوفت لإنفيديا ولأبل وبغوغل وكأمازون وللسعودية والإمارات",
            ["مايكروسوفت", "إنفيديا", "أبل", "غوغل", "أمازون", "لسعودية", "الإمارات"],
        ),
        ("أعلنت وNVIDIA بـOpenAI اليوم", ["NVIDIA", "OpenAI"]),
        ("NVIDIA TO BUY STAKE IN OPENAI AS TIM COOK VISITS PARIS", ["NVIDIA", "OPENAI", "TIM COOK", "PARIS"]),
        ("Investors in Bank of America and in America", ["Bank of America", "America"]),
        ("OpenAI released GPT-5 today, GPT-5.1 tomorrow.", ["OpenAI", "GPT-5"]),
        ("He wrote that #Nvidia is great.", ["Nvidia"]),
        ("أعلنت شركة إِنْفِيدْيَا نتائجها", ["إِنْفِيدْيَا"]),
    ],
)
def test_names_are_found_with_what_is_glued_to_them_left_outside(text: str, expected: list[str]) -> None:
    assert [surface for surface, _ in linked(link(starter(), text))] == expected


_VISITOR = base64.b64encode(b"ip: 203.0.113.7").decode()


@pytest.mark.parametrize("tail", ["", " Apple", " جزيرة الكنز Apple", " إنفيديا OpenAI Tim Cook Orla Fenwick"])
@pytest.mark.parametrize(
    "text", ["أعلنت إنفيديا نتائجها اليوم، وقال جنسن هوانغ إن الطلب كبير.", "Nvidia said that it was good."]
)
def test_scraping_junk_at_the_end_is_neither_linked_nor_a_name(text: str, tail: str) -> None:
    clean = link(starter(), text, language="ar")
    links = link(starter(), f"{text}\n{_VISITOR}{tail}", language="ar")
    assert linked(links) == linked(clean) != []
    assert unlinked(links) == unlinked(clean)
    assert [found.name_key for found in links.unlinked] == [found.name_key for found in clean.unlinked]


def test_a_line_after_the_junk_is_text_again() -> None:
    assert linked(link(starter(), f"{_VISITOR} Apple\nNvidia said that it was good.")) == [("Nvidia", "Q182477")]


def test_names_that_nobody_catalogued_have_stable_keys() -> None:
    links = link(
        starter(),
        "The writer Orla Fenwick spoke. Then ORLA FENWICK and later Órla\u00a0Fenwick spoke again.",
        title="Will Orla Fenwick win?",
    )
    (found,) = links.unlinked
    assert (found.name_key, found.name, found.type) == ("orla fenwick", "Orla Fenwick", "person")
    assert (found.field, found.start, found.end, found.mention_count) == ("title", 5, 17, 4)


def test_arabic_names_that_nobody_catalogued_have_stable_keys() -> None:
    links = link(starter(), "قال الدكتور أسامة خليل للصحفيين. وتابع الدكتور اُسامه خليل حديثه.", language="ar")
    (found,) = links.unlinked
    assert (found.name_key, found.name, found.type, found.mention_count) == ("اسامه خليل", "أسامة خليل", "person", 2)


def test_what_is_in_the_title_and_stands_often_is_most_salient() -> None:
    links = link(
        starter(),
        "Tim Cook said that Apple was well. Apple sells phones, and Apple pays well. Analysts in London agreed.",
        title="Apple rises",
    )
    ids = [each.entity_id for each in links.entities]
    assert ids == ["Q312", "Q265852", "Q84"]
    assert [each.mention_count for each in links.entities] == [4, 1, 1]


def test_the_most_salient_comes_first_wherever_it_stands() -> None:
    links = link(starter(), "In London they said that Nvidia grew, that Nvidia sold chips and that Nvidia paid well.")
    assert [each.entity_id for each in links.entities] == ["Q182477", "Q84"]


@pytest.mark.parametrize(
    ("language", "name", "labels"),
    [
        ("en", "Nvidia", {"en": "Nvidia"}),
        ("ar", "إنفيديا", {"en": "Nvidia", "ar": "إنفيديا"}),
        ("ar-EG", "إنفيديا", {"en": "Nvidia", "ar": "إنفيديا"}),
        ("de", "Nvidia", {"en": "Nvidia"}),
    ],
)
def test_entities_are_named_in_the_language_of_the_article(language: str, name: str, labels: dict[str, str]) -> None:
    (found,) = link(starter(), "Nvidia", language=language).entities
    assert (found.name, found.labels) == (name, labels)


def test_every_decision_is_explained_with_features_by_name() -> None:
    article = RawArticle(
        "a1", "Nvidia bets on OpenAI", "Jensen Huang met Sam Altman. Huang was glad, and so was Brenda Cook of May."
    )
    explanations = explain_article(article, starter())
    links = link(starter(), article.body, title=article.title)
    told = {(each.field, each.start, each.end): each for each in explanations}
    for mention in links.mentions:
        if mention.entity_id is None:
            continue
        each = told[mention.field, mention.start, mention.end]
        assert (each.entity_id, each.surface, each.reason) == (mention.entity_id, mention.surface, "linked")
        assert each.confidence == mention.confidence == each.candidates[0].probability
        assert each.candidates[0].entity_id == mention.entity_id
    assert all(set(each.evidence) <= set(LINK_FEATURES) for each in explanations)
    candidates = [candidate for each in explanations for candidate in each.candidates]
    assert all(set(candidate.features) <= set(CANDIDATE_FEATURES) for candidate in candidates)
    assert all(abs(sum(each.features.values()) - each.score) < 0.01 for each in candidates)
    assert all(each.reason != "" for each in explanations)


def test_decisions_against_a_link_are_explained_too() -> None:
    explanations = explain_article(RawArticle("a1", "", "He ate an apple in the Bank of America."), starter())
    against = {each.surface: each for each in explanations if each.entity_id is None}
    assert set(against) == {"apple", "America"}
    assert against["America"].reason == "overlaps a longer mention"
    assert against["apple"].reason.startswith("below the threshold")
    assert against["apple"].confidence == pytest.approx(1.0 - against["apple"].candidates[0].probability, abs=1e-3)
