"""Servers and data that the tests share.

The servers are real. Each is started the first time that a test asks for it, and stopped at the end of the
run; the last lines of the run say which ones answered, in which version.
"""

from __future__ import annotations

import shutil
import signal
import socket
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from streams.embedded.apache import fetch_kafka, start_apache
from streams.embedded.java import find_java
from streams.embedded.options import EmbeddedOptions
from streams.embedded.redis_ import redis_url as url_of
from streams.embedded.redis_ import start_redis
from streams.embedded.tansu import start_tansu
from streams.errors import EmbeddedServerError
from tests.support.forgive import close_dropped_sockets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.embedded.server import Server

_ROOT = Path(__file__).resolve().parents[1]

# Deadlines and speed checks measure the machine, not the code.
settings.register_profile("wasl", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("wasl")

# A test that asks for one of these fixtures carries the marker, so that `-m "not kafka"` needs no discipline.
_MARKERS = {
    "apache": "kafka",
    "broker": "kafka",
    "bootstrap_servers": "kafka",
    "tansu": "kafka",
    "redis_server": "redis",
    "redis_url": "redis",
    "shared_dir": "shared",
}

_ANSWERED: dict[str, str] = {}  # what the summary says, by role


def pytest_configure(config: pytest.Config) -> None:
    # kafka-python 3.0 reads its schemas with functions that Python 3.11 and 3.12 call deprecated.
    config.addinivalue_line("filterwarnings", "ignore:(read|open)_text is deprecated:DeprecationWarning")
    close_dropped_sockets()
    # A shell lets what it runs in the background ignore Ctrl-C, and so would every program that is started here.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for name in getattr(item, "fixturenames", ()):
            if name in _MARKERS:
                item.add_marker(_MARKERS[name])


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    answered = "; ".join(_ANSWERED[role] for role in ("broker", "redis", "tansu") if role in _ANSWERED)
    terminalreporter.write_line(f"wasl: {answered or 'no server was needed'}")


@pytest.fixture(scope="session")
def embedded_options() -> EmbeddedOptions:
    return EmbeddedOptions.from_env()


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One Redis for the whole run; most tests want ``redis_url``.

    The one on the search path comes first, so that a machine with a newer Redis tests that one.
    """
    on_path = shutil.which("redis-server")
    program = None if on_path is None else Path(on_path)
    with start_redis(tmp_path_factory.mktemp("redis"), program=program) as server:
        _ANSWERED["redis"] = f"Redis {server.version}"
        yield server


@pytest.fixture
def redis_url(redis_server: Server) -> str:
    """URL of a real Redis that holds nothing when the test begins."""
    with socket.create_connection(("127.0.0.1", redis_server.port), 5) as connection:
        connection.sendall(b"FLUSHALL\r\n")
        assert connection.recv(64) == b"+OK\r\n"
    return url_of(redis_server)


@pytest.fixture(scope="session")
def tansu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The embedded broker, in memory."""
    with start_tansu(tmp_path_factory.mktemp("tansu")) as server:
        _ANSWERED["tansu"] = f"embedded broker Tansu {server.version}"
        yield server


@pytest.fixture(scope="session")
def apache_or_reason(embedded_options: EmbeddedOptions) -> str | None:
    """Why Apache Kafka cannot run here; None when it can."""
    try:
        find_java(embedded_options.java_home)
        fetch_kafka(embedded_options)
    except EmbeddedServerError as exc:
        if embedded_options.require_apache:
            pytest.exit(
                f"Apache Kafka is required (CI or WASL_REQUIRE_APACHE is set) and cannot run: {exc}",
                returncode=1,
            )
        return str(exc)
    return None


@pytest.fixture(scope="session")
def broker(
    apache_or_reason: str | None,
    embedded_options: EmbeddedOptions,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    """Apache Kafka; where it cannot run and need not, the embedded broker."""
    if apache_or_reason is not None:
        server = request.getfixturevalue("tansu")
        _ANSWERED["broker"] = f"broker Tansu {server.version} instead of Apache Kafka ({apache_or_reason})"
        yield server
        return
    with start_apache(tmp_path_factory.mktemp("kafka"), embedded_options) as server:
        java = find_java(embedded_options.java_home)
        _ANSWERED["broker"] = f"broker Apache Kafka {server.version} (KRaft), Java {java.version}"
        yield server


@pytest.fixture(scope="session")
def apache(apache_or_reason: str | None, request: pytest.FixtureRequest) -> Server:
    """Apache Kafka, for what the embedded broker cannot do; skips where it cannot run and need not."""
    if apache_or_reason is not None:
        pytest.skip(f"Apache Kafka cannot run here: {apache_or_reason}")
    return request.getfixturevalue("broker")


@pytest.fixture(scope="session")
def bootstrap_servers(broker: Server) -> str:
    return broker.address


@pytest.fixture(scope="session")
def eventually() -> Callable[..., None]:
    """Wait until a condition holds, asking again and again: ``eventually(condition, within=10)``."""

    def wait(condition: Callable[[], object], *, within: float = 10.0) -> None:
        deadline = time.monotonic() + within
        while not condition():
            assert time.monotonic() < deadline, f"still not so after {within:g} seconds"
            time.sleep(0.01)

    return wait


@pytest.fixture
def unique() -> str:
    """A name that no other test has, for topics and groups: the broker is shared."""
    return f"t{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The optional data folder beside the repository."""
    folder = _ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the optional data folder ../shared is not there")
    return folder
