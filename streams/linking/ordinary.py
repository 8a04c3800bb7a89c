"""Ordinary words: names that are common words too, and what around them tells that the word is meant.

*Shell casings*, *Orange juice*, صلاة المغرب, مسقط رأسه, نصف قطر. A form is looked at once, when it is read
(`ordinary_kind`), and only the few that are ordinary words, or look like an adjective, are asked about in an article
(`is_ordinary`):

* a listed word of Arabic, beside what stands beside it when it is no name (`streams.linking.ordinary_words`);
* an Arabic adjective: after a noun with the article (الحكومة السعودية), or in the accusative (مواطنا روسيا);
* a listed word of English that heads a sentence, before a noun that is no part of a company.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.around import CAPITAL
from streams.linking.first_names import ARABIC_FIRST_NAMES
from streams.linking.lexicon import AFTER, KIND_BITS, STOP
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

if TYPE_CHECKING:
    from mypy_extensions import i64

    from streams.linking.around import Around

__all__ = ["ACCUSATIVE", "ADJECTIVE", "ENGLISH_WORD", "NEVER", "WORD", "is_ordinary", "ordinary_kind"]

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

_ARTICLE: Final = "ال"
_ARTICLES: Final = ("ال", "وال", "بال", "فال", "كال", "لل", "ولل", "وبال")
_GLUED: Final = "وفبلك"
_NEAR: Final = 4
_SHORTEST: Final = 4
# Ends of English words that are no noun before which a name stands as an attribute.
_NOT_NOUN: Final = ("ed", "ly", "ing")


def ordinary_kind(form: str, *, is_place: bool, is_person: bool) -> int:
    """Return what kinds of ordinary word a folded form may be: the sum of the numbers above.

    Args:
        form: The form.
        is_place: Whether an entity that goes by it is a place.
        is_person: Whether one is a person.
    """
    if " " in form:
        return NEVER
    if form.isascii():
        return ENGLISH_WORD if form in ENGLISH else NEVER
    kind = WORD if form in LISTED else NEVER
    if not is_person and form.startswith(_ARTICLE) and form.endswith(("يه", "ي")):
        kind += ADJECTIVE
    if (is_place and form.endswith("يا")) or form in PREDICATIVE:
        kind += ACCUSATIVE
    return kind


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
