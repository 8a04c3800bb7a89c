"""Stretches of topics, and progress on them."""

from __future__ import annotations

import pytest
from kafka import TopicPartition

from streams.kafka.admin import create_topics, open_admin
from streams.kafka.consumer import open_consumer
from streams.kafka.producer import Record, open_producer, write_records
from streams.kafka.spans import Point, Span, find_spans, read_progress, read_spans, write_progress
from streams.kafka.topics import TopicSpec
from streams.settings import KafkaSettings

_COUNT = 300


@pytest.fixture(params=["broker", "tansu"])
def kafka(request, unique):
    return _filled(request.getfixturevalue(request.param).address, unique)


@pytest.fixture
def apache_kafka(apache, unique):
    return _filled(apache.address, unique)


def _filled(address, topic):
    kafka = KafkaSettings(bootstrap_servers=address)
    with open_admin(kafka) as admin:
        create_topics(admin, [TopicSpec(topic, 3)])
    records = [Record(b"%d" % number, partition=number % 2) for number in range(_COUNT)]
    with open_producer(kafka, linger=0.2) as producer:
        list(write_records(producer, topic, records))
    return kafka


def _delete(kafka, topic, *, before):
    with open_admin(kafka) as admin:
        admin.delete_records({TopicPartition(topic, 0): before})


def test_a_stretch_to_the_present_end_has_every_record(kafka, unique):
    """Also on the embedded broker, which counts the last batch as one record."""
    with open_consumer(kafka) as consumer:
        spans = find_spans(consumer, unique, Point(offset=0), Point())
        found = [int(record.value) for record in read_spans(consumer, unique, spans)]
        assert spans == {0: Span(0, 150), 1: Span(0, 150), 2: Span(0, 0)}
        assert sorted(found) == list(range(_COUNT))
        # And again with what the consumer knows by then.
        with open_producer(kafka, linger=0.2) as producer:
            list(write_records(producer, unique, [Record(b"more", partition=1)] * 5))
        assert find_spans(consumer, unique, Point(), Point()) == {0: Span(150, 150), 1: Span(155, 155), 2: Span(0, 0)}


def test_what_is_left_is_read_where_the_first_records_of_a_stretch_are_gone(apache_kafka, unique):
    _delete(apache_kafka, unique, before=100)
    with open_consumer(apache_kafka) as consumer:
        found = [record.offset for record in read_spans(consumer, unique, {0: Span(50, 150)})]
    assert found == list(range(100, 150))


def test_a_stretch_ends_where_kafka_lost_the_end_of_its_log(apache_kafka, unique):
    with open_consumer(apache_kafka, group=unique) as consumer:
        write_progress(consumer, unique, {0: Span(140, 900), 1: Span(20, 30)})
        spans = read_progress(consumer, unique)
        assert spans == {0: Span(140, 150), 1: Span(20, 30)}
        assert len(list(read_spans(consumer, unique, spans))) == 20
