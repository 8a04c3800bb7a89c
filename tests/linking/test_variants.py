from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from librt.vecs import vec
from mypy_extensions import i64

from streams.catalog.matcher import build_automaton, load_automaton
from streams.linking.arabic import counted, follow_arabic
from streams.linking.fold import fold, fold_text
from streams.linking.spelt import find_spelt, start_spelt
from streams.linking.trie import END_BITS, FORM, Trie
from streams.linking.variants import VariantText, is_variant, key_language, variant_key
from tests.linking.strategies import any_text
from tests.linking.world import VARIANTS, compiled, entity, link, linked, named, tagged


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


@given(
    st.lists(any_text | st.sampled_from(["هوانغ ", "الطاقة ", "قوقل. ", "ميشيغن_ ", "ه'هه "])).map("".join), st.data()
)
@settings(deadline=None, max_examples=60)
def test_a_key_is_found_wherever_a_text_spells_it(source: str, data: st.DataObject) -> None:
    body = fold(source).text
    pieces = [found.span() for found in re.finditer(r"\w+", body)]
    if len(pieces) == 0:
        return
    first = data.draw(st.integers(0, len(pieces) - 1))
    last = data.draw(st.integers(first, min(len(pieces) - 1, first + 3)))
    low, high = pieces[first][0], pieces[last][1]
    key = variant_key(body[low:high], "ar")
    if key is None or key_language(body[low:high], "und") is None:
        return
    trie = Trie(load_automaton(build_automaton([key])))
    # Twice, since where a first word leads to is kept.
    for _ in range(2):
        end, number = word = counted(body, low)
        found = [(at >> END_BITS, at & FORM) for at in follow_arabic(trie, body, low, word, vec[i64]())]
        if start_spelt(trie) >= 0:
            found.append((end, find_spelt(trie, start_spelt(trie), body, low, end, number)))
        assert found == [(high, 0)]


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


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("بوينغ", "قال متحدث باسم بوينج", ["بوينج"]),
        ("سيول", "زار سيؤول أمس", ["سيؤول"]),
        ("إنفيديا", "قالت نفيديا أمس", ["نفيديا"]),
        ("لاغارد", "قالت لاجارد أمس", ["لاجارد"]),
        # Behind a clitic of one letter too, but not where vowels come first, and not behind the article.
        ("بوينغ", "باعت إيرباص وبوينج طائرات", ["بوينج"]),
        ("جنسن هوانغ", "قال لجينسن هوانج", ["جينسن هوانج"]),
        ("واشنطن بوست", "قالت فاشنطن بوست", []),
        ("بنوك سينية", "أغلقت البنوك السينية", []),
        # An alif before few letters tells names apart, and a common word is none.
        ("أنقرة", "ثم نقرة أخيرة", []),
        ("أداني", "وسجل داني هدفا", []),
        ("براغ", "سقطت أبراج الكهرباء", []),
        ("تيران", "شركة طيران جديدة", []),
        ("غينيا", "المحاصيل المعدلة جينيا", []),
        # Few letters, other letters, a longer word.
        ("غزة", "زار جزة أمس", []),
        ("كانون", "صدر قانون أمس", []),
        ("بوينغ", "قال بوينجات أمس", []),
    ],
)
@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_a_word_of_few_consonants_keeps_its_vowels(variant, name: str, text: str, found: list[str]) -> None:
    spans = tagged(variant([named(name)]), text, "ar")
    assert [span.surface for span in spans] == found
    assert all(span.is_variant for span in spans)


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_a_spelling_that_nobody_listed_is_found_and_marked(variant) -> None:
    text = "قال جينسن هوانج، وجنسن هوانغ."
    spans = tagged(variant([named("جنسن هوانغ")]), text, "ar")
    assert [(span.surface, span.is_variant) for span in spans] == [("جينسن هوانج", True), ("جنسن هوانغ", False)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("وقالت تشارفيك دال إنها نمت", [("تشارفيك دال", "Q1")]),
        ("وقالت شارفيك دال إنها نمت", [("شارفيك دال", "Q1")]),
        ("وقالت لوفتبيد إنها نمت", [("لوفتبيد", "Q2")]),
        ("وزارة النقل الفالية", [("وزارة النقل الفالية", "Q3")]),
        # Who heads an office, and words of Arabic that are inflected otherwise.
        ("وقال وزير النقل الفالي إنه سعيد", []),
        ("ورحب الديوان البهيجي الفالاني", []),
    ],
)
def test_a_variant_is_a_spelling_and_no_other_word(text: str, found: list[tuple[str, str]]) -> None:
    world = compiled(
        [
            entity("Q1", "organization", "Sharvik Dal", "شارفيك دال", prior=0.7),
            entity("Q2", "organization", "Loft Bid", "لوفت بيد", prior=0.7),
            entity("Q3", "organization", "Valian Ministry of Transport", "وزارة النقل الفالية", prior=0.7),
            entity("Q4", "organization", "Royal Falan", "البهيجية الفالانية", prior=0.7),
        ]
    )
    assert linked(link(world, text, language="ar")) == found
