"""Output records of the article step, handed to Kafka by kafka-python: a `streams.workers.deliver.Sender`."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from streams.kafka.errors import translate
from streams.kafka.producer import open_producer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from streams.errors import BrokerError
    from streams.settings import KafkaSettings
    from streams.workers.records import OutputRecord

__all__ = ["ProducerSender"]


class ProducerSender:
    """Sends records through a producer of its own, until it is closed.

    Args:
        kafka: How to reach Kafka.
        most: Largest record that is sent at all, in bytes.
        timeout: How long the delivery of a record may take, in seconds.

    Raises:
        BrokerUnavailableError: No broker answers.
    """

    def __init__(self, kafka: KafkaSettings, *, most: int, timeout: float) -> None:
        self._kafka = kafka
        self._most = most
        self._timeout = timeout
        self._stack = ExitStack()
        self._producer: Any = self._open()

    async def send(self, records: Sequence[OutputRecord]) -> list[Awaitable[object] | BrokerError]:
        """Hand over records, in order; see the protocol."""
        loop = asyncio.get_running_loop()
        answers: list[Awaitable[object] | BrokerError] = []
        for record in records:
            try:
                sent = self._producer.send(
                    record.topic,
                    value=record.value,
                    key=record.key,
                    headers=list(record.headers),
                    timestamp_ms=record.timestamp,
                )
            except Exception as exc:  # noqa: BLE001 - kafka-python raises all sorts of things; one table knows them
                answers.append(translate(exc, doing=f"to write to {record.topic}"))
            else:
                answers.append(_awaited(loop, sent))
        return answers

    async def renew(self) -> None:
        """Start afresh after a refusal.

        Raises:
            BrokerError: Kafka does not answer.
        """
        self.close()
        self._producer = self._open()

    def close(self) -> None:
        """Close the producer."""
        self._stack.close()

    def _open(self) -> Any:
        return self._stack.enter_context(
            open_producer(self._kafka, max_request_bytes=self._most, timeout=self._timeout)
        )


def _awaited(loop: asyncio.AbstractEventLoop, sent: Any) -> asyncio.Future[None]:
    """Return what ends when kafka-python's thread says how the record fared."""
    answer: asyncio.Future[None] = loop.create_future()
    sent.add_callback(lambda _: loop.call_soon_threadsafe(_end, answer, None))
    sent.add_errback(lambda exc: loop.call_soon_threadsafe(_end, answer, exc))
    return answer


def _end(answer: asyncio.Future[None], error: BaseException | None) -> None:
    if answer.done():
        return
    if error is None:
        answer.set_result(None)
    else:
        answer.set_exception(error)
