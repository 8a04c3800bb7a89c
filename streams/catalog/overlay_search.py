"""What texts are searched for beside the snapshot: automata over forms that it does not hold.

An automaton cannot grow, so new forms get one of their own, and those of a few small ones are laid into a larger one,
up to a size: each form is laid into an automaton a few times at most, however many come, and few are searched. Building
one is the library's own work, while which other threads go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from streams.catalog.matcher import build_automaton, load_automaton

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from streams.catalog.view import Automaton

__all__ = ["Search"]

_SMALL: Final = 256
_SHARE: Final = 4
_MOST: Final = 8_000
"""Forms of one automaton: building one of these takes 0.1 s."""


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
        parts = list(self._parts)
        while len(parts) > 0 and _is_laid_into(len(parts[-1].forms), len(new)):
            new += filter(is_used, parts.pop().forms)
        new.sort()
        for start in range(0, len(new), _MOST):
            some = new[start : start + _MOST]
            automaton = load_automaton(build_automaton([text(form) for form in some]), numbers=some)
            parts.append(_Part(automaton, some, frozenset(some)))
        return Search(tuple(parts))

    @property
    def automata(self) -> tuple[Automaton, ...]:
        """What finds the forms."""
        return tuple(part.automaton for part in self._parts)


def _is_laid_into(size: int, new: int) -> bool:
    return size <= max(_SMALL, _SHARE * new) and size + new <= _MOST
