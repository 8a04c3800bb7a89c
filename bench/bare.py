"""The bare matcher: the library that built a catalogue's automaton, finding every occurrence of every form."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from daachorse import CharwiseDoubleArrayAhoCorasick

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.catalog.view import CatalogView

__all__ = ["bare_scan"]

_STATE_BYTES = 16


def bare_scan(view: CatalogView) -> Callable[[str], list[tuple[int, int, int]]]:
    """Return the library's own search over the forms of ``view``, which is a snapshot."""
    automaton = view.automata[0]
    states = automaton.labels // _STATE_BYTES
    return CharwiseDoubleArrayAhoCorasick.deserialize(struct.pack("<I", states) + automaton.data).find_overlapping
