"""Intentions to replay letters: whose a letter is where two replay at once, and for how long an intention holds.

Each reads the marks before it writes its intentions, and once more after that: a letter is of the one whose intention
stands first. An intention that was there before may be one of a process that is alive, so others give it `MAY_RUN`
before they act on it, and whoever takes longer writes it anew in time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from streams.replay.letters import Letter
    from streams.replay.marks import Mark
    from streams.replay.marks_log import MarksLog

__all__ = ["MAY_RUN", "Intentions"]

MAY_RUN: Final = 5.0
"""Seconds for which whoever has an intention may be carrying it out."""

_HOLDS: Final = 2.0  # seconds after which it is written anew, well before others act on it


class Intentions:
    """The intentions of one round.

    Args:
        log: The marks.
        begin: Returns the intention for a letter.
        clock: Monotonic time in seconds.
    """

    def __init__(self, log: MarksLog, begin: Callable[[Letter], Mark], *, clock: Callable[[], float]) -> None:
        self._log = log
        self._begin = begin
        self._clock = clock
        self._first: dict[str, int] = {}
        self._mine: set[str] = set()
        self._since = clock()

    @property
    def is_old(self) -> bool:
        """Whether they are to be written anew before anything else is done about their letters."""
        return self._clock() - self._since > _HOLDS

    def declare(self, letters: Iterable[Letter]) -> None:
        """Write intentions for those of some letters that are free, for the first time or anew.

        Raises:
            BrokerError: Kafka does not take it.
        """
        if self._clock() - self._since >= MAY_RUN:
            self._first.clear()  # others may have acted on what was written before: nobody counts on it any more
        self._log.connect()
        self._log.follow()
        free = [letter for letter in letters if not self._is_taken(letter.id)]
        self._since = self._clock()
        for letter_id, offset in self._log.put(*(self._begin(letter) for letter in free)).items():
            self._first.setdefault(letter_id, offset)
        self._log.follow()
        self._mine = {letter.id for letter in free if not self._is_taken(letter.id)}
        self._log.restore(letter.id for letter in free if letter.id not in self._mine)

    def has(self, letter: Letter) -> bool:
        """Whether a letter is ours."""
        return letter.id in self._mine

    def _is_taken(self, letter_id: str) -> bool:
        return self._log.is_taken(letter_id, before=self._first.get(letter_id))
