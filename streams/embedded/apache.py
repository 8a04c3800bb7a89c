"""Apache Kafka itself, one process in KRaft mode, from Maven's jars: no container, no ZooKeeper.

The server is both broker and controller. It listens on three ports: for clients, for itself (so that clients
may be asked for TLS or a password while the broker needs neither), and for the controller.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from streams.embedded.jars import fetch_jars, read_lock
from streams.embedded.java import find_java
from streams.embedded.kraft import KRAFT_PROPERTIES, KraftProgram, kraft_data, prepare_kraft
from streams.embedded.ports import LOOPBACK, PortReservation, reserve_port
from streams.embedded.probe import accepts_connections, answers_kafka
from streams.embedded.server import Server, ServerSpec
from streams.errors import EmbeddedServerError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from streams.embedded.options import EmbeddedOptions
    from streams.embedded.ports import PortChoice

__all__ = ["ApacheConfig", "fetch_kafka", "locked_version", "start_apache"]

_NAME: Final = "Apache Kafka"
_CLUSTER_ID: Final = "d2FzbC1lbWJlZGRlZC0wMQ"

# Quick to start and small rather than fast for days: the simple collector, and only the first compiler.
_JVM: Final = ("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")


@dataclass(frozen=True, slots=True)
class ApacheConfig:
    """How one broker differs from the plain one.

    Attributes:
        security_protocol: What clients must speak: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.
        scram_users: Passwords by user name for SASL with SCRAM-SHA-512; take effect with a new data folder.
        properties: Server properties on top of ours; the clients' listener is called CLIENT.
        jvm_options: Options of the Java virtual machine.
    """

    security_protocol: str = "PLAINTEXT"
    scram_users: Mapping[str, str] = field(default_factory=dict, repr=False)
    properties: Mapping[str, str] = field(default_factory=dict, repr=False)
    jvm_options: tuple[str, ...] = _JVM


def locked_version() -> str:
    """Return the version of Apache Kafka that the lock file names.

    Raises:
        EmbeddedServerError: The lock file is broken.
    """
    for jar in read_lock(_lock_text()):
        if jar.artifact == "kafka_2.13":
            return jar.version
    raise EmbeddedServerError("The lock file does not name kafka_2.13.", remedy="Write it anew with ops/lock-kafka.sh.")


def fetch_kafka(options: EmbeddedOptions) -> tuple[Path, ...]:
    """Bring Apache Kafka into the cache, where it is not there yet.

    Returns:
        Paths of its jars.

    Raises:
        EmbeddedServerError: It cannot be had, or a checksum is wrong.
    """
    folder = options.cache / f"kafka-{locked_version()}"
    jars = read_lock(_lock_text())
    return fetch_jars(jars, folder, base_url=options.maven_url, maven=shutil.which("mvn"))


def start_apache(
    data_dir: Path,
    options: EmbeddedOptions,
    *,
    config: ApacheConfig | None = None,
    port: PortChoice = None,
    die_with_parent: bool = True,
) -> Server:
    """Fetch Apache Kafka if need be, format its storage if need be, and start it.

    Args:
        data_dir: Folder of its data, configuration and log; data found there is served again.
        options: Where the jars and Java are.
        config: How the broker differs from the plain one.
        port: Port for clients; None chooses a free one.
        die_with_parent: Whether it ends with this process.

    Returns:
        The running broker; its `Server.address` is the bootstrap server.

    Raises:
        EmbeddedServerError: Java is missing or too old, the jars cannot be had, or it did not start.
    """
    config = ApacheConfig() if config is None else config
    program = KraftProgram(find_java(options.java_home).program, fetch_kafka(options), config.jvm_options)
    folder = data_dir.absolute()
    ports = (reserve_port(port), reserve_port(), reserve_port())
    try:
        command = prepare_kraft(
            folder, _properties(folder, ports, config), program, cluster_id=_CLUSTER_ID, users=config.scram_users
        )
    except EmbeddedServerError:
        for reservation in ports:
            reservation.release()
        raise
    spec = ServerSpec(
        name=_NAME,
        command=command,
        log_path=folder / "kafka.log",
        # A TLS listener does not answer in clear; the broker opens its ports only when it can serve.
        ready=accepts_connections if config.security_protocol.endswith("SSL") else answers_kafka,
        version=lambda _: locked_version(),
        start_timeout=60.0,
        grace=20.0,
    )
    return Server(spec, ports, die_with_parent=die_with_parent).started()


def _properties(folder: Path, ports: tuple[PortReservation, ...], config: ApacheConfig) -> dict[str, str]:
    client, internal, controller = (f"{LOOPBACK}:{reservation.port}" for reservation in ports)
    listeners = f"CLIENT://{client},INTERNAL://{internal}"
    properties = {
        **KRAFT_PROPERTIES,
        "node.id": "1",
        # One broker: every internal topic has one replica.
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "log.dirs": str(kraft_data(folder)),
        "controller.quorum.voters": f"1@{controller}",
        "listeners": f"{listeners},CONTROLLER://{controller}",
        "advertised.listeners": listeners,
        "listener.security.protocol.map": (
            f"CLIENT:{config.security_protocol},INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT"
        ),
    }
    if len(config.scram_users) > 0:
        properties["listener.name.client.sasl.enabled.mechanisms"] = "SCRAM-SHA-512"
        properties["listener.name.client.scram-sha-512.sasl.jaas.config"] = (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        )
    return {**properties, **config.properties}


def _lock_text() -> str:
    return (files("streams.embedded") / "kafka.lock").read_text(encoding="utf-8")
