"""Topics in Kafka: created and read back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from streams.errors import BrokerUnavailableError, TopicError
from streams.kafka.admin import (
    GroupOffsets,
    create_topics,
    describe_topics,
    open_admin,
    read_group_offsets,
)
from streams.kafka.problems import find_problems
from streams.kafka.producer import Record, open_producer, write_records
from streams.kafka.topics import TopicSpec, declared_topics
from streams.settings import KafkaSettings, Settings, TopicSettings

SPECS = declared_topics(Settings())


def test_topics_are_created_once_and_read_back(bootstrap_servers, unique):
    kafka = KafkaSettings(bootstrap_servers=bootstrap_servers)
    specs = [replace(spec, name=f"{unique}.{number}") for number, spec in enumerate(SPECS)]
    names = [spec.name for spec in specs]
    with open_admin(kafka) as admin:
        assert describe_topics(admin, names) == {}
        assert create_topics(admin, specs[:1]) == names[:1]
        assert create_topics(admin, specs) == names[1:]
        topics = describe_topics(admin, names)
    for spec in specs:
        assert topics[spec.name].partitions == spec.partitions
        assert spec.configs.items() <= topics[spec.name].configs.items()
    assert find_problems(TopicSettings(*names), topics) == ()


def test_a_topic_that_kafka_cannot_make_is_an_error(apache, unique):
    with (
        open_admin(KafkaSettings(bootstrap_servers=apache.address)) as admin,
        pytest.raises(TopicError, match="no topic/name"),
    ):
        create_topics(admin, [TopicSpec("no topic/name", 1)])


def test_a_config_that_kafka_does_not_know_is_an_error(apache, unique):
    with (
        open_admin(KafkaSettings(bootstrap_servers=apache.address)) as admin,
        pytest.raises(TopicError, match="retention"),
    ):
        create_topics(admin, [TopicSpec(unique, 1, {"retention.ms": "soon"})])


def test_a_broker_that_is_not_there_is_named():
    with (
        pytest.raises(BrokerUnavailableError, match=r"127\.0\.0\.1:1"),
        open_admin(KafkaSettings(bootstrap_servers="127.0.0.1:1"), timeout=0.5),
    ):
        pass


def test_a_groups_offsets_are_read_by_partition(apache, unique, eventually):
    from kafka import OffsetAndMetadata, TopicPartition

    kafka = KafkaSettings(bootstrap_servers=apache.address)
    with open_admin(kafka) as admin:
        create_topics(admin, [TopicSpec(unique, 2)])
        with open_producer(kafka) as producer:
            written = list(write_records(producer, unique, [Record(b"v", key=b"k")] * 3))
        at = written[0].partition

        def offsets():
            try:
                return read_group_offsets(admin, unique, unique)
            except BrokerUnavailableError:  # a new broker makes its topic of offsets when the first group asks
                return {}

        eventually(lambda: offsets() == {at: GroupOffsets(None, 3), 1 - at: GroupOffsets(None, 0)})
        admin.alter_group_offsets(unique, {TopicPartition(unique, at): OffsetAndMetadata(2, "", -1)})
        assert offsets() == {at: GroupOffsets(2, 3), 1 - at: GroupOffsets(None, 0)}
        assert read_group_offsets(admin, unique, f"{unique}.nowhere") == {}
