"""What is looked at before a worker starts: the topics, what they take, and whether there is work for it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from streams.errors import PermissionRefusedError, TopicError
from streams.kafka.admin import FoundTopic, describe_topics, open_admin
from streams.kafka.problems import find_problems
from streams.kafka.rights import group_operations, missing_rights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.settings import Settings

__all__ = ["check_partitions", "check_topics"]

_LOG: Final = logging.getLogger(__name__)


def check_topics(settings: Settings) -> dict[str, FoundTopic]:
    """Check that the topics are there, may be used, and can take what a worker writes; lesser problems are logged.

    Returns:
        The topics by name.

    Raises:
        PermissionRefusedError: A right is missing; the message names the first, with the remedy.
        TopicError: A topic is missing or has the wrong shape; likewise.
        BrokerError: Kafka does not say.
    """
    topics, group = settings.kafka.topics, settings.worker.group
    with open_admin(settings.kafka, timeout=30.0) as admin:
        found = describe_topics(admin, (topics.raw, topics.enriched, topics.dead, topics.unlinked))
        in_group = group_operations(admin, group)
    # Rights come first: whoever may not see a topic's configuration would be told that it is wrong.
    needs = [(topic, ("Read" if name == topics.raw else "Write", "DescribeConfigs")) for name, topic in found.items()]
    missing = missing_rights(settings.kafka, needs, (group, in_group))
    for message, remedy in missing:
        _LOG.error(message, extra={"remedy": remedy})
    if len(missing) > 0:
        message, remedy = missing[0]
        raise PermissionRefusedError(f"{message}{_others(missing)}.", remedy=remedy)
    problems = find_problems(topics, found)
    for problem in problems:
        log = _LOG.error if problem.fatal else _LOG.warning
        log(problem.message, extra={"topic": problem.topic, "remedy": problem.remedy})
    fatal = [problem for problem in problems if problem.fatal]
    if len(fatal) > 0:
        raise TopicError(fatal[0].message + _others(fatal), remedy=fatal[0].remedy)
    return found


def check_partitions(raw: FoundTopic, *, worker: int) -> None:
    """Say in the log where a worker is one too many.

    Args:
        raw: The topic of raw articles.
        worker: Number of the worker among those of one command, from 0.
    """
    if worker >= raw.partitions:
        _LOG.warning(
            "this worker reads nothing: there are more workers than partitions",
            extra={
                "topic": raw.name,
                "partitions": raw.partitions,
                "remedy": f"Run fewer with --processes, or give {raw.name} more partitions.",
            },
        )


def _others(found: Sequence[object]) -> str:
    return "" if len(found) == 1 else f" ({len(found) - 1} more in the log)"
