"""Every error of redis-py has a place in our tree."""

from __future__ import annotations

import inspect

import pytest
from redis import exceptions

from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.redis_errors import ERRORS, map_error, redis_errors
from streams.errors import CatalogError, ConflictError, InputError, StoreUnavailableError
from streams.settings import RedisSettings

_ALL = sorted(
    (kind for _, kind in inspect.getmembers(exceptions, inspect.isclass) if issubclass(kind, exceptions.RedisError)),
    key=lambda kind: kind.__name__,
)
# Those that pass when Redis comes back, by the names that redis-py gives them.
_AWAY = {
    "BusyLoadingError", "ClusterDownError", "ClusterError", "ConnectionError", "MasterDownError", "MaxConnectionsError",
    "OutOfMemoryError", "ReadOnlyError", "TimeoutError", "TryAgainError", "SlotNotCoveredError", "MasterNotFoundError",
}  # fmt: skip


@pytest.mark.parametrize("kind", _ALL, ids=lambda kind: kind.__name__)
def test_every_error_is_mapped(kind: type[exceptions.RedisError]) -> None:
    error = kind.__new__(kind)
    mapped = map_error(error, "Doing it")
    assert isinstance(mapped, CatalogError)
    assert kind.__name__ in mapped.message
    assert mapped.remedy != ""
    if kind.__name__ in _AWAY:
        assert mapped.retriable


def test_no_row_is_hidden_behind_one_above() -> None:
    for row, (kind, _, _) in enumerate(ERRORS):
        assert not any(issubclass(kind, earlier) for earlier, _, _ in ERRORS[:row])


def test_the_kinds_are_told_apart() -> None:
    assert isinstance(map_error(exceptions.WatchError(), "x"), ConflictError)
    assert isinstance(map_error(ConnectionResetError("gone"), "x"), StoreUnavailableError)
    assert not map_error(exceptions.AuthenticationError("no"), "x").retriable


def test_a_redis_that_fills_up_within_a_transaction_is_full() -> None:
    aborted = exceptions.ExecAbortError("Transaction discarded because of: OOM command not allowed")
    assert "Give Redis more memory" in str(map_error(aborted, "x"))
    assert map_error(aborted, "x").retriable
    assert not map_error(exceptions.ExecAbortError("Transaction discarded because of: ERR"), "x").retriable


def test_what_is_no_text_is_an_error_of_who_gave_it(redis_url: str) -> None:
    client = connect(RedisSettings(url=redis_url))
    store = RedisStore(client)
    for look in (store.search, store.find, store.record, lambda text: store.find_external("lei", text)):
        with pytest.raises(InputError, match=r"failed: 'a\\udcff' cannot be written as UTF-8"):
            look("a\udcff")
    client.close()


def test_others_pass_through() -> None:
    with pytest.raises(KeyError), redis_errors("x"):
        raise KeyError("x")


def test_a_redis_that_is_away_is_named_without_its_password(unused_tcp_port: int) -> None:
    client = connect(RedisSettings(url=f"redis://user:s3cret@127.0.0.1:{unused_tcp_port}/0"), timeout=0.2)
    with pytest.raises(StoreUnavailableError) as caught:
        RedisStore(client).version()
    assert "s3cret" not in str(caught.value)
    assert "WASL_REDIS_URL" in str(caught.value)
