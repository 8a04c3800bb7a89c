"""The worker as a Faust app: Faust reads, and hands whole batches to the loop that links and delivers them.

Faust has the consumer, its thread, the group and its rebalances, the producer, and the start and the end of it all.
The topic has no agent: `streams.workers.source` says why, and how the records come from the consumer to the loop.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from aiokafka import codec
from faust import App, SASLCredentials, SSLCredentials

from streams.errors import SettingsError
from streams.events.ids import RecordPosition
from streams.kafka.client import ssl_context
from streams.workers.deliver import Courier
from streams.workers.driver import Transport
from streams.workers.ledger import Ledger
from streams.workers.loop import BatchLoop, rfc3339_now
from streams.workers.memory import give_back
from streams.workers.records import InputRecord
from streams.workers.sender import BatchSender
from streams.workers.source import Limits, Work
from streams.workers.tables import NoTables

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.metrics import WorkerMetrics
    from streams.settings import KafkaSettings, Settings
    from streams.workers.ports import Catalog
    from streams.workers.records import Rules
    from streams.workers.source import Fetched
    from streams.workers.state import WorkerState
    from streams.workers.traces import Traces

__all__ = ["build_app", "check_codec"]

_COMMIT_EVERY: Final = 0.25  # seconds; what a killed worker did since is done again
_PRODUCER_BATCH: Final = 1_048_576
_PARTITION_BYTES: Final = 4_194_304
_LOOK_EVERY_MS: Final = 10_000  # at the raw topic's partitions, of which new ones come, or all where it is made anew


def check_codec(compression: str) -> bool:
    """Check that the worker can write with this codec.

    Returns:
        Whether it can also read snappy, the one codec of raw articles that is left to aiokafka.

    Raises:
        SettingsError: The codec's library is not installed.
    """
    has = {"snappy": codec.has_snappy(), "lz4": codec.has_lz4(), "zstd": codec.has_zstd()}
    if not has.get(compression, True):
        raise SettingsError(
            f"WASL_COMPRESSION={compression!r} needs a library that is not installed.",
            remedy="Install it with `pip install cramjam`, or use gzip.",
        )
    return bool(has["snappy"])


def build_app(
    settings: Settings,
    rules: Rules,
    catalog: Catalog,
    *,
    metrics: WorkerMetrics,
    state: WorkerState,
    fail: Callable[[BaseException], None],
    batch_bytes: int = _PRODUCER_BATCH,
    traces: Traces | None = None,
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
        traces: Told every batch that was delivered; None where nobody traces.

    Raises:
        SettingsError: Faust does not accept a setting.
    """
    app: Any = App(settings.worker.group, **_options(settings, rules, batch_bytes))
    app.transport = Transport(app.conf.broker_consumer, app, lambda: work)
    app.producer_transport = app.transport
    producer = app.producer
    ledger = Ledger()

    def assigned(partitions: frozenset[int] | None) -> None:
        state.assigned = partitions
        metrics.assigned.set(0 if partitions is None else len(partitions))

    most = max(rules.enriched_limit, rules.dead_limit)
    courier = Courier(
        BatchSender(producer, most=most),
        rules,
        now=rfc3339_now,
        on_retry=lambda code: metrics.retries.labels(code).inc(),
    )
    loop = BatchLoop(
        rules,
        catalog,
        courier,
        done=lambda positions: _release(ledger, positions),
        fail=fail,
        metrics=metrics,
        state=state,
        traces=traces,
        goes_on=lambda: bool(app.consumer.flow_active),
    )

    async def handle(found: Fetched) -> None:
        await loop.handle([_input(record) for records in found.values() for record in records])

    worker = settings.worker
    work = Work(
        handle=handle,
        idle=loop.idle,
        ledger=ledger,
        limits=Limits(
            worker.batch_size,
            worker.batch_bytes,
            worker.batch_within,
            worker.batch_bytes,
            # What is larger is no article, and fits into no dead letter.
            max(worker.max_record_bytes, rules.dead_limit),
        ),
        on_assignment=assigned,
        on_fetched=metrics.observe_receive,
        on_rest=give_back,
    )
    app.topics.add(app.topic(settings.kafka.topics.raw))
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
        "consumer_metadata_max_age_ms": _LOOK_EVERY_MS,
        "consumer_max_fetch_size": min(_PARTITION_BYTES, worker.batch_bytes),
        "broker_max_poll_records": worker.batch_size,
        "stream_wait_empty": True,
        "producer_acks": -1,
        "producer_compression_type": None if worker.compression == "none" else worker.compression,
        "producer_linger": 0,
        "producer_max_batch_size": batch_bytes,
        "producer_max_request_size": max(rules.enriched_limit, rules.dead_limit),
        "producer_request_timeout": worker.deliver_timeout,
        "processing_guarantee": "at_least_once",
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "table_standby_replicas": 0,
        "TableManager": NoTables,
        "store": "memory://",
        "datadir": str(worker.data_dir / "faust"),
        "web_enabled": False,
        "autodiscover": False,
    }


def _credentials(kafka: KafkaSettings) -> Any:
    context = ssl_context(kafka)
    if kafka.security_protocol.startswith("SASL"):
        try:
            return SASLCredentials(
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
    return None if context is None else SSLCredentials(context)


def _input(record: Any) -> InputRecord:
    timestamp = record.timestamp
    return InputRecord(
        RecordPosition(record.topic, record.partition, record.offset),
        record.key,
        record.value,
        record.headers,
        None if timestamp is None or timestamp < 0 else timestamp,
    )


def _release(ledger: Ledger, positions: Sequence[RecordPosition]) -> None:
    for (topic, partition), group in groupby(positions, key=lambda at: (at.topic, at.partition)):
        ledger.done_all(topic, partition, [at.offset for at in group])
