"""The feed of a worker, against a real Redis that changes, goes away and comes back."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from streams.catalog import feed_load
from streams.catalog.feed import CatalogFeed
from streams.catalog.folder import SnapshotFolder
from streams.catalog.publish import publish
from streams.catalog.records import Record
from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.redis_build import queue_records
from streams.catalog.store import Request
from streams.errors import EmptyStoreError, SnapshotError, StoreUnavailableError
from streams.events.change import CatalogChange
from streams.events.edit import CatalogEdit
from streams.events.entity import Entity
from streams.settings import RedisSettings
from tests.catalog.seen import scanned

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path


def _entity(number: int, name: str | None = None) -> Entity:
    return Entity(f"Q{number}", "person", {"en": f"Name {number}" if name is None else name})


def _set(number: int, name: str | None = None) -> CatalogChange:
    return CatalogChange("set", f"Q{number}", entity=_entity(number, name))


async def _until(condition: Callable[[], bool], *, within: float = 10.0) -> float:
    """Wait until ``condition`` holds, and return how long that took, in seconds."""
    begin = time.monotonic()
    while not condition():
        assert time.monotonic() < begin + within, f"still not so after {within:g} seconds"
        await asyncio.sleep(0.005)
    return time.monotonic() - begin


class _Wire:
    """A way to Redis that can be cut."""

    def __init__(self, redis_url: str) -> None:
        self._target = urlsplit(redis_url)
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def join(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        await _until(lambda: len(self._writers) == 0)

    @property
    def settings(self) -> RedisSettings:
        return RedisSettings(url=f"redis://127.0.0.1:{self.port}/0")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(self._target.hostname, self._target.port)
        self._writers |= {writer, far_writer}
        await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while len(data := await reader.read(65_536)) > 0:
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.transport.abort()
            self._writers.discard(writer)


@pytest.fixture
def store(redis_url: str) -> Iterator[RedisStore]:
    client = connect(RedisSettings(url=redis_url))
    yield RedisStore(client, buckets=8)
    client.close()


@pytest.fixture
async def wire(redis_url: str) -> AsyncIterator[_Wire]:
    wire = _Wire(redis_url)
    await wire.join()
    yield wire
    await wire.cut()


@pytest.fixture
async def feeds(wire: _Wire, tmp_path: Path) -> AsyncIterator[Callable[..., CatalogFeed]]:
    begun: list[CatalogFeed] = []

    def begin(folder: str = "copies", poll: float = 0.2) -> CatalogFeed:
        begun.append(CatalogFeed(wire.settings, tmp_path / folder, poll=poll, timeout=2.0))
        return begun[-1]

    yield begin
    for feed in begun:
        await feed.stop()


async def test_a_change_is_visible_at_once(store: RedisStore, feeds: Callable[..., CatalogFeed]) -> None:
    store.put_many([_entity(1), _entity(2)])
    feed = feeds(poll=5.0)
    await feed.start()
    assert feed.view.version == store.version()
    assert (feed.is_live, feed.state.age, feed.state.last_error) == (True, 0.0, None)
    before = feed.view
    for change in (
        _set(3, "Somebody"),
        CatalogChange("merge", "Q1", into="Q3"),
        CatalogChange("retire", "Q2"),
        CatalogEdit("block", "Q3", alias="Nobody"),
        CatalogEdit("boost", "Q3", alias="Somebody", count=3),
        CatalogEdit("split", "Q3", into="local:new", names={"en": ("Name 1",)}),
    ):
        await asyncio.to_thread(store.apply, change)
        assert await _until(lambda: feed.view.version == store.version()) < 1
    assert scanned(feed.view, "name 2") == []
    assert len(scanned(feed.view, "somebody, name 1")) == 2
    assert feed.view.entity("Q1") == feed.view.entity("Q3")
    # A batch that began with the old view goes on with it.
    assert len(scanned(before, "name 2")) == 1


async def test_a_promotion_and_a_rollback_are_noticed_and_the_version_is_the_one_of_before(
    store: RedisStore, feeds: Callable[..., CatalogFeed]
) -> None:
    store.put_many([_entity(1)])
    feed = feeds()
    await feed.start()
    first = feed.view.version
    staged = await asyncio.to_thread(lambda: store.put_many([_entity(2)], stage=True))
    assert feed.view.version == store.version() == first
    await asyncio.to_thread(store.promote, staged.build)
    await _until(lambda: feed.view.version == staged.version)
    assert len(scanned(feed.view, "name 2")) == 1
    await asyncio.to_thread(store.rollback)
    await _until(lambda: feed.view.version == first)
    assert scanned(feed.view, "name 2") == []
    await _until(lambda: feed.is_live)


async def test_after_a_rollback_a_snapshot_of_before_is_right_again(
    store: RedisStore, feeds: Callable[..., CatalogFeed], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put_many([_entity(1)])
    publish(store)
    store.put_many([_entity(2)])
    store.rollback()
    monkeypatch.setattr(feed_load, "compile_store", None)
    feed = feeds()
    await feed.start()
    assert feed.view.version == store.version()
    await asyncio.to_thread(store.apply, _set(3))
    await _until(lambda: feed.view.version == store.version())


async def test_a_thousand_changes_at_once_are_all_taken(store: RedisStore, feeds: Callable[..., CatalogFeed]) -> None:
    store.put_many([_entity(1)])
    feed = feeds()
    await feed.start()
    for start in range(2, 1_002, 250):
        await asyncio.to_thread(store.apply_many, [Request(_set(start + at)) for at in range(250)])
    await _until(lambda: feed.view.version == store.version())
    assert feed.state.changed == 1_000
    assert [hit[2][0][0] for hit in scanned(feed.view, "name 999")] == ["Q9", "Q99", "Q999"]


async def test_an_import_is_noticed(store: RedisStore, feeds: Callable[..., CatalogFeed]) -> None:
    store.put_many([_entity(1)])
    feed = feeds()
    await feed.start()
    await asyncio.to_thread(store.put_many, [_entity(2)], replace=True)
    await _until(lambda: feed.view.version == store.version())
    await _until(lambda: feed.is_live)
    assert scanned(feed.view, "name 1") == []
    await asyncio.to_thread(store.apply, _set(3))
    await _until(lambda: feed.view.version == store.version())


async def test_changes_made_while_redis_is_away_arrive_afterwards(
    store: RedisStore, wire: _Wire, feeds: Callable[..., CatalogFeed]
) -> None:
    store.put_many([_entity(1)])
    feed = feeds()
    await feed.start()
    await asyncio.to_thread(store.apply, _set(2))
    await _until(lambda: feed.view.version == store.version())
    await wire.cut()
    await _until(lambda: not feed.is_live)
    await _until(lambda: feed.state.age > 0)
    assert feed.state.last_error == "catalog.unavailable"
    seen = feed.view
    for number in range(3, 9):
        await asyncio.to_thread(store.apply, _set(number))
    assert feed.view is seen
    await wire.join()
    await _until(lambda: feed.view.version == store.version())
    assert (feed.is_live, feed.state.age, feed.state.last_error) == (True, 0.0, None)


async def test_with_redis_away_a_worker_starts_from_its_copy_changes_included(
    store: RedisStore, wire: _Wire, feeds: Callable[..., CatalogFeed], caplog: pytest.LogCaptureFixture
) -> None:
    store.put_many([_entity(1)])
    first = feeds()
    await first.start()
    await asyncio.to_thread(store.apply, _set(2))
    await _until(lambda: first.view.version == store.version())
    await first.stop()
    await wire.cut()
    second = feeds()
    await second.start()
    assert second.view.version == store.version()
    assert not second.is_live
    assert 0 < second.state.age < 60
    [line] = [record for record in caplog.records if record.message == "catalogue taken from the local copy"]
    assert (line.levelname, vars(line)["version"]) == ("WARNING", second.view.version)
    assert 0 <= vars(line)["age_seconds"] < 60
    await asyncio.to_thread(store.apply, _set(3))
    await wire.join()
    await _until(lambda: second.view.version == store.version())


async def test_that_it_is_followed_again_is_logged(
    store: RedisStore, wire: _Wire, feeds: Callable[..., CatalogFeed], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    store.put_many([_entity(1)])
    feed = feeds()
    await feed.start()
    assert "catalogue followed again" not in caplog.messages
    await wire.cut()
    await _until(lambda: feed.state.age > 0.2)
    await wire.join()
    await _until(lambda: feed.is_live)
    [line] = [record for record in caplog.records if record.message == "catalogue followed again"]
    assert line.levelname == "INFO"
    assert 0.1 < vars(line)["away_seconds"] < 30
    assert vars(line)["version"] == store.version()


async def test_with_redis_away_and_no_copy_there_is_nothing_to_start_from(
    wire: _Wire, feeds: Callable[..., CatalogFeed]
) -> None:
    await wire.cut()
    feed = feeds()
    with pytest.raises(StoreUnavailableError, match=r"There is no local copy in .*copies either.*WASL_REDIS_URL"):
        await feed.start()
    with pytest.raises(SnapshotError, match="No catalogue is loaded yet"):
        _ = feed.view


async def test_with_redis_away_and_a_damaged_copy_both_are_named(
    wire: _Wire, feeds: Callable[..., CatalogFeed], tmp_path: Path
) -> None:
    (tmp_path / "copies").mkdir()
    damaged = tmp_path / "copies" / "1-sha.snapshot"
    damaged.write_bytes(b"rubbish")
    await wire.cut()
    with pytest.raises(StoreUnavailableError) as caught:
        await feeds().start()
    for part in ("Redis", "cannot be used either", str(damaged), "WASL_REDIS_URL"):
        assert part in str(caught.value)


async def test_a_feed_that_was_away_for_too_long_loads_anew(
    store: RedisStore, wire: _Wire, feeds: Callable[..., CatalogFeed]
) -> None:
    store.put_many([_entity(1)])
    feed = feeds()
    await feed.start()
    await wire.cut()
    await _until(lambda: not feed.is_live)
    for number in range(2, 6):
        await asyncio.to_thread(store.apply, _set(number))
    store.client.xtrim(store.keys.changes, maxlen=1, approximate=False)
    await wire.join()
    await _until(lambda: feed.view.version == store.version())
    assert feed.state.changed == 0


async def test_another_redis_under_the_same_address_is_noticed(
    store: RedisStore, feeds: Callable[..., CatalogFeed]
) -> None:
    store.put_many([_entity(1)])
    store.apply(_set(2))
    store.apply(_set(3))
    feed = feeds()
    await feed.start()
    store.client.flushall()
    store.apply(_set(7))
    await _until(lambda: feed.view.version == store.version())
    assert scanned(feed.view, "name 1") == []


async def test_what_does_not_add_up_is_loaded_anew(store: RedisStore, feeds: Callable[..., CatalogFeed]) -> None:
    store.put_many([_entity(1)])
    # So rarely does it ask for the position that only the stream can tell it.
    feed = feeds(poll=30.0)
    await feed.start()
    # Somebody else's hand in Redis: the stream tells something else than what was done.
    with store.client.pipeline() as pipe:
        pipe.watch(store.keys.sequence)
        version = queue_records(pipe, store.live_keys(), [Record("Q5", _entity(5))])
        store.queue_entry(pipe, 2, version=version, records=[], change=_set(1))
        pipe.execute()
    await _until(lambda: feed.state.sequence == 2)
    assert feed.view.version == store.version()


async def test_a_published_snapshot_saves_compiling(
    store: RedisStore, feeds: Callable[..., CatalogFeed], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put_many([_entity(1)])
    publish(store)
    store.apply(_set(2))
    monkeypatch.setattr(feed_load, "compile_store", None)
    feed = feeds()
    await feed.start()
    assert feed.view.version == store.version()
    assert feed.state.changed == 1


async def test_a_damaged_snapshot_in_redis_is_passed_over(
    store: RedisStore, feeds: Callable[..., CatalogFeed], caplog: pytest.LogCaptureFixture
) -> None:
    store.put_many([_entity(1)])
    good = publish(store)
    store.apply(_set(2))
    bad = publish(store)
    store.client.lset(bad.key, 0, b"rubbish")
    feed = feeds()
    await feed.start()
    assert feed.view.version == store.version()
    # The one before it, and what came after.
    assert feed.view.base.version == good.version
    [line] = [record for record in caplog.records if record.message == "published snapshot skipped"]
    assert (line.levelname, vars(line)["key"]) == ("WARNING", bad.key)


async def test_the_local_copy_is_used_where_it_leads_to_the_live_version(
    store: RedisStore, feeds: Callable[..., CatalogFeed], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put_many([_entity(1)])
    first = feeds()
    await first.start()
    await first.stop()
    store.apply(_set(2))
    monkeypatch.setattr(feed_load, "compile_store", None)
    second = feeds()
    await second.start()
    assert second.view.version == store.version()


async def test_many_changes_make_a_newer_snapshot_worth_fetching(
    store: RedisStore, feeds: Callable[..., CatalogFeed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_load, "MANY", 3)
    store.put_many([_entity(1)])
    feed = feeds()
    await feed.start()
    for number in range(2, 5):
        await asyncio.to_thread(store.apply, _set(number))
    await _until(lambda: feed.state.changed == 3)
    await asyncio.to_thread(publish, store)
    await asyncio.to_thread(store.apply, _set(9))
    await _until(lambda: feed.state.changed == 1)
    assert feed.view.version == store.version()


async def test_a_full_disk_does_not_stop_changes(
    store: RedisStore, feeds: Callable[..., CatalogFeed], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: SnapshotFolder, *_: object) -> None:
        raise SnapshotError("no space left")

    monkeypatch.setattr(SnapshotFolder, "save", full)
    monkeypatch.setattr(SnapshotFolder, "save_changes", full)
    store.put_many([_entity(1)])
    feed = feeds()
    await feed.start()
    await asyncio.to_thread(store.apply, _set(2))
    await _until(lambda: feed.view.version == store.version())
    await asyncio.to_thread(store.put_many, [_entity(3)])
    await _until(lambda: feed.view.version == store.version())


async def test_without_a_catalogue_in_redis_there_is_nothing_to_start_from(tmp_path: Path, redis_url: str) -> None:
    url = redis_url.replace("//", "//:secret@")
    connect(RedisSettings(redis_url)).config_set("requirepass", "secret")
    try:
        feed = CatalogFeed(RedisSettings(url, "wasl-typo"), tmp_path, timeout=2.0)
        with pytest.raises(EmptyStoreError) as caught:
            await feed.start()
        await feed.stop()
    finally:
        connect(RedisSettings(url)).config_set("requirepass", "")
    for part in ("'wasl-typo'", url.replace("secret", "***"), "wasl catalog import --starter", "WASL_REDIS_PREFIX"):
        assert part in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_a_store_that_began_with_a_change_is_a_catalogue(
    store: RedisStore, feeds: Callable[..., CatalogFeed]
) -> None:
    store.apply(_set(1))
    feed = feeds()
    await feed.start()
    assert len(scanned(feed.view, "name 1")) == 1


async def test_an_emptied_redis_is_no_catalogue(
    store: RedisStore, feeds: Callable[..., CatalogFeed], caplog: pytest.LogCaptureFixture
) -> None:
    store.put_many([_entity(1)])
    feed = feeds()
    await feed.start()
    seen = feed.view
    store.client.flushall()
    await _until(lambda: not feed.is_live)
    polls = caplog.records.copy()
    await _until(lambda: feed.state.age > 1)
    assert feed.view is seen
    assert feed.state.last_error == "catalog.empty"
    assert feed.reason is not None
    assert "holds no catalogue under the prefix 'wasl'" in feed.reason
    assert [record.message for record in polls if record.levelname == "WARNING"] == ["catalogue no longer followed"]
    assert [record for record in caplog.records if record not in polls] == []
    # A worker that starts meanwhile has the same copy.
    second = feeds()
    await second.start()
    assert (second.view.version, second.is_live) == (seen.version, False)
    assert second.reason == feed.reason
    await asyncio.to_thread(store.put_many, [_entity(7)])
    for one in (feed, second):
        await _until(lambda one=one: one.is_live)  # type: ignore[misc]
        assert (one.view.version, one.reason) == (store.version(), None)


async def test_where_everything_is_retired_there_is_a_catalogue(
    store: RedisStore, feeds: Callable[..., CatalogFeed]
) -> None:
    store.put_many([_entity(1)])
    feed = feeds()
    await feed.start()
    await asyncio.to_thread(store.apply, CatalogChange("retire", "Q1"))
    await _until(lambda: scanned(feed.view, "name 1") == [])
    assert feed.is_live
