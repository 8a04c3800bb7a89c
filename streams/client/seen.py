"""Telling duplicates: at-least-once delivery gives an article again, with the same id."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

__all__ = ["MOST_SEEN", "Seen"]

MOST_SEEN: Final = 100_000
"""Ids that are remembered; about 15 MB."""


class Seen:
    """The ids of the latest events.

    Args:
        most: So many are remembered.
    """

    def __init__(self, *, most: int = MOST_SEEN) -> None:
        self._most = most
        self._ids: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, event_id: object) -> bool:
        return event_id in self._ids

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, event_id: str) -> bool:
        """Remember an id; return whether it was new."""
        if event_id in self._ids:
            self._ids.move_to_end(event_id)
            return False
        self._ids[event_id] = None
        if len(self._ids) > self._most:
            self._ids.popitem(last=False)
        return True
