"""Sizes and times of records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from streams.events.envelope import read_envelope
from streams.workers.article import process_record
from streams.workers.records import OutputRecord, record_bytes
from tests.support.records import NOW, VIEW, record, rules


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
