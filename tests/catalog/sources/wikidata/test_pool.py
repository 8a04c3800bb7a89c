"""Blocks to results on several processes."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from streams.catalog.sources.wikidata.dump import Block, Place
from streams.catalog.sources.wikidata.options import ImportOptions
from streams.catalog.sources.wikidata.pool import parsed
from streams.errors import InputError
from tests.catalog.sources.wikidata.items import dump_of, item

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANY = ImportOptions(min_sitelinks=0)


def _blocks(count: int, taken: list[int] | None = None) -> Iterator[Block]:
    for number in range(count):
        if taken is not None:
            taken.append(number)
        # The first one takes longest, and is still the first to come out.
        data = dump_of(*[item(number * 1_000 + at) for at in range(1, 300 if number == 0 else 3)])
        yield Block(Place(number, number + 1, 0, 0), Place(number + 1, number + 2, 0, 0), data, 0)


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_blocks(jobs: int) -> None:
    found = [(block.place.block, result.counts["candidates"]) for block, result in parsed(_blocks(12), _ANY, jobs=jobs)]
    assert found == [(0, 299)] + [(number, 2) for number in range(1, 12)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_reader_raises_comes_after_the_blocks_before_it(jobs: int) -> None:
    def failing() -> Iterator[Block]:
        yield from _blocks(3)
        raise InputError("The disk is on fire.")

    found = []
    with pytest.raises(InputError, match="on fire"):
        found.extend(parsed(failing(), _ANY, jobs=jobs))
    assert len(found) <= 3


def test_blocks_are_read_no_further_ahead_than_they_are_used() -> None:
    taken: list[int] = []
    results = parsed(_blocks(10_000, taken), _ANY, jobs=1)
    for _ in range(3):
        next(results)
    results.close()  # type: ignore[attr-defined]
    assert len(taken) < 12


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="workers are looked up in /proc")
def test_a_worker_that_is_killed_is_an_error() -> None:
    def workers() -> set[int]:
        pid = os.getpid()
        found = {int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
        return {each for each in found if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()}

    before = workers()
    results = parsed(_blocks(10_000), _ANY, jobs=2)
    next(results)
    for worker in workers() - before:
        os.kill(worker, signal.SIGKILL)
    with pytest.raises(InputError, match=r"A worker process ended while it had lines \d+ to \d+"):
        for _ in results:
            pass
    assert workers() == before
