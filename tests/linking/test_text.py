from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.linking.boundary import bounds
from streams.linking.text import Text
from tests.linking.strategies import any_text


def _text(source: str) -> Text:
    return Text("body", source, "en")


@given(any_text)
@settings(deadline=None, max_examples=60)
def test_words_are_found_in_order_and_lead_back(source: str) -> None:
    text = _text(source)
    starts, ends = text.words()
    spans = list(zip(starts, ends, strict=True))
    assert spans == sorted(spans)
    for low, high in spans:
        assert text.surface(low, high) in source
        assert text.word_before(high) == (low, high)
        assert text.word_after(low) == (low, high)


def test_the_words_before_and_after_a_place() -> None:
    text = _text("Tim's dog, cat")
    assert text.word_before(9) == (6, 9)
    assert text.word_before(8) == (0, 5)
    assert text.word_before(4) is None
    assert text.word_after(9) == (11, 14)
    assert text.word_after(14) is None


@pytest.mark.parametrize(
    ("source", "starts"),
    [
        ("Apple", True),
        ("so Apple", False),
        ("so. Apple", True),
        ("so! Apple", True),
        ("so: Apple", True),
        ("so, Apple", False),
        ("so “Apple", True),
        ("so - Apple", True),
        ("so\nApple", True),
        ("so\n\n  Apple", True),
        ("так. Apple", True),
        ("هل؟ Apple", True),
        ("です。Apple", True),
    ],
)
def test_the_head_of_a_sentence(source: str, starts: bool) -> None:
    text = _text(source)
    assert text.starts_sentence(text.folded.text.index("apple")) is starts


@pytest.mark.parametrize(
    ("source", "shouted"),
    [
        ("TIM SAYS APPLE IS WELL", True),
        ("Tim says APPLE is well", False),
        ("Tim SAYS APPLE is well", False),
        ("APPLE", False),
        ("قال APPLE هنا", False),
    ],
)
def test_capitals_among_capitals_tell_nothing(source: str, shouted: bool) -> None:
    text = _text(source)
    low = text.folded.text.index("apple")
    assert text.is_shouted(low, low + 5) is shouted


@pytest.mark.parametrize(
    ("source", "at"),
    [
        ("للسعودية", [0]),
        ("وللسعودية", [1]),
        ("قال للبنك وللبنك وفللبنك", [4, 11]),
        ("الله", []),
        ("تللسعودية", []),
        ("لل", []),
    ],
)
def test_the_preposition_that_swallows_an_alif(source: str, at: list[int]) -> None:
    assert _text(source).assimilated() == at


def test_junk_is_junk_in_both_measures() -> None:
    text = _text("مـحمد https://x.org/محمد")
    folded = text.folded.text
    assert [text.is_junk(at) for at in (0, folded.index("x.org"), folded.rindex("محمد"))] == [False, True, True]
    assert text.is_junk_source(6)
    assert not text.is_junk_source(5)


@given(st.text(st.sampled_from("ab c,-'والكتم東カナ한"), max_size=40), st.lists(st.integers(0, 40), max_size=6))
def test_forms_are_found_alike_whether_many_or_few_were_asked_for(source: str, cuts: list[int]) -> None:
    few, many = Text("body", source, "en"), Text("body", source, "en")
    for _ in range(40):
        many.starts_of("abc")
    body = few.folded.text
    for cut in cuts:
        form = body[cut : cut + 3]
        # No form begins with a space.
        if len(form) == 3 and form[0] != " ":
            words = [{at for at in text.starts_of(form) if bounds(body, at, at + 3, "en") >= 0} for text in (few, many)]
            assert words[0] == words[1]
