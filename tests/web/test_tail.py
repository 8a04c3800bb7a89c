"""The tail on a real broker."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from streams.errors import BrokerUnavailableError, TopicError
from streams.settings import KafkaSettings, Settings, TopicSettings
from tests.support.web import dead

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.web.tail import KafkaTail


@pytest.fixture
def kafka(bootstrap_servers: str, unique: str) -> KafkaSettings:
    topics = TopicSettings(*(f"{unique}-{name}" for name in ("raw", "enriched", "dead", "unlinked")))
    return KafkaSettings(bootstrap_servers, topics=topics)


@pytest.fixture
def make_topics(kafka: KafkaSettings) -> Callable[[], None]:
    from streams.kafka.admin import create_topics, open_admin
    from streams.kafka.topics import declared_topics

    def make() -> None:
        with open_admin(kafka) as admin:
            create_topics(admin, declared_topics(Settings(kafka=kafka), partitions=2))

    return make


@pytest.fixture
def tail(kafka: KafkaSettings) -> Iterator[KafkaTail]:
    from streams.web.tail import KafkaTail

    made = KafkaTail(kafka)
    yield made
    made.close()


def _send(kafka: KafkaSettings, topic: str, values: list[bytes | None], *, partition: int = 0) -> None:
    from kafka import KafkaProducer

    producer = KafkaProducer(bootstrap_servers=kafka.bootstrap_servers)
    for value in values:
        producer.send(topic, value, key=b"k", partition=partition)
    producer.flush()
    producer.close()


def _take(tail: KafkaTail, enough: Callable[[list[bytes], list[bytes]], bool]) -> tuple[list[bytes], list[bytes], int]:
    enriched: list[bytes] = []
    letters: list[bytes] = []
    skipped = 0
    deadline = time.monotonic() + 20
    while not enough(enriched, letters):
        assert time.monotonic() < deadline, (len(enriched), len(letters))
        arrived = tail.poll()
        enriched += arrived.enriched
        letters += arrived.dead
        skipped += arrived.skipped
    return enriched, letters, skipped


def test_it_begins_near_the_end_and_goes_on_with_what_comes(kafka: Any, make_topics: Any, tail: Any) -> None:
    make_topics()
    _send(kafka, kafka.topics.enriched, [b"old-%d" % number for number in range(20)])
    _send(kafka, kafka.topics.dead, [dead("event.invalid")] * 3)
    enriched, letters, _ = _take(tail, lambda one, other: len(one) >= 8 and len(other) >= 3)
    assert enriched == [b"old-%d" % number for number in range(12, 20)]
    assert len(letters) == 3
    assert tail.poll().enriched == ()
    _send(kafka, kafka.topics.enriched, [b"new", None, b"newer"], partition=1)
    assert _take(tail, lambda one, _: len(one) >= 2)[0] == [b"new", b"newer"]


def test_far_behind_it_jumps_to_the_end(kafka: Any, make_topics: Any, tail: Any) -> None:
    make_topics()
    _send(kafka, kafka.topics.enriched, [b"first"])
    _take(tail, lambda one, _: len(one) == 1)
    _send(kafka, kafka.topics.enriched, [b"%d" % number for number in range(2_000)])
    enriched, _, skipped = _take(tail, lambda one, _: one[-1:] == [b"1999"])
    assert len(enriched) < 1_000
    assert len(enriched) + skipped == 2_000


def test_a_topic_that_is_missing_is_named_and_found_once_it_is_there(kafka: Any, make_topics: Any, tail: Any) -> None:
    with pytest.raises(TopicError, match="does not exist"):
        tail.poll()
    make_topics()
    tail.poll()


def test_a_broker_that_is_away_is_an_error(unused_tcp_port: int) -> None:
    from streams.web.tail import KafkaTail

    tail = KafkaTail(KafkaSettings(f"127.0.0.1:{unused_tcp_port}"))
    with pytest.raises(BrokerUnavailableError):
        tail.poll()
    tail.close()


def test_partitions_that_come_later_are_shown_too(apache: Any, kafka: Any, make_topics: Any, tail: Any) -> None:
    from streams.kafka.admin import open_admin

    make_topics()
    tail.poll()
    with open_admin(kafka) as admin:
        admin.create_partitions({kafka.topics.enriched: 3, kafka.topics.dead: 3})
    _send(kafka, kafka.topics.enriched, [b"new"], partition=2)
    _send(kafka, kafka.topics.dead, [dead("event.invalid")], partition=2)
    enriched, letters, _ = _take(tail, lambda one, other: len(one) >= 1 and len(other) >= 1)
    assert (enriched, len(letters)) == ([b"new"], 1)


def test_letters_that_are_left_are_counted_where_kafka_deleted_those_before(
    apache: Any, kafka: Any, make_topics: Any, tail: Any
) -> None:
    from kafka import TopicPartition

    from streams.kafka.admin import open_admin

    make_topics()
    _send(kafka, kafka.topics.dead, [dead("event.invalid")])
    _take(tail, lambda _, letters: len(letters) >= 1)
    _send(kafka, kafka.topics.dead, [dead("event.invalid")] * 400)
    with open_admin(kafka) as admin:
        admin.delete_records({TopicPartition(kafka.topics.dead, 0): 398})
    tail._consumer.seek(TopicPartition(kafka.topics.dead, 0), 1)  # what it had fetched before
    assert len(_take(tail, lambda _, letters: len(letters) >= 3)[1]) == 3
