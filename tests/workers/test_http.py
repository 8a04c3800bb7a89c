"""The endpoint by itself; `test_watching` asks a running worker."""

from __future__ import annotations

import socket

import aiohttp
import pytest

from streams.errors import SettingsError, StallError
from streams.metrics import WorkerMetrics
from streams.workers.http import Endpoint
from streams.workers.state import CatalogState, WorkerState


@pytest.fixture
async def endpoint():
    state, metrics = WorkerState(), WorkerMetrics()
    made = Endpoint(
        state,
        lambda: CatalogState("نسخة", is_live=True),
        metrics,
        lambda: metrics.in_hand.set(state.in_hand),
    )
    port = await made.start("127.0.0.1", 0)

    async def get(path):
        async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{port}{path}") as answer:
            return answer.status, answer.headers["Content-Type"], await answer.text()

    made.get, made.state, made.port = get, state, port
    yield made
    await made.stop()


async def test_answers_follow_the_state(endpoint):
    status, kind, body = await endpoint.get("/readyz")
    assert (status, kind) == (503, "application/json; charset=utf-8")
    assert "partitions" in body
    endpoint.state.assigned = frozenset({0})
    status, _, body = await endpoint.get("/readyz")
    assert status == 200
    assert "نسخة" in body
    endpoint.state.failure = StallError("It stands.")
    assert (await endpoint.get("/healthz"))[0] == 503
    assert (await endpoint.get("/readyz"))[0] == 503


async def test_metrics_are_brought_up_to_date_when_asked_for(endpoint):
    endpoint.state.in_hand = 9
    status, kind, body = await endpoint.get("/metrics")
    assert status == 200
    assert kind.startswith("text/plain; version=0.0.4")
    assert "wasl_in_hand_articles 9.0" in body


async def test_a_port_that_is_taken_is_named(endpoint):
    other = Endpoint(WorkerState(), CatalogState, WorkerMetrics(), lambda: None)
    with pytest.raises(SettingsError, match=rf"127\.0\.0\.1:{endpoint.port}: .*in use"):
        await other.start("127.0.0.1", endpoint.port)


async def test_after_the_end_nobody_listens(endpoint):
    await endpoint.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", endpoint.port), 1)
