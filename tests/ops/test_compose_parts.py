"""What docker-compose.yml tells Kafka, Redis and Prometheus, told to the programs themselves on ports of this test.

No container engine is needed: an image of Kafka makes ``log.dirs`` of ``KAFKA_LOG_DIRS`` and so on, as is done here.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import urllib.request
from typing import TYPE_CHECKING

import pytest
import redis
import yaml

from streams.embedded.apache import fetch_kafka
from streams.embedded.java import find_java
from streams.embedded.kraft import KraftProgram, kraft_data, prepare_kraft
from streams.embedded.ports import reserve_port
from streams.embedded.probe import answers_kafka
from streams.embedded.server import Server, ServerSpec
from streams.kafka.admin import create_topics, describe_topics, open_admin
from streams.kafka.topics import TopicSpec
from streams.settings import KafkaSettings
from tests.ops.deployment import OPS, ROOT, compose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from streams.embedded.options import EmbeddedOptions

SERVICES = compose()["services"]
_INSIDE, _HOST, _CONTROLLER = "19092", "9092", "9093"


@pytest.fixture
def kafka(
    apache_or_reason: str | None, embedded_options: EmbeddedOptions, tmp_path: Path
) -> Iterator[tuple[Server, str, str]]:
    """A broker with the properties of the service, and where containers and programs of the host reach it."""
    if apache_or_reason is not None:
        pytest.skip(apache_or_reason)
    ports = tuple(reserve_port() for _ in range(3))
    own = dict(zip((_INSIDE, _HOST, _CONTROLLER), (str(each.port) for each in ports), strict=True))
    properties = {}
    for name, value in SERVICES["kafka"]["environment"].items():
        assert name.startswith("KAFKA_")
        text = re.sub(r":(19092|9092|9093)\b", lambda found: f":{own[found[1]]}", str(value))
        properties[name.removeprefix("KAFKA_").lower().replace("_", ".")] = re.sub(r"\bkafka:", "localhost:", text)
    properties["log.dirs"] = str(kraft_data(tmp_path))
    program = KraftProgram(find_java(embedded_options.java_home).program, fetch_kafka(embedded_options), ("-Xmx512m",))
    spec = ServerSpec(
        name="Kafka of docker-compose.yml",
        command=prepare_kraft(tmp_path, properties, program, cluster_id="d2FzbC1jb21wb3NlLTAwMQ"),
        log_path=tmp_path / "kafka.log",
        ready=answers_kafka,
        version=lambda _: "",
        start_timeout=90.0,
        grace=20.0,
    )
    with Server(spec, ports).started() as server:
        yield server, f"localhost:{own[_INSIDE]}", f"localhost:{own[_HOST]}"


def test_kafka_starts_so_and_is_reached_by_containers_and_by_the_host(kafka: tuple[Server, str, str]) -> None:
    _, inside, host = kafka
    with open_admin(KafkaSettings(inside)) as admin:
        create_topics(admin, [TopicSpec("seen", 8)])
    with open_admin(KafkaSettings(host)) as admin:
        found = describe_topics(admin, ["seen", "misspelt"])
    # A topic that is asked for and not there stays so.
    assert {name: topic.partitions for name, topic in found.items()} == {"seen": 8}


def test_redis_starts_so_and_keeps_everything(tmp_path: Path, eventually: Callable[..., None]) -> None:
    name, *options = SERVICES["redis"]["command"]
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not there")
    reserved = reserve_port()
    command = [program, *options, "--port", str(reserved.port), "--dir", str(tmp_path), "--bind", "127.0.0.1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        client = redis.Redis(port=reserved.port, decode_responses=True)
        try:

            def answers() -> bool:
                try:
                    return bool(client.ping())
                except redis.ConnectionError:
                    return False

            eventually(answers, within=20)
            wanted = {"appendonly": "yes", "appendfsync": "always", "maxmemory-policy": "noeviction", "save": ""}
            assert client.config_get(*wanted) == wanted
        finally:
            client.close()
            process.terminate()
    reserved.release()


def test_prometheus_starts_so_with_its_rules(tmp_path: Path, eventually: Callable[..., None]) -> None:
    program, promtool = shutil.which("prometheus"), shutil.which("promtool")
    if program is None or promtool is None:
        pytest.skip("Prometheus is not there: apt-get install prometheus")
    config = OPS / "prometheus" / "prometheus.yml"
    checked = subprocess.run([promtool, "check", "config", config], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    rules = yaml.safe_load((OPS / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    assert f"{len(rules)} rules found" in checked.stdout
    reserved = reserve_port()
    options = [
        option.replace("/etc/prometheus", str(config.parent)).replace("=/prometheus", f"={tmp_path}")
        for option in SERVICES["prometheus"]["command"]
    ]
    address = f"127.0.0.1:{reserved.port}"
    command = [program, *options, f"--web.listen-address={address}"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=ROOT) as process:
        try:

            def ready() -> bool:
                try:
                    with urllib.request.urlopen(f"http://{address}/-/ready", timeout=2) as answer:
                        return answer.status == 200
                except OSError:
                    return False

            eventually(ready, within=30)
        finally:
            process.terminate()
    reserved.release()
