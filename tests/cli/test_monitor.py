"""The monitor page on a real broker, a real Redis and a real worker, with articles flowing."""

from __future__ import annotations

import http.client
import itertools
import json
import signal
import subprocess
import threading
from typing import TYPE_CHECKING, Any

import pytest

from streams.cli.local import fill_catalog, start_monitor, start_worker
from streams.settings import Settings
from tests.support.web import ENTITIES, TOKEN, find_chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_RATE = 10_000 / 3_600  # articles a second
_BODIES = (
    "Jensen Huang spoke in Riyadh. Huang thanked Nvidia and Qalamoun Robotics.",
    "قال جنسن هوانغ إن إنفيديا ستفتح مكتباً في الرياض.",
)


class Feeder:
    """Sends articles at a steady rate, and says what it was once asked to send."""

    def __init__(self, bootstrap_servers: str, topic: str) -> None:
        self._address, self._topic = bootstrap_servers, topic
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        from kafka import KafkaProducer

        producer = KafkaProducer(bootstrap_servers=self._address)
        producer.send(self._topic, b"no article")
        for number, body in enumerate(itertools.cycle(_BODIES)):
            article = {"article_id": f"a-{number}", "title": "Nvidia", "body": body}
            producer.send(self._topic, json.dumps(article).encode())
            if self._ended.wait(1 / _RATE):
                break
        producer.close()

    def close(self) -> None:
        self._ended.set()
        self._thread.join(30)


@pytest.fixture
def stack(
    topics_env: dict[str, str], redis_url: str, unique: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """A worker and the page, as `wasl up` starts them; gives the port and the pid of the page."""
    env = {**topics_env, "WASL_REDIS_URL": redis_url, "WASL_GROUP": unique, "WASL_MONITOR_TOKEN": TOKEN}
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    settings = Settings.from_env(env)
    fill_catalog(settings, ENTITIES)
    worker = start_worker(settings, folder=tmp_path / "worker", session_timeout=6.0)
    try:
        page = start_monitor(
            settings, folder=tmp_path / "monitor", worker=tmp_path / "worker", worker_port=worker.port.port
        )
        feeder = Feeder(settings.kafka.bootstrap_servers, settings.kafka.topics.raw)
        try:
            yield page
        finally:
            feeder.close()
            page.close()
    finally:
        worker.close()


def test_with_ten_thousand_articles_an_hour_the_page_shows_what_flows_and_ends_in_an_orderly_way(
    stack: Any, eventually: Callable[..., None]
) -> None:
    path = find_chromium()
    from playwright.sync_api import expect, sync_playwright

    address = f"http://127.0.0.1:{stack.port.port}/"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = browser.new_context()
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.set_default_timeout(20_000)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        expect(page.locator("#tiles")).to_contain_text("1/1", timeout=20_000)
        # The member of the group and the worker that is asked are one.
        expect(page.locator("#workers tbody tr")).to_have_count(1)
        page.click('nav a[href="#articles"]')
        page.wait_for_selector("#articles article .m")
        eventually(lambda: {"en", "ar"} <= set(page.locator("#articles .tag").all_inner_texts()), within=20)
        page.click("#articles article .m >> text=Nvidia >> nth=0")
        expect(page.locator("#card")).to_contain_text("chip designer")
        page.keyboard.press("Escape")
        page.click('nav a[href="#dead"]')
        expect(page.locator("#dead")).to_contain_text("event.undecodable")
        page.click('nav a[href="#overview"]')

        def rate() -> float:
            shown = page.locator("#tiles .value").nth(1).inner_text().split()[0]
            return float(shown) if shown.replace(".", "").isdigit() else 0.0

        eventually(lambda: 0.6 * _RATE < rate() < 1.4 * _RATE, within=30)

        # What an editor adds on the page is linked in the next article.
        page.click('nav a[href="#catalogue"]')
        page.fill("#edit-token", TOKEN)
        page.click("text=Unlock")
        page.click("#new-entity")
        page.fill("#edit-id", "local:qalamoun")
        page.fill("#edit tbody tr:last-child td:nth-child(2) input", "Qalamoun Robotics")
        page.fill("#edit-author", "Amal")
        page.fill("#edit-reason", "it is in the news")
        page.click("#edit button >> text=Save")
        page.wait_for_selector("#edit .state.good")
        page.click('nav a[href="#articles"]')
        page.wait_for_selector("#articles a.m >> text=Qalamoun Robotics")
        browser.close()
    assert errors == []
    assert [url for url in asked if not url.startswith(address)] == []

    stack.process.stop(grace=10.0)
    assert stack.process.returncode == 0
    assert "Traceback" not in stack.process.log_tail(200)


def test_without_servers_the_page_says_so_and_stays(sandbox: Any) -> None:
    env = {**sandbox.env, "WASL_KAFKA_BOOTSTRAP": "127.0.0.1:1", "WASL_REDIS_URL": "redis://127.0.0.1:1/0"}
    env["WASL_DATA_DIR"] = str(sandbox.home / "data")
    command = sandbox.command("monitor", "--port", "0")
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        connection = http.client.HTTPConnection("127.0.0.1", int(said.rpartition(":")[2].strip("/\n")), timeout=10)
        connection.request("GET", "/api/stream")
        answer = connection.getresponse()
        sources: set[str] = set()
        while not {"catalog", "lag", "tail"} <= sources:
            line = answer.fp.readline().decode()
            if line.startswith("data: "):
                sources = {notice["source"] for notice in json.loads(line[6:])["notices"]}
        connection.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_it_does_not_leave_the_machine_without_a_token(wasl: Any) -> None:
    done = wasl("monitor", "--host", "0.0.0.0", "--port", "0")
    assert done.exit_code == 1
    assert "without a token" in done.stderr


def test_a_port_that_is_taken_is_named(wasl: Any, redis_server: Any) -> None:
    done = wasl("monitor", "--port", str(redis_server.port), env={"WASL_REDIS_URL": "redis://127.0.0.1:1/0"})
    assert done.exit_code == 1
    assert f"127.0.0.1:{redis_server.port}" in done.stderr
    assert "WASL_MONITOR_PORT" in done.stderr
