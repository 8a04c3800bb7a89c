"""Words right beside a name that say what it is, and namesakes that a longer name leaves alone."""

from __future__ import annotations

import pytest

from tests.linking.world import compiled, entity, link, linked

_WORLD = compiled(
    [
        entity("Q1", "place", "Orlen", "أورلينا", prior=0.7, description="city in Ardenia"),
        entity(
            "Q2", "organization", "FC Orlen", "Orlen", "نادي أورلينا", "أورلينا", prior=0.7, description="football club"
        ),
        entity("Q3", "organization", "Ravelin", "رافيلين", prior=0.8, description="maker of boats"),
        entity("Q4", "place", "Ravelin River", "Ravelin", "نهر رافيلين", "رافيلين", prior=0.8, description="river"),
        entity("Q5", "place", "Tamaria", "تاماريا", prior=0.7, description="country in the south"),
        entity("Q6", "place", "Tamaria", "تاماريا", "ولاية تاماريا", prior=0.7, description="state of Ardenia"),
        entity("Q7", "place", "Suvania", "سوفانيا", prior=0.7, description="country"),
        entity("Q8", "place", "Suvania City", "Suvania", "سوفانيا العاصمة", "سوفانيا", prior=0.7, description="city"),
        entity("Q9", "person", "Nika Ravelin", "Ravelin", "نيكا رافيلين", "رافيلين", prior=0.7, description="inventor"),
    ]
)


def _ids(text: str, language: str) -> dict[str, str | None]:
    return dict(linked(link(_WORLD, text, language=language)))


@pytest.mark.parametrize(
    ("text", "language", "name", "meant"),
    [
        ("The mayor of Orlen resigned.", "en", "Orlen", "Q1"),
        ("Residents of Orlen complained about the club.", "en", "Orlen", "Q1"),
        ("Orlen came from behind to beat Vasse 2-1.", "en", "Orlen", "Q2"),
        ("Orlen host Vasse on Sunday.", "en", "Orlen", "Q2"),
        ("El alcalde de Orlen dimitió ayer.", "es", "Orlen", "Q1"),
        ("وقال عمدة أورلينا إن المدينة ستكرمه", "ar", "أورلينا", "Q1"),
        ("وأضاف أن مدينة أورلينا ستبقى بيته", "ar", "أورلينا", "Q1"),
        ("وقال مدرب أورلينا إن فريقه جاهز", "ar", "أورلينا", "Q2"),
        ("Then Ravelin's shares fell.", "en", "Ravelin", "Q3"),
        ("وقالت شركة رافيلين إنها ستبيع", "ar", "رافيلين", "Q3"),
        ("وارتفع منسوب نهر رافيلين أمس", "ar", "نهر رافيلين", "Q4"),
        ("وقال المخترع رافيلين إنه سعيد", "ar", "رافيلين", "Q9"),
        ("The president of Tamaria resigned.", "en", "Tamaria", "Q5"),
        ("The governor of Tamaria resigned.", "en", "Tamaria", "Q6"),
        ("ودعت رئيسة تاماريا إلى الحوار", "ar", "تاماريا", "Q5"),
    ],
)
def test_words_right_beside_a_name_say_what_it_is(text: str, language: str, name: str, meant: str) -> None:
    assert _ids(text, language).get(name) == meant


@pytest.mark.parametrize(
    ("text", "language", "name", "meant"),
    [
        # Who calls the town by its longer name calls the country by the shorter one.
        ("They met in Suvania City. The army of Suvania marched.", "en", "Suvania", "Q7"),
        ("عاد الوفد إلى سوفانيا العاصمة قادما من جنوب سوفانيا أمس", "ar", "سوفانيا", "Q7"),
        # The company is named before the person from whom it has its name.
        ("So Ravelin bought two boats. Nika Ravelin, for whom it is named, died poor.", "en", "Ravelin", "Q3"),
    ],
)
def test_a_longer_name_tells_nothing_of_what_somebody_else_is_called(
    text: str, language: str, name: str, meant: str
) -> None:
    assert _ids(text, language).get(name) == meant
