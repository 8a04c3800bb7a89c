"""Runs of capitalised words, such as names have: ``Bank of Arden``, ``Ludwig van der Berg``, ``McCoy & d'Este``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.chars import ALNUM, ALPHABET, CAPITAL, CLASS, SMALL, flags_of

if TYPE_CHECKING:
    from mypy_extensions import i64

__all__ = ["runs_in", "split_run"]

# Words in small letters that join the capitalised words of a name, and second words that some of them take.
_JOINS: Final = frozenset("of de del der den di da do dos du van von bin ibn al el y & for and".split())
_SECONDS: Final[dict[str, tuple[str, ...]]] = {
    "of": ("the",),
    "de": ("la", "l"),
    "van": ("den", "der"),
    "von": ("den", "der"),
}
_LONGEST_JOIN: Final = 3
# What may stand before the capital of a name's word: al-Assad, d'Este, McCoy.
_PREFIXES: Final = ("al", "el", "d", "l", "mc")
# Between these no character is a capital.
_FIRST_CASELESS: Final = 0x590
_LAST_CASELESS: Final = 0x1E00
_AFTER_PREFIX: Final = frozenset(map(ord, "-'’"))
_WITHIN_WORD: Final = frozenset(map(ord, "_'’&.-"))
_UNDERSCORE: Final = 0x5F
_SPACE: Final = 0x20
_HARD_SPACE: Final = 0xA0
_ZERO: Final = 0x30
_NINE: Final = 0x39
# Their full stop ends no sentence; nor does that of a word of one or two letters.
_ABBREVIATED: Final = frozenset("Mrs Sen Rep Gov Gen Col Sgt Prof Capt Hon Rev Messrs".split())


def runs_in(source: str) -> list[tuple[int, int]]:
    """Return runs of capitalised words, each within one sentence."""
    found: list[tuple[int, int]] = []
    length: i64 = len(source)
    at: i64 = 0
    while at < length:
        code: i64 = ord(source[at])
        if code == _SPACE or _FIRST_CASELESS <= code < _LAST_CASELESS:
            at += 1
            continue
        end = _first_word(source, at)
        if end < 0:
            at += 1
            continue
        start = at
        following = _next_word(source, end)
        while following >= 0:
            end = following
            following = _next_word(source, end)
        at = end
        if ". " in source[start:end]:
            for low, high in split_run(source, start, end):
                if high < end and _ends_sentence(source[low:high]):
                    found.append((start, high))
                    start = high + 1
        found.append((start, end))
    return found


def _first_word(source: str, at: i64) -> i64:
    """Return where the word ends that begins a run at ``at``, or -1."""
    code: i64 = ord(source[at])
    if flags_of(code) & CAPITAL == 0 and not _may_be_prefix(code):
        return -1
    if at > 0:
        # Not from within a word: iPhone is no name Phone.
        before: i64 = ord(source[at - 1])
        if flags_of(before) & (CAPITAL | SMALL) != 0 or _ZERO <= before <= _NINE or before == _UNDERSCORE:
            return -1
    return _word_end(source, at)


def _word_end(source: str, at: i64) -> i64:
    """Return where the word of a name ends that begins at ``at``, or -1."""
    length: i64 = len(source)
    if at >= length:
        return -1
    code: i64 = ord(source[at])
    end = at + 1
    if flags_of(code) & CAPITAL == 0:
        if not _may_be_prefix(code) or (at > 0 and _is_of_word(ord(source[at - 1]))):
            return -1
        end = _prefix_end(source, at)
        if end < 0:
            return -1
    while end < length:
        code = ord(source[end])
        flags = flags_of(code)
        # A script without capitals is glued to the name, and no part of it: AIへ, Samsung은.
        if flags & CLASS > ALPHABET or (flags & ALNUM == 0 and (code == _SPACE or code not in _WITHIN_WORD)):
            break
        end += 1
    return end


def _may_be_prefix(code: i64) -> bool:
    """Whether a prefix begins with this letter: a, d, e, l, m."""
    return code in (0x61, 0x64, 0x65, 0x6C, 0x6D)


def _prefix_end(source: str, at: i64) -> i64:
    """Return where a prefix, its joint included, ends at ``at`` and a capital follows, or -1."""
    for prefix in _PREFIXES:
        end = at + len(prefix)
        if source.startswith(prefix, at) and end + 1 < len(source):
            joined = ord(source[end]) in _AFTER_PREFIX
            return end + 1 if joined and flags_of(ord(source[end + 1])) & CAPITAL != 0 else -1
    return -1


def _is_of_word(code: i64) -> bool:
    return flags_of(code) & ALNUM != 0 or code == _UNDERSCORE


def _is_gap(source: str, at: i64) -> bool:
    return at < len(source) and ord(source[at]) in (_SPACE, _HARD_SPACE)


def _next_word(source: str, end: i64) -> i64:
    """Return where the next word of a name ends, whose words so far end at ``end``; -1 where there is none."""
    if not _is_gap(source, end):
        return -1
    start = end + 1
    plain = _word_end(source, start)
    if plain >= 0:
        return plain
    stop = start
    while stop < len(source) and stop - start <= _LONGEST_JOIN and not source[stop].isspace():
        stop += 1
    join = source[start:stop]
    if join not in _JOINS or stop >= len(source):
        return -1
    for second in _SECONDS.get(join, ()):
        after = stop + 1 + len(second)
        if source.startswith(second, stop + 1) and _is_gap(source, after):
            further = _word_end(source, after + 1)
            if further >= 0:
                return further
    return _word_end(source, stop + 1) if _is_gap(source, stop) else -1


def split_run(source: str, start: i64, end: i64) -> list[tuple[int, int]]:
    """Return the words between ``start`` and ``end`` that spaces part."""
    found: list[tuple[int, int]] = []
    low = start
    at = start
    while at <= end:
        if at == end or _is_gap(source, at):
            if at > low:
                found.append((low, at))
            low = at + 1
        at += 1
    return found


def _ends_sentence(word: str) -> bool:
    bare = word.rstrip(".")
    return len(bare) < len(word) and len(bare) > 2 and "." not in bare and bare not in _ABBREVIATED
