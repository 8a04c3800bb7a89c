from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.linking.fold import fold, fold_text, surface_hash, trim_name
from tests.linking.strategies import SCRIPTS, any_text

_patient = settings(deadline=None, max_examples=60)


@given(any_text)
@_patient
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    folded = fold(text).text
    assert fold(folded).text == folded


@pytest.mark.parametrize("script", SCRIPTS)
@given(st.data())
@_patient
def test_composed_and_decomposed_text_fold_alike(script: str, data: st.DataObject) -> None:
    text = "".join(data.draw(st.lists(SCRIPTS[script] | st.sampled_from(" -'."), max_size=20)))
    folded = fold(unicodedata.normalize("NFC", text)).text
    assert fold(unicodedata.normalize("NFD", text)).text == folded
    assert fold(text).text == folded


@given(any_text)
@_patient
def test_every_position_leads_back_and_in_order(text: str) -> None:
    folded = fold(text)
    assert folded.source == text
    spans = [folded.span(at, at + 1) for at in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
    assert [end for _, end in spans] == sorted(end for _, end in spans)
    for at in range(1, len(spans)):
        if folded.splits(at):
            assert spans[at - 1] == spans[at]
        else:
            assert spans[at - 1][1] <= spans[at][0]


@given(any_text)
@_patient
def test_what_no_span_covers_folds_to_nothing(text: str) -> None:
    folded = fold(text)
    covered = set()
    for at in range(len(folded.text)):
        covered.update(range(*folded.span(at, at + 1)))
    left = "".join(char for at, char in enumerate(text) if at not in covered)
    assert fold_text(left) == ""


@given(any_text, st.data())
@_patient
def test_what_a_span_leads_back_to_folds_to_the_same(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    if len(folded.text) == 0:
        return
    low = data.draw(st.integers(0, len(folded.text) - 1))
    high = data.draw(st.integers(low + 1, len(folded.text)))
    start, end = folded.span(low, high)
    while low > 0 and folded.splits(low):
        low -= 1
    while folded.splits(high):
        high += 1
    # A split end takes in the whole of the character that it splits.
    assert folded.span(low, high) == (start, end)
    assert fold_text(text[start:end]) == folded.text[low:high].strip(" ")


def test_letters_of_alphabets_fold_as_their_decompositions_do() -> None:
    # Indic scripts, whose marks stay, and ideographs that are no letters are left aside.
    chars = [
        chr(code)
        for low, high in ((0xA0, 0x900), (0x10A0, 0x1100), (0x1E00, 0x3400), (0xAC00, 0xD7A4), (0xFB00, 0x10000))
        for code in range(low, high)
    ]
    wrong = [char for char in chars if fold(unicodedata.normalize("NFD", char)).text != fold(char).text]
    wrong += [char for char in chars if fold(unicodedata.normalize("NFC", char)).text != fold(char).text]
    assert wrong == []


def test_all_white_space_of_unicode_is_one_space() -> None:
    spaces = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()]
    assert [space for space in spaces if fold(f"ا{space}{space}ب").text != "ا ب"] == []
    assert [space for space in spaces if fold(f"が{space}は").text.split(" ") != ["が", "は"]] == []


@given(any_text)
@_patient
def test_every_run_of_white_space_is_one_space(text: str) -> None:
    folded = fold(text).text
    assert "  " not in folded
    assert not any(char.isspace() and char != " " for char in folded)


@given(any_text)
@_patient
def test_canonically_equivalent_spellings_are_the_same_surface(text: str) -> None:
    assert surface_hash(unicodedata.normalize("NFD", text)) == surface_hash(unicodedata.normalize("NFC", text))


# Each row: names that are one form.
_ONE_FORM = {
    "hamza carriers": ("أحمد", "احمد", "إحمد", "آحمد", "ٱحمد"),
    "final ya and ta marbuta": ("مكتبة على", "مكتبه علي", "مکتبه علی"),
    "hamza on waw and ya": ("مسؤول شؤون", "مسوول شوون"),
    "hamza on ya": ("رئيس", "رييس"),
    "harakat": ("مُحَمَّد", "محمد", "مُحمّد"),
    "dagger alif": ("رحمٰن", "رحمن"),
    "tatweel": ("إنـــفيديا", "إنفيديا", "انفيديا"),
    "direction and zero-width marks": ("\u200fسام\u200e ألتمان\u202c", "سام ألتمان", "سا\u200cم ألتمان"),
    "byte order mark": ("\ufeffسام", "سام"),
    "presentation forms": ("ﺳﺎﻡ", "سام"),
    "lam-alif in one": ("ﻻﻣﺎ", "لاما", "لأما"),
    "digits of Arabic and of Persian": ("رؤية ٢٠٣٠", "رؤية 2030", "رؤية ۲۰۳۰"),
    "foreign letters": ("ڤيكتور", "فيكتور"),
    "case": ("NVIDIA", "Nvidia", "nvidia", "nVidia"),
    "Latin diacritics": ("São Paulo", "Sao Paulo", "SÃO PAULO", "Sa\u0303o Paulo"),
    "stroked letters": ("Łódź Ørsted", "Lodz Orsted"),
    "sharp s": ("Gießen", "Giessen", "GIESSEN", "GIEẞEN"),
    "ligatures": ("Oﬃce", "Office"),
    "Turkish dots": ("İstanbul", "Istanbul", "istanbul", "ıstanbul"),
    "Greek accents and final sigma": ("Αθήνας", "ΑΘΗΝΑΣ", "αθηνασ"),
    "iota subscript": ("ᾼδης", "αδης", "α\u0345δης"),
    "Cyrillic": ("Королёв", "Королев", "КОРОЛЕВ"),
    "Hebrew points": ("שָׁלוֹם", "שלום"),
    "full width": ("ＮＶＩＤＩＡ", "NVIDIA"),
    "half-width kana": ("ﾄﾖﾀ", "トヨタ"),
    "half-width voiced kana": ("ﾊﾟﾅｿﾆｯｸ ｶﾞｽ", "パナソニック ガス", "ハ\u309aナソニック カ\u3099ス"),
    "Hangul in letters": ("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8", "하\u11ab국"),
    "dashes": ("Rolls-Royce", "Rolls–Royce", "Rolls‑Royce", "Rolls−Royce"),
    "apostrophes": ("L'Oréal", "L’Oréal", "Lʼoreal"),
    "middle dots": ("ウォーレン・バフェット", "ウォーレン バフェット"),
    "white space": ("Tim Cook", "Tim  Cook", "Tim\u00a0Cook", "Tim\nCook", " Tim \t Cook "),
    "white space around what vanishes": ("Tim Cook", "Tim \u200f Cook", "Tim\u3000 Cook", "Tim\n\u200b\n\u200bCook"),
    "control characters that are white space": ("é Cook", "é\x1fCook", "é\x85Cook", "é\x0bCook"),
    "soft hyphen": ("Volks\u00adwagen", "Volkswagen"),
}  # fmt: skip


@pytest.mark.parametrize("case", _ONE_FORM)
def test_spellings_of_one_form(case: str) -> None:
    assert len({fold_text(name) for name in _ONE_FORM[case]}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("か", "が"),  # voicing is no diacritic
        ("ハ", "パ"),
        ("ァ", "ア"),
        ("กา", "กำ"),  # nor are Thai vowels and tones
        ("न", "नी"),
        ("ت", "ث"),  # dots make another letter
        ("س", "ش"),
        ("GPT-5", "GPT5"),
        ("Meta", "Met a"),
    ],
)
def test_names_that_stay_apart(one: str, other: str) -> None:
    assert fold_text(one) != fold_text(other)


@pytest.mark.parametrize(
    ("text", "low", "high", "span"),
    [
        ("abc", 0, 3, (0, 3)),
        ("إنـفيديا", 0, 7, (0, 8)),
        ("\u200fسام\u200f", 0, 3, (1, 4)),  # direction marks around a name are not in it
        ("مُحَمَّد.", 0, 4, (0, 8)),
        ("محمدٌ.", 0, 4, (0, 5)),  # the marks of the last letter are
        ("xßy", 1, 3, (1, 2)),
        ("xßy", 1, 2, (1, 2)),
        ("xﷲy", 1, 5, (1, 2)),
        ("a \n b", 0, 3, (0, 5)),
        ("a \n b", 2, 3, (4, 5)),
        ("カ\u3099ス", 0, 2, (0, 3)),
        ("カ\u3099ス", 1, 2, (2, 3)),
        ("😀é", 1, 2, (1, 2)),
    ],
)
def test_spans_lead_back(text: str, low: int, high: int, span: tuple[int, int]) -> None:
    assert fold(text).span(low, high) == span


def test_a_position_inside_a_ligature_splits_it() -> None:
    folded = fold("eﬃe")
    assert folded.text == "effie"
    assert [folded.splits(at) for at in range(6)] == [False, False, True, True, False, False]
    assert not any(fold("effie").splits(at) for at in range(6))


@pytest.mark.parametrize(
    ("name", "trimmed"),
    [
        ("the Salk Institute", "Salk Institute"),
        ("a Doctor of Letters", "Doctor of Letters"),
        ("a cappella", "a cappella"),
        ("The Times", "The Times"),
        ("London's", "London"),
        ("London’s", "London"),
        ("Sarajevo,", "Sarajevo"),
        ("Corner Shop'", "Corner Shop"),
        ("“Reuters”", "Reuters"),
        ("Sen. Charles Schumer", "Charles Schumer"),
        ("Dr. Dre", "Dr. Dre"),
        ("Washington.", "Washington"),
        ("Inc.", "Inc."),
        ("Yahoo!", "Yahoo!"),
        ("the", "the"),
        ("…", "…"),
    ],
)
def test_names_lose_what_lists_drag_along(name: str, trimmed: str) -> None:
    assert trim_name(name) == trimmed


@given(any_text)
@_patient
def test_a_name_is_not_trimmed_to_nothing(text: str) -> None:
    assert trim_name(text) in text
    assert (trim_name(text) == "") is (text == "")


def test_a_typesetters_choice_is_the_same_surface() -> None:
    assert surface_hash("L’Oiseau–Lyre") == surface_hash("L'Oiseau-Lyre")
    assert surface_hash("L'Oiseau-Lyre") != surface_hash("L'oiseau-lyre")
