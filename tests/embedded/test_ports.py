"""A reserved port is nobody else's, and still a server's to listen on."""

from __future__ import annotations

import socket
import sys
import threading
from random import Random

import pytest

from streams.embedded.ports import LOOPBACK, PortReservation, reserve_port, take_back
from streams.errors import EmbeddedServerError


@pytest.fixture
def reservation():
    reserved = reserve_port()
    yield reserved
    reserved.release()


def test_a_reserved_port_is_refused_to_others(reservation):
    with pytest.raises(EmbeddedServerError, match=f"Port {reservation.port} .* is not free"):
        reserve_port(reservation.port)


def test_a_released_port_can_be_reserved_again(reservation):
    reservation.release()
    again = reserve_port(reservation.port)
    assert again.port == reservation.port
    again.release()


def test_a_port_whose_last_connections_are_not_closed_yet_can_be_taken_back(reservation):
    reservation.release()
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, reservation.port))
        listener.listen()
        client = socket.create_connection((LOOPBACK, reservation.port), 2)
        served, _ = listener.accept()
        with pytest.raises(EmbeddedServerError, match="is not free"):
            take_back(reservation.port)
    served.close()  # first, so that the port remembers the connection
    client.close()
    with pytest.raises(EmbeddedServerError, match="is not free"):
        reserve_port(reservation.port)
    back = take_back(reservation.port)
    assert reserve_port(back) is back
    with pytest.raises(EmbeddedServerError, match="is not free"):
        reserve_port(back.port)
    back.release()


def test_a_port_that_is_being_closed_is_waited_for(reservation):
    reservation.release()
    with socket.socket() as listener:
        listener.bind((LOOPBACK, reservation.port))
        listener.listen()
        closer = threading.Timer(0.3, listener.close)
        closer.start()
        take_back(reservation.port).release()
        closer.join()


def test_releasing_twice_is_harmless(reservation):
    reservation.release()
    reservation.release()


def test_a_server_that_reuses_addresses_may_listen(reservation):
    reservation.hand_over()
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, reservation.port))
        listener.listen()
        with socket.create_connection((LOOPBACK, reservation.port), 2) as connection:
            assert connection.getpeername() == (LOOPBACK, reservation.port)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the port cannot be shared with the server")
def test_the_port_stays_reserved_while_a_server_uses_it_and_after_it_ended(reservation):
    reservation.hand_over()
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, reservation.port))
        listener.listen()
        with pytest.raises(OSError, match="in use"):
            PortReservation(reservation.port)
    with pytest.raises(OSError, match="in use"):
        PortReservation(reservation.port)


def test_a_port_in_use_is_refused():
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        with pytest.raises(EmbeddedServerError, match="is not free"):
            reserve_port(taken.getsockname()[1])


def test_a_taken_candidate_is_passed_over():
    first = reserve_port(random=Random(7))
    second = reserve_port(random=Random(7))
    assert first.port != second.port
    first.release()
    second.release()


def test_ports_lie_below_the_range_of_outgoing_connections():
    asked = []

    class Watched(Random):
        def randint(self, low, high):
            asked.append((low, high))
            return super().randint(low, high)

    reserve_port(random=Watched()).release()
    low, high = asked[0]
    assert low >= 1024
    assert high < 32_768


def test_when_no_candidate_is_free_the_error_says_so(reservation):
    class Stuck(Random):
        def randint(self, low, high):
            return reservation.port

    with pytest.raises(EmbeddedServerError, match=r"None of \d+ ports"):
        reserve_port(random=Stuck())
