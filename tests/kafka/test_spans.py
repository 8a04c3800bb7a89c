"""Stretches of topics, against real brokers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streams.kafka.admin import create_topics, open_admin
from streams.kafka.consumer import open_consumer
from streams.kafka.producer import Record, open_producer, write_records
from streams.kafka.spans import Point, Span, find_spans, read_spans
from streams.kafka.topics import TopicSpec
from streams.settings import KafkaSettings

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(params=["apache", "tansu"])
def kafka(request: pytest.FixtureRequest, unique: str) -> KafkaSettings:
    settings = KafkaSettings(request.getfixturevalue(request.param).address)
    with open_admin(settings) as admin:
        create_topics(admin, [TopicSpec(unique, 3)])
    return settings


@pytest.fixture
def write(kafka: KafkaSettings, unique: str) -> Callable[..., None]:
    def run(count: int, *, partition: int) -> None:
        """Write records in one batch."""
        records = [Record(str(number).encode(), b"k", partition=partition) for number in range(count)]
        with open_producer(kafka, linger=0.3) as producer:
            assert len(list(write_records(producer, unique, records))) == count

    return run


def test_a_stretch_reaches_to_the_end_of_the_last_batch(kafka, unique, write) -> None:
    write(2, partition=0)
    write(10, partition=0)
    write(7, partition=1)
    with open_consumer(kafka) as consumer:
        spans = find_spans(consumer, unique, Point(offset=0), Point())
        assert spans == {0: Span(0, 12), 1: Span(0, 7), 2: Span(0, 0)}
        read = [(record.partition, record.offset) for record in read_spans(consumer, unique, spans)]
        assert sorted(read) == [(0, offset) for offset in range(12)] + [(1, offset) for offset in range(7)]
        # And again with what the consumer knows by then.
        write(5, partition=1)
        assert find_spans(consumer, unique, Point(), Point()) == {0: Span(12, 12), 1: Span(12, 12), 2: Span(0, 0)}
