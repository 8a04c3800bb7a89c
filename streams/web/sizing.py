"""How many workers and partitions a rate asks for, by what an article was measured to cost.

The figures are those of the newest record of the measurements, which ``python -m bench.sizing`` writes beside this
file; `docs/explanation/scaling.md` has the whole model.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

__all__ = ["BUSY", "LEAST_PARTITIONS", "Cost", "Needed", "load_cost", "needed"]

BUSY: Final = 0.5
"""How much of a core a worker should use in the long run, so that it catches up twice as fast as articles arrive."""

LEAST_PARTITIONS: Final = 8
"""Partitions below which there is no point in going: they cost nothing, and cannot be taken back."""

_FILE: Final = "sizing.json"


@dataclass(frozen=True, slots=True)
class Cost:
    """What an article was measured to cost.

    Attributes:
        article_us: Microseconds of processor time of a worker, from Kafka to Kafka.
        chars: Characters of that article.
        names: Names of the catalogue that it was linked with.
        date: When it was measured.
    """

    article_us: float
    chars: int
    names: int
    date: str


@dataclass(frozen=True, slots=True)
class Needed:
    """What a rate asks for.

    Attributes:
        cores: Cores that workers keep busy, all of the time of each counted.
        workers: Worker processes, each of which uses `BUSY` of a core.
        partitions: Partitions of the raw topic, twice as many as workers, so that workers can be added.
    """

    cores: float
    workers: int
    partitions: int


def load_cost() -> Cost:
    """Return what the newest record says."""
    return Cost(**json.loads(files("streams.web").joinpath(_FILE).read_text(encoding="utf-8")))


def needed(rate: float, article_us: float) -> Needed:
    """Return what a rate asks for.

    Args:
        rate: Articles a second.
        article_us: What one costs, in microseconds of processor time.
    """
    cores = max(0.0, rate) * article_us / 1e6
    # A hair above a whole number is rounding, and no worker more.
    workers = max(1, math.ceil(round(cores / BUSY, 6)))
    return Needed(cores, workers, max(LEAST_PARTITIONS, 2 ** math.ceil(math.log2(2 * workers))))
