from __future__ import annotations

import re

import pytest

from bench.inputs import LANGUAGES, SIZES, article, hostile, seed_article, seed_sized, stream


def _arabic_share(text):
    letters = [char for char in text if char.isalpha()]
    return sum("\u0600" <= char < "\u0700" for char in letters) / len(letters)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_an_article_has_the_size_that_was_asked_for_and_is_always_the_same(language, size):
    made = article(language, size)
    assert size - 8 <= len(made.body.encode()) <= size
    assert article(language, size) == made
    assert article(language, size, number=1).body != made.body


def test_languages_are_what_they_are_called():
    shares = {language: _arabic_share(article(language, 20_000).body) for language in LANGUAGES}
    assert shares["en"] == 0
    assert shares["ar"] > 0.9
    assert 0.3 < shares["mixed"] < 0.9


def test_a_stream_holds_different_articles_of_every_language():
    made = stream(9)
    assert len({one.body for one in made}) == len({one.article_id for one in made}) == 9
    assert {one.article_id.split("-")[1] for one in made} == set(LANGUAGES)


def test_seed_sized_is_the_seed_where_it_is_present():
    name, made = seed_sized()
    assert (name == "seed") == (seed_article() is not None)
    assert 4_000 < len(made.body.encode()) < 6_000


@pytest.mark.parametrize(("case", "least"), [("spaceless", 999_000), ("words", 999_000), ("one name", 100_000)])
def test_hostile_articles_match_as_often_as_they_say(case, least):
    names, made = hostile()[case]
    assert sum(len(re.findall(f"(?={name})", made.body)) for name in names) >= least
    assert len(made.body) <= 1_000_000
