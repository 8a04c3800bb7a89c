"""A catalogue, topics, a worker and a page for the embedded servers: what `wasl demo` and `wasl up` share."""

from __future__ import annotations

import http
import http.client
import os
import shutil
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from streams.embedded.ports import LOOPBACK, reserve_port
from streams.embedded.process import ChildProcess
from streams.errors import EmbeddedServerError
from streams.settings import KafkaSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from streams.catalog.store import StoreStats
    from streams.embedded.ports import PortChoice, PortReservation
    from streams.events.entity import Entity

__all__ = ["LocalWorker", "fill_catalog", "local_settings", "make_topics", "start_monitor", "start_worker"]

_START_TIMEOUT: Final = 60.0
_STOP_GRACE: Final = 25.0
# How to reach brokers elsewhere is of no use with our own.
_FOREIGN: Final = (
    "WASL_KAFKA_SECURITY_PROTOCOL",
    "WASL_KAFKA_SASL_MECHANISM",
    "WASL_KAFKA_SASL_USERNAME",
    "WASL_KAFKA_SASL_PASSWORD",
    "WASL_KAFKA_SSL_CAFILE",
    "WASL_KAFKA_SSL_CERTFILE",
    "WASL_KAFKA_SSL_KEYFILE",
    "WASL_KAFKA_SSL_KEY_PASSWORD",
)


def local_settings(settings: Settings, *, bootstrap_servers: str, redis_url: str) -> Settings:
    """Return the settings with the servers of this machine, which ask for no password."""
    return replace(
        settings,
        kafka=KafkaSettings(bootstrap_servers=bootstrap_servers, topics=settings.kafka.topics),
        redis=replace(settings.redis, url=redis_url),
    )


def fill_catalog(settings: Settings, entities: Iterable[Entity] | None = None) -> tuple[StoreStats, bool]:
    """Import entities into an empty catalogue; one that holds anything is left as it is.

    Args:
        settings: Where Redis is.
        entities: What to import; None means the starter catalogue.

    Returns:
        What the catalogue holds now, and whether anything was imported.

    Raises:
        CatalogError: The import failed.
    """
    from streams.catalog.redis_ import RedisStore, connect  # noqa: PLC0415 - only where there is a Redis
    from streams.catalog.starter import read_starter  # noqa: PLC0415
    from streams.cli.catalog.options import made_note  # noqa: PLC0415

    with closing(connect(settings.redis)) as client:
        store = RedisStore(client, prefix=settings.redis.prefix)
        made = made_note(author=None, reason=None)
        report = store.fill(read_starter() if entities is None else entities, note=made)
        return store.stats(), report is not None


def make_topics(settings: Settings, *, partitions: int) -> list[str]:
    """Create the topics that are missing, and return their names.

    Raises:
        BrokerError: One could not be created.
    """
    from streams.kafka.admin import create_topics, open_admin  # noqa: PLC0415 - only where there is a broker
    from streams.kafka.topics import declared_topics  # noqa: PLC0415

    with open_admin(settings.kafka) as admin:
        return create_topics(admin, declared_topics(settings, partitions=partitions))


@dataclass(frozen=True, slots=True)
class LocalWorker:
    """A worker, or the monitor page, that runs as a child of this process.

    Attributes:
        process: The child.
        port: Reservation of the port on which it answers.
    """

    process: ChildProcess
    port: PortReservation

    def check(self) -> None:
        """Do nothing while it runs.

        Raises:
            EmbeddedServerError: It has ended; the message carries the last lines of its log.
        """
        if not self.process.running:
            raise EmbeddedServerError(
                f"{self.process.name} ended with status {self.process.returncode}. {self.last_lines()}",
                remedy="Its own message is in the lines above.",
            )

    def last_lines(self) -> str:
        """Return the end of its log, for an error's message."""
        return f"Last lines of its log:\n{self.process.log_tail(15) or '(nothing)'}"

    def close(self) -> None:
        """Stop it in an orderly way, and by force when it takes too long."""
        self.process.stop(grace=_STOP_GRACE)
        self.port.release()


def start_worker(
    settings: Settings,
    *,
    folder: Path,
    session_timeout: float,
    port: PortChoice = None,
    die_with_parent: bool = True,
    inherit: bool = True,
) -> LocalWorker:
    """Start a worker and wait until it links articles.

    Args:
        settings: Where the servers are.
        folder: Folder of its log and its local copies.
        session_timeout: Session timeout of its group, in seconds, where the environment does not say; the embedded
            broker makes a group's first member wait for half of it.
        port: Where it answers; None chooses a free one.
        die_with_parent: Whether it ends with this process.
        inherit: Whether settings from the environment reach it, those about servers left aside.

    Raises:
        EmbeddedServerError: It did not start; the message carries the last lines of its log.
    """
    reserved = reserve_port(port)
    variables = {**_servers(settings), "WASL_HTTP_HOST": LOOPBACK, "WASL_HTTP_PORT": str(reserved.port)}
    variables["WASL_DATA_DIR"] = str(_data(folder))
    if not (inherit and "WASL_PROCESSES" in os.environ):
        variables["WASL_PROCESSES"] = "1"
    if not (inherit and "WASL_SESSION_TIMEOUT" in os.environ):
        variables["WASL_SESSION_TIMEOUT"] = f"{session_timeout:g}"
    process = ChildProcess(
        "The worker",
        _command("worker", variables, os.environ, inherit=inherit),
        log_path=folder / "worker.log",
        die_with_parent=die_with_parent,
    )
    return _started(LocalWorker(process, reserved), "/readyz")


def start_monitor(
    settings: Settings,
    *,
    folder: Path,
    worker: Path,
    worker_port: int,
    port: PortChoice = None,
    die_with_parent: bool = True,
) -> LocalWorker:
    """Start the monitor page and wait until it can be opened.

    Args:
        settings: Where the servers are.
        folder: Folder of its log.
        worker: Folder of the worker, whose local copies of the catalogue it shares.
        worker_port: Where the worker answers, whose health it shows.
        port: Where it is served; None chooses a free one.
        die_with_parent: Whether it ends with this process.

    Raises:
        EmbeddedServerError: It did not start; the message carries the last lines of its log.
    """
    reserved = reserve_port(port)
    variables = {**_servers(settings), "WASL_MONITOR_HOST": LOOPBACK, "WASL_MONITOR_PORT": str(reserved.port)}
    variables["WASL_MONITOR_WORKERS"] = f"{LOOPBACK}:{worker_port}"
    variables["WASL_DATA_DIR"] = str(_data(worker))
    process = ChildProcess(
        "The monitor",
        _command("monitor", variables, os.environ, inherit=True),
        log_path=folder / "monitor.log",
        die_with_parent=die_with_parent,
    )
    return _started(LocalWorker(process, reserved), "/healthz")


def _data(worker: Path) -> Path:
    return worker / "data"


def _servers(settings: Settings) -> dict[str, str]:
    return {"WASL_KAFKA_BOOTSTRAP": settings.kafka.bootstrap_servers, "WASL_REDIS_URL": settings.redis.url}


def _started(child: LocalWorker, path: str) -> LocalWorker:
    try:
        child.port.hand_over()
        child.process.start(lambda: _is_ready(child.port.port, path), timeout=_START_TIMEOUT)
    except BaseException:
        child.close()
        raise
    return child


def _command(verb: str, variables: Mapping[str, str], env: Mapping[str, str], *, inherit: bool) -> tuple[str, ...]:
    unset = _FOREIGN if inherit else [name for name in sorted(env) if name.startswith("WASL_")]
    return (
        shutil.which("env") or "/usr/bin/env",
        *(part for name in unset for part in ("-u", name)),
        *(f"{name}={value}" for name, value in variables.items()),
        *(sys.executable, "-m", "streams", verb),
    )


def _is_ready(port: int, path: str = "/readyz") -> bool:
    """Ask a child whether it is of use: a worker has its catalogue and its share of the partitions then."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2.0)
    with closing(connection):
        try:
            connection.request("GET", path)
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
