"""Several workers of one parent on a real broker."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from tests.support.bench import article


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="it looks the processes up in Linux's /proc")
def test_two_workers_share_the_work_and_one_that_dies_is_started_anew(bench):
    bench.create(partitions=4)
    bench.produce([article(number) for number in range(200)])
    worker = bench.start(WASL_PROCESSES="2")
    worker.until_ready()
    _, body = worker.get("/readyz")
    document = json.loads(body)
    assert document["partitions"] == [0, 1, 2, 3]
    assert sorted(document["processes"]) == ["0", "1"]
    assert worker.get("/livez")[0] == 200

    def both():
        found = json.loads(worker.get("/readyz")[1])["processes"].values()
        return all(one is not None and len(one["partitions"] or ()) == 2 for one in found)

    bench.wait(both, within=40)
    first = children(worker.process.pid)[0]
    os.kill(first, signal.SIGKILL)
    bench.produce([article(number) for number in range(200, 400)])
    bench.until_committed(400)
    bench.wait(lambda: 'wasl_restarts_total{process="0"} 1.0' in worker.get("/metrics")[1], within=20)
    metrics = worker.get("/metrics")[1]
    assert 'wasl_articles_total{process="1"}' in metrics
    bench.wait(both, within=40)
    assert worker.terminate()[0] == 0
    report = bench.check()
    assert report.problems == []
    assert len(report.enriched) - report.duplicates.total() <= 400


def test_a_worker_that_cannot_start_ends_them_all(bench):
    bench.create(without=("enriched",))
    worker = bench.start(WASL_PROCESSES="2")
    assert worker.exit_code() == 1
    assert "does not exist" in worker.log.read_text(encoding="utf-8")


def test_one_worker_too_many_is_told(bench):
    bench.create(partitions=1)
    bench.produce([article(number) for number in range(20)])
    worker = bench.start(WASL_PROCESSES="2")
    bench.until_committed(20)
    bench.wait(lambda: any("more workers than partitions" in line["message"] for line in worker.lines()), within=30)
    assert worker.terminate()[0] == 0
