"""Lag against the truth: on Apache Kafka, by a test that knows what it wrote, when, and what it committed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata

from streams.kafka.admin import create_topics, open_admin
from streams.kafka.client import connect
from streams.kafka.offsets import KafkaOffsets
from streams.kafka.producer import open_producer
from streams.kafka.topics import TopicSpec
from streams.lag.compute import LagRules
from streams.lag.history import LagHistory
from streams.lag.patterns import Patterns
from streams.lag.watch import LagWatcher
from streams.settings import KafkaSettings

if TYPE_CHECKING:
    from pathlib import Path

PARTITIONS = 3
RULES = LagRules(stall_after=1.5, warn_after=30.0, warn_seconds=3600.0, rewound_for=30.0, rate_window=2.0)


@dataclass
class Truth:
    """What was written and committed, kept beside Kafka."""

    timestamps: dict[int, list[float]] = field(default_factory=lambda: {at: [] for at in range(PARTITIONS)})
    committed: dict[int, int] = field(default_factory=dict)

    def lag(self, partition: int) -> int:
        return len(self.timestamps[partition]) - self.committed[partition]

    def oldest(self, partition: int) -> float | None:
        return None if self.lag(partition) == 0 else self.timestamps[partition][self.committed[partition]]


class World:
    """A producer, a consumer and a watcher of one topic."""

    def __init__(self, kafka: KafkaSettings, topic: str, producer: object, path: Path) -> None:
        self.kafka, self.topic, self.group, self.path = kafka, topic, f"{topic}-group", path
        self.truth = Truth()
        self.samples = 0
        self.worst = 0.0
        self._producer = producer
        self._consumer: KafkaConsumer | None = None
        self.watcher = self.watch()

    def watch(self) -> LagWatcher:
        self.source = KafkaOffsets(self.kafka)
        return LagWatcher(
            self.source,
            rules=RULES,
            groups=Patterns((self.group,)),
            history=LagHistory(self.path, keep=2 * RULES.window),
        )

    def write(self, partition: int, count: int, *, age: float = 0.0) -> None:
        """Write records that were made so many seconds ago; where the producer puts them is told by Kafka."""
        tp = TopicPartition(self.topic, partition)
        for _ in range(count):
            at = round((time.time() - age) * 1000)
            self._producer.send(self.topic, b"x" * 100, partition=tp.partition, timestamp_ms=at)
            self.truth.timestamps[partition].append(at / 1000)
        self._producer.flush()

    def join(self) -> None:
        assert self._consumer is None
        self._consumer = connect(KafkaConsumer, self.kafka, group_id=self.group, enable_auto_commit=False)
        self._consumer.subscribe([self.topic])
        deadline = time.monotonic() + 60
        while len(self._consumer.assignment()) < PARTITIONS:
            assert time.monotonic() < deadline, "the group did not form within a minute"
            # Long enough to find the coordinator on a busy machine: a poll that ends before begins anew.
            self._consumer.poll(timeout_ms=1_000, max_records=1)

    def leave(self) -> None:
        assert self._consumer is not None
        self._consumer.close()
        self._consumer = None

    def close(self) -> None:
        self.source.close()
        if self._consumer is not None:
            self.leave()

    def commit(self, partition: int, offset: int) -> None:
        assert self._consumer is not None
        self._consumer.commit({TopicPartition(self.topic, partition): OffsetAndMetadata(offset, "", -1)})
        self.truth.committed[partition] = offset

    def commit_all(self, partition: int) -> None:
        self.commit(partition, len(self.truth.timestamps[partition]))

    async def sample(self) -> dict[int, str]:
        """Look once and hold every figure against the truth; returns the states."""
        before = time.time()
        [group] = await self.watcher.observe()
        after = time.time()
        assert {each.partition for each in group.partitions} == set(range(PARTITIONS))
        assert group.lag == sum(self.truth.lag(at) for at in self.truth.committed)
        for each in group.partitions:
            if each.partition not in self.truth.committed:
                assert (each.committed, each.lag, each.lag_seconds, each.rate) == (None, None, None, None)
                continue
            assert each.lag == self.truth.lag(each.partition)
            oldest = self.truth.oldest(each.partition)
            if oldest is None:
                assert each.lag_seconds == 0.0
                continue
            assert each.lag_seconds is not None
            middle = (before + after) / 2 - oldest
            error = abs(each.lag_seconds - middle)
            assert error <= max(0.5, 0.1 * middle), (each, middle)
            self.worst = max(self.worst, error)
            self.samples += 1
        return {each.partition: each.state for each in group.partitions}

    async def sample_for(self, seconds: float, *, between: object = lambda: None) -> dict[int, str]:
        until = time.monotonic() + seconds
        while True:
            between()
            states = await self.sample()
            if time.monotonic() >= until:
                return states


@pytest.fixture
def world(apache, unique, tmp_path):
    kafka = KafkaSettings(bootstrap_servers=apache.address)
    with open_admin(kafka) as admin:
        create_topics(admin, [TopicSpec(unique, PARTITIONS)])
    with open_producer(kafka) as producer:
        made = World(kafka, unique, producer, tmp_path / "lag.sqlite3")
        yield made
        made.close()


async def test_lag_is_the_truth_through_idle_times_bursts_stalls_and_restarts(world, record_property):
    """Seconds within 10 % or 0.5 s at every sample, records exactly; partition 2 is never committed on."""
    world.write(0, 5)
    world.write(1, 5)
    world.write(2, 5)
    assert await world.watcher.observe() == ()  # no group, and no zero either
    world.join()
    assert await world.watcher.observe() == ()  # members, but no commit
    world.commit_all(0)
    world.commit(1, 0)

    # Idle, one partition caught up and one behind: its age grows, the other's stays zero.
    states = await world.sample_for(1.0)
    assert states[0] == "ok"

    # A burst, worked off in steps, while the other partition catches up.
    world.write(0, 2_000)
    world.commit_all(1)
    committed = iter(range(100, 2_000, 100))
    states = await world.sample_for(1.5, between=lambda: world.commit(0, 5 + next(committed, 1_900)))
    assert states == {0: "ok", 1: "ok", 2: "ok"}

    # The consumer stalls while records arrive.
    states = await world.sample_for(2.5, between=lambda: world.write(1, 2))
    assert states[1] == "stalled"
    assert states[2] == "ok"

    # It ends: what it left behind stays reported, and is stopped now.
    world.leave()
    states = await world.sample_for(0.5)
    assert states[1] == "stopped"

    # The watcher is started anew, and knows at once what took it long to learn.
    await world.watcher.close()
    world.watcher = world.watch()
    states = await world.sample()
    assert states[1] == "stopped"

    # The consumer comes back, and commits as it goes.
    world.join()
    world.commit_all(0)
    half = world.truth.committed[1] + world.truth.lag(1) // 2
    world.commit(1, half)
    states = await world.sample()
    assert states[0] == "ok"
    assert states[1] == "ok"
    world.commit_all(1)
    assert set((await world.sample_for(0.5)).values()) == {"ok"}

    # Old records are delivered late: the lag is their age.
    world.write(0, 10, age=7_200.0)
    world.write(0, 10)
    await world.sample_for(0.3)
    world.commit(0, world.truth.committed[0] + 10)
    await world.sample_for(0.3)

    # The group goes back.
    world.commit(0, 3)
    states = await world.sample()
    assert states[0] == "rewound"
    world.commit_all(0)
    assert (await world.sample())[0] == "ok"
    world.leave()
    await world.watcher.close()
    record_property("samples", world.samples)
    record_property("largest error in seconds", round(world.worst, 4))
    assert world.samples > 50
