"""Redis killed, failed over, filled up or cut off while the catalogue is changed: nothing half is ever seen."""

from __future__ import annotations

import socket
import threading
from contextlib import closing, contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING

import pytest

from streams.catalog import redis_switch
from streams.catalog.forms import indexed_names
from streams.catalog.records import EMPTY_SUM, change_sum, version_name
from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.store import Request
from streams.embedded.redis_ import redis_url, start_redis
from streams.errors import StoreUnavailableError
from streams.events.change import CatalogChange
from streams.events.edit import CatalogEdit
from streams.events.entity import Entity
from streams.settings import RedisSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from streams.catalog.store import AnyChange
    from streams.embedded.server import Server


def _entity(number: int) -> Entity:
    return Entity(f"Q{number}", "person", {"en": f"Name {number}"}, external_ids={"n": str(number)})


def _edit(number: int) -> AnyChange:
    """Edits of every kind, none of which is refused after the one before it."""
    kinds: tuple[AnyChange, ...] = (
        CatalogChange("set", f"Q{number}", entity=_entity(number)),
        CatalogChange("merge", f"Q{number - 1}", into="Q1"),
        CatalogEdit("block", "Q1", alias=f"Name {number}"),
        # Merging brought it that name.
        CatalogEdit("boost", "Q1", alias=f"Name {number - 3}", count=number),
    )
    return kinds[number % 4]


@contextmanager
def _opened(url: str) -> Iterator[RedisStore]:
    with closing(connect(RedisSettings(url=url), timeout=2.0)) as client:
        yield RedisStore(client, buckets=8)


def check_whole(store: RedisStore) -> None:
    """Everything that the store holds fits together: records, version, indexes, log and stream."""
    records = {record.id: record for record in store.records()}
    stats = store.stats()
    assert version_name(change_sum(EMPTY_SUM, come=records.values())) == stats.version == store.version()
    names = {(name, record.id) for record in records.values() for name in indexed_names(record)}
    assert stats.names == len(names)
    assert all(entity_id in store.find(name) for name, entity_id in names)
    for record in records.values():
        if record.redirect is not None:
            assert records[record.redirect].entity is not None
            assert record.id in store.merged_into(record.redirect)
    [last] = store.log(limit=1)
    assert (last.sequence, last.version) == (stats.sequence, stats.version)
    assert store.changes_since(stats.sequence - 1)[0].version == stats.version


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Redis of our own that writes to disk, and that may be killed."""
    with start_redis(tmp_path_factory.mktemp("own"), persistent=True) as server:
        yield server


@pytest.fixture
def store(own: Server) -> Iterator[RedisStore]:
    with _opened(redis_url(own)) as store:
        store.client.flushall()
        store.put_many(map(_entity, range(1, 4)))
        yield store


def test_killed_during_an_import(own: Server, store: RedisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (list(store.records()), store.stats())
    monkeypatch.setattr(redis_switch, "LEASE", 500)

    def given() -> Iterator[Entity]:
        for number in range(1, 3_000):
            if number == 1_700:
                own.kill()
            yield _entity(number)

    with pytest.raises(StoreUnavailableError, match="Importing a catalogue failed"):
        store.put_many(given(), replace=True)
    own.restart()
    assert (list(store.records()), store.stats()) == before
    check_whole(store)
    while store.client.get(store.keys.importing) is not None:
        threading.Event().wait(0.02)
    store.put_many(map(_entity, range(1, 20)))
    check_whole(store)
    assert {key.split(b":")[2] for key in store.client.keys("wasl:v:*")} == {b"1", b"3"}


@pytest.mark.parametrize("batch", [1, 50])
def test_killed_during_edits(own: Server, store: RedisStore, batch: int) -> None:
    acknowledged = 0
    began = threading.Event()

    def kill() -> None:
        began.wait(10)
        own.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    numbers = count(4)
    while True:
        try:
            outcomes = store.apply_many([Request(_edit(next(numbers))) for _ in range(batch)])
        except StoreUnavailableError:
            break
        assert all(isinstance(outcome, int) for outcome in outcomes)
        acknowledged += batch
        if acknowledged >= 200:
            began.set()
    killer.join()
    own.restart()
    check_whole(store)
    done = store.stats().sequence - 1
    # What was acknowledged is there; of the batch whose answer was lost, all or nothing.
    assert done in {acknowledged, acknowledged + batch}
    edits = [change.change for change in store.changes_since(1)]
    assert edits == [_edit(number) for number in range(4, 4 + done)]


def test_failed_over(own: Server, store: RedisStore, tmp_path: Path, eventually: Callable[..., None]) -> None:
    with start_redis(tmp_path) as second, _opened(redis_url(second)) as replica:
        replica.client.replicaof("127.0.0.1", own.port)
        eventually(lambda: replica.client.info("replication")["master_link_status"] == "up")
        failed = threading.Event()

        def edit() -> None:
            with _opened(redis_url(own)) as mine, suppress(StoreUnavailableError):
                for number in count(4):
                    mine.apply(_edit(number))
            failed.set()

        editor = threading.Thread(target=edit)
        editor.start()
        eventually(lambda: replica.stats().sequence > 50)
        # Imports fail over as edits do: what was begun is never seen on the other side.
        with pytest.raises(StoreUnavailableError):
            store.put_many(_dying(own))
        editor.join()
        assert failed.is_set()
        replica.client.replicaof("NO", "ONE")
        check_whole(replica)
        done = replica.stats().sequence - 1
        assert [change.change for change in replica.changes_since(1)] == [_edit(n) for n in range(4, 4 + done)]
        replica.apply(CatalogEdit("block", "Q1", alias="more"))
        check_whole(replica)
    own.restart()


def _dying(server: Server) -> Iterator[Entity]:
    for number in range(1, 3_000):
        if number == 1_700:
            server.kill()
        yield _entity(number)


def test_filled_up_during_edits(store: RedisStore) -> None:
    used = int(store.client.info("memory")["used_memory"])
    store.client.config_set("maxmemory", used + 300_000)
    try:
        with pytest.raises(StoreUnavailableError, match=r"OutOfMemory.*Give Redis more memory"):
            _fill(store)
        # Whoever reads, workers above all, does not suffer for it.
        check_whole(store)
        before = store.stats()
        store.client.config_set("maxmemory", used)
        for refused in (
            lambda: store.apply(CatalogEdit("block", "Q1", alias="more")),
            lambda: store.put_many([_entity(1)]),
            store.rollback,
        ):
            with pytest.raises(StoreUnavailableError, match="Give Redis more memory"):
                refused()
        check_whole(store)
    finally:
        store.client.config_set("maxmemory", 0)
    assert store.stats() == before
    store.apply(CatalogEdit("block", "Q1", alias="more"))
    check_whole(store)


def _fill(store: RedisStore) -> None:
    for number in range(4, 100_000):
        store.apply(CatalogChange("set", f"Q{number}", entity=_entity(number)))


class _Cutter:
    """A way to Redis that lets a transaction through once, and cuts the line before its answer."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near, socket.create_connection(self._target) as far, suppress(OSError):
            while len(data := near.recv(1 << 20)) > 0:
                far.sendall(data)
                answer = far.recv(1 << 20)
                if b"EXEC" in data and b"XADD" in data and self.cuts == 0:
                    self.cuts += 1
                    return
                near.sendall(answer)


def test_a_change_whose_answer_is_lost_is_done_once(own: Server, store: RedisStore) -> None:
    cutter = _Cutter(own.port)
    with _opened(f"redis://127.0.0.1:{cutter.port}/0") as mine:
        split = CatalogEdit("split", "Q1", into="local:new", names={"en": ("Name 1",)})
        store.apply(CatalogChange("set", "Q1", entity=Entity("Q1", "person", {"en": "Name 1", "ar": "اسم"})))
        # Worked out again it would be refused, since the name has moved already.
        assert mine.apply(split) == 3
    cutter.close()
    assert cutter.cuts == 1
    assert store.stats().sequence == 3
    assert store.find("name 1") == ("local:new",)
    check_whole(store)
