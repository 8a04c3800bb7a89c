"""What comes through a worker unchanged: keys, headers, timestamps, tombstones."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from tests.support.bench import article

CREATED = {"message.timestamp.type": "CreateTime"}


def test_keys_headers_and_timestamps_come_through(bench):
    from streams.kafka.producer import Record

    trace = ("traceparent", b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    envelope = (
        ("ce_specversion", b"1.0"),
        ("ce_id", b"event-7"),
        ("ce_source", b"/feeds/1"),
        ("ce_type", b"wasl.article.raw.v1"),
    )
    carried = (trace, ("feed", b"\xff\x00 raw"), ("feed", b"again"), ("empty", b""))
    good = json.dumps({"article_id": "a1", "title": "Zarquon", "body": "Nvidia"}).encode()
    sent = [
        Record(good, key=b"\x00key\xff", headers=(*envelope, *carried, ("content-type", b"x")), timestamp=1_001),
        Record(b"no article", key=b"bad", headers=carried, timestamp=1_700_000_000_001),
        Record(good, key=None, timestamp=0),
        Record(None, key=b"gone", headers=carried, timestamp=1_700_000_000_999),
        Record(b"again no article", key=b"replayed", headers=(("wasl-attempts", b"2"), trace)),
    ]
    bench.create(partitions=1, enriched=CREATED, dead=CREATED, unlinked=CREATED)
    bench.produce(sent)
    worker = bench.start()
    bench.until_committed(len(sent))
    assert worker.terminate()[0] == 0
    report = bench.check()
    assert report.problems == []

    first, second, tombstone = report.enriched
    assert (first.key, first.timestamp) == (b"\x00key\xff", 1_001)
    assert [header for header in first.headers if not header[0].startswith("ce_")] == [
        ("content-type", b"application/json; charset=utf-8"),
        *carried,
    ]
    attributes = {name: value for name, value in first.headers if name.startswith("ce_")}
    assert attributes["ce_type"] == b"wasl.article.enriched.v1"
    assert attributes["ce_subject"] == b"a1"
    assert attributes["ce_causationid"] == b"event-7"
    assert attributes["ce_time"] == b"1970-01-01T00:00:01.001Z"
    assert (second.key, second.timestamp) == (None, 0)
    assert (tombstone.key, tombstone.value, tombstone.timestamp) == (b"gone", None, 1_700_000_000_999)
    assert tombstone.headers == carried

    dead, replayed = report.dead
    assert (dead.key, dead.timestamp) == (b"bad", 1_700_000_000_001)
    assert tuple(header for header in dead.headers if header in carried) == carried
    letter, again = report.dead_letters()
    assert letter.origin.headers == carried
    assert (letter.attempts, again.attempts) == (1, 3)
    assert "wasl-attempts" not in dict(replayed.headers)

    names = report.unlinked
    assert [name.key for name in names] == [b"zarquon", b"zarquon"]
    assert trace in names[0].headers
    assert "feed" not in dict(names[0].headers)


def test_what_is_written_about_an_old_article_is_kept_as_long_as_anything(apache_bench):
    """Kafka deletes by the record's timestamp, which in the topics as they are declared is when it was written."""
    bench = apache_bench
    from streams.kafka.producer import Record

    bench.create(partitions=1)
    began = time.time() * 1_000
    bench.produce([replace(article(1), timestamp=1_001), Record(b"no article", key=b"bad", timestamp=1_001)])
    worker = bench.start()
    bench.until_committed(2)
    assert worker.terminate()[0] == 0
    report = bench.check()
    assert report.problems == []
    topics = bench.kafka.topics
    written = [*report.enriched, *report.dead, *report.unlinked]
    assert [record.topic for record in written] == [topics.enriched, topics.dead, topics.unlinked]
    for record in written:
        assert record.timestamp >= began
        assert dict(record.headers)["ce_time"] == b"1970-01-01T00:00:01.001Z"


def test_an_article_that_the_output_topic_refuses_becomes_a_dead_letter(apache_bench):
    """Kafka refuses timestamps far ahead, and the whole batch with them."""
    bench = apache_bench
    from streams.kafka.producer import Record

    bench.create(
        partitions=1,
        raw={"message.timestamp.after.max.ms": str(2**62)},
        enriched=CREATED,
        dead=CREATED,
        unlinked=CREATED,
    )
    ahead = 4_000_000_000_000
    records = [article(number) for number in range(20)]
    records.insert(10, Record(article(10).value, key=b"ahead", timestamp=ahead))
    bench.produce(records)
    worker = bench.start()
    bench.until_committed(len(records))
    assert worker.terminate()[0] == 0
    report = bench.check()
    assert report.problems == []
    assert len({record.key for record in report.enriched}) == 20
    [letter] = report.dead_letters()
    assert (letter.origin.key, letter.origin.timestamp) == (b"ahead", ahead)
    assert (letter.failure.code, letter.failure.stage) == ("broker.delivery", "sending")
    assert report.dead[0].timestamp != ahead


@pytest.mark.parametrize("codec", ["gzip", "snappy", "lz4", "zstd"])
def test_raw_articles_are_read_in_whatever_codec_they_come(bench, codec):
    from kafka import KafkaProducer

    bench.create(partitions=1)
    producer = KafkaProducer(bootstrap_servers=bench.kafka.bootstrap_servers, compression_type=codec)
    # Enough alike that the client finds it worth compressing.
    for number in range(20):
        value = json.dumps({"article_id": f"{codec}-{number}", "title": "Nvidia", "body": "Nvidia " * 200}).encode()
        producer.send(bench.kafka.topics.raw, value)
    producer.close()
    worker = bench.start()
    bench.until_committed(20)
    assert worker.terminate()[0] == 0
    report = bench.check()
    assert report.problems == []
    assert len(report.enriched) == 20
