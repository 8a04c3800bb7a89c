"""What only the store in Redis does; the contract is in ``test_stores.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streams.catalog import redis_edit as module
from streams.catalog.redis_ import RedisStore, connect
from streams.errors import ConflictError, SnapshotError
from streams.events.change import CatalogChange
from streams.events.entity import Entity
from streams.settings import RedisSettings

if TYPE_CHECKING:
    from collections.abc import Iterator


def _set(number: int) -> CatalogChange:
    return CatalogChange("set", f"Q{number}", entity=Entity(f"Q{number}", "person", {"en": f"Name {number}"}))


@pytest.fixture
def store(redis_url: str) -> Iterator[RedisStore]:
    client = connect(RedisSettings(url=redis_url))
    yield RedisStore(client, buckets=8)
    client.close()


def test_prefixes_share_nothing(store: RedisStore) -> None:
    other = RedisStore(store.client, prefix="other")
    store.apply(_set(1))
    assert other.get("Q1") is None
    assert other.stats().sequence == 0
    assert all(key.startswith(b"wasl:") for key in store.client.keys("*"))


def test_a_build_is_read_as_it_was_written_whatever_the_reader_would_choose(store: RedisStore) -> None:
    store.put_many([Entity("Q1", "person", {"en": "Name"})])
    other = RedisStore(store.client, buckets=1_000)
    assert other.find("name") == ("Q1",)
    other.apply(_set(2))
    assert store.find("name 2") == ("Q2",)


def test_changes_that_are_no_longer_kept_are_missed(store: RedisStore) -> None:
    for number in range(1, 5):
        store.apply(_set(number))
    store.client.xtrim(store.keys.changes, maxlen=2, approximate=False)
    assert [change.sequence for change in store.changes_since(2)] == [3, 4]
    with pytest.raises(SnapshotError, match="Changes 2 to 4 are asked for, and 2 of them are kept"):
        store.changes_since(1)
    with pytest.raises(SnapshotError, match="Load the catalogue anew"):
        store.changes_since(5)


def test_a_change_that_always_loses_gives_up(store: RedisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ATTEMPTS", 3)
    rival = RedisStore(store.client)
    numbers = iter(range(10, 20))
    apply = module.apply

    def interrupted(change: CatalogChange, catalogue: object) -> object:
        records = apply(change, catalogue)  # type: ignore[arg-type]
        monkeypatch.setattr(module, "apply", apply)
        rival.apply(_set(next(numbers)))
        monkeypatch.setattr(module, "apply", interrupted)
        return records

    monkeypatch.setattr(module, "apply", interrupted)
    with pytest.raises(ConflictError, match="lost to other changes 3 times"):
        store.apply(_set(1))
    assert [record.id for record in store.records()] == ["Q10", "Q11", "Q12"]
