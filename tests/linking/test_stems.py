from __future__ import annotations

import pytest

from streams.linking.fold import fold_text
from streams.linking.stems import STEMMED, stem_key, stemmed
from tests.linking.world import compiled, entity, named, surfaces


def _key(name: str, language: str) -> str | None:
    return stem_key(fold_text(name), language)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("Der Graue Turm", "des Grauen Turmes", "de"),
        ("Kloster Sandau", "Klosters Sandau", "de"),
        ("Wappen von Nordheim", "Wappen Nordheims", "de"),
        ("Leopold der Große", "Leopold dem Großen", "de"),
        ("Haus am Deich", "Hauses am Deich", "de"),
        ("Le Jardin secret", "du Jardin secret", "fr"),
        ("Les Ombres du lac", "des Ombres du lac", "fr"),
        ("L'Oiseau de pluie", "l’Oiseau de pluie", "fr"),
        ("Il ponte delle ombre", "del ponte delle ombre", "it"),
        ("L'isola dei venti", "nell'isola dei venti", "it"),
        ("El jardín de arena", "del jardín de arena", "es"),
        ("O jardim das areias", "do jardim das areias", "pt"),
        ("Symphonie nº 5", "symphonie n° 5", "fr"),
        ("Symphonie nº 5", "Symphonie No. 5", "fr"),
        ("Sinfonía n.º 5", "sinfonía nº 5", "es"),
        ("Sinfonía n.º 5", "Sinfonía núm. 5", "es"),
        ("Notturno nº 3", "Notturno № 3", "it"),
        ("Klavierquintett Nr. 4", "Klavierquintetts No. 4", "de"),
        ("Palais Vardo-Lesk", "Palais Vardo Lesk", "fr"),
        ("Días claros, días de sal", "Días claros días de sal", "es"),
        ("Faro: una storia", "Faro - una storia", "it"),
        ("Rüzgarın Gölgesi", "Rüzgarın Gölgesinden", "tr"),
        ("Kırmızı Bardak", "Kırmızı Bardağın", "tr"),
        ("Eski Kitap", "Eski Kitabı", "tr"),
    ],
)
def test_inflected_names_share_a_key(one: str, other: str, language: str) -> None:
    key = _key(one, language)
    assert key is not None
    assert stemmed(fold_text(other), language)[0] == key


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("Der Prozess", "de"),
        ("Die Mutter", "de"),
        ("Le Parrain", "fr"),
        ("Marie Curie", "fr"),
        ("Il Papa", "it"),
        ("El Sol y", "es"),
        ("Ankara", "tr"),
    ],
)
def test_what_is_too_short_or_has_nothing_to_vary_has_no_key(name: str, language: str) -> None:
    assert _key(name, language) is None


@pytest.mark.parametrize("language", sorted(STEMMED))
def test_text_without_words_has_an_empty_key(language: str) -> None:
    key, spaces, starts, ends = stemmed("... !", language)
    assert (key, list(spaces), list(starts), list(ends)) == (" ", [0], [5], [0])


@pytest.mark.parametrize(
    ("name", "text", "language", "found"),
    [
        ("Le Jardin secret", "Qui a écrit la suite du Jardin secret ?", "fr", ["Jardin secret"]),
        ("Il ponte delle ombre", "Si parla del ponte delle ombre.", "it", ["ponte delle ombre"]),
        ("Der Graue Turm", "Der Autor des Grauen Turms schweigt.", "de", ["Grauen Turms"]),
        ("Der Graue Turm", "Der Graue Turm steht.", "de", ["Der Graue Turm"]),
        ("Rüzgarın Gölgesi", "Olay Rüzgarın Gölgesinde geçiyor.", "tr", ["Rüzgarın Gölgesi"]),
        ("Kırmızı Bardak", "Kırmızı Bardağın yazarı", "tr", ["Kırmızı Bardağın"]),
        ("Le Jardin secret", "The Jardin was secret.", "en", []),
        ("Le Jardin secret", "Un jardin très secret.", "fr", []),
    ],
)
def test_articles_stay_outside(name: str, text: str, language: str, found: list[str]) -> None:
    record = entity("Q1", "work", name)
    named_in = type(record)("Q1", "work", {language: name})
    assert surfaces(compiled([named_in]), text, language) == found


def test_a_name_with_its_ending_is_no_variant() -> None:
    assert surfaces(compiled([named("Deutschland")]), "Deutschlands Wirtschaft", "de") == ["Deutschland"]


@pytest.mark.parametrize(("language", "word"), [("de", "en"), ("de", "er"), ("tr", "an"), ("tr", "lari")])
def test_a_word_of_many_endings_takes_no_longer_than_its_letters(language: str, word: str) -> None:
    # With patterns that go back this never ended.
    assert stemmed(f"abc{word * 2_000}x", language)[0] == f" abc{word * 2_000}x "
    assert stemmed(f"abc{word * 2_000}", language)[0] == " abc "
