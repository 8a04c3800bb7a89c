"""Faust's consumer, made to hand over whole batches of raw records and to commit what the ledger says.

Faust keeps the consumer, its thread, its heartbeats, subscriptions and rebalances. Its way of one record, though
(message, event, queue, stream, acknowledgement), costs five times what Kafka's client costs, and counts an event
that a stream skips during a rebalance as done. So `Source` takes Faust's place where the fetched records come in:

- Records go to one handler, batch by batch; a batch is bounded in records and in bytes.
- What was fetched and cannot be handled, since partitions are being given out anew, is read again.
- Offsets are committed from the ledger (see `streams.workers.ledger`), and from nothing else.
- A commit that fails for a passing reason is tried again at the next turn instead of crashing the app.
- Faust's own look for streams that stand still, which would find ours, is left out.

This module, `streams.workers.batches`, `streams.workers.unpack`, `streams.workers.sender` and `streams.workers.tables`
are the ones that touch the insides of Faust and aiokafka, read in faust-streaming 0.15.3 with aiokafka 0.14.0.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from aiokafka.errors import ConsumerStoppedError, IllegalStateError, KafkaError
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.transport.drivers import aiokafka as faust_driver

from streams.kafka.errors import error_class
from streams.workers.batches import read_any_batch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping

    from streams.workers.ledger import Ledger

__all__ = ["Fetched", "Limits", "Source", "Work"]

_LOG: Final = logging.getLogger(__name__)
_POLL: Final = 1.0
_NOTHING_ASSIGNED: Final = 0.05
_SLICE: Final = 32  # records after which their bytes are looked at; fewer where those before were large
# A partition whose records were not yet taken is left out of the next question; its news wait for the answer to that.
_FETCH_WAIT_MS: Final = 100

Fetched = dict[Any, list[Any]]
"""aiokafka's records by partition, in order."""

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken at once.

    Attributes:
        records: Most records in a batch.
        bytes: Bytes of values after which a batch is full, one record more or less. Where the records before were
            smaller, it may be 32 more.
        within: How long a batch of few records waits for company, in seconds.
        fetch_bytes: Most bytes that a broker sends in one answer, compressed as they are.
        record_bytes: Largest record that is taken out of a compressed batch that holds more than ``bytes``.
    """

    records: int = 256
    bytes: int = 16_777_216
    within: float = 0.001
    fetch_bytes: int = 16_777_216
    record_bytes: int = 1_463_664


@dataclass(frozen=True, slots=True)
class Work:
    """What a source reads for.

    Attributes:
        handle: Takes each batch; the next one is fetched when it returns.
        idle: Waits until nothing of what `handle` took is under way.
        ledger: Keeps what was fetched and what of it is done.
        limits: How much is taken at once.
        on_assignment: Told the partitions that are read, and None while they are given out anew.
        on_fetched: Told how long each batch was waited for, in seconds.
        on_rest: Told when, after batches, there is nothing to read.
    """

    handle: Callable[[Fetched], Coroutine[Any, Any, None]]
    idle: Callable[[], Awaitable[None]]
    ledger: Ledger
    limits: Limits
    on_assignment: Callable[[frozenset[int] | None], None]
    on_fetched: Callable[[float], None]
    on_rest: Callable[[], None]


class _Thread(faust_driver.AIOKafkaConsumerThread):
    mundane_level = "debug"  # that it starts and stops is no news

    _largest = 1  # bytes of a value in the slice that was taken last

    @property
    def _source(self) -> Source:
        source: Any = self.consumer
        return cast("Source", source)

    def _create_worker_consumer(self, transport: Any) -> Any:
        limits = self._source.work.limits
        read_any_batch(whole=limits.bytes, most=limits.record_bytes)
        consumer = super()._create_worker_consumer(transport)
        # Faust has no settings for these two.
        consumer._fetch_max_bytes = limits.fetch_bytes  # noqa: SLF001
        consumer._fetch_max_wait_ms = _FETCH_WAIT_MS  # noqa: SLF001
        return consumer

    def call(self, asked: Coroutine[Any, Any, _Value]) -> Awaitable[_Value]:
        """Run something in the consumer's thread; several times cheaper than Faust's queue of methods."""
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asked, self.thread_loop))

    async def fetch(self, partitions: frozenset[Any], limits: Limits) -> Fetched:
        """Return what there is of these partitions, as soon as there is something and for no longer than a second."""
        consumer = self._ensure_consumer()
        fetcher = consumer._fetcher  # noqa: SLF001
        if consumer._closed or fetcher._closed:  # noqa: SLF001
            raise ConsumerStoppedError
        found: Fetched = {}
        with fetcher._subscriptions.fetch_context():  # noqa: SLF001
            taken, size = await self._fetch_into(found, fetcher, partitions, limits, timeout=_POLL)
            if 0 < taken < _SLICE and size < limits.bytes and limits.within > 0:
                await asyncio.sleep(limits.within)
                rest = Limits(limits.records - taken, limits.bytes - size)
                await self._fetch_into(found, fetcher, partitions, rest, timeout=0)
        return found

    async def _fetch_into(
        self, found: Fetched, fetcher: Any, partitions: frozenset[Any], limits: Limits, *, timeout: float
    ) -> tuple[int, int]:
        taken = size = 0
        while taken < limits.records and size < limits.bytes:
            fitting = max(1, (limits.bytes - size) // self._largest)
            more = await fetcher.fetched_records(
                partitions, timeout=timeout, max_records=min(_SLICE, limits.records - taken, fitting)
            )
            if len(more) == 0:
                break
            self._largest = 1
            for at, records in more.items():
                sizes = [record.serialized_value_size for record in records]
                found.setdefault(at, []).extend(records)
                taken += len(records)
                size += sum(sizes)
                self._largest = max(self._largest, *sizes)
            timeout = 0
        return taken, size

    async def put_back(self, firsts: Mapping[Any, int]) -> None:
        """Read these partitions again, from these offsets or from the committed ones before them."""
        consumer = self._ensure_consumer()
        for at, first in firsts.items():
            try:
                committed = await consumer.committed(at)
                consumer.seek(at, first if committed is None else min(first, committed))
            except (IllegalStateError, KafkaError) as exc:
                # Another worker has it now; or else the next look finds that commits no longer move.
                _LOG.info("records are not read again here", extra={"partition": str(at), "error": repr(exc)})

    async def _commit(self, offsets: Mapping[Any, int]) -> bool:
        consumer = self._ensure_consumer()
        wanted = {
            TopicPartition(at.topic, at.partition): OffsetAndMetadata(offset, "") for at, offset in offsets.items()
        }
        try:
            await consumer.commit(wanted)
        except KafkaError as exc:
            # The ledger offers the same offsets at the next turn, or another worker reads these records again.
            # What does not pass is for the watchdog: commits no longer move.
            level = logging.INFO if error_class(exc).retriable else logging.WARNING
            _LOG.log(level, "a commit was refused", extra={"error": repr(exc)})
            return False
        return True


class Source(faust_driver.Consumer):
    """Faust's consumer as described at the head of this module.

    Args:
        given: What Faust gives its consumers, likewise ``options``.
        work: What it reads for.

    Attributes:
        work: As given.
    """

    mundane_level = "debug"  # that it starts and stops is no news

    _thread: _Thread

    def __init__(self, *given: Any, work: Work, **options: Any) -> None:
        self.work = work
        self._in_hand: asyncio.Task[None] | None = None
        self._turn = 0  # grows whenever partitions are taken back
        super().__init__(*given, **options)

    def _new_consumer_thread(self) -> _Thread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)

    async def _drain_messages(self, fetcher: Any) -> None:
        """Take Faust's place: fetch and hand over until one of the two services is asked to stop."""
        has_worked = False
        while not (self.should_stop or fetcher.should_stop):
            try:
                found = await self._take()
            except self.consumer_stopped_errors:
                if self.app.should_stop:
                    return
                raise
            if len(found) > 0:
                # A cancellation ends this loop, but never the batch in hand: `wait_empty` waits for that.
                self._in_hand = asyncio.ensure_future(self.work.handle(found))
                await asyncio.shield(self._in_hand)
                has_worked = True
            elif has_worked:
                has_worked = False
                self.work.on_rest()

    async def _take(self) -> Fetched:
        if not self.flow_active:
            await self.wait(self.can_resume_flow.wait())
        partitions = frozenset(self._get_active_partitions())
        if len(partitions) == 0:
            await asyncio.sleep(_NOTHING_ASSIGNED)
            return {}
        turn, began = self._turn, monotonic()
        found = await self._thread.call(self._thread.fetch(partitions, self.work.limits))
        if any(self.work.ledger.goes_back(at.topic, at.partition, taken[0].offset) for at, taken in found.items()):
            await self.work.idle()
        if len(found) > 0 and (turn != self._turn or not self.flow_active):
            await self._thread.call(self._thread.put_back({at: records[0].offset for at, records in found.items()}))
            return {}
        if len(found) > 0:
            self.work.on_fetched(monotonic() - began)
        for at, records in found.items():
            self.work.ledger.fetched_all(at.topic, at.partition, [record.offset for record in records])
        return found

    async def wait_empty(self) -> None:
        """Wait for the batch in hand and all deliveries, and commit."""
        if self._in_hand is not None:
            await asyncio.wait({self._in_hand})
        await self.work.idle()
        await self.commit()

    async def force_commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:
        """Commit what the ledger says, for the partitions that are ours."""
        del topics, start_new_transaction
        offsets = self.work.ledger.committable()
        if len(offsets) == 0:
            return False
        assigned = {(at.topic, at.partition): at for at in self.assignment()}
        committing = {assigned[at]: offset for at, offset in offsets.items() if at in assigned}
        if len(committing) == 0 or not await self._thread.commit(committing):
            return False
        self.work.ledger.committed(((at.topic, at.partition), offset) for at, offset in committing.items())
        return True

    async def on_partitions_revoked(self, revoked: Iterable[Any]) -> None:
        """Finish what is in hand, and forget the partitions."""
        self._turn += 1
        await super().on_partitions_revoked(revoked)  # waits for the batch in hand, and commits
        self.work.ledger.forget((at.topic, at.partition) for at in revoked)
        # Kafka asks for what it never gave as well, before the first assignment: nothing is ours until it says so.
        self.work.on_assignment(None)

    async def on_partitions_assigned(self, assigned: Iterable[Any], generation_id: int = 0) -> None:
        """Tell which partitions are ours."""
        await super().on_partitions_assigned(assigned, generation_id)
        self.work.on_assignment(frozenset(at.partition for at in assigned))

    async def verify_all_partitions_active(self) -> None:
        """Say nothing.

        Faust would say of every partition with a backlog that its stream is not processed: there is none. Whether
        batches get on is for `streams.workers.watchdog`.
        """

    def caught_up(self, topic: str, ends: Mapping[int, int]) -> frozenset[int]:
        """Return the partitions that were read to these ends with nothing pending; callable from any thread."""
        consumer = self._thread._consumer  # noqa: SLF001 - the thread is ours
        subscription = None if consumer is None else consumer._subscription.subscription  # noqa: SLF001 - there is no public way
        assignment = None if subscription is None else subscription.assignment
        if assignment is None or self.work.ledger.pending() > 0:
            return frozenset()
        positions = {
            at.partition: assignment.state_value(at)
            for at in assignment.tps
            if at.topic == topic and assignment.state_value(at) is not None
        }
        return frozenset(
            number
            for number, end in ends.items()
            if number in positions and positions[number].has_valid_position and positions[number].position >= end
        )
