"""What a fault is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from chaos.world import World

__all__ = ["Fault"]


def _nothing(_: World) -> None:
    pass


def _possible() -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong, and how it is put right.

    Attributes:
        name: Its name.
        about: What happens, for the table of results.
        inject: Makes it happen.
        heal: Puts it right.
        hold: Seconds in between.
        nodes: Brokers that it needs.
        alone: Whether it needs a broker that is the only one.
        hides_changes: Whether workers may use a version of the catalogue that was replaced meanwhile.
        codes: Codes of the dead letters that it explains.
        may_vanish: Whether Kafka drops raw records.
        prepare: Done before the workers start.
        kind: What it is a fault of; of one kind, only one happens at a time.
        why_not: Says why it cannot be injected here; None where it can.
    """

    name: str
    about: str
    inject: Callable[[World], None]
    heal: Callable[[World], None] = _nothing
    hold: float = 0.0
    nodes: int = 1
    alone: bool = False
    hides_changes: bool = False
    codes: frozenset[str] = frozenset()
    may_vanish: bool = False
    prepare: Callable[[World], None] = _nothing
    kind: str = ""
    why_not: Callable[[], str | None] = _possible
