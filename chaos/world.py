"""All that a run has: brokers, topics, catalogue, workers and load; what faults act upon."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final

from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ConfigResource,
    ConfigResourceType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)
from kafka.structs import TopicPartition

from chaos.crew import Crew
from chaos.load import Load
from chaos.shelf import Shelf
from streams.errors import BrokerError
from streams.kafka.admin import create_topics, describe_topics, open_admin
from streams.kafka.topics import declared_topics
from streams.settings import KafkaSettings, Settings, TopicSettings, WorkerSettings
from streams.workers.watchdog import OffsetReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chaos.cluster import Cluster
    from chaos.forked import Nursery

__all__ = ["KINDS", "PARTITIONS", "SESSION", "World", "until"]

PARTITIONS: Final = 4
SESSION: Final = 3.0
"""Session timeout of the workers' group, in seconds."""

KINDS: Final = ("raw", "enriched", "dead", "unlinked")
_MAX_RECORD: Final = 200_000


def until(condition: Callable[[], Any], *, within: float, what: str) -> None:
    """Wait until something holds.

    Raises:
        TimeoutError: It did not within so many seconds.
    """
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not so within {within:g} s")
        time.sleep(0.2)


@dataclass
class World:
    """What a run has.

    Attributes:
        name: Of the run; begins the names of its topics and its group.
        cluster: The brokers.
        folder: For data and logs.
        random: Where choices come from.
        rate: Records a second.
        notes: What faults have to remember from injecting to healing.
        excused: Raw records whose outcomes went with a deleted topic.
        findings: Problems that faults see themselves.
        facts: What faults want to stand in the results.
        nursery: Forks the workers; None starts each as a program of its own.
        is_alone: Whether one fault happens, and no other.
    """

    name: str
    cluster: Cluster
    folder: Path
    random: Random
    rate: float = 60.0
    notes: dict[str, Any] = field(default_factory=dict)
    excused: set[tuple[int, int]] = field(default_factory=set)
    findings: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    nursery: Nursery | None = None
    is_alone: bool = False
    undo: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        topics = TopicSettings(*(f"{self.name}.{kind}" for kind in KINDS))
        self.kafka = KafkaSettings(bootstrap_servers=self.cluster.bootstrap, topics=topics)
        self.settings = Settings(kafka=self.kafka, worker=WorkerSettings(group=self.name, max_record_bytes=_MAX_RECORD))
        self._offsets = OffsetReader(self.kafka)
        self.shelf = Shelf(self.folder)
        # The load has choices of its own: those of faults come in between at moments that no seed gives.
        self.load = Load(self.kafka, self.name, Random(self.random.random()), rate=self.rate)
        self.crew = Crew(self.folder, self._environment(), self.data_dir, nursery=self.nursery)

    def topic(self, kind: str) -> str:
        """Return the name of a topic by its kind."""
        return str(getattr(self.kafka.topics, kind))

    def data_dir(self, number: int) -> Path:
        """Return the folder of a worker's data."""
        return self.folder / f"data{number}"

    @contextmanager
    def admin(self) -> Iterator[Any]:
        """Open an admin client of the brokers themselves."""
        with open_admin(self.kafka, timeout=30.0) as admin:
            yield admin

    def create(self, *kinds: str) -> None:
        """Create topics by their kinds."""
        specs = dict(zip(KINDS, declared_topics(self.settings, partitions=PARTITIONS), strict=True))
        with self.admin() as admin:
            create_topics(admin, [specs[kind] for kind in kinds])
            until(
                lambda: len(describe_topics(admin, [specs[kind].name for kind in kinds])) == len(kinds),
                within=30,
                what="topics are there",
            )

    def alter(self, kind: str, **values: str) -> None:
        """Set configs of a topic."""
        configs = {name.replace("_", "."): value for name, value in values.items()}
        with self.admin() as admin:
            admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, self.topic(kind), configs=configs)])

    def declared(self, kind: str, config: str) -> str:
        """Return what a topic's config was at first."""
        specs = dict(zip(KINDS, declared_topics(self.settings, partitions=PARTITIONS), strict=True))
        return specs[kind].configs[config]

    def delete(self, kind: str) -> None:
        """Delete a topic, and wait until it is gone."""
        with self.admin() as admin:
            admin.delete_topics([self.topic(kind)])
            until(lambda: len(describe_topics(admin, [self.topic(kind)])) == 0, within=20, what="the topic is gone")

    def exists(self, kind: str) -> bool:
        """Say whether a topic is there."""
        with self.admin() as admin:
            return len(describe_topics(admin, [self.topic(kind)])) > 0

    def forbid_writing(self, kind: str) -> None:
        """Let everybody read a topic, and nobody write to it."""
        may = (ACLOperation.READ, ACLOperation.DESCRIBE, ACLOperation.DESCRIBE_CONFIGS, ACLOperation.ALTER)
        pattern = ResourcePattern(ResourceType.TOPIC, self.topic(kind))
        with self.admin() as admin:
            answer = admin.create_acls(
                [ACL("User:ANONYMOUS", "*", operation, ACLPermissionType.ALLOW, pattern) for operation in may]
            )
        if len(answer["failed"]) > 0:
            raise RuntimeError(f"rights could not be taken: {answer}")

    def allow_writing(self, kind: str) -> None:
        """Let everybody do everything with a topic again."""
        pattern = ResourcePatternFilter(ResourceType.TOPIC, self.topic(kind), ACLResourcePatternType.LITERAL)
        with self.admin() as admin:
            admin.delete_acls([ACLFilter(None, None, ACLOperation.ANY, ACLPermissionType.ANY, pattern)])

    def progress(self) -> dict[int, tuple[int, int]]:
        """Return for each partition of raw articles what is committed and its end."""
        try:
            offsets = self._offsets.read(self.name, self.topic("raw"))
        except BrokerError:  # it is away, or makes its topic of offsets when the first group asks
            return {}
        return {number: (at.committed or 0, at.end) for number, at in offsets.items()}

    def members(self) -> int:
        """Return how many workers have partitions."""
        with self.admin() as admin:
            [group] = admin.describe_groups([self.name]).values()
        return 0 if group.get("group_state") != "Stable" else len(group["members"])

    def drop_before(self, offsets: dict[int, int]) -> None:
        """Delete raw records before these offsets, as retention does."""
        with self.admin() as admin:
            admin.delete_records({TopicPartition(self.topic("raw"), at): offset for at, offset in offsets.items()})

    def close(self) -> None:
        """End what is this run's own."""
        self.crew.close(within=1.0)
        self._offsets.close()
        self.shelf.close()
        self.undo.close()

    def _environment(self) -> dict[str, str]:
        topics = self.kafka.topics
        return {
            "WASL_KAFKA_BOOTSTRAP": self.cluster.for_workers,
            "WASL_TOPIC_RAW": topics.raw,
            "WASL_TOPIC_ENRICHED": topics.enriched,
            "WASL_TOPIC_DEAD": topics.dead,
            "WASL_TOPIC_UNLINKED": topics.unlinked,
            "WASL_REDIS_URL": self.shelf.url,
            "WASL_GROUP": self.name,
            "WASL_HTTP_PORT": "0",
            "WASL_SESSION_TIMEOUT": f"{SESSION:g}",
            "WASL_DELIVER_TIMEOUT": "3",
            "WASL_STALL_AFTER": "15",
            "WASL_MAX_RECORD_BYTES": str(_MAX_RECORD),
        }
