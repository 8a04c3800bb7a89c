"""Faust's producer, made loss-free, and fed with batches instead of records.

- It is idempotent, waits for all replicas, and can be renewed: after a batch that was refused for good, aiokafka's
  numbering has a gap that the broker never forgives.
- Records are laid into batches here, one batch and one answer for many records, and are sent at once: nothing lingers,
  since a worker knows when no more records come.
"""

from __future__ import annotations

import asyncio
import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from aiokafka.errors import IncompatibleBrokerVersion, KafkaError, MessageSizeTooLargeError, UnknownError
from faust.transport.drivers import aiokafka as faust_driver

from streams.errors import BrokerError, BrokerUnavailableError, TopicError
from streams.kafka.errors import translate
from streams.workers.records import record_bytes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from streams.workers.records import OutputRecord

__all__ = ["BatchSender", "Producer"]

_LOG: Final = logging.getLogger(__name__)
_CLOSE_WITHIN: Final = 5.0
_SHORT: Final = 256  # bytes of a key whose place is kept; a key may have as many as a record
_LONG: Final = 65_536  # bytes of a key after whose place others have their turn


class Producer(faust_driver.Producer):
    """Faust's producer as described at the head of this module."""

    mundane_level = "debug"  # that it starts and stops is no news

    _is_idempotent = True

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": self._is_idempotent}

    async def on_start(self) -> None:
        """Start, without numbering of records where the broker cannot do it."""
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

    @property
    def client(self) -> Any:
        """The aiokafka producer.

        Raises:
            BrokerUnavailableError: There is none just now: renewing it has failed.
        """
        if self._producer is None:
            raise BrokerUnavailableError("Kafka did not answer a new producer.")
        return self._producer

    async def renew(self) -> None:
        """Replace the connection and its numbering of records.

        Raises:
            KafkaError, OSError, asyncio.TimeoutError: Kafka does not answer.
        """
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


class _Pile:
    """The records of one partition that wait for their batch to be full."""

    def __init__(self, builder: Any) -> None:
        self.builder = builder
        self.members: list[int] = []


class BatchSender:
    """Sends output records through a Faust app's `Producer`; see `streams.workers.deliver.Sender`.

    Args:
        producer: The app's producer.
        most: Largest record that is sent at all, in bytes.
    """

    def __init__(self, producer: Producer, *, most: int) -> None:
        self._producer = producer
        self._most = most

    async def send(self, records: Sequence[OutputRecord]) -> list[Awaitable[object] | BrokerError]:
        """Hand records to the producer, in order.

        Returns:
            For each record what ends, or fails with an error of aiokafka, once Kafka has answered the batch that it
            is in; or why it was not taken.

        Raises:
            TopicError: A topic does not exist.
        """
        answers: list[Any] = [None] * len(records)
        try:
            client = self._producer.client
        except BrokerUnavailableError as exc:
            return [exc] * len(records)
        choosers: dict[str, Callable[[bytes | None], int] | BrokerError] = {}
        piles: dict[tuple[str, int], _Pile] = {}
        for number, record in enumerate(records):
            chooser = choosers.get(record.topic)
            if chooser is None:
                chooser = choosers[record.topic] = await self._chooser(client, record.topic, choosers)
            if isinstance(chooser, BrokerError):
                answers[number] = chooser
            elif len(record.value or b"") > self._most // 2 and record_bytes(record) > self._most:
                answers[number] = _too_large(record, self._most)
            else:
                at = (record.topic, chooser(record.key))
                if len(record.key or b"") > _LONG:
                    await asyncio.sleep(0)  # its place took a hundredth of a second, and others had no turn
                pile = piles.get(at)
                if pile is None:
                    pile = piles[at] = _Pile(client.create_batch())
                if not _lay(pile, record):
                    await self._ship(client, at, pile, answers)
                    pile = piles[at] = _Pile(client.create_batch())
                    _lay(pile, record)  # a first record fits, whatever its size
                pile.members.append(number)
        for at, pile in piles.items():
            await self._ship(client, at, pile, answers)
        return answers

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

    async def _chooser(
        self, client: Any, topic: str, known: Mapping[str, object]
    ) -> Callable[[bytes | None], int] | BrokerError:
        """Return what chooses a partition of the topic by a record's key, or why there is none."""
        for other in known.values():
            # Each attempt may wait long for a broker that is away; the other topics need not.
            if isinstance(other, BrokerError):
                return other
        try:
            await client.client._wait_on_metadata(topic)  # noqa: SLF001 - as the client's own `send` does
        except Exception as exc:
            error = translate(exc, doing=f"to write to {topic}")
            if isinstance(error, TopicError) and not await _is_missing(client, topic):
                return BrokerUnavailableError(f"Kafka did not say in time whether {topic} exists.")
            if isinstance(error, TopicError) or not error.retriable:
                raise error from exc
            return error
        partitions = tuple(sorted(client._metadata.partitions_for_topic(topic)))  # noqa: SLF001
        available = tuple(sorted(client._metadata.available_partitions_for_topic(topic)))  # noqa: SLF001
        choose = client._partitioner  # noqa: SLF001

        def chosen(key: bytes | None) -> int:
            if key is None or len(key) > _SHORT:
                return int(choose(key, partitions, available))
            return _place(choose, key, partitions)

        return chosen

    async def _ship(self, client: Any, at: tuple[str, int], pile: _Pile, answers: list[Any]) -> None:
        pile.builder.close()  # so that it does not linger
        answer: Any
        try:
            answer = await client.send_batch(pile.builder, at[0], partition=at[1])
        except Exception as exc:  # noqa: BLE001 - whatever it is, these records were not taken
            answer = translate(exc, doing=f"to write to {at[0]}")
        for number in pile.members:
            answers[number] = answer


async def _is_missing(client: Any, topic: str) -> bool:
    """Say whether Kafka answers and does not know the topic: aiokafka calls a topic unknown when nobody answers too."""
    has_answered = await client.client.force_metadata_update()
    return bool(has_answered) and client._metadata.partitions_for_topic(topic) is None  # noqa: SLF001


@lru_cache(maxsize=4_096)
def _place(choose: Callable[..., int], key: bytes, partitions: tuple[int, ...]) -> int:
    """Return the partition of a key. It is worked out byte by byte, and names come again and again."""
    return int(choose(key, partitions, partitions))


def _lay(pile: _Pile, record: OutputRecord) -> bool:
    laid = pile.builder.append(
        timestamp=record.timestamp, key=record.key, value=record.value, headers=list(record.headers)
    )
    return laid is not None


def _too_large(record: OutputRecord, most: int) -> BrokerError:
    size = record_bytes(record)
    return translate(
        MessageSizeTooLargeError(f"it has {size} bytes, and no topic takes more than {most}"),
        doing=f"to write to {record.topic}",
    )
