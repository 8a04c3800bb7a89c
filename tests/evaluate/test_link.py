from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from streams.errors import InputError
from streams.evaluate.gold import read_gold
from streams.evaluate.link import Link, link_documents, read_predictions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streams.catalog.snapshot import SnapshotView


def test_texts_are_linked_with_their_titles_as_context(write_jsonl: Callable[..., Path], view: SnapshotView) -> None:
    text = "Cook flew to London."
    documents = read_gold(
        write_jsonl(
            "g.jsonl",
            {"id": "with", "language": "en", "title": "Tim Cook on tour", "text": text, "gold": []},
            {"id": "without", "language": "en", "text": text, "gold": []},
        )
    )
    links = link_documents(documents, view)
    assert [(text[each.start : each.end], each.entity_id) for each in links["with"]] == [
        ("Cook", "Q265852"),
        ("London", "Q84"),
    ]
    assert [each.entity_id for each in links["without"]] == ["Q84"]
    assert all(each.confidence is not None and 0 < each.confidence <= 1 for each in links["with"])


def test_links_of_a_file(write_jsonl: Callable[..., Path]) -> None:
    path = write_jsonl(
        "p.jsonl",
        {"id": "a", "mentions": [{"start": 0, "end": 3, "entity_id": "Q1", "confidence": 0.5, "surface": "abc"}]},
        {"id": 7, "mentions": [{"start": 0, "end": 3, "entity_id": None}, {"start": 1, "end": 2, "entity_id": "Q2"}]},
    )
    assert read_predictions(path) == {"a": (Link(0, 3, "Q1", 0.5),), "7": (Link(1, 2, "Q2", None),)}


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"id": "b", "mentions": [{"start": 4, "end": 3, "entity_id": "Q1"}]}, "start"),
        ({"id": "b", "mentions": [{"start": 0, "end": 3, "entity_id": "Q1", "confidence": 2}]}, "0 to 1"),
        ({"id": "b"}, "no mentions"),
        ({"id": "a", "mentions": []}, "twice"),
    ],
)
def test_a_broken_rule_is_named_with_its_line(
    write_jsonl: Callable[..., Path], bad: dict[str, Any], message: str
) -> None:
    path = write_jsonl("p.jsonl", {"id": "a", "mentions": []}, bad)
    with pytest.raises(InputError) as caught:
        read_predictions(path)
    assert caught.value.message.startswith(f"{path}:2: ")
    assert message in caught.value.message
