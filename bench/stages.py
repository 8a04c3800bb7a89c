"""Where the time of a linked article goes: timers laid around the linker's own functions while it runs.

The linker is measured as it is, so no stage can be flattered by a cache that another one filled. A timer costs about
0.5 µs a call, which counts as the time of whoever called. A function that the linker no longer has is left out.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["STAGES", "StageTimes", "timed"]

STAGES: Final = {
    "fold, junk": ("streams.linking.text", ("fold", "junk_spans")),
    "language": ("streams.linking.enrich", ("detect_language",)),
    "tag": ("streams.linking.enrich", ("tag",)),
    "names": ("streams.linking.enrich", ("find_names",)),
    "decide": ("streams.linking.enrich", ("decide",)),
    "salience": ("streams.linking.enrich", ("salience",)),
    "mentions": ("streams.linking.enrich", ("_mention",)),
    "entities": ("streams.linking.enrich", ("_entities",)),
    "unlinked": ("streams.linking.enrich", ("unlinked_names", "found_names")),
    "features": ("streams.linking.disambiguate", ("prepare",)),
    "score": ("streams.linking.disambiguate", ("score",)),
    "antecedents": ("streams.linking.disambiguate", ("give_antecedents", "mark_uncatalogued")),
    "evidence": ("streams.linking.disambiguate", ("gather",)),
    "select": ("streams.linking.disambiguate", ("_select",)),
}
"""By stage: the module that calls its functions, and the names under which it does."""


class StageTimes:
    """Nanoseconds by stage, without what the stages inside took.

    Args:
        clock: Nanoseconds.
    """

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self.own: dict[str, int] = {}
        self._inside: list[int] = []

    def wrap(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``function`` with a timer around it."""
        clock, own, inside = self._clock, self.own, self._inside

        def timer(*args: Any, **options: Any) -> Any:
            inside.append(0)
            began = clock()
            try:
                return function(*args, **options)
            finally:
                took = clock() - began
                own[stage] = own.get(stage, 0) + took - inside.pop()
                if len(inside) > 0:
                    inside[-1] += took

        return timer


@contextmanager
def timed(clock: Callable[[], int]) -> Iterator[StageTimes]:
    """Time the stages of everything that is linked inside, by a ``clock`` of nanoseconds."""
    times = StageTimes(clock)
    before: list[tuple[Any, str, Any]] = []
    for stage, (module_name, names) in STAGES.items():
        module = sys.modules.get(module_name) or import_module(module_name)
        for name in names:
            function = getattr(module, name, None)
            if function is not None:
                before.append((module, name, function))
                setattr(module, name, times.wrap(stage, function))
    try:
        yield times
    finally:
        for module, name, function in before:
            setattr(module, name, function)
