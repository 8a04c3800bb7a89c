"""Batches that hold more than a worker takes at once."""

from __future__ import annotations

import gzip
import random
import tracemalloc
from time import process_time

import lz4.frame
import pytest
import zstandard
from aiokafka.errors import CorruptRecordException
from aiokafka.record.memory_records import MemoryRecords

from streams.kafka.pieces import unpacker
from streams.workers import unpack
from streams.workers.batches import Records
from streams.workers.records import Withheld
from streams.workers.unpack import Unpacked
from tests.support.batches import BAD_NAME, ESCAPED, Name, batch, number, raw_record, send_batch, with_records
from tests.support.bench import article

CODECS = {"gzip": 1, "lz4": 3, "zstd": 4}
SMALL = [(b"k%d" % number, b"v" * number, [("n", b"%d" % number)]) for number in range(200)]
LARGE = (b"large", b"0" * 900_000, [])


def unpacked(data, *, whole=1_000, most=10_000, begin=0):
    records = Records(data, whole=whole, most=most)
    records.begin = begin
    return list(records.next_batch())


def plain(records):
    return [(record.offset, record.timestamp, record.key, record.value, record.headers) for record in records]


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_records_are_the_same_one_by_one_and_all_at_once(codec):
    records = [*SMALL, (None, None, [(Name(BAD_NAME), None)])]
    data = batch(records, codec=codec)
    found = plain(unpacked(data))
    assert found == plain(unpacked(data, whole=1_000_000)) == plain(unpacked(batch(records)))
    assert (found[7][2:4], found[200][2:]) == ((b"k7", b"v" * 7), (None, None, [(ESCAPED, None)]))


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_a_record_that_is_too_large_is_withheld_and_its_neighbours_are_not(codec):
    found = unpacked(batch([*SMALL[:3], LARGE, *SMALL[3:6]], codec=codec))
    assert [record.offset for record in found] == [*range(7)]
    assert [record.key for record in found] == [b"k0", b"k1", b"k2", None, b"k3", b"k4", b"k5"]
    assert (type(found[3].value), found[3].value, found[3].headers) == (Withheld, b"", [])
    assert "has 900013 bytes" in found[3].value.why
    assert found[3].timestamp == found[2].timestamp + 1


def test_what_stands_behind_too_much_is_withheld_unread(monkeypatch):
    monkeypatch.setattr(unpack, "_MOST_UNPACKED", 1_000_000)
    found = unpacked(batch([SMALL[1], LARGE, SMALL[2], LARGE, SMALL[3], SMALL[4]], codec=4))
    assert [record.offset for record in found] == [*range(6)]
    assert [type(record.value) for record in found] == [bytes, Withheld, bytes, Withheld, Withheld, Withheld]
    assert "has 900013 bytes" in found[3].value.why
    assert "too far back in one batch: 1000000 bytes" in found[5].value.why


def test_no_more_is_unpacked_of_a_batch_of_records_that_are_not_too_large(monkeypatch):
    monkeypatch.setattr(unpack, "_MOST_UNPACKED", 100_000)
    monkeypatch.setattr(Unpacked, "take", take := Taken(Unpacked.take))
    found = unpacked(batch([(b"k", b"0" * 9_900, [])] * 100, codec=4))
    assert [record.offset for record in found] == [*range(100)]
    assert [type(record.value) for record in found] == [bytes] * 10 + [Withheld] * 90
    assert take.size < 100_000


class Taken:
    """Counts what is taken out of a batch."""

    def __init__(self, take):
        self.take = take
        self.size = 0

    def __get__(self, held, _):
        def take(size):
            self.size += size
            return self.take(held, size)

        return take


def test_a_batch_with_gaps_gets_no_records_that_it_never_had(monkeypatch):
    monkeypatch.setattr(unpack, "_MOST_UNPACKED", 1_000_000)
    kept = b"".join(raw_record(at, b"k", b"0" * size) for at, size in [(0, 9), (4, 2_000_000), (7, 9)])
    head = bytearray(batch([(None, None, [])] * 10))
    head[57:61] = (3).to_bytes(4, "big")
    head[22] = 1
    found = unpacked(with_records(bytes(head), gzip.compress(kept)))
    assert [record.offset for record in found] == [0, 4, 5]
    assert [type(record.value) for record in found] == [bytes, Withheld, Withheld]


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_memory_does_not_follow_what_a_batch_holds(codec):
    data = batch([(b"k", b"0" * 100_000_000, []), SMALL[1]], codec=codec)
    tracemalloc.start()
    try:
        found = unpacked(data)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [record.key for record in found] == [None, b"k1"]
    assert most < 5_000_000


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_what_is_cut_off_is_an_error(codec):
    data = batch(SMALL, codec=codec)[61:-12]
    with pytest.raises(CorruptRecordException):
        Unpacked(unpacker(codec)(data)).take(1_000_000)


@pytest.mark.parametrize("whole", [1_000, 1_000_000], ids=["one by one", "whole"])
@pytest.mark.parametrize(
    "behind", [b"\0" * 8, b"garbage!", gzip.compress(b"0", mtime=0)[:9], lz4.frame.compress(b"0")[:9]], ids=repr
)
@pytest.mark.parametrize("codec", [1, 3], ids=["gzip", "lz4"])
def test_what_stands_behind_the_end_is_no_part_of_a_batch(codec, behind, whole):
    data = batch(SMALL, codec=codec)
    assert plain(unpacked(with_records(data, data[61:] + behind), whole=whole)) == plain(unpacked(batch(SMALL)))


@pytest.mark.parametrize("whole", [1_000, 1_000_000], ids=["one by one", "whole"])
@pytest.mark.parametrize(
    ("codec", "pack"), [(1, gzip.compress), (3, lz4.frame.compress), (4, zstandard.compress)], ids=CODECS
)
def test_members_and_frames_are_read_one_behind_the_other(codec, pack, whole):
    records = batch(SMALL)[61:]
    packed = pack(records[:700]) + pack(b"") + pack(records[700:])
    data = with_records(batch(SMALL, codec=codec), packed)
    assert plain(unpacked(data, whole=whole)) == plain(unpacked(batch(SMALL)))


@pytest.mark.parametrize("whole", [1_000, 1_000_000], ids=["one by one", "whole"])
def test_a_second_frame_of_more_records_than_the_batch_has_is_not_read(whole):
    packed = lz4.frame.compress(batch(SMALL)[61:]) + lz4.frame.compress(raw_record(0, None, b"more"))
    data = with_records(batch(SMALL, codec=3), packed)
    assert plain(unpacked(data, whole=whole)) == plain(unpacked(batch(SMALL)))


@pytest.mark.parametrize("whole", [50, 1_000_000], ids=["one by one", "whole"])
@pytest.mark.parametrize("codec", [0, 1], ids=["none", "gzip"])
def test_attributes_of_a_record_are_one_byte_whatever_it_is(codec, whole):
    raw = [(number, b"k%d" % number, b"v" * number, [(b"a\x80", b"1")] * (number % 3)) for number in range(256)]
    records = b"".join(raw_record(*record, attributes=record[0]) for record in raw)
    data = with_records(batch([(None, None, [])] * 256, codec=0), records)
    if codec == 1:
        data = with_records(data[:22] + b"\x01" + data[23:], gzip.compress(records))
    assert plain(unpacked(data, whole=whole)) == [
        (number, 1_700_000_000_000 + number, key, value, [("a\\x80", b"1")] * len(headers))
        for number, key, value, headers in raw
    ]


def test_a_record_that_can_be_read_in_two_ways_is_read_as_kafka_does():
    # Where its attributes were a number, this one would stand 49 offsets further on.
    key = number(-1) + number(48) + bytes(47)
    raw = raw_record(0, key, None, attributes=0x80)
    assert [record.offset for record in MemoryRecords(with_records(batch([SMALL[0]]), raw)).next_batch()] == [49]
    [record] = unpacked(with_records(batch([SMALL[0]]), raw))
    assert (record.offset, record.key, record.value) == (0, key, None)


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_unpacking_takes_no_longer_for_each_byte_of_more(codec):
    def seconds(size):
        data = memoryview(batch([(None, noise[:size], [])], codec=codec))[61:]
        began = process_time()
        assert sum(map(len, unpacker(codec)(data))) > size
        return process_time() - began

    noise = random.Random(1).randbytes(8_000_000).hex().encode()
    assert min(seconds(16_000_000) for _ in range(3)) < 40 * max(0.001, min(seconds(2_000_000) for _ in range(3)))


@pytest.mark.parametrize("records", [b"\xff" * 2_000, b"\x01" * 2_000, b"\x06" * 2_000, b"\x7e" * 2_000])
def test_what_are_no_records_is_an_error(records):
    with pytest.raises(CorruptRecordException):
        unpacked(with_records(batch(SMALL, codec=1), gzip.compress(records)))


def test_snappy_and_plain_batches_are_left_to_kafkas_library():
    assert unpacker(0) is unpacker(2) is None
    assert plain(unpacked(batch([*SMALL, LARGE], codec=2))) == plain(unpacked(batch([*SMALL, LARGE])))


def test_a_small_batch_that_holds_much_becomes_a_dead_letter_and_holds_nothing_up(apache_bench):
    bench = apache_bench
    bench.create(partitions=1)
    first, last = article(1), article(2)
    records = [
        (first.key, first.value, []),
        (b"large", b"0" * 50_000_000, []),
        (last.key, last.value, []),
    ]
    send_batch(bench.kafka.bootstrap_servers, bench.kafka.topics.raw, records, codec=4, size=60_000_000)
    bench.produce([article(3)])
    worker = bench.start()
    bench.until_committed(4)
    assert worker.terminate()[0] == 0
    report = bench.check()
    assert {record.key for record in report.enriched} == {b"k1", b"k2", b"k3"}
    [letter] = report.dead_letters()
    assert (letter.failure.code, letter.origin.offset, letter.origin.value) == ("event.oversize", 1, b"")
    assert "has 5000001" in letter.failure.message
    assert f"{bench.kafka.topics.raw}-0-1" in letter.failure.remedy


@pytest.mark.parametrize("whole", [1_000, 1_000_000], ids=["one by one", "whole"])
@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_records_that_are_done_are_passed_over(codec, whole):
    records = [*SMALL[:150], LARGE, *SMALL[150:]]
    data = batch(records, codec=codec)
    everything = plain(unpacked(data, whole=whole))
    for done in (0, 1, 149, 150, 151, 200, 201, 300):
        assert plain(unpacked(data, whole=whole, begin=done)) == everything[done:]


@pytest.mark.parametrize("done", [2, 3, 4, 5])
def test_records_are_passed_over_no_further_than_anything_is_unpacked(monkeypatch, done):
    monkeypatch.setattr(unpack, "_MOST_UNPACKED", 1_000_000)
    data = batch([SMALL[1], LARGE, SMALL[2], LARGE, SMALL[3], SMALL[4]], codec=4)
    found = unpacked(data, begin=done)
    assert [record.offset for record in found if record.offset >= done] == [*range(done, 6)]


def test_a_batch_with_gaps_is_read_from_its_beginning():
    kept = b"".join(raw_record(at, b"k", b"v") for at in (0, 4, 7))
    head = bytearray(batch([(None, None, [])] * 10))
    head[57:61] = (3).to_bytes(4, "big")
    head[22] = 1
    found = unpacked(with_records(bytes(head), gzip.compress(kept)), begin=5)
    assert [record.offset for record in found] == [0, 4, 7]


def test_many_records_that_are_done_take_little_time():
    count = 200_000
    data = batch([(None, b"v", [])] * count, codec=4)
    times = []
    for begin, left in ((0, count), (count - 1, 1)):
        began = process_time()
        assert len(unpacked(data, begin=begin)) == left
        times.append(process_time() - began)
    assert times[1] < times[0] / 5


@pytest.mark.parametrize("records", [b"\x01", b"\x05" * 20, b"\x80" * 20])
def test_what_is_passed_over_must_be_records(records):
    with pytest.raises(CorruptRecordException):
        unpacked(with_records(batch(SMALL, codec=1), gzip.compress(records)), begin=100)
