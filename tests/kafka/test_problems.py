"""Topics held against what a worker needs."""

from __future__ import annotations

import pytest

from streams.kafka.admin import FoundTopic
from streams.kafka.problems import find_problems
from streams.kafka.topics import declared_topics
from streams.settings import Settings, TopicSettings

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


CREATED = {"message.timestamp.type": "CreateTime"}

PROBLEMS = [
    ({"raw": None}, "articles.raw", "does not exist", "wasl topics create", True),
    ({"unlinked": None}, "entities.unlinked", "does not exist", "wasl topics create", True),
    ({"dead": {"max.message.bytes": "1048588"}}, "articles.dead", "needs 1463656", "max.message.bytes=1463656", True),
    ({"raw": {"max.message.bytes": "2000000"}}, "articles.dead", "(at most 2000000 bytes)", "2732204", True),
    ({"enriched": {"cleanup.policy": "compact"}}, "articles.enriched", "without a key", "policy=delete", True),
    ({"dead": {"cleanup.policy": "delete,compact"}}, "articles.dead", "last dead letter", "policy=delete", True),
    ({"dead": {"retention.ms": "3600000"}}, "articles.dead", "after 1 hours", "retention.ms=604800000", False),
    ({"enriched": {"max.message.bytes": "1048588"}}, "articles.enriched", "grow past", "=2097176", False),
    ({"unlinked": {"max.message.bytes": "9000"}}, "entities.unlinked", "is left out", "bytes=32768", False),
    ({"enriched": CREATED}, "articles.enriched", "older than 7 days", "timestamp.type=LogAppendTime", False),
    ({"dead": CREATED}, "articles.dead", "older than 30 days", "timestamp.type=LogAppendTime", False),
    ({"unlinked": CREATED}, "entities.unlinked", "older than 7 days", "timestamp.type=LogAppendTime", False),
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


def test_times_of_articles_are_fine_where_nothing_is_deleted_by_them():
    assert find_problems(TOPICS, found(raw=CREATED, enriched={**CREATED, "retention.ms": "-1"})) == ()


def test_the_worst_comes_first():
    problems = find_problems(TOPICS, found(raw={"retention.ms": "1"}, unlinked=None))
    assert [problem.fatal for problem in problems] == [True, False]
