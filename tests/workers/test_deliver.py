"""Delivery against a broker that refuses, stumbles and goes away."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from aiokafka import errors as kafka

from streams.errors import BrokerUnavailableError, DeliveryError, PermissionRefusedError, TopicError
from streams.events.dead import decode_dead_letter
from streams.events.ids import RecordPosition
from streams.settings import TopicSettings
from streams.workers.deliver import Courier
from streams.workers.records import InputRecord, Outcome, OutputRecord, Rules
from tests.support.linker import LINKER, fake_link


class Broker:
    """Takes records, or does what ``script`` says: a list of answers by record value."""

    def __init__(self, **script):
        self.script = {name.encode(): list(answers) for name, answers in script.items()}
        self.taken = []
        self.sent = []
        self.renewals = 0

    async def send(self, records):
        return [self._answer(record) for record in records]

    def _answer(self, record):
        name = record.value if record.topic != "articles.dead" else b"letter"
        self.sent.append(name)
        answer = self.script.get(name, [])
        error = answer.pop(0) if len(answer) > 0 else None
        if isinstance(error, tuple):
            return error[0]
        future = asyncio.get_running_loop().create_future()
        if error is None:
            self.taken.append(record)
            future.set_result(None)
        else:
            future.set_exception(error)
        return future

    async def renew(self):
        self.renewals += 1


def outcome(*values):
    source = InputRecord(RecordPosition("articles.raw", 0, len(values[0])), b"k", values[0].encode(), (), 9)
    topics = ("articles.enriched", "entities.unlinked")
    return Outcome(
        "enriched",
        source,
        tuple(OutputRecord(topic, b"k", value.encode(), (), 9) for topic, value in zip(topics, values, strict=False)),
    )


async def deliver(broker, *outcomes, jitter=0.5):
    waits = []
    retries = []

    async def sleep(seconds):
        waits.append(seconds)

    rules = Rules(TopicSettings(), LINKER, fake_link, lambda: 0.0)
    courier = Courier(
        broker, rules, now=lambda: "2026-05-01T00:00:00Z", sleep=sleep, on_retry=retries.append, jitter=lambda: jitter
    )
    return await courier.settle(await courier.post(outcomes)), waits, retries


def values(broker):
    return [record.value for record in broker.taken if record.topic != "articles.dead"]


async def test_all_is_taken_at_once():
    broker = Broker()
    outcomes = [outcome("a", "name"), outcome("bb")]
    assert await deliver(broker, *outcomes) == (outcomes, [], [])
    assert values(broker) == [b"a", b"name", b"bb"]
    assert broker.renewals == 0


async def test_what_cannot_be_taken_just_now_is_sent_again_in_order_with_growing_waits():
    away = kafka.NotLeaderForPartitionError()
    broker = Broker(a=[away, away, away], ccc=[away])
    outcomes = [outcome("a"), outcome("bb"), outcome("ccc")]
    delivered, waits, retries = await deliver(broker, *outcomes)
    assert delivered == outcomes
    assert broker.sent == [b"a", b"bb", b"ccc", b"a", b"ccc", b"a", b"a"]
    assert waits == [0.2, 0.4, 0.8]
    assert retries == ["broker.unavailable"] * 4


@pytest.mark.parametrize(("jitter", "expected"), [(0.0, [0.1, 0.2]), (1.0, [0.3, 0.6])])
async def test_waits_are_spread(jitter, expected):
    away = kafka.NotLeaderForPartitionError()
    _, waits, _ = await deliver(Broker(a=[away, away]), outcome("a"), jitter=jitter)
    assert waits == pytest.approx(expected)


async def test_what_is_not_even_taken_is_sent_again():
    broker = Broker(a=[(BrokerUnavailableError("away"),), (BrokerUnavailableError("away"),)])
    _, waits, _ = await deliver(broker, *(outcome(name) for name in ("a", "bb", "ccc")))
    assert broker.sent == [b"a", b"bb", b"ccc", b"a", b"a"]
    assert waits == [0.2, 0.4]


async def test_an_answer_that_records_share_is_each_ones():
    class Whole(Broker):
        """Takes or refuses all records together, as Kafka does with a batch."""

        async def send(self, records):
            return [(await super().send(records))[0]] * len(records)

    broker = Whole(a=[kafka.NotLeaderForPartitionError()])
    delivered, _, retries = await deliver(broker, outcome("a"), outcome("bb"))
    assert [one.kind for one in delivered] == ["enriched", "enriched"]
    assert retries == ["broker.unavailable"] * 2
    assert broker.sent == [b"a", b"bb"] * 2


async def test_a_batch_that_is_refused_is_sent_again_one_by_one():
    refused = kafka.MessageSizeTooLargeError()
    broker = Broker(a=[refused], bb=[refused], ccc=[kafka.OutOfOrderSequenceNumber()])
    outcomes = [outcome("a"), outcome("bb"), outcome("ccc")]
    delivered, _, _ = await deliver(broker, *outcomes)
    assert delivered == outcomes
    assert values(broker) == [b"a", b"bb", b"ccc"]
    assert broker.renewals == 1


async def test_a_record_that_is_refused_alone_becomes_a_dead_letter():
    refused = kafka.MessageSizeTooLargeError()
    broker = Broker(bb=[refused, refused])
    first, bad, last = outcome("a"), outcome("bb", "name"), outcome("ccc")
    delivered, _, _ = await deliver(broker, first, bad, last)
    assert [one.kind for one in delivered] == ["enriched", "dead", "enriched"]
    assert delivered[1].code == "broker.record_too_large"
    [letter] = [record for record in broker.taken if record.topic == "articles.dead"]
    assert letter.timestamp is None
    value = decode_dead_letter(letter.value)
    assert (value.origin.value, value.origin.timestamp) == (b"bb", 9)
    assert value.failure.stage == "sending"


async def test_names_beside_a_refused_article_are_not_sent_again():
    refused = kafka.InvalidTimestampError()
    broker = Broker(bb=[refused] * 4, name=[refused])
    delivered, _, _ = await deliver(broker, outcome("bb", "name"))
    assert [one.kind for one in delivered] == ["dead"]
    assert broker.sent.count(b"name") == 1


async def test_a_name_whose_timestamp_is_refused_goes_without_it():
    broker = Broker(name=[kafka.InvalidTimestampError()] * 4)
    one = outcome("bb", "name")
    delivered, _, _ = await deliver(broker, one)
    assert delivered == [one]
    assert [(record.value, record.timestamp) for record in broker.taken] == [(b"bb", 9), (b"name", None)]


async def test_a_refusal_that_is_not_the_records_fault_is_tried_three_times_alone():
    broker = Broker(a=[kafka.InvalidProducerEpoch()] * 3)
    one = outcome("a")
    delivered, _, retries = await deliver(broker, one)
    assert delivered == [one]
    assert broker.renewals == 3
    assert retries == ["broker.delivery"] * 2


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (kafka.UnknownTopicOrPartitionError(), TopicError),
        (kafka.TopicAuthorizationFailedError("articles.enriched"), PermissionRefusedError),
        (kafka.ClusterAuthorizationFailedError(), PermissionRefusedError),
    ],
)
async def test_what_is_no_records_fault_is_raised(error, expected):
    broker = Broker(a=[error])
    with pytest.raises(expected, match=r"articles\.enriched"):
        await deliver(broker, outcome("a"), outcome("bb"))


async def test_a_missing_topic_is_raised_at_once():
    broker = Broker(a=[(TopicError("There is no such topic."),)])
    with pytest.raises(TopicError):
        await deliver(broker, outcome("a"), outcome("bb"))
    assert broker.sent == [b"a", b"bb"]


async def test_a_dead_letter_that_is_refused_is_raised():
    broker = Broker(a=[kafka.MessageSizeTooLargeError()] * 2, letter=[kafka.MessageSizeTooLargeError()])
    with pytest.raises(DeliveryError, match=r"articles\.dead.*articles\.raw-0-1"):
        await deliver(broker, outcome("a"))


@pytest.mark.parametrize("error", [kafka.MessageSizeTooLargeError(), kafka.InvalidTimestampError()])
async def test_a_name_that_is_refused_for_good_is_left_out_and_those_beside_it_are_not(error):
    broker = Broker(name=[error] * 9, other=[error])
    one = outcome("a", "name")
    given = replace(one, records=(*one.records, replace(one.records[1], value=b"other")))
    delivered, _, _ = await deliver(broker, given, outcome("bb", "last"))
    assert [(each.kind, each.left_out, len(each.records)) for each in delivered] == [
        ("enriched", 1, 2),
        ("enriched", 0, 2),
    ]
    assert sorted(values(broker)) == [b"a", b"bb", b"last", b"other"]


async def test_a_dead_letter_stays_one_when_it_is_sent_again():
    broker = Broker(letter=[kafka.RequestTimedOutError()])
    bad = outcome("a")
    bad = replace(bad, kind="dead", records=(replace(bad.records[0], topic="articles.dead"),))
    delivered, _, _ = await deliver(broker, bad)
    assert delivered == [bad]
