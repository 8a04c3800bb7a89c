"""One contract for all that offsets are asked of: memory, Apache Kafka and the embedded broker."""

from __future__ import annotations

import time

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.structs import OffsetAndMetadata

from streams.errors import BrokerUnavailableError
from streams.kafka.admin import create_topics, open_admin
from streams.kafka.client import connect
from streams.kafka.consumer import open_consumer
from streams.kafka.offsets import Bounds, FirstRecord, KafkaOffsets
from streams.kafka.producer import open_producer
from streams.kafka.spans import Span, write_progress
from streams.kafka.topics import TopicSpec
from streams.lag.memory import MemoryOffsets
from streams.settings import KafkaSettings


class Memory:
    """How the contract fills a cluster in memory."""

    knows_members = True
    deletes_records = True
    keeps_metadata = True

    def __init__(self):
        self.source = self._cluster = MemoryOffsets()

    def create(self, topic, partitions):
        self._cluster.create(topic, partitions=partitions)

    def delete(self, topic):
        self._cluster.delete(topic)

    def write(self, topic, timestamps, *, partition=0):
        self._cluster.append(topic, *timestamps, partition=partition)

    def commit(self, group, topic, offset, *, partition=0, end=None):
        self._cluster.commit(group, topic, offset, partition=partition, end=end)

    def join(self, group, topic):
        self._cluster.join(group, 1)

    def leave(self, group):
        self._cluster.join(group, 0)

    def drop_before(self, topic, offset):
        self._cluster.drop_before(topic, offset)

    def close(self):
        self.source.close()


class Broker:
    """How the contract fills a real cluster."""

    def __init__(self, address, *, is_embedded):
        self.kafka = KafkaSettings(bootstrap_servers=address)
        self.source = KafkaOffsets(self.kafka)
        self.knows_members = self.deletes_records = self.keeps_metadata = not is_embedded
        self._consumers = {}

    def create(self, topic, partitions):
        with open_admin(self.kafka) as admin:
            create_topics(admin, [TopicSpec(topic, partitions)])

    def delete(self, topic):
        with open_admin(self.kafka) as admin:
            admin.delete_topics([topic])

    def write(self, topic, timestamps, *, partition=0):
        # All in one batch, of which the embedded broker counts one record.
        with connect_producer(self.kafka) as producer:
            for timestamp in timestamps:
                producer.send(topic, b"x", partition=partition, timestamp_ms=round(timestamp * 1000))

    def commit(self, group, topic, offset, *, partition=0, end=None):
        at = TopicPartition(topic, partition)
        if end is not None:
            with open_consumer(self.kafka, group=group) as consumer:
                write_progress(consumer, topic, {partition: Span(offset, end)})
            return
        if group in self._consumers:
            self._consumers[group].commit({at: OffsetAndMetadata(offset, "", -1)})
            return
        consumer = connect(KafkaConsumer, self.kafka, group_id=group, enable_auto_commit=False)
        consumer.assign([at])
        consumer.commit({at: OffsetAndMetadata(offset, "", -1)})
        consumer.close()

    def join(self, group, topic):
        consumer = connect(
            KafkaConsumer, self.kafka, group_id=group, enable_auto_commit=False, session_timeout_ms=6_000
        )
        consumer.subscribe([topic])
        deadline = time.monotonic() + 20
        while len(consumer.assignment()) == 0 and time.monotonic() < deadline:
            consumer.poll(timeout_ms=1_000)
        self._consumers[group] = consumer

    def leave(self, group):
        self._consumers.pop(group).close()

    def drop_before(self, topic, offset):
        with open_admin(self.kafka) as admin:
            admin.delete_records({TopicPartition(topic, 0): offset})

    def close(self):
        self.source.close()
        for consumer in self._consumers.values():
            consumer.close()


def connect_producer(kafka):
    return open_producer(kafka, linger=0.2)


@pytest.fixture(params=["memory", "apache", "tansu"])
def cluster(request):
    if request.param == "memory":
        made = Memory()
    else:
        made = Broker(request.getfixturevalue(request.param).address, is_embedded=request.param == "tansu")
    yield made
    made.close()


def without_ids(bounds):
    return {place: (each.earliest, each.end) for place, each in bounds.items()}


def test_a_stretch_counts_until_it_is_done(cluster, unique, eventually):
    if not cluster.keeps_metadata:
        pytest.skip("the embedded broker keeps no metadata of commits")
    topic, group = unique, f"{unique}-g"
    cluster.create(topic, 2)
    cluster.write(topic, [1_600_000_000.0 + number for number in range(10)])
    for partition, offset in ((0, 2), (1, 4)):
        cluster.commit(group, topic, offset, partition=partition, end=5)
    eventually(lambda: cluster.source.committed([group]) == {group: {(topic, 0): 2, (topic, 1): 4}})
    cluster.commit(group, topic, 5, end=5)
    eventually(lambda: cluster.source.committed([group]) == {group: {(topic, 1): 4}})
    cluster.commit(group, topic, 5, partition=1, end=5)
    eventually(lambda: cluster.source.committed([group]) == {group: {}})


def test_commits_bounds_and_first_records(cluster, unique, eventually):
    topic, group = unique, f"{unique}-g"
    cluster.create(topic, 2)
    cluster.write(topic, [1_600_000_000.0 + number for number in range(10)])
    assert group not in cluster.source.groups()
    assert cluster.source.committed([]) == cluster.source.members([]) == cluster.source.bounds([]) == {}

    cluster.commit(group, topic, 4)
    eventually(lambda: group in cluster.source.groups())
    assert cluster.source.committed([group]) == {group: {(topic, 0): 4}}
    assert without_ids(cluster.source.bounds([topic, f"{topic}-none"])) == {(topic, 0): (0, 10), (topic, 1): (0, 0)}
    assert cluster.source.first_records({(topic, 0): 4}) == {(topic, 0): FirstRecord(4, 1_600_000_004.0)}
    assert cluster.source.first_records({}) == {}

    # The same connection sees what changes, also back and forth.
    cluster.write(topic, [1_700_000_000.0], partition=1)
    cluster.write(topic, [1_700_000_001.0])
    assert without_ids(cluster.source.bounds([topic])) == {(topic, 0): (0, 11), (topic, 1): (0, 1)}
    found = cluster.source.first_records({(topic, 0): 10, (topic, 1): 0})
    assert found == {(topic, 0): FirstRecord(10, 1_700_000_001.0), (topic, 1): FirstRecord(0, 1_700_000_000.0)}
    for offset in (9, 0, 3, 3):
        assert cluster.source.first_records({(topic, 0): offset})[topic, 0].offset == offset
    assert cluster.source.cluster() == cluster.source.cluster() != ""


def test_several_groups_are_told_apart(cluster, unique, eventually):
    cluster.create(unique, 1)
    cluster.write(unique, [1.0, 2.0, 3.0])
    groups = [f"{unique}-{number}" for number in range(3)]
    for number, group in enumerate(groups):
        cluster.commit(group, unique, number + 1)
    eventually(lambda: set(groups) <= set(cluster.source.groups()))
    found = cluster.source.committed(groups)
    assert {group: found[group][unique, 0] for group in groups} == {group: at + 1 for at, group in enumerate(groups)}
    # One that is not there has committed nothing.
    assert cluster.source.committed([groups[0], f"{unique}-none"]).get(f"{unique}-none", {}) == {}


def test_members_come_and_go(cluster, unique):
    cluster.create(unique, 1)
    cluster.write(unique, [1.0])
    group = f"{unique}-g"
    cluster.join(group, unique)
    cluster.commit(group, unique, 1)
    assert cluster.source.members([group]) == {group: 1 if cluster.knows_members else None}
    cluster.leave(group)
    assert cluster.source.members([group]) == {group: 0 if cluster.knows_members else None}
    assert cluster.source.committed([group]) == {group: {(unique, 0): 1}}
    assert group in cluster.source.groups()


def test_what_retention_dropped_is_no_longer_there(cluster, unique):
    if not cluster.deletes_records:
        pytest.skip("the embedded broker cannot delete records")
    cluster.create(unique, 1)
    cluster.write(unique, [float(number) for number in range(1, 9)])
    cluster.drop_before(unique, 5)
    assert without_ids(cluster.source.bounds([unique])) == {(unique, 0): (5, 8)}
    assert cluster.source.first_records({(unique, 0): 2}) == {}
    assert cluster.source.first_records({(unique, 0): 5}) == {(unique, 0): FirstRecord(5, 6.0)}


def test_a_topic_that_is_made_anew_is_another(cluster, unique, eventually):
    cluster.create(unique, 1)
    cluster.write(unique, [1.0, 2.0])
    before = cluster.source.bounds([unique])[unique, 0]
    cluster.delete(unique)
    eventually(lambda: cluster.source.bounds([unique]) == {})
    cluster.create(unique, 1)
    eventually(lambda: cluster.source.bounds([unique]) != {})
    after = cluster.source.bounds([unique])[unique, 0]
    assert before.topic_id != after.topic_id
    assert after == Bounds(0, 0, after.topic_id)


def test_markers_of_transactions_are_no_records(apache, unique):
    """On Apache Kafka alone: the embedded broker has no transactions that kafka-python can use."""
    kafka = KafkaSettings(bootstrap_servers=apache.address)
    with open_admin(kafka) as admin:
        create_topics(admin, [TopicSpec(unique, 1)])
    producer = connect(KafkaProducer, kafka, transactional_id=unique)
    producer.init_transactions()
    for timestamp in (1_000, 2_000):
        producer.begin_transaction()
        producer.send(unique, b"x", partition=0, timestamp_ms=timestamp)
        producer.commit_transaction()
    producer.close()
    source = KafkaOffsets(kafka)
    place = (unique, 0)
    # A record, a marker, a record, a marker.
    assert without_ids(source.bounds([unique])) == {place: (0, 4)}
    assert source.first_records({place: 1}) == {place: FirstRecord(2, 2.0)}
    assert source.first_records({place: 3}) == {place: FirstRecord(4, None, is_record=False)}
    source.close()


def test_large_batches_and_many_partitions_are_read_too(apache, unique):
    """More than one fetch brings at once."""
    kafka = KafkaSettings(bootstrap_servers=apache.address)
    with open_admin(kafka) as admin:
        create_topics(admin, [TopicSpec(unique, 16)])
    with open_producer(kafka) as producer:
        for partition in range(16):
            for number in range(3):
                producer.send(unique, b"x" * 90_000, partition=partition, timestamp_ms=1_000 * (number + 1))
    source = KafkaOffsets(kafka)
    found = source.first_records({(unique, partition): partition % 3 for partition in range(16)})
    assert found == {(unique, at): FirstRecord(at % 3, 1.0 + at % 3) for at in range(16)}
    source.close()


def test_nobody_answers():
    source = KafkaOffsets(KafkaSettings(bootstrap_servers="127.0.0.1:1"), timeout=0.2)
    with pytest.raises(BrokerUnavailableError, match=r"127\.0\.0\.1:1"):
        source.groups()
    source.close()
