"""A worker as a process of its own, on topics of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

from chaos.checker import check
from streams.errors import BrokerUnavailableError
from streams.kafka.admin import create_topics, describe_topics, open_admin, read_group_offsets
from streams.kafka.producer import Record, open_producer, write_records
from streams.kafka.topics import declared_topics
from streams.settings import KafkaSettings, Settings, TopicSettings, WorkerSettings

_ROOT = Path(__file__).resolve().parents[2]
_SCRIPT = _ROOT / "tests" / "support" / "worker.py"


class Bench:
    """Topics, a group, and the workers that read them."""

    def __init__(self, bootstrap: str, name: str, folder: Path, wait) -> None:
        topics = TopicSettings(*(f"{name}.{kind}" for kind in ("raw", "enriched", "dead", "unlinked")))
        self.settings = Settings(
            kafka=KafkaSettings(bootstrap_servers=bootstrap, topics=topics),
            worker=WorkerSettings(group=name, max_record_bytes=200_000),
        )
        self.kafka = self.settings.kafka
        self.name = name
        self.folder = folder
        self.wait = wait
        self.workers: list[Worker] = []

    def create(self, *, partitions=4, without=(), **configs):
        """Create the topics; configs by kind replace the declared ones, ``without`` leaves topics out."""
        specs = []
        for kind, spec in zip(
            ("raw", "enriched", "dead", "unlinked"),
            declared_topics(self.settings, partitions=partitions),
            strict=True,
        ):
            if kind not in without:
                specs.append(replace(spec, configs={**spec.configs, **configs.get(kind, {})}))
        with open_admin(self.kafka) as admin:
            create_topics(admin, specs)
            self.wait(lambda: len(describe_topics(admin, [spec.name for spec in specs])) == len(specs))

    def alter(self, kind, **values):
        """Set configs of a topic that exists."""
        from kafka.admin import ConfigResource, ConfigResourceType

        name = getattr(self.kafka.topics, kind)
        with open_admin(self.kafka) as admin:
            admin.alter_configs(
                [
                    ConfigResource(
                        ConfigResourceType.TOPIC,
                        name,
                        configs={key.replace("_", "."): str(value) for key, value in values.items()},
                    )
                ]
            )

    def delete(self, kind):
        name = getattr(self.kafka.topics, kind)
        with open_admin(self.kafka) as admin:
            admin.delete_topics([name])
            self.wait(lambda: len(describe_topics(admin, [name])) == 0)

    def produce(self, records):
        with open_producer(self.kafka) as producer:
            return list(write_records(producer, self.kafka.topics.raw, records))

    def start(self, *arguments, **variables):
        worker = Worker(self, arguments, variables)
        self.workers.append(worker)
        return worker

    def committed(self):
        """Return how many records of the raw topic are committed, and how many there are."""
        with open_admin(self.kafka) as admin:
            found = []

            def known():
                found[:] = self._progress(admin)
                return len(found) > 0

            self.wait(known)
            return tuple(found)

    def until_committed(self, count, *, within=60.0):
        """Wait until ``count`` records of the raw topic are committed."""
        with open_admin(self.kafka) as admin:

            def there():
                time.sleep(0.1)  # to ask all the time would take the worker's share of the machine
                return next(iter(self._progress(admin)), 0) >= count

            self.wait(there, within=within)

    def _progress(self, admin):
        try:
            offsets = read_group_offsets(admin, self.name, self.kafka.topics.raw).values()
        except BrokerUnavailableError:  # a new broker makes its topic of offsets when the first group asks
            return ()
        return sum(at.committed or 0 for at in offsets), sum(at.end for at in offsets)

    def check(self):
        return check(self.kafka)

    def close(self):
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.process.kill()
                worker.process.wait(10)


class Worker:
    """One worker process."""

    def __init__(self, bench, arguments, variables):
        number = len(bench.workers)
        topics = bench.kafka.topics
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WASL_")}
        environment.update(
            WASL_KAFKA_BOOTSTRAP=bench.kafka.bootstrap_servers,
            WASL_TOPIC_RAW=topics.raw,
            WASL_TOPIC_ENRICHED=topics.enriched,
            WASL_TOPIC_DEAD=topics.dead,
            WASL_TOPIC_UNLINKED=topics.unlinked,
            WASL_GROUP=bench.name,
            WASL_HTTP_PORT="0",
            WASL_DATA_DIR=str(bench.folder / f"data{number}"),
            WASL_SESSION_TIMEOUT="3",
            WASL_MAX_RECORD_BYTES=str(bench.settings.worker.max_record_bytes),
            WASL_DELIVER_TIMEOUT="3",
        )
        environment.update(variables)
        self.bench = bench
        self.log = bench.folder / f"worker{number}.log"
        with self.log.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, str(_SCRIPT), *arguments], env=environment, stderr=stream, cwd=_ROOT
            )

    def lines(self):
        written = self.log.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in written if line.startswith("{") and line.endswith("}")]

    def port(self):
        def listening():
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            return [line["port"] for line in self.lines() if "port" in line]

        self.bench.wait(listening, within=20)
        return listening()[0]

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port()}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode("utf-8")
        except urllib.error.HTTPError as exc:
            return exc.code, exc.read().decode("utf-8")

    def until_ready(self):
        self.bench.wait(lambda: self.get("/readyz")[0] == 200, within=30)

    def terminate(self):
        """Ask it to end; return its exit code and how long it took, in seconds."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30), time.monotonic() - began

    def kill(self):
        self.process.kill()
        self.process.wait(10)

    def exit_code(self, *, within=60):
        return self.process.wait(within)


def article(number, *, body="Nvidia, says Zarquon, goes to القاهرة.", **fields):
    """Return a raw article as a record."""
    document = {"article_id": f"a{number}", "title": f"Number {number}", "body": body, **fields}
    return Record(json.dumps(document, ensure_ascii=False).encode(), key=f"k{number}".encode())
