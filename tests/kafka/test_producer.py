"""Written records stand in Kafka as they were given, and what is refused is an error."""

from __future__ import annotations

import pytest

from streams.errors import BrokerUnavailableError, RecordTooLargeError
from streams.kafka.admin import create_topics, open_admin
from streams.kafka.consumer import StoredRecord, open_consumer, read_records
from streams.kafka.producer import Record, open_producer, write_records
from streams.kafka.topics import TopicSpec
from streams.settings import KafkaSettings


@pytest.fixture
def kafka(bootstrap_servers, unique):
    settings = KafkaSettings(bootstrap_servers=bootstrap_servers)
    with open_admin(settings) as admin:
        create_topics(admin, [TopicSpec(unique, 1, {"max.message.bytes": "5000"})])
    return settings


def test_records_stand_as_given(kafka, unique):
    sent = [
        Record(b"\x00value", key=b"\xffkey", headers=(("a", b"1"), ("a", b"")), timestamp=1_001),
        Record(None, key=b"gone", timestamp=0),
        Record(b"", key=None, timestamp=1_700_000_000_000),
    ]
    with open_producer(kafka) as producer:
        written = list(write_records(producer, unique, sent))
    assert [(at.topic, at.partition, at.offset) for at in written] == [(unique, 0, n) for n in range(3)]
    with open_consumer(kafka) as consumer:
        stored = list(read_records(consumer, [unique]))
    assert stored == [
        StoredRecord(unique, 0, number, record.key, record.value, record.headers, record.timestamp)
        for number, record in enumerate(sent)
    ]


def test_more_records_than_may_be_outstanding_keep_their_order(kafka, unique):
    with open_producer(kafka) as producer:
        written = [at.offset for at in write_records(producer, unique, (Record(b"%d" % n) for n in range(2_500)))]
    assert written == list(range(2_500))


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt])
def test_where_the_records_break_off_those_before_are_told(kafka, unique, kind):
    def broken():
        yield from (Record(b"%d" % n) for n in range(3))
        raise kind

    written = []
    with open_producer(kafka) as producer, pytest.raises(kind):
        written.extend(at.offset for at in write_records(producer, unique, broken()))
    assert written == [0, 1, 2]


def test_a_record_that_the_topic_refuses_is_an_error(apache, kafka, unique):
    with open_producer(kafka) as producer, pytest.raises(RecordTooLargeError, match=unique):
        list(write_records(producer, unique, [Record(b"v" * 6_000)]))


def test_a_record_beyond_the_producers_own_limit_is_an_error(kafka, unique):
    records = [Record(b"1"), Record(b"2"), Record(b"v" * 2_000), Record(b"3")]
    written = []
    with open_producer(kafka, max_request_bytes=1_000) as producer, pytest.raises(RecordTooLargeError):
        written.extend(at.offset for at in write_records(producer, unique, records))
    assert written == [0, 1]


def test_a_record_may_be_as_large_as_any_that_workers_read(apache, unique):
    kafka = KafkaSettings(bootstrap_servers=apache.address)
    with open_admin(kafka) as admin:
        create_topics(admin, [TopicSpec(unique, 1, {"max.message.bytes": "51000000"})])
    with open_producer(kafka) as producer:
        assert [at.offset for at in write_records(producer, unique, [Record(b"v" * 50_000_000)])] == [0]


def test_a_broker_that_is_not_there_is_named():
    settings = KafkaSettings(bootstrap_servers="127.0.0.1:1")
    with (
        pytest.raises(BrokerUnavailableError, match=r"127\.0\.0\.1:1"),
        open_producer(settings, connect_timeout=0.5),
    ):
        pass


def test_a_topic_that_is_not_there_is_an_error_and_is_not_made(apache, unique):
    from streams.errors import BrokerError
    from streams.kafka.admin import describe_topics

    settings = KafkaSettings(bootstrap_servers=apache.address)
    missing = f"{unique}.missing"
    with open_producer(settings, timeout=3.0) as producer, pytest.raises(BrokerError, match=missing):
        list(write_records(producer, missing, [Record(b"v")]))
    with open_admin(settings) as admin:
        assert describe_topics(admin, [missing]) == {}


def test_a_producer_that_no_longer_moves_is_given_up(kafka, unique, monkeypatch):
    with open_producer(kafka, timeout=1.5) as producer:
        list(write_records(producer, unique, [Record(b"v")]))
        # As in kafka-python 3.0.7 once a record that was sent has expired: without a number of its own it waits for
        # one, and has asked for none.
        producer._sender._transaction_manager.reset_producer_id()
        monkeypatch.setattr("streams.kafka.producer._GRACE", 0.5)
        with pytest.raises(BrokerUnavailableError, match=unique):
            list(write_records(producer, unique, [Record(b"v")]))
        sender = producer._sender
    assert not sender.is_alive()
