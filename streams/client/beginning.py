"""Where a group begins that has no offset yet, or one that Kafka no longer has.

Both client libraries know one rule for the two. A group that begins with what arrives from now on would lose what is
left whenever Kafka deleted the articles at its offset, and what came to a new partition before it was found. So that
rule is for groups that have committed nothing yet; all others go on with the first article that is there.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, Literal

from kafka.errors import CoordinatorNotAvailableError

from streams.errors import BrokerUnavailableError
from streams.kafka.admin import open_admin, read_group_offsets

if TYPE_CHECKING:
    from streams.kafka.admin import GroupOffsets
    from streams.settings import KafkaSettings

__all__ = ["find_reset"]

# Kafka makes the topic that keeps offsets when a cluster's first group is asked for, and has no answer until then.
_FIRST_GROUP_WITHIN: Final = 30.0
_PAUSE: Final = 0.2


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
        offsets = _offsets(admin, group, topic)
    return "latest" if all(at.committed is None for at in offsets.values()) else "earliest"


def _offsets(admin: Any, group: str, topic: str) -> dict[int, GroupOffsets]:
    ends = time.monotonic() + _FIRST_GROUP_WITHIN
    while True:
        try:
            return read_group_offsets(admin, group, topic)
        except BrokerUnavailableError as exc:
            if not isinstance(exc.__cause__, CoordinatorNotAvailableError) or time.monotonic() > ends:
                raise
        time.sleep(_PAUSE)
