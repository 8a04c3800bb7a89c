"""Ordinary words: names that are common words too, and what around them tells that the word is meant.

*Shell casings*, *Orange juice*, صلاة المغرب, مسقط رأسه, نصف قطر. A form is looked at once, when it is read
(`ordinary_kind`), and only the few that are ordinary words, or look like an adjective, are asked about in an article
(`is_ordinary`):

* a listed word of Arabic, beside what stands beside it when it is no name (`streams.linking.ordinary_words`);
* an Arabic adjective: after a noun with the article (الحكومة السعودية), or in the accusative (مواطنا روسيا);
* a listed word of English that heads a sentence, before a noun that is no part of a company;
* a common word of Arabic, Chinese, German, Korean or Thai (`streams.linking.common_words`), a spelling variant made of
  nothing else, an Arabic word of two letters, and an Arabic noun with the ending of an indefinite one (تاريخاً): they
  are names where the word before them says of what kind they are, or in quotation marks; persons are left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.around import CAPITAL
from streams.linking.boundary import CLITICS, FIRST_IDEOGRAM, LONGEST_CLITIC
from streams.linking.chars import ARABIC, CLASS, HANGUL, SPACELESS, flags_of
from streams.linking.common_words import COMMON
from streams.linking.first_names import ARABIC_FIRST_NAMES
from streams.linking.lexicon import AFTER, BEFORE, KIND_BITS, KINDS, STOP
from streams.linking.ordinary_words import (
    AUXILIARY,
    ENGLISH,
    LISTED,
    MASCULINE,
    NOT_ADJECTIVAL,
    NOT_PREDICATED,
    OF_COMPANIES,
    PARTICLES,
    PREDICATING,
    PREDICATIVE,
    VERBAL,
    Uses,
)
from streams.linking.words import STOP_FORMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_extensions import i64

    from streams.linking.around import Around
    from streams.linking.span import Span

__all__ = [
    "ACCUSATIVE",
    "ADJECTIVE",
    "COMMON_WORD",
    "ENGLISH_WORD",
    "NEVER",
    "WORD",
    "is_common",
    "is_named",
    "is_ordinary",
    "ordinary_kind",
]

NEVER: Final = 0
"""The form is no ordinary word that is known."""
WORD: Final = 1
"""It is a listed word of Arabic."""
ADJECTIVE: Final = 2
"""It may be an Arabic adjective with the article: السعودية."""
ACCUSATIVE: Final = 4
"""It may be an Arabic adjective without it, in the accusative: روسيا."""
ENGLISH_WORD: Final = 8
"""It is a listed word of English."""
COMMON_WORD: Final = 16
"""It is made of common words, or an Arabic noun that says that it is indefinite."""

_ARTICLE: Final = "ال"
_ON: Final = "علي"
_ARTICLES: Final = ("ال", "وال", "بال", "فال", "كال", "لل", "ولل", "وبال")
_GLUED: Final = "وفبلك"
# Languages in Arabic script whose words are others.
_NOT_ARABIC: Final = frozenset({"fa", "ur", "ps", "ku", "ckb", "sd", "ug", "ks"})
_SHORTEST_STEM: Final = 3
_CLAUSAL: Final = frozenset("لم لن قد كان كانت هذا هذه التي الذي ليس ليست".split())
# The endings of an indefinite noun.
_INDEFINITE: Final = ("\u064b", "\u064c", "\u064d", "\u064bا", "\u064bى")
_NEAR: Final = 4
_SHORTEST: Final = 4
_NONE: Final[frozenset[str]] = frozenset()
# Ends of English words that are no noun before which a name stands as an attribute.
_NOT_NOUN: Final = ("ed", "ly", "ing")


def ordinary_kind(span: Span, types: frozenset[str], language: str) -> int:
    """Return what kinds of ordinary word a form may be: the sum of the numbers above.

    Args:
        span: A span of the form.
        types: Types of what it may mean.
        language: Primary language subtag of the article.
    """
    form = span.key
    common = _common_words(form, language)
    if " " in form:
        return COMMON_WORD if span.is_variant and _are_common(form.split(), common) else NEVER
    if form.isascii() and language != "de":
        return ENGLISH_WORD if form in ENGLISH else NEVER
    # Surnames are words too often, and most that no full name stands beside are linked to nobody.
    is_person = "person" in types
    kind = WORD if form in LISTED else NEVER
    if not is_person and form.startswith(_ARTICLE) and form.endswith(("يه", "ي")):
        kind += ADJECTIVE
    if (form.endswith("يا") and "place" in types) or form in PREDICATIVE:
        kind += ACCUSATIVE
    if kind & WORD == 0 and len(types) > 0 and not is_person and _is_unnamed(span, common):
        kind += COMMON_WORD
    return kind


def _is_unnamed(span: Span, common: frozenset[str]) -> bool:
    """Whether a single word is common, or Arabic of two letters, or a noun that says that it is indefinite."""
    form = span.key
    if _is_common(form, common) or span.surface.endswith(_INDEFINITE):
        return True
    return common is COMMON["ar"] and len(form) < _SHORTEST_STEM


def is_common(word: str, language: str) -> bool:
    """Whether a folded ``word`` of a text in ``language`` is a common one as it stands: كامل, no ك before آمل."""
    return word in _common_words(word, language)


def _common_words(form: str, language: str) -> frozenset[str]:
    """Return the common words that a form may be one of."""
    first: i64 = ord(form[0])
    kind = flags_of(first) & CLASS
    if kind == ARABIC:
        return _NONE if language in _NOT_ARABIC else COMMON["ar"]
    if kind == HANGUL:
        return COMMON["ko"]
    if kind == SPACELESS and first < FIRST_IDEOGRAM:
        return COMMON["th"]
    if kind == SPACELESS:
        return _NONE if language == "ja" else COMMON["zh"]
    return COMMON["de"] if language == "de" else _NONE


def _is_common(word: str, common: frozenset[str]) -> bool:
    """Whether ``word`` is among ``common``, as it is, or without what Arabic glues to a noun; or a function word."""
    if word in common or len(common) == 0:
        return word in common
    if word in STOP_FORMS:
        return True
    if word.endswith("ا") and word[:-1] in common:
        return True
    longest = min(LONGEST_CLITIC, len(word) - _SHORTEST_STEM)
    return any(word[length:] in common and word[:length] in CLITICS for length in range(1, longest + 1))


def _are_common(words: Sequence[str], common: frozenset[str]) -> bool:
    """Whether a phrase that only sounds like a name is none: all of it is common, or it begins as a clause."""
    return words[0] in _CLAUSAL or all(_is_common(word, common) for word in words)


def is_named(around: Around, before: i64, types: frozenset[str]) -> bool:
    """Whether the word before a common one says of what kind it is, and something of that kind goes by it."""
    if before < 0:
        return False
    kind = KINDS[(around.tells(before) >> BEFORE) & KIND_BITS]
    return kind != "" and kind in types


def is_ordinary(
    around: Around, form: str, kind: i64, low: i64, high: i64, before: i64, after: i64, *, clitic: i64
) -> bool:
    """Whether what stands beside a form makes it an ordinary word.

    Args:
        around: The words of the text.
        form: The folded form; an English one heads a sentence.
        kind: What kinds of ordinary word it may be.
        low: Where it begins in the folded text, with the clitics before it.
        high: Where it ends there, with what is glued to it.
        before: Number of the word before it.
        after: Number of the word after it.
        clitic: Length of the clitics.
    """
    left = around.word(before) if before >= 0 and around.is_space(around.end(before), low) else ""
    # With a clitic before it, it is one more name far oftener than one more adjective: الإمارات والسعودية.
    if clitic == 0 and kind & ADJECTIVE != 0 and _is_definite(left) and _agrees(left, form):
        return True
    if clitic == 0 and kind & ACCUSATIVE != 0 and _takes_accusative(left):
        return True
    right = around.word(after) if after < around.count and around.is_space(high, around.start(after)) else ""
    if kind & ENGLISH_WORD != 0:
        return right != "" and _is_noun(around, form, right, after)
    return kind & WORD != 0 and _is_used(LISTED[form], around, left, right, after)


def _is_definite(left: str) -> bool:
    """Whether ``left`` is a noun with the article, after which an adjective has it too."""
    if not left.startswith(_ARTICLES) or left in NOT_ADJECTIVAL:
        return False
    # A feminine verb that happens to begin so: التقت السعودية.
    return not left.endswith("ت") or left.endswith("ات")


def _agrees(left: str, form: str) -> bool:
    """Whether a feminine adjective may follow ``left``: no adjective that is masculine, no man and no team does."""
    return not form.endswith("يه") or not (left.endswith("ي") or left in MASCULINE)


def _takes_accusative(left: str) -> bool:
    """Whether ``left`` is a noun in the accusative, or a verb that asks for one."""
    if left in PREDICATING:
        return True
    return left.endswith("ا") and len(left) >= _SHORTEST and left not in NOT_PREDICATED


def _is_used(uses: Uses, around: Around, left: str, right: str, after: i64) -> bool:
    """Whether a listed word stands as it does when it is no name."""
    stands_after = _is_among(left, uses.before)
    if uses.is_seldom_name:
        return not stands_after
    is_definite = right.startswith(_ARTICLE) and not right.endswith(("ه", "ي"))
    return (
        stands_after
        or _is_among(right, uses.after)
        or (uses.is_verb and (is_definite or left in PARTICLES))
        or (uses.is_kin and (is_definite or right in ARABIC_FIRST_NAMES))
        or (uses.is_measure and right[:1].isdigit())
        or (uses.is_predicate and right == _ON and _is_definite(left))
        or (len(uses.near) > 0 and _is_near(uses.near, around, after))
    )


def _is_near(listed: frozenset[str], around: Around, after: i64) -> bool:
    word = after
    while word < around.count and word < after + _NEAR:
        if around.word(word) in listed:
            return True
        word += 1
    return False


def _is_among(word: str, listed: frozenset[str]) -> bool:
    """Whether ``word`` is listed, as it is or without one clitic before it."""
    if word == "" or len(listed) == 0:
        return False
    return word in listed or (word[0] in _GLUED and word[1:] in listed)


def _is_noun(around: Around, form: str, right: str, after: i64) -> bool:
    """Whether the word after an English one is a noun that it describes: *Shell casings*, not *Shell said*."""
    if right in ENGLISH[form]:
        return True
    tells = around.tells(after)
    if tells & STOP != 0 or (tells >> AFTER) & KIND_BITS != 0 or around.looks(after) & CAPITAL != 0:
        return False
    if right in OF_COMPANIES or right in VERBAL or right.endswith(_NOT_NOUN) or not right.isalpha():
        return False
    # What ends in s is a noun where a verb follows it, and mostly a verb elsewhere: Shell rises.
    return not right.endswith("s") or (after + 1 < around.count and _is_verb(around.word(after + 1)))


def _is_verb(word: str) -> bool:
    return word in AUXILIARY or word in VERBAL or word.endswith("ed")
