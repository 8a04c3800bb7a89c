"""A server keeps its port and data through stops, kills and pauses."""

from __future__ import annotations

import pytest

from streams.embedded.ports import reserve_port
from streams.embedded.probe import answers_redis
from streams.embedded.redis_ import find_redis, start_redis
from streams.embedded.server import Server, ServerSpec
from streams.embedded.tansu import start_tansu
from streams.errors import EmbeddedServerError


@pytest.mark.redis
def test_it_comes_back_on_its_port(tmp_path):
    with start_redis(tmp_path) as server:
        port, first = server.port, server.pid
        server.kill()
        assert not server.running
        assert not answers_redis(port)
        server.start()
        assert server.port == port
        assert server.pid != first
        assert answers_redis(port)


@pytest.mark.redis
def test_a_paused_server_is_there_and_silent(tmp_path):
    with start_redis(tmp_path) as server:
        server.pause()
        assert server.running
        assert not answers_redis(server.port)
        server.resume()
        assert answers_redis(server.port)


@pytest.mark.redis
def test_leaving_the_block_stops_it_and_frees_the_port(tmp_path):
    with start_redis(tmp_path) as server:
        port = server.port
    assert not server.running
    reserve_port(port).release()


@pytest.mark.redis
@pytest.mark.kafka
def test_a_port_in_use_is_an_error_that_names_it(tmp_path):
    with start_redis(tmp_path) as server, pytest.raises(EmbeddedServerError, match=f"Port {server.port} "):
        start_tansu(tmp_path, port=server.port)


def test_a_server_that_fails_to_start_gives_its_port_back(tmp_path):
    reservation = reserve_port()
    spec = ServerSpec(
        name="Redis",
        command=(str(find_redis()), "--no-such-option"),
        log_path=tmp_path / "log",
        ready=answers_redis,
        version=str,
    )
    with pytest.raises(EmbeddedServerError, match=r"(?s)Redis ended with status 1.*no-such-option"):
        Server(spec, (reservation,)).started()
    reserve_port(reservation.port).release()
