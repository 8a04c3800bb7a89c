"""What a worker promises about delivery, on a real broker, with real processes that are really killed."""

from __future__ import annotations

from tests.support.bench import article


def test_killed_workers_lose_nothing(bench):
    count = 10_000
    bench.create()
    bench.produce(article(number) for number in range(count))
    for progress in (2_000, 5_000):
        worker = bench.start()
        bench.until_committed(progress)
        worker.kill()
    done, _ = bench.committed()
    assert done < count, "the last kill came too late to prove anything"
    worker = bench.start()
    bench.until_committed(count)
    assert worker.terminate()[0] == 0
    report = bench.check()
    assert report.problems == []
    assert len(report.raw) == count
    assert len(report.enriched) + len(report.dead) >= count


def test_workers_that_come_and_go_lose_nothing(bench):
    count = 6_000
    bench.create()
    bench.produce(article(number) for number in range(count))
    first = bench.start()
    bench.until_committed(500)
    second = bench.start()
    second.until_ready()
    third = bench.start()
    assert first.terminate()[0] == 0
    third.until_ready()
    second.kill()
    bench.until_committed(count)
    report = bench.check()
    assert report.problems == []
    assert len(report.raw) == count


def test_an_asked_worker_ends_cleanly_and_commits(bench):
    bench.create()
    bench.produce(article(number) for number in range(15_000))
    worker = bench.start()
    bench.until_committed(300)
    code, seconds = worker.terminate()
    assert code == 0, worker.log.read_text()
    assert seconds < 5
    done, end = bench.committed()
    assert done < end, "it ended too late to prove anything"
    report = bench.check()
    # Each of the records that were worked on was committed, and none was worked on beyond those.
    assert len(report.enriched) == done
    assert report.duplicates.total() == 0


def test_a_worker_that_is_asked_to_end_while_it_starts_ends(bench):
    bench.create()
    bench.produce([article(1)])
    worker = bench.start()
    worker.port()  # it listens before it has joined the group
    code, seconds = worker.terminate()
    assert code == 0, worker.log.read_text(encoding="utf-8")
    assert seconds < 15
