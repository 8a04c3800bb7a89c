"""Following a text through a catalogue's forms, letter by letter, from where a word starts.

The catalogue's automaton (`streams.catalog.matcher`) is a trie in a double array, and reports every occurrence of every
form, nearly all of them inside words. Here the same array is read in place as the trie that it is: only from the
starts of words, only as far as some form goes on, and without a Python object for anything on the way.

A state is four numbers of 32 bits: the base of its children, the state that it is a child of, where to go on when
no child fits (which only the automaton needs), and one plus the number of the first form that ends there. A
child's place is the base of its state, exclusive-or the label of the letter. An output is three such numbers: the form,
its length in UTF-8, and the next shorter form that ends there too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from librt.strings import read_i32_le, read_i64_le
from librt.vecs import append, vec
from mypy_extensions import i64

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.catalog.view import Automaton

__all__ = ["END_BITS", "FORM", "NOWHERE", "Trie", "width_of"]

END_BITS: Final = 32
"""What `Trie.follow` finds has the end above these bits."""
FORM: Final = (1 << END_BITS) - 1
"""The bits of what `Trie.follow` finds that hold the form."""

NOWHERE: Final = -1
"""What `Trie.step` returns where no form goes on, and `Trie.ending` where none ends."""

_STATE: Final = 16
_OUTPUT_OF_STATE: Final = 12
_OUTPUT: Final = 12
_LENGTH_OF_OUTPUT: Final = 4
_HALF: Final = 32
_LOWER_HALF: Final = (1 << _HALF) - 1
# From these code points on, UTF-8 takes two bytes, three, four.
_TWO: Final = 0x80
_THREE: Final = 0x800
_FOUR: Final = 0x10000


class Trie:
    """An automaton as a trie.

    Args:
        automaton: The automaton, whose layout has been checked.
    """

    __slots__ = ("_data", "_is_numbered", "_labels", "_letters", "_numbers", "_outputs", "_root")

    def __init__(self, automaton: Automaton) -> None:
        self._data: bytes = automaton.data
        self._labels: i64 = automaton.labels
        self._letters: i64 = automaton.letters
        self._outputs: i64 = automaton.outputs
        self._numbers: Sequence[int] = automaton.numbers
        self._is_numbered: bool = len(automaton.numbers) > 0
        self._root: i64 = i64(read_i32_le(automaton.data, 0))

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
        base = self._root
        at = start
        code = first
        while base != 0 and code < letters:
            label = i64(read_i32_le(data, labels + 4 * code))
            if label < 0:
                break
            child = base ^ label
            both = read_i64_le(data, child * _STATE)
            if both >> _HALF != state:
                break
            base = both & _LOWER_HALF
            state = child
            at += 1
            if i64(read_i32_le(data, child * _STATE + _OUTPUT_OF_STATE)) != 0:
                # Few states on the way are ends, so what the way is long is told only there.
                width = width_of(first)
                before = start + 1
                while before < at:
                    width += width_of(ord(text[before]))
                    before += 1
                form = self._form_at(child, width)
                if form >= 0:
                    found = append(found, (at << END_BITS) + form)
            if at == length:
                break
            code = ord(text[at])
        return found

    def start(self) -> i64:
        """Return the place from which the first letter is followed, see `step`."""
        return self._root

    def step(self, place: i64, code: i64) -> i64:
        """Return the place to which a letter leads from another place; `NOWHERE` where no form goes on so.

        A place is a state above the base of its children.
        """
        base = place & _LOWER_HALF
        if base == 0 or code >= self._letters:
            return NOWHERE
        data = self._data
        label = i64(read_i32_le(data, self._labels + 4 * code))
        if label < 0:
            return NOWHERE
        child = base ^ label
        both = read_i64_le(data, child * _STATE)
        if both >> _HALF != place >> _HALF:
            return NOWHERE
        return (child << _HALF) + (both & _LOWER_HALF)

    def ending(self, place: i64, width: i64) -> i64:
        """Return the number of the form that ends at a place, `NOWHERE` where none does.

        Args:
            place: A place, see `step`.
            width: How many bytes the letters on the way to it have in UTF-8.
        """
        return self._form_at(place >> _HALF, width)

    def _form_at(self, state: i64, width: i64) -> i64:
        data = self._data
        output = i64(read_i32_le(data, state * _STATE + _OUTPUT_OF_STATE))
        if output == 0:
            return NOWHERE
        output = self._outputs + (output - 1) * _OUTPUT
        if i64(read_i32_le(data, output + _LENGTH_OF_OUTPUT)) != width:
            return NOWHERE
        form = i64(read_i32_le(data, output))
        return i64(self._numbers[form]) if self._is_numbered else form

    def form(self, text: str) -> int | None:
        """Return the number of the form that is exactly ``text``, or None."""
        if len(text) == 0:
            return None
        found = self.follow(text, 0, ord(text[0]), vec[i64]())
        if len(found) == 0:
            return None
        longest = found[len(found) - 1]
        return longest & FORM if longest >> END_BITS == len(text) else None


def width_of(code: i64) -> i64:
    """Return how many bytes UTF-8 takes for a code point."""
    if code < _TWO:
        return 1
    if code < _THREE:
        return 2
    return i64(3) if code < _FOUR else i64(4)
