"""Health and readiness, from what a worker knows about itself."""

from __future__ import annotations

from streams.errors import StallError
from streams.workers.state import CatalogState, WorkerState, health, readiness

LOADED = CatalogState("v1", is_live=True)


def test_a_worker_is_healthy_until_it_fails():
    assert health(WorkerState()) == (200, {"status": "ok"})
    assert health(WorkerState(is_stopping=True)) == (200, {"status": "stopping"})
    status, document = health(WorkerState(failure=StallError("It stands.")))
    assert status == 503
    assert document == {"status": "failed", "reason": "It stands.", "code": "worker.stalled"}


def test_a_worker_is_ready_once_it_has_partitions_and_a_catalogue():
    status, document = readiness(WorkerState(assigned=frozenset({2, 0}), in_hand=4), LOADED)
    assert status == 200
    assert document == {
        "status": "ready",
        "partitions": [0, 2],
        "articles_in_hand": 4,
        "catalog": {"version": "v1", "is_live": True},
    }


def test_a_spare_worker_without_partitions_is_ready():
    assert readiness(WorkerState(assigned=frozenset()), LOADED)[0] == 200


def test_every_reason_is_told():
    status, document = readiness(WorkerState(is_stopping=True, failure=StallError("It stands.")), CatalogState())
    assert (status, document["status"]) == (503, "not ready")
    for reason in ("It stands.", "is stopping", "partitions", "No catalogue"):
        assert reason in document["reason"]
    assert " ".join(document["reasons"]) == document["reason"]


def test_a_stale_catalogue_is_ready_and_says_so():
    status, document = readiness(WorkerState(assigned=frozenset({0})), CatalogState("v1", is_live=False))
    assert status == 200
    assert "last known version" in document["notice"]
    empty = CatalogState("v1", is_live=False, reason="Redis holds no catalogue.")
    assert "Redis holds no catalogue." in readiness(WorkerState(assigned=frozenset({0})), empty)[1]["notice"]
