"""Which way leads to the live catalogue."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from streams.catalog import feed_load
from streams.catalog.feed_load import bring_up_to_date, load_current
from streams.catalog.folder import SnapshotFolder
from streams.catalog.overlay import OverlayView
from streams.catalog.publish import fetch, publish
from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.snapshot import view_of
from streams.errors import EmptyStoreError, SnapshotError
from streams.events.change import CatalogChange
from streams.events.entity import Entity
from streams.settings import RedisSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.catalog.publish import Published


def _entity(number: int) -> Entity:
    return Entity(f"Q{number}", "person", {"en": f"Name {number}"})


@pytest.fixture
def store(redis_url: str) -> Iterator[RedisStore]:
    client = connect(RedisSettings(url=redis_url))
    yield RedisStore(client, buckets=8)
    client.close()


def test_a_view_is_brought_up_to_date(store: RedisStore) -> None:
    start = store.put_many([_entity(1)]).sequence
    view = OverlayView(view_of(store.records()))
    for number in (2, 3):
        store.apply(CatalogChange("set", f"Q{number}", entity=_entity(number)))
    newer, sequence = bring_up_to_date(store, view, start)
    assert (newer.version, sequence) == (store.version(), start + 2)


def test_a_view_of_something_else_is_refused(store: RedisStore) -> None:
    start = store.put_many([_entity(1)]).sequence
    with pytest.raises(SnapshotError, match=r"the view is sha-.*, and the store sha-"):
        bring_up_to_date(store, OverlayView(view_of([])), start)
    store.put_many([_entity(2)])
    with pytest.raises(SnapshotError, match="imported anew after change 1"):
        bring_up_to_date(store, OverlayView(view_of([])), start)


def test_a_copy_of_another_catalogue_is_replaced(store: RedisStore, tmp_path: Path) -> None:
    store.put_many([_entity(1)])
    load_current(store, SnapshotFolder(tmp_path))
    store.client.flushall()
    store.put_many([_entity(2)])
    view, _ = load_current(store, SnapshotFolder(tmp_path))
    assert view.version == store.version()
    local = SnapshotFolder(tmp_path).load()
    assert local is not None
    assert local.view.version == view.version


def test_workers_that_start_together_write_the_copy_once(
    store: RedisStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put_many([_entity(1), _entity(2)])
    publish(store)
    fetched: list[str] = []

    def slow(given: RedisStore, snapshot: Published) -> Iterator[bytes]:
        fetched.append(snapshot.version)
        yield from fetch(given, snapshot)

    monkeypatch.setattr(feed_load, "fetch", slow)
    # Locks belong to open files, so threads wait for each other as processes do.
    with ThreadPoolExecutor(4) as workers:
        found = list(workers.map(lambda _: load_current(store, SnapshotFolder(tmp_path)), range(4)))
    assert {view.version for view, _ in found} == {store.version()}
    assert fetched == [store.version()]
    assert len(list(tmp_path.glob("*.snapshot"))) == 1


def test_a_copy_outlives_an_emptied_store(store: RedisStore, tmp_path: Path) -> None:
    store.put_many([_entity(1)])
    view, _ = load_current(store, SnapshotFolder(tmp_path))
    store.client.flushall()
    with pytest.raises(EmptyStoreError, match="holds no catalogue"):
        load_current(store, SnapshotFolder(tmp_path))
    with pytest.raises(EmptyStoreError, match="holds no catalogue"):
        bring_up_to_date(store, view, 1)
    local = SnapshotFolder(tmp_path).load()
    assert local is not None
    assert local.view.version == view.version


def test_a_store_that_is_emptied_while_it_is_read_is_not_kept(
    store: RedisStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put_many([_entity(1)])
    monkeypatch.setattr(feed_load, "published", lambda _: store.client.flushall() and [])
    with pytest.raises(EmptyStoreError):
        load_current(store, SnapshotFolder(tmp_path))
    assert list(tmp_path.glob("*.snapshot")) == []
