from __future__ import annotations

from hypothesis import given

from streams.linking.around import CAPITAL, CASED, Around
from streams.linking.lexicon import BEFORE, KIND_BITS, KINDS, STOP, THE
from streams.linking.text import Text
from tests.linking.strategies import any_text


@given(any_text)
def test_words_are_found_by_position(source: str) -> None:
    around = Around(Text("body", source, "en"))
    for word in range(around.count):
        assert around.before(around.end(word)) == around.after(around.start(word)) == word
        assert around.before(around.end(word) - 1) == word - 1
        assert around.after(around.start(word) + 1) == word + 1
        assert around.holds(around.word(word))
        assert around.word(word) == around.body[around.start(word) : around.end(word)]
    assert around.before(0) == -1
    assert around.after(len(around.body)) == around.count


def test_only_whole_words_are_held() -> None:
    around = Around(Text("body", "Ardens arden's xarden Arden-like", "en"))
    assert [around.holds(word) for word in ("arden", "ardens", "arden's", "ard", "like", "ardenx")] == [
        True, True, True, False, True, False,
    ]  # fmt: skip


def test_a_word_is_compared_as_a_whole() -> None:
    around = Around(Text("body", "Of Arden, Ardens", "en"))
    assert [[around.is_word(word, wanted) for wanted in ("arden", "ardens", "of")] for word in range(3)] == [
        [False, False, True],
        [True, False, False],
        [False, True, False],
    ]


def test_words_tell_the_same_whenever_they_are_asked() -> None:
    around = Around(Text("body", "The mayor of Arden", "en"))
    for _ in range(2):
        assert around.tells(0) & (STOP | THE) == STOP | THE
        assert KINDS[around.tells(1) >> BEFORE & KIND_BITS] == "person"
        assert [around.looks(word) for word in range(4)] == [CAPITAL, CASED, 0, CAPITAL | CASED]


def test_a_clitic_may_be_glued_to_a_word_that_tells() -> None:
    around = Around(Text("body", "وشركة لمدينة وكلام", "ar"))
    assert [KINDS[around.tells(word) >> BEFORE & KIND_BITS] for word in range(3)] == ["organization", "place", ""]
