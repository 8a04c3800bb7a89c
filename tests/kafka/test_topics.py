"""The declared topics can hold one another's records."""

from __future__ import annotations

import base64

import pytest

from streams.kafka.admin import FoundTopic
from streams.kafka.problems import find_problems
from streams.kafka.topics import base64_bytes, declared_topics, topic_limit
from streams.settings import KafkaSettings, Settings, TopicSettings, WorkerSettings


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 1_000_000])
def test_base64_is_as_long_as_said(size):
    assert base64_bytes(size) == len(base64.b64encode(bytes(size)))


@pytest.mark.parametrize("largest", [1_000, 1_000_000, 20_000_000])
def test_what_is_declared_passes_its_own_check(largest):
    settings = Settings(worker=WorkerSettings(max_record_bytes=largest))
    specs = declared_topics(settings, partitions=3)
    found = {spec.name: FoundTopic(spec.name, spec.partitions, spec.configs) for spec in specs}
    assert find_problems(settings.kafka.topics, found) == ()
    assert [spec.partitions for spec in specs] == [3, 3, 1, 1]
    assert topic_limit(specs[0].configs) >= largest


def test_topics_carry_the_names_of_the_settings():
    topics = TopicSettings("r", "e", "d", "u")
    specs = declared_topics(Settings(kafka=KafkaSettings(topics=topics)))
    assert [spec.name for spec in specs] == ["r", "e", "d", "u"]


def test_a_topic_that_says_nothing_has_kafkas_limit():
    assert topic_limit({}) == 1_048_588
