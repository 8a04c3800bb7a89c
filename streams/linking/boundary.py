"""Word boundaries, per script.

A trie knows no words, so every form that is found is checked here, in folded text:

* alphabets with spaces (Latin, Greek, Cyrillic, Hebrew, Arabic …): not inside a word;
* Arabic: the proclitics و ف ب ك ل ال and their combinations may stand before a name;
* Han, hiragana, Thai, Lao, Khmer, Burmese: no spaces, so any position will do, unless a vowel sign follows;
* katakana: not inside a run of katakana, for one run is one foreign word, unless a common noun is written onto it;
* Hangul: a particle may follow;
* one syllable of Hangul, one character of Han, and two letters of Thai and the like are mostly parts of words:
  they are names only between other scripts, signs and, but for Hangul, spaces;
* two scripts side by side (وNVIDIA, のApple): a boundary;
* a name of several words is one even where the space behind it was lost (*A Tale of Two Citiespublished*);
* German, Scandinavian and Dutch genitive s, Turkish case endings: may follow, in those languages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.chars import (
    ALPHABET,
    ARABIC,
    ARABIC_LETTER,
    CLASS,
    HANGUL,
    KATAKANA,
    NONE,
    SIGN,
    SPACELESS,
    flags_of,
)

if TYPE_CHECKING:
    from mypy_extensions import i64

__all__ = [
    "CLITICS",
    "CLITIC_BITS",
    "ENDING",
    "FIRST_IDEOGRAM",
    "LONGEST_CLITIC",
    "LONGEST_FRAGMENT",
    "NO_WORD",
    "bounds",
    "clitic_before",
    "ends_word",
    "is_caseless",
    "is_fragment",
    "starts_word",
    "word_class",
]

NO_WORD: Final = -1
"""What `bounds` and `ends_word` return for a part of a word."""
CLITIC_BITS: Final = 8
"""What `bounds` returns has the length of the clitics above these bits."""
ENDING: Final = 255
"""The bits of what `bounds` returns that hold the length of the ending."""

_FIRST: Final = ("", "و", "ف")
_PREPOSITIONS: Final = ("", "ب", "ك", "ل")
CLITICS: Final = frozenset(
    first + rest
    for first in _FIRST
    for rest in (*(preposition + article for preposition in ("", "ب", "ك") for article in ("", "ال")), "ل", "لل")
) - {""}
"""What may stand, glued, before an Arabic name: and/so, in/as/for, the."""
LONGEST_CLITIC: Final = max(map(len, CLITICS))
"""Letters of the longest of them."""

_LAST_OF_CLITIC: Final = frozenset(ord(clitic[-1]) for clitic in CLITICS)
LONGEST_FRAGMENT: Final = 2
"""Most characters of a name that may be a part of a word in a script without spaces."""
FIRST_IDEOGRAM: Final = 0x2E80
"""From here on, scripts without spaces are those of East Asia; before it, Thai and the like."""
_FIRST_KANA: Final = 0x3040
_LAST_KANA: Final = 0x30FF
_BLANK: Final = 0x20
_POINT: Final = 0x2E
_COMMA: Final = 0x2C
_COLON: Final = 0x3A

# Common nouns that are written onto a name without any mark: テレビシリーズ + name, name + シリーズ.
_KATAKANA_NOUNS: Final = tuple(
    "シリーズ ドラマ アニメ ゲーム テレビ ミュージカル グループ メーカー サービス ブランド チーム キャラクター "
    "アルバム シングル バンド アプリ サイト モデル ユーザー ファン リーグ クラブ ホテル センター ニュース "
    "プロジェクト ソフト メンバー".split()
)

# Particles of case, what may follow one, the copula with and without its vowel, and nouns that are written onto a name.
_CASES: Final = (
    "은 는 이 가 을 를 의 에 와 과 도 로 으로 만 나 이나 랑 이랑 야 여 께 께서 에서 에게 한테 에게서 한테서 "
    "으로부터 로부터 까지 부터 보다 처럼 같이 마다 조차 마저 밖에 대로 만큼 뿐 뿐만 하고 로서 으로서 로써 "
    "으로써 엔 에선 측"
).split()
_AFTER_CASE: Final = ("", "은", "는", "도", "만", "의", "이", "을", "요")
_COPULA: Final = (
    "다 고 며 자 라 란 라고 라는 라며 라면 라도 라던 라서 지 지만 죠 에요 었다 었던 었고 었으며 었나 었나요 "
    "었는데 었을까 었을까요 었는지 었습니까 었습니다"
).split()
_COPULAS: Final = (
    "인 인가 인가요 인지 인데 인데요 일까 일까요 입니까 입니다 예요 였다 였던 였고 였으며 였나 였나요 였는데 였을까 "
    "였을까요 였는지 였습니까 였습니다 란 라 라고 라는 라며 라면 라도 라던 고 며 자 다 죠 지만"
).split()
_KOREAN_NOUNS: Final = ("", "들", "시리즈", "편", "등", "팀")
_PARTICLES: Final = frozenset(
    noun + rest
    for noun in _KOREAN_NOUNS
    for rest in (
        "",
        *(case + after for case in _CASES for after in _AFTER_CASE),
        *("이" + copula for copula in _COPULA),
        *_COPULAS,
    )
) - {""}
_ENDINGS: Final[dict[str, frozenset[str]]] = {
    "de": frozenset({"s", "es", "n", "er", "ern"}),
    "nl": frozenset({"s"}),
    "sv": frozenset({"s"}),
    "da": frozenset({"s"}),
    "nb": frozenset({"s"}),
    "no": frozenset({"s"}),
    "tr": frozenset(
        "a e i u ya ye yi yu da de ta te dan den tan ten in un nin nun na ne ni nu la le yla yle li lu lar ler "
        "daki deki ca ce si su s yi yu nda nde ndan nden ndaki ndeki taki teki dir dur tir tur ki lik luk "
        "lari leri lara lere larin lerin larda lerde lardan lerden".split()
    ),
}
_MIN_INFLECTED: Final = 4
_LONGEST_ENDING: Final = 8
# How long a name of several words must be, by its last letter, for what is glued to it to be another word, and how long
# that is at least: *South Africans* are no country.
_MIN_PHRASE: Final = {ALPHABET: 10, ARABIC: 8, HANGUL: 8, KATAKANA: 6}
_MIN_REST: Final = {ALPHABET: 4, ARABIC: 2, HANGUL: 2, KATAKANA: 2}
_SHORTEST_PHRASE: Final = min(_MIN_PHRASE.values())
_LONGEST_REST: Final = 60
_SPACE: Final = " "


_NO_ENDINGS: Final[frozenset[str]] = frozenset()


def word_class(char: str) -> int:
    """Return the class of ``char`` for word boundaries; 0 where it is part of no word."""
    return flags_of(ord(char)) & CLASS


def is_caseless(char: str) -> bool:
    """Whether ``char`` is of a script without capitals."""
    return word_class(char) > ALPHABET or (char.isalpha() and char.lower() == char.upper())


def is_fragment(text: str, low: i64, high: i64) -> bool:
    """Whether ``text[low:high]``, at most `LONGEST_FRAGMENT` characters, is too short for a name where it stands."""
    first: i64 = ord(text[low])
    kind = flags_of(first) & CLASS
    if kind not in (HANGUL, SPACELESS):
        return False
    if high - low > (1 if kind == HANGUL or first >= FIRST_IDEOGRAM else LONGEST_FRAGMENT):
        return False
    return _goes_on(text, low - 1, first, kind) or _goes_on(text, high, first, kind)


def _goes_on(text: str, at: i64, first: i64, kind: i64) -> bool:
    """Whether the script of a short name goes on at ``at``; a space parts no syllable of Hangul from its sentence."""
    if at < 0 or at >= len(text):
        return False
    other: i64 = ord(text[at])
    if kind == HANGUL and other == _BLANK:
        return True
    # Kana stand between the words of Japanese.
    return flags_of(other) & CLASS in (kind, SIGN) and not (first > _LAST_KANA >= other >= _FIRST_KANA)


def bounds(text: str, low: i64, high: i64, language: str) -> i64:
    """Return whether ``text[low:high]`` stands as a word, clitics before and endings after it allowed for.

    Args:
        text: Folded text.
        low: Where the name starts.
        high: One past the name.
        language: Primary language subtag of the article.

    Returns:
        The lengths of the clitics and of the ending, see `CLITIC_BITS`, 0 where there are none; `NO_WORD` where it is
        a part of a word.
    """
    clitic = _start_of(text, low)
    if clitic < 0:
        return NO_WORD
    ending = ends_word(text, high, low, language)
    return NO_WORD if ending < 0 else (clitic << CLITIC_BITS) + ending


def _start_of(text: str, low: i64) -> i64:
    """Return the length of the clitics before ``low`` of folded ``text``; `NO_WORD` where no name may start."""
    if low == 0:
        return 0
    before: i64 = ord(text[low - 1])
    if flags_of(before) & flags_of(ord(text[low])) & ARABIC_LETTER != 0:
        clitic = clitic_before(text, low) if before in _LAST_OF_CLITIC else 0
        return clitic if clitic > 0 else NO_WORD
    return 0 if starts_word(text, low) else NO_WORD


def starts_word(text: str, position: i64) -> bool:
    """Whether a name may start at ``position``, clitics left aside."""
    if position == 0:
        return True
    before = flags_of(ord(text[position - 1])) & CLASS
    if before in (NONE, SPACELESS):
        return True
    after = flags_of(ord(text[position])) & CLASS
    if before == KATAKANA and after == KATAKANA:
        return text.endswith(_KATAKANA_NOUNS, 0, position)
    return before != after


def clitic_before(text: str, position: i64) -> i64:
    """Return the length of the Arabic clitics that stand glued before ``position``; 0 where there are none."""
    start = position
    while start > 0 and position - start <= LONGEST_CLITIC and flags_of(ord(text[start - 1])) & CLASS == ARABIC:
        start -= 1
    return position - start if text[start:position] in CLITICS else 0


def ends_word(text: str, position: i64, start: i64, language: str) -> i64:
    """Return whether the name ``text[start:position]`` may end there.

    Args:
        text: Folded text.
        position: One past the name.
        start: Where the name starts.
        language: Primary language subtag of the article.

    Returns:
        `NO_WORD` where it may not, 0 where it ends a word, and else the length of the ending or particle that follows.
    """
    if position == len(text):
        return 0
    before = flags_of(ord(text[position - 1])) & CLASS
    after = flags_of(ord(text[position])) & CLASS
    if after == SIGN:
        return NO_WORD
    if before != after or after in (NONE, SPACELESS):
        return NO_WORD if _digits_go_on(text, position) else 0
    if after == KATAKANA:
        return 0 if text.startswith(_KATAKANA_NOUNS, position) else _glued(text, position, start, after)
    endings = _NO_ENDINGS
    if after == HANGUL:
        endings = _PARTICLES
    elif after == ALPHABET and position - start >= _MIN_INFLECTED:
        endings = _ENDINGS.get(language, _NO_ENDINGS)
    ending = NO_WORD if len(endings) == 0 else _ending(text, position, endings)
    return _glued(text, position, start, after) if ending == NO_WORD else ending


def _digits_go_on(text: str, position: i64) -> bool:
    """Whether a number goes on: ``GPT-5`` in ``GPT-5.1`` and ``3,5`` in ``3,500``."""
    mark: i64 = ord(text[position])
    if mark not in (_POINT, _COMMA, _COLON) or position + 1 >= len(text):
        return False
    return text[position - 1].isdigit() and text[position + 1].isdigit()


def _ending(text: str, position: i64, endings: frozenset[str]) -> i64:
    end = _run_end(text, position, _LONGEST_ENDING + 1)
    return end - position if text[position:end] in endings else NO_WORD


def _run_end(text: str, position: i64, most: i64) -> i64:
    """Return where the letters end that are of the class of the one at ``position``, ``most`` of them at most."""
    kind = flags_of(ord(text[position])) & CLASS
    length: i64 = len(text)
    end = position + 1
    while end < length and end - position < most and flags_of(ord(text[end])) & CLASS == kind:
        end += 1
    return end


def _glued(text: str, position: i64, start: i64, kind: i64) -> i64:
    """Return the length of the word that is glued to the phrase ``text[start:position]``, `NO_WORD` for a part of it.

    Where a text has lost its markup, it has lost spaces with it; a long name of several words is hardly ever the
    beginning of another by chance.
    """
    length = position - start
    if length < _SHORTEST_PHRASE or length < _MIN_PHRASE[kind] or text.find(_SPACE, start, position) < 0:
        return NO_WORD
    rest = _run_end(text, position, _LONGEST_REST) - position
    return rest if rest >= _MIN_REST[kind] else NO_WORD
