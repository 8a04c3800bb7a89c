"""Language of a text, cheaply: by script, and between languages of one script by frequent words and by letters.

A letter tells the languages that write it, outside words that begin with a capital: *Erdoğan* makes no text Turkish.
"""

from __future__ import annotations

from typing import Final

from librt.strings import BytesWriter
from librt.vecs import vec
from mypy_extensions import i64, u8

from streams.linking.fold import fold_text
from streams.linking.words import FREQUENT, TELLING

__all__ = ["UNDETERMINED", "detect_language", "field_language", "primary_subtag"]

UNDETERMINED: Final = "und"
_SAMPLE: Final = 1_000
# In the order in which they are asked. Of the letters, at least one in so many must be of the script: a quotation does
# not make a language. Japanese is told by its kana among the Han.
_SCRIPTS: Final = (
    ("ja", 0x3041, 0x30FF),
    ("ko", 0xAC00, 0xD7A3),
    ("th", 0x0E01, 0x0E4E),
    ("he", 0x0590, 0x05FF),
    ("el", 0x0370, 0x03FF),
    ("ar", 0x0600, 0x06FF),
    ("ru", 0x0400, 0x04FF),
    ("zh", 0x4E00, 0x9FFF),
)
_ONE_IN: Final = 2
_KANA_ONE_IN: Final = 10
_LATIN: Final = tuple(language for language in FREQUENT if language not in {"ar", "fa"})
_LEAD: Final = 4  # two frequent words
_PERSIAN: Final = frozenset("پچژگی")

# What a character tells: the number of its script from 1 on, whether it is Persian rather than Arabic, whether it is a
# letter. A byte for every code point, filled in as they are met.
_SCRIPT: Final = 15
_IS_PERSIAN: Final = 16
_IS_LETTER: Final = 32
_IS_KNOWN: Final = 64
_KINDS: Final = BytesWriter()
_KINDS.write(bytes(0x110000))

# Which languages of `FREQUENT` a word is frequent in, and which a letter is written in, as their numbers.
_LANGUAGES: Final = tuple(FREQUENT)
_FREQUENT_IN: Final[dict[str, list[int]]] = {}
_WRITTEN_IN: Final[dict[str, list[int]]] = {}
_LETTERS: Final = {
    "de": "äöüß",
    "fr": "àâçéèêëîïôùûœ",
    "es": "áéíóúñ¿¡",
    "it": "àèéìòù",
    "pt": "àáâãçéêíóôõú",
    "tr": "çğıöşü",
    "nl": "ëï",
}
# Letters of languages that are not listed.
_OTHERS: Final = frozenset("åøæőűřěůąęłńśźżčšžďťňđơưșțăāēīūķļņģðþ")
# A frequent word tells as much as two words with a letter.
_WORD: Final = 2
for _number, _language in enumerate(_LANGUAGES):
    for _word in sorted(FREQUENT[_language] | TELLING.get(_language, frozenset())):
        _FREQUENT_IN.setdefault(_word, []).append(_number)
    for _letter in _LETTERS.get(_language, ""):
        _WRITTEN_IN.setdefault(_letter, []).append(_number)


def primary_subtag(tag: str) -> str:
    """Return the primary language subtag of a BCP 47 tag, in lower case: ``pt`` of ``pt-BR``."""
    return tag.partition("-")[0].lower()


def detect_language(text: str) -> str:
    """Return the language of ``text``, or ``und`` where it gives no hint.

    Only the first thousand characters are read.
    """
    sample = text[:_SAMPLE]
    counts = vec[i64]([0] * (len(_SCRIPTS) + 1))
    letters: i64 = 0
    all_kinds: i64 = 0
    length: i64 = len(sample)
    at: i64 = 0
    while at < length:
        kind = _kind_of(ord(sample[at]))
        script = kind & _SCRIPT
        counts[script] = counts[script] + 1
        if kind & _IS_LETTER != 0:
            letters += 1
        all_kinds |= kind
        at += 1
    if letters == 0:
        return UNDETERMINED
    for number, (language, _, _) in enumerate(_SCRIPTS, start=1):
        if counts[number] * (_KANA_ONE_IN if language == "ja" else _ONE_IN) >= letters:
            if language == "ar" and all_kinds & _IS_PERSIAN != 0:
                return "fa" if _most_frequent(sample, ("ar", "fa")) == "fa" else "ar"
            return language
    return _most_frequent(sample, _LATIN)


def _most_frequent(sample: str, languages: tuple[str, ...]) -> str:
    """Return in which of ``languages`` the most words are frequent, of equal ones the first."""
    counts = _frequent_words(sample)
    most: i64 = 0
    found = UNDETERMINED
    for language in languages:
        count = counts[_LANGUAGES.index(language)]
        if count > most:
            most = count
            found = language
    return found


def _frequent_words(sample: str) -> vec[i64]:
    """Return how many words are frequent in each language of `FREQUENT`, and how many letters tell it."""
    counts = vec[i64]([0] * len(_LANGUAGES))
    if not sample.isascii():
        _count_letters(sample, counts)
    folded = fold_text(sample)
    length: i64 = len(folded)
    start: i64 = 0
    at: i64 = 0
    while at <= length:
        if at == length or _kind_of(ord(folded[at])) & _IS_LETTER == 0:
            if at > start:
                for number in _FREQUENT_IN.get(folded[start:at], ()):
                    counts[number] = counts[number] + _WORD
            start = at + 1
        at += 1
    return counts


def _count_letters(sample: str, counts: vec[i64]) -> None:
    """Count the words that a letter tells of, each once; nothing where a letter is of a language that is not listed."""
    if not _OTHERS.isdisjoint(sample):
        return
    for word in sample.split():
        if not word.isascii() and not word[0].isupper():
            told: set[int] = set()
            for letter in word:
                told.update(_WRITTEN_IN.get(letter, ()))
            for number in told:
                counts[number] = counts[number] + 1


def _kind_of(code: i64) -> i64:
    known = i64(_KINDS[code])
    return known if known != 0 else _first_met(code)


def _first_met(code: i64) -> i64:
    char = chr(code)
    kind: i64 = _IS_KNOWN
    for number, (_, low, high) in enumerate(_SCRIPTS, start=1):
        if low <= code <= high:
            kind |= number
    if char in _PERSIAN:
        kind |= _IS_PERSIAN
    if char.isalnum() and not char.isdecimal():
        kind |= _IS_LETTER
    _KINDS[code] = u8(kind)
    return kind


def field_language(text: str, language: str) -> str:
    """Return the language of one field of an article that is mostly in another one, such as a foreign headline.

    A field is short, so that it is in the article's language unless it is in another script, or has two frequent words
    of another language more than of the article's.

    Args:
        text: The field.
        language: Primary subtag of the article's language.
    """
    own = primary_subtag(detect_language(text))
    if own in {UNDETERMINED, language} or language == UNDETERMINED:
        return language if own == UNDETERMINED else own
    if own not in _LATIN or language not in _LATIN:
        return own
    counts = _frequent_words(text[:_SAMPLE])
    lead = counts[_LANGUAGES.index(own)] - counts[_LANGUAGES.index(language)]
    return own if lead >= _LEAD else language
