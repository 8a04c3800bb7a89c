from __future__ import annotations

import pytest
from hypothesis import given, settings

from streams.linking.boundary import (
    CLITICS,
    clitic_before,
    ends_word,
    is_caseless,
    is_fragment,
    starts_word,
    word_class,
)
from streams.linking.chars import NONE
from streams.linking.fold import fold
from tests.linking.strategies import any_text


@pytest.mark.parametrize("same", ["aZ9é", "Яa", "ابة٣", "アー", "韓漢", "가힣", "กา", "かん"])
def test_letters_of_one_class(same: str) -> None:
    assert len({word_class(char) for char in same}) == 1
    assert word_class(same[0]) != NONE


@pytest.mark.parametrize("apart", ["aا", "aア", "アあ", "가a", "가漢", "กัa"])
def test_scripts_side_by_side_are_of_different_classes(apart: str) -> None:
    assert len({word_class(char) for char in apart}) == len(apart)


@pytest.mark.parametrize("char", " .,;:'’\"-_/&#@()،؛؟、。・😀\u200f\u0301\u064b")
def test_what_is_part_of_no_word(char: str) -> None:
    assert word_class(char) == NONE


@pytest.mark.parametrize(("char", "caseless"), [("ا", True), ("漢", True), ("א", True), ("가", True), ("a", False),
                                                ("É", False), ("Я", False), ("7", False), ("-", False)])  # fmt: skip
def test_scripts_without_capitals(char: str, caseless: bool) -> None:
    assert is_caseless(char) is caseless


@pytest.mark.parametrize(
    ("text", "position", "starts"),
    [
        ("apple", 0, True),
        ("an apple", 3, True),
        ("pineapple", 4, False),
        ("وapple", 1, True),
        ("x-ray", 2, True),
        ("東京都", 1, True),
        ("スーパー", 1, False),
        ("신삼성", 1, False),
    ],
)
def test_where_a_word_may_start(text: str, position: int, starts: bool) -> None:
    assert starts_word(text, position) is starts


def test_clitics_are_these() -> None:
    assert sorted(CLITICS) == sorted(
        "و ف ب ك ل ال لل وب وك ول وال ولل فب فك فل فال فلل بال كال وبال وكال فبال فكال".split()
    )


@pytest.mark.parametrize("clitic", sorted(CLITICS))
def test_every_clitic_is_taken_off_whole(clitic: str) -> None:
    assert clitic_before(f"{clitic}دبي", len(clitic)) == len(clitic)
    assert clitic_before(f"في {clitic}دبي", 3 + len(clitic)) == len(clitic)


@pytest.mark.parametrize("prefix", ["س", "م", "وس", "بك", "وف", "الب", "للل", "وووو", "ا", "a", "-", ""])
def test_nothing_else_is_a_clitic(prefix: str) -> None:
    assert clitic_before(f"{prefix}دبي", len(prefix)) == 0


@pytest.mark.parametrize(
    ("text", "name", "language", "ending"),
    [
        ("apple", "apple", "en", 0),
        ("apple pie", "apple", "en", 0),
        ("apple's", "apple", "en", 0),
        ("apples", "apple", "en", -1),
        ("google.", "google", "en", 0),
        ("gpt-5.1", "gpt-5", "en", -1),
        ("gpt-5.", "gpt-5", "en", 0),
        ("gpt-5. 1", "gpt-5", "en", 0),
        ("gpt-5:30", "gpt-5", "en", -1),
        ("3,500", "3", "en", -1),
        ("deutschlands", "deutschland", "de", 1),
        ("deutschlandreise", "deutschland", "de", -1),
        ("usas", "usa", "de", -1),
        ("norges", "norge", "nb", 1),
        ("ankaradan", "ankara", "tr", 3),
        ("ailesinden", "ailesi", "tr", 4),
        ("ailesindeki", "ailesi", "tr", 5),
        ("dunyalardan", "dunya", "tr", 6),
        ("ailesizlik", "ailesi", "tr", -1),
        ("삼성에서도", "삼성", "ko", 3),
        ("삼성이었습니까", "삼성", "ko", 5),
        ("삼성에서", "삼성", "ko", 2),
        ("삼성에서", "삼성", "en", 2),
        ("삼성일까요", "삼성", "ko", 3),
        ("삼성이었을까요", "삼성", "ko", 5),
        ("삼성시리즈의", "삼성", "ko", 4),
        ("삼성들에게는", "삼성", "ko", 4),
        ("삼성전자", "삼성", "ko", -1),
        ("a garden of windspublished", "a garden of winds", "en", 9),
        ("south africans", "south africa", "en", -1),
        ("gardenofwindspublished", "gardenofwinds", "en", -1),
        ("haus der windeerschien", "haus der winde", "de", 8),
        ("مدينه الرياحفي", "مدينه الرياح", "ar", 2),
        ("بنك ليمافي", "بنك ليما", "ar", 2),
        ("كوريا الشماليهي", "كوريا الشماليه", "ar", -1),
        ("겨울의 정원사가", "겨울의 정원", "ko", -1),
        ("ネオ タワーミュージアム", "ネオ タワー", "ja", 6),
        ("東京都", "東京", "ja", 0),
        ("กนี", "กน", "th", -1),
        ("دبيب", "دبي", "ar", -1),
        ("دبيapple", "دبي", "ar", 0),
    ],
)
def test_where_a_name_may_end(text: str, name: str, language: str, ending: int) -> None:
    assert ends_word(text, len(name), 0, language) == ending


@given(any_text)
@settings(deadline=None, max_examples=60)
def test_no_text_is_too_strange(text: str) -> None:
    folded = fold(text).text
    for at in range(len(folded)):
        starts_word(folded, at)
        assert 0 <= clitic_before(folded, at) <= at
        assert -1 <= ends_word(folded, at + 1, 0, "tr") < len(folded) - at


@pytest.mark.parametrize(
    ("text", "name", "fragment"),
    [
        ("希望", "希", True),
        ("波罗的海诸国", "海", True),
        ("「希」", "希", False),
        ("岩の作曲家", "岩", False),
        ("映画家は", "家", True),
        ("東京タワー", "東京", False),
        ("이 부분", "이", True),
        ("«이»", "이", False),
        ("본에서", "본", True),
        ("바다", "바다", False),
        ("วาทกรรม", "วา", True),
        ("จีนเป็น", "จีน", False),
        ("in a", "a", False),
    ],
)
def test_what_is_too_short_for_a_name(text: str, name: str, fragment: bool) -> None:
    low = text.index(name)
    assert is_fragment(text, low, low + len(name)) is fragment
