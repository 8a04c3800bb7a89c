"""A worker's endpoint, its log and its watchdog, on a running process."""

from __future__ import annotations

import json
import socket

from streams.workers.main import EXIT_STALLED
from tests.support.bench import article


def test_the_endpoint_tells_what_the_worker_does(bench):
    from streams.kafka.producer import Record

    bench.create(partitions=3)
    bench.produce([article(1), article(2), Record(b"no article")])
    worker = bench.start("--stale")
    worker.until_ready()
    bench.until_committed(3)
    status, body = worker.get("/readyz")
    assert (status, json.loads(body)["partitions"]) == (200, [0, 1, 2])
    assert json.loads(body)["catalog"] == {"version": "fake-1", "is_live": False}
    assert "last known version" in json.loads(body)["notice"]
    assert worker.get("/healthz") == worker.get("/livez") == (200, '{"status": "ok"}')
    assert worker.get("/nothing")[0] == 404
    status, metrics = worker.get("/metrics")
    lines = set(metrics.splitlines())
    assert status == 200
    assert {
        "wasl_articles_total 3.0",
        "wasl_enriched_total 2.0",
        'wasl_dead_letters_total{code="event.undecodable"} 1.0',
        "wasl_unlinked_names_total 2.0",
        'wasl_mentions_total{language="en",outcome="linked",type="organization"} 2.0',
        'wasl_mentions_total{language="en",outcome="nil",type="person"} 2.0',
        'wasl_catalog_info{version="fake-1"} 1.0',
        "wasl_redis_connected 0.0",
        "wasl_assigned_partitions 3.0",
        "wasl_in_hand_articles 0.0",
    } <= lines
    assert worker.terminate()[0] == 0
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in worker.lines())
    # A client's library may complain of a cluster that is not quite there yet; Wasl itself has nothing to complain of.
    own = [line for line in worker.lines() if line["logger"].startswith("streams")]
    assert [line for line in own if line["level"] in {"ERROR", "CRITICAL"}] == []


def test_a_port_that_is_taken_is_named(bench):
    bench.create()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        worker = bench.start(WASL_HTTP_PORT=str(port))
        assert worker.exit_code() == 1
    assert f"cannot listen on 127.0.0.1:{port}" in worker.log.read_text(encoding="utf-8")


def test_a_worker_that_stands_still_ends_without_committing(bench):
    """The linker blocks for ever, and the event loop with it: only another thread can notice."""
    bench.create(partitions=1)
    bench.produce([article(1, body="HANG")])
    worker = bench.start(WASL_STALL_AFTER="5")
    assert worker.exit_code() == EXIT_STALLED
    assert bench.committed() == (0, 1)
    [last] = [line for line in worker.lines() if line["level"] == "CRITICAL"]
    assert last["code"] == "worker.stalled"
    assert "have not moved for 5 s" in last["message"]


def test_an_idle_worker_is_left_alone(bench):
    bench.create(partitions=1)
    bench.produce([article(1)])
    worker = bench.start(WASL_STALL_AFTER="5")
    bench.until_committed(1)
    quiet = 0

    def looked():
        nonlocal quiet
        assert worker.process.poll() is None
        quiet += 1
        return quiet > 800

    bench.wait(looked, within=20)
    assert worker.terminate()[0] == 0
