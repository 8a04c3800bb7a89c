"""What a catalogue costs by its size: Redis, building, loading, the memory of workers, and the speed of linking.

Two catalogues are measured: the real entities of the optional data folder, and a million entities with three million
names grown from them. Everything is measured in processes of its own, times of the processor beside those of the wall.
"""

from __future__ import annotations

import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson

from bench.catalogues import CACHE, UNION, compiled, digest_of, grown, real
from bench.inputs import stream
from bench.process import Running, wait_until
from bench.rows import Row
from bench.whole import whole_workers
from streams.catalog.compile import Compiled
from streams.catalog.names import NO_SURFACE
from streams.catalog.publish import fetch, store_snapshot
from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.snapshot import open_snapshot
from streams.catalog.snapshot_format import parse
from streams.catalog.sources.jsonl import read_entities
from streams.embedded.redis_ import redis_url, start_redis
from streams.events.entity import encode_entity
from streams.linking.enrich import link_article
from streams.settings import RedisSettings
from streams.workers.memory import settle_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.rows import Config, Figure
    from streams.catalog.view import CatalogView

__all__ = ["sizes"]

_ENTITIES: Final = 1_000_000
_SMALL: Final = 100_000
_PATIENCE: Final = 3_600.0
_ARTICLES: Final = 120


def sizes(config: Config) -> Iterator[Row]:
    """Measure each catalogue in turn; without the data folder there is nothing to grow one from."""
    if not real():
        yield Row("sizes", "real names", {"note": "the optional data folder is not present"})
        return
    views: dict[str, CatalogView] = {"100,000 names": open_snapshot(compiled("grown", _SMALL))}
    sources = {"real": UNION} if config.quick else {"real": UNION, "million": _million()}
    snapshots: dict[str, tuple[Path, Path]] = {}
    for name, source in sources.items():
        case = {"real": "133,007 real entities"}.get(name, "a million entities")
        snapshot, built = _built(name, source)
        snapshots[case] = source, snapshot
        names = int(built.pop("names"))
        yield Row("sizes-content", case, _content(snapshot, names))
        yield Row("sizes-building", case, {figure: round(value, 1) for figure, value in built.items()})
        yield from _loaded(config, case, snapshot, names)
        views[case] = open_snapshot(snapshot)
    yield from _speed(config, views)
    for case, (source, snapshot) in snapshots.items():
        yield from _in_redis(case, source, snapshot)


def _built(name: str, source: Path) -> tuple[Path, dict[str, float]]:
    """Return the snapshot of ``source`` and what building it took; both are kept, since the larger takes minutes."""
    snapshot = CACHE / f"sizes-{name}-{digest_of('grown', name)}.snapshot"
    figures = snapshot.with_suffix(".json")
    if not snapshot.exists() or not figures.exists():
        with Running(["-m", "bench.holding", "build", str(source), str(snapshot)], CACHE / "build.log") as running:
            wait_until(lambda: not running.is_alive, within=_PATIENCE)
            figures.write_bytes(running.log.read_bytes())
    return snapshot, orjson.loads(figures.read_bytes())


def _million() -> Path:
    path = CACHE / f"grown-{_ENTITIES}.jsonl"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            # Names enough not to be what ends it.
            file.writelines(encode_entity(entity) + b"\n" for entity in islice(grown(100 * _ENTITIES), _ENTITIES))
        part.rename(path)
    return path


def _content(path: Path, names: int) -> dict[str, Figure]:
    data = memoryview(path.read_bytes())
    header, sections = parse(data, str(path))
    sizes_ = {name: len(section) / 1e6 for name, section in sections.items()}
    # A key is nobody's spelling; every posting of a form that is one says so.
    first, surface = sections["form_at"].cast("I"), sections["surface"].cast("I")
    of_keys = sum(surface[at] == NO_SURFACE for at in first[:-1])
    return {
        "entities": header.entities,
        "names": names,
        "forms": header.forms,
        "of_them_variant_keys": of_keys,
        "postings": header.postings,
        "snapshot_mb": round(len(data) / 1e6, 1),
        "automaton_mb": round(sizes_["automaton"], 1),
        "columns_mb": round(sum(sizes_[name] for name in ("form_at", "entity", "surface", "count", "language")), 1),
        "documents_mb": round(sizes_["document"] + sizes_["document_at"], 1),
    }


def _loaded(config: Config, case: str, snapshot: Path, names: int) -> Iterator[Row]:
    """Load the snapshot in a process of its own, in two that know nothing of each other, and in a parent's children."""
    runs = 3 if config.quick else 5
    with tempfile.TemporaryDirectory() as name:
        log = Path(name) / "hold.log"
        with _holding("-", 0, log) as bare:
            empty = bare.memory()
        opened = []
        for _ in range(runs):
            with _holding(str(snapshot), 0, log) as running:
                opened.append(_said(running))
                one = running.memory()
        opened.sort(key=lambda figures: figures["open_cpu_s"])
        walls = sorted(figures["open_s"] for figures in opened)
        yield Row(
            "sizes-loading",
            case,
            {
                "cpu_s": round(opened[runs // 2]["open_cpu_s"], 2),
                "wall_s": round(walls[runs // 2], 2),
                "least_wall_s": round(walls[0], 2),
                "runs": runs,
            },
        )
        with _holding(str(snapshot), 0, log) as first, _holding(str(snapshot), 0, Path(name) / "other.log") as second:
            apart = first.memory() + second.memory()
        with _holding(str(snapshot), 2, log) as family:
            together = family.memory()
        yield Row(
            "sizes-memory",
            case,
            {
                "without_mb": round(empty, 1),
                "one_worker_mb": round(one, 1),
                "mb_per_million_names": round((one - empty) / names * 1e6, 1),
                "two_processes_mb": round(together, 1),
                "two_to_one": round(together / one, 2),
                "two_apart_mb": round(apart, 1),
                "two_apart_to_one": round(apart / one, 2),
            },
        )


def _in_redis(case: str, source: Path, snapshot: Path) -> Iterator[Row]:
    """Import ``source``, store the snapshot that was built of it, and run workers on it."""
    with tempfile.TemporaryDirectory() as name, start_redis(Path(name) / "redis") as server:
        settings = RedisSettings(url=redis_url(server))
        store = RedisStore(connect(settings, timeout=600.0))
        wall, cpu, empty = time.perf_counter(), time.process_time(), _used(store)
        store.put_many(read_entities(source))
        imported, of_import = time.perf_counter() - wall, time.process_time() - cpu
        catalogue = _used(store) - empty
        compiled_ = Compiled(open_snapshot(snapshot).header, [snapshot.read_bytes()])
        wall = time.perf_counter()
        stored = store_snapshot(store, compiled_)
        figures: dict[str, Figure] = {
            "import_s": round(imported, 1),
            "import_cpu_s": round(of_import, 1),
            "store_snapshot_s": round(time.perf_counter() - wall, 1),
            "catalogue_mb": round(catalogue, 1),
            "snapshot_mb": round(_used(store) - empty - catalogue, 1),
            "chunks": stored.chunks,
        }
        wall, cpu = time.perf_counter(), time.process_time()
        # What a worker of a host without a copy does before it loads.
        size = sum(map(len, fetch(store, stored)))
        figures["fetch_s"] = round(time.perf_counter() - wall, 2)
        figures["fetch_mb_per_s"] = round(size / 1e6 / (time.perf_counter() - wall), 1)
        yield Row("sizes-redis", case, figures)
        yield Row("sizes-whole", case, whole_workers(settings))
        store.client.close()


def _used(store: RedisStore) -> float:
    return float(store.client.info("memory")["used_memory"]) / 1e6


def _speed(config: Config, views: dict[str, CatalogView]) -> Iterator[Row]:
    """Link the same articles with each catalogue in turn, again and again: what else runs disturbs all alike."""
    # As in a worker, the collector leaves alone what stays for good.
    settle_memory()
    articles = stream(_ARTICLES)
    times: dict[str, list[float]] = {case: [] for case in views}
    for run in range(config.repeats + 1):
        for case, view in views.items():
            began = time.process_time()
            for article in articles:
                link_article(article, view)
            if run > 0:
                times[case].append((time.process_time() - began) / len(articles))
    medians = {case: sorted(taken)[len(taken) // 2] for case, taken in times.items()}
    first = next(iter(medians.values()))
    for case, median in medians.items():
        mentions = sum(len(link_article(article, views[case]).mentions) for article in articles) / len(articles)
        figures: dict[str, Figure] = {
            "median_us": round(median * 1e6, 1),
            "least_us": round(min(times[case]) * 1e6, 1),
            "to_100_000_names": round(median / first, 3),
            "mentions": round(mentions, 1),
        }
        yield Row("sizes-linking", case, figures)


def _holding(snapshot: str, processes: int, log: Path) -> Running:
    running = Running(["-m", "bench.holding", "hold", snapshot, str(processes)], log)
    wait_until(lambda: b"\n" in log.read_bytes() or not running.is_alive, within=_PATIENCE, every=0.05)
    return running


def _said(running: Running) -> dict[str, float]:
    """Return what the process wrote.

    Raises:
        ValueError: That is no JSON: it failed.
    """
    said: dict[str, float] = orjson.loads(running.log.read_bytes())
    return said
