"""Keys of glyphs, for scripts in which writers put spaces and marks as they like.

반지의 제왕 is written 반지의제왕 too,
レッド・オクトーバー is レッドオクトーバー,
ヴェニス is ベニス, 哈利·波特 is 哈利波特, and Thai writers of foreign names differ in tone marks.
A key of glyphs keeps the letters alone, one by one: spaces and marks are left out, and so are long vowels in Japanese
and tone marks in Thai; ヴ and what follows it are the sound that most write, and numbers are digits, be they announced
or not: 第三, 第3, 제3차, 3차. Whether a name may begin and end there is
told by the text itself (`streams.linking.boundary`).
"""

from __future__ import annotations

from typing import Final

from librt.vecs import append, vec
from mypy_extensions import i64

from streams.linking.chars import ALNUM, CLASS, HANGUL, KATAKANA, SIGN, flags_of

__all__ = ["GLYPHIC", "glyph_key", "glyphs"]

GLYPHIC: Final = frozenset({"ja", "ko", "th", "zh"})
"""Languages whose names have keys of glyphs."""

_VU: Final = "ヴ"
_VOICED: Final = {"ァ": "バ", "ィ": "ビ", "ェ": "ベ", "ォ": "ボ"}
# Long vowels; tone marks, signs of silence and the ring of am in Thai.
_LEFT_OUT: Final = frozenset("ー\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d")
# Sara am is typed as one sign or as two.
_SARA_AM: Final = "\u0e33"
_SARA_AA: Final = "\u0e32"
# What announces a number: in Han it stays, in Hangul it may go.
_NUMBERED: Final = "第"
_NUMBERED_IN_HANGUL: Final = "제"
_DIGITS: Final = {numeral: str(number) for number, numeral in enumerate("一二三四五六七八九", start=1)}
_COUNTING: Final = frozenset("一二三四五六七八九十百千")
# Letters that a key must have.
_LEAST: Final[dict[str, int]] = {"ja": 5, "ko": 4, "th": 8, "zh": 4}


def glyph_key(folded: str, language: str) -> str | None:
    """Return the key of a folded name in one of the `GLYPHIC` languages, or None where nothing in it may vary."""
    letters, _, _ = glyphs(folded)
    if len(letters) // 2 < _LEAST[language] or not _may_vary(folded, language):
        return None
    return letters


def _may_vary(folded: str, language: str) -> bool:
    """Whether writers may put a space or a mark elsewhere."""
    kinds = [flags_of(ord(char)) & CLASS for char in folded]
    if _NUMBERED in folded:
        return True
    if language == "ja":
        return kinds.count(KATAKANA) > 1
    if language == "ko":
        return HANGUL in kinds
    if language == "th":
        return SIGN in kinds or " " in folded or _SARA_AM in folded
    return any(kind == 0 for kind in kinds[1:-1])


def glyphs(folded: str) -> tuple[str, vec[i64], vec[i64]]:
    """Return the key of a folded text, and where its letters begin and end.

    The n-th letter stands between the n-th space of the key and the one after it.
    """
    kept: list[str] = []
    starts: vec[i64] = vec[i64]()
    ends: vec[i64] = vec[i64]()
    length: i64 = len(folded)
    at: i64 = 0
    while at < length:
        char = folded[at]
        start = at
        at += 1
        if char == _NUMBERED_IN_HANGUL and at < length and folded[at].isdigit():
            char = folded[at]
            at += 1
        if char in _LEFT_OUT:
            if len(ends) > 0 and ends[len(ends) - 1] == start:
                # It belongs to the letter before it.
                ends[len(ends) - 1] = at
            continue
        flags = flags_of(ord(char))
        if flags & ALNUM == 0 and flags & CLASS != SIGN:
            continue
        if char == _SARA_AM:
            char = _SARA_AA
        elif char == _VU:
            voiced = _VOICED.get(folded[at]) if at < length else None
            if voiced is None:
                char = "ブ"
            else:
                char = voiced
                at += 1
        elif len(kept) > 0 and kept[-1] == _NUMBERED and char in _DIGITS and folded[at : at + 1] not in _COUNTING:
            char = _DIGITS[char]
        kept.append(char)
        starts = append(starts, start)
        ends = append(ends, at)
    return f" {' '.join(kept)} " if len(kept) > 0 else " ", starts, ends
