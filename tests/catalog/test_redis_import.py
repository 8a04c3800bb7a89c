"""Imports into Redis that meet editors, other imports and their own death."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from streams.catalog import redis_switch
from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.redis_build import BuildReader
from streams.catalog.redis_import import Importer
from streams.catalog.redis_switch import LEASE, collect, leased, remove
from streams.catalog.store import Request
from streams.errors import ConflictError, EditError, StoreUnavailableError
from streams.events.change import CatalogChange
from streams.events.entity import Entity
from streams.settings import RedisSettings
from tests.catalog.test_redis_faults import check_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.catalog.records import Record
    from streams.catalog.redis_workers import WorkerUse
    from streams.catalog.store import VersionInfo


def _entity(number: int, name: str | None = None) -> Entity:
    return Entity(f"Q{number}", "person", {"en": f"Name {number}" if name is None else name})


@pytest.fixture
def store(redis_url: str) -> Iterator[RedisStore]:
    client = connect(RedisSettings(url=redis_url))
    yield RedisStore(client, buckets=8)
    client.close()


def _with(entities: list[Entity], do: Callable[[], object], *, at: int) -> Iterator[Entity]:
    """Give ``entities``, and do something else before one of them."""
    for number, entity in enumerate(entities):
        if number == at:
            do()
        yield entity


def test_what_editors_change_during_an_import_is_kept(store: RedisStore) -> None:
    store.put_many(map(_entity, range(1, 6)))

    def edit() -> None:
        store.apply(CatalogChange("set", "Q9", entity=_entity(9)))
        store.apply(CatalogChange("merge", "Q2", into="Q1"))
        store.apply(CatalogChange("retire", "Q4"))
        assert store.find("name 7") == ()

    report = store.put_many(_with(list(map(_entity, range(3, 8))), edit, at=2))
    assert store.find("name 7") == ("Q7",)
    assert store.find("name 9") == ("Q9",)
    assert store.find("name 2") == ("Q1",)
    assert store.find("name 4") == ()
    assert store.redirects() == {"Q2": "Q1"}
    assert store.version() == report.version
    again = RedisStore(store.client, prefix="other", buckets=8)
    again.put_many(record.entity for record in store.records() if record.entity is not None)
    again.apply(CatalogChange("set", "Q2", entity=_entity(2, "Name 1")))
    again.apply(CatalogChange("retire", "Q4"))
    # Merging adds a name that is there already, so the records come out the same.
    again.apply(CatalogChange("merge", "Q2", into="Q1"))
    assert again.version() == store.version()


@pytest.mark.parametrize("at", ["_copy", "_write_merged", "_merge"])
def test_what_editors_merge_during_an_import_fits_what_the_import_merges(
    store: RedisStore, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    store.put_many([_entity(1), _entity(2), _entity(3)])
    store.apply(CatalogChange("merge", "Q3", into="Q2"))
    rival, step = RedisStore(store.client, buckets=8), getattr(Importer, at)

    def then_merge(*args: Any, **options: Any) -> Any:
        done = step(*args, **options)
        if rival.redirects() == {"Q3": "Q2"}:
            rival.apply(CatalogChange("merge", "Q2", into="Q1"))
        return done

    monkeypatch.setattr(Importer, at, then_merge)
    store.put_many([_entity(4)], merges=[("Q1", "Q2"), ("Q4", "Q3")])
    assert store.redirects() == {"Q2": "Q1", "Q3": "Q1", "Q4": "Q1"}
    assert store.merged_into("Q1") == ("Q2", "Q3", "Q4")
    assert store.merged_into("Q2") == ()
    # Read anew it has the same version, without which no worker could load it.
    check_whole(store)


def test_a_second_import_is_refused_while_one_is_running(store: RedisStore) -> None:
    refused = []

    def another() -> None:
        with pytest.raises(ConflictError, match="Another import or promotion is running"):
            store.put_many([_entity(2)])
        refused.append(True)

    store.put_many(_with([_entity(1)], another, at=0))
    assert refused == [True]
    assert [record.id for record in store.records()] == ["Q1"]
    store.put_many([_entity(2)])


def test_a_store_is_filled_once_whoever_else_fills_it(store: RedisStore) -> None:
    def another() -> None:
        with pytest.raises(ConflictError, match="Another import or promotion is running"):
            store.fill([_entity(2)])
        store.apply(CatalogChange("set", "Q9", entity=_entity(9)))

    assert store.fill(_with([_entity(1)], another, at=0)) is not None
    assert store.fill([_entity(2)]) is None
    assert [record.id for record in store.records()] == ["Q1", "Q9"]


def test_a_full_store_is_left_as_it_is_whoever_imports_or_has_died(store: RedisStore) -> None:
    store.put_many([_entity(1)])
    store.client.set(store.keys.importing, "somebody who has died", px=LEASE)
    before = store.stats()
    assert store.fill([_entity(2)]) is None
    assert store.stats() == before
    assert store.client.get(store.keys.importing) == b"somebody who has died"


def _die() -> None:
    raise KeyboardInterrupt


def test_an_import_that_fails_leaves_nothing(store: RedisStore) -> None:
    store.put_many([_entity(1)])
    keys = set(store.client.keys("*")) | {store.keys.last_build.encode()}
    with pytest.raises(KeyboardInterrupt):
        store.put_many(_with(list(map(_entity, range(2, 1_200))), _die, at=1_100))
    assert set(store.client.keys("*")) == keys


def test_an_import_that_is_killed_is_never_seen_and_is_swept_by_the_next(
    store: RedisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put_many([_entity(1)])
    keys = set(store.client.keys("*"))
    with monkeypatch.context() as killed:
        killed.setattr(Importer, "_abandon", lambda _: None)
        with pytest.raises(KeyboardInterrupt):
            store.put_many(_with(list(map(_entity, range(2, 1_200))), _die, at=1_100))
    assert [record.id for record in store.records()] == ["Q1"]
    assert store.find("name 2") == ()
    assert len(set(store.client.keys("*")) - keys) > 2
    store.put_many([_entity(1)])
    store.put_many([_entity(1)])
    builds = {key.split(b":")[2] for key in store.client.keys("wasl:v:*")}
    assert builds == {b"3", b"4"}


def test_a_build_that_is_half_removed_never_goes_live_and_is_removed_by_the_next(
    store: RedisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = RedisStore(store.client, buckets=300, keep=1)
    mine.put_many(map(_entity, range(1, 50)))
    unlink = store.client.unlink

    def once(*keys: str) -> None:
        unlink(*keys)
        _die()

    with monkeypatch.context() as killed:
        killed.setattr(store.client, "unlink", once)
        with pytest.raises(KeyboardInterrupt):
            mine.put_many([_entity(1)])
    before = mine.stats()
    states = {version.build: version.state for version in mine.versions()}
    assert states == {"2": "live", "1": "removing"}
    for switch in (mine.rollback, lambda: mine.promote("1")):
        with pytest.raises(EditError, match="Build 1 is half removed"):
            switch()
    for pair in (("1", "live"), ("live", "1")):
        with pytest.raises(EditError, match="Build 1 is half removed"):
            mine.diff(*pair)
    assert mine.stats() == before
    mine.put_many([_entity(1)])
    assert {key.split(b":")[2] for key in store.client.keys("wasl:v:*")} == {b"3"}


def test_a_build_that_is_removed_meanwhile_never_goes_live(store: RedisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put_many([_entity(1)])
    staged = store.put_many([_entity(2)], stage=True)
    carry = redis_switch.carried

    def remove_then(*args: Any, **options: Any) -> list[Record]:
        remove(store, staged.build)
        return carry(*args, **options)

    before, keys = store.stats(), set(store.client.keys("wasl:v:*:entities"))
    monkeypatch.setattr(redis_switch, "carried", remove_then)
    with pytest.raises(EditError, match="Build 2 was removed meanwhile"):
        store.promote(staged.build)
    assert store.stats() == before
    assert set(store.client.keys("wasl:v:*:entities")) < keys
    monkeypatch.undo()
    # Who removed it is through before anything is written to it.
    staged = store.put_many([_entity(2)], stage=True)
    known = store.versions()

    def remove_first() -> list[VersionInfo]:
        remove(store, staged.build)
        return known

    monkeypatch.setattr(store, "versions", remove_first)
    with pytest.raises(EditError, match="Build 3 was removed meanwhile"):
        store.promote(staged.build)
    assert store.client.keys("wasl:v:3:*") == []


def test_a_build_that_is_removed_while_it_is_read_is_never_taken_for_the_whole(store: RedisStore) -> None:
    store.put_many(map(_entity, range(1, 1_200)))
    reading = store.records()
    first = next(reading)
    differing = store.diff("1", store.put_many([_entity(1, "Other")]).build)
    assert next(differing).id == "Q1"
    store.put_many([_entity(2, "Other")])
    assert {version.build for version in store.versions()} == {"2", "3"}
    for rest in (reading, differing):
        with pytest.raises(ConflictError, match="Build 1 was removed while it was read"):
            list(rest)
    assert [first.id, *(record.id for record in store.records())][:3] == ["Q1", "Q1", "Q10"]


def test_ids_that_are_moved_while_they_are_read_are_read_once(store: RedisStore, redis_url: str) -> None:
    store.put_many([_entity(1), _entity(2)])
    ended = threading.Event()

    def move() -> None:
        client = connect(RedisSettings(url=redis_url))
        mine = RedisStore(client, buckets=8)
        while not ended.is_set():
            mine.apply(CatalogChange("retire", "Q1"))
            mine.apply(CatalogChange("set", "Q1", entity=_entity(1)))
        client.close()

    thread = threading.Thread(target=move)
    thread.start()
    try:
        read = {tuple(record.id for record in store.records()) for _ in range(200)}
    finally:
        ended.set()
        thread.join()
    assert read == {("Q1", "Q2")}


def test_who_lost_the_lease_removes_nothing(store: RedisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = RedisStore(store.client, buckets=8, keep=3)
    for number in range(1, 4):
        mine.put_many([_entity(number)], replace=True)

    def late() -> list[WorkerUse]:
        monkeypatch.undo()
        store.client.delete(store.keys.importing)
        mine.promote("1")
        return []

    with leased(store) as lease:
        monkeypatch.setattr(store, "workers", late)
        collect(store, lease, keep=1)
    assert store.find("name 1") == ("Q1",)
    assert {each.build: each.state for each in store.versions()} == {"3": "previous", "2": "kept", "1": "live"}


def test_only_the_live_build_and_the_one_before_are_kept(store: RedisStore) -> None:
    store.apply(CatalogChange("set", "Q1", entity=_entity(1)))
    for number in range(2, 5):
        store.put_many([_entity(number)])
    assert set(store.client.hgetall(store.keys.builds)) == {b"2", b"3"}
    assert {key.split(b":")[2] for key in store.client.keys("wasl:v:*")} == {b"2", b"3"}
    assert [record.id for record in store.records()] == ["Q1", "Q2", "Q3", "Q4"]


def test_an_import_that_lost_its_lease_does_not_go_live(store: RedisStore) -> None:
    store.put_many([_entity(1)])

    def lose() -> None:
        store.client.set(store.keys.importing, "somebody else", px=LEASE)

    with pytest.raises(ConflictError, match="silent for more than 60 s"):
        store.put_many(_with([_entity(2), _entity(3)], lose, at=1))
    assert [record.id for record in store.records()] == ["Q1"]
    assert store.client.get(store.keys.importing) == b"somebody else"


def test_an_import_that_lost_its_lease_leaves_nothing_behind_who_removed_it(store: RedisStore) -> None:
    store.put_many([_entity(1)])
    rival = RedisStore(store.client, buckets=8)

    def lose() -> None:
        store.client.delete(store.keys.importing)
        rival.put_many([_entity(3)])

    with pytest.raises(ConflictError, match="silent for more than 60 s"):
        store.put_many(_with(list(map(_entity, range(10, 20))), lose, at=5))
    assert [record.id for record in store.records()] == ["Q1", "Q3"]
    assert {key.split(b":")[2] for key in store.client.keys("wasl:v:*")} == {b"1", b"3"}


@pytest.mark.parametrize(("switch", "live"), [("import", "5"), ("promote", "4"), ("rollback", "2")])
def test_what_went_live_is_done_though_redis_has_no_room_to_collect(
    store: RedisStore, monkeypatch: pytest.MonkeyPatch, switch: str, live: str
) -> None:
    before = RedisStore(store.client, buckets=8, keep=9)
    for number in range(1, 5):
        before.put_many([_entity(number)], stage=number == 4)
    go_live = redis_switch._go_live

    def full(*args: Any, **options: Any) -> str:
        version = go_live(*args, **options)
        store.client.config_set("maxmemory", 1)
        return version

    monkeypatch.setattr(redis_switch, "_go_live", full)
    calls = {"import": lambda: store.put_many([_entity(5)]), "promote": lambda: store.promote("4")}
    try:
        done = calls.get(switch, store.rollback)()
        assert done.build == store.live() == live
        assert store.client.get(store.keys.importing) is None
    finally:
        store.client.config_set("maxmemory", 0)
    assert len(store.versions()) > 3
    monkeypatch.undo()
    store.put_many([_entity(6)])
    assert "1" not in {version.build for version in store.versions()}


def test_a_lease_whose_answer_is_lost_is_ours(store: RedisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    set_ = store.client.set

    def again(*args: Any, **options: Any) -> Any:
        set_(*args, **options)
        return set_(*args, **options)

    monkeypatch.setattr(store.client, "set", again)
    store.put_many([_entity(1)])
    assert store.client.get(store.keys.importing) is None


def test_whoever_works_for_long_keeps_the_lease(store: RedisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_switch, "LEASE", 1_500)
    monkeypatch.setattr(redis_switch, "_READS", 10)
    others: list[str] = []

    def wait() -> None:
        time.sleep(0.03)
        with pytest.raises(ConflictError, match="Another import or promotion is running") as refused:
            store.put_many([_entity(9)])
        others.append(refused.value.message)

    def beside(keep: Callable[[], None]) -> None:
        for _ in range(60):
            wait()
            keep()

    store.put_many([_entity(1)])
    store.put_many([_entity(2)], beside=beside)
    assert len(others) == 60
    store.apply_many([Request(CatalogChange("set", f"Q{number}", entity=_entity(number))) for number in range(10, 60)])
    read = BuildReader.merged_into

    def slowly(self: BuildReader, entity_id: str) -> tuple[str, ...]:
        time.sleep(0.02)
        return read(self, entity_id)

    monkeypatch.setattr(BuildReader, "merged_into", slowly)
    assert store.rollback().carried == 50
    assert store.find("name 59") == ("Q59",)


def test_a_change_is_whole_or_not_there_whoever_else_changes(store: RedisStore, redis_url: str) -> None:
    store.put_many(map(_entity, range(1, 41)))
    failures: list[BaseException] = []

    def edit(first: int) -> None:
        client = connect(RedisSettings(url=redis_url))
        mine = RedisStore(client, buckets=8)
        try:
            for number in range(first, first + 10):
                mine.apply(CatalogChange("merge", f"Q{number}", into="Q40"))
        except ConflictError as exc:
            failures.append(exc)
        finally:
            client.close()

    threads = [threading.Thread(target=edit, args=(first,)) for first in (1, 11, 21)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    entity = store.get("Q1")
    assert entity is not None
    # No name of any of the thirty was lost to another merge into the same entity.
    assert len(entity.aliases["en"]) == 30
    assert [change.sequence for change in store.changes_since(0)] == list(range(1, 32))
    assert store.changes_since(30)[0].version == store.version()
    assert store.stats().redirects == 30


def test_a_redis_that_is_full_refuses_and_keeps_what_it_has(store: RedisStore) -> None:
    store.put_many([_entity(1)])
    before = (list(store.records()), store.stats())
    used = int(store.client.info("memory")["used_memory"])
    store.client.config_set("maxmemory", used + 100_000)
    store.client.config_set("maxmemory-policy", "noeviction")
    try:
        with pytest.raises(StoreUnavailableError, match="OutOfMemory"):
            store.put_many(map(_entity, range(2, 20_000)))
        assert (list(store.records()), store.stats()) == before
    finally:
        store.client.config_set("maxmemory", 0)
