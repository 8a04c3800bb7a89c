"""The automaton that finds every form in a text, as bytes: how they are made, and checked before they are read.

Linking lays it out (`streams.linking.trie_build`) and reads it in place (`streams.linking.trie`). States come first, so
that no line of the processor's cache divides one; how many there are of each part stands at the end.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from streams.catalog.view import Automaton
from streams.errors import SnapshotError
from streams.linking.trie import STATE
from streams.linking.trie_build import TrieBuilder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["build_automaton", "load_automaton"]

# States, labels, bytes of the tails, and what tells that this is an automaton.
_END: Final = struct.Struct("<III4s")
_MARK: Final = b"trie"
_LABEL: Final = 4
# So many nodes take about a millisecond, after which another thread may go on.
_AT_ONCE: Final = 500


def build_automaton(forms: Sequence[str], *, numbers: Sequence[int] = ()) -> bytes:
    """Build an automaton over ``forms``.

    Cost: for a million forms about 2 seconds, ten times that where linking is interpreted, and 100 MB while it builds.

    Args:
        forms: Distinct and not empty, in any order.
        numbers: The number of each, of 32 bits; its place in ``forms`` where there are none.

    Raises:
        SnapshotError: They are too many, or too long together.
    """
    order = sorted(range(len(forms)), key=forms.__getitem__)
    builder = TrieBuilder([forms[at] for at in order], order if len(numbers) == 0 else [numbers[at] for at in order])
    while builder.build(_AT_ONCE):
        pass
    states, labels, tails = builder.parts()
    return b"".join((states, labels, tails, _END.pack(len(states) // STATE, len(labels) // _LABEL, len(tails), _MARK)))


def load_automaton(data: bytes | memoryview, *, keep: Callable[[bytes | memoryview], bytes] = bytes) -> Automaton:
    """Load what `build_automaton` made.

    Args:
        data: The automaton.
        keep: Makes of ``data`` what is kept: the same bytes.

    Raises:
        SnapshotError: The bytes are not an automaton of this layout.
    """
    try:
        states, letters, tails, mark = _END.unpack_from(data, len(data) - _END.size)
    except struct.error as exc:
        raise _refused(str(exc)) from exc
    labels = states * STATE
    if mark != _MARK or states == 0 or labels + letters * _LABEL + tails + _END.size != len(data):
        raise _refused("its parts do not fit each other")
    return Automaton(keep(data), labels, letters, labels + letters * _LABEL)


def _refused(why: str) -> SnapshotError:
    return SnapshotError(f"The snapshot's automaton cannot be loaded: {why}.", remedy="Compile the snapshot anew.")
