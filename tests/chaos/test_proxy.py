"""A way that can be cut, slowed, reset and led elsewhere."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from chaos.proxy import TcpProxy


class Echo:
    """A server that sends back what it gets, with its name before."""

    def __init__(self, name):
        self._name = name
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            try:
                while len(data := connection.recv(100)) > 0:
                    connection.sendall(self._name + data)
            except OSError:
                return


@pytest.fixture
def servers():
    made = [Echo(b"a:"), Echo(b"b:")]
    yield made
    for each in made:
        each.close()


@pytest.fixture
def proxy(servers):
    made = TcpProxy(servers[0].port)
    yield made
    made.close()


def connect(proxy):
    return socket.create_connection(("127.0.0.1", proxy.port), 5)


def ask(connection, data=b"x"):
    connection.sendall(data)
    return connection.recv(100)


def ask_anew(proxy):
    with connect(proxy) as connection:
        ask(connection)
        ask(connection)


def test_it_is_a_wire(proxy):
    with connect(proxy) as connection:
        assert ask(connection) == b"a:x"


@pytest.mark.parametrize("held", [{"up": True}, {"down": True}, {"up": True, "down": True}])
def test_what_is_held_comes_when_it_is_let_go(proxy, held):
    with connect(proxy) as connection:
        ask(connection)
        proxy.hold(**held)
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            ask(connection, b"held")
        proxy.release()
        connection.settimeout(5)
        assert connection.recv(100) == b"a:held"


def test_it_is_slow_in_both_directions(proxy):
    proxy.slow(0.1)
    with connect(proxy) as connection:
        began = time.monotonic()
        assert ask(connection) == b"a:x"
        assert time.monotonic() - began >= 0.2


def test_connections_are_reset_and_refused(proxy):
    with connect(proxy) as connection:
        ask(connection)
        proxy.reset()
        with pytest.raises(ConnectionResetError):
            connection.recv(100)
    proxy.refuse()
    with pytest.raises(ConnectionError):
        ask_anew(proxy)
    proxy.release()
    with connect(proxy) as connection:
        assert ask(connection) == b"a:x"


def test_it_leads_elsewhere(proxy, servers):
    proxy.lead_to(servers[1].port)
    with connect(proxy) as connection:
        assert ask(connection) == b"b:x"
