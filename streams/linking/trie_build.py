"""Laying out forms as the trie that `streams.linking.trie` follows.

The layout is a double array with tails: J. Aoe, *An Efficient Digital Search Algorithm by Using a Double-Array
Structure*, IEEE Transactions on Software Engineering 15(9), 1989. A form has states only as far as it has company;
the rest of it, most of its letters, is a string. For a million names that is less than a third of the states of a whole
trie.

What texts are followed through most are the first letters of many forms. So states are laid out in the order of how
many forms go on from them, and those that texts touch stand together in the first pages, where the processor's caches
hold them. Labels are given in the order of how often letters occur, so that siblings stand close.
"""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING, Final

from librt.strings import BytesWriter, write_i32_le
from librt.vecs import append, extend, vec
from mypy_extensions import i32, i64

from streams.errors import SnapshotError
from streams.linking.trie import BASE, END_OF_TAIL, ENDS, HALF, LEAF

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["TrieBuilder"]

_FREE: Final = -1
_NONE: Final = 0
# States with so many children or more look for a place together.
_MANY: Final = 16
# Nodes wait in piles by how many forms go on from them, of so many bits.
_PILES: Final = 33
_NUMBERS: Final = 4  # a node's state, its first form, the one behind its last, how many letters lead to it
_LEAST: Final = 64
# To count a form's letters takes so much less time than to lay out a node's children.
_FORMS_OF_A_NODE: Final = 16


class _Pile:
    """Nodes that wait for their children to be laid out."""

    __slots__ = ("count", "numbers")

    def __init__(self) -> None:
        self.numbers: vec[i64] = vec[i64]()
        self.count: i64 = 0

    def push(self, number: i64) -> None:
        if self.count < len(self.numbers):
            self.numbers[self.count] = number
        else:
            self.numbers = append(self.numbers, number)
        self.count += 1


class TrieBuilder:
    """Lays out a trie, a step at a time.

    Cost: for a million forms about two seconds, and ten times that without the compiled modules.

    Args:
        forms: Distinct and not empty, in order of their code points.
        numbers: The number of each, of 32 bits.
        most_states: States that it may have.
        most_tails: Bytes that its tails may have.
    """

    __slots__ = (
        "_counted",
        "_counts",
        "_cursors",
        "_forms",
        "_labels",
        "_letters",
        "_most",
        "_most_states",
        "_most_tails",
        "_numbers",
        "_piles",
        "_states",
        "_tails",
    )

    def __init__(
        self, forms: list[str], numbers: Sequence[int], *, most_states: int = BASE + 1, most_tails: int = LEAF
    ) -> None:
        self._forms = forms
        self._numbers = numbers
        self._most_states: i64 = most_states
        self._most_tails: i64 = most_tails
        self._counts: vec[i64] = vec[i64]()
        self._counted: i64 = 0
        self._labels: vec[i32] = vec[i32]()
        self._letters: vec[i64] = vec[i64]()
        # The array grows by so many states, so that whatever label is tried on a base, it leads to one.
        self._most: i64 = _LEAST
        self._states: vec[i64] = vec[i64]()
        self._tails = BytesWriter()
        self._cursors: vec[i64] = vec[i64]([0] * (_MANY + 1))
        self._piles = [_Pile() for _ in range(_PILES)]

    def build(self, nodes: int) -> bool:
        """Lay out the children of some nodes, or count the letters of some forms, which comes first.

        Args:
            nodes: Of how many nodes at most; of forms, which take less time, it is several times as many.

        Returns:
            Whether more is left to do.

        Raises:
            SnapshotError: There are more states or longer tails than may be.
        """
        left: i64 = nodes
        if len(self._states) == 0:
            last = min(i64(len(self._forms)), self._counted + left * _FORMS_OF_A_NODE)
            self._count_letters(last)
            if last == len(self._forms):
                self._begin()
            return True
        for pile in reversed(self._piles):
            while pile.count > 0:
                if left == 0:
                    return True
                left -= 1
                at = pile.count - _NUMBERS
                pile.count = at
                numbers = pile.numbers
                self._lay_out(numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3])
        return False

    def _count_letters(self, last: i64) -> None:
        """Count the letters of the forms before ``last`` that are not counted yet."""
        counts = self._counts
        while self._counted < last:
            form = self._forms[self._counted]
            length: i64 = len(form)
            at: i64 = 0
            while at < length:
                code: i64 = ord(form[at])
                if code >= len(counts):
                    counts = extend(counts, bytes(code + 1 - len(counts)))
                if counts[code] == 0:
                    self._letters = append(self._letters, code)
                counts[code] += 1
                at += 1
            self._counted += 1
        self._counts = counts

    def _begin(self) -> None:
        """Give each letter its label, from 1 for the commonest, and lay out the root; 0 is no letter's."""
        counts = self._counts
        self._labels = extend(vec[i32](), bytes(len(counts)))
        label: i64 = 0
        for _, code in sorted([(-counts[letter], letter) for letter in self._letters]):
            label += 1
            self._labels[code] = i32(label)
        while self._most <= label:
            self._most *= 2
        self._extend()
        self._states[0] = _FREE << HALF
        if len(self._forms) > 0:
            self._push(0, 0, len(self._forms), 0)

    def parts(self) -> tuple[bytes, bytes, bytes]:
        """Return the states, the label of each code point, and the tails, when all is laid out."""
        return (
            _bytes_of("q", memoryview(self._states)),
            _bytes_of("i", memoryview(self._labels)),
            self._tails.getvalue(),
        )

    def _push(self, state: i64, first: i64, behind: i64, depth: i64) -> None:
        kind: i64 = 0
        while (behind - first) >> kind > 0:
            kind += 1
        pile = self._piles[kind]
        pile.push(state)
        pile.push(first)
        pile.push(behind)
        pile.push(depth)

    def _lay_out(self, state: i64, first: i64, behind: i64, depth: i64) -> None:
        """Lay out the children of a state: those of the forms from ``first`` on, which ``depth`` letters lead to."""
        forms = self._forms
        ends = len(forms[first]) == depth
        at = first + 1 if ends else first
        kids, firsts = vec[i64](capacity=_MANY), vec[i64](capacity=_MANY)
        if ends:
            kids, firsts = append(kids, _NONE), append(firsts, first)
        while at < behind:
            code: i64 = ord(forms[at][depth])
            kids, firsts = append(kids, i64(self._labels[code])), append(firsts, at)
            at = self._behind(code, at, behind, depth)
        base = self._place_for(kids)
        states = self._states
        states[state] += base + ENDS if ends else base
        each: i64 = 0
        count: i64 = len(kids)
        while each < count:
            begin = firsts[each]
            end = firsts[each + 1] if each + 1 < count else behind
            child = base ^ kids[each]
            above = state << HALF
            if kids[each] == _NONE:
                states[child] = above + i64(self._numbers[begin])
            elif end - begin == 1:
                states[child] = above + LEAF + self._add_tail(begin, depth + 1)
            else:
                states[child] = above
                self._push(child, begin, end, depth + 1)
            each += 1

    def _behind(self, code: i64, at: i64, behind: i64, depth: i64) -> i64:
        """Return the first form after ``at`` whose letter at ``depth`` is another than ``code``."""
        forms = self._forms
        low = at
        step: i64 = 1
        while low + step < behind and ord(forms[low + step][depth]) == code:
            low += step
            step *= 2
        high = min(low + step, behind)
        while high - low > 1:
            middle = (low + high) >> 1
            if ord(forms[middle][depth]) == code:
                low = middle
            else:
                high = middle
        return high

    def _place_for(self, kids: vec[i64]) -> i64:
        """Return a base from which every child has a free place.

        Who has as many children looks on where the last one found its place; what it leaves free is taken by those
        with fewer.
        """
        count: i64 = len(kids)
        kind = min(count, _MANY)
        place = self._cursors[kind]
        while True:
            while place < len(self._states) and self._states[place] != _FREE:
                place += 1
            if place == len(self._states):
                self._extend()
            base = place ^ kids[0]
            if self._is_free(base, kids):
                self._cursors[kind] = place
                return base
            place += 1

    def _is_free(self, base: i64, kids: vec[i64]) -> bool:
        return all(self._states[base ^ label] == _FREE for label in kids)

    def _extend(self) -> None:
        states = self._states
        size: i64 = len(states)
        if size + self._most > self._most_states:
            raise SnapshotError(
                f"The catalogue's names need more than {self._most_states:,} states.",
                remedy="Leave out names that few look for.",
            )
        added = min(max(self._most, size >> 4 & -self._most), self._most_states - size & -self._most)
        while added > 0:
            states = append(states, _FREE)
            added -= 1
        self._states = states

    def _add_tail(self, form: i64, depth: i64) -> i64:
        """Add what a form has behind ``depth`` letters to the tails, and return where it begins there."""
        tails = self._tails
        place: i64 = len(tails)
        if place >= self._most_tails:
            raise SnapshotError(
                f"The catalogue's names are longer than {self._most_tails:,} bytes together.",
                remedy="Leave out names that few look for.",
            )
        tails.write(self._forms[form][depth:].encode("utf-8", "surrogatepass"))
        tails.append(END_OF_TAIL)
        number: i64 = self._numbers[form]
        write_i32_le(tails, i32(number if number < LEAF else number - (LEAF << 1)))
        return place


def _bytes_of(typecode: str, numbers: memoryview) -> bytes:
    """Return numbers of this machine, little-endian."""
    if sys.byteorder == "little":
        return numbers.tobytes()
    swapped = array(typecode, numbers.tobytes())
    swapped.byteswap()
    return swapped.tobytes()
