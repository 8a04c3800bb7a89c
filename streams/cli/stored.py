"""Records of a topic as the verbs that show them choose them: since when, and which entities they mention."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from streams.errors import EventError
from streams.events.enriched import decode_enriched_article
from streams.kafka.consumer import open_consumer, read_records
from streams.replay.moments import parse_moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.client.received import Wanted
    from streams.kafka.consumer import StoredRecord
    from streams.settings import KafkaSettings

__all__ = ["stored_records"]


@contextmanager
def stored_records(
    kafka: KafkaSettings,
    topic: str,
    *,
    follow: bool,
    from_start: bool,
    since: str | None,
    wanted: Wanted | None,
) -> Iterator[Iterator[StoredRecord]]:
    """Read a topic outside any consumer group.

    Args:
        kafka: How to reach Kafka.
        topic: The topic.
        follow: Whether to wait for new records for ever.
        from_start: Whether to begin with the first records, where ``since`` is None.
        since: A time as people give it, see `streams.replay.moments`.
        wanted: Only enriched articles that have what is wanted; every record when None.

    Raises:
        InputError: ``since`` is no time.
        TopicError: The topic does not exist.
        BrokerError: Kafka cannot be read.
    """
    begin = None if since is None else parse_moment(since, now=int(time.time() * 1000))
    with open_consumer(kafka) as consumer:
        records = read_records(
            consumer, [topic], follow=follow, from_start=from_start, since=begin, declared=kafka.topics
        )
        yield records if wanted is None else (record for record in records if _has(record, wanted))


def _has(record: StoredRecord, wanted: Wanted) -> bool:
    """Whether a record is an enriched article that is wanted; what is none mentions nobody."""
    if record.value is None:
        return False
    try:
        article = decode_enriched_article(record.value)
    except EventError:
        return False
    return wanted.has(article)
