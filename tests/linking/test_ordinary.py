from __future__ import annotations

import pytest

from streams.linking import ordinary_words
from streams.linking.around import Around
from streams.linking.common_words import COMMON
from streams.linking.fold import fold_text
from streams.linking.ordinary import (
    ACCUSATIVE,
    ADJECTIVE,
    COMMON_WORD,
    ENGLISH_WORD,
    NEVER,
    WORD,
    is_ordinary,
    ordinary_kind,
)
from streams.linking.ordinary_words import LISTED
from streams.linking.span import Span
from streams.linking.spans import make_span
from streams.linking.text import Text


def _span(form: str) -> Span:
    text = Text("body", form, "ar")
    return Span(text, 0, len(text.folded.text), form=1, clitic=0, ending=0)


def _asked(text: str, name: str, kind: int) -> bool:
    prepared = Text("body", text, "en" if name.isascii() else "ar")
    low = prepared.folded.text.index(fold_text(name))
    span = make_span(prepared, low, low + len(fold_text(name)), prepared.language)
    assert span is not None
    around = Around(prepared)
    low, high = span.low - span.clitic, span.high + span.ending
    left, right = around.before(low), around.after(high)
    return is_ordinary(around, span.key, kind, low, high, left, right, clitic=span.clitic)


@pytest.mark.parametrize(
    ("form", "type_", "kind"),
    [
        ("جده", "place", WORD),
        ("shell", "organization", ENGLISH_WORD),
        ("اردن", "place", NEVER),
        ("arden", "place", NEVER),
        ("shell oil", "organization", NEVER),
        ("السعوديه", "place", ADJECTIVE),
        ("السيسي", "person", NEVER),
        ("روسيا", "place", ACCUSATIVE),
        ("روسيا", "work", NEVER),
        ("ميتا", "organization", WORD + ACCUSATIVE),
        ("الطريق", "work", COMMON_WORD),
        ("حرب", "person", NEVER),
        ("حكومه", "", NEVER),
        ("لاول", "place", COMMON_WORD),
        ("لو", "place", COMMON_WORD),
        ("شل", "organization", WORD),
        ("合作", "place", COMMON_WORD),
        ("위해", "place", COMMON_WORD),
        ("ทะเล", "other", COMMON_WORD),
    ],
)
def test_a_form_has_the_kinds_of_word_that_it_may_be(form: str, type_: str, kind: int) -> None:
    assert ordinary_kind(_span(form), frozenset({type_} - {""}), "en" if form.isascii() else "ar") == kind


@pytest.mark.parametrize(("language", "kind"), [("ar", COMMON_WORD), ("en", COMMON_WORD), ("fa", NEVER), ("ur", NEVER)])
def test_other_languages_in_arabic_script_have_other_words(language: str, kind: int) -> None:
    assert ordinary_kind(_span("الان"), frozenset({"place"}), language) == kind


def test_only_german_has_common_words_in_capitals() -> None:
    assert ordinary_kind(_span("Ende"), frozenset({"place"}), "de") == COMMON_WORD
    assert ordinary_kind(_span("Ende"), frozenset({"place"}), "en") == NEVER
    assert ordinary_kind(_span("合作"), frozenset({"place"}), "ja") == NEVER


@pytest.mark.parametrize(
    ("name", "word", "means_name"),
    [
        ("السعودية", "رأت الشركات السعودية ذلك", "رأت السعودية ذلك"),
        ("السعودية", "والحكومة السعودية", "التقت السعودية وقطر"),
        ("السعودية", "بالأسهم السعودية", "الحكومة، السعودية"),
        ("السعودية", "أعلنت البنوك السعودية", "أعلنت اليوم السعودية"),
        ("السعودية", "الجامعات السعودية", "الإمارات والسعودية"),
        ("السعودية", "الصحف السعودية", "زار الرئيس السعودية"),
        ("السعودية", "المدن السعودية", "زار الوزير الفرنسي السعودية"),
    ],
)
def test_an_adjective_follows_a_noun_that_has_the_article_too(name: str, word: str, means_name: str) -> None:
    assert _asked(word, name, ADJECTIVE)
    assert not _asked(means_name, name, ADJECTIVE)


@pytest.mark.parametrize(
    ("word", "means_name"),
    [
        ("أوقفوا مواطنا روسيا أمس", "أوقفت روسيا مواطنا"),
        ("كان روسيا", "كانت روسيا"),
        ("قرارا روسيا جديدا", "هذا روسيا"),
        ("قرارا روسيا", "قرارا، روسيا"),
        ("قرارا روسيا", "فرنسا وروسيا"),
    ],
)
def test_an_adjective_in_the_accusative_follows_a_noun_in_it(word: str, means_name: str) -> None:
    assert _asked(word, "روسيا", ACCUSATIVE)
    assert not _asked(means_name, "روسيا", ACCUSATIVE)


@pytest.mark.parametrize(
    ("name", "word", "means_name"),
    [
        ("المغرب", "أذان المغرب", "مدن المغرب"),
        ("مسقط", "عاد إلى مسقط رأسه", "عاد إلى مسقط أمس"),
        ("قطر", "بقطر 5 أمتار", "في قطر منذ"),
        ("قطر", "ونصف قطر الكرة", "أمير قطر"),
        ("جدة", "جدة الطفل", "جدة القديمة"),
        ("جدة", "وجدة سارة", "وجدة ومكة"),
        ("شل", "شل الإضراب المدينة", "شل البريطانية"),
        ("شل", "فقد شل", "وباعت شل"),
        ("مصر", "قال إن الوزير مصر على رأيه", "قال إن رئيس مصر على رأيه"),
        ("مصر", "واللاعب مصر على البقاء", "تواجه اليوم مصر على أرضها"),
        ("الجزيرة", "في أنحاء الجزيرة", "في استوديو الجزيرة"),
        ("أودي", "أودى القصف أمس بحياة طفل", "كشفت أودي عن سيارة"),
        ("لولا", "لولا البطء", "الرئيس لولا"),
        ("Shell", "Shell casings littered it", "Shell said it"),
        ("Shell", "Shell jewellery sold well", "Shell workers want more"),
        ("Apple", "Apple pies", "Apple sells phones"),
        ("Apple", "Apple farmers met", "Apple farmers"),
        ("Apple", "Apple jam", "Apple quickly"),
        ("Apple", "Apple jam", "Apple Music"),
        ("Apple", "Apple jam", "Apple of"),
        ("Apple", "Apple jam", "Apple, jam"),
    ],
)
def test_a_listed_word_is_told_by_what_stands_beside_it(name: str, word: str, means_name: str) -> None:
    kind = ENGLISH_WORD if name.isascii() else WORD
    assert _asked(word, name, kind)
    assert not _asked(means_name, name, kind)


def test_all_lists_are_folded() -> None:
    words = set(LISTED) | {word for uses in LISTED.values() for word in uses.before | uses.after | uses.near}
    for name in ordinary_words.__all__:
        listed = getattr(ordinary_words, name)
        if isinstance(listed, (frozenset, dict)):
            words |= set(listed)
    words.update(*COMMON.values())
    assert {word for word in words if fold_text(word) != word} == set()
