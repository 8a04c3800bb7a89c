"""Outputs that Kafka does not take: nothing is committed that has no outcome, and after a repair all arrives."""

from __future__ import annotations

import pytest

from streams.workers.main import EXIT_FAILED
from tests.support.bench import article


def test_a_missing_topic_is_named_at_the_start(bench):
    bench.create(without=("enriched",))
    bench.produce([article(1)])
    worker = bench.start()
    assert worker.exit_code() == 1
    said = worker.log.read_text(encoding="utf-8")
    assert f"{bench.kafka.topics.enriched} does not exist" in said
    assert "wasl topics create" in said
    assert bench.committed() == (0, 1)


def test_a_dead_letter_topic_that_takes_too_little_is_refused_at_the_start(apache_bench):
    apache_bench.create(dead={"max.message.bytes": "1000000"})
    worker = apache_bench.start()
    assert worker.exit_code() == 1
    assert "--add-config max.message.bytes=1463656" in worker.log.read_text(encoding="utf-8")


def test_a_topic_that_vanishes_ends_the_worker_and_loses_nothing(apache_bench):
    bench = apache_bench
    bench.create()
    worker = bench.start()
    bench.produce(article(number) for number in range(5))
    bench.until_committed(5)
    bench.delete("enriched")
    bench.produce(article(number) for number in range(5, 60))
    assert worker.exit_code() == EXIT_FAILED
    assert bench.committed() == (5, 60)
    bench.create()
    worker = bench.start()
    bench.until_committed(60)
    assert worker.terminate()[0] == 0
    report = bench.check()
    assert {record.key for record in report.enriched} == {f"k{number}".encode() for number in range(5, 60)}
    assert report.dead == []


def test_a_raw_topic_that_vanishes_ends_the_worker_when_it_does_not_come_back(apache_bench):
    bench = apache_bench
    bench.create()
    worker = bench.start(WASL_STALL_AFTER="5")
    worker.until_ready()
    bench.delete("raw")
    assert worker.exit_code() == EXIT_FAILED
    said = worker.log.read_text(encoding="utf-8")
    assert f"Topic {bench.kafka.topics.raw} does not exist" in said
    assert "wasl topics create" in said


def test_a_dead_letter_that_is_refused_ends_the_worker_and_loses_nothing(apache_bench):
    from streams.kafka.producer import Record

    bench = apache_bench
    bench.create(partitions=1)
    worker = bench.start()
    worker.until_ready()
    bench.alter("dead", max_message_bytes=200)
    bench.produce([article(1), Record(b"no article", key=b"bad"), article(2)])
    assert worker.exit_code() == EXIT_FAILED
    assert bench.committed()[0] == 0
    bench.alter("dead", max_message_bytes=2_000_000)
    worker = bench.start()
    bench.until_committed(3)
    assert worker.terminate()[0] == 0
    report = bench.check()
    assert report.problems == []
    assert [letter.origin.key for letter in report.dead_letters()] == [b"bad"]


def test_names_that_their_topic_does_not_take_are_left_out_and_hold_nothing_up(apache_bench):
    from streams.kafka.producer import Record

    bench = apache_bench
    bench.create(partitions=1)
    long = Record(article(1).value, key=b"long", headers=(("tracestate", b"x" * 1_040_000),))
    bench.produce([long, article(2)])
    worker = bench.start()
    bench.until_committed(2)
    bench.alter("unlinked", max_message_bytes=200)
    bench.produce(article(number) for number in range(3, 6))
    bench.until_committed(5)
    assert "wasl_unlinked_names_left_out_total 3.0" in worker.get("/metrics")[1]
    assert worker.terminate()[0] == 0
    report = bench.check()
    assert report.problems == []
    assert (len(report.enriched), len(report.unlinked), report.dead) == (5, 2, [])
    assert any("a name was left out" in line["message"] for line in worker.lines())
    worker = bench.start()
    bench.produce([article(6)])
    bench.until_committed(6)
    assert worker.terminate()[0] == 0
    assert "--add-config max.message.bytes=32768" in worker.log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("limit", "becomes"),
    [(300, "dead"), (4_000, "enriched")],
    ids=["records are refused", "only batches are refused"],
)
def test_a_limit_that_shrinks_under_way_loses_nothing(apache_bench, limit, becomes):
    bench = apache_bench
    bench.create(partitions=1)
    worker = bench.start()
    worker.until_ready()
    bench.alter("enriched", max_message_bytes=limit)
    bench.produce(article(number) for number in range(30))
    bench.until_committed(30)
    assert worker.terminate()[0] == 0
    report = bench.check()
    assert report.problems == []
    keys = {record.key for record in getattr(report, becomes)}
    assert keys == {f"k{number}".encode() for number in range(30)}
    assert {letter.failure.code for letter in report.dead_letters()} <= {"broker.record_too_large"}
