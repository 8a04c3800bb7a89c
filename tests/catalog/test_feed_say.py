"""What a worker says of itself, and how often it writes its journal."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from streams.catalog.feed import CatalogFeed
from streams.catalog.feed_say import Journal
from streams.catalog.folder import SnapshotFolder
from streams.catalog.overlay import OverlayView
from streams.catalog.records import Record
from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.redis_workers import WorkerUse, announce, read_workers
from streams.catalog.snapshot import view_of
from streams.errors import SnapshotError
from streams.events.entity import Entity
from streams.settings import RedisSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def _entity(number: int) -> Entity:
    return Entity(f"Q{number}", "person", {"en": f"Name {number}"})


@pytest.fixture
def store(redis_url: str) -> Iterator[RedisStore]:
    client = connect(RedisSettings(url=redis_url))
    yield RedisStore(client, buckets=8)
    client.close()


async def _until(condition: Callable[[], bool]) -> None:
    for _ in range(2_000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("still not so after 10 seconds")


async def test_a_worker_says_which_version_it_uses_until_it_stops(
    store: RedisStore, redis_url: str, tmp_path: Path
) -> None:
    store.put_many([_entity(1)])
    feed = CatalogFeed(RedisSettings(url=redis_url), tmp_path, poll=0.2)
    await feed.start()
    await _until(lambda: len(store.workers()) == 1)
    [use] = store.workers()
    assert (use.build, use.version, use.sequence) == ("1", store.version(), 1)
    assert store.versions()[0].workers == (use.name,)
    await feed.stop()
    assert store.workers() == []


def test_a_version_that_a_worker_uses_is_not_collected(store: RedisStore) -> None:
    store.put_many([_entity(1)])
    announce(store.client, store.keys, WorkerUse("slow", "1", "sha-x", 1))
    for number in range(2, 6):
        store.put_many([_entity(number)])
    assert [info.build for info in store.versions()] == ["5", "4", "1"]
    announce(store.client, store.keys, WorkerUse("slow", "1", "sha-x", 1), ttl=0.001)
    store.put_many([_entity(7)])
    assert [info.build for info in store.versions()] == ["6", "5"]
    assert {key.split(b":")[2] for key in store.client.keys("wasl:v:*")} == {b"5", b"6"}


def test_a_worker_that_fell_silent_is_forgotten(store: RedisStore, eventually: Callable[..., None]) -> None:
    announce(store.client, store.keys, WorkerUse("gone", "1", "sha-x", 1), ttl=0.02)
    announce(store.client, store.keys, WorkerUse("here", "1", "sha-x", 1))
    eventually(lambda: [use.name for use in read_workers(store.client, store.keys)] == ["here"])
    assert store.client.smembers(store.keys.workers) == {b"here"}


def test_a_journal_is_written_at_once_then_seldom_and_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    now, written = [0.0], []

    def save(_: SnapshotFolder, view: OverlayView, sequence: int) -> None:
        written.append((view, sequence))
        now[0] += 0.5

    monkeypatch.setattr(SnapshotFolder, "save_changes", save)
    view = OverlayView(view_of([Record("Q1", _entity(1))]))
    journal = Journal(SnapshotFolder.__new__(SnapshotFolder), lambda: now[0])
    journal.note(view, 1)
    journal.note(view, 2)
    assert [sequence for _, sequence in written] == [1]
    # Half a second is a twentieth of ten.
    now[0] += 9.9
    journal.note(view, 3)
    assert len(written) == 1
    journal.flush()
    journal.flush()
    assert [sequence for _, sequence in written] == [1, 3]
    journal.note(view, 4)
    journal.forget()
    journal.flush()
    assert len(written) == 2


def test_a_full_disk_is_logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def full(*_: object) -> None:
        raise SnapshotError("no space left")

    monkeypatch.setattr(SnapshotFolder, "save_changes", full)
    journal = Journal(SnapshotFolder.__new__(SnapshotFolder), lambda: 0.0)
    journal.note(OverlayView(view_of([])), 1)
    assert caplog.messages == ["local copy not written"]
