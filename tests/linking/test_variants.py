from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.linking.fold import fold, fold_text
from streams.linking.variants import VariantText, is_variant, key_language, variant_key
from tests.linking.strategies import any_text
from tests.linking.world import VARIANTS, named, tagged


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("جنسن هوانغ", "جينسن هوانج", "ar"),
        ("أوبن إيه آي لابس", "أوبن إي آي لابص", "ar"),
        ("زوكربيرغ", "زوكربرج", "ar"),
        ("طوكيو سنترال", "توكيو سنترال", "ar"),
        ("فولكسفاغن", "فولكسفاجن", "ar"),
        ("Der Einsame Berg", "Des Einsamen Berges", "de"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str, language: str) -> None:
    key = variant_key(fold_text(one), language)
    assert key is not None
    assert variant_key(fold_text(other), language) == key
    assert is_variant(key)
    assert key.endswith(" ")


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("آبل", "ar"),
        ("دبي", "ar"),
        ("الشركة", "ar"),
        ("Nvidia", "en"),
        ("Berg", "de"),
        ("東京", "ja"),
        ("", "ar"),
        ("", "de"),
        ("", "ko"),
        ("...", "fr"),
    ],
)
def test_short_names_have_no_key(name: str, language: str) -> None:
    assert variant_key(fold_text(name), language) is None


@given(any_text)
@settings(deadline=None, max_examples=60)
def test_a_folded_name_is_never_taken_for_a_key(name: str) -> None:
    assert not is_variant(fold_text(name))


@given(st.lists(any_text | st.sampled_from(["هوانغ ", "الطاقة ", "قوقل. "])).map("".join))
@settings(deadline=None, max_examples=60)
def test_words_of_a_variant_text_lead_back(source: str) -> None:
    body = fold(source).text
    language = key_language(body, "und")
    if language is None:
        return
    variant = VariantText(body, language)
    spaces = [at for at, char in enumerate(variant.key) if char == " "]
    at = 0
    for low, high in pairwise(spaces):
        start, end = variant.span(low, high + 1)
        assert at <= start <= end <= len(body)
        assert " " not in body[start:end]
        at = end
    assert at == len(body)


@given(st.lists(any_text | st.sampled_from(["des Berges ", "l'eau ", "반지의 ", "ヴェー・", "แฮ่ "])).map("".join),
       st.sampled_from(["de", "fr", "it", "tr", "ja", "ko", "th", "zh"]))  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_every_stretch_of_a_key_stands_somewhere_in_the_text(source: str, language: str) -> None:
    body = fold(source).text
    variant = VariantText(body, language)
    spaces = [at for at, char in enumerate(variant.key) if char == " "]
    assert list(variant.spaces) == spaces
    before = 0
    for low, high in pairwise(spaces):
        start, end = variant.span(low, high + 1)
        assert before <= start < end <= len(body)
        assert body[start] != " "
        before = end


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_a_spelling_that_nobody_listed_is_found_and_marked(variant) -> None:
    text = "قال جينسن هوانج، وجنسن هوانغ."
    spans = tagged(variant([named("جنسن هوانغ")]), text, "ar")
    assert [(span.surface, span.is_variant) for span in spans] == [("جينسن هوانج", True), ("جنسن هوانغ", False)]
