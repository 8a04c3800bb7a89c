"""Topics in Kafka: created, read back, and held against what a worker needs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from streams.errors import BrokerUnavailableError, TopicError
from streams.kafka.admin import (
    FoundTopic,
    GroupOffsets,
    create_topics,
    describe_topics,
    find_problems,
    open_admin,
    read_group_offsets,
)
from streams.kafka.producer import Record, open_producer, write_records
from streams.kafka.topics import TopicSpec, declared_topics
from streams.settings import KafkaSettings, Settings, TopicSettings

TOPICS = TopicSettings()
SPECS = declared_topics(Settings())


def found(**changes):
    kinds = ("raw", "enriched", "dead", "unlinked")
    topics = {}
    for kind, spec in zip(kinds, SPECS, strict=True):
        if changes.get(kind, {}) is not None:
            configs = {**spec.configs, **changes.get(kind, {})}
            topics[spec.name] = FoundTopic(spec.name, spec.partitions, configs)
    return topics


PROBLEMS = [
    ({"raw": None}, "articles.raw", "does not exist", "wasl topics create", True),
    ({"unlinked": None}, "entities.unlinked", "does not exist", "wasl topics create", True),
    ({"dead": {"max.message.bytes": "1048588"}}, "articles.dead", "needs 1463656", "max.message.bytes=1463656", True),
    ({"raw": {"max.message.bytes": "2000000"}}, "articles.dead", "(at most 2000000 bytes)", "2732204", True),
    ({"enriched": {"cleanup.policy": "compact"}}, "articles.enriched", "without a key", "policy=delete", True),
    ({"dead": {"cleanup.policy": "delete,compact"}}, "articles.dead", "last dead letter", "policy=delete", True),
    ({"dead": {"retention.ms": "3600000"}}, "articles.dead", "after 1 hours", "retention.ms=604800000", False),
    ({"enriched": {"max.message.bytes": "1048588"}}, "articles.enriched", "grow past", "=2097176", False),
]


@pytest.mark.parametrize(("changes", "topic", "message", "remedy", "fatal"), PROBLEMS)
def test_each_problem_is_named_with_the_command_against_it(changes, topic, message, remedy, fatal):
    problems = [problem for problem in find_problems(TOPICS, found(**changes)) if problem.topic == topic]
    assert len(problems) == 1
    assert message in problems[0].message
    assert remedy in problems[0].remedy
    assert problems[0].fatal is fatal


@pytest.mark.parametrize("retention", ["-1", "86400000"])
def test_long_and_endless_retention_are_fine(retention):
    assert find_problems(TOPICS, found(raw={"retention.ms": retention})) == ()


def test_the_worst_comes_first():
    problems = find_problems(TOPICS, found(raw={"retention.ms": "1"}, unlinked=None))
    assert [problem.fatal for problem in problems] == [True, False]


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
