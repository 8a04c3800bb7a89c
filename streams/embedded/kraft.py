"""One process of Apache Kafka in KRaft mode: what it is told, its storage, and the command that runs it.

Whoever starts brokers says on which ports they listen and what they are to each other; the rest is here.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.embedded.process import last_words
from streams.errors import EmbeddedServerError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["KRAFT_PROPERTIES", "KraftProgram", "kraft_data", "prepare_kraft"]

_FORMAT_TIMEOUT: Final = 120.0

_LOG4J: Final = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %m (%c)%n
rootLogger.level = WARN
rootLogger.appenderRef.console.ref = console
"""

KRAFT_PROPERTIES: Final[Mapping[str, str]] = {
    "process.roles": "broker,controller",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "INTERNAL",
    # A misspelt topic must be an error, here as in production.
    "auto.create.topics.enable": "false",
    # One partition, so that groups form at once.
    "offsets.topic.num.partitions": "1",
    "transaction.state.log.num.partitions": "1",
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
"""Properties of every broker of ours, which is its own controller."""


@dataclass(frozen=True, slots=True)
class KraftProgram:
    """What runs a broker.

    Attributes:
        java: Path of Java.
        jars: Those of Apache Kafka.
        jvm_options: Options of the Java virtual machine.
    """

    java: str
    jars: tuple[Path, ...]
    jvm_options: tuple[str, ...]


def kraft_data(folder: Path) -> Path:
    """Return where in its folder a broker keeps its data."""
    return folder / "data"


def prepare_kraft(
    folder: Path,
    properties: Mapping[str, str],
    program: KraftProgram,
    *,
    cluster_id: str,
    users: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Write what a broker is told, and format its storage if that was not done yet.

    Args:
        folder: Of its configuration, its log and its data.
        properties: All of them.
        program: What runs it.
        cluster_id: 16 bytes in URL-safe Base64; the same for all brokers of a cluster.
        users: Passwords by user name for SASL with SCRAM-SHA-512; they take effect with a new data folder.

    Returns:
        The command that runs it.

    Raises:
        EmbeddedServerError: The storage could not be formatted.
    """
    data = kraft_data(folder)
    data.mkdir(parents=True, exist_ok=True)
    path, log4j = folder / "server.properties", folder / "log4j2.properties"
    log4j.write_text(_LOG4J, encoding="utf-8")
    _write_properties(path, properties)
    class_path = ":".join(str(jar) for jar in program.jars)
    java = (program.java, *program.jvm_options, f"-Dlog4j2.configurationFile={log4j.absolute().as_uri()}")
    command = (*java, "-cp", class_path)
    if not (data / "meta.properties").exists():
        _format(command, path, cluster_id, {} if users is None else users)
    return (*command, "kafka.Kafka", str(path))


def _format(command: tuple[str, ...], properties: Path, cluster_id: str, passwords: Mapping[str, str]) -> None:
    users = (f"SCRAM-SHA-512=[name={name},password={word}]" for name, word in passwords.items())
    scram = [argument for user in users for argument in ("--add-scram", user)]
    tool = [*command, "kafka.tools.StorageTool", "format", "--cluster-id", cluster_id]
    try:
        run = subprocess.run(  # noqa: S603 - our own command line, no shell
            [*tool, "--config", str(properties), *scram],
            capture_output=True,
            text=True,
            check=False,
            timeout=_FORMAT_TIMEOUT,
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise EmbeddedServerError(f"Kafka's storage could not be formatted: {type(exc).__name__}.") from exc
    if run.returncode != 0:
        words = last_words(run.stdout + run.stderr)
        raise EmbeddedServerError(f"Kafka's storage could not be formatted:\n{words}")


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
