"""Redis starts, keeps what it is told to keep, and says who it is."""

from __future__ import annotations

import redis

from streams.embedded.redis_ import redis_url as url_of
from streams.embedded.redis_ import start_redis


def test_round_trip(redis_url):
    with redis.Redis.from_url(redis_url, decode_responses=True) as client:
        client.set("اسم", "وصل")
        assert client.get("اسم") == "وصل"
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_each_test_begins_with_an_empty_redis(redis_url):
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0


def test_persistent_data_survives_a_restart(tmp_path):
    with start_redis(tmp_path, persistent=True) as server, redis.Redis.from_url(url_of(server)) as client:
        client.set("kept", "yes")
        server.restart()
        assert client.get("kept") == b"yes"


def test_data_that_is_not_persistent_is_gone_after_a_restart(tmp_path):
    with start_redis(tmp_path) as server, redis.Redis.from_url(url_of(server)) as client:
        client.set("kept", "no")
        server.restart()
        assert client.get("kept") is None


def test_version_is_the_one_the_server_gives(redis_server, redis_url):
    with redis.Redis.from_url(redis_url) as client:
        assert redis_server.version == client.info("server")["redis_version"]
