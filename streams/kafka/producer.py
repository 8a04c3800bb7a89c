"""Writing records with kafka-python: what `wasl produce` and the replay of dead letters use."""

from __future__ import annotations

import logging
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kafka import KafkaProducer
from kafka.errors import KafkaTimeoutError

from streams.errors import BrokerError
from streams.kafka.client import connect
from streams.kafka.errors import translate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.settings import KafkaSettings

__all__ = ["Record", "Written", "open_producer", "write_records"]

_LOG = logging.getLogger(__name__)
_GRACE: Final = 5.0  # seconds beyond the time that a delivery may take
_WINDOW: Final = 1_000  # records whose acknowledgement may be outstanding, so that memory stays bounded


@dataclass(frozen=True, slots=True)
class Record:
    """A record to be written.

    Attributes:
        value: Its value; None for a tombstone.
        key: Its key.
        headers: Its headers, in order.
        timestamp: Milliseconds since 1970-01-01 UTC; None means now.
        partition: Where in the topic; None leaves it to the key.
    """

    value: bytes | None
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp: int | None = None
    partition: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """Where a record stands.

    Attributes:
        topic: The topic.
        partition: The partition there.
        offset: The offset there.
    """

    topic: str
    partition: int
    offset: int


@contextmanager
def open_producer(
    kafka: KafkaSettings,
    *,
    linger: float = 0.005,
    max_request_bytes: int = 67_108_864,
    timeout: float = 30.0,
    connect_timeout: float = 10.0,
) -> Iterator[Any]:
    """Open an idempotent producer that waits for all replicas, and close it at the end.

    Args:
        kafka: How to reach Kafka.
        linger: How long a record waits for company, in seconds.
        max_request_bytes: Largest record that is sent at all; the topic decides what it takes.
        timeout: How long the delivery of a record may take, in seconds.
        connect_timeout: How long to look for a broker, in seconds.

    Raises:
        BrokerUnavailableError: No broker answers, or it hangs up on this user.
    """
    linger_ms = round(linger * 1000)
    delivery_ms = round(timeout * 1000)
    producer = connect(
        KafkaProducer,
        kafka,
        timeout=connect_timeout,
        acks="all",
        enable_idempotence=True,
        linger_ms=linger_ms,
        max_request_size=max_request_bytes,
        max_block_ms=delivery_ms,
        request_timeout_ms=max(1_000, delivery_ms - linger_ms - 1_000),
        delivery_timeout_ms=delivery_ms,
        allow_auto_create_topics=False,
    )
    try:
        yield producer
    finally:
        _close(producer, timeout=timeout)


def write_records(producer: Any, topic: str, records: Iterable[Record]) -> Iterator[Written]:
    """Write records and yield where each stands, in order, once Kafka has acknowledged it.

    Where ``records`` ends with an error, one is not even taken, or Ctrl-C ends it all, those before it are yielded
    first.

    Raises:
        BrokerError: A record could not be delivered; those yielded before it are there.
    """
    patience = producer.config["delivery_timeout_ms"] / 1_000 + _GRACE
    outstanding: deque[Any] = deque()
    try:
        for record in records:
            outstanding.append(_send(producer, topic, record))
            if len(outstanding) >= _WINDOW:
                yield from _acknowledged(outstanding, topic, patience)
    except (Exception, KeyboardInterrupt):
        yield from _acknowledged(outstanding, topic, patience)
        raise
    yield from _acknowledged(outstanding, topic, patience)


def _send(producer: Any, topic: str, record: Record) -> Any:
    try:
        return producer.send(
            topic,
            value=record.value,
            key=record.key,
            headers=list(record.headers),
            timestamp_ms=record.timestamp,
            partition=record.partition,
        )
    except Exception as exc:
        raise translate(exc, doing=f"to write to {topic}") from exc


def _close(producer: Any, *, timeout: float) -> None:
    try:
        producer.close(timeout=timeout)
    except KafkaTimeoutError:
        # kafka-python leaves its thread running then. Who wrote a record was told that it is not acknowledged.
        _LOG.warning("records that Kafka has not acknowledged are given up")
        producer._sender.force_close()  # noqa: SLF001 - nothing else ends it
        producer._sender.join(timeout)  # noqa: SLF001


def _acknowledged(outstanding: deque[Any], topic: str, patience: float) -> Iterator[Written]:
    while len(outstanding) > 0:
        try:
            written = _wait(outstanding[0], topic, patience)
        except BrokerError:
            outstanding.clear()  # of those behind it nothing is told
            raise
        outstanding.popleft()
        yield written


def _wait(future: Any, topic: str, patience: float) -> Written:
    try:
        # An idempotent producer of kafka-python 3.0 keeps still for ever once a record that it had sent has expired.
        metadata = future.get(timeout=patience)
    except Exception as exc:
        raise translate(exc, doing=f"to write to {topic}") from exc
    return Written(metadata.topic, metadata.partition, metadata.offset)
