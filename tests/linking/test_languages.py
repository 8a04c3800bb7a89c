"""Names in the sentences of each language: with its particles, elisions and endings, its marks, and its slips.

The names are invented, so that no text that anybody marked is repeated here.
"""

from __future__ import annotations

from functools import cache

import pytest

from streams.events.entity import Entity
from tests.linking.world import compiled, link, linked

_NAMES = {
    "ar": "مدينة الرياح البيضاء",
    "de": "Das Haus der stillen Winde",
    "es": "Catedral de Santa Olvida",
    "fr": "L'Horloge du vieux port",
    "it": "Il giardino delle nebbie",
    "ja": "ブルー・ガーデンの秘密",
    "ko": "겨울 정원의 비밀",
    "th": "ความลับของสวนฤดูหนาว",
    "tr": "Kayıp Bahçenin Sırrı",
    "zh": "冬日花園的祕密",
}

_SENTENCES = [
    ("ar", "متى نُشرت رواية {}؟"),
    ("ar", "من كتب «{}»؟"),
    ("ar", "ما دور {}في القصة؟"),
    ("de", "Wer schrieb {}?"),
    ("de", "Wovon handelt der Roman „{}“?"),
    ("de", "Wann wurde {}veröffentlicht?"),
    ("es", "¿Cuándo se construyó la {}?"),
    ("es", "¿Qué es «{}»?"),
    ("es", "¿Dónde está la {}construida en Ovaro?"),
    ("fr", "Quand {} a-t-il été publié ?"),
    ("fr", "De quoi parle « {} » ?"),
    ("fr", "Qu'est-ce que {} ?"),
    ("it", "Chi ha scritto {}?"),
    ("it", "Di cosa parla “{}”?"),
    ("ja", "映画「{}」の監督は誰ですか？"),
    ("ja", "{}」はいつ公開されましたか？"),
    ("ja", "小説{}について説明してください。"),
    ("ko", "{}의 저자는 누구입니까?"),
    ("ko", "{}은 언제 출시되었습니까?"),
    ("ko", "《{}》에서 주인공은 누구인가요?"),
    ("ko", "{}이었을까요?"),
    ("ko", "{}시리즈의 감독은 누구인가요?"),
    ("th", "ใครเป็นผู้เขียน{}?"),
    ("th", "หนังสือ{}ตีพิมพ์เมื่อใด"),
    ("tr", "{} kim tarafından yazıldı?"),
    ("tr", "{}'nın yazarı kimdir?"),
    ("tr", "“{}” adlı kitabın türü nedir?"),
    ("tr", "{}nda ne anlatılıyor?"),
    ("zh", "《{}》的作者是誰？"),
    ("zh", "誰寫了{}？"),
    ("zh", "{}是什麼時候上映的？"),
]


@cache
def _view(language: str, name: str):
    return compiled([Entity("Q1", "work", {language: name})])


@pytest.mark.parametrize(("language", "sentence"), _SENTENCES)
def test_a_name_is_found_in_a_sentence(language: str, sentence: str) -> None:
    name = _NAMES[language]
    found = linked(link(_view(language, name), sentence.format(name), language=language))
    assert found == [(name, "Q1")]


@pytest.mark.parametrize(
    ("language", "name", "text", "surface"),
    [
        ("es", "Catedral de Santa Olvida", "¿Dónde está la catedral de Santa Olvida?", "catedral de Santa Olvida"),
        ("fr", "Abbaye des Trois Lunes", "Où se trouve l'abbaye des Trois Lunes ?", "abbaye des Trois Lunes"),
        ("fr", "L'Horloge du vieux port", "Qui a écrit L’Horloge du vieux port ?", "L’Horloge du vieux port"),
        ("fr", "Quatuor à cordes nº 7", "Qui a composé le Quatuor à cordes n° 7 ?", "Quatuor à cordes n° 7"),
        ("it", "Sinfonia n. 12", "Chi ha composto la Sinfonia nº 12?", "Sinfonia nº 12"),
        ("it", "Palazzo Vardo-Leski", "Dove si trova Palazzo Vardo Leski?", "Palazzo Vardo Leski"),
        ("it", "Pagoda Vardo", "Quanti anni ha la pagoda di Vardo?", "pagoda di Vardo"),
        ("es", "Torre Vardo en Lesk", "¿Dónde está la torre Vardo de Lesk?", "torre Vardo de Lesk"),
        ("fr", "Mosquée Vardouan", "Où se trouve la mosquée de Vardouan ?", "mosquée de Vardouan"),
        ("it", "Guerra dell'usurpatore", "Chi vinse la Guerra dell'Usurpatore?", "Guerra dell'Usurpatore"),
        ("zh", "冬日花園》", "《冬日花園》的主題是什麼？", "冬日花園"),
        ("zh", "第3號冬日花園", "第三號冬日花園的作曲者是誰？", "第三號冬日花園"),
        ("ko", "겨울 정원 협주곡 5번", "겨울 정원 협주곡 제5번은 누가 작곡했나요?", "겨울 정원 협주곡 제5번"),
        ("es", "Faro: una historia", "¿Quién escribió Faro - una historia?", "Faro - una historia"),
        ("th", "ความทรงจำของสายลม", "ใครเขียนความทรงจ\u0e4d\u0e32ของสายลม", "ความทรงจ\u0e4d\u0e32ของสายลม"),
        ("ar", "ليلى، حارسة البحر", "من كتب ليلى, حارسة البحر؟", "ليلى, حارسة البحر"),
    ],
)
def test_a_name_is_found_as_its_writers_vary_it(language: str, name: str, text: str, surface: str) -> None:
    assert linked(link(_view(language, name), text, language=language)) == [(surface, "Q1")]


@pytest.mark.parametrize(
    ("language", "names", "text", "found"),
    [
        ("fr", ["Paris Match"], "Il est rentré à Paris. Le match a été reporté.", []),
        ("fr", ["Radio France"], "La radio en France a cent ans.", []),
        ("es", ["Banco Santander", "Santander"], "El banco de Santander cerró.", ["Santander"]),
        ("es", ["Amazon España"], "Amazon en España contrata a mil personas.", []),
        ("it", ["Pagoda Vardo"], "La pagoda. Di Vardo si dice molto.", []),
    ],
)
def test_what_stands_between_two_words_may_part_them(language: str, names: list[str], text: str, found: list) -> None:
    world = [Entity(f"Q{at}", "organization", {language: name}, prior=0.8) for at, name in enumerate(names, start=1)]
    assert [surface for surface, _ in linked(link(compiled(world), text, language=language))] == found


def test_a_phrase_in_small_letters_is_no_name_in_english() -> None:
    assert linked(link(_view("en", "Common sense"), "so common sense said", language="en")) == []
