"""The consumers that people copy, each run where its runtime exists."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaProducer

from streams.embedded.apache import fetch_kafka
from streams.events.article import CE_TYPE as RAW_TYPE
from streams.events.enriched import LinkedEntity, encode_enriched_article
from streams.events.envelope import Envelope, write_headers
from streams.kafka.admin import create_topics, open_admin
from streams.kafka.producer import Record, open_producer, write_records
from streams.kafka.topics import TopicSpec
from streams.settings import KafkaSettings
from tests.client.articles import enriched, record
from tests.docs.pages import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streams.embedded.options import EmbeddedOptions
    from streams.embedded.server import Server

EXAMPLES = ROOT / "docs" / "examples"
CACHE = ROOT / ".cache" / "node"
NODE_CLIENT = "@platformatic/kafka@1.35.0"


@pytest.fixture
def topic(apache: Server, unique: str) -> str:
    """A topic with what is no enriched article, two equal articles about Q1, one about Q2, and a tombstone."""
    kafka = KafkaSettings(apache.address)
    with open_admin(kafka) as admin:
        create_topics(admin, [TopicSpec(unique, 2)])
    about = [
        (number, replace(enriched(number, entity_id=entity_id), entities=(named(entity_id),)))
        for number, entity_id in ((1, "Q1"), (2, "Q2"), (1, "Q1"))
    ]
    records = [replace(record(number), value=encode_enriched_article(article)) for number, article in about]
    raw = json.dumps({"article_id": "raw", "title": "Raw", "body": ""}).encode()
    strange = [
        Record(raw, b"raw", tuple(write_headers(Envelope("r1", "//wasl", RAW_TYPE)))),
        Record(raw, b"raw"),
        Record(b"{", b"bad"),
        Record(b"\0\0\0{\0\xff\xff\xff", b"no text"),
        Record(b'{"entities":{"x":1}}', b"no list"),
        Record(b'{"entities":[null]}', b"no entity"),
        Record(b"null", b"nothing"),
    ]
    # They come first, so that whatever ends at them finds nothing.
    asyncio.run(write_headers_without_values(apache.address, unique))
    with open_producer(kafka) as producer:
        written = write_records(producer, unique, [*strange, *records, Record(None, b"gone")])
        assert len(list(written)) == 11
    return unique


async def write_headers_without_values(address: str, topic: str) -> None:
    """Write what kafka-python cannot."""
    async with AIOKafkaProducer(bootstrap_servers=address) as producer:
        await producer.send_and_wait(topic, b"{}", headers=[("ce_type", None), ("ce_id", None)])


def named(entity_id: str) -> LinkedEntity:
    return LinkedEntity(entity_id, "person", f"هوانغ {entity_id}", 1.0, 1, {})


@pytest.fixture
def example(topic: str, tmp_path: Path) -> Callable[[str], Path]:
    """A copy of an example that reads the topic of this test, and waits for less long."""

    def copy(name: str) -> Path:
        text = (EXAMPLES / name).read_text(encoding="utf-8")
        for pattern, other in (
            (r"articles\.enriched", topic),
            (r"example-(python|java|node)", rf"{topic}-\1"),
            (r"idle=10\b|ofSeconds\(10\)|\b10_000\b", lambda found: found[0].replace("10", "5")),
        ):
            text, count = re.subn(pattern, other, text)
            assert count > 0, pattern
        target = tmp_path / name
        target.write_text(text, encoding="utf-8")
        return target

    return copy


def output(*command: str | Path, cwd: Path | None = None, timeout: float = 90) -> str:
    done = subprocess.run([*map(str, command)], capture_output=True, cwd=cwd, timeout=timeout, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode(errors="backslashreplace")


def test_python(example: Callable[[str], Path], apache: Server) -> None:
    said = output(sys.executable, example("consumer.py"), apache.address, "Q1", cwd=ROOT)
    assert said == "a1\tهوانغ Q1\n"


def test_python_says_how_it_is_called() -> None:
    done = subprocess.run([sys.executable, EXAMPLES / "consumer.py"], capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(b"usage: ")


def test_java(example: Callable[[str], Path], apache: Server, embedded_options: EmbeddedOptions) -> None:
    if shutil.which("javac") is None:
        pytest.skip("a Java program in one file needs a JDK")
    jars = ":".join(map(str, fetch_kafka(embedded_options)))
    said = output("java", "-cp", jars, example("Consumer.java"), apache.address, "Q1")
    assert said == "a1\tهوانغ Q1\n"


@pytest.fixture
def node() -> Path:
    """The folder of the Node client, installed once."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node is not there")
    version = tuple(map(int, output("node", "--version").strip().lstrip("v").split(".")))
    if version < (20, 19, 4):
        pytest.skip(f"Node {version} is older than its client asks for")
    if not (CACHE / "node_modules" / "@platformatic").exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        (CACHE / "package.json").write_text("{}", encoding="utf-8")
        output("npm", "install", "--silent", "--ignore-scripts", "--no-audit", NODE_CLIENT, cwd=CACHE)
    return CACHE


def test_node(example: Callable[[str], Path], apache: Server, node: Path, unique: str) -> None:
    script = node / f"{unique}.mjs"
    shutil.copy(example("consumer.mjs"), script)
    try:
        said = output("node", script, apache.address, "Q1")
    finally:
        script.unlink()
    assert said == "a1\tهوانغ Q1\n"


def test_the_console(topic: str, apache: Server) -> None:
    """With kcat; Kafka's own console consumer prints the same, and is in no jar that comes without its download."""
    if shutil.which("kcat") is None:
        pytest.skip("kcat is not there")
    said = output("kcat", "-b", apache.address, "-t", topic, "-C", "-e", "-q", "-f", "%h\t%s\n")
    assert sorted(re.findall(r"ce_id=(\w+)", said)) == ["NULL", "e1", "e1", "e2", "r1"]
    assert sum('"mentions":' in line for line in said.splitlines()) == 3
