"""Documents and links that the tests of this room share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from streams.catalog.load import load_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streams.catalog.snapshot import SnapshotView

ENTITIES = (
    {"id": "Q312", "type": "organization", "labels": {"en": "Apple", "ar": "آبل"}, "prior": 0.9},
    {"id": "Q89", "type": "other", "labels": {"en": "apple"}, "prior": 0.2},
    {"id": "Q265852", "type": "person", "labels": {"en": "Tim Cook", "ar": "تيم كوك"}, "prior": 0.7},
    {"id": "Q84", "type": "place", "labels": {"en": "London", "ar": "لندن"}, "prior": 0.9},
    {"id": "Q92561", "type": "place", "labels": {"en": "London"}, "prior": 0.1},
)


@pytest.fixture
def write_jsonl(tmp_path: Path) -> Callable[..., Path]:
    """Write values as JSONL: ``write_jsonl("gold.jsonl", {...}, {...})``."""

    def write(name: str, *values: dict[str, Any]) -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values), encoding="utf-8")
        return path

    return write


@pytest.fixture
def view(write_jsonl: Callable[..., Path]) -> SnapshotView:
    return load_view([write_jsonl("catalog.jsonl", *ENTITIES)])
