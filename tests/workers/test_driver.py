"""What is different from Faust's own driver."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from aiokafka import errors as kafka
from faust.exceptions import ProducerSendError
from faust.transport.drivers import aiokafka as faust_driver
from faust.types import TP
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import BrokerUnavailableError, RecordTooLargeError
from streams.workers.driver import ProducerSender, RawSchema, _Consumer, _ConsumerThread
from streams.workers.ledger import Ledger
from streams.workers.records import OutputRecord


class Producer:
    """Takes what `ProducerSender` hands over, as Faust's producer does."""

    def __init__(self, error=None):
        self.error = error
        self.sent = []

    async def send(self, topic, key, value, partition, timestamp, headers):
        if self.error is not None:
            raise ProducerSendError("Error while sending") from self.error
        # The very expression by which Faust turns seconds into milliseconds.
        self.sent.append((topic, key, value, headers, int(timestamp * 1000.0) if timestamp else timestamp))

    async def renew(self):
        raise self.error


async def send(producer, timestamp):
    await ProducerSender(producer).send(OutputRecord("t", b"k", b"v", (("h", b"1"),), timestamp))
    return producer.sent[-1]


@given(st.integers(0, 2**43))
async def test_every_timestamp_arrives_as_it_was(timestamp):
    assert await send(Producer(), timestamp) == ("t", b"k", b"v", [("h", b"1")], timestamp)


async def test_no_timestamp_stays_none():
    assert (await send(Producer(), None))[-1] is None


async def test_faults_name_the_error_behind_fausts():
    with pytest.raises(RecordTooLargeError, match="write to t"):
        await send(Producer(kafka.MessageSizeTooLargeError("big")), 1)


async def test_a_producer_that_cannot_be_renewed_is_an_error_of_ours():
    with pytest.raises(BrokerUnavailableError):
        await ProducerSender(Producer(kafka.KafkaConnectionError())).renew()


@pytest.mark.parametrize("value", [None, b"", b"\xff\x00"])
def test_keys_and_values_stay_bytes(value):
    message = SimpleNamespace(key=value, value=value)
    schema = RawSchema()
    assert schema.loads_key(None, message) is value
    assert schema.loads_value(None, message, loads=None) is value


@pytest.mark.parametrize(
    ("error", "committed"),
    [(None, True), (kafka.CommitFailedError("already rebalanced"), False), (kafka.RequestTimedOutError(), False)],
)
async def test_a_commit_that_is_refused_crashes_nothing(error, committed):
    class Consumer:
        async def commit(self, offsets):
            if error is not None:
                raise error

    thread = _ConsumerThread.__new__(_ConsumerThread)
    thread._consumer = Consumer()
    assert await thread._commit({TP("raw", 0): 5}) is committed


async def test_only_an_assignment_that_came_counts(monkeypatch):
    """Before a worker has joined its group, Kafka takes from it what it never had."""

    async def nothing(*_):
        pass

    monkeypatch.setattr(faust_driver.Consumer, "on_partitions_revoked", nothing)
    monkeypatch.setattr(faust_driver.Consumer, "on_partitions_assigned", nothing)
    told = []
    consumer = _Consumer.__new__(_Consumer)
    consumer.ledger, consumer.on_assignment = Ledger(), told.append
    await consumer.on_partitions_revoked(set())
    await consumer.on_partitions_assigned({TP("raw", 0), TP("raw", 2)}, 1)
    await consumer.on_partitions_revoked({TP("raw", 0), TP("raw", 2)})
    await consumer.on_partitions_assigned(set(), 2)
    assert told == [None, frozenset({0, 2}), None, frozenset()]
