"""The broker of a run: a real Apache Kafka with topics of our own, filled with the same records for every program."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aiokafka import TopicPartition
from kafka import KafkaConsumer
from kafka import TopicPartition as Partition

from bench.inputs import stream
from streams.embedded.apache import ApacheConfig, start_apache
from streams.embedded.options import EmbeddedOptions
from streams.events.article import encode_raw_article
from streams.kafka.admin import create_topics, open_admin
from streams.kafka.producer import Record, open_producer, write_records
from streams.kafka.topics import declared_topics
from streams.settings import KafkaSettings, Settings, TopicSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Self

__all__ = ["DIFFERENT", "PARTITIONS", "Broker", "records"]

PARTITIONS: Final = 4
"""Partitions of the topics of raw and enriched articles."""

DIFFERENT: Final = 300
"""Texts that the records have in turn."""

# The embedded broker is made to start quickly; this one is to run well.
_JVM: Final = ("-Xms1g", "-Xmx1g", "-XX:+UseG1GC")


def records(count: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield the keys and values of ``count`` seed-sized raw articles; three hundred differ, in turn."""
    different = stream(min(count, DIFFERENT))
    for number in range(count):
        one = replace(different[number % len(different)], article_id=f"bench-{number}")
        yield str(number).encode(), encode_raw_article(one)


class Broker:
    """A running Apache Kafka; it ends with the ``with`` block.

    Args:
        folder: Where its data and logs are kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._consumer: Any = None
        self.address = ""

    def __enter__(self) -> Self:
        options = EmbeddedOptions.from_env()
        config = ApacheConfig(jvm_options=_JVM)
        server = self._stack.enter_context(start_apache(self._folder / "kafka", options, config=config))
        self.address = server.address
        self.version = server.version
        self._consumer = KafkaConsumer(bootstrap_servers=self.address)
        self._stack.callback(self._consumer.close)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def topics(self, raw: str, out: str) -> None:
        """Create the topics of one program: RAW, unless it is there, OUT, and OUT's dead letters and names."""
        names = TopicSettings(raw, out, f"{out}.dead", f"{out}.unlinked")
        settings = Settings(kafka=replace(self._kafka, topics=names))
        with open_admin(self._kafka) as admin:
            create_topics(admin, declared_topics(settings, partitions=PARTITIONS))

    def fill(self, topic: str, count: int) -> None:
        """Write ``count`` records to ``topic``."""
        with open_producer(self._kafka) as producer:
            for _ in write_records(producer, topic, (Record(value, key=key) for key, value in records(count))):
                pass

    def written(self, out: str) -> int:
        """Return how many articles have come out: records of OUT and of its dead letters."""
        asked = [Partition(out, number) for number in range(PARTITIONS)]
        return sum(self._consumer.end_offsets([*asked, Partition(f"{out}.dead", 0)]).values())

    def partitions(self, topic: str) -> list[TopicPartition]:
        """Return the partitions of ``topic`` as aiokafka names them."""
        return [TopicPartition(topic, number) for number in range(PARTITIONS)]

    @property
    def _kafka(self) -> KafkaSettings:
        return KafkaSettings(bootstrap_servers=self.address)
