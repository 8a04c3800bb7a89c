"""Faults of topics: gone, forbidden, too small, cut short, with gaps."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Final

from kafka import KafkaProducer

from chaos.faults.fault import Fault
from chaos.world import PARTITIONS, until
from streams.kafka.client import connect
from streams.kafka.consumer import open_consumer, read_records
from streams.kafka.offsets import KafkaOffsets
from streams.lag.patterns import Patterns
from streams.lag.watch import LagWatcher

if TYPE_CHECKING:
    from chaos.world import World

__all__ = ["FAULTS"]

_COMMITTED_WITHIN: Final = 1.0  # seconds; four times what passes between two commits of a worker


def _deleted(world: World) -> None:
    world.notes["deleted at"] = time.time()
    world.delete("enriched")
    time.sleep(_COMMITTED_WITHIN)
    world.notes["committed"] = world.progress()


def _created(world: World) -> None:
    # What was delivered to the topic before it went has gone with it. Workers that were in the middle of a batch
    # must end without committing; after that, whatever is not committed must come out again.
    if world.exists("enriched"):
        return  # it could not be deleted
    since = world.notes["deleted at"]
    running = set(world.crew.alive())
    until(
        lambda: running <= {ended.number for ended in world.crew.ended_since(since)},
        within=60,
        what="workers end while their topic is missing",
    )
    codes = {ended.code for ended in world.crew.ended_since(since)}
    world.facts["codes_without_topic"] = sorted(codes)
    # Where another fault may have held up a commit of what was delivered in time, all that is committed is excused.
    progress = world.notes["committed"] if world.is_alone else _told(world)
    for partition, (committed, _) in progress.items():
        world.excused |= {(partition, offset) for offset in range(committed)}
    world.create("enriched")


def _told(world: World) -> dict[int, tuple[int, int]]:
    """Return what is committed, and the ends, once a broker tells them that has just come back."""
    told: dict[int, tuple[int, int]] = {}

    def is_told() -> bool:
        told.update(world.progress())
        return len(told) > 0

    until(is_told, within=60, what="the broker tells what is committed")
    return told


def _write_revoked(world: World) -> None:
    world.forbid_writing("enriched")


def _write_granted(world: World) -> None:
    world.allow_writing("enriched")


def _dead_revoked(world: World) -> None:
    world.forbid_writing("dead")


def _dead_granted(world: World) -> None:
    world.allow_writing("dead")


def _shrunk(world: World) -> None:
    world.alter("enriched", max_message_bytes="1500")


def _grown(world: World) -> None:
    world.alter("enriched", max_message_bytes=world.declared("enriched", "max.message.bytes"))


def _overtaken(world: World) -> None:
    """Delete records that nobody has read, and see what measuring lag says of it."""
    world.crew.hold()
    time.sleep(1.0)
    watcher = LagWatcher(KafkaOffsets(world.kafka), groups=Patterns((world.name,)))
    asyncio.run(watcher.observe())
    progress = world.notes["progress"] = world.progress()
    cut = {at: (committed + end) // 2 for at, (committed, end) in progress.items() if end - committed > 4}
    world.drop_before(cut)
    lost = sum(offset - progress[at][0] for at, offset in cut.items())
    asyncio.run(watcher.observe())
    said = sum(watcher.lost.values())
    asyncio.run(watcher.close())
    world.facts["lost_by_retention"], world.facts["lost_by_lag_metrics"] = lost, said
    if said != lost or lost == 0:
        world.findings.append(f"retention dropped {lost} records that were not committed, and lag says {said}")


def _go_on(world: World) -> None:
    world.crew.let_go()


def _compacted(world: World) -> None:
    """Compact the raw topic while nobody reads it, so that the committed offset is followed by gaps."""
    world.crew.hold()
    world.notes["progress"] = world.progress()
    before = _count(world)
    world.alter(
        "raw",
        cleanup_policy="compact",
        segment_ms="100",
        min_cleanable_dirty_ratio="0.001",
        max_compaction_lag_ms="100",
    )
    until(lambda: _count(world) < before, within=30, what="the topic is compacted")
    world.facts["records_before_compaction"], world.facts["after"] = before, _count(world)


def _uncompacted(world: World) -> None:
    world.alter("raw", cleanup_policy="delete", segment_ms="604800000")
    world.crew.let_go()


def _count(world: World) -> int:
    with open_consumer(world.kafka) as consumer:
        return sum(1 for _ in read_records(consumer, [world.topic("raw")]))


def _transactions(world: World) -> None:
    """Write transactions among the load, committed and aborted; their markers take offsets that nobody sees."""
    producer = connect(KafkaProducer, world.kafka, transactional_id=f"{world.name}-tx", acks="all")
    try:
        producer.init_transactions()
        for number in range(8):
            producer.begin_transaction()
            for partition in range(PARTITIONS):
                document = {"article_id": f"{world.name}/tx/{number}/{partition}", "title": "t", "body": "Nvidia"}
                producer.send(
                    world.topic("raw"),
                    value=json.dumps(document).encode(),
                    key=f"tx-{partition}".encode(),
                    partition=partition,
                )
            producer.flush()
            if number % 2 == 0:
                producer.commit_transaction()
            else:
                producer.abort_transaction()
    finally:
        producer.close()


def _doubled(world: World) -> None:
    """Send what was sent before once more, from the topic itself."""
    with open_consumer(world.kafka) as consumer:
        records = [record for record in read_records(consumer, [world.topic("raw")]) if record.value is not None]
    producer = connect(KafkaProducer, world.kafka, acks="all", enable_idempotence=True)
    try:
        for record in records[:150]:
            producer.send(
                world.topic("raw"),
                value=record.value,
                key=record.key,
                headers=list(record.headers),
                partition=record.partition,
                timestamp_ms=record.timestamp,
            )
        producer.flush()
    finally:
        producer.close()


FAULTS: Final = (
    Fault(
        "output-deleted",
        "the topic of enriched articles deleted, and made anew once the workers have ended",
        _deleted,
        _created,
        hold=2.0,
    ),
    Fault(
        "output-forbidden",
        "the right to write enriched articles revoked",
        _write_revoked,
        _write_granted,
        hold=4.0,
        alone=True,
    ),
    Fault(
        "dead-forbidden", "the right to write dead letters revoked", _dead_revoked, _dead_granted, hold=4.0, alone=True
    ),
    Fault(
        "output-too-small",
        "the topic of enriched articles takes no more than 1500 bytes",
        _shrunk,
        _grown,
        hold=4.0,
        codes=frozenset({"broker.record_too_large", "event.oversize"}),
    ),
    Fault(
        "retention-overtakes",
        "raw records deleted that nobody had read; they are lost, and measuring lag must say so",
        _overtaken,
        _go_on,
        may_vanish=True,
    ),
    Fault(
        "compaction",
        "the raw topic compacted ahead of the committed offsets",
        _compacted,
        _uncompacted,
        may_vanish=True,
    ),
    Fault("transactions", "committed and aborted transactions among the load: gaps in the offsets", _transactions),
    Fault("input-doubled", "what was sent is sent once more", _doubled),
)
