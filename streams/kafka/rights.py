"""What this client may do with topics and groups, as the broker itself says when it describes them.

No right to see access rules is needed for that, as `kafka-acls.sh --list` needs one: KIP-430 lets a broker add to a
description what the asking client is allowed. Brokers without rights allow everything; some do not say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams.errors import BrokerUnavailableError, PermissionRefusedError
from streams.kafka.errors import translate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from streams.kafka.admin import FoundTopic
    from streams.settings import KafkaSettings

__all__ = ["allowed_operations", "group_operations", "missing_rights", "refuse_unseen", "rights_remedy"]

_FORBIDDEN: Final = 29


def allowed_operations(description: Mapping[str, Any]) -> frozenset[str] | None:
    """Return what this client may do with what was described, as ``Read`` or ``DescribeConfigs``.

    Args:
        description: Of a topic or a group, as kafka-python gives it.

    Returns:
        The operations, or None where the broker does not say. Whoever sees a description may at least describe, so
        that none at all says nothing.
    """
    found: Sequence[str] | None = description.get("authorized_operations")
    if found is None or len(found) == 0:
        return None
    return frozenset(name.title().replace("_", "") for name in found)


def refuse_unseen(topics: Iterable[Mapping[str, Any]]) -> None:
    """Say of which topics this client may not even know.

    Args:
        topics: Descriptions, as kafka-python gives them.

    Raises:
        PermissionRefusedError: There are some; the message names them.
    """
    unseen = sorted(topic["name"] for topic in topics if topic["error_code"] == _FORBIDDEN)
    if len(unseen) > 0:
        raise PermissionRefusedError(
            f"This user has no right at all on {', '.join(unseen)}.", remedy=rights_remedy("topic", unseen[0])
        )


def group_operations(admin: Any, group: str) -> frozenset[str] | None:
    """Return what this client may do with a group, or None where the broker does not say.

    It does not of a group that is not there, nor while the group has no coordinator.

    Args:
        admin: From `streams.kafka.admin.open_admin`.
        group: Name of the group.

    Raises:
        BrokerError: Kafka cannot be asked.
    """
    try:
        described = admin.describe_groups([group])
    except ValueError:
        return None  # Tansu names operations that there are not, and kafka-python reads them into its own
    except Exception as exc:
        error = translate(exc, doing=f"to describe the group {group}")
        if isinstance(error, PermissionRefusedError):
            return frozenset()
        if isinstance(error, BrokerUnavailableError):
            return None  # a new cluster makes its topic of offsets when the first group asks, which a worker waits for
        raise error from exc
    return allowed_operations(described[group])


def missing_rights(
    kafka: KafkaSettings, topics: Iterable[tuple[FoundTopic, Iterable[str]]], group: tuple[str, frozenset[str] | None]
) -> list[tuple[str, str]]:
    """Return each right that is missing: what may not be done, and the command that allows it.

    Args:
        kafka: Who this client is.
        topics: Topics with the operations that each needs.
        group: A group that is read in, with what is allowed there.
    """
    user = kafka.sasl_username if kafka.sasl_username != "" else None
    wanted = [("topic", topic.name, topic.allowed, operation) for topic, needs in topics for operation in needs]
    wanted.append(("group", *group, "Read"))
    return [
        (
            f"{'This user' if user is None else user} has no right to {operation} on the {kind} {name}",
            rights_remedy(kind, name, user=user, operation=operation),
        )
        for kind, name, allowed, operation in wanted
        if allowed is not None and operation not in allowed
    ]


def rights_remedy(kind: str, name: str, *, user: str | None = None, operation: str = "…") -> str:
    """Return the command that gives a right.

    Args:
        kind: ``topic`` or ``group``.
        name: Its name.
        user: Who lacks it, where that is known.
        operation: What is to be allowed, where that is known.
    """
    return (
        f"Run `kafka-acls.sh --bootstrap-server … --add --allow-principal User:{'…' if user is None else user} "
        f"--operation {operation} --{kind} {name}`; ops/security/kafka-acls.sh lists what each user needs."
    )
