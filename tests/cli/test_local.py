from __future__ import annotations

import http.server
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from streams.catalog.redis_ import RedisStore, connect
from streams.cli.local import _command, _is_ready, fill_catalog, local_settings
from streams.cli.user import acting_user
from streams.events.entity import Entity
from streams.settings import KafkaSettings, RedisSettings, Settings, TopicSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def test_local_servers_ask_for_no_password_and_topics_keep_their_names() -> None:
    foreign = KafkaSettings("far:9092", "SASL_SSL", sasl_username="u", topics=TopicSettings(raw="news"))
    settings = local_settings(Settings(foreign), bootstrap_servers="here:1", redis_url="redis://here:2/0")
    assert settings.kafka == KafkaSettings("here:1", topics=TopicSettings(raw="news"))
    assert settings.redis == RedisSettings("redis://here:2/0")


def test_an_empty_catalogue_is_filled_and_a_full_one_is_kept(redis_url: str) -> None:
    settings = Settings(redis=RedisSettings(redis_url))
    one = [Entity("local:one", "other", {"en": "One"})]
    stats, imported = fill_catalog(settings, one)
    assert (stats.entities, imported) == (1, True)
    stats, imported = fill_catalog(settings)
    assert (stats.entities, imported) == (1, False)
    with closing(connect(settings.redis)) as client:
        [entry] = RedisStore(client).log(limit=9)
    assert entry.note.author == acting_user()
    assert entry.note.at is not None


def test_a_worker_gets_our_variables_and_none_of_a_foreign_broker() -> None:
    env = {"WASL_BATCH_SIZE": "7", "WASL_KAFKA_SASL_PASSWORD": "x", "HOME": "/"}
    command = _command("worker", {"WASL_REDIS_URL": "redis://here"}, env, inherit=True)
    assert "WASL_REDIS_URL=redis://here" in command
    assert [command[at + 1] for at, part in enumerate(command) if part == "-u"].count("WASL_KAFKA_SASL_PASSWORD") == 1
    assert "WASL_BATCH_SIZE" not in command
    assert command[-3:] == ("-m", "streams", "worker")
    alone = _command("worker", {}, env, inherit=False)
    assert [alone[at + 1] for at, part in enumerate(alone) if part == "-u"] == sorted(env)[1:]


@pytest.fixture
def answering() -> Iterator[Callable[[int, bytes], int]]:
    """Answer every request with a status and a body, and return the port."""
    servers = []

    def serve(status: int, body: bytes) -> int:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever).start()
        return server.server_port

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [(200, b'{"status": "ready"}', True), (503, b'{"status": "not ready"}', False), (404, b"", False)],
)
def test_a_worker_is_ready_when_it_says_so(
    status: int, body: bytes, expected: bool, answering: Callable[[int, bytes], int]
) -> None:
    assert _is_ready(answering(status, body)) is expected


def test_a_worker_that_does_not_answer_is_not_ready(answering: Callable[[int, bytes], int]) -> None:
    assert _is_ready(1) is False
