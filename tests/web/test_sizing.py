"""What a rate asks for."""

from __future__ import annotations

import pytest

from streams.web.board import Board
from streams.web.sizing import BUSY, LEAST_PARTITIONS, Cost, load_cost, needed
from tests.support.web import GROUP, NOW, lag


@pytest.mark.parametrize(
    ("rate", "article_us", "cores", "workers", "partitions"),
    [
        (0.0, 5_000.0, 0.0, 1, LEAST_PARTITIONS),
        (1.0, 5_000.0, 0.005, 1, LEAST_PARTITIONS),
        # Exactly half of a core is one worker's, and a hair more is two workers'.
        (100.0, 5_000.0, 0.5, 1, LEAST_PARTITIONS),
        (101.0, 5_000.0, 0.505, 2, LEAST_PARTITIONS),
        (10_000.0, 200.0, 2.0, 4, LEAST_PARTITIONS),
        (10_000.0, 5_000.0, 50.0, 100, 256),
    ],
)
def test_workers_are_half_busy_and_half_of_the_partitions_are_spare(
    rate: float, article_us: float, cores: float, workers: int, partitions: int
) -> None:
    need = needed(rate, article_us)
    assert (need.cores, need.workers, need.partitions) == (pytest.approx(cores), workers, partitions)
    assert need.cores <= need.workers * BUSY
    assert need.partitions >= 2 * need.workers


def test_the_newest_record_says_what_an_article_costs() -> None:
    cost = load_cost()
    assert 10 < cost.article_us < 100_000
    assert cost.names == 1_000_000
    assert cost.chars > 500


def test_the_page_is_told_what_the_present_rate_asks_for() -> None:
    board = Board(GROUP, cost=Cost(1_000_000.0, 100, 5, "2026-11-24"))
    assert board.live()["sizing"] is None
    board.take_lag(lag(NOW), now=NOW)
    arriving = board.live()["sample"][3]
    found = board.live()["sizing"]
    # A second of a core for each: as many cores as articles a second, and twice as many workers.
    assert found["cores"] == pytest.approx(arriving, abs=0.01)
    assert found["workers"] == pytest.approx(2 * arriving, abs=1)
    assert found["most"] == 0.5
    assert found["measured"]["date"] == "2026-11-24"
