from __future__ import annotations

import pytest
from hypothesis import given, settings

from streams.events.article import RawArticle
from streams.linking.enrich import link_article
from streams.linking.language import UNDETERMINED, detect_language, field_language, primary_subtag
from streams.linking.words import FREQUENT
from tests.linking.strategies import any_text
from tests.linking.world import starter


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The company said that it will buy the bank.", "en"),
        ("Le président a dit que la banque est dans le pays.", "fr"),
        ("Der Konzern hat die Bank nicht gekauft.", "de"),
        ("El banco dijo que la empresa es muy grande.", "es"),
        ("Il presidente ha detto che la banca non è nel paese.", "it"),
        ("O banco disse que não tem mais como pagar.", "pt"),
        ("Bu yıl banka için çok iyi oldu.", "tr"),
        ("De bank heeft het bedrijf niet gekocht, maar wel gehuurd.", "nl"),
        ("قالت الشركة إن البنك لن يشتري ذلك.", "ar"),
        ("قَالَتِ الشَّرِكَةُ إِنَّ الْبَنْكَ لَنْ يَشْتَرِيَ", "ar"),
        ("این شرکت را یک بانک خرید و گفت که است.", "fa"),
        ("銀行は会社を買った。", "ja"),
        ("银行收购了公司。", "zh"),
        ("은행이 회사를 샀다.", "ko"),
        ("ธนาคารซื้อบริษัท", "th"),
        ("Банк купил компанию.", "ru"),
        ("Η τράπεζα αγόρασε την εταιρεία.", "el"),
        ("הבנק קנה את החברה.", "he"),
        ("THE BANK SAID THAT IT WILL BUY THE COMPANY", "en"),
        ("Nvidia قالت الشركة إنها ستشتري OpenAI", "ar"),
        ("Apple 新しいモデルを発表", "ja"),
        ("Şiş kebapta genellikle hangi et türleri kullanılır?", "tr"),
        ("¿Qué pintor vivió aquí?", "es"),
        ("Wie viele Sätze hat das Konzert?", "de"),
        ("Erdoğan visits Ankara", UNDETERMINED),
        ("Beyoncé sings to the crowd in São Paulo", "en"),
        ("Nvidia Apple Google", UNDETERMINED),
        ("12345 !!!", UNDETERMINED),
        ("", UNDETERMINED),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert detect_language(text) == language


@given(any_text)
@settings(deadline=None, max_examples=60)
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert detect_language(text) in {*FREQUENT, "ja", "ko", "th", "he", "el", "ru", "zh", UNDETERMINED}


def test_only_the_beginning_is_read() -> None:
    assert detect_language("12345 " * 200 + "The company said that it will buy the bank.") == UNDETERMINED


@pytest.mark.parametrize(("tag", "primary"), [("en", "en"), ("pt-BR", "pt"), ("AR-eg", "ar"), ("zh-Hans-CN", "zh")])
def test_primary_subtags(tag: str, primary: str) -> None:
    assert primary_subtag(tag) == primary


@pytest.mark.parametrize(
    ("field", "article", "language"),
    [
        ("Nvidia kauft ein Unternehmen in der Schweiz", "en", "de"),
        ("Nvidia buys a company of the Swiss", "de", "en"),
        ("إنفيديا تشتري شركة", "en", "ar"),
        ("Nvidia", "ar", "ar"),
        ("Nvidia Apple", "en", "en"),
        ("Die Another Day", "en", "en"),
        ("Nvidia in Paris", "fr", "fr"),
        ("", "tr", "tr"),
        ("Nvidia buys a company of the Swiss", UNDETERMINED, "en"),
    ],
)
def test_a_field_is_in_the_language_of_its_article_unless_it_says_otherwise(
    field: str, article: str, language: str
) -> None:
    assert field_language(field, article) == language


def test_a_headline_in_another_language_is_read_as_such() -> None:
    """Turkish suffixes without an apostrophe are no part of the name, although the body is English."""
    view = starter()
    body = "The bank said that it will move to the city in the spring of the year, and that it has no other plans."
    title = "Aramcoda bir ofis ve bir okul için bu yıl çok iş var"
    links = link_article(RawArticle("a1", title, body), view)
    assert links.language.code == "en"
    assert [mention.surface for mention in links.mentions if mention.entity_id is not None] == ["Aramco"]
    told = link_article(RawArticle("a1", title, body, language="en"), view)
    assert [mention.surface for mention in told.mentions if mention.entity_id is not None] == []
