"""Live edits at a rate: an editor, two workers that link beside it, each a process of its own, and a real Redis.

``python -m bench.edit_rate edit URL RATE SECONDS`` asks for edits in batches, fifty a second, and prints for each batch
when it was asked for and the sequence of its last edit.
``python -m bench.edit_rate link URL FOLDER RATE`` follows the catalogue as a worker does and links short articles at a
rate. It is told on its standard input which version is the last, links until it has it, and writes one line of JSON.
There is no Kafka: what is measured is the loop in which a worker links and what the catalogue's feed does to it.

A stall is how much later than asked for the loop gives a turn, by the clock on the wall; beside it stands the processor
time that the process used between asking and being given the largest, in all of its threads: on a busy machine the rest
is its neighbours'.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from bench.catalogues import generated
from bench.inputs import LANGUAGES, article
from bench.process import memory_of
from bench.rows import Row
from streams.catalog.feed import CatalogFeed
from streams.catalog.publish import publish
from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.store import Request
from streams.embedded.redis_ import redis_url, start_redis
from streams.events.change import CatalogChange
from streams.events.edit import CatalogEdit
from streams.events.entity import Entity
from streams.linking.enrich import link_article
from streams.settings import RedisSettings
from streams.workers.main import TURN
from streams.workers.memory import settle_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.rows import Config, Figure
    from streams.catalog.store import AnyChange

__all__ = ["edit_rate"]

_ENTITIES: Final = 20_000
_RATE: Final = 1_000
_BATCHES_A_SECOND: Final = 50
_SECONDS: Final = 60
_LONG: Final = 0.05
_TICK: Final = 0.005
_BREATH: Final = 0.002  # as the worker's: seconds of linking after which others have their turn
_ARTICLES_A_BATCH: Final = 256
_ARTICLE_BYTES: Final = 400


def _edits(ids: list[str]) -> Iterator[AnyChange]:
    """Names that are added, names that are blocked, and boosts, over all entities alike."""
    random = Random(7)
    number = 0
    while True:
        number += 1
        entity_id = random.choice(ids)
        yield CatalogChange("set", entity_id, entity=Entity(entity_id, "organization", {"en": f"Renamed {number}"}))
        yield CatalogEdit("block", random.choice(ids), alias=f"Renamed {number - 5}")
        yield CatalogEdit("boost", entity_id, alias=f"Renamed {number}", count=7)
        new = f"local:new-{number}"
        yield CatalogChange("set", new, entity=Entity(new, "person", {"en": f"Newcomer {number}"}))


def _edit(url: str, rate: int, seconds: float) -> None:
    store = RedisStore(connect(RedisSettings(url=url), timeout=30.0))
    edits = _edits([entity.id for entity in islice(generated(_ENTITIES * 4), _ENTITIES)])
    size = rate // _BATCHES_A_SECOND
    begin = time.monotonic()
    for number in range(round(seconds * _BATCHES_A_SECOND)):
        time.sleep(max(0.0, begin + number / _BATCHES_A_SECOND - time.monotonic()))
        asked = time.monotonic()
        last = store.apply_many([Request(edit) for edit in islice(edits, size)])[-1]
        sys.stdout.write(f"{asked} {last}\n")


def edit_rate(config: Config) -> Iterator[Row]:
    """Ask for a thousand edits a second for a minute while a thousand articles a second are linked.

    First by two workers that share the articles, then by one. ``--quick`` asks for ten seconds.
    """
    seconds = 10 if config.quick else _SECONDS
    for workers in (2, 1):
        case = f"{_RATE:,} edits a second for {seconds} s, {_RATE:,} articles a second, workers: {workers}"
        yield Row("edits", case, _measured(workers, seconds))


def _measured(count: int, seconds: int) -> dict[str, Figure]:
    with (
        tempfile.TemporaryDirectory() as folder,
        start_redis(Path(folder), persistent=True) as server,
        contextlib.ExitStack() as stack,
    ):
        url = redis_url(server)
        client = stack.enter_context(contextlib.closing(connect(RedisSettings(url=url), timeout=30.0)))
        store = RedisStore(client)
        store.put_many(islice(generated(_ENTITIES * 4), _ENTITIES))
        publish(store)
        start = store.position()[0]
        workers = [
            stack.enter_context(_program("link", url, f"{folder}/copies-{number}", str(_RATE // count)))
            for number in range(count)
        ]
        for worker in workers:
            _line(worker)
        with _program("edit", url, str(_RATE), str(seconds)) as editor:
            asked = [line.split() for line in editor.communicate()[0].splitlines()]
        version = store.version()
        found = [json.loads(worker.communicate(f"{version}\n")[0]) for worker in workers]
        edits = store.position()[0] - start
    batches = [(int(last), float(at)) for at, last in asked]
    waits = sorted(wait for each in found for wait in _waits(batches, each["seen"]))
    stalls = sorted((stall, cpu) for each in found for stall, cpu in each["stalls"])
    # Equal versions are equal records: whoever has the store's has every edit.
    kept = edits if all(each["version"] == version for each in found) else 0
    return {
        "edits_per_second": round(edits / (batches[-1][1] - batches[0][1]), 1),
        "articles_per_second": round(sum(each["linked"] / each["seconds"] for each in found), 1),
        "edit_to_link_p50_ms": round(waits[len(waits) // 2] * 1e3, 1),
        "edit_to_link_p99_ms": round(waits[len(waits) * 99 // 100] * 1e3, 1),
        "edit_to_link_most_ms": round(waits[-1] * 1e3, 1),
        "stall_p99_ms": round(stalls[len(stalls) * 99 // 100][0] * 1e3, 1),
        "largest_stall_ms": round(stalls[-1][0] * 1e3, 1),
        "of_it_own_cpu_ms": round(stalls[-1][1] * 1e3, 1),
        "stalls_over_50_ms": sum(stall > _LONG for stall, _ in stalls),
        "lost": len(batches) * (_RATE // _BATCHES_A_SECOND) - kept,
        "worker_cpu": round(sum(each["cpu"] / each["seconds"] for each in found) / len(found), 2),
        "worker_mb": round(max(each["mb"] for each in found), 1),
    }


@contextlib.contextmanager
def _program(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "bench.edit_rate", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _line(process: subprocess.Popen[str]) -> str:
    return "" if process.stdout is None else process.stdout.readline()


async def _link(url: str, folder: Path, rate: int) -> None:
    feed = CatalogFeed(RedisSettings(url=url), folder)
    await feed.start()
    settle_memory()
    sys.setswitchinterval(TURN)
    articles = [article(LANGUAGES[number % 3], _ARTICLE_BYTES, number=number) for number in range(300)]
    seen: list[tuple[int, float]] = []
    stalls: list[tuple[float, float]] = []
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    ticker = asyncio.create_task(_tick(stalls))
    last = asyncio.create_task(asyncio.to_thread(sys.stdin.readline))
    began, cpu, linked = time.monotonic(), time.process_time(), 0
    while not last.done() or feed.view.version != last.result().strip():
        sequence, view = feed.state.sequence, feed.view
        due = min(_ARTICLES_A_BATCH, round((time.monotonic() - began) * rate) - linked)
        breathed = time.monotonic()
        for number in range(linked, linked + due):
            link_article(articles[number % len(articles)], view)
            if time.monotonic() - breathed > _BREATH:
                await asyncio.sleep(0)
                breathed = time.monotonic()
        linked += max(0, due)
        if due > 0:
            seen.append((sequence, time.monotonic()))
        await asyncio.sleep(0 if due == _ARTICLES_A_BATCH else 0.005)
    took = time.monotonic() - began
    ticker.cancel()
    report = {
        "seen": seen,
        "stalls": stalls,
        "linked": linked,
        "seconds": took,
        "cpu": time.process_time() - cpu,
        "mb": memory_of(os.getpid()),
        "version": feed.view.version,
    }
    await feed.stop()
    sys.stdout.write(json.dumps(report) + "\n")


async def _tick(stalls: list[tuple[float, float]]) -> None:
    """Note how much later than asked for the loop gives a turn, and the processor time used meanwhile."""
    while True:
        asked, cpu = time.monotonic(), time.process_time()
        await asyncio.sleep(_TICK)
        stalls.append((max(0.0, time.monotonic() - asked - _TICK), time.process_time() - cpu))


def _waits(asked: list[tuple[int, float]], seen: list[tuple[int, float]]) -> Iterator[float]:
    """Yield how long after each batch of edits was asked for a batch of articles had been linked with all of it."""
    at = 0
    for last, when in asked:
        while at < len(seen) - 1 and seen[at][0] < last:
            at += 1
        yield seen[at][1] - when


if __name__ == "__main__":
    if sys.argv[1] == "edit":
        _edit(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
    else:
        asyncio.run(_link(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])))
