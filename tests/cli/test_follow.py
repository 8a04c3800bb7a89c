from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from streams.cli.follow import feed_line
from streams.kafka.producer import open_producer, write_records
from streams.settings import KafkaSettings
from tests.client.articles import enriched, record

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result


@pytest.fixture
def follow(topics_env: dict[str, str], wasl: Callable[..., Result]) -> Callable[..., Result]:
    """Run ``wasl follow`` on two articles about Q1, one of which came twice, and one about Q2."""
    records = [record(1), record(2, entity_id="Q2"), record(1), record(3)]
    with open_producer(KafkaSettings(topics_env["WASL_KAFKA_BOOTSTRAP"])) as producer:
        assert len(list(write_records(producer, topics_env["WASL_TOPIC_ENRICHED"], records))) == len(records)
    return lambda *args: wasl("follow", *args, env=topics_env)


def test_each_article_about_the_entity_once(follow: Callable[..., Result]) -> None:
    result = follow("Q1", "--once", "--format", "jsonl")
    assert result.exit_code == 0, result.output
    assert sorted(json.loads(line)["article_id"] for line in result.stdout.splitlines()) == ["a1", "a3"]
    assert len(follow("Q1", "Q2", "--once").stdout.splitlines()) == 3
    assert len(follow("Q1", "--once", "--since", "1h").stdout.splitlines()) == 2
    assert follow("Q1", "--once", "--since", "2999-01-01T00:00:00Z").stdout == ""
    assert follow("Q3", "--once").stdout == ""


def test_what_cannot_be_followed_is_named(follow: Callable[..., Result]) -> None:
    wrong = follow("nvidia", "--once")
    assert wrong.exit_code == 1
    assert "'nvidia'" in wrong.stderr
    assert follow("Q1", "--once", "--since", "yesterday").exit_code == 1


def test_a_line_says_when_how_much_which_and_where() -> None:
    assert feed_line(enriched(1), ["Q1"]) == "2026-01-31T09:30:00Z    0%  a1  Title  Ada spoke.\n"


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("", "", "Ada"),
        ("x" * 40, "y" * 40, "x" * 40 + "Ada" + "y" * 40),
        ("x" * 41, "", "\u2068…" + "x" * 40 + "Ada\u2069"),
        ("", "\n" + "y" * 40, "\u2068Ada " + "y" * 39 + "…\u2069"),
    ],
)
def test_dots_stand_where_something_was_cut(before: str, after: str, shown: str) -> None:
    article = enriched(1)
    at = len(before)
    long = replace(
        article,
        article=replace(article.article, body=f"{before}Ada{after}"),
        mentions=(replace(article.mentions[0], start=at, end=at + 3),),
    )
    assert feed_line(long, ["Q1"]).endswith(f"  {shown}\n")
