"""Faust's Kafka driver, made loss-free: three small subclasses of what faust-streaming 0.15 does.

- The producer is idempotent, waits for all replicas, and can be renewed: after a batch that was refused for
  good, aiokafka's numbering has a gap that the broker never forgives.
- The consumer commits what the ledger says, and nothing else (see `streams.workers.ledger`).
- A commit that fails for a passing reason is tried again at the next turn instead of crashing the app.

This is the one module that touches Faust's insides, read in faust-streaming 0.15.3 with aiokafka 0.14.0.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final

import faust
from aiokafka.errors import IncompatibleBrokerVersion, KafkaError, UnknownError
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.transport.drivers import aiokafka as faust_driver

from streams.errors import BrokerUnavailableError
from streams.kafka.errors import error_class, translate
from streams.workers.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from streams.workers.records import OutputRecord

__all__ = ["ProducerSender", "RawSchema", "Transport"]

_LOG: Final = logging.getLogger(__name__)
_CLOSE_WITHIN: Final = 5.0


class RawSchema(faust.Schema[Any, Any]):
    """Keys and values as the bytes that they are; decoding is the article step's business."""

    def loads_key(self, app: Any, message: Any, **_: Any) -> Any:
        """Return the key as it is."""
        del app
        return message.key

    def loads_value(self, app: Any, message: Any, **_: Any) -> Any:
        """Return the value as it is."""
        del app
        return message.value


class _Producer(faust_driver.Producer):
    mundane_level = "debug"  # that it starts and stops is no news

    _is_idempotent = True

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": self._is_idempotent}

    async def on_start(self) -> None:
        try:
            await super().on_start()
        except (UnknownError, IncompatibleBrokerVersion):
            # Tansu does not understand how aiokafka asks for a producer id. Nothing is lost without one: a record
            # that is sent again may then stand twice, with the same event id.
            _LOG.warning("the broker does not number producers; records that are sent again may stand twice")
            self._is_idempotent = False
            if self._producer is not None:
                await self._producer.stop()
            await super().on_start()

    async def renew(self) -> None:
        old, self._producer = self._producer, None
        if old is not None:
            try:
                await asyncio.wait_for(old.stop(), _CLOSE_WITHIN)
            except (KafkaError, asyncio.TimeoutError) as exc:
                _LOG.warning("the producer that is replaced did not close in time", extra={"error": repr(exc)})
        new = self._new_producer()
        try:
            await new.start()
        except BaseException:
            await new.stop()
            raise
        self._producer = new


class _ConsumerThread(faust_driver.AIOKafkaConsumerThread):
    mundane_level = "debug"  # that it starts and stops is no news

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


class _Consumer(faust_driver.Consumer):
    mundane_level = "debug"  # that it starts and stops is no news

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.ledger = Ledger()
        self.on_assignment: Callable[[frozenset[int] | None], None] | None = None
        super().__init__(*args, **kwargs)

    def _new_consumer_thread(self) -> _ConsumerThread:
        return _ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    def _to_message(self, tp: Any, record: Any) -> Any:
        self.ledger.fetched(record.topic, record.partition, record.offset)
        return super()._to_message(tp, record)

    async def force_commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:
        del topics, start_new_transaction
        # Faust's own lists of acknowledged offsets are not used, and would grow for ever.
        self._acked.clear()
        self._acked_index.clear()
        self._gap.clear()
        offsets = self.ledger.committable()
        if len(offsets) == 0:
            return False
        assigned = {(at.topic, at.partition): at for at in self.assignment()}
        committing = {assigned[at]: offset for at, offset in offsets.items() if at in assigned}
        if len(committing) == 0 or not await self._thread.commit(committing):
            return False
        self.ledger.committed(((at.topic, at.partition), offset) for at, offset in committing.items())
        return True

    async def on_partitions_revoked(self, revoked: Iterable[Any]) -> None:
        await super().on_partitions_revoked(revoked)  # waits for the batch in hand, and commits
        self.ledger.forget((at.topic, at.partition) for at in revoked)
        # Kafka asks for what it never gave as well, before the first assignment: nothing is ours until it says so.
        self._tell(None)

    async def on_partitions_assigned(self, assigned: Iterable[Any], generation_id: int = 0) -> None:
        await super().on_partitions_assigned(assigned, generation_id)
        self._tell(frozenset(at.partition for at in assigned))

    def caught_up(self, topic: str, ends: Mapping[int, int]) -> frozenset[int]:
        """Return the partitions that were read to these ends with nothing pending; callable from any thread."""
        consumer = self._thread._consumer  # noqa: SLF001 - the thread is ours
        subscription = None if consumer is None else consumer._subscription.subscription  # noqa: SLF001 - there is no public way
        assignment = None if subscription is None else subscription.assignment
        if assignment is None or self.ledger.pending() > 0:
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

    def _tell(self, partitions: frozenset[int] | None) -> None:
        if self.on_assignment is not None:
            self.on_assignment(partitions)


class Transport(faust_driver.Transport):
    """Faust's transport with the consumer and the producer of this module."""

    Consumer = _Consumer
    Producer = _Producer


class ProducerSender:
    """Sends output records through a Faust app's producer; see `streams.workers.deliver.Sender`."""

    def __init__(self, producer: Any) -> None:
        self._producer = producer

    async def send(self, record: OutputRecord) -> Awaitable[object]:
        """Hand a record to the producer.

        Returns:
            What ends, or fails with an error of aiokafka, once Kafka has answered.

        Raises:
            BrokerError: The producer does not take it.
        """
        # Faust counts in seconds and cuts off; half a millisecond keeps 1.001 s from becoming 1000 ms, and 0 from
        # being taken for "now".
        timestamp = None if record.timestamp is None else (record.timestamp + 0.5) / 1000
        try:
            sent: Awaitable[object] = await self._producer.send(
                record.topic, record.key, record.value, None, timestamp, list(record.headers)
            )
        except Exception as exc:
            cause = exc.__cause__ if isinstance(exc, faust.exceptions.ProducerSendError) else None
            raise translate(exc if cause is None else cause, doing=f"to write to {record.topic}") from exc
        return sent

    async def renew(self) -> None:
        """Replace the connection and its numbering of records.

        Raises:
            BrokerError: Kafka does not answer.
        """
        try:
            await self._producer.renew()
        except (KafkaError, OSError) as exc:
            raise translate(exc, doing="a new producer") from exc
        except asyncio.TimeoutError as exc:
            raise BrokerUnavailableError("Kafka did not answer a new producer in time.") from exc
