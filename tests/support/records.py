"""Records and rules for tests of the article step."""

from __future__ import annotations

import json
from dataclasses import replace

from streams.events.ids import RecordPosition
from streams.settings import TopicSettings
from streams.workers.records import InputRecord, Rules
from tests.support.linker import LINKER, FakeView, fake_link

NOW = "2026-05-01T00:00:00.000Z"
VIEW = FakeView()
POSITION = RecordPosition("articles.raw", 3, 17)


def ticking():
    seconds = iter(range(1_000_000))
    return lambda: float(next(seconds))


def rules(**changes):
    return replace(Rules(TopicSettings(), LINKER, fake_link, ticking()), **changes)


def record(value=None, **fields):
    document = {"article_id": "a", "title": "Nvidia", "body": "Zarquon", **fields}
    return InputRecord(POSITION, b"key", json.dumps(document).encode() if value is None else value)
