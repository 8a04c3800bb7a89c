"""Topics as they are in Kafka: made from the declared list, read back, and held against what Wasl needs."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, OffsetSpec
from kafka.errors import for_code
from kafka.structs import TopicPartition

from streams.kafka.client import connect
from streams.kafka.errors import translate
from streams.kafka.rights import allowed_operations, refuse_unseen
from streams.kafka.topics import DAY, ENVELOPE_BYTES, base64_bytes, topic_limit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from streams.kafka.topics import TopicSpec
    from streams.settings import KafkaSettings, TopicSettings

__all__ = [
    "FoundTopic",
    "GroupOffsets",
    "Problem",
    "create_topics",
    "describe_topics",
    "find_problems",
    "open_admin",
    "read_group_offsets",
]

_ALREADY_EXISTS = 36
_UNKNOWN_TOPIC = 3


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic as it is.

    Attributes:
        name: Its name.
        partitions: How many partitions it has.
        configs: All its configs in force, by Kafka's names; sensitive ones are left out.
        allowed: What this client may do with it, as in ``Read``; None where the broker does not say.
    """

    name: str
    partitions: int
    configs: dict[str, str] = field(default_factory=dict)
    allowed: frozenset[str] | None = None


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


@dataclass(frozen=True, slots=True)
class GroupOffsets:
    """How far a group is on one partition.

    Attributes:
        committed: The next offset to be read, or None where the group never committed.
        end: One past the last offset.
    """

    committed: int | None
    end: int


@contextmanager
def open_admin(kafka: KafkaSettings, *, timeout: float = 10.0) -> Iterator[Any]:
    """Open an admin client, and close it at the end.

    Args:
        kafka: How to reach Kafka.
        timeout: How long to look for a broker, in seconds.

    Raises:
        BrokerUnavailableError: No broker answers, or it hangs up on this user.
    """
    admin = connect(KafkaAdminClient, kafka, timeout=timeout)
    try:
        yield admin
    finally:
        admin.close()


def create_topics(admin: Any, specs: Iterable[TopicSpec], *, replication: int = -1) -> list[str]:
    """Create the topics that are missing, and wait until they can be used; existing ones are left as they are.

    Args:
        admin: From `open_admin`.
        specs: The declared topics.
        replication: Copies of each partition; -1 leaves it to the broker.

    Returns:
        Names of the topics that were created.

    Raises:
        BrokerError: A topic could not be created.
    """
    wanted = {
        spec.name: {
            "num_partitions": spec.partitions,
            "replication_factor": replication,
            "configs": spec.configs,
        }
        for spec in specs
    }
    try:
        answer = admin.create_topics(wanted, raise_errors=False)
    except Exception as exc:
        raise translate(exc, doing=f"to create {', '.join(wanted)}") from exc
    created = []
    for topic in answer["topics"]:
        code = topic["error_code"]
        if code == 0:
            created.append(topic["name"])
        elif code != _ALREADY_EXISTS:
            raise translate(for_code(code)(topic["error_message"]), doing=f"to create {topic['name']}")
    if len(created) > 0:
        try:
            admin.wait_for_topics(created)
        except Exception as exc:
            raise translate(exc, doing=f"to show {', '.join(created)} after creating them") from exc
    return created


def describe_topics(admin: Any, names: Iterable[str]) -> dict[str, FoundTopic]:
    """Read which of the topics exist, with their partitions and configs.

    Raises:
        PermissionRefusedError: This user may not even know of some; the message names them.
        BrokerError: Kafka does not say.
    """
    asked = list(names)
    try:
        described = admin.describe_topics(asked)
    except Exception as exc:
        raise translate(exc, doing=f"to describe {', '.join(asked)}") from exc
    refuse_unseen(described)
    for topic in described:
        if topic["error_code"] not in {0, _UNKNOWN_TOPIC}:
            raise translate(for_code(topic["error_code"])(), doing=f"to describe {topic['name']}")
    there = {topic["name"]: topic for topic in described if topic["error_code"] == 0}
    if len(there) == 0:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in there]
    try:
        configs = admin.describe_configs(resources, config_filter="all")["topic"]
    except Exception as exc:
        raise translate(exc, doing=f"to read the configuration of {', '.join(there)}") from exc
    return {
        name: FoundTopic(
            name,
            len(topic["partitions"]),
            {
                key: config["value"]
                for key, config in configs.get(name, {}).items()
                if config["value"] is not None and not config["is_sensitive"]
            },
            allowed_operations(topic),
        )
        for name, topic in there.items()
    }


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
    if topics.raw in found and topics.dead in found:
        problems += _dead_letter_problems(found[topics.raw], found[topics.dead])
    if topics.raw in found and topics.enriched in found:
        problems += _enriched_problems(found[topics.raw], found[topics.enriched])
    return tuple(sorted(problems, key=lambda problem: not problem.fatal))


def read_group_offsets(admin: Any, group: str, topic: str) -> dict[int, GroupOffsets]:
    """Read how far a group is on every partition of a topic; committed offsets are read before the ends.

    Raises:
        BrokerError: Kafka does not say.
    """
    doing = f"the offsets of group {group} on {topic}"
    try:
        committed = admin.list_group_offsets(group)[group]
    except Exception as exc:
        raise translate(exc, doing=doing) from exc
    try:
        described = admin.describe_topics([topic])
    except Exception as exc:
        raise translate(exc, doing=doing) from exc
    partitions = [
        TopicPartition(topic, partition["partition_index"]) for found in described for partition in found["partitions"]
    ]
    if len(partitions) == 0:
        return {}
    try:
        ends = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
    except Exception as exc:
        raise translate(exc, doing=doing) from exc
    return {
        at.partition: GroupOffsets(
            committed=committed[at].offset if at in committed and committed[at].offset >= 0 else None,
            end=ends[at].offset,
        )
        for at in partitions
    }


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


def _alter(topic: str, name: str, value: str) -> str:
    return f"Run `kafka-configs.sh --alter --topic {topic} --add-config {name}={value}`."
