"""One contract of both streams, with an event loop and without, against a real Kafka."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest
from kafka import TopicPartition

from streams.client import Received, Wanted, read_articles, read_articles_async
from streams.errors import BrokerError, BrokerUnavailableError, EventError
from streams.kafka.admin import create_topics, open_admin, read_group_offsets
from streams.kafka.producer import Record, open_producer, write_records
from streams.kafka.topics import TopicSpec
from streams.settings import KafkaSettings, TopicSettings
from tests.client.articles import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.embedded.server import Server

IDLE = 6.0
"""Seconds, long enough for a group to form."""


class HandlerError(Exception):
    """What goes wrong in a consumer's own code."""


def read_sync(handle: Callable[[Received], None], kafka: KafkaSettings, *, count: int, **options: object) -> int:
    with read_articles(kafka, idle=IDLE, **options) as articles:
        for at, received in enumerate(articles, 1):
            handle(received)
            if at == count:
                break
    return articles.duplicates


def read_async(handle: Callable[[Received], None], kafka: KafkaSettings, *, count: int, **options: object) -> int:
    async def run() -> int:
        at = 0
        async with read_articles_async(kafka, idle=IDLE, **options) as articles:
            async for received in articles:
                handle(received)
                at += 1
                if at == count:
                    break
        return articles.duplicates

    return asyncio.run(run())


@pytest.fixture(params=[read_sync, read_async], ids=["sync", "async"])
def read(request: pytest.FixtureRequest) -> Callable[..., int]:
    return request.param


@pytest.fixture
def kafka(bootstrap_servers: str, unique: str) -> KafkaSettings:
    """A broker with a topic of two partitions, which no other test has."""
    settings = KafkaSettings(bootstrap_servers, topics=TopicSettings(enriched=unique))
    with open_admin(settings) as admin:
        create_topics(admin, [TopicSpec(unique, 2)])
    return settings


def write(kafka: KafkaSettings, *records: Record) -> None:
    with open_producer(kafka) as producer:
        assert len(list(write_records(producer, kafka.topics.enriched, records))) == len(records)


def test_each_article_once_and_a_group_goes_on_where_it_was(read, kafka: KafkaSettings, unique: str) -> None:
    write(kafka, *(record(number) for number in (1, 2, 3)), record(2))
    found: list[str] = []
    duplicates = read(lambda received: found.append(received.article.article.article_id), kafka, group=unique, count=4)
    assert sorted(found) == ["a1", "a2", "a3"]
    assert duplicates == 1
    write(kafka, record(4))
    found.clear()
    read(lambda received: found.append(received.id), kafka, group=unique, count=1)
    assert found == ["e4"]


def test_a_group_that_forms_slowly_is_waited_for(tansu: Server, unique: str) -> None:
    """The embedded broker takes five seconds, which are no sign that there is nothing."""
    kafka = KafkaSettings(tansu.address, topics=TopicSettings(enriched=unique))
    with open_admin(kafka) as admin:
        create_topics(admin, [TopicSpec(unique, 2)])
    write(kafka, record(1))

    async def run() -> list[str]:
        async with read_articles_async(kafka, group=unique, idle=0.5) as articles:
            return [received.id async for received in articles]

    assert asyncio.run(run()) == ["e1"]


def test_an_article_that_was_not_handled_comes_again(read, kafka: KafkaSettings, unique: str) -> None:
    same_key = [Record(made.value, b"k", made.headers) for made in map(record, (1, 2, 3))]
    write(kafka, *same_key)
    found: list[str] = []

    def fail_at_the_second(received: Received) -> None:
        if received.id == "e2":
            raise HandlerError
        found.append(received.id)

    with pytest.raises(HandlerError):
        read(fail_at_the_second, kafka, group=unique, count=3)
    read(lambda received: found.append(received.id), kafka, group=unique, count=2)
    assert found == ["e1", "e2", "e3"]


def test_a_group_that_begins_at_the_end_keeps_its_place_before_it_has_handled_anything(
    read, kafka: KafkaSettings, unique: str
) -> None:
    write(kafka, record(1))
    found: list[str] = []
    options = {"group": unique, "from_start": False, "count": 1}
    read(lambda received: found.append(received.id), kafka, **options)
    assert found == []
    write(kafka, record(2))
    read(lambda received: found.append(received.id), kafka, **options)
    assert found == ["e2"]


def test_what_a_group_that_began_at_the_end_had_in_hand_comes_again(
    read, kafka: KafkaSettings, unique: str, eventually
) -> None:
    write(kafka, record(1))
    found: list[str] = []
    options = {"group": unique, "from_start": False, "count": 1}

    def has_begun() -> bool:
        with open_admin(kafka) as admin, suppress(BrokerError):
            return all(at.committed is not None for at in read_group_offsets(admin, unique, unique).values())
        return False

    def write_when_it_has_begun() -> None:
        eventually(has_begun, within=30)
        write(kafka, record(2))

    def fail(received: Received) -> None:
        found.append(received.id)
        raise HandlerError

    writer = Thread(target=write_when_it_has_begun)
    writer.start()
    try:
        with pytest.raises(HandlerError):
            read(fail, kafka, **options)
    finally:
        writer.join()
    read(lambda received: found.append(received.id), kafka, **options)
    assert found == ["e2", "e2"]


def _with_topic(apache: Server, name: str) -> KafkaSettings:
    kafka = KafkaSettings(apache.address, topics=TopicSettings(enriched=name))
    with open_admin(kafka) as admin:
        create_topics(admin, [TopicSpec(name, 1)])
    return kafka


def test_a_group_that_began_at_the_end_loses_nothing_that_is_left_when_its_offset_is_gone(
    read, apache: Server, unique: str
) -> None:
    kafka = _with_topic(apache, unique)
    found: list[str] = []
    options = {"group": unique, "from_start": False, "count": 2}
    read(lambda received: found.append(received.id), kafka, **options)  # a new one, which keeps its place
    write(kafka, *(record(number) for number in range(4)))
    with open_admin(kafka) as admin:
        admin.delete_records({TopicPartition(unique, 0): 2})
    read(lambda received: found.append(received.id), kafka, **options)
    assert found == ["e2", "e3"]


def test_a_group_that_began_at_the_end_reads_all_of_a_partition_that_came_later(
    read, apache: Server, unique: str
) -> None:
    kafka = _with_topic(apache, unique)
    found: list[str] = []
    options = {"group": unique, "from_start": False, "count": 1}
    read(lambda received: found.append(received.id), kafka, **options)
    with open_admin(kafka) as admin:
        admin.create_partitions({unique: 2})
    write(kafka, replace(record(1), partition=1))
    read(lambda received: found.append(received.id), kafka, **options)
    assert found == ["e1"]


def test_partitions_go_from_member_to_member_with_what_was_handled(
    read, apache: Server, unique: str, eventually
) -> None:
    kafka = KafkaSettings(apache.address, topics=TopicSettings(enriched=unique))
    with open_admin(kafka) as admin:
        create_topics(admin, [TopicSpec(unique, 2)])
    found: list[list[str]] = [[], []]
    written: list[str] = []
    stop = Event()

    def member(number: int) -> None:
        def handle(received: Received) -> None:
            found[number].append(received.id)
            if stop.is_set():
                raise HandlerError

        with suppress(HandlerError):
            read(handle, kafka, group=unique, count=10_000)

    def write_on() -> None:
        with open_producer(kafka) as producer:
            for number in range(10_000):
                if stop.wait(0.02):
                    break
                made = record(number)
                list(write_records(producer, unique, [replace(made, partition=number % 2)]))
                written.append(f"e{number}")

    with ThreadPoolExecutor(3) as pool:
        tasks = [pool.submit(write_on), pool.submit(member, 0)]
        try:
            eventually(lambda: len(found[0]) > 20, within=30)
            tasks.append(pool.submit(member, 1))
            # The first member reads on beside the second one.
            eventually(lambda: len(found[1]) > 20, within=30)
            before = len(found[0])
            eventually(lambda: len(found[0]) > before + 20, within=30)
        finally:
            stop.set()
        for task in tasks:
            task.result()
    assert set(written) - {each for one in found for each in one} <= set(written[-40:])
    assert len(set(found[0]) & set(found[1])) <= 2


def test_only_what_is_wanted_and_broken_records_are_told_of(read, kafka: KafkaSettings, unique: str) -> None:
    write(kafka, record(1), record(2, entity_id="Q2"), Record(b"{", b"k"))
    found: list[str] = []
    told: list[bytes] = []
    options = {"wanted": Wanted(entities=("Q2",)), "count": 2}
    read(
        lambda received: found.append(received.id),
        kafka,
        group=unique,
        on_broken=lambda _, data: told.append(data),
        **options,
    )
    assert found == ["e2"]
    assert told == [b"{"]
    with pytest.raises(EventError):
        read(lambda _: None, kafka, group=f"{unique}-2", **options)


def test_a_broker_that_is_away_is_named(read, unique: str) -> None:
    with pytest.raises(BrokerUnavailableError, match=r"127\.0\.0\.1:1"):
        read(lambda _: None, KafkaSettings("127.0.0.1:1"), group=unique, count=1)


def test_a_topic_named_apart(read, kafka: KafkaSettings, unique: str) -> None:
    write(kafka, record(1))
    other = KafkaSettings(kafka.bootstrap_servers)
    found: list[str] = []
    read(lambda received: found.append(received.id), other, group=unique, topic=kafka.topics.enriched, count=1)
    assert found == ["e1"]
