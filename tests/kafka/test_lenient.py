"""Records that Kafka takes and kafka-python does not, read with kafka-python."""

from __future__ import annotations

import gzip

import lz4.frame
import pytest

from streams.kafka.admin import create_topics, open_admin
from streams.kafka.consumer import open_consumer, read_records
from streams.kafka.topics import TopicSpec
from streams.settings import KafkaSettings
from tests.support.batches import BAD_NAME, ESCAPED, Name, raw_record, send_batch, send_raw_batch


@pytest.mark.parametrize("codec", [0, 4], ids=["none", "zstd"])
def test_records_with_such_names_and_those_behind_them_are_read(apache, unique, codec):
    kafka = KafkaSettings(bootstrap_servers=apache.address)
    with open_admin(kafka) as admin:
        create_topics(admin, [TopicSpec(unique, 1)])
    records = [
        (b"0", b"a", [("ü", b"1")]),
        (b"1", b"b", [("x", None), (Name(BAD_NAME), b"2")]),
        (b"2", b"c", [(Name(b"\x80"), b"3")]),
    ]
    send_batch(apache.address, unique, records, codec=codec)
    send_batch(apache.address, unique, [(b"3", b"d", [])])
    with open_consumer(kafka) as consumer:
        found = [(record.key, record.headers) for record in read_records(consumer, [unique])]
    assert found == [
        (b"0", (("ü", b"1"),)),
        (b"1", (("x", None), (ESCAPED, b"2"))),
        (b"2", (("\\x80", b"3"),)),
        (b"3", ()),
    ]


@pytest.mark.parametrize("codec", [0, 4], ids=["none", "zstd"])
def test_records_with_any_attributes_and_those_behind_them_are_read(apache, unique, codec):
    kafka = KafkaSettings(bootstrap_servers=apache.address)
    with open_admin(kafka) as admin:
        create_topics(admin, [TopicSpec(unique, 1)])
    raw = [raw_record(number, b"%d" % number, b"v", attributes=number) for number in range(256)]
    send_raw_batch(apache.address, unique, raw, codec=codec)
    send_batch(apache.address, unique, [(b"256", b"d", [])])
    with open_consumer(kafka) as consumer:
        assert [record.key for record in read_records(consumer, [unique])] == [b"%d" % at for at in range(257)]


@pytest.mark.parametrize(("codec", "pack"), [(1, gzip.compress), (3, lz4.frame.compress)], ids=["gzip", "lz4"])
def test_a_batch_with_bytes_behind_its_end_and_those_behind_it_are_read(apache, unique, codec, pack):
    kafka = KafkaSettings(bootstrap_servers=apache.address)
    with open_admin(kafka) as admin:
        create_topics(admin, [TopicSpec(unique, 1)])
    raw = [raw_record(number, b"%d" % number, b"v") for number in range(3)]
    for behind in (b"garbage!", pack(raw_record(0, None, b"more")) if codec == 3 else b"\0" * 9):
        send_raw_batch(apache.address, unique, raw, codec=codec, pack=lambda data, behind=behind: pack(data) + behind)
    send_batch(apache.address, unique, [(b"3", b"d", [])])
    with open_consumer(kafka) as consumer:
        keys = [record.key for record in read_records(consumer, [unique])]
    assert keys == [b"0", b"1", b"2", b"0", b"1", b"2", b"3"]
