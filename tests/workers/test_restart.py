"""A broker that dies and comes back under a working worker."""

from __future__ import annotations

from subprocess import TimeoutExpired

import pytest

from tests.support.bench import article


@pytest.mark.kafka
def test_a_broker_that_comes_back_finds_the_worker_at_work(
    apache_or_reason, embedded_options, unique, tmp_path, eventually
):
    if apache_or_reason is not None:
        pytest.skip(apache_or_reason)
    from streams.embedded.apache import start_apache
    from tests.support.bench import Bench

    server = start_apache(tmp_path / "kafka", embedded_options)
    bench = Bench(server.address, unique, tmp_path, eventually)
    try:
        bench.create()
        bench.produce(article(number) for number in range(2_000))
        worker = bench.start()
        bench.until_committed(300)
        server.kill()
        server.start()
        bench.produce(article(number) for number in range(2_000, 2_100))
        bench.until_committed(2_100)
        server.pause()
        with pytest.raises(TimeoutExpired):
            worker.exit_code(within=8)  # longer than its session and its delivery timeout
        server.resume()
        bench.produce(article(number) for number in range(2_100, 2_200))
        bench.until_committed(2_200)
        assert worker.terminate()[0] == 0
        report = bench.check()
        assert report.problems == []
        assert len(report.raw) == 2_200
    finally:
        bench.close()
        server.close()
