"""Topics as they are, held against what Wasl needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.kafka.topics import DAY, ENVELOPE_BYTES, UNLINKED_BYTES, base64_bytes, topic_limit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.kafka.admin import FoundTopic
    from streams.settings import TopicSettings

__all__ = ["Problem", "find_problems"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A topic that is not as Wasl needs it.

    Attributes:
        topic: Its name.
        message: What is wrong.
        remedy: The command that puts it right.
        fatal: Whether a worker would lose or refuse articles because of it.
    """

    topic: str
    message: str
    remedy: str
    fatal: bool = True


def find_problems(topics: TopicSettings, found: Mapping[str, FoundTopic]) -> tuple[Problem, ...]:
    """Say what is wrong with the topics, the worst first.

    Args:
        topics: Their names.
        found: Those that exist.
    """
    problems = [
        Problem(name, f"Topic {name} does not exist.", "Create it with `wasl topics create`.")
        for name in (topics.raw, topics.enriched, topics.dead, topics.unlinked)
        if name not in found
    ]
    for name in (topics.raw, topics.enriched, topics.dead, topics.unlinked):
        if name in found:
            problems += _retention_problems(found[name], is_keyed=name != topics.dead)
    for name in (topics.enriched, topics.dead, topics.unlinked):
        if name in found:
            problems += _timestamp_problems(found[name])
    if topics.raw in found and topics.dead in found:
        problems += _dead_letter_problems(found[topics.raw], found[topics.dead])
    if topics.raw in found and topics.enriched in found:
        problems += _enriched_problems(found[topics.raw], found[topics.enriched])
    if topics.unlinked in found:
        problems += _unlinked_problems(found[topics.unlinked])
    return tuple(sorted(problems, key=lambda problem: not problem.fatal))


def _retention_problems(topic: FoundTopic, *, is_keyed: bool) -> list[Problem]:
    problems = []
    policy = topic.configs.get("cleanup.policy", "delete")
    if "compact" in policy.split(","):
        why = (
            "it refuses articles without a key, and keeps only the last record of each key"
            if is_keyed
            else "it keeps only the last dead letter of each key"
        )
        problems.append(
            Problem(topic.name, f"{topic.name} is compacted: {why}.", _alter(topic.name, "cleanup.policy", "delete"))
        )
    retention = int(topic.configs.get("retention.ms") or -1)
    if 0 <= retention < DAY:
        problems.append(
            Problem(
                topic.name,
                f"{topic.name} forgets its records after {retention / 3_600_000:g} hours; "
                "what a worker could not read or nobody replayed until then is lost.",
                _alter(topic.name, "retention.ms", str(7 * DAY)),
                fatal=False,
            )
        )
    return problems


def _timestamp_problems(topic: FoundTopic) -> list[Problem]:
    retention = int(topic.configs.get("retention.ms") or -1)
    is_deleted = retention >= 0 and "delete" in topic.configs.get("cleanup.policy", "delete").split(",")
    if not is_deleted or topic.configs.get("message.timestamp.type") != "CreateTime":
        return []
    return [
        Problem(
            topic.name,
            f"{topic.name} goes by the times of articles (message.timestamp.type=CreateTime): what is written about "
            f"one that is older than {retention / DAY:g} days is deleted at once.",
            _alter(topic.name, "message.timestamp.type", "LogAppendTime"),
            fatal=False,
        )
    ]


def _dead_letter_problems(raw: FoundTopic, dead: FoundTopic) -> list[Problem]:
    needed, allowed = base64_bytes(topic_limit(raw.configs)) + ENVELOPE_BYTES, topic_limit(dead.configs)
    if allowed >= needed:
        return []
    return [
        Problem(
            dead.name,
            f"{dead.name} takes records of {allowed} bytes; a dead letter holds a record of {raw.name} "
            f"(at most {topic_limit(raw.configs)} bytes) as Base64 and needs {needed}.",
            _alter(dead.name, "max.message.bytes", str(needed)),
        )
    ]


def _enriched_problems(raw: FoundTopic, enriched: FoundTopic) -> list[Problem]:
    needed, allowed = 2 * topic_limit(raw.configs), topic_limit(enriched.configs)
    if allowed >= needed:
        return []
    return [
        Problem(
            enriched.name,
            f"{enriched.name} takes records of {allowed} bytes; the largest articles of {raw.name} "
            f"({topic_limit(raw.configs)} bytes) grow past that and become dead letters.",
            _alter(enriched.name, "max.message.bytes", str(needed)),
            fatal=False,
        )
    ]


def _unlinked_problems(unlinked: FoundTopic) -> list[Problem]:
    allowed = topic_limit(unlinked.configs)
    if allowed >= UNLINKED_BYTES:
        return []
    return [
        Problem(
            unlinked.name,
            f"{unlinked.name} takes records of {allowed} bytes; a name with its context may have {UNLINKED_BYTES}, "
            "and one that does not fit is left out.",
            _alter(unlinked.name, "max.message.bytes", str(UNLINKED_BYTES)),
            fatal=False,
        )
    ]


def _alter(topic: str, name: str, value: str) -> str:
    return f"Run `kafka-configs.sh --alter --topic {topic} --add-config {name}={value}`."
