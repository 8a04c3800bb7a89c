"""Sizes and times of records."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from streams.events.envelope import read_envelope
from streams.events.ids import RecordPosition
from streams.settings import TopicSettings
from streams.workers.article import process_record
from streams.workers.records import InputRecord, OutputRecord, Rules, record_bytes
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


def test_the_counted_size_is_never_below_what_kafka_counts():
    from aiokafka.record.default_records import DefaultRecordBatchBuilder

    out = OutputRecord("t", b"k" * 300, b"v" * 70_000, (("ä" * 40, b"h" * 200), ("b", b"")), 1)
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 10**6)
    builder.append(0, 1, out.key, out.value, list(out.headers))
    assert len(builder.build()) <= record_bytes(out)


@pytest.mark.parametrize("timestamp", [-(2**62), -1, 253_402_300_800_000, 2**62])
def test_times_that_no_calendar_holds_are_left_out_of_the_envelope(timestamp):
    out = process_record(replace(record(), timestamp=timestamp), rules(), VIEW, now=NOW).records[0]
    assert read_envelope(out.headers).time is None
    assert out.timestamp == timestamp
