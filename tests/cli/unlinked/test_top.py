from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from streams.events.unlinked import encode_unlinked_name
from streams.kafka.producer import Record, open_producer, write_records
from streams.settings import KafkaSettings
from tests.cli.unlinked.test_tally import NAME

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

ENTITY = '{"id": "local:ada-brook", "type": "person", "labels": {"en": "Ada Brook"}}\n'


@pytest.fixture
def env(topics_env: dict[str, str], redis_url: str) -> dict[str, str]:
    """A broker with unlinked names, and an empty catalogue."""
    names = [
        NAME,
        replace(NAME, article_id="a2"),
        replace(NAME, name_key="ada brook", name="Ada Brook", type="person", language="ar-EG"),
    ]
    records = [Record(encode_unlinked_name(name), name.name_key.encode()) for name in names]
    with open_producer(KafkaSettings(topics_env["WASL_KAFKA_BOOTSTRAP"])) as producer:
        topic = topics_env["WASL_TOPIC_UNLINKED"]
        assert len(list(write_records(producer, topic, [*records, Record(b"broken", b"k")]))) == len(names) + 1
    return {**topics_env, "WASL_REDIS_URL": redis_url}


def shown(result: Result) -> list[tuple[str, int]]:
    assert result.exit_code == 0, result.output
    return [(line["name"], line["articles"]) for line in map(json.loads, result.stdout.splitlines())]


def test_names_that_the_catalogue_lacks(wasl: Callable[..., Result], env: dict[str, str], tmp_path: Path) -> None:
    def top(*args: str) -> list[tuple[str, int]]:
        return shown(wasl("unlinked", "top", "--format", "jsonl", *args, env=env))

    assert top() == [("Quandra Labs", 2), ("Ada Brook", 1)]
    assert top("--least", "2") == top("--limit", "1") == top("--language", "en") == [("Quandra Labs", 2)]
    assert top("--type", "person") == top("--language", "ar") == [("Ada Brook", 1)]
    entities = tmp_path / "entities.jsonl"
    entities.write_text(ENTITY, encoding="utf-8")
    added = wasl("catalog", "import", str(entities), env=env)
    assert added.exit_code == 0, added.output
    assert top() == [("Quandra Labs", 2)]
    assert top("--all") == [("Quandra Labs", 2), ("Ada Brook", 1)]


def test_a_table_for_people(wasl: Callable[..., Result], env: dict[str, str]) -> None:
    result = wasl("unlinked", "top", env=env)
    assert result.exit_code == 0, result.output
    assert "Quandra Labs" in result.stdout
    assert "1 record" in result.stderr
    none = wasl("unlinked", "top", "--language", "de", env=env)
    assert none.stdout == "No name was found that the catalogue lacks.\n"
