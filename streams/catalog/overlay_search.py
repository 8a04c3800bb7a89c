"""What texts are searched for beside the snapshot: automata over forms that it does not hold.

An automaton cannot grow, so new forms get one of their own, and those of a few small ones are laid into a larger one,
up to a size, and of many large ones the smallest into one: each form is laid into an automaton a few times at most,
however many come, and few are searched.

Forms of an automaton are kept in the order of their texts, so that laying some together sorts nothing anew: to sort
many is one step of the interpreter, for which the loop of a worker would wait.
"""

from __future__ import annotations

from heapq import merge
from typing import TYPE_CHECKING, Final, NamedTuple

from streams.catalog.matcher import build_automaton, load_automaton

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from streams.catalog.view import Automaton

__all__ = ["Search"]

_SMALL: Final = 256
_SHARE: Final = 4
_MOST: Final = 64_000
"""Forms of one automaton, unless there are many large ones: to build one of so many takes a tenth of a second or two,
and their changes are seen so much later; where linking is interpreted it is a second."""
_LARGE: Final = _MOST // _SHARE
"""Forms from which an automaton is large: it takes as many new ones to make another."""
_FEW: Final = 4
"""Large automata, each of which costs every article a little; of more, the two smallest become one."""


class _Part(NamedTuple):
    automaton: Automaton
    forms: list[int]
    known: frozenset[int]


class Search:
    """Automata over some forms; it never changes.

    Args:
        parts: The automata.
    """

    __slots__ = ("_parts",)

    def __init__(self, parts: tuple[_Part, ...] = ()) -> None:
        self._parts = parts

    def with_forms(
        self, forms: Collection[int], *, text: Callable[[int], str], is_used: Callable[[int], bool]
    ) -> Search:
        """Return a search that finds ``forms`` as well.

        Args:
            forms: Numbers of forms; some may be found already.
            text: Gives the form with a number.
            is_used: Whether a form is still anybody's; one that is not may be left out.
        """
        new = [form for form in forms if not any(form in part.known for part in self._parts)]
        if len(new) == 0:
            return self
        parts, runs = list(self._parts), [sorted(new, key=text)]
        while len(parts) > 0 and _is_laid_into(len(parts[-1].forms), sum(map(len, runs))):
            runs.append(list(filter(is_used, parts.pop().forms)))
        together = _merged(runs, text)
        parts += (_part(together[start : start + _MOST], text) for start in range(0, len(together), _MOST))
        while len(large := [part for part in parts if len(part.forms) >= _LARGE]) > _FEW:
            smallest = sorted(large, key=lambda part: len(part.forms))[:2]
            together = _merged([list(filter(is_used, part.forms)) for part in smallest], text)
            # In front, where the small ones of the next changes are not laid into it.
            parts = [part for part in parts if part not in smallest]
            if len(together) > 0:
                parts.insert(0, _part(together, text))
        return Search(tuple(parts))

    @property
    def automata(self) -> tuple[Automaton, ...]:
        """What finds the forms."""
        return tuple(part.automaton for part in self._parts)


def _merged(runs: list[list[int]], text: Callable[[int], str]) -> list[int]:
    return runs[0] if len(runs) == 1 else list(merge(*runs, key=text))


def _part(forms: list[int], text: Callable[[int], str]) -> _Part:
    return _Part(
        load_automaton(build_automaton([text(form) for form in forms], numbers=forms)), forms, frozenset(forms)
    )


def _is_laid_into(size: int, new: int) -> bool:
    return size <= max(_SMALL, _SHARE * new) and (size < _LARGE or size + new <= _MOST)
