"""The worker's endpoint: on loopback unless told otherwise, and nothing that a browser could be made to run."""

from __future__ import annotations

import aiohttp
import pytest

from streams.errors import StallError
from streams.metrics import WorkerMetrics
from streams.settings import WorkerSettings
from streams.workers.http import Endpoint
from streams.workers.state import CatalogState, WorkerState

_SCRIPT = "<script>alert('x')</script>"


def test_it_listens_on_loopback_unless_told_otherwise():
    assert WorkerSettings().http_host == "127.0.0.1"


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/metrics", "/nothing", f"/{_SCRIPT}", "/metrics?x=%3Cscript%3E"]
)
async def test_no_answer_is_a_page(path):
    state, metrics = WorkerState(), WorkerMetrics()
    state.failure = StallError(f"It stands at {_SCRIPT}.")
    endpoint = Endpoint(state, lambda: CatalogState(_SCRIPT, is_live=False, reason=_SCRIPT), metrics, lambda: None)
    port = await endpoint.start("127.0.0.1", 0)
    try:
        async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{port}{path}") as answer:
            kind, body, headers = answer.headers["Content-Type"], await answer.text(), answer.headers
    finally:
        await endpoint.stop()
    assert kind.startswith(("application/json", "text/plain"))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Server"] == "wasl"
    if answer.status == 404:
        assert "script" not in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_nothing_can_be_changed_through_it(method):
    endpoint = Endpoint(WorkerState(), lambda: CatalogState("v", is_live=True), WorkerMetrics(), lambda: None)
    port = await endpoint.start("127.0.0.1", 0)
    try:
        async with aiohttp.ClientSession() as client:
            for path in ("/healthz", "/readyz", "/metrics"):
                async with client.request(method, f"http://127.0.0.1:{port}{path}") as answer:
                    assert answer.status == 405
    finally:
        await endpoint.stop()
