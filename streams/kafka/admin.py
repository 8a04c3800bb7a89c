"""Topics as they are in Kafka: made from the declared list, and read back with the offsets of groups."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, OffsetSpec
from kafka.errors import for_code
from kafka.structs import TopicPartition

from streams.errors import TopicError
from streams.kafka.client import connect
from streams.kafka.errors import translate
from streams.kafka.rights import allowed_operations, refuse_unseen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.kafka.topics import TopicSpec
    from streams.settings import KafkaSettings

__all__ = [
    "FoundTopic",
    "GroupOffsets",
    "count_partitions",
    "create_topics",
    "delete_group",
    "describe_topics",
    "open_admin",
    "read_group_offsets",
]

_ALREADY_EXISTS = 36
_TOO_MANY_COPIES = 38
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
        elif code == _TOO_MANY_COPIES:
            raise _too_many_copies(admin, topic["name"], replication)
        elif code != _ALREADY_EXISTS:
            raise translate(for_code(code)(topic["error_message"]), doing=f"to create {topic['name']}")
    if len(created) > 0:
        try:
            admin.wait_for_topics(created)
        except Exception as exc:
            raise translate(exc, doing=f"to show {', '.join(created)} after creating them") from exc
    return created


def count_partitions(admin: Any, names: Iterable[str]) -> dict[str, int]:
    """Read how many partitions those of the topics have that exist.

    Raises:
        PermissionRefusedError: This user may not even know of some; the message names them.
        BrokerError: Kafka does not say.
    """
    return {name: len(topic["partitions"]) for name, topic in _described(admin, names).items()}


def describe_topics(admin: Any, names: Iterable[str]) -> dict[str, FoundTopic]:
    """Read which of the topics exist, with their partitions and configs.

    Raises:
        PermissionRefusedError: This user may not even know of some; the message names them.
        BrokerError: Kafka does not say.
    """
    there = _described(admin, names)
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


def _described(admin: Any, names: Iterable[str]) -> dict[str, Any]:
    asked = list(names)
    if len(asked) == 0:
        return {}  # Kafka would describe all
    try:
        described = admin.describe_topics(asked)
    except Exception as exc:
        raise translate(exc, doing=f"to describe {', '.join(asked)}") from exc
    refuse_unseen(described)
    for topic in described:
        if topic["error_code"] not in {0, _UNKNOWN_TOPIC}:
            raise translate(for_code(topic["error_code"])(), doing=f"to describe {topic['name']}")
    return {topic["name"]: topic for topic in described if topic["error_code"] == 0}


def _too_many_copies(admin: Any, topic: str, replication: int) -> TopicError:
    try:
        brokers = len(admin.describe_cluster()["brokers"])
    except Exception as exc:
        raise translate(exc, doing="to say how many brokers there are") from exc
    wanted = "the broker's own default of copies" if replication == -1 else f"{replication} copies of each partition"
    there = "1 broker is" if brokers == 1 else f"{brokers} brokers are"
    return TopicError(
        f"Topic {topic} cannot have {wanted}: {there} there, and each holds one copy.",
        remedy=f"Give --replication {brokers}{'' if brokers == 1 else ' or less'}.",
    )


def delete_group(admin: Any, group: str) -> None:
    """Delete a group without members, with all that it has committed; one that is not there is no error.

    Raises:
        BrokerError: Kafka does not answer.
    """
    try:
        admin.delete_groups([group])
    except Exception as exc:
        raise translate(exc, doing=f"to delete group {group}") from exc


def read_group_offsets(admin: Any, group: str, topic: str) -> dict[int, GroupOffsets]:
    """Read how far a group is on every partition of a topic; committed offsets are read before the ends.

    A topic that does not exist has none.

    Raises:
        BrokerError: Kafka does not say.
    """
    doing = f"the offsets of group {group} on {topic}"
    try:
        committed = admin.list_group_offsets(group)[group]
    except Exception as exc:
        raise translate(exc, doing=doing) from exc
    partitions = [
        TopicPartition(topic, partition["partition_index"])
        for found in _described(admin, [topic]).values()
        for partition in found["partitions"]
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
