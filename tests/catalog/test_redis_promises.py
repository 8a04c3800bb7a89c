"""A Redis is asked for what the catalogue rests on, and each setting that is another is named."""

from __future__ import annotations

from contextlib import closing

import pytest
from redis import Redis
from redis.exceptions import ResponseError, TimeoutError  # noqa: A004 - Redis's own

from streams.catalog.redis_ import connect
from streams.catalog.redis_promises import broken_promises
from streams.embedded.redis_ import redis_url as url_of
from streams.embedded.redis_ import start_redis
from streams.errors import StoreUnavailableError
from streams.settings import RedisSettings


@pytest.fixture
def client(redis_url):
    """The Redis of all tests, whose settings are put back."""
    with closing(connect(RedisSettings(redis_url))) as found:
        names = ("appendonly", "appendfsync", "maxmemory-policy")
        before = {name: found.config_get(name)[name] for name in names}
        yield found
        for name, value in before.items():
            found.config_set(name, value)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, []),
        ({"appendfsync": "everysec"}, ["Redis has appendfsync everysec: edits of the last seconds"]),
        ({"maxmemory-policy": "allkeys-lru"}, ["Redis has maxmemory-policy allkeys-lru: it removes parts"]),
        ({"appendonly": "no", "appendfsync": "no"}, ["Redis has appendonly no: it writes no change to disk"]),
        ({"appendonly": "no", "maxmemory-policy": "volatile-lru"}, ["Redis has appendonly", "Redis has maxmemory-pol"]),
    ],
)
def test_what_is_not_as_it_should_be_is_named(client, settings, said):
    asked = {"appendonly": "yes", "appendfsync": "always", "maxmemory-policy": "noeviction"} | settings
    for name, value in asked.items():
        client.config_set(name, value)
    found = broken_promises(client)
    assert [promise.message[: len(text)] for promise, text in zip(found, said, strict=True)] == said
    assert all("redis-cli config set" in promise.remedy for promise in found)


def test_the_redis_of_wasl_up_promises_all(tmp_path):
    with start_redis(tmp_path, persistent=True) as server, closing(connect(RedisSettings(url_of(server)))) as client:
        assert broken_promises(client) == ()


def test_a_redis_that_may_not_be_asked_is_told(client, redis_url):
    client.execute_command("ACL", "SETUSER", "managed", "on", "nopass", "~*", "+@all", "-config")
    try:
        with closing(Redis.from_url(redis_url.replace("://", "://managed:x@"))) as asking:
            (promise,) = broken_promises(asking)
    finally:
        client.execute_command("ACL", "DELUSER", "managed")
    assert promise.message.startswith("Redis cannot be asked whether it keeps the catalogue: ")
    assert "appendonly yes, appendfsync always, maxmemory-policy noeviction" in promise.remedy


class _Answers:
    def __init__(self, answer):
        self._answer = answer

    def config_get(self, _name):
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@pytest.mark.parametrize("answer", [{}, ResponseError("unknown command 'CONFIG'")])
def test_a_service_without_the_command_is_told(answer):
    (promise,) = broken_promises(_Answers(answer))
    assert "cannot be asked" in promise.message


def test_a_redis_that_is_away_is_another_error():
    with pytest.raises(StoreUnavailableError):
        broken_promises(_Answers(TimeoutError()))
