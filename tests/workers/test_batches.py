"""Batches that aiokafka cannot unpack: what is in them, and that nothing else changes."""

from __future__ import annotations

import gc
import importlib.util
import weakref

import pytest
from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record.legacy_records import LegacyRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.structs import TopicPartition

from streams.workers.batches import Records, read_any_batch
from tests.support.batches import BAD_NAME, ESCAPED, Name, batch, send_batch
from tests.support.bench import article

GOOD = [(b"k0", b"v0", []), (None, None, [("a", b"b"), ("c", None)]), (b"k2", b"", [("ü", b"")])]
BAD = [*GOOD, (b"k3", b"v3", [("a", b"1"), (Name(BAD_NAME), b"2")]), (b"k4", b"v4", [(Name(b"\x80"), None)])]
BOUNDS = {"whole": 100_000, "most": 10_000}
CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}


def unpacked(data):
    found, records = [], Records(data, **BOUNDS)
    while records.has_next():
        taken = records.next_batch()
        assert taken.validate_crc()
        found += [(record.offset, record.key, record.value, record.headers) for record in taken]
    assert records.next_batch() is None
    return found


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_a_name_that_is_not_utf_8_is_read_with_escapes(codec):
    expected = [(number, key, value, [*headers]) for number, (key, value, headers) in enumerate(BAD)]
    expected[3] = (3, b"k3", b"v3", [("a", b"1"), (ESCAPED, b"2")])
    expected[4] = (4, b"k4", b"v4", [("\\x80", None)])
    assert unpacked(batch(BAD, codec=codec)) == expected


def test_batches_come_one_after_the_other():
    data = batch(GOOD) + batch(BAD) + batch(GOOD, codec=1)
    assert [offset for offset, *_ in unpacked(data)] == [0, 1, 2, 0, 1, 2, 3, 4, 0, 1, 2]
    assert Records(data + data[:30], **BOUNDS).size_in_bytes() == len(data) + 30
    assert unpacked(data + data[:30]) == unpacked(data)


@pytest.mark.parametrize("old_first", [True, False])
@pytest.mark.parametrize("magic", [0, 1])
def test_batches_of_old_and_new_formats_come_one_behind_the_other(magic, old_first):
    builder = LegacyRecordBatchBuilder(magic, 0, 10_000)
    builder.append(0, 1, b"old", b"v")
    old, new = bytes(builder.build()), batch(GOOD[:1])
    records = Records(old + new if old_first else new + old, **BOUNDS)
    keys = [record.key for taken in iter(records.next_batch, None) for record in taken]
    assert keys == ([b"old", b"k0"] if old_first else [b"k0", b"old"])


@pytest.mark.parametrize("size", [0, 5, 13, -1, -12, -100])
def test_a_batch_that_is_too_short_is_an_error(size):
    data = batch(GOOD)
    records = Records(data[:8] + size.to_bytes(4, "big", signed=True) + data[12:], **BOUNDS)
    assert records.has_next()
    with pytest.raises(CorruptRecordException):
        records.next_batch()


def test_aiokafka_takes_its_batches_from_where_ours_are_put_in():
    """Where it took another name for its records, ours would stand unused, and nothing would say so."""
    spec = importlib.util.find_spec("aiokafka.consumer.fetcher")
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    assert fresh.MemoryRecords is MemoryRecords
    assert {"MemoryRecords", "PartitionRecords"} <= set(fresh.Fetcher._proc_fetch_request.__code__.co_names)


def test_aiokafka_says_where_reading_goes_on(monkeypatch):
    for name in ("MemoryRecords", "PartitionRecords"):
        monkeypatch.setattr(fetcher, name, getattr(fetcher, name))
    read_any_batch(**BOUNDS)
    records = fetcher.MemoryRecords(batch(GOOD, codec=4))
    found = fetcher.PartitionRecords(TopicPartition("t", 0), records, None, 2, None, None, True, 0)
    assert ([record.offset for record in found], records.begin) == ([2], 2)


def test_a_batch_that_is_damaged_is_still_an_error():
    data = bytearray(batch(GOOD))
    data[61] = 0x7E  # the length of the first record
    with pytest.raises(CorruptRecordException):
        list(Records(bytes(data), **BOUNDS).next_batch())


def test_an_article_with_such_a_header_is_linked_and_those_behind_it_are(apache_bench):
    bench = apache_bench
    bench.create(partitions=1)
    given = article(1)
    send_batch(
        bench.kafka.bootstrap_servers,
        bench.kafka.topics.raw,
        [(given.key, given.value, [(Name(BAD_NAME), b"v")])],
    )
    bench.produce([article(2)])
    worker = bench.start()
    bench.until_committed(2)
    assert worker.terminate()[0] == 0
    report = bench.check()
    assert report.problems == []
    assert {record.key for record in report.enriched} == {b"k1", b"k2"}
    assert [header for record in report.enriched for header in record.headers if ESCAPED in header] == [(ESCAPED, b"v")]


@pytest.fixture
def ours(monkeypatch):
    for name in ("MemoryRecords", "PartitionRecords"):
        monkeypatch.setattr(fetcher, name, getattr(fetcher, name))
    read_any_batch(**BOUNDS)


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize("taken", [0, 1, 3])
def test_what_was_fetched_of_a_partition_goes_when_it_is_dropped(taken):
    records = fetcher.MemoryRecords(batch(GOOD))
    held = weakref.ref(records)
    partition = fetcher.PartitionRecords(TopicPartition("t", 0), records, None, 0, None, None, True, 0)
    gc.disable()
    try:
        assert [next(partition).value for _ in range(taken)] == [value for _, value, _ in GOOD][:taken]
        assert partition.next_fetch_offset == taken
        del partition, records
        assert held() is None
    finally:
        gc.enable()
