"""The raw topic's partitions change while a worker runs."""

from __future__ import annotations

from tests.support.bench import article


def test_new_partitions_are_read_within_seconds(apache_bench):
    from streams.kafka.admin import open_admin

    bench = apache_bench
    bench.create(partitions=1)
    worker = bench.start()
    worker.until_ready()
    with open_admin(bench.kafka) as admin:
        admin.create_partitions({bench.kafka.topics.raw: 4})
    bench.produce(article(number) for number in range(100))
    bench.until_committed(100, within=60)
    assert worker.terminate()[0] == 0
    report = bench.check()
    assert (report.problems, len(report.enriched)) == ([], 100)


def test_a_raw_topic_that_is_made_anew_is_read_within_seconds(apache_bench):
    bench = apache_bench
    bench.create()
    bench.produce(article(number) for number in range(100))
    worker = bench.start()
    bench.until_committed(100)
    bench.delete("raw")
    bench.create(partitions=2)
    bench.produce(article(number) for number in range(100, 300))
    bench.until_committed(200, within=60)
    assert worker.terminate()[0] == 0
    found = {record.key for record in bench.check().enriched}
    assert found >= {f"k{number}".encode() for number in range(100, 300)}
