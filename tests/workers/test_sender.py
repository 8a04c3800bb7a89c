"""Laying records into batches, on a producer that keeps them; the real one is asked by `test_delivery`."""

from __future__ import annotations

import asyncio
import sys

import pytest
from aiokafka import errors as kafka
from aiokafka.producer.message_accumulator import BatchBuilder

from streams.errors import BrokerUnavailableError, PermissionRefusedError, RecordTooLargeError, TopicError
from streams.workers.records import OutputRecord
from streams.workers.sender import BatchSender


class Client:
    """Takes batches as aiokafka's producer does."""

    def __init__(self, *, most=1_000, errors=None, answers=True):
        self.most = most
        self.answers = answers
        self.errors = errors or {}
        self.waited = []
        self.shipped = []
        self.client = self._metadata = self

    async def _wait_on_metadata(self, topic):
        self.waited.append(topic)
        if topic in self.errors:
            raise self.errors[topic]

    async def force_metadata_update(self):
        return self.answers

    def partitions_for_topic(self, topic):
        return None if topic in self.errors else {0, 1, 2}

    available_partitions_for_topic = partitions_for_topic

    def _partitioner(self, key, partitions, available):
        return available[0] if key is None else partitions[len(key) % len(partitions)]

    def create_batch(self):
        return BatchBuilder(self.most, 0)

    async def send_batch(self, builder, topic, *, partition):
        assert builder.closed()
        if f"{topic}/{partition}" in self.errors:
            raise self.errors[f"{topic}/{partition}"]
        self.shipped.append((topic, partition, builder.record_count()))
        future = asyncio.get_running_loop().create_future()
        future.set_result(len(self.shipped))
        return future


class Producer:
    def __init__(self, client, error=None):
        self.client = client
        self.error = error

    async def renew(self):
        raise self.error


def record(topic, key, value=b"v", timestamp=5):
    return OutputRecord(topic, key, value, (("h", b"1"),), timestamp)


async def send(client, *records, most=100_000):
    return await BatchSender(Producer(client), most=most).send(records)


async def test_records_of_one_partition_share_a_batch_and_its_answer():
    client = Client()
    first, second, third, other = await send(
        client, record("a", b"k"), record("a", b"kk"), record("a", b"q", None, None), record("b", None)
    )
    assert client.shipped == [("a", 1, 2), ("a", 2, 1), ("b", 0, 1)]
    assert first is third
    assert len({id(first), id(second), id(other)}) == 3
    assert client.waited == ["a", "b"]


async def test_a_full_batch_goes_out_and_the_next_begins():
    client = Client(most=1_000)
    answers = await send(client, *(record("a", b"k", bytes(400)) for _ in range(5)))
    assert client.shipped == [("a", 1, 2), ("a", 1, 2), ("a", 1, 1)]
    assert [await answer for answer in answers] == [1, 1, 2, 2, 3]


async def test_a_record_larger_than_a_batch_has_one_of_its_own():
    client = Client(most=1_000)
    await send(client, record("a", b"k"), record("a", b"k", bytes(5_000)), record("a", b"k"))
    assert client.shipped == [("a", 1, 1), ("a", 1, 1), ("a", 1, 1)]


async def test_where_a_long_key_belongs_is_not_kept():
    # A worker keeps thousands of places, and a key may have a megabyte.
    key = bytes(100_000)
    before = sys.getrefcount(key)
    await send(Client(), record("a", key))
    assert sys.getrefcount(key) == before


async def test_others_have_their_turn_between_long_keys():
    turns = []

    async def other():
        while True:
            turns.append(len(turns))
            await asyncio.sleep(0)

    others = asyncio.create_task(other())
    await send(Client(), *(record("a", bytes(70_000)) for _ in range(5)))
    others.cancel()
    assert len(turns) >= 5


async def test_what_no_topic_takes_is_not_sent():
    client = Client()
    good, bad = await send(client, record("a", b"k"), record("a", b"k", bytes(5_000)), most=5_000)
    assert isinstance(bad, RecordTooLargeError)
    assert await good == 1


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (kafka.UnknownTopicOrPartitionError(), TopicError),
        (kafka.TopicAuthorizationFailedError("a"), PermissionRefusedError),
    ],
)
async def test_a_topic_that_is_missing_or_forbidden_is_raised(error, expected):
    client = Client(errors={"a": error})
    with pytest.raises(expected, match="write to a"):
        await send(client, record("a", b"k"), record("b", b"k"))
    assert client.waited == ["a"]


async def test_a_broker_that_is_away_is_asked_once_not_once_a_topic():
    client = Client(errors={"a": kafka.KafkaConnectionError()})
    answers = await send(client, record("a", b"k"), record("b", b"k"), record("a", b"k"))
    assert [type(answer) for answer in answers] == [BrokerUnavailableError] * 3
    assert client.waited == ["a"]


async def test_a_topic_is_not_missing_because_nobody_answers():
    # aiokafka says so of a topic that it has not yet written to, when it has asked in vain for long enough.
    client = Client(errors={"a": kafka.UnknownTopicOrPartitionError()}, answers=False)
    [answer] = await send(client, record("a", b"k"))
    assert isinstance(answer, BrokerUnavailableError)
    assert answer.retriable


async def test_a_topic_is_not_missing_that_is_known_after_all():
    client = Client(errors={"a": kafka.UnknownTopicOrPartitionError()})
    client.partitions_for_topic = lambda topic: {0}
    [answer] = await send(client, record("a", b"k"))
    assert isinstance(answer, BrokerUnavailableError)


async def test_a_batch_that_is_not_taken_is_why_its_records_are_not():
    client = Client(errors={"a/1": kafka.KafkaTimeoutError()})
    bad, good = await send(client, record("a", b"k"), record("a", b"kk"))
    assert isinstance(bad, BrokerUnavailableError)
    assert await good == 1


async def test_without_a_producer_nothing_is_taken():
    class Gone(Producer):
        @property
        def client(self):
            raise BrokerUnavailableError("away")

        @client.setter
        def client(self, value):
            pass

    assert [type(answer) for answer in await BatchSender(Gone(None), most=1).send([record("a", b"k")])] == [
        BrokerUnavailableError
    ]


@pytest.mark.parametrize("error", [kafka.KafkaConnectionError(), OSError("x"), asyncio.TimeoutError()])
async def test_a_producer_that_cannot_be_renewed_is_an_error_of_ours(error):
    with pytest.raises(BrokerUnavailableError):
        await BatchSender(Producer(Client(), error), most=1).renew()
