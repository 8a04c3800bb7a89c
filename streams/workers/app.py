"""The worker as a Faust app: take a batch, link it, deliver it, and only then take the next.

Offsets are committed from the ledger (see `streams.workers.driver`): an input counts as done once Kafka has
acknowledged everything made from it. Nothing may escape the loop over the batches, since Faust would take an
exception for the end of the batch, or stand still; what cannot be delivered ends the process at once.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import faust
from aiokafka import codec

from streams.errors import SettingsError
from streams.events.ids import RecordPosition
from streams.kafka.client import ssl_context
from streams.workers.article import process_record
from streams.workers.deliver import Courier
from streams.workers.driver import ProducerSender, RawSchema, Transport
from streams.workers.records import InputRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.metrics import WorkerMetrics
    from streams.settings import KafkaSettings, Settings
    from streams.workers.deliver import Parcel
    from streams.workers.ports import Catalog
    from streams.workers.records import Outcome, Rules
    from streams.workers.state import WorkerState

__all__ = ["BatchLoop", "build_app", "check_codec", "rfc3339_now"]

_COMMIT_EVERY: Final = 0.25  # seconds; what a killed worker did since is done again
_BREATH: Final = 0.02  # seconds of linking after which health, metrics and deliveries get their turn
_PRODUCER_BATCH: Final = 262_144
_FETCH_BYTES: Final = 4_194_304


def rfc3339_now() -> str:
    """Return the time in UTC, RFC 3339, in milliseconds."""
    return dt.datetime.now(tz=dt.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def check_codec(compression: str) -> bool:
    """Check that the worker can write with this codec.

    Returns:
        Whether it can also read whatever codec producers of raw articles use.

    Raises:
        SettingsError: The codec's library is not installed.
    """
    has = {"snappy": codec.has_snappy(), "lz4": codec.has_lz4(), "zstd": codec.has_zstd()}
    if not has.get(compression, True):
        raise SettingsError(
            f"WASL_COMPRESSION={compression!r} needs a library that is not installed.",
            remedy="Install it with `pip install cramjam`, or use gzip.",
        )
    return all(has.values())


class BatchLoop:
    """What happens with each batch.

    Args:
        rules: What holds for every record.
        catalog: Gives the catalogue; asked once a batch.
        courier: Delivers.
        done: Told the position of each record whose outputs are acknowledged.
        metrics: What is counted.
        state: What the endpoint shows.
        now: The time, RFC 3339, UTC.
    """

    def __init__(
        self,
        rules: Rules,
        catalog: Catalog,
        courier: Courier,
        *,
        done: Callable[[RecordPosition], None],
        metrics: WorkerMetrics,
        state: WorkerState,
        now: Callable[[], str] = rfc3339_now,
    ) -> None:
        self._rules = rules
        self._catalog = catalog
        self._courier = courier
        self._done = done
        self._metrics = metrics
        self._state = state
        self._now = now

    async def handle(self, records: Sequence[InputRecord]) -> None:
        """Link and deliver a batch.

        Raises:
            BrokerError: Something cannot be delivered; nothing of the batch is done.
        """
        clock, metrics = self._rules.clock, self._metrics
        began = breathed = clock()
        view, now = self._catalog.view, self._now()
        self._state.in_hand = len(records)
        metrics.articles.inc(len(records))
        metrics.batch_articles.observe(len(records))
        parcels: list[Parcel] = []
        for record in records:
            parcels += await self._courier.post(process_record(record, self._rules, view, now=now))
            if clock() - breathed > _BREATH:
                await asyncio.sleep(0)
                breathed = clock()
        linked = clock()
        outcomes = await self._courier.settle(parcels)
        for record in records:
            self._done(record.position)
        ended = clock()
        metrics.stage_seconds.labels("deliver").observe(ended - linked)
        metrics.batch_seconds.observe(ended - began)
        self._state.in_hand = 0
        self._count(outcomes)

    def _count(self, outcomes: Sequence[Outcome]) -> None:
        metrics = self._metrics
        decode, link = metrics.stage_seconds.labels("decode"), metrics.stage_seconds.labels("link")
        for outcome in outcomes:
            if outcome.kind == "tombstone":
                metrics.tombstones.inc()
            elif outcome.kind == "dead":
                metrics.dead_letters.labels(outcome.code).inc()
            else:
                metrics.enriched.inc()
                metrics.unlinked.inc(len(outcome.records) - 1)
                decode.observe(outcome.decode_seconds)
                link.observe(outcome.link_seconds)
        metrics.count_mentions(pair for outcome in outcomes for pair in outcome.mentions)


def build_app(
    settings: Settings,
    rules: Rules,
    catalog: Catalog,
    *,
    metrics: WorkerMetrics,
    state: WorkerState,
    fail: Callable[[BaseException], None],
    batch_bytes: int = _PRODUCER_BATCH,
) -> Any:
    """Build the Faust app; must be called inside the event loop that runs it.

    Args:
        settings: The settings.
        rules: What holds for every record.
        catalog: Gives the catalogue.
        metrics: What is counted.
        state: What the endpoint shows.
        fail: Ends the process; called with what could not be delivered.
        batch_bytes: Largest batch that the producer makes; no output topic may take less.

    Raises:
        SettingsError: Faust does not accept a setting.
    """
    app = faust.App(settings.worker.group, **_options(settings, rules, batch_bytes))
    app.transport = Transport(app.conf.broker_consumer, app)
    app.producer_transport = app.transport
    consumer: Any = app.consumer

    def assigned(partitions: frozenset[int] | None) -> None:
        state.assigned = partitions
        metrics.assigned.set(0 if partitions is None else len(partitions))

    consumer.on_assignment = assigned
    courier = Courier(
        ProducerSender(app.producer), rules, now=rfc3339_now, on_retry=lambda code: metrics.retries.labels(code).inc()
    )
    loop = BatchLoop(
        rules,
        catalog,
        courier,
        done=lambda at: consumer.ledger.done(at.topic, at.partition, at.offset),
        metrics=metrics,
        state=state,
    )
    worker = settings.worker
    topic = app.topic(settings.kafka.topics.raw, schema=RawSchema())

    async def link(stream: Any) -> None:
        async for events in stream.take_events(worker.batch_size, within=worker.batch_within):
            try:
                await loop.handle([_input(event.message) for event in events])
            except Exception as exc:  # noqa: BLE001 - see the head of this module
                fail(exc)

    app.agent(topic, name="link", concurrency=1)(link)
    return app


def _options(settings: Settings, rules: Rules, batch_bytes: int) -> dict[str, Any]:
    worker = settings.worker
    worker.data_dir.mkdir(parents=True, exist_ok=True)
    return {
        "broker": [f"kafka://{server.strip()}" for server in settings.kafka.bootstrap_servers.split(",")],
        "broker_credentials": _credentials(settings.kafka),
        "broker_commit_interval": _COMMIT_EVERY,
        "broker_commit_every": 1_000_000,
        "broker_session_timeout": worker.session_timeout,
        "broker_heartbeat_interval": min(3.0, worker.session_timeout / 4),
        "broker_request_timeout": max(40.0, worker.session_timeout + 5),
        "broker_rebalance_timeout": max(60.0, worker.session_timeout),
        "consumer_auto_offset_reset": "earliest",
        "consumer_max_fetch_size": _FETCH_BYTES,
        "broker_max_poll_records": worker.batch_size,
        "stream_buffer_maxsize": 2 * worker.batch_size,
        "stream_wait_empty": True,
        "producer_acks": -1,
        "producer_compression_type": None if worker.compression == "none" else worker.compression,
        "producer_linger": worker.linger,
        "producer_max_batch_size": batch_bytes,
        "producer_max_request_size": max(rules.enriched_limit, rules.dead_limit),
        "producer_request_timeout": worker.deliver_timeout,
        "processing_guarantee": "at_least_once",
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "table_standby_replicas": 0,
        "store": "memory://",
        "datadir": str(worker.data_dir / "faust"),
        "web_enabled": False,
        "autodiscover": False,
    }


def _credentials(kafka: KafkaSettings) -> Any:
    context = ssl_context(kafka)
    if kafka.security_protocol.startswith("SASL"):
        try:
            return faust.SASLCredentials(
                username=kafka.sasl_username,
                password=kafka.sasl_password,
                mechanism=kafka.sasl_mechanism,
                ssl_context=context,
            )
        except ValueError as exc:
            raise SettingsError(
                f"WASL_KAFKA_SASL_MECHANISM={kafka.sasl_mechanism!r} is not known.",
                remedy="Use PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.",
            ) from exc
    return None if context is None else faust.SSLCredentials(context)


def _input(message: Any) -> InputRecord:
    timestamp = message.timestamp
    return InputRecord(
        position=RecordPosition(message.topic, message.partition, message.offset),
        key=message.key,
        value=message.value,
        headers=tuple(message.headers or ()),
        timestamp=None if timestamp is None or timestamp < 0 else round(timestamp * 1000),
    )
