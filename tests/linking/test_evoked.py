from __future__ import annotations

import pytest

from streams.linking.around import Around
from streams.linking.evoked import evoked, evokes
from streams.linking.fold import fold_text
from streams.linking.text import Text
from tests.linking.world import compiled, entity, link, linked

_WORLD = compiled(
    [
        entity("Q1", "place", "Ardenia", "أردينيا", description="country in the south", prior=0.7),
        entity("Q2", "place", "Ardenia City", "أردينيا العاصمة", "Ardenia", "أردينيا", description="capital of Ardenia",
               prior=0.6),
        entity("Q3", "person", "Lyra Vale", "ليرا فال", description="astronomer", prior=0.4),
        entity("Q4", "product", "Lyra Vale", "ليرا فال", description="chip platform", prior=0.5),
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language", "meant"),
    [
        ("Rain flooded the streets of Ardenia", "en", "Q2"),
        ("as the mayor of Ardenia said", "en", "Q2"),
        ("the government of Ardenia said", "en", "Q1"),
        ("أغرقت الأمطار شوارع أردينيا أمس", "ar", "Q2"),
        ("وصل الوفد إلى العاصمة أردينيا أمس", "ar", "Q2"),
        ("قالت حكومة أردينيا أمس", "ar", "Q1"),
        ("تحمل اسم عالمة الفلك ليرا فال منذ عام", "ar", "Q3"),
        ("بدأت الشركة شحن رقائق ليرا فال هذا العام", "ar", "Q4"),
    ],
)
def test_what_stands_beside_a_name_goes_with_a_description(text: str, language: str, meant: str) -> None:
    assert [entity_id for _, entity_id in linked(link(_WORLD, text, language=language))] == [meant]


def test_only_near_words_count_each_once() -> None:
    around = Around(Text("body", "The mayor of the old town Ardenia and its river", "en"))
    name = next(at for at in range(around.count) if around.word(at) == "ardenia")
    told = evoked(around, name - 1, name + 1)
    assert len(told) == 1
    assert (evokes(told, ["city", "capital"]), evokes(told, ["river"]), evokes([], ["city"])) == (1, 0, 0)


def test_words_are_folded() -> None:
    from streams.linking.evoked import _EVOKED

    assert all(fold_text(word) == word for word in _EVOKED)
