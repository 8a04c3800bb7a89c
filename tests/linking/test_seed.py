"""The seed article, title and body, against its gold: nothing missed and nothing too much."""

from __future__ import annotations

import importlib.util
import json
from typing import TYPE_CHECKING

import pytest

from tests.linking.world import link, starter

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def gold(shared_dir: Path) -> list[dict]:
    lines = (shared_dir / "data" / "gold" / "seed-nvidia-openai.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture
def score(shared_dir: Path):
    """The scorer that comes with the gold."""
    spec = importlib.util.spec_from_file_location("score", shared_dir / "data" / "linking" / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.score


def _predicted(text: str, language: str | None) -> list[dict]:
    links = link(starter(), text, language=language)
    return [
        {"start": mention.start, "end": mention.end, "entity_id": mention.entity_id}
        for mention in links.mentions
        if mention.field == "body"
    ]


@pytest.mark.parametrize("is_language_given", [True, False])
def test_every_mention_is_found_and_nothing_else(gold, score, is_language_given: bool) -> None:
    found = {
        document["id"]: _predicted(document["text"], document["language"] if is_language_given else None)
        for document in gold
    }
    result = score(gold, found)
    assert (result["tp"], result["fp"], result["fn"]) == (35, 0, 0)


def test_the_article_as_it_arrives_links_as_its_parts(gold, shared_dir: Path) -> None:
    event = json.loads((shared_dir / "data" / "articles" / "seed-nvidia-openai.json").read_text(encoding="utf-8"))
    links = link(starter(), event["body"], title=event["title"], language="ar")
    found = {(event[m.field], m.start, m.end, m.entity_id) for m in links.mentions if m.entity_id is not None}
    wanted = [
        (document["text"], label["start"], label["end"], {label["entity_id"], *label.get("also_accepted", ())})
        for document in gold
        for label in document["gold"]
        if label["entity_id"] is not None and not label["optional"]
    ]
    missing = [
        text[start:end]
        for text, start, end, accepted in wanted
        if not any((text, start, end, entity_id) in found for entity_id in accepted)
    ]
    assert missing == []


def test_the_scraping_junk_at_its_end_is_no_name(shared_dir: Path) -> None:
    event = json.loads((shared_dir / "data" / "articles" / "seed-nvidia-openai.json").read_text(encoding="utf-8"))
    links = link(starter(), event["body"], title=event["title"])
    last_line = event["body"].rstrip().rfind("\n")
    assert [mention for mention in links.mentions if mention.field == "body" and mention.start > last_line] == []
