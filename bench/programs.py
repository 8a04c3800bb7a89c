"""The programs that are compared at the broker, each a process of its own.

``python -m bench.programs NAME BOOTSTRAP RAW OUT GROUP SNAPSHOT``: every one reads the topic RAW from its beginning as
a member of GROUP and writes to OUT until it is asked to end. Those that link decode, link and encode with the same
functions as the worker and the same catalogue; the others pass the bytes on.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from streams.catalog.snapshot import open_snapshot
from streams.events.article import decode_raw_article
from streams.events.enriched import EnrichedArticle, Language, Linker, encode_enriched_article
from streams.linking.enrich import LINKER, Links, link_article
from streams.log import configure_logging
from streams.settings import Settings
from streams.workers.main import run_workers
from streams.workers.static import StaticCatalog

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.catalog.view import CatalogView
    from streams.events.article import RawArticle

__all__ = ["LINKING", "PROGRAMS", "Task"]

_NOW: Final = "2024-06-07T00:00:00.000Z"
_BATCH: Final = 256
# Bytewax finishes a batch of every partition at one step before it does the next step.
_SMALL: Final = 16


@dataclass(frozen=True, slots=True)
class Task:
    """What a program is to do.

    Attributes:
        bootstrap: The broker.
        raw: Topic to read.
        out: Topic to write to.
        group: Consumer group.
        snapshot: Compiled catalogue.
    """

    bootstrap: str
    raw: str
    out: str
    group: str
    snapshot: str


def _linker(task: Task) -> Callable[[bytes], bytes]:
    view = open_snapshot(Path(task.snapshot))

    def link(value: bytes) -> bytes:
        article = decode_raw_article(value)
        links = link_article(article, view)
        return encode_enriched_article(
            EnrichedArticle(article, links.language, links.mentions, links.entities, LINKER, view.version, _NOW)
        )

    return link


def _same(value: bytes) -> bytes:
    return value


def _run_aiokafka(task: Task, change: Callable[[bytes], bytes]) -> None:
    """Read batches, send each record, wait for all, commit: the least that loses nothing."""

    async def run() -> None:
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        consumer = AIOKafkaConsumer(
            task.raw,
            bootstrap_servers=task.bootstrap,
            group_id=task.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=4_194_304,
        )
        producer = AIOKafkaProducer(
            bootstrap_servers=task.bootstrap, acks="all", enable_idempotence=True, linger_ms=5, max_batch_size=262_144
        )
        async with consumer, producer:
            while not ended.is_set():
                batches = await consumer.getmany(timeout_ms=50, max_records=_BATCH)
                sent = [
                    await producer.send(task.out, value=change(record.value), key=record.key)
                    for records in batches.values()
                    for record in records
                ]
                if len(sent) > 0:
                    await asyncio.gather(*sent)
                    await consumer.commit()

    asyncio.run(run())


def _run_faust(task: Task) -> None:
    """Forward every event, as the documentation of Faust does."""
    faust = importlib.import_module("faust")
    app = faust.App(
        task.group,
        broker=f"kafka://{task.bootstrap}",
        value_serializer="raw",
        key_serializer="raw",
        producer_acks=-1,
        producer_linger=0.005,
        producer_max_batch_size=262_144,
        consumer_auto_offset_reset="earliest",
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        store="memory://",
        datadir=tempfile.mkdtemp(),
    )
    raw = app.topic(task.raw, key_serializer="raw", value_serializer="raw", key_type=bytes, value_type=bytes)
    out = app.topic(task.out, key_serializer="raw", value_serializer="raw", key_type=bytes, value_type=bytes)

    async def forward(stream: Any) -> None:
        async for event in stream.events():
            await event.forward(out)

    app.agent(raw)(forward)
    app.finalize()
    importlib.import_module("mode").Worker(app, loglevel="WARNING").execute_from_commandline()


def _run_worker(
    task: Task, link: Callable[[RawArticle, CatalogView], Any], linker: Linker, *, processes: int = 1
) -> None:
    configure_logging("WARNING")
    settings = Settings.from_env(
        {
            "WASL_KAFKA_BOOTSTRAP": task.bootstrap,
            "WASL_TOPIC_RAW": task.raw,
            "WASL_TOPIC_ENRICHED": task.out,
            "WASL_TOPIC_DEAD": f"{task.out}.dead",
            "WASL_TOPIC_UNLINKED": f"{task.out}.unlinked",
            "WASL_GROUP": task.group,
            "WASL_HTTP_PORT": "0",
            "WASL_DATA_DIR": tempfile.mkdtemp(),
        }
    )
    catalog = StaticCatalog(open_snapshot(Path(task.snapshot)))
    sys.exit(run_workers(settings, catalog=catalog, processes=processes, link=link, linker=linker))


def _find_nothing(article: RawArticle, _: CatalogView) -> Links:
    return Links(language=Language(article.language or "und", "detected"), mentions=(), entities=(), unlinked=())


def _run_quix(task: Task) -> None:
    quix = importlib.import_module("quixstreams")
    link = _linker(task)
    app = quix.Application(
        broker_address=task.bootstrap,
        consumer_group=task.group,
        auto_offset_reset="earliest",
        auto_create_topics=False,
        loglevel="WARNING",
        state_dir=tempfile.mkdtemp(),
        producer_extra_config={"linger.ms": 5, "acks": "all", "enable.idempotence": True},
    )
    raw = app.topic(task.raw, value_deserializer="bytes", key_deserializer="bytes")
    out = app.topic(task.out, value_serializer="bytes", key_serializer="bytes")
    app.dataframe(raw).apply(link).to_topic(out)
    app.run()


def _run_bytewax(task: Task) -> None:
    dataflow = importlib.import_module("bytewax.dataflow")
    operators = importlib.import_module("bytewax.operators")
    kafka = importlib.import_module("bytewax.connectors.kafka")
    link = _linker(task)
    flow = dataflow.Dataflow("bench")
    # It has no consumer groups, and commits nothing to Kafka.
    source = kafka.KafkaSource([task.bootstrap], [task.raw], batch_size=_SMALL)
    sink = kafka.KafkaSink([task.bootstrap], task.out, add_config={"linger.ms": "5", "acks": "all"})
    articles = operators.input("read", flow, source)
    enriched = operators.map("link", articles, lambda found: kafka.KafkaSinkMessage(found.key, link(found.value)))
    operators.output("write", enriched, sink)
    importlib.import_module("bytewax.run").cli_main(flow)


PROGRAMS: Final[dict[str, tuple[str, Callable[[Task], None]]]] = {
    "aiokafka, passing on": ("aiokafka", lambda task: _run_aiokafka(task, _same)),
    "faust, passing on": ("faust", _run_faust),
    "worker, finding nothing": ("faust", lambda task: _run_worker(task, _find_nothing, Linker("none", "0"))),
    "worker": ("faust", lambda task: _run_worker(task, link_article, LINKER)),
    "two workers": ("faust", lambda task: _run_worker(task, link_article, LINKER, processes=2)),
    "aiokafka, linking": ("aiokafka", lambda task: _run_aiokafka(task, _linker(task))),
    "quix streams, linking": ("quixstreams", _run_quix),
    "bytewax, linking": ("bytewax", _run_bytewax),
}
"""By name: the module that must be there, and how to run it."""

LINKING: Final = ("quix streams, linking", "bytewax, linking")
"""The peers of the worker."""


if __name__ == "__main__":
    os.environ.pop("WASL_LOG_LEVEL", None)
    PROGRAMS[sys.argv[1]][1](Task(*sys.argv[2:7]))
