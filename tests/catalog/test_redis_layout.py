"""What ``docs/reference/redis-layout.md`` promises to other programs, read with bare commands of Redis."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

import pytest

from streams.catalog.redis_ import RedisStore, connect
from streams.events.change import CatalogChange
from streams.events.edit import CatalogEdit
from streams.events.entity import Alias, Entity
from streams.settings import RedisSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redis import Redis

_NVIDIA = Entity("Q182477", "organization", {"en": "Nvidia", "ar": "إنفيديا"}, {"en": (Alias("NVDA", 3),)})


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """A client that decodes, over a catalogue that was imported and edited."""
    client = connect(RedisSettings(url=redis_url))
    store = RedisStore(client)
    lei = {"lei": "549300S4KLFTLO7GSQ80", "ticker": ("NVDA", "NVD")}
    store.put_many([_NVIDIA, Entity("Q1", "other", {"en": "Old"}), Entity("Q2", "other", {"en": "New"})])
    store.apply(CatalogChange("set", "Q182477", entity=Entity(**{**_fields(_NVIDIA), "external_ids": lei})))
    store.apply(CatalogChange("merge", "Q1", into="Q2", author="ann"))
    store.apply(CatalogChange("merge", "Q2", into="Q182477", author="ann", reason="same"))
    store.apply(CatalogEdit("block", "Q182477", alias="old"))
    client.close()
    decoding = connect(RedisSettings(url=f"{redis_url}?decode_responses=True"))
    yield decoding
    decoding.close()


def _fields(entity: Entity) -> dict[str, object]:
    return {name: getattr(entity, name) for name in Entity.__dataclass_fields__}


def _build(redis: Redis) -> str:
    return f"wasl:v:{redis.get('wasl:live') or '0'}"


def test_an_entity_by_id_and_by_an_id_that_was_merged(redis: Redis) -> None:
    build = _build(redis)
    assert redis.hget(f"{build}:redirects", "Q1") == "Q182477"
    entity = json.loads(redis.hget(f"{build}:entities", "Q182477") or "")
    assert entity["labels"] == {"en": "Nvidia", "ar": "إنفيديا"}
    assert sorted((redis.hget(f"{build}:merged", "Q182477") or "").split()) == ["Q1", "Q2"]
    assert json.loads(redis.hget(f"{build}:marks", "Q182477") or "") == {"blocked": ["old"]}


def test_ids_by_name(redis: Redis) -> None:
    build = _build(redis)
    buckets = int(redis.hget(f"{build}:info", "buckets") or 0)

    def ids(folded: str) -> list[str]:
        key = f"{build}:names:{zlib.crc32(folded.encode()) % buckets}"
        _, found = redis.hscan(key, 0, match=f"{folded}\0*", count=1_000)
        return [field.rpartition("\0")[2] for field in found]

    assert ids("انفيديا") == ids("nvda") == ids("new") == ["Q182477"]
    assert ids("old") == []


def test_ids_by_an_id_elsewhere(redis: Redis) -> None:
    build = _build(redis)
    buckets = int(redis.hget(f"{build}:info", "buckets") or 0)

    def ids(scheme: str, value: str) -> list[str]:
        wanted = f"{scheme}\0{value}"
        key = f"{build}:external:{zlib.crc32(wanted.encode()) % buckets}"
        _, found = redis.hscan(key, 0, match=f"{wanted}\0*", count=1_000)
        return [field.rpartition("\0")[2] for field in found]

    assert ids("lei", "549300S4KLFTLO7GSQ80") == ids("ticker", "NVD") == ids("ticker", "NVDA") == ["Q182477"]
    assert ids("lei", "X") == []


def test_the_log(redis: Redis) -> None:
    sequences = redis.lrange("wasl:log:Q1", 0, -1)
    assert sequences == ["3", "4"]
    [(_, fields)] = redis.xrange("wasl:log", "4-0", "4-0")
    assert json.loads(fields["what"])["reason"] == "same"
    assert fields["ids"].split() == ["Q1", "Q182477", "Q2"]
