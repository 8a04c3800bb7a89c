"""The topics of Wasl, declared: what `wasl topics create` makes and what the start-up check expects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from streams.errors import TopicError

if TYPE_CHECKING:
    from streams.settings import Settings, TopicSettings

__all__ = [
    "DAY",
    "ENVELOPE_BYTES",
    "UNLINKED_BYTES",
    "TopicSpec",
    "base64_bytes",
    "declared_topics",
    "missing_topic",
    "topic_limit",
]

DAY: Final = 24 * 60 * 60 * 1000
"""A day in milliseconds, the unit of retention.ms."""

ENVELOPE_BYTES: Final = 65_536
"""Room for what a dead letter says beside the original record: the reason, the ids and the framing."""

UNLINKED_BYTES: Final = 32_768
"""Room for any unlinked name with its context, the id of its article and its headers."""

_DEFAULT_LIMIT: Final = 1_048_588  # Kafka's own default of max.message.bytes
_ENRICHED_GROWTH: Final = 4  # mentions, candidates and labels beside the text that they were found in


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as it should be.

    Attributes:
        name: Its name.
        partitions: How many partitions it is created with; more do no harm.
        configs: What it is created with, by Kafka's names.
    """

    name: str
    partitions: int
    configs: dict[str, str] = field(default_factory=dict)


def base64_bytes(size: int) -> int:
    """Return the length of the Base64 form of ``size`` bytes."""
    return (size + 2) // 3 * 4


def topic_limit(configs: dict[str, str]) -> int:
    """Return max.message.bytes of a topic with these configs, in bytes; Kafka's default where it has none."""
    return int(configs.get("max.message.bytes") or _DEFAULT_LIMIT)


def declared_topics(settings: Settings, *, partitions: int = 8) -> tuple[TopicSpec, ...]:
    """Return the topics in the order raw, enriched, dead, unlinked.

    Args:
        settings: Names of the topics, and how large a raw article may be.
        partitions: Partitions of the raw and the enriched topic: the most workers that can share the work.
    """
    topics, raw_limit = settings.kafka.topics, max(settings.worker.max_record_bytes, _DEFAULT_LIMIT)
    return (
        TopicSpec(topics.raw, partitions, _kept(7, raw_limit)),
        TopicSpec(topics.enriched, partitions, _written(7, raw_limit * _ENRICHED_GROWTH)),
        TopicSpec(topics.dead, 1, _written(30, base64_bytes(raw_limit) + ENVELOPE_BYTES)),
        TopicSpec(topics.unlinked, 1, _written(7, _DEFAULT_LIMIT)),
    )


def missing_topic(name: str, declared: TopicSettings | None = None) -> TopicError:
    """Return the error that a topic does not exist.

    Args:
        name: The topic.
        declared: The topics of the settings; None where the topic is one of them.
    """
    remedy = "Create it with `wasl topics create`."
    if declared is not None and name not in declared.variables:
        remedy = "Name a topic that exists, or create it with Kafka's own tools: it is none of WASL_TOPIC_*."
    return TopicError(f"Topic {name} does not exist.", remedy=remedy)


def _kept(days: int, limit: int) -> dict[str, str]:
    return {"cleanup.policy": "delete", "retention.ms": str(days * DAY), "max.message.bytes": str(limit)}


def _written(days: int, limit: int) -> dict[str, str]:
    # What workers write carries the time of its article, and Kafka would delete it by that.
    return {**_kept(days, limit), "message.timestamp.type": "LogAppendTime"}
