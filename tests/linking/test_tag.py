"""Where a name of the catalogue stands in a text as a word: tables of name, aliases, text, expected surfaces.

Every table runs over a compiled snapshot, and over snapshots beside which the entity was added or changed live.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from streams.linking.spans import make_span
from streams.linking.text import Text
from tests.linking.world import VARIANTS, entity, named, surfaces, tagged

if TYPE_CHECKING:
    from collections.abc import Callable


class Case(NamedTuple):
    name: str
    aliases: str  # parted by |
    text: str
    expected: str  # surfaces in order, parted by |
    language: str = "und"


ALPHABETS = (
    Case("whole words", "Apple", "Apple Pineapple Apples AppleTV Apple", "Apple|Apple"),
    Case("punctuation", "Apple", "(Apple), “Apple”: Apple! Apple…", "Apple|Apple|Apple|Apple"),
    Case("beginning and end", "Apple", "Apple", "Apple"),
    Case("whatever the case", "Nvidia", "NVIDIA nVidia Nvidia", "NVIDIA|nVidia|Nvidia"),
    Case("hyphens are no part of a word", "Apple", "Apple-like non-Apple", "Apple|Apple"),
    Case("English possessive", "Nvidia", "Nvidia's Nvidia’s Nvidias'", "Nvidia|Nvidia", "en"),
    Case("possessive of a name in s", "Williams", "Williams' Williams’s", "Williams|Williams", "en"),
    Case("English article", "The Arden Times|The Tosk Post|Tosk Post",
         "the Arden Times, The Arden Times, the arden times, the Tosk Post, The Tosk Post",
         "Arden Times|The Arden Times|the arden times|Tosk Post|The Tosk Post|Tosk Post", "en"),
    Case("English article elsewhere", "The Arden Times", "the Arden Times", "the Arden Times", "de"),
    Case("French elision", "Oréal", "l'Oréal d’Oréal", "Oréal|Oréal", "fr"),
    Case("elision in the name", "L'Oréal", "chez L’Oréal et l'Oreal", "L’Oréal|l'Oreal", "fr"),
    Case("Italian elision", "Inter|Aquila", "dell'Inter, all’Aquila, Internet", "Inter|Aquila", "it"),
    Case("Turkish apostrophe", "İstanbul", "İstanbul'da Istanbul’un", "İstanbul|Istanbul", "tr"),
    Case("Turkish endings", "Ankara", "Ankaradan Ankarada Ankaralı", "Ankara|Ankara|Ankara", "tr"),
    Case("an ending of no language", "Ankara", "Ankaradan Ankaragücü", "", "en"),
    Case("German genitive", "Deutschland", "Deutschlands Deutschlandreise", "Deutschland", "de"),
    Case("German genitive elsewhere", "Deutschland", "Deutschlands", "", "en"),
    Case("no endings on short names", "SAP", "SAPs", "", "de"),
    Case("German compound", "BMW", "BMW-Chef Ex-BMW-Manager", "BMW|BMW", "de"),
    Case("diacritics", "São Paulo|Zürich", "Sao Paulo, Zurich, SÃO PAULO", "Sao Paulo|Zurich|SÃO PAULO"),
    Case("diacritics in letters of their own", "Zürich", "Zu\u0308rich", "Zu\u0308rich"),
    Case("Greek", "Αθήνα", "στην ΑΘΗΝΑ και Αθήνα, Αθήνας", "ΑΘΗΝΑ|Αθήνα"),
    Case("Cyrillic", "Королёв|Москва", "Королев в МОСКВА Москвариум", "Королев|МОСКВА"),
    Case("Hebrew points", "אפל", "חברת אָפֶּל, אפלה", "אָפֶּל"),
    Case("across lines and spaces", "Tim Cook", "Tim\nCook Tim  Cook Tim\u00a0Cook",
         "Tim\nCook|Tim  Cook|Tim\u00a0Cook"),
    Case("names with signs", "AT&T|Yahoo!|C++", "AT&T, Yahoo! and C++. AT&TX", "AT&T|Yahoo!|C++"),
    Case("ligature", "Office", "The Oﬃce of", "Oﬃce"),
    Case("half a ligature", "Of|ce", "Oﬃce", ""),
    Case("soft hyphen", "Volkswagen", "Volks\u00adwagen", "Volks\u00adwagen"),
    Case("an emoji is a boundary", "Apple", "🍎Apple🍏", "Apple"),
    Case("offsets after astral letters", "Apple", "𝔸𐐀😀 Apple", "Apple"),
    Case("hashtag", "Apple", "#Apple #AppleTV", "Apple"),
    Case("full width", "NVIDIA", "ＮＶＩＤＩＡ", "ＮＶＩＤＩＡ"),
)  # fmt: skip

DIGITS = (
    Case("a version is another product", "GPT-5", "GPT-5.1 GPT-5o GPT-50", ""),
    Case("a version at the end of a sentence", "GPT-5", "GPT-5. GPT-5, GPT-5: GPT-5", "GPT-5|GPT-5|GPT-5|GPT-5"),
    Case("the version itself", "GPT-5.1", "GPT-5.1.", "GPT-5.1"),
    Case("numbers within numbers", "3M|50", "13M 3MB 350 50 3M 1,50,000", "50|3M"),
    Case("Arabic-Indic digits", "رؤية 2030", "رؤية ٢٠٣٠ ورؤية ۲۰۳۰", "رؤية ٢٠٣٠|رؤية ۲۰۳۰", "ar"),
    Case("more Arabic-Indic digits", "كوب 2", "كوب ٢٨ كوب ٢", "كوب ٢", "ar"),
    Case("full-width digits", "iPhone 15", "iPhone １５", "iPhone １５"),
)

ARABIC = (
    Case("no clitic", "إنفيديا", "شركة إنفيديا.", "إنفيديا"),
    Case("and", "إنفيديا", "وإنفيديا فإنفيديا", "إنفيديا|إنفيديا"),
    Case("prepositions", "إنفيديا", "بإنفيديا كإنفيديا لإنفيديا", "إنفيديا|إنفيديا|إنفيديا"),
    Case("and with prepositions", "إنفيديا", "وبإنفيديا فبإنفيديا ولإنفيديا وكإنفيديا",
         "إنفيديا|إنفيديا|إنفيديا|إنفيديا"),
    Case("the article", "إنفيديا", "الإنفيديا والإنفيديا بالإنفيديا", "إنفيديا|إنفيديا|إنفيديا"),
    Case("the article after ل", "إنفيديا", "للإنفيديا وللإنفيديا", "إنفيديا|إنفيديا"),
    Case("a name with the article", "السعودية", "والسعودية بالسعودية فالسعودية كالسعودية",
         "السعودية|السعودية|السعودية|السعودية"),
    Case("its alif swallowed", "السعودية", "للسعودية وللسعودية فللسعودية", "لسعودية|لسعودية|لسعودية"),
    Case("its alif swallowed, at the end of longer names", "البنك المركزي", "للبنك المركزي السعودي", "لبنك المركزي"),
    Case("the article does not come off the name", "السعودية", "سعودية وسعودية لسعودية", ""),
    Case("no clitic of Arabic", "إنفيديا", "سإنفيديا يإنفيديا مإنفيديا", ""),
    Case("too many clitics", "إنفيديا", "وفإنفيديا بكإنفيديا البإنفيديا", ""),
    Case("suffixes", "إنفيديا", "إنفيدياي إنفيديات", ""),
    Case("letters that look like clitics", "بايدن|لندن|فورد|كندا|واشنطن|سامسونغ|باريس",
         "بايدن لندن فورد كندا واشنطن سامسونغ باريس", "بايدن|لندن|فورد|كندا|واشنطن|سامسونغ|باريس"),
    Case("such letters after clitics", "بايدن|لندن|فورد|كندا|واشنطن|سامسونغ|باريس",
         "لبايدن بلندن وفورد وكندا بواشنطن فسامسونغ ولباريس", "بايدن|لندن|فورد|كندا|واشنطن|سامسونغ|باريس"),
    Case("what is left is no name", "يدن|دن|رد|دا|شنطن|مسونغ|ريس",
         "بايدن لندن فورد كندا واشنطن سامسونغ باريس", ""),
    Case("inside words", "دبي", "دبيب أدبية دبي", "دبي"),
    Case("glued to a Latin name", "NVIDIA", "وNVIDIA بـNVIDIA الNVIDIA ولـNVIDIA", "NVIDIA|NVIDIA|NVIDIA|NVIDIA"),
    Case("Latin and Arabic side by side", "Apple|آبل", "Appleوآبل", "Apple|آبل"),
    Case("hamza and its kin", "إنفيديا|مكتبة|مستشفى", "انفيديا أنفيديا مكتبه مستشفي", "انفيديا|أنفيديا|مكتبه|مستشفي"),
    Case("harakat", "محمد", "مُحَمَّدٌ ومُحَمَّد", "مُحَمَّدٌ|مُحَمَّد"),
    Case("a clitic with a vowel", "إنفيديا", "وَإنفيديا بِإنفيديا", "إنفيديا|إنفيديا"),
    Case("tatweel", "محمد", "محـــمد", "محـــمد"),
    Case("tatweel after a clitic", "إنفيديا", "لـإنفيديا وـــإنفيديا", "إنفيديا|إنفيديا"),
    Case("direction marks", "محمد", "\u200fمحمد\u200f مح\u200cمد \u202bمحمد\u202c", "محمد|مح\u200cمد|محمد"),
    Case("presentation forms", "محمد", "ﻣﺤﻤﺪ", "ﻣﺤﻤﺪ"),
    Case("a word inside one sign", "الله", "محمد ﷺ رسول الله", "الله"),
    Case("Persian letters", "کیهان", "كيهان کیهان", "كيهان|کیهان"),
    Case("Arabic punctuation", "دبي", "دبي، دبي؛ دبي؟ «دبي»", "دبي|دبي|دبي|دبي"),
)  # fmt: skip

EAST_ASIA = (
    Case("Han has no spaces", "東京", "今日東京都は東京で", "東京|東京"),
    Case("one ideograph", "韩", "韩国与「韩」", "韩"),
    Case("a run of katakana is one word", "トヨタ", "トヨタとトヨタ自動車、ニュートヨタ トヨターズ", "トヨタ|トヨタ"),
    Case("kana after Latin", "Apple", "新しいAppleの発表", "Apple"),
    Case("katakana with separate marks", "ソニーグループ", "ソニーク\u3099ルーフ\u309a", "ソニーク\u3099ルーフ\u309a"),
    Case("half-width katakana", "パナソニック", "ﾊﾟﾅｿﾆｯｸは", "ﾊﾟﾅｿﾆｯｸ"),
    Case("a voiced letter is another letter", "カス", "ガス", ""),
    Case("middle dot", "ティム・クック", "ティム・クック ティム クック", "ティム・クック|ティム クック"),
    Case("Hangul particles", "삼성", "삼성은 삼성이 삼성에서 삼성의 삼성으로", "삼성|삼성|삼성|삼성|삼성"),
    Case("Hangul without a particle", "삼성", "삼성 삼성, 삼성", "삼성|삼성|삼성"),
    Case("inside Hangul words", "삼성", "삼성전자 신삼성", ""),
    Case("Hangul in single letters", "한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8은",
         "\u1112\u1161\u11ab\u1100\u116e\u11a8"),
    Case("Thai", "กรุงเทพ|ไทย", "ในกรุงเทพมหานคร ประเทศไทย", "กรุงเทพ|ไทย"),
    Case("a vowel sign belongs to its letter", "กนก|ประ", "กนกี ประ", "ประ"),
)  # fmt: skip

JUNK = (
    Case("addresses", "Apple", "https://apple.com/Apple www.apple.com http://x.org/?q=Apple", ""),
    Case("e-mail and handle", "Apple", "press@apple.com @apple @Apple", ""),
    Case("after an address", "Apple", "https://x.org/apple، Apple <www.apple.com> Apple", "Apple|Apple"),
    Case("a tracking token", "Apple", "utm-Apple-8fA9dK3lQ0zXc7Vb5Nm1 Apple", "Apple"),
    Case("Base64 of a visitor's address", "Apple", "Apple\nQXBwbGUgaXA6IDIwMy4wLjExMy43 Apple", "Apple"),
)

STOP_WORDS = (
    Case("lower case", "It|Us|Who|The Who", "it us who the who", "the who", "en"),
    Case("acronyms that are words", "IT|US|WHO", "IT, US, WHO and it and us", "IT|US|WHO", "en"),
    Case("at the head of a sentence", "May|March|Will", "May came. Will it? “March on.”", "", "en"),
    Case("within a sentence", "Will", "but Will came", "Will", "en"),
    Case("days and months", "Monday|January|Today", "on Monday in January, TODAY", "", "en"),
    Case("a stop word in a name", "March Capital", "March Capital said", "March Capital", "en"),
    Case("a message of somebody else's", "RT", "RT @ann so. RT: @ann so. RT : @ann so. RT said @ann.", "RT", "en"),
    Case("Arabic has no capitals", "من|علي", "من قال علي", "", "ar"),
)

INITIALS = (
    Case("an initial in the middle", "Gerald Ford", "So Gerald R. Ford and Gerald Ford came.",
         "Gerald R. Ford|Gerald Ford"),
    Case("no capitals", "Gerald Ford", "gerald r. ford, Gerald r. Ford, Gerald R. ford", ""),
    Case("two letters are no initial", "Gerald Ford", "Gerald St. Ford, Gerald R Ford, Gerald R.Ford", ""),
    Case("letters of one sign each", "Émile Łukasz", "Émile Ż. Łukasz", "Émile Ż. Łukasz"),
    Case("single letters beside it", "A C", "A B. C", ""),
    Case("inside words", "Gerald Ford", "Gerald R. Ford2, x2Gerald R. Ford, Gerald R. Forder", ""),
    Case("an article", "The Band", "The B. Band", "", "en"),
    Case("across a line", "Gerald Ford", "Gerald R.\nFord", ""),
    Case("at the ends of the text", "Gerald Ford", "R. Ford Gerald R. ", ""),
)  # fmt: skip

_TABLES = {
    "alphabets": ALPHABETS,
    "digits": DIGITS,
    "Arabic": ARABIC,
    "East Asia": EAST_ASIA,
    "junk": JUNK,
    "stop words": STOP_WORDS,
}


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{table}: {case.name}") for table, cases in _TABLES.items() for case in cases]
)
def test_matches(case: Case, variant: Callable) -> None:
    view = variant([named(*case.aliases.split("|"))])
    expected = case.expected.split("|") if case.expected != "" else []
    assert surfaces(view, case.text, case.language) == expected


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in INITIALS])
def test_initials_in_the_middle_of_the_name_of_a_person(case: Case, variant: Callable) -> None:
    expected = case.expected.split("|") if case.expected != "" else []
    assert surfaces(variant([named(case.aliases, type_="person")]), case.text, case.language) == expected


@pytest.mark.parametrize(("type_", "names"), [("place", ["New York"]), ("person", ["New York", "New X. York"])])
def test_initials_are_of_persons_and_of_names_that_have_none(type_: str, names: list[str]) -> None:
    view = VARIANTS["compiled"]([named(*names, type_=type_)])
    found = [(span.surface, span.is_variant) for span in tagged(view, "New X. York", "en")]
    assert found == [("New X. York", False)] * (len(names) - 1)


def test_a_case_is_told_from_others_by_its_name() -> None:
    assert all(len({case.name for case in cases}) == len(cases) for cases in _TABLES.values())


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_spans_come_by_position_and_the_longest_first(variant: Callable) -> None:
    view = variant([entity("Q1", "organization", "Bank of America"), entity("Q2", "place", "America", "of America")])
    spans = tagged(view, "Bank of America and America", "en")
    assert [span.surface for span in spans] == ["Bank of America", "of America", "America", "America"]
    assert [(span.start, span.end) for span in spans] == [(0, 15), (5, 15), (8, 15), (20, 27)]


@pytest.mark.parametrize(
    ("text", "name", "language", "clitic", "ending"),
    [
        ("وبإنفيديا", "إنفيديا", "ar", 2, 0),
        ("للسعودية", "السعودية", "ar", 1, 0),
        ("للإنفيديا", "إنفيديا", "ar", 2, 0),
        ("Deutschlands", "Deutschland", "de", 0, 1),
        ("삼성에서", "삼성", "ko", 0, 2),
        ("İstanbul'da", "İstanbul", "tr", 0, 0),
        ("وNVIDIA", "NVIDIA", "ar", 0, 0),
    ],
)
def test_what_is_glued_to_a_name_is_known_and_outside_it(
    text: str, name: str, language: str, clitic: int, ending: int
) -> None:
    (span,) = tagged(VARIANTS["compiled"]([named(name)]), text, language)
    assert (span.clitic, span.ending) == (clitic, ending)
    assert len(text) >= len(span.surface) + clitic + ending


def test_a_span_of_no_form_obeys_the_same_boundaries() -> None:
    text = Text("body", "Pineapple, Apple and وApple https://apple.com", "en")
    body = text.folded.text
    found = [make_span(text, at, at + 5, "en") for at in range(len(body) - 5) if body.startswith("apple", at)]
    assert [span is not None and span.form is None and span.surface for span in found] == [
        False, "Apple", "Apple", False,
    ]  # fmt: skip


def test_a_span_whose_marks_fold_away_is_marked() -> None:
    spans = tagged(VARIANTS["compiled"]([named("محمد")]), "محمد مُحمّد محـمد", "ar")
    assert [span.is_marked for span in spans] == [False, True, True]
