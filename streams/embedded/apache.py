"""Apache Kafka itself, one process in KRaft mode, from Maven's jars: no container, no ZooKeeper.

The server is both broker and controller. It listens on three ports: for clients, for itself (so that clients
may be asked for TLS or a password while the broker needs neither), and for the controller.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from streams.embedded.jars import fetch_jars, read_lock
from streams.embedded.java import find_java
from streams.embedded.ports import LOOPBACK, PortReservation, reserve_port
from streams.embedded.probe import accepts_connections, answers_kafka
from streams.embedded.process import last_words
from streams.embedded.server import Server, ServerSpec
from streams.errors import EmbeddedServerError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from streams.embedded.options import EmbeddedOptions

__all__ = ["ApacheConfig", "fetch_kafka", "locked_version", "start_apache"]

_NAME: Final = "Apache Kafka"
_CLUSTER_ID: Final = "d2FzbC1lbWJlZGRlZC0wMQ"  # 16 bytes in URL-safe base64, as Kafka asks for
_FORMAT_TIMEOUT: Final = 60.0

# Quick to start and small rather than fast for days: the simple collector, and only the first compiler.
_JVM: Final = ("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")

_LOG4J: Final = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %m (%c)%n
rootLogger.level = WARN
rootLogger.appenderRef.console.ref = console
"""

_PROPERTIES: Final = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "INTERNAL",
    # A misspelt topic must be an error, here as in production.
    "auto.create.topics.enable": "false",
    # One broker: every internal topic has one replica, and one partition so that groups form at once.
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    # A group's first member need not wait for others, and tests may use short sessions.
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    # A killed broker can register again only when its old session is over; the default is nine seconds.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    # The default takes 128 MiB of a heap that is small.
    "log.cleaner.dedupe.buffer.size": "4194304",
    "num.network.threads": "2",
    "num.io.threads": "4",
}


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
    port: int | None = None,
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
    java = find_java(options.java_home)
    class_path = ":".join(str(jar) for jar in fetch_kafka(options))
    folder = data_dir.absolute()
    (folder / "data").mkdir(parents=True, exist_ok=True)
    ports = (reserve_port(port), reserve_port(), reserve_port())
    properties_path = folder / "server.properties"
    log4j_path = folder / "log4j2.properties"
    log4j_path.write_text(_LOG4J, encoding="utf-8")
    _write_properties(properties_path, _properties(folder, ports, config))
    base = (java.program, *config.jvm_options, f"-Dlog4j2.configurationFile={log4j_path.as_uri()}")
    command = (*base, "-cp", class_path)
    spec = ServerSpec(
        name=_NAME,
        command=(*command, "kafka.Kafka", str(properties_path)),
        log_path=folder / "kafka.log",
        # A TLS listener does not answer in clear; the broker opens its ports only when it can serve.
        ready=accepts_connections if config.security_protocol.endswith("SSL") else answers_kafka,
        version=lambda _: locked_version(),
        start_timeout=60.0,
        grace=20.0,
    )
    server = Server(spec, ports, die_with_parent=die_with_parent)
    try:
        if not (folder / "data" / "meta.properties").exists():
            _format(command, properties_path, config)
    except EmbeddedServerError:
        server.close()
        raise
    return server.started()


def _format(command: tuple[str, ...], properties_path: Path, config: ApacheConfig) -> None:
    users = (f"SCRAM-SHA-512=[name={name},password={word}]" for name, word in config.scram_users.items())
    scram = [argument for user in users for argument in ("--add-scram", user)]
    tool = [*command, "kafka.tools.StorageTool", "format", "--cluster-id", _CLUSTER_ID]
    try:
        run = subprocess.run(  # noqa: S603 - our own command line, no shell
            [*tool, "--config", str(properties_path), *scram],
            capture_output=True,
            text=True,
            check=False,
            timeout=_FORMAT_TIMEOUT,
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise EmbeddedServerError(f"{_NAME}'s storage could not be formatted: {type(exc).__name__}.") from exc
    if run.returncode != 0:
        words = last_words(run.stdout + run.stderr)
        raise EmbeddedServerError(f"{_NAME}'s storage could not be formatted:\n{words}")


def _properties(folder: Path, ports: tuple[PortReservation, ...], config: ApacheConfig) -> dict[str, str]:
    client, internal, controller = (f"{LOOPBACK}:{reservation.port}" for reservation in ports)
    listeners = f"CLIENT://{client},INTERNAL://{internal}"
    properties = {
        **_PROPERTIES,
        "log.dirs": str(folder / "data"),
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


def _write_properties(path: Path, properties: Mapping[str, str]) -> None:
    path.touch(mode=0o600)  # passwords may stand in it
    lines = (f"{_escape(name)}={_escape(value)}" for name, value in properties.items())
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def _escape(text: str) -> str:
    """Write a text as Java reads it from a properties file, which is in Latin-1."""
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n")
    return "".join(
        letter if letter.isascii() else "".join(f"\\u{unit:04x}" for unit in _utf16(letter)) for letter in escaped
    )


def _utf16(letter: str) -> list[int]:
    units = letter.encode("utf-16-be")
    return [int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2)]


def _lock_text() -> str:
    return (files("streams.embedded") / "kafka.lock").read_text(encoding="utf-8")
