"""Names that are spelled like common words, in scripts that do not tell them by a capital: words, unless told names."""

from __future__ import annotations

from functools import cache

import pytest

from tests.linking.world import compiled, entity, link, linked

_ENTITIES = {
    "Looe": ("place", "لو"),
    "Amol": ("place", "آمل"),
    "Dura": ("place", "دورا"),
    "The Road": ("work", "الطريق"),
    "Lajim Ukin": ("person",),
    "Fiat": ("organization", "أمر"),
    "Xi": ("place", "希"),
    "Hezuo": ("place", "合作"),
    "Huy": ("place", "이"),
    "Weihai": ("place", "위해"),
    "Wa": ("place", "วา"),
    "Rome": ("place", "โรม"),
    "Ende": ("place",),
    "II": ("organization",),
    "Oliver Blume": ("person",),
}


@cache
def _world():
    return compiled(
        entity(f"local:{number}", type_, name, *names)
        for number, (name, (type_, *names)) in enumerate(_ENTITIES.items())
    )


def _found(text: str, language: str) -> list[str]:
    names = list(_ENTITIES)
    return [names[int(id_.removeprefix("local:"))] for _, id_ in linked(link(_world(), text, language=language))]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "بدا كما لو أنه ينقل الكرة."),
        ("ar", "كان يهمل صحته بشكل كامل."),
        ("ar", "لعبت الشركة دوراً في السوق."),
        ("ar", "قطع الطريق أمس."),
        ("ar", "وقال إنه لم يكن في المكتب."),
        ("ar", "إنه أمر لا يصدق."),
        ("zh", "他希望这么做是值得的。"),
        ("zh", "他不合作。"),
        ("ko", "이 부분에서 볼 수 있습니다."),
        ("ko", "그것을 위해 노력했다."),
        ("th", "จากวาทกรรมก่อน"),
        ("de", "Am Ende gewann er."),
        ("de", "König Ludwig II regierte lange."),
    ],
)
def test_a_common_word_is_no_name(language: str, text: str) -> None:
    assert _found(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("ar", "وصل إلى مدينة لو الساحلية.", "Looe"),
        ("ar", "قرأ «الطريق» مرتين.", "The Road"),
        ("ar", "نشرت رواية الطريق قبل عام.", "The Road"),
        ("zh", "他住在「希」。", "Xi"),
        ("zh", "他住在“合作”。", "Hezuo"),
        ("th", "การประชุมที่จัดขึ้นในโรม", "Rome"),
        ("de", "Er wohnt in der Stadt Ende.", "Ende"),
    ],
)
def test_it_is_one_where_something_says_so(language: str, text: str, name: str) -> None:
    assert _found(text, language) == [name]


def test_a_surname_that_is_a_word_stays_a_surname() -> None:
    text = "Vorstandschef Oliver Blume trat zurück. Blume hatte den Konzern lange geführt."
    assert _found(text, "de") == ["Oliver Blume", "Oliver Blume"]
