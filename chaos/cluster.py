"""Apache Kafka with one broker or three, with rights that can be taken, and a proxy before each for the workers.

Clients of the harness connect to the brokers themselves; workers know nothing but the proxies, since what their
listener advertises is the proxy's port.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from chaos.proxy import TcpProxy
from streams.embedded.apache import fetch_kafka, locked_version
from streams.embedded.java import find_java
from streams.embedded.kraft import KRAFT_PROPERTIES, KraftProgram, kraft_data, prepare_kraft
from streams.embedded.ports import LOOPBACK, reserve_port
from streams.embedded.probe import answers_kafka
from streams.embedded.server import Server, ServerSpec

if TYPE_CHECKING:
    from pathlib import Path

    from streams.embedded.options import EmbeddedOptions
    from streams.embedded.ports import PortReservation

__all__ = ["Cluster"]

_CLUSTER_ID: Final = "d2FzbC1jaGFvcy0wMDAwMQ"
_JVM: Final = ("-Xms48m", "-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")
_PROPERTIES: Final = {
    **KRAFT_PROPERTIES,
    "listener.security.protocol.map": "CLIENT:PLAINTEXT,WORKER:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "unclean.leader.election.enable": "false",
    "replica.lag.time.max.ms": "3000",
    # Compaction and deletion are looked for at once, not every quarter of a minute.
    "log.cleaner.backoff.ms": "300",
    "log.initial.task.delay.ms": "500",
    "log.segment.delete.delay.ms": "1000",
}
# Everybody may do everything to what has no rights of its own, and nothing else to what has some. Three brokers would
# need users for that, since they ask one another before they know any right.
_RIGHTS: Final = {
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "allow.everyone.if.no.acl.found": "true",
}


class Cluster:
    """Brokers that run; started with the object.

    Args:
        folder: Where their data are; a new one.
        options: Where the jars and Java are.
        nodes: How many brokers.

    Raises:
        EmbeddedServerError: They did not start.
    """

    def __init__(self, folder: Path, options: EmbeddedOptions, *, nodes: int = 1) -> None:
        self.nodes = nodes
        self.proxies = tuple(TcpProxy() for _ in range(nodes))
        program = KraftProgram(find_java(options.java_home).program, fetch_kafka(options), _JVM)
        ports = [tuple(reserve_port() for _ in range(4)) for _ in range(nodes)]
        voters = ",".join(f"{number}@{LOOPBACK}:{ports[number][2].port}" for number in range(nodes))
        self.servers: tuple[Server, ...] = tuple(
            self._server(folder / f"kafka{number}", number, ports[number], voters, program) for number in range(nodes)
        )
        for number, proxy in enumerate(self.proxies):
            proxy.lead_to(ports[number][3].port)
        with ThreadPoolExecutor(nodes) as pool:
            for started in [pool.submit(server.start) for server in self.servers]:
                started.result()

    @property
    def bootstrap(self) -> str:
        """Addresses of the brokers themselves, separated by commas."""
        return ",".join(server.address for server in self.servers)

    @property
    def for_workers(self) -> str:
        """Addresses of the proxies, separated by commas."""
        return ",".join(proxy.address for proxy in self.proxies)

    def mend(self) -> None:
        """Bring everything back: proxies that are wires, brokers that run."""
        for proxy in self.proxies:
            proxy.release()
        for server in self.servers:
            server.resume()
            if not server.running:
                server.start()

    def close(self) -> None:
        """End the brokers and the proxies."""
        for server in self.servers:
            server.kill()
            server.close()
        for proxy in self.proxies:
            proxy.close()

    def _server(
        self,
        folder: Path,
        number: int,
        ports: tuple[PortReservation, ...],
        voters: str,
        program: KraftProgram,
    ) -> Server:
        client, internal, controller, worker = (f"{LOOPBACK}:{each.port}" for each in ports)
        listeners = f"CLIENT://{client},INTERNAL://{internal}"
        copies = str(self.nodes)
        least = str(max(1, self.nodes - 1))
        properties = {
            **_PROPERTIES,
            **(_RIGHTS if self.nodes == 1 else {}),
            "node.id": str(number),
            "log.dirs": str(kraft_data(folder)),
            "controller.quorum.voters": voters,
            "listeners": f"{listeners},WORKER://{worker},CONTROLLER://{controller}",
            "advertised.listeners": f"{listeners},WORKER://{self.proxies[number].address}",
            "default.replication.factor": copies,
            "min.insync.replicas": least,
            "offsets.topic.replication.factor": copies,
            "transaction.state.log.replication.factor": copies,
            "transaction.state.log.min.isr": least,
            "share.coordinator.state.topic.replication.factor": copies,
            "share.coordinator.state.topic.min.isr": least,
        }
        command = prepare_kraft(folder, properties, program, cluster_id=_CLUSTER_ID)
        spec = ServerSpec(
            name=f"Broker {number}",
            command=command,
            log_path=folder / "kafka.log",
            ready=answers_kafka,
            version=lambda _: locked_version(),
            start_timeout=120.0,
            grace=20.0,
        )
        return Server(spec, ports)
