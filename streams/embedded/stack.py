"""A broker and Redis together: all that Wasl needs around it, on this machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from streams.embedded.apache import ApacheConfig, start_apache
from streams.embedded.java import find_java
from streams.embedded.redis_ import redis_url, start_redis
from streams.embedded.state import StackState, record_process, write_state
from streams.embedded.tansu import start_tansu
from streams.errors import EmbeddedServerError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Self

    from streams.embedded.options import EmbeddedOptions
    from streams.embedded.ports import PortChoice
    from streams.embedded.server import Server

__all__ = ["BrokerKind", "EmbeddedStack", "Part", "StackConfig", "start_server"]

BrokerKind = Literal["tansu", "apache"]
Part = Literal["redis", "broker"]


@dataclass(frozen=True, slots=True)
class StackConfig:
    """What a stack consists of.

    Attributes:
        broker: "tansu" starts in milliseconds and forgets; "apache" is Apache Kafka and needs Java.
        kafka_port: Port of the broker; None chooses a free one.
        redis_port: Port of Redis; None chooses a free one.
        persistent: Whether Redis keeps its data; Apache Kafka always does.
        apache: How Apache Kafka differs from the plain one.
    """

    broker: BrokerKind = "tansu"
    kafka_port: int | None = None
    redis_port: int | None = None
    persistent: bool = False
    apache: ApacheConfig = field(default_factory=ApacheConfig)


class EmbeddedStack:
    """A broker and a Redis, running from `start` (or ``with``) to `close`.

    Args:
        home: Folder of data and logs; None means the options' home.
        config: What the stack consists of.
        options: Where jars and Java are.
        die_with_parent: Whether the servers end with this process; False for `leave_running`.
    """

    def __init__(
        self,
        options: EmbeddedOptions,
        *,
        home: Path | None = None,
        config: StackConfig | None = None,
        die_with_parent: bool = True,
    ) -> None:
        self.home = options.home if home is None else home
        self.config = StackConfig() if config is None else config
        self._options = options
        self._die_with_parent = die_with_parent
        self._servers: list[Server] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def redis(self) -> Server:
        """The Redis server."""
        return self._server(0)

    @property
    def broker(self) -> Server:
        """The broker."""
        return self._server(1)

    @property
    def bootstrap_servers(self) -> str:
        """Where Kafka clients begin, ``host:port``."""
        return self.broker.address

    @property
    def redis_url(self) -> str:
        """URL of Redis, database 0."""
        return redis_url(self.redis)

    @property
    def versions(self) -> dict[str, str]:
        """Versions by name, such as ``{"Apache Kafka": "4.4.0", "Java": "17.0.15", "Redis": "6.2.14"}``."""
        versions = {self.broker.name: self.broker.version}
        if self.config.broker == "apache":
            versions["Java"] = find_java(self._options.java_home).version
        return {**versions, self.redis.name: self.redis.version}

    def start(self) -> None:
        """Start both servers, or neither.

        Raises:
            EmbeddedServerError: One is missing or did not start.
        """
        try:
            self._start("redis", self.config.redis_port)
            self._start("broker", self.config.kafka_port)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Stop both servers, the broker first."""
        while len(self._servers) > 0:
            self._servers.pop().close()

    def leave_running(self) -> StackState:
        """Write down what runs, for `streams.embedded.state.stop_all`, and let go of it.

        Raises:
            EmbeddedServerError: The servers were to end with this process, or one has ended.
        """
        if self._die_with_parent:
            raise EmbeddedServerError(
                "These servers end with this process.", remedy="Make the stack with die_with_parent=False."
            )
        state = StackState(
            broker=self.config.broker,
            bootstrap_servers=self.bootstrap_servers,
            redis_url=self.redis_url,
            processes=tuple(
                record_process(
                    server.name,
                    server.pid if server.pid is not None else 0,
                    log=server.log_path,
                    port=server.port,
                    version=server.version,
                )
                for server in self._servers
            ),
        )
        write_state(self.home, state)
        for server in self._servers:
            server.leave_running()
        return state

    def _start(self, part: Part, port: int | None) -> None:
        self._servers.append(
            start_server(
                part,
                self._options,
                home=self.home,
                config=self.config,
                port=port,
                die_with_parent=self._die_with_parent,
            )
        )

    def _server(self, index: int) -> Server:
        if len(self._servers) <= index:
            raise EmbeddedServerError("The stack is not running.", remedy="Use it inside `with`, or start it.")
        return self._servers[index]


def start_server(
    part: Part,
    options: EmbeddedOptions,
    *,
    home: Path,
    config: StackConfig,
    port: PortChoice,
    die_with_parent: bool,
) -> Server:
    """Start one server of a stack where it keeps its data and its log.

    Args:
        part: Which one.
        options: Where jars and Java are.
        home: Folder of the stack.
        config: What the stack consists of; the port aside.
        port: Port for clients; None chooses a free one.
        die_with_parent: Whether it ends with this process.

    Raises:
        EmbeddedServerError: It is missing, its port is taken, or it did not start.
    """
    if part == "redis":
        return start_redis(home / "redis", port=port, persistent=config.persistent, die_with_parent=die_with_parent)
    if config.broker == "tansu":
        return start_tansu(home / "tansu", port=port, die_with_parent=die_with_parent)
    return start_apache(home / "kafka", options, config=config.apache, port=port, die_with_parent=die_with_parent)
