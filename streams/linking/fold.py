"""Folding: one spelling for many, with a map back to the text as received.

Names and texts are folded alike before they are compared, so that ``إنفيديا``, ``انفيديا`` and ``إنـفيديا``
meet, and so do ``NVIDIA`` and ``Nvidia``, ``São`` and ``Sao``. Folding case-folds, strips diacritics from Latin, Greek
and Cyrillic, harakat and points from Arabic and Hebrew, unifies the Arabic letters that writers interchange
(أإآٱ→ا, ى→ي, ة→ه, ؤ→و, ئ→ي), digits, dashes, apostrophes, presentation forms and widths, drops tatweel,
zero-width and bidirectional marks, writes traditional characters of Chinese as simplified ones (`han`), and makes each
run of white space one space.

Most characters fold one to one, which costs nothing to map back. The rest (``ß`` → ``ss``, a dropped
tatweel) is *irregular*: each is a break in a sparse, sorted list that `Folded.span` searches (`folded`).

Length: folding one by one, and in groups where characters are composed, read the same tables, which must not part.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from typing import Final

from librt.strings import StringWriter
from librt.vecs import vec
from mypy_extensions import i32, i64

from streams.linking.folded import MARKS, Breaks, Folded
from streams.linking.han import SIMPLIFIED

__all__ = ["fold", "fold_text", "surface_hash", "trim_name"]

# What NFKC, case folding and the removal of marks do not bring together by themselves.
_SAME: Final = {
    **dict.fromkeys("ٱٲٳ", "ا"),
    **dict.fromkeys("ىیېےۍ", "ي"),
    **dict.fromkeys("ةہھەۀۂۃ", "ه"),
    **dict.fromkeys("کڪګڭ", "ك"),
    "ڤ": "ف",
    "پ": "ب",
    "چ": "ج",
    "ڨ": "ق",
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    **dict.fromkeys("‘’‚‛ʼʹ′＇´ʻʾʿ", "'"),
    **dict.fromkeys("“”„‟«»″＂", '"'),
    "ø": "o",
    "đ": "d",
    "ł": "l",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ð": "d",
    "ħ": "h",
    "ı": "i",
    "ŀ": "l",
    "ŋ": "n",
    "ŧ": "t",
    "・": " ",
    "·": " ",
    "‧": " ",
    "、": ",",
    "，": ",",
}
# Marks that typesetters choose, and not writers.
_TYPESET: Final = str.maketrans({**{char: _SAME[char] for char in "‘’‛ʼ＇‐‑‒–—−－“”„"}, "\u00a0": " "})
# Tatweel, soft hyphen, zero-width and bidirectional marks, variation selectors, byte order mark.
_DROPPED: Final = frozenset(
    "\u0640\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
) | {chr(code) for span in ((0x2060, 0x2070), (0xFE00, 0xFE10), (0xFEFF, 0xFF00)) for code in range(*span)}
_TABLED: Final = ((0x0B, 0x0D), (0x1C, 0x20), (0x85, 0x86), (0xA0, 0x900), (0x10A0, 0x1100), (0x1680, 0x1681),
                  (0x1AB0, 0x1B00),
                  (0x1C80, 0x2C00), (0x2C60, 0x2E00), (0x3000, 0x3400), (0xA640, 0xA720), (0xA722, 0xA800),
                  (0xAB30, 0xABC0), (0xF900, 0x10000))  # fmt: skip
# The most frequent of all, one for one.
_FREQUENT: Final = {
    **dict.fromkeys("أإآ", "ا"),
    **dict.fromkeys("ىئ", "ي"),
    "ة": "ه",
    "ؤ": "و",
    **dict.fromkeys("\n\t\r\u00a0", " "),
    "’": "'",
    **dict.fromkeys("“”", '"'),
}
_REPLACED: Final = [("أ", "ا"), ("إ", "ا"), ("ى", "ي"), ("ة", "ه"), ("\n", " ")]
# The marks that make が of か, by all their spellings. One that no kana carries is dropped.
_VOICING: Final = {**dict.fromkeys("\u3099\u309b\uff9e", "\u3099"), **dict.fromkeys("\u309a\u309c\uff9f", "\u309a")}
_SIMPLIFYING: Final = str.maketrans(SIMPLIFIED)
_JAMO: Final = re.compile("[\u1100-\u11ff]")


def _fold_char(char: str) -> str:
    """Fold one character until folding changes nothing more."""
    if char in _DROPPED or char in MARKS or char in _VOICING:
        return ""
    if char.isspace():
        return " "
    written = unicodedata.normalize("NFC", char)
    same = _SAME.get(written) or SIMPLIFIED.get(written)
    if same is not None:
        return same
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    # Marks go before letters are case-folded, which would make a letter of the Greek iota subscript.
    bare = "".join(part for part in unicodedata.normalize("NFKD", char) if part not in MARKS)
    parts = unicodedata.normalize("NFD", bare.casefold())
    folded = unicodedata.normalize("NFC", "".join(part for part in parts if part not in MARKS))
    if folded == char or _JAMO.search(folded) is not None:
        # A letter of Hangul that stands for itself (ㅋㅋ) is not to join its neighbours.
        return char
    # A compatibility form of a lone mark may come with a space that carries it.
    return "".join(_fold_char(part) for part in (folded.strip() if char != " " else folded))


def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for low, high in _TABLED:
        for char in map(chr, range(low, high)):
            folded, lower = _fold_char(char), char.lower()
            if folded != lower and char not in _FREQUENT:
                table[char] = folded
                if len(lower) == 1:
                    table[lower] = folded
    return table


def _char_class(chars: dict[str, str]) -> str:
    ranges: list[list[int]] = []
    for code in sorted(map(ord, chars)):
        if len(ranges) > 0 and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\u{low:04x}-\\u{high:04x}" for low, high in ranges)


_TABLE: Final = _table()
_CLASS: Final = _char_class(_TABLE)
_GONE: Final = _char_class({char: same for char, same in _TABLE.items() if same == ""})
_COMPOSING: Final = frozenset(_VOICING) | set(map(chr, (*range(0x1100, 0x1113), *range(0x11A8, 0x11C3))))
# Kana with a separate voicing mark and Hangul in single letters are composed: their marks are no variants.
_GROUPED: Final = re.compile(
    rf"[\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9d][{_GONE}]*[{''.join(_VOICING)}]"
    rf"|[\u1100-\u1112][{_GONE}]*[\u1161-\u1175](?:[{_GONE}]*[\u11a8-\u11c2])?"
    rf"|[\uac00-\ud7a3][{_GONE}]*[\u11a8-\u11c2]|[{_CLASS}]"
)
# A rare kind of white space that stands for all of a run but the first, so that those are found by `_GROUPED`.
_MORE_SPACE: Final = "\x1f"
# What each code point of the basic plane is folded to, plus one: a code point, or one of the following. 0 where nobody
# asked yet.
_KNOWN: Final = vec[i32]([0] * 0x10000)
_KNOWN_CODES: Final = 0x10000
_DROP: Final = -2
_COMPOSE: Final = -3
_SEVERAL: Final = -4
_SPACE: Final = 0x20


def fold(text: str) -> Folded:
    """Fold ``text``, keeping the way back.

    Cost: linear; about 20 µs for an Arabic article of 2,700 characters.
    """
    if text.isascii():
        folded = text.lower()
        for char in "\n\t\r\v\f\x1c\x1d\x1e\x1f":
            folded = folded.replace(char, " ")
        if "  " not in folded:
            return Folded(folded, text)
    return _fold_each(text)


def _fold_each(text: str) -> Folded:  # noqa: C901, PLR0912 - one loop, in which no step costs a call
    """Fold character by character."""
    folded = StringWriter()
    breaks = Breaks()
    # Where several of one letter are folded to another, that is done for all at once.
    source = text
    for char, other in _REPLACED:
        source = source.replace(char, other)
    known = _KNOWN
    written: i64 = 0
    done: i64 = 0  # from here on, nothing is written yet that folds to itself
    spaced = False  # whether what is before is folded to a space
    length: i64 = len(source)
    at: i64 = 0
    while at < length:
        code: i64 = ord(source[at])
        if code != _SPACE and code < _KNOWN_CODES and i64(known[code]) == code + 1:
            spaced = False
            at += 1
            continue
        same = _same_code(code)
        if same == _SPACE:
            if spaced:
                same = _DROP
            spaced = True
        elif same >= 0:
            spaced = False
        if i64(same) == code:
            at += 1
            continue
        if at > done:
            folded.write(source[done:at])
            written += at - done
        done = at + 1
        if same >= 0:
            folded.append(same)
            written += 1
        elif same == _DROP:
            breaks.add(written, done, 0)
        elif same == _SEVERAL:
            several = _several(source[at])
            folded.write(several)
            spaced = False
            breaks.add(written, at, 1)
            written += len(several)
            breaks.add(written, done, 0)
        else:
            return _fold_groups(text)
        at += 1
    if done == 0:
        return Folded(source, text, breaks)
    if done < length:
        folded.write(source[done:])
    return Folded(folded.getvalue(), text, breaks)


def _same_code(code: i64) -> i32:
    """Return what a character is folded to: a code point, or what to do instead."""
    if code < _KNOWN_CODES:
        known = _KNOWN[code]
        if known != 0:
            return known - 1
    return _first_met(code)


def _first_met(code: i64) -> i32:
    char = chr(code)
    several = _several(char)
    same: i32 = _DROP
    if char in _COMPOSING:
        same = _COMPOSE
    elif len(several) > 1:
        same = _SEVERAL
    elif len(several) == 1:
        same = ord(several)
    if code < _KNOWN_CODES:
        _KNOWN[code] = same + 1
    return same


def _several(char: str) -> str:
    lower = "i" if char == "İ" else char.lower()
    return _FREQUENT.get(char) or SIMPLIFIED.get(char) or _TABLE.get(lower, lower)


def _fold_groups(text: str) -> Folded:
    """Fold a text in which characters are to be composed."""
    folded = text.replace("İ", "i").lower()
    for char, same in _FREQUENT.items():
        folded = folded.replace(char, same)
    folded = folded.translate(_SIMPLIFYING)
    if "  " in folded:
        folded = folded.replace("  ", " " + _MORE_SPACE).replace(_MORE_SPACE + " ", 2 * _MORE_SPACE)
    pieces: list[str] = []
    breaks = Breaks()
    done = length = 0
    spaced = False
    for found in _GROUPED.finditer(folded):
        start, end = found.span()
        if start > done:
            if spaced and folded[done] == " ":
                done += 1
                breaks.add(length, done, 0)
            pieces.append(folded[done:start])
            length += start - done
            spaced = folded[start - 1] == " "
        done = end
        same = _same(found[0])
        if spaced and same == " ":
            same = ""
        elif same != "":
            spaced = same == " "
            pieces.append(same)
            if len(same) == end - start == 1:
                length += 1
                continue
            breaks.add(length, start, end - start)
            length += len(same)
        breaks.add(length, end, 0)
    if spaced and folded[done : done + 1] == " ":
        done += 1
        breaks.add(length, done, 0)
    pieces.append(folded[done:])
    return Folded("".join(pieces), text, breaks)


def _same(group: str) -> str:
    if len(group) == 1:
        return _TABLE.get(group, group)
    composed = unicodedata.normalize("NFC", "".join(_VOICING.get(char) or _TABLE.get(char, char) for char in group))
    return "".join(_TABLE.get(char, char) for char in composed)


def fold_text(text: str) -> str:
    """Fold ``text`` without the way back; equal for names that count as one form."""
    return fold(text).text.strip(" ")


_AROUND: Final = re.compile(
    r"""^(?:[\s"“”«»,;:&*|–—-]+|the\s+(?=\S)|an?\s+(?=[A-Z]\S))+ # before: punctuation, a lower-case article
      | (?:['’]s|(?<=\s)[!?.…&*|–—-]+|[\s"“”«»,;:|]|(?<=\w{3})['’]
         |(?<=\w{6})\.)+$                                 # after: a possessive, punctuation, a full stop
    """,
    re.VERBOSE,
)


_OPENED: Final = dict(zip(")]》〉」』】）］", "([《〈「『【（［", strict=True))
_CLOSED: Final = {opening: closing for closing, opening in _OPENED.items()}
_TITLE: Final = re.compile(
    r"^(?:Sen|Rep|Gov|Dr|Mr|Mrs|Ms|Prof|Gen|Col|Lt|Capt|President|Senator|Governor|Professor)\.?\s+(?=\S+\s+\S)"
)


def trim_name(text: str) -> str:
    """Take off what lists of names drag along: quotes, a comma, a possessive, a lower-case article, a title.

    ``the Salk Institute``, ``London's``, ``Sarajevo,`` and ``Sen. Charles Schumer`` become names; ``The Times`` and
    ``Dr. Dre`` stay.
    """
    return _without_unpaired(_TITLE.sub("", _AROUND.sub("", text))) or text


def _without_unpaired(text: str) -> str:
    """Take off a bracket at either end that has no other: 歡樂之家》."""
    while len(text) > 0 and text[-1] in _OPENED and _OPENED[text[-1]] not in text:
        text = text[:-1].rstrip()
    while len(text) > 0 and text[0] in _CLOSED and _CLOSED[text[0]] not in text:
        text = text[1:].lstrip()
    return text


def surface_hash(text: str) -> int:
    """Return a 32-bit hash of a name as written, equal for canonically equivalent spellings.

    Apostrophes and dashes are alike, since typesetters choose them and not writers.
    """
    written = unicodedata.normalize("NFC", text)
    if not written.isascii():
        written = written.translate(_TYPESET)
    return zlib.crc32(written.encode("utf-8", "surrogatepass"))
