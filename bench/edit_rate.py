"""Live edits at a rate: an editor in a process of its own, a worker's loop that links beside it, a real Redis.

`python -m bench.edit_rate URL RATE SECONDS` is the editor: it asks for edits in batches, fifty a second, and prints
for each batch when it was asked for and the sequence of its last edit.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from bench.catalogues import generated
from bench.inputs import stream
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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.rows import Config, Figure
    from streams.catalog.store import AnyChange
    from streams.events.article import RawArticle

__all__ = ["edit_rate"]

_ENTITIES: Final = 20_000
_RATE: Final = 1_000
_BATCHES_A_SECOND: Final = 50
_BREATH: Final = 0.02  # as the worker's: seconds of linking after which others have their turn
_ARTICLES_A_BATCH: Final = 256


def _edits(ids: list[str]) -> Iterator[AnyChange]:
    """Names that are added, names that are blocked, and boosts, over all entities alike."""
    random = Random(7)
    number = 0
    while True:
        number += 1
        entity_id = random.choice(ids)
        yield CatalogChange("set", entity_id, entity=Entity(entity_id, "organization", {"en": f"Renamed {number}"}))
        yield CatalogEdit("block", random.choice(ids), alias=f"Renamed {number - 5}")
        yield CatalogEdit("boost", random.choice(ids), alias=f"Renamed {number}", count=7)
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
    """Ask for a thousand edits a second while articles are linked; ten seconds long, with ``--full`` a minute."""
    seconds = 60 if config.full else 10
    with tempfile.TemporaryDirectory() as folder, start_redis(Path(folder)) as server:
        url = redis_url(server)
        with contextlib.closing(connect(RedisSettings(url=url), timeout=30.0)) as client:
            store = RedisStore(client)
            store.put_many(islice(generated(_ENTITIES * 4), _ENTITIES))
            publish(store)
            figures = asyncio.run(_linked(url, Path(folder) / "copies", seconds))
            figures["versions_agree"] = "yes" if figures.pop("version") == store.version() else "no"
    yield Row("edits", f"{_RATE:,} edits a second for {seconds} s", figures)


async def _linked(url: str, folder: Path, seconds: float) -> dict[str, Figure]:
    feed = CatalogFeed(RedisSettings(url=url), folder)
    await feed.start()
    start = feed.state.sequence
    articles = list(stream(200))
    seen: list[tuple[int, float]] = []
    stalls: list[tuple[float, float]] = []
    ticker = asyncio.create_task(_tick(stalls))
    editor = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.edit_rate", url, str(_RATE), str(seconds), stdout=subprocess.PIPE
    )
    reading = asyncio.create_task(editor.communicate())
    linked = 0
    began = time.monotonic()
    while not reading.done() or feed.view.version != (await asyncio.to_thread(_version, url)):
        sequence = feed.state.sequence
        linked += await _batch(articles, feed)
        seen.append((sequence, time.monotonic()))
    took = time.monotonic() - began
    ticker.cancel()
    asked = [line.split() for line in reading.result()[0].decode().splitlines()]
    waits = sorted(_waits([(int(last), float(at)) for at, last in asked], seen))
    version = feed.view.version
    edits = feed.state.sequence - start
    await feed.stop()
    return {
        "edits": edits,
        "edits_per_second": round(edits / (float(asked[-1][0]) - float(asked[0][0])), 1),
        "articles_per_second": round(linked / took, 1),
        "edit_to_link_p50_ms": round(waits[len(waits) // 2] * 1e3, 1),
        "edit_to_link_p99_ms": round(waits[len(waits) * 99 // 100] * 1e3, 1),
        "edit_to_link_most_ms": round(waits[-1] * 1e3, 1),
        "largest_stall_ms": round(max(wall for wall, _ in stalls) * 1e3, 1),
        "largest_stall_cpu_ms": round(max(used for _, used in stalls) * 1e3, 1),
        "stall_p99_ms": round(sorted(wall for wall, _ in stalls)[len(stalls) * 99 // 100] * 1e3, 1),
        "version": version,
    }


def _version(url: str) -> str:
    with contextlib.closing(connect(RedisSettings(url=url))) as client:
        return RedisStore(client).version()


async def _batch(articles: list[RawArticle], feed: CatalogFeed) -> int:
    """Link a batch with one view for a tenth of a second, letting others have their turn; return how many were."""
    view, began = feed.view, time.monotonic()
    breathed, linked = began, 0
    for article in articles[:_ARTICLES_A_BATCH]:
        link_article(article, view)
        linked += 1
        now = time.monotonic()
        if now - breathed > _BREATH:
            await asyncio.sleep(0)
            breathed = time.monotonic()
        if now - began > 0.1:
            break
    await asyncio.sleep(0)
    return linked


async def _tick(stalls: list[tuple[float, float]]) -> None:
    """Note how much later than asked for the loop gives a turn, by the clock on the wall and in time of this process.

    On a machine that others use too, the wall shows mostly how long they kept it.
    """
    while True:
        asked, used = time.monotonic(), time.process_time()
        await asyncio.sleep(0.005)
        stalls.append((max(0.0, time.monotonic() - asked - 0.005), time.process_time() - used))


def _waits(asked: list[tuple[int, float]], seen: list[tuple[int, float]]) -> Iterator[float]:
    """Yield how long after each batch of edits was asked for a batch of articles had been linked with all of it."""
    at = 0
    for last, when in asked:
        while at < len(seen) - 1 and seen[at][0] < last:
            at += 1
        yield seen[at][1] - when


if __name__ == "__main__":
    _edit(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
