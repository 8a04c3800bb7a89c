from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.linking.fold import fold_text
from streams.linking.names import find_names, guess_type
from streams.linking.text import Text
from tests.linking.strategies import any_text


def _names(text: str) -> list[str]:
    return [text[name.start : name.end] for name in find_names(Text("body", text, "en")).found]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("yesterday Orla Fenwick spoke", ["Orla Fenwick"]),
        ("the Bank of Arden and Tosk", ["Bank of Arden and Tosk"]),
        ("met Ludwig van der Berg, Omar bin Said and al-Assad", ["Ludwig van der Berg", "Omar bin Said and al-Assad"]),
        ("The Beatles sang. In Paris it rained.", ["Beatles", "Paris"]),
        ("met Orla Fenwick. Quillon Labs declined", ["Orla Fenwick", "Quillon Labs"]),
        ("by J.K. Rowling, Dr. Jane Doe", ["J.K. Rowling", "Jane Doe"]),
        ("Mrs. Jane Doe saw Sen. Bram Tosk. They left", ["Jane Doe", "Sen. Bram Tosk"]),
        ("in Washington D.C. now", ["Washington D.C."]),
        ("in the U.S. now", ["U.S."]),
        ("Tosk's dog and Fenwick’s cat", ["Tosk", "Fenwick"]),
        ("Johnson & Johnson's AT&T", ["Johnson & Johnson's AT&T"]),
        ("O'Neil-Smith, here", ["O'Neil-Smith"]),
        ("an iPhone of eBay", []),
        ("東京でOpenAIへの投資を", ["OpenAI"]),
        ("어제 Quillon은 발표했다", ["Quillon"]),
        ("وقالت Quillonو", ["Quillon"]),
        ("the macOS x86A Z9", ["Z9"]),
        ("Élodie Durand, Łódź, Αθήνα, Москва", ["Élodie Durand", "Łódź", "Αθήνα", "Москва"]),
        ("nothing here", []),
        ("B C D E F G H I J", []),
        ("Orla\nFenwick", ["Orla", "Fenwick"]),
        ("قال الدكتور أحمد زويل والمهندس خالد سعيد إن", ["أحمد زويل", "خالد سعيد"]),
        ("شركة تدعى نورا سمارت أعلنت", ["نورا سمارت"]),
        ("قال الدكتور في الجامعة الكبيرة", []),
        ("قال الدكتور، أحمد زويل غائب", []),
        ("شركة كبيرة أعلنت", []),
        ("الدكتور", []),
    ],
)
def test_what_looks_like_a_name(text: str, names: list[str]) -> None:
    assert _names(text) == names


@given(any_text | st.sampled_from(["The Ann Vale of Arden Inc.", "d'Orla Fenwick", "قال الدكتور أحمد زويل إن"]),
       st.sampled_from(["en", "fr"]))  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_each_word_of_a_name_has_its_place(text: str, language: str) -> None:
    for name in find_names(Text("body", text, language)).found:
        places = name.places(text)
        if len(places) > 0:
            assert len(places) == len(name.words)
            assert (places[0][0], places[-1][1]) == (name.start, name.end)
            assert all(low < high for low, high in places)


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("fr", "selon l'Ardenie et d’Orla Fenwick", ["Ardenie", "Orla Fenwick"]),
        ("it", "la sede d'Ardenia e l'Istituto Quillon", ["Ardenia", "Istituto Quillon"]),
        ("fr", "chez Valéry Giscard d'Estaing", ["Valéry Giscard d'Estaing"]),
        ("en", "with d'Artagnan", ["d'Artagnan"]),
    ],
)
def test_what_is_elided_before_a_name_is_no_part_of_it(language: str, text: str, names: list[str]) -> None:
    assert [text[name.start : name.end] for name in find_names(Text("body", text, language)).found] == names


@pytest.mark.parametrize(("language", "names"), [("en", ["Al Tosk"]), ("es", ["Tosk"]), ("xx", ["Tosk"])])
def test_a_function_word_of_another_language_may_begin_a_name(language: str, names: list[str]) -> None:
    text = "so Al Tosk went"
    assert [text[name.start : name.end] for name in find_names(Text("body", text, language)).found] == names


@given(
    any_text
    | st.lists(st.sampled_from(["Tim ", "of ", "الدكتور ", "أحمد ", "A.", "'s ", "’", "\n"]) | any_text).map("".join)
)
@settings(deadline=None, max_examples=60)
def test_names_are_in_order_and_apart(text: str) -> None:
    found = find_names(Text("body", text, "en")).found
    at = 0
    for name in found:
        assert at <= name.start < name.end <= len(text)
        assert 1 <= len(name.words) <= 8
        at = name.end


def test_capitals_at_the_head_of_a_sentence_tell_little() -> None:
    text = "Reporters met Tosk. Fenwick left: Arden stayed\nQuillon won"
    found = find_names(Text("body", text, "en")).found
    assert {text[name.start : name.end]: name.is_initial for name in found} == {
        "Reporters": True, "Tosk": False, "Fenwick": True, "Arden": True, "Quillon": True,
    }  # fmt: skip


def test_the_name_around_a_span() -> None:
    text = "said Orla Fenwick of Arden, and Tosk"
    names = find_names(Text("body", text, "en"))
    around = names.around(text.index("Fenwick"), text.index("Fenwick") + 7)
    assert around is not None
    assert (around.start, around.words) == (5, ["orla", "fenwick", "of", "arden"])
    assert names.around(0, 4) is None
    assert names.around(5, len(text)) is None
    assert find_names(Text("body", "", "en")).around(0, 1) is None


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("met Orla Fenwick", "person"),
        ("met Orla", "other"),
        ("by Quillon Labs", "organization"),
        ("by Quillon Inc.", "organization"),
        ("by Quillon Quay Logistics", "organization"),
        ("by Arden News", "organization"),
        ("by Johnson & Johnson", "organization"),
        ("the University of Arden", "organization"),
        ("the Arden 5000", "other"),
        ("قال الدكتور أحمد زويل هنا", "person"),
        ("شركة تدعى نورا سمارت أعلنت", "organization"),
        ("وقال إن اسمه نورا سمارت فقط", "other"),
    ],
)
def test_what_a_name_may_be(text: str, type_: str) -> None:
    (name,) = find_names(Text("body", text, "en")).found
    assert guess_type(name) == type_


def test_words_of_a_name_are_folded() -> None:
    (name,) = find_names(Text("body", "so Élodie O’Neil’s", "en")).found
    assert name.words == [fold_text("Élodie"), "o'neil"]
