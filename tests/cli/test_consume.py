from __future__ import annotations

import json
import signal
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from streams.events.article import RawArticle
from streams.events.enriched import EnrichedArticle, Language, Linker, encode_enriched_article
from streams.kafka.producer import Record, open_producer, write_records
from streams.settings import KafkaSettings
from tests.client.articles import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result


def event(number: int) -> bytes:
    article = RawArticle(f"a{number}", "عنوان", "نص")
    return encode_enriched_article(
        EnrichedArticle(
            article, Language("ar", "detected"), (), (), Linker("wasl", "1"), "sha-1", "2026-01-31T09:30:00Z"
        )
    )


@pytest.fixture
def write(topics_env: dict[str, str]) -> Callable[[int], None]:
    """Put enriched articles with the given number into the topic."""

    def put(*numbers: int) -> None:
        with open_producer(KafkaSettings(topics_env["WASL_KAFKA_BOOTSTRAP"])) as producer:
            records = [Record(event(number), b"k") for number in numbers]
            assert len(list(write_records(producer, topics_env["WASL_TOPIC_ENRICHED"], records))) == len(numbers)

    return put


@pytest.fixture
def consume(topics_env: dict[str, str], wasl: Callable[..., Result]) -> Callable[..., Result]:
    def run(*args: str, code: int = 0) -> Result:
        result = wasl("consume", *args, env=topics_env)
        assert result.exit_code == code, result.output
        return result

    return run


def ids(output: str) -> list[str]:
    return [json.loads(line)["article_id"] for line in output.splitlines()]


def test_from_the_beginning_to_the_present_end(consume: Callable[..., Result], write: Callable[..., None]) -> None:
    assert consume().stdout == ""
    write(1, 2, 3)
    assert ids(consume("--format", "jsonl").stdout) == ["a1", "a2", "a3"]
    assert ids(consume("--format", "jsonl", "--limit", "2").stdout) == ["a1", "a2"]
    assert consume("--limit", "0").stdout == ""
    assert consume("--limit", "1").stdout == "── a1 · ar · 0 linked, 0 unlinked\nعنوان\nنص\n\n"


def test_another_topic_and_a_missing_one(
    consume: Callable[..., Result], topics_env: dict[str, str], unique: str
) -> None:
    assert consume("--topic", topics_env["WASL_TOPIC_DEAD"]).stdout == ""
    missing = consume("--topic", f"{unique}-none", code=1)
    assert missing.stderr.startswith(f"error: Topic {unique}-none does not exist.")


def test_following_shows_what_arrives_until_ctrl_c(
    sandbox: Any, topics_env: dict[str, str], write: Callable[..., None]
) -> None:
    write(1)
    with subprocess.Popen(
        sandbox.command("consume", "--follow", "--format", "jsonl"),
        env=sandbox.env | topics_env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert ids(process.stdout.readline()) == ["a1"]
        write(2)
        assert ids(process.stdout.readline()) == ["a2"]
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr.read() == ""


def test_from_the_end_shows_only_what_arrives_from_then_on(
    sandbox: Any, topics_env: dict[str, str], write: Callable[..., None], eventually: Callable[..., None]
) -> None:
    write(1)
    with subprocess.Popen(
        sandbox.command("consume", "--from-end", "--limit", "1", "--format", "jsonl"),
        env=sandbox.env | topics_env,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        number = 1

        def ended() -> bool:
            # When it has begun to read cannot be seen from outside, so articles come until it has seen one.
            nonlocal number
            number += 1
            write(number)
            return process.poll() is not None

        eventually(ended, within=60)
        assert process.stdout is not None
        (seen,) = ids(process.stdout.read())
        assert seen != "a1"
        assert process.returncode == 0


def test_articles_are_chosen_by_entity_type_and_time(
    consume: Callable[..., Result], topics_env: dict[str, str]
) -> None:
    records = [record(1), record(2, entity_id="Q2"), record(3, entity_id=None)]
    with open_producer(KafkaSettings(topics_env["WASL_KAFKA_BOOTSTRAP"])) as producer:
        assert len(list(write_records(producer, topics_env["WASL_TOPIC_ENRICHED"], records))) == len(records)

    def chosen(*args: str) -> list[str]:
        return sorted(ids(consume("--format", "jsonl", *args).stdout))

    assert chosen() == chosen("--since", "1h") == ["a1", "a2", "a3"]
    assert chosen("--entity", "Q2") == ["a2"]
    assert chosen("--entity", "Q2", "--entity", "Q1") == chosen("--type", "person") == ["a1", "a2"]
    assert chosen("--since", "2999-01-01T00:00:00Z") == []
    assert "Give 2026" in consume("--since", "noon", code=1).stderr
    page = consume("--entity", "Q2", "--format", "html").stdout
    assert page.startswith("<!doctype html>")
    assert page.count("<article") == 1
