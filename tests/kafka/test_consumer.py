"""Reading topics, to their end and beyond."""

from __future__ import annotations

import time

import pytest

from streams.errors import TopicError
from streams.kafka.admin import create_topics, open_admin
from streams.kafka.consumer import open_consumer, read_records
from streams.kafka.producer import Record, open_producer, write_records
from streams.kafka.topics import TopicSpec
from streams.settings import KafkaSettings


@pytest.fixture(params=["broker", "tansu"])
def kafka(request):
    return KafkaSettings(bootstrap_servers=request.getfixturevalue(request.param).address)


def fill(kafka, topic, values, *, partitions=3):
    with open_admin(kafka) as admin:
        create_topics(admin, [TopicSpec(topic, partitions)])
    with open_producer(kafka, linger=0.2) as producer:
        list(write_records(producer, topic, [Record(b"%d" % value, key=b"%d" % value) for value in values]))


def test_reading_ends_with_the_topics(kafka, unique):
    """Also on the embedded broker, which names the last batch's first offset as the end."""
    one, other, empty = f"{unique}.1", f"{unique}.2", f"{unique}.3"
    fill(kafka, one, range(200))
    fill(kafka, other, range(300), partitions=1)
    fill(kafka, empty, [])
    with open_consumer(kafka) as consumer:
        records = list(read_records(consumer, [one, other, empty]))
        assert list(read_records(consumer, [empty])) == []
    assert sorted(int(record.value) for record in records if record.topic == one) == list(range(200))
    assert [int(record.value) for record in records if record.topic == other] == list(range(300))


def test_following_sees_what_is_written_later(kafka, unique):
    fill(kafka, unique, range(3), partitions=1)
    with open_consumer(kafka) as consumer:
        following = read_records(consumer, [unique], follow=True)
        assert [next(following).value for _ in range(3)] == [b"0", b"1", b"2"]
        fill(kafka, unique, [3])
        assert next(following).value == b"3"


def test_following_reads_partitions_that_come_later(apache, unique):
    kafka = KafkaSettings(bootstrap_servers=apache.address)
    fill(kafka, unique, [0], partitions=1)
    deadline = time.monotonic() + 40

    def look():
        assert time.monotonic() < deadline, "the new partition is not read"

    with open_consumer(kafka) as consumer:
        following = read_records(consumer, [unique], follow=True, on_poll=look)
        assert next(following).value == b"0"
        with open_admin(kafka) as admin:
            admin.create_partitions({unique: 2})
        with open_producer(kafka) as producer:
            list(write_records(producer, unique, [Record(b"new", partition=1)]))
        found = next(following)
        assert (found.partition, found.offset, found.value) == (1, 0, b"new")


def test_reading_from_now_on_skips_what_is_there(apache, unique):
    kafka = KafkaSettings(bootstrap_servers=apache.address)
    fill(kafka, unique, range(3), partitions=1)
    with open_consumer(kafka) as consumer:
        assert list(read_records(consumer, [unique], from_start=False)) == []


def test_a_topic_that_is_not_there_is_named(kafka, unique):
    with open_consumer(kafka) as consumer, pytest.raises(TopicError, match=f"{unique}.nowhere"):
        list(read_records(consumer, [f"{unique}.nowhere"]))


def test_reading_begins_at_a_time(kafka, unique):
    with open_admin(kafka) as admin:
        create_topics(admin, [TopicSpec(unique, 2)])
    with open_producer(kafka) as producer:
        times = [1_000_000, 2_000_000, 3_000_000, 4_000_000]
        records = [Record(b"%d" % at, key=b"%d" % at, timestamp=at) for at in times]
        list(write_records(producer, unique, records))
    with open_consumer(kafka) as consumer:
        found = [int(record.value) for record in read_records(consumer, [unique], since=2_500_000)]
        assert sorted(found) == times[2:]
        assert list(read_records(consumer, [unique], since=9_000_000)) == []
