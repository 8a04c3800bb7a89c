"""Where a group begins that has no offset yet, or one that Kafka no longer has.

Both client libraries know one rule for the two. A group that begins with what arrives from now on would lose what is
left whenever Kafka deleted the articles at its offset, and what came to a new partition before it was found. So that
rule is for groups that have committed nothing yet; all others go on with the first article that is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from streams.kafka.admin import open_admin, read_group_offsets

if TYPE_CHECKING:
    from streams.settings import KafkaSettings

__all__ = ["find_reset"]


def find_reset(kafka: KafkaSettings, group: str, topic: str, *, from_start: bool) -> Literal["earliest", "latest"]:
    """Return what is to be given to a client library as ``auto_offset_reset``.

    Args:
        kafka: How to reach Kafka.
        group: The consumer group.
        topic: What it reads.
        from_start: Whether a new group begins with the first article.

    Raises:
        BrokerError: Kafka does not say whether the group is new.
    """
    if from_start:
        return "earliest"
    with open_admin(kafka) as admin:
        offsets = read_group_offsets(admin, group, topic)
    return "latest" if all(at.committed is None for at in offsets.values()) else "earliest"
