"""The demonstration articles are raw articles as the workers take them."""

from __future__ import annotations

import re
from importlib.resources import files

from streams.events.article import RawArticle, decode_raw_article

LINES = (files("streams.embedded.demo") / "articles.jsonl").read_bytes().splitlines()
ARTICLES: list[RawArticle] = [decode_raw_article(line) for line in LINES]
ARABIC = re.compile(r"[\u0621-\u064a]+")
LATIN = re.compile(r"[A-Za-z]+")


def words(article: RawArticle, script: re.Pattern[str]) -> int:
    return len(script.findall(article.body))


def test_ids_are_unique_and_dates_rise() -> None:
    assert len({article.article_id for article in ARTICLES}) == len(ARTICLES) >= 8
    dates = [str(article.published_at) for article in ARTICLES]
    assert dates == sorted(dates)


def test_every_article_names_its_source() -> None:
    assert {article.source.name for article in ARTICLES if article.source is not None} == {"Wasl demo"}
    assert [article.article_id for article in ARTICLES if article.source is None] == []


def test_each_has_the_length_of_a_news_item() -> None:
    assert [article.article_id for article in ARTICLES if not 120 <= len(article.body.split()) <= 300] == []


def test_arabic_english_and_mixed_articles_are_there() -> None:
    arabic = [article for article in ARTICLES if article.language == "ar" and words(article, LATIN) <= 5]
    english = [article for article in ARTICLES if article.language == "en" and words(article, ARABIC) == 0]
    mixed = [article for article in ARTICLES if words(article, ARABIC) > 80 and words(article, LATIN) > 15]
    assert len(arabic) >= 3
    assert len(english) >= 3
    assert len(mixed) >= 2


def test_a_clitic_before_a_name_and_a_possessive_after_one_occur() -> None:
    bodies = "\n".join(article.body for article in ARTICLES)
    assert "لإنفيديا" in bodies
    assert "بسامسونغ" in bodies
    assert "وأبل" in bodies
    assert "وAmazon" in bodies
    assert "Apple's" in bodies
