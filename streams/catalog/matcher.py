"""The automaton that finds every form in a text: the one module that knows which library builds it.

daachorse's character-wise automaton is a trie in a double array with links for the case that no letter fits. Linking
follows texts through the trie alone (`streams.linking.trie`), in the bytes that the library serialises; their layout is
the same in all its versions from 1.0 to 4.0, and is checked here. The number of states, with which they begin, is kept
at their end: where the states come first, no line of the processor's cache divides one, and they can be read in place.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from daachorse import CharwiseDoubleArrayAhoCorasick

from streams.catalog.view import Automaton
from streams.errors import SnapshotError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["build_automaton", "load_automaton"]

_COUNT: Final = struct.Struct("<I")
_STATE_BYTES: Final = 16
_LABEL_BYTES: Final = 4
_OUTPUT_BYTES: Final = 12
# Behind the outputs: the kind of match, and how many states are in use; what follows is the library's own.
_TAIL: Final = struct.Struct("<BI")
_OVERLAPPING: Final = 0


def build_automaton(forms: Sequence[str]) -> bytes:
    """Build an automaton over ``forms``, which are distinct and not empty.

    Cost: for a million forms about 7 seconds and 1.5 GB while it builds.
    """
    made = CharwiseDoubleArrayAhoCorasick(forms if isinstance(forms, list) else list(forms)).serialize()
    return b"".join((memoryview(made)[_COUNT.size :], made[: _COUNT.size]))


def load_automaton(
    data: bytes | memoryview,
    *,
    numbers: Sequence[int] = (),
    keep: Callable[[bytes | memoryview], bytes] = bytes,
) -> Automaton:
    """Load what `build_automaton` made.

    Args:
        data: The automaton.
        numbers: The number in the view of each form, in the order in which they were given; none where it is its place.
        keep: Makes of ``data`` what is kept: the same bytes.

    Raises:
        SnapshotError: The bytes are not an automaton of this layout.
    """
    try:
        states = _COUNT.unpack_from(data, len(data) - _COUNT.size)[0]
        labels = states * _STATE_BYTES + _COUNT.size
        letters = _COUNT.unpack_from(data, labels - _COUNT.size)[0]
        outputs = labels + letters * _LABEL_BYTES + 2 * _COUNT.size
        forms = _COUNT.unpack_from(data, outputs - _COUNT.size)[0]
        kind, used = _TAIL.unpack_from(data, outputs + forms * _OUTPUT_BYTES)
    except struct.error as exc:
        raise _refused(str(exc)) from exc
    if kind != _OVERLAPPING or not 0 < used <= states:
        raise _refused("its parts do not fit each other")
    return Automaton(keep(data), labels, letters, outputs, numbers)


def _refused(why: str) -> SnapshotError:
    return SnapshotError(f"The snapshot's automaton cannot be loaded: {why}.", remedy="Compile the snapshot anew.")
