"""The ends of the topics of enriched articles and dead letters, read outside any group: nothing is committed.

Whatever the workers write, the page shows a few of it: where more comes than it can show, reading jumps to the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kafka import KafkaConsumer, TopicPartition

from streams.kafka.client import connect
from streams.kafka.consumer import NEWS_MS, take_up_new
from streams.kafka.errors import translate
from streams.kafka.topics import missing_topic
from streams.web.ports import Arrived

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.settings import KafkaSettings

__all__ = ["KafkaTail"]

_TIMEOUT: Final = 5.0
_WAIT_MS: Final = 500
_RECORDS: Final = 100  # of one poll
_BEHIND: Final = 200  # records; further behind, a partition is read from near its end
_ENRICHED_BACK: Final = 8  # records of each partition that are shown when the page starts
_DEAD_BACK: Final = 5_000
_FETCH_BYTES: Final = 2_000_000


class KafkaTail:
    """A `streams.web.ports.Tail` on Kafka.

    Args:
        kafka: Where Kafka is, and the names of the topics.
    """

    def __init__(self, kafka: KafkaSettings) -> None:
        self._kafka = kafka
        self._consumer: Any = None

    def poll(self) -> Arrived:
        """Return what came since the last call.

        Raises:
            BrokerError: Kafka cannot be read, or a topic is missing.
        """
        topics = self._kafka.topics
        try:
            if self._consumer is None:
                self._consumer = self._begin()
            take_up_new(self._consumer, (topics.enriched, topics.dead))
            skipped = self._keep_up(topics.enriched)
            polled = self._consumer.poll(timeout_ms=_WAIT_MS, max_records=_RECORDS)
        except BaseException as exc:
            self.close()
            if isinstance(exc, Exception):
                raise translate(exc, doing=f"to read {topics.enriched} and {topics.dead}") from exc
            raise
        records = sorted(
            (record for found in polled.values() for record in found),
            key=lambda record: (record.timestamp or 0, record.partition, record.offset),
        )
        return Arrived(
            enriched=tuple(
                _value(each) for each in records if each.topic == topics.enriched and each.value is not None
            ),
            dead=tuple(_value(each) for each in records if each.topic == topics.dead and each.value is not None),
            skipped=skipped,
        )

    def close(self) -> None:
        """Close the consumer; the next look opens another."""
        if self._consumer is not None:
            self._consumer.close()
            self._consumer = None

    def _begin(self) -> Any:
        topics = self._kafka.topics
        consumer = connect(
            KafkaConsumer,
            self._kafka,
            timeout=_TIMEOUT,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",  # where Kafka has deleted what would come next
            fetch_max_bytes=_FETCH_BYTES,
            max_partition_fetch_bytes=_FETCH_BYTES // 4,
            metadata_max_age_ms=NEWS_MS,
        )
        try:
            places = [
                TopicPartition(topic, number)
                for topic in (topics.enriched, topics.dead)
                for number in sorted(consumer.partitions_for_topic(topic) or ())
            ]
            _check_topics(places, (topics.enriched, topics.dead))
            consumer.assign(places)
            first, ends = consumer.beginning_offsets(places), consumer.end_offsets(places)
            for place in places:
                back = _DEAD_BACK if place.topic == topics.dead else _ENRICHED_BACK
                consumer.seek(place, max(first[place], ends[place] - back))
        except BaseException:
            consumer.close()
            raise
        return consumer

    def _keep_up(self, topic: str) -> int:
        skipped = 0
        for place in self._consumer.assignment():
            end = self._consumer.highwater(place)
            if place.topic != topic or end is None:
                continue
            behind = end - self._consumer.position(place)
            if behind > _BEHIND:
                self._consumer.seek(place, end - _ENRICHED_BACK)
                skipped += behind - _ENRICHED_BACK
        return skipped


def _check_topics(places: Iterable[TopicPartition], topics: Iterable[str]) -> None:
    missing = set(topics) - {place.topic for place in places}
    if len(missing) > 0:
        raise missing_topic(min(missing))


def _value(record: Any) -> bytes:
    return bytes(record.value)
