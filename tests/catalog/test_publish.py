"""Compiling what a store holds, and snapshots in Redis."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from redis.client import Pipeline

from streams.catalog import publish as publish_module
from streams.catalog.folder import SnapshotFolder
from streams.catalog.memory import MemoryStore
from streams.catalog.publish import Published, compile_store, fetch, publish, published, store_snapshot
from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.snapshot import SnapshotView
from streams.errors import ConflictError, SnapshotError, StoreUnavailableError
from streams.events.change import CatalogChange
from streams.events.entity import Entity
from streams.settings import RedisSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.catalog.records import Record


def _entity(number: int) -> Entity:
    return Entity(f"Q{number}", "person", {"en": f"Name {number}"})


class _Busy(MemoryStore):
    """A store that somebody changes while its records are read."""

    def __init__(self, changes: list[CatalogChange]) -> None:
        super().__init__()
        self.changes = changes
        self.readings = 0

    def records(self) -> Iterator[Record]:
        self.readings += 1
        for record in super().records():
            yield record
            if len(self.changes) > 0:
                self.apply(self.changes.pop(0))


@pytest.fixture
def store(redis_url: str) -> Iterator[RedisStore]:
    client = connect(RedisSettings(url=redis_url))
    yield RedisStore(client, buckets=8)
    client.close()


def test_changes_made_while_reading_are_in_the_snapshot() -> None:
    store = _Busy(
        [
            CatalogChange("merge", "Q3", into="Q1"),
            CatalogChange("set", "Q9", entity=_entity(9)),
            CatalogChange("merge", "Q1", into="Q2"),
        ]
    )
    store.put_many(map(_entity, range(1, 6)))
    compiled = compile_store(store)
    assert compiled.header.sequence == store.stats().sequence == 4
    assert compiled.header.version == store.version()
    assert store.readings == 1
    view = SnapshotView(memoryview(b"".join(compiled.pieces)))
    assert sorted(view.records(), key=lambda record: record.id) == list(store.records())


def test_a_store_that_is_imported_all_the_time_is_given_up() -> None:
    class Restless(MemoryStore):
        def records(self) -> Iterator[Record]:
            self.put_many([])
            return super().records()

    with pytest.raises(ConflictError, match="in 5 attempts"):
        compile_store(Restless())


def test_a_build_that_is_removed_while_it_is_compiled_is_left_for_the_live_one() -> None:
    class Removed(MemoryStore):
        readings = 0

        def records(self) -> Iterator[Record]:
            self.readings += 1
            yield from super().records()
            if self.readings == 1:
                self.put_many([_entity(2)])
                raise ConflictError("Build 1 was removed while it was read.")

    store = Removed()
    store.put_many([_entity(1)])
    assert compile_store(store).header.version == store.version()
    assert store.readings == 2


def test_a_published_snapshot_is_fetched_whole(
    store: RedisStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish_module, "CHUNK_BYTES", 1_000)
    assert published(store) == []
    store.put_many(map(_entity, range(1, 50)))
    new = publish(store)
    assert new.chunks > 10
    assert published(store) == [new]
    view = SnapshotFolder(tmp_path).save(fetch(store, new))
    assert (view.version, view.header.sequence) == (store.version(), store.stats().sequence)
    assert store.client.ttl(new.key) == -1


def test_the_one_before_is_kept(store: RedisStore) -> None:
    all_of_them = []
    for number in range(1, 4):
        store.apply(CatalogChange("set", f"Q{number}", entity=_entity(number)))
        all_of_them.append(publish(store))
    assert published(store) == all_of_them[:0:-1]
    assert store.client.exists(*(one.key for one in all_of_them)) == 2


def test_of_two_at_once_neither_is_lost(store: RedisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(store)
    compiled, known = compile_store(store), published(store)
    others: list[Published] = []

    def late(_: RedisStore) -> list[Published]:
        monkeypatch.undo()
        others.append(store_snapshot(store, compiled))
        return known

    monkeypatch.setattr(publish_module, "published", late)
    mine = store_snapshot(store, compiled)
    assert published(store) == [mine, *others]
    keys = {one.key.encode() for one in (mine, *others)}
    assert set(store.client.keys("wasl:snapshot:*")) == keys


def test_a_redis_that_is_full_keeps_no_half_of_a_snapshot(store: RedisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish_module, "CHUNK_BYTES", 1 << 14)
    store.put_many(map(_entity, range(1, 4_000)))
    compiled = compile_store(store)
    used = int(store.client.info("memory")["used_memory"])
    store.client.config_set("maxmemory", used + sum(map(len, compiled.pieces)) // 2)
    try:
        with pytest.raises(StoreUnavailableError, match="Storing a snapshot failed: OutOfMemory"):
            store_snapshot(store, compiled)
        assert store.client.keys("wasl:snapshot:*") == []
    finally:
        store.client.config_set("maxmemory", 0)


def test_a_chunk_that_is_sent_again_is_there_once(
    store: RedisStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish_module, "CHUNK_BYTES", 1_000)
    store.put_many(map(_entity, range(1, 50)))
    rpush = Pipeline.rpush

    def again(pipe: Pipeline, key: str, chunk: bytes) -> Any:
        store.client.rpush(key, chunk)
        return rpush(pipe, key, chunk)

    monkeypatch.setattr(Pipeline, "rpush", again)
    new = publish(store)
    assert store.client.llen(new.key) == new.chunks
    assert SnapshotFolder(tmp_path).save(fetch(store, new)).version == store.version()


@pytest.mark.parametrize("is_done", [False, True])
def test_one_that_is_killed_leaves_nothing_that_stays(
    store: RedisStore, monkeypatch: pytest.MonkeyPatch, is_done: bool
) -> None:
    store.put_many([_entity(1)])
    named = publish(store)
    compiled = compile_store(store)
    names = ("execute_command", "pipeline")
    whole = {name: getattr(store.client, name) for name in names}
    for last in range(1, 20):
        left = [last]

        def die(name: str, left: list[int], *args: Any, **options: Any) -> Any:
            left[0] -= 1
            done = whole[name](*args, **options) if left[0] > 0 or (left[0] == 0 and is_done) else None
            if left[0] <= 0:
                raise KeyboardInterrupt
            return done

        with monkeypatch.context() as killed:
            for name in names:
                killed.setattr(store.client, name, partial(die, name, left))
            try:
                store_snapshot(store, compiled)
            except KeyboardInterrupt:
                pass
            else:
                break
        kept = {one.key.encode() for one in published(store)}
        assert named.key.encode() in kept
        for key in set(store.client.keys("wasl:snapshot:*")) - kept:
            assert 0 < store.client.ttl(key) <= 3600
    assert left[0] > 0


def test_missing_chunks_are_noticed(store: RedisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish_module, "CHUNK_BYTES", 1_000)
    new = publish(store)
    store.client.rpop(new.key)
    with pytest.raises(SnapshotError, match="fewer than its"):
        list(fetch(store, new))
