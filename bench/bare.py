"""The bare matcher: the library that built a catalogue's automaton, finding every occurrence of every form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daachorse import CharwiseDoubleArrayAhoCorasick

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.catalog.view import CatalogView

__all__ = ["bare_scan"]

_COUNT: Final = 4  # bytes of the number of states, which a snapshot has at the end and the library at the beginning


def bare_scan(view: CatalogView) -> Callable[[str], list[tuple[int, int, int]]]:
    """Return the library's own search over the forms of ``view``, which is a snapshot."""
    data = view.automata[0].data
    return CharwiseDoubleArrayAhoCorasick.deserialize(data[-_COUNT:] + data[:-_COUNT]).find_overlapping
