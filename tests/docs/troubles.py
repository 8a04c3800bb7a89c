"""What the pages of alerts are about, made to happen: to workers, Kafka and Redis, while Prometheus looks on."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import yaml
from kafka import KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata

from streams.catalog.redis_ import connect
from streams.embedded.ports import reserve_port
from streams.kafka.admin import open_admin
from streams.kafka.consumer import open_consumer
from streams.kafka.producer import Record, open_producer, write_records
from streams.settings import KafkaSettings, RedisSettings
from tests.docs.commands import letters
from tests.docs.pages import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.docs.console import Sandbox

_LAG: Final = {
    "WASL_LAG_INTERVAL": "0.5",
    "WASL_LAG_STALL_AFTER": "1",
    "WASL_LAG_WARN_SECONDS": "1",
    "WASL_LAG_REWOUND_FOR": "60",
}
# Those who are killed leave their group so late.
_SOON: Final = {"WASL_SESSION_TIMEOUT": "6"}
GROUP: Final = "wasl-linker"
RAW: Final = "articles.raw"
_OLD: Final = 600.0  # seconds
_MANY: Final = 3_000
_RULES: Final = yaml.safe_load((ROOT / "ops" / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))
EXPRESSIONS: Final = {rule["alert"]: rule["expr"] for rule in _RULES["groups"][0]["rules"]}


def ask(port: int, path: str) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=15) as answer:
            return str(answer.read(), "utf-8")
    except urllib.error.HTTPError as exc:
        return str(exc.read(), "utf-8")
    except OSError:
        return ""


def eventually(holds: Callable[[], object], what: str, *, within: float = 60) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, f"{what}: not so after {within:g} seconds"
        time.sleep(0.1)


@contextmanager
def program(command: list[str], *, env: dict[str, str], log: Path) -> Iterator[int]:
    """A program that runs meanwhile; yields its process id."""
    with (
        log.open("ab") as target,
        subprocess.Popen(command, env=env, cwd=log.parent, stdout=target, stderr=target) as process,
    ):
        try:
            yield process.pid
        finally:
            process.terminate()


class Bench:
    """The sandbox, with what is broken in it, and Prometheus, which looks on."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.kafka = KafkaSettings(sandbox.state.bootstrap_servers)
        self.folder = folder
        self.broker = int(sandbox.state.bootstrap_servers.rpartition(":")[2])
        self.worker = sandbox.port("worker")
        reserved = [reserve_port() for _ in range(2)]
        self.other, self.prometheus = (each.port for each in reserved)
        for each in reserved:
            each.release()
        self.scrape(self.worker)

    def scrape(self, *workers: int) -> None:
        """Let Prometheus ask these workers from now on."""
        text = json.dumps([{"targets": [f"127.0.0.1:{port}" for port in workers]}])
        (self.folder / "new.json").write_text(text, encoding="utf-8")
        (self.folder / "new.json").replace(self.folder / "workers.json")

    @contextmanager
    def run_worker(self, port: int, **env: str) -> Iterator[Path]:
        """Run workers meanwhile; yields their log."""
        log = self.folder / f"worker-{port}.log"
        given = {
            **self.sandbox.env,
            "WASL_HTTP_PORT": str(port),
            "WASL_DATA_DIR": str(self.folder / f"{port}"),
            **_SOON,
            **env,
        }
        with program([sys.executable, "-m", "streams", "worker"], env=given, log=log):
            eventually(lambda: '"status": "ready"' in ask(port, "readyz"), "a worker is ready")
            yield log

    def fires(self, name: str) -> bool:
        """Whether an alert has its reason now."""
        return len(self.ask(EXPRESSIONS[name])) > 0

    def ask(self, query: str) -> list[Any]:
        found = ask(self.prometheus, f"api/v1/query?{urllib.parse.urlencode({'query': query})}")
        return list(json.loads(found)["data"]["result"]) if found.startswith("{") else []

    def send(self, *bodies: str, age: float = 0.0) -> None:
        """Write articles that are as old as this, in seconds."""
        when = time.time()
        records = [
            Record(json.dumps({"article_id": f"{when}-{n}", "title": "t", "body": body}).encode(), b"%d" % n)
            for n, body in enumerate(bodies)
        ]
        with open_producer(self.kafka) as producer:
            if age == 0:
                assert len(list(write_records(producer, RAW, records))) == len(bodies)
            for record in records if age > 0 else ():
                stamp = int((when - age) * 1000)
                producer.send(RAW, record.value, key=record.key, timestamp_ms=stamp).get(timeout=30)

    def ends(self) -> dict[TopicPartition, int]:
        with open_consumer(self.kafka) as consumer:
            return dict(consumer.end_offsets([TopicPartition(RAW, number) for number in range(8)]))


def lag_env(bench: Bench) -> dict[str, str]:
    """Who looks once shares what the exporter saw before: a single look shows no state that takes time."""
    return {**_LAG, "WASL_DATA_DIR": str(bench.folder / "data")}


@contextmanager
def exporter_down(_: Bench) -> Iterator[dict[str, str]]:
    yield {}


@contextmanager
def dead_letters(bench: Bench) -> Iterator[dict[str, str]]:
    given = letters(bench.sandbox, bench.folder)
    # A rate needs more of what there was already.
    letters(bench.sandbox, bench.folder)
    yield {"dlq show ID": f"dlq show {given['b3189f30c4fb']}"}


@contextmanager
def redis_away(bench: Bench) -> Iterator[dict[str, str]]:
    """Redis hangs."""
    [pid] = [each.pid for each in bench.sandbox.state.processes if each.name == "Redis"]
    os.kill(pid, signal.SIGSTOP)
    try:
        eventually(lambda: '"is_live": false' in ask(bench.worker, "readyz"), "the worker misses Redis")
        yield {}
    finally:
        os.kill(pid, signal.SIGCONT)
    eventually(lambda: '"is_live": true' in ask(bench.worker, "readyz"), "the worker has Redis again")


@contextmanager
def redis_emptied(bench: Bench) -> Iterator[dict[str, str]]:
    """Somebody empties Redis; the remedy of the runbook brings the catalogue back."""
    client = connect(RedisSettings(bench.sandbox.state.redis_url))
    client.flushall()
    client.close()
    eventually(lambda: "holds no catalogue" in ask(bench.worker, "readyz"), "the worker misses the catalogue")
    yield {}
    bench.sandbox.run("wasl catalog import --starter")
    eventually(lambda: '"is_live": true' in ask(bench.worker, "readyz"), "the worker has the catalogue again")


@contextmanager
def drift(bench: Bench) -> Iterator[dict[str, str]]:
    """An editor retires what the news is about."""
    bench.sandbox.run(
        'wasl catalog set --id local:qalamoun --type organization --label en="Qalamoun Robotics"'
        " && wasl catalog retire local:qalamoun --reason 'by mistake'"
    )
    bench.send(*["Qalamoun Robotics met Nvidia."] * 3)
    yield {}


@contextmanager
def worker_down(bench: Bench) -> Iterator[dict[str, str]]:
    """The worker of the sandbox ends, and old articles wait."""
    # Of a partition without a commit nobody says how far the group is behind.
    bench.send(*["Nvidia met Aramco."] * 64)
    committed = f'count(kafka_consumergroup_lag{{consumergroup="{GROUP}"}} == 0) == 8'
    eventually(lambda: bench.ask(committed), "the worker has committed everywhere")
    [pid] = [each.pid for each in bench.sandbox.state.processes if each.name == "worker"]
    os.kill(pid, signal.SIGTERM)
    eventually(lambda: ask(bench.worker, "healthz") == "", "the worker has ended")
    bench.send(*["Nvidia met Aramco."] * 3, age=_OLD)
    yield {}


@contextmanager
def records_lost(bench: Bench) -> Iterator[dict[str, str]]:
    """Retention goes past what waits."""
    with open_admin(bench.kafka) as admin:
        admin.delete_records({partition: end for partition, end in bench.ends().items() if end > 0})
    yield {}


@contextmanager
def _desk(bench: Bench) -> Iterator[tuple[KafkaConsumer, TopicPartition]]:
    """A consumer of somebody's own, beside the workers, who are down."""
    before = bench.ends()
    bench.send("For the desk.")
    # Where the article went: of another partition nothing may be left.
    [partition] = [each for each, end in bench.ends().items() if end > before[each]]
    consumer = KafkaConsumer(
        bootstrap_servers=bench.sandbox.state.bootstrap_servers, group_id="desk", enable_auto_commit=False
    )
    try:
        consumer.subscribe([RAW])
        eventually(lambda: [consumer.poll(100), partition in consumer.assignment()][1], "the desk is in its group")
        yield consumer, partition
    finally:
        consumer.close()


def _commit(consumer: KafkaConsumer, partition: TopicPartition, offset: int) -> None:
    consumer.commit({partition: OffsetAndMetadata(offset, "", -1)})


@contextmanager
def stalled(bench: Bench) -> Iterator[dict[str, str]]:
    with _desk(bench) as (consumer, partition):
        _commit(consumer, partition, bench.ends()[partition] - 1)
        eventually(lambda: [consumer.poll(100), bench.fires("WaslGroupStalled")][1], "the desk is stalled")
        yield {}


@contextmanager
def rewound(bench: Bench) -> Iterator[dict[str, str]]:
    with _desk(bench) as (consumer, partition):
        end = bench.ends()[partition]
        _commit(consumer, partition, end)
        at = f'kafka_consumergroup_current_offset{{consumergroup="desk",partition="{partition.partition}"}} == {end}'
        eventually(lambda: [consumer.poll(100), bench.ask(at)][1], "the desk was seen at the end")
        _commit(consumer, partition, end - 1)
        eventually(lambda: [consumer.poll(100), bench.fires("WaslGroupRewound")][1], "the desk has gone back")
        yield {}


@contextmanager
def split(bench: Bench) -> Iterator[dict[str, str]]:
    """One of two workers is told of another catalogue."""
    line = {"id": "local:elsewhere", "type": "other", "labels": {"en": "Elsewhere"}}
    (bench.folder / "elsewhere.jsonl").write_text(json.dumps(line), encoding="utf-8")
    bench.sandbox.run("WASL_REDIS_PREFIX=elsewhere wasl catalog import elsewhere.jsonl", folder=bench.folder)
    bench.scrape(bench.worker, bench.other)
    one = {"WASL_PROCESSES": "1"}
    with (
        bench.run_worker(bench.other, WASL_REDIS_PREFIX="elsewhere", **one),
        bench.run_worker(bench.worker, **one),
    ):
        yield {f"127.0.0.1:{bench.worker}": f"127.0.0.1:{bench.other}"}
    bench.scrape(bench.worker)


@contextmanager
def broker_hangs(bench: Bench) -> Iterator[dict[str, str]]:
    """Kafka's process stands still while a worker is at work."""
    bench.send(*["Nvidia met Aramco."] * _MANY)
    [pid] = [each.pid for each in bench.sandbox.state.processes if each.port == bench.broker]
    with bench.run_worker(bench.worker, WASL_PROCESSES="1", WASL_BATCH_SIZE="10", WASL_DELIVER_TIMEOUT="1"):
        at_work = re.compile(r"^wasl_enriched_total [1-9]", re.MULTILINE)
        eventually(lambda: at_work.search(ask(bench.worker, "metrics")), "the worker is at work")
        os.kill(pid, signal.SIGSTOP)
        try:
            yield {}
        finally:
            os.kill(pid, signal.SIGCONT)


@contextmanager
def restarts(bench: Bench) -> Iterator[dict[str, str]]:
    """The system kills a process, as it does where memory is short, again and again."""
    killed = time.time()
    with bench.run_worker(bench.worker, WASL_PROCESSES="2") as log:
        for number in range(1, 4):
            eventually(partial(_have_begun, log, 1 + number), "a process was started anew")
            # Each has to be seen by Prometheus: where one begins after the one before has ended.
            seen = f'process_start_time_seconds{{job="wasl-worker"}} > {killed}'
            eventually(partial(bench.ask, seen), "Prometheus has seen it")
            os.kill(_pids(log)[-1], signal.SIGKILL)
            killed = time.time()
        eventually(partial(_have_begun, log, 5), "a process was started anew")
        yield {}


def _have_begun(log: Path, number: int) -> bool:
    return len(_pids(log)) == number


def _pids(log: Path) -> list[int]:
    """The processes that have begun to work since the family was started last, in their order."""
    text = log.read_text("utf-8").rpartition("catalogue loaded for all")[2]
    return [int(found) for found in re.findall(r'"worker starts".*"pid":(\d+)', text)]


BREAKS: Final = {
    each.__name__: each
    for each in (
        exporter_down,
        dead_letters,
        redis_away,
        redis_emptied,
        drift,
        worker_down,
        records_lost,
        stalled,
        rewound,
        split,
        restarts,
        broker_hangs,
    )
}
