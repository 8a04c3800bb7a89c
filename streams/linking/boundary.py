"""Word boundaries, per script.

An Aho-Corasick automaton knows no words, so every occurrence it reports is checked here, in folded text:

* alphabets with spaces (Latin, Greek, Cyrillic, Hebrew, Arabic …): not inside a word;
* Arabic: the proclitics و ف ب ك ل ال and their combinations may stand before a name;
* Han, hiragana, Thai, Lao, Khmer, Burmese: no spaces, so any position will do, unless a vowel sign follows;
* katakana: not inside a run of katakana, for one run is one foreign word, unless a common noun is written onto it;
* Hangul: a particle may follow;
* two scripts side by side (وNVIDIA, のApple): a boundary;
* German, Scandinavian and Dutch genitive s, Turkish case endings: may follow, in those languages.
"""

from __future__ import annotations

from typing import Final

__all__ = ["CLITICS", "NONE", "bounds", "clitic_before", "ends_word", "is_caseless", "starts_word", "word_class"]

NONE: Final = 0
"""Class of a character that is part of no word."""
_ALPHABET: Final = 1
_ARABIC: Final = 2
_HANGUL: Final = 3
_KATAKANA: Final = 4
_SPACELESS: Final = 5
_SIGN: Final = 6

_RANGES: Final = (
    (0x0600, 0x0780, _ARABIC),
    (0x08A0, 0x0900, _ARABIC),
    (0x0E01, 0x0E31, _SPACELESS),
    (0x0E31, 0x0E32, _SIGN),
    (0x0E32, 0x0E34, _SPACELESS),
    (0x0E34, 0x0E3B, _SIGN),
    (0x0E40, 0x0E46, _SPACELESS),
    (0x0E47, 0x0E4F, _SIGN),
    (0x0E80, 0x0F00, _SPACELESS),
    (0x1000, 0x10A0, _SPACELESS),
    (0x1780, 0x1800, _SPACELESS),
    (0x1100, 0x1200, _HANGUL),
    (0xAC00, 0xD7A4, _HANGUL),
    (0x3041, 0x3097, _SPACELESS),
    (0x30A1, 0x30FB, _KATAKANA),
    (0x30FC, 0x3100, _KATAKANA),
    (0x3400, 0xA000, _SPACELESS),
    (0x3005, 0x3008, _SPACELESS),
    (0xF900, 0xFB00, _SPACELESS),
    (0x20000, 0x32000, _SPACELESS),
)
_CLASSES: dict[str, int] = {}

_FIRST: Final = ("", "و", "ف")
_PREPOSITIONS: Final = ("", "ب", "ك", "ل")
CLITICS: Final = frozenset(
    first + rest
    for first in _FIRST
    for rest in (*(preposition + article for preposition in ("", "ب", "ك") for article in ("", "ال")), "ل", "لل")
) - {""}
"""What may stand, glued, before an Arabic name: and/so, in/as/for, the."""
_LONGEST_CLITIC: Final = max(map(len, CLITICS))

_ARABIC_LETTERS: Final = frozenset(map(chr, (*range(0x0621, 0x063B), *range(0x0641, 0x064B))))
_LAST_OF_CLITIC: Final = frozenset(clitic[-1] for clitic in CLITICS)
# After digits, a point or comma may go on with the number; everywhere else these end a word.
_PLAIN_SEPARATORS: Final = frozenset(" \n\"'()«»“”!?؟،؛;…[]")
_SEPARATORS: Final = _PLAIN_SEPARATORS | frozenset(".,:-/#@*")

# Common nouns that are written onto a name without any mark: テレビシリーズ + name, name + シリーズ.
_KATAKANA_NOUNS: Final = tuple(
    "シリーズ ドラマ アニメ ゲーム テレビ ミュージカル グループ メーカー サービス ブランド チーム キャラクター "
    "アルバム シングル バンド アプリ サイト モデル ユーザー ファン リーグ クラブ ホテル センター ニュース "
    "プロジェクト ソフト メンバー".split()
)

_PARTICLES: Final = frozenset(
    "은 는 이 가 을 를 의 에 와 과 도 로 만 나 랑 야 여 께 에서 에게 으로 까지 부터 보다 처럼 이나 이라 라고 이란 란 "
    "에는 에도 에선 에서는 에서의 으로는 로는 와의 과의 이다 였다 이었다 입니다 이며 이고 에게서 한테 조차 마저 "
    "뿐 뿐만 이라고 이라는 라는 라며 측 측은 측이".split()
)
_ENDINGS: Final[dict[str, frozenset[str]]] = {
    "de": frozenset({"s", "es", "n", "er", "ern"}),
    "nl": frozenset({"s"}),
    "sv": frozenset({"s"}),
    "da": frozenset({"s"}),
    "nb": frozenset({"s"}),
    "no": frozenset({"s"}),
    "tr": frozenset(
        "a e i u ya ye yi yu da de ta te dan den tan ten in un nin nun na ne ni nu la le yla yle li lu lar ler "
        "daki deki ca ce si su s".split()
    ),
}
_MIN_INFLECTED: Final = 4
_LONGEST_ENDING: Final = 4


def word_class(char: str) -> int:
    """Return the class of ``char`` for word boundaries; 0 where it is part of no word."""
    known = _CLASSES.get(char)
    if known is None:
        code = ord(char)
        known = next((kind for low, high, kind in _RANGES if low <= code < high), _ALPHABET)
        if known != _SIGN and not char.isalnum():
            known = NONE
        if len(_CLASSES) < 100_000:
            _CLASSES[char] = known
    return known


def is_caseless(char: str) -> bool:
    """Whether ``char`` is of a script without capitals."""
    return word_class(char) > _ALPHABET or (char.isalpha() and char.lower() == char.upper())


def bounds(text: str, low: int, high: int, language: str) -> tuple[int, int] | None:
    """Return whether ``text[low:high]`` stands as a word, clitics before and endings after it allowed for.

    Args:
        text: Folded text.
        low: Where the name starts.
        high: One past the name.
        language: Primary language subtag of the article.

    Returns:
        The lengths of the clitics and of the ending, 0 where there are none; None where it is a part of a word.
    """
    # Most occurrences are parts of words, so what one look at two letters tells comes first.
    if high < len(text) and text[high] in _ARABIC_LETTERS and text[high - 1] in _ARABIC_LETTERS:
        return None
    clitic = 0
    if low > 0:
        before, first = text[low - 1], text[low]
        if before in _ARABIC_LETTERS and first in _ARABIC_LETTERS:
            clitic = clitic_before(text, low) if before in _LAST_OF_CLITIC else 0
            if clitic == 0:
                return None
        elif before not in _SEPARATORS and not starts_word(text, low):
            return None
    if high == len(text) or text[high] in _PLAIN_SEPARATORS:
        return clitic, 0
    ending = ends_word(text, high, low, language)
    return None if ending < 0 else (clitic, ending)


def starts_word(text: str, position: int) -> bool:
    """Whether a name may start at ``position``, clitics left aside."""
    if position == 0:
        return True
    before, after = word_class(text[position - 1]), word_class(text[position])
    if before == after == _KATAKANA:
        return text.endswith(_KATAKANA_NOUNS, 0, position)
    return before != after or before in {NONE, _SPACELESS}


def clitic_before(text: str, position: int) -> int:
    """Return the length of the Arabic clitics that stand glued before ``position``; 0 where there are none."""
    start = position
    while start > 0 and position - start <= _LONGEST_CLITIC and word_class(text[start - 1]) == _ARABIC:
        start -= 1
    return position - start if text[start:position] in CLITICS else 0


def ends_word(text: str, position: int, start: int, language: str) -> int:
    """Return whether the name ``text[start:position]`` may end there.

    Args:
        text: Folded text.
        position: One past the name.
        start: Where the name starts.
        language: Primary language subtag of the article.

    Returns:
        -1 where it may not, 0 where it ends a word, and else the length of the ending or particle that follows.
    """
    if position == len(text):
        return 0
    before, after = word_class(text[position - 1]), word_class(text[position])
    if after == _SIGN:
        return -1
    if before != after or after in {NONE, _SPACELESS}:
        return _digits_go_on(text, position)
    if after == _KATAKANA:
        return 0 if text.startswith(_KATAKANA_NOUNS, position) else -1
    endings = _PARTICLES if after == _HANGUL else _ENDINGS.get(language, frozenset())
    if after == _ALPHABET and position - start < _MIN_INFLECTED:
        return -1
    return _ending(text, position, endings) if after in {_HANGUL, _ALPHABET} else -1


def _digits_go_on(text: str, position: int) -> int:
    """Refuse ``GPT-5`` in ``GPT-5.1`` and ``3,5`` in ``3,500``."""
    if (
        text[position - 1].isdigit()
        and text[position] in ".,:"
        and position + 1 < len(text)
        and text[position + 1].isdigit()
    ):
        return -1
    return 0


def _ending(text: str, position: int, endings: frozenset[str]) -> int:
    kind = word_class(text[position])
    end = position
    while end < len(text) and end - position <= _LONGEST_ENDING and word_class(text[end]) == kind:
        end += 1
    return end - position if text[position:end] in endings else -1
