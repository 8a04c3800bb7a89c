"""Whether linking has changed against its own recent past: links an article, and the share of names without a link.

A catalogue that lost its names, a feed in a language that nobody catalogued, or a broken folding shows here first:
articles still come out, and nothing fails.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["LEAST", "PAST", "RECENT", "Counts", "Drift", "Signal", "compare"]

RECENT: Final = 300.0
"""How far back what counts as recent begins, in seconds."""

PAST: Final = 3_600.0
"""How far back the past begins that it is compared with, in seconds."""

LEAST: Final = 50
"""Articles that each of the two must have before anything is said."""

_STEP: Final = 10.0


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted in a stretch of time.

    Attributes:
        articles: Enriched articles.
        mentions: Their mentions.
        links: Mentions that are linked.
    """

    articles: int = 0
    mentions: int = 0
    links: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.articles + other.articles, self.mentions + other.mentions, self.links + other.links)


@dataclass(frozen=True, slots=True)
class Signal:
    """A rate, now and before.

    Attributes:
        recent: Of the last minutes.
        past: Of the hour before them.
    """

    recent: float
    past: float

    @property
    def drift(self) -> float:
        """The change as a share of the past: 0 is none, -0.5 is half as much; 0 where the past was 0 too."""
        if self.past > 0:
            return self.recent / self.past - 1
        return 0.0 if self.recent == 0 else 1.0


def compare(recent: Counts, past: Counts, *, least: int = LEAST) -> dict[str, Signal]:
    """Return the signals by name: ``link_rate``, links an article, and ``nil_rate``, mentions without a link.

    Args:
        recent: What was counted lately.
        past: What was counted before.
        least: Articles that each must have; with fewer, there is no signal.
    """
    if min(recent.articles, past.articles) < least:
        return {}
    signals = {"link_rate": Signal(recent.links / recent.articles, past.links / past.articles)}
    if min(recent.mentions, past.mentions) > 0:
        signals["nil_rate"] = Signal(1 - recent.links / recent.mentions, 1 - past.links / past.mentions)
    return signals


class Drift:
    """Keeps an hour of counts, in steps of ten seconds."""

    def __init__(self) -> None:
        self._steps: deque[tuple[float, Counts]] = deque()

    def count(self, now: float, *, articles: int, mentions: int, links: int) -> None:
        """Count the articles of a batch.

        Args:
            now: Seconds of a monotonic clock.
            articles: How many there are.
            mentions: How many mentions they have.
            links: How many of these are linked.
        """
        counts = Counts(articles, mentions, links)
        if len(self._steps) > 0 and now - self._steps[-1][0] < _STEP:
            began, before = self._steps[-1]
            self._steps[-1] = (began, before + counts)
        else:
            self._steps.append((now, counts))
            while now - self._steps[0][0] > PAST + _STEP:
                self._steps.popleft()

    def signals(self, now: float) -> dict[str, Signal]:
        """Return the signals at ``now``, in seconds of the same clock; none where there is too little to compare."""
        ages = [(now - began, counts) for began, counts in list(self._steps)]
        recent = _sum(counts for age, counts in ages if age <= RECENT)
        past = _sum(counts for age, counts in ages if RECENT < age <= PAST)
        return compare(recent, past)


def _sum(many: Iterable[Counts]) -> Counts:
    total = Counts()
    for counts in many:
        total += counts
    return total
