"""The probes say yes to the right server, and no to silence, nonsense and half an answer."""

from __future__ import annotations

import socket
import struct
import threading

import pytest

from streams.embedded.probe import accepts_connections, answers_kafka, answers_redis, redis_info
from streams.errors import EmbeddedServerError


@pytest.fixture
def port_that_says():
    """Listen on a port and give every caller the same bytes, then hang up."""
    listeners = []

    def serve(listener, answer):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                if answer != b"":
                    connection.recv(1024)
                    connection.sendall(answer)

    def listen(answer):
        listener = socket.create_server(("127.0.0.1", 0))
        thread = threading.Thread(target=serve, args=(listener, answer))
        thread.start()
        listeners.append((listener, thread))
        return listener.getsockname()[1]

    yield listen
    for listener, thread in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@pytest.fixture
def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (struct.pack(">iih", 10, 7, 0), True),
        (struct.pack(">iih", 10, 7, 35), False),
        (struct.pack(">iih", 10, 8, 0), False),
        (b"+PONG\r\n", False),
        (b"\x00", False),
        (b"", False),
    ],
)
def test_kafka(port_that_says, answer, expected):
    assert answers_kafka(port_that_says(answer)) is expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"+PONG\r\n", True),
        (b"-LOADING Redis is loading the dataset in memory\r\n", False),
        (b"+P", False),
        (b"", False),
    ],
)
def test_redis(port_that_says, answer, expected):
    assert answers_redis(port_that_says(answer)) is expected


def test_nobody_answers_on_a_closed_port(closed_port):
    assert not accepts_connections(closed_port)
    assert not answers_kafka(closed_port)
    assert not answers_redis(closed_port)
    with pytest.raises(EmbeddedServerError, match="does not answer INFO"):
        redis_info(closed_port)


def test_an_open_port_accepts(port_that_says):
    assert accepts_connections(port_that_says(b""))


def test_info_is_read_by_field(port_that_says):
    text = b"# Server\r\nredis_version:6.2.14\r\nos:Linux\r\n"
    port = port_that_says(b"$%d\r\n%s\r\n" % (len(text), text))
    assert redis_info(port) == {"redis_version": "6.2.14", "os": "Linux"}


@pytest.mark.parametrize(
    ("answer", "message"),
    [(b"-NOAUTH Authentication required.\r\n", "refuses INFO: .*NOAUTH"), (b"$x\r\n", "does not answer INFO")],
)
def test_an_info_that_is_none_is_an_error(port_that_says, answer, message):
    with pytest.raises(EmbeddedServerError, match=message):
        redis_info(port_that_says(answer))
