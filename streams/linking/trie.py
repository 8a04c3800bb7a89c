"""Following a text through a catalogue's forms, letter by letter, from where a word starts.

The forms are a trie in a double array with tails, which `streams.linking.trie_build` lays out. It is read in place:
only from the starts of words, only as far as some form goes on, and without a Python object for anything on the way.

A state is two numbers of 32 bits: what follows it, and the state that it is a child of. A child's place is the base of
its state, exclusive-or the label of the letter; label 0 is no letter's. What follows a state is one of

* a base, of 28 bits, and above it `ENDS` where a form ends here too: its number stands in the child of label 0;
* `LEAF` and where in the tails the rest of the only form begins that goes on from here.

The first state is the root, whose parent is -1, as that of a place that no state takes.

A tail is the rest of a form in UTF-8, `END_OF_TAIL`, and the number of the form, of 32 bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from librt.strings import read_i32_le, read_i64_le
from librt.vecs import append, vec
from mypy_extensions import i64

if TYPE_CHECKING:
    from streams.catalog.view import Automaton

__all__ = [
    "BASE",
    "ENDS",
    "END_BITS",
    "END_OF_TAIL",
    "FORM",
    "HALF",
    "LEAF",
    "NOWHERE",
    "STATE",
    "UNKNOWN",
    "Trie",
    "Ways",
    "trie_of",
]

END_BITS: Final = 32
"""What `Trie.follow` finds has the end above these bits."""
FORM: Final = (1 << END_BITS) - 1
"""The bits of what `Trie.follow` finds that hold the form."""

NOWHERE: Final = -1
"""What `Trie.step` returns where no form goes on, and `Trie.ending` where none ends."""
UNKNOWN: Final = -2
"""What `Ways.place` returns of a way that is not kept."""

STATE: Final = 8
"""Bytes of a state."""
HALF: Final = 32
"""The parent of a state stands above these bits of it."""
BASE: Final = (1 << 28) - 1
"""The bits of a base."""
ENDS: Final = 1 << 30
"""Set where a form ends at a state that others go on from."""
LEAF: Final = 1 << 31
"""Set where only one form goes on from a state; below it stands where its tail begins."""
END_OF_TAIL: Final = 0xFF
"""The byte behind the rest of a form, which is in no UTF-8."""

# Ways that are kept of a large automaton, and of a small one; an article has hundreds.
_MANY: Final = 1 << 14
_SOME: Final = 1 << 12
_LARGE: Final = 1 << 20  # bytes
_NONE_KEPT: Final = vec[i64]([0] * _MANY)

_LOWER_HALF: Final = (1 << HALF) - 1
_LETTER: Final = 4  # bytes of a label
# A place in a tail: this, and the byte. Other places are a state, of 28 bits as a base, above what follows it.
_IN_TAIL: Final = 1 << 60
# From these code points on, UTF-8 takes two bytes, three, four.
_TWO: Final = 0x80
_THREE: Final = 0x800
_FOUR: Final = 0x10000


_OF_AUTOMATON: WeakKeyDictionary[Automaton, Trie] = WeakKeyDictionary()


def trie_of(automaton: Automaton) -> Trie:
    """Return the trie of an automaton, with what is kept of it; it goes when the automaton goes."""
    trie = _OF_AUTOMATON.get(automaton)
    if trie is None:
        trie = _OF_AUTOMATON[automaton] = Trie(automaton)
    return trie


class Ways:
    """Where some letters lead to in a trie, kept by a number for each way: those of the day come back.

    Args:
        size: How many may be kept, a power of two; a way takes the place of another.
    """

    __slots__ = ("_mask", "_numbers", "_places")

    def __init__(self, size: i64) -> None:
        self._mask = size - 1
        self._numbers: vec[i64] = _NONE_KEPT[:size]
        self._places: vec[i64] = _NONE_KEPT[:size]

    def place(self, number: i64) -> i64:
        """Return the place to which a way leads, see `Trie.step`; `UNKNOWN` where it is not kept."""
        at = _mixed(number) & self._mask
        return self._places[at] if self._numbers[at] == number else i64(UNKNOWN)

    def keep(self, number: i64, place: i64) -> None:
        """Keep a way; its number is not 0."""
        at = _mixed(number) & self._mask
        # Whoever asks meanwhile finds nothing rather than the place of another.
        self._numbers[at] = 0
        self._places[at] = place
        self._numbers[at] = number


class Trie:
    """An automaton as a trie.

    Args:
        automaton: The automaton, whose layout has been checked.

    Attributes:
        words: Where the first words of Arabic keys lead to, see `streams.linking.arabic`.
        spelt: Which words are keys with vowels, see `streams.linking.spelt`.
    """

    __slots__ = ("_data", "_labels", "_letters", "_root", "_tails", "spelt", "words")

    def __init__(self, automaton: Automaton) -> None:
        self._data: bytes = automaton.data
        self._labels: i64 = automaton.labels
        self._letters: i64 = automaton.letters
        self._tails: i64 = automaton.tails
        self._root: i64 = read_i64_le(automaton.data, 0) & _LOWER_HALF
        kept = _MANY if len(automaton.data) > _LARGE else _SOME
        self.words = Ways(kept)
        self.spelt = Ways(kept)

    def follow(self, text: str, start: i64, first: i64, found: vec[i64]) -> vec[i64]:
        """Append every form that begins at ``start`` of ``text`` to ``found``, the shortest first.

        Cost: grows with the length of the longest way into the trie; about 5 ns a letter.

        Args:
            text: Folded text.
            start: Where to begin.
            first: The code point to begin with, which need not be the one that stands there.
            found: What to append to.

        Returns:
            ``found`` and, for each form, its end in ``text`` and its number in the view, see `END_BITS`.
        """
        data = self._data
        labels, letters = self._labels, self._letters
        length: i64 = len(text)
        state: i64 = 0
        follows = self._root
        at = start
        code = first
        while code < letters:
            label = i64(read_i32_le(data, labels + _LETTER * code))
            if label == 0:
                break
            child = (follows & BASE) ^ label
            both = read_i64_le(data, child * STATE)
            if both >> HALF != state:
                break
            follows = both & _LOWER_HALF
            state = child
            at += 1
            if follows >= ENDS:
                if follows >= LEAF:
                    return self._follow_tail(text, at, follows, found)
                found = append(found, (at << END_BITS) + self._form_at(follows))
            if at == length:
                break
            code = ord(text[at])
        return found

    def _follow_tail(self, text: str, at: i64, follows: i64, found: vec[i64]) -> vec[i64]:
        """Append the form whose tail ``text`` goes on with from ``at``, if it does."""
        data = self._data
        length: i64 = len(text)
        place = self._tails + follows - LEAF
        while True:
            first: i64 = data[place]
            if first == END_OF_TAIL:
                return append(found, (at << END_BITS) + self._form_behind(place))
            if at == length:
                return found
            code: i64 = ord(text[at])
            width: i64 = 1
            if first != code or code >= _TWO:
                width = _width(data, place, code)
                if width == 0:
                    return found
            place += width
            at += 1

    def start(self) -> i64:
        """Return the place from which the first letter is followed, see `step`."""
        return self._root

    def step(self, place: i64, code: i64) -> i64:
        """Return the place to which a letter leads from another place; `NOWHERE` where no form goes on so."""
        data = self._data
        if place >= _IN_TAIL:
            width = _width(data, place - _IN_TAIL, code)
            return place + width if width > 0 else i64(NOWHERE)
        if code >= self._letters:
            return NOWHERE
        label = i64(read_i32_le(data, self._labels + _LETTER * code))
        if label == 0:
            return NOWHERE
        child = (place & BASE) ^ label
        both = read_i64_le(data, child * STATE)
        if both >> HALF != place >> HALF:
            return NOWHERE
        follows = both & _LOWER_HALF
        return _IN_TAIL + self._tails + follows - LEAF if follows >= LEAF else (child << HALF) + follows

    def ending(self, place: i64) -> i64:
        """Return the number of the form that ends at a place, `NOWHERE` where none does."""
        if place >= _IN_TAIL:
            behind = place - _IN_TAIL
            return self._form_behind(behind) if self._data[behind] == END_OF_TAIL else i64(NOWHERE)
        return self._form_at(place) if place & ENDS != 0 else i64(NOWHERE)

    def _form_at(self, follows: i64) -> i64:
        """Return the number of the form that ends at a state which others go on from."""
        return read_i64_le(self._data, (follows & BASE) * STATE) & _LOWER_HALF

    def _form_behind(self, place: i64) -> i64:
        """Return the number of the form whose tail ends at a byte."""
        return i64(read_i32_le(self._data, place + 1)) & _LOWER_HALF

    def form(self, text: str) -> int | None:
        """Return the number of the form that is exactly ``text``, or None."""
        if len(text) == 0:
            return None
        found = self.follow(text, 0, ord(text[0]), vec[i64]())
        if len(found) == 0:
            return None
        longest = found[len(found) - 1]
        return longest & FORM if longest >> END_BITS == len(text) else None


def _mixed(number: i64) -> i64:
    return number ^ (number >> 13) ^ (number >> 29) ^ (number >> 43)


def _width(data: bytes, place: i64, code: i64) -> i64:
    """Return how many bytes a code point has in UTF-8 if these stand at ``place``, else 0."""
    first: i64 = data[place]
    if code < _TWO:
        return 1 if first == code else 0
    # Behind any letter of a tail stand five bytes at least.
    four = i64(read_i32_le(data, place))
    last = (code & 0x3F) | 0x80
    if code < _THREE:
        return 2 if four & 0xFFFF == (last << 8) | (code >> 6) | 0xC0 else 0
    middle = ((code >> 6) & 0x3F) | 0x80
    if code < _FOUR:
        return 3 if four & 0xFFFFFF == (last << 16) | (middle << 8) | (code >> 12) | 0xE0 else 0
    whole = (last << 24) | (middle << 16) | (((code >> 12) & 0x3F | 0x80) << 8) | (code >> 18) | 0xF0
    return 4 if four & _LOWER_HALF == whole else 0
