"""Settings, read once from the environment into frozen values.

Every variable starts with ``WASL_``; ``VARIABLES`` lists them all with their defaults, and is what the
reference page and ``wasl --help`` show. Secrets are masked in every ``repr``.

Length: one table that is read from top to bottom, and the values that it fills.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from streams.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "VARIABLES",
    "CatalogSettings",
    "KafkaSettings",
    "LagSettings",
    "MonitorSettings",
    "RedisSettings",
    "Settings",
    "TopicSettings",
    "WorkerSettings",
]

_PROTOCOLS: Final = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
_MASK: Final = "***"
_HIGHEST_PORT: Final = 65_535
# As the libraries take it: a protocol is passed over, a port may be missing, and IPv6 is in brackets.
_BROKER: Final = re.compile(r"(?:\w+://)?(?:[^\s:/\[\]@]+|\[[0-9A-Fa-f:.%]+\])(?::(?P<port>[0-9]{1,5}))?")
# Not parsed as a URL first: what is refused may be none, and must not show its password all the same.
_LOGIN_SECRET: Final = re.compile(r"(?i)^([a-z0-9+.-]+://[^:/@]*:).*@")
_QUERY_SECRET: Final = re.compile(r"(?i)([?&][^=&]*password[^=&]*=)[^&]*")


def _mask_url(url: str) -> str:
    return _QUERY_SECRET.sub(rf"\g<1>{_MASK}", _LOGIN_SECRET.sub(rf"\g<1>{_MASK}@", url))


@dataclass(frozen=True, slots=True)
class TopicSettings:
    """Names of the topics that Wasl reads and writes, each another: a worker would read what it wrote."""

    raw: str = "articles.raw"
    enriched: str = "articles.enriched"
    dead: str = "articles.dead"
    unlinked: str = "entities.unlinked"

    @property
    def variables(self) -> dict[str, str]:
        """The variable of each topic, by the topic's name."""
        return {getattr(self, each.name): f"WASL_TOPIC_{each.name.upper()}" for each in fields(self)}


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """How to reach Kafka."""

    bootstrap_servers: str = "localhost:9092"
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str = "SCRAM-SHA-512"
    sasl_username: str = ""
    sasl_password: str = field(default="", repr=False)
    ssl_cafile: str = ""
    ssl_certfile: str = ""
    ssl_keyfile: str = ""
    ssl_key_password: str = field(default="", repr=False)
    topics: TopicSettings = field(default_factory=TopicSettings)


@dataclass(frozen=True, slots=True)
class RedisSettings:
    """How to reach Redis, and the prefix of every key that Wasl owns."""

    url: str = "redis://localhost:6379/0"
    prefix: str = "wasl"

    def __repr__(self) -> str:
        return f"RedisSettings(url={self.masked_url!r}, prefix={self.prefix!r})"

    @property
    def masked_url(self) -> str:
        """The URL without its password, for messages."""
        return _mask_url(self.url)


@dataclass(frozen=True, slots=True)
class CatalogSettings:
    """How the catalogue is changed.

    Attributes:
        author: Who changes it, where a command does not say; empty means the user who is logged in.
        keep: Versions that were live that are kept in Redis, the live one among them; others that workers use too.
    """

    author: str = ""
    keep: int = 2


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """How a worker reads, links and writes.

    Attributes:
        group: Consumer group.
        batch_size: Most articles linked before their outputs are delivered and their offsets released.
        batch_within: How long a batch of few articles waits for company, in seconds.
        batch_bytes: Bytes of raw articles after which a batch is full.
        max_record_bytes: A larger input record is a dead letter.
        compression: Codec of what is written: none, gzip, snappy, lz4 or zstd.
        deliver_timeout: How long Kafka may take to acknowledge a record, in seconds; then it is sent again.
        session_timeout: Consumer group session timeout, in seconds.
        stall_after: With lag and no commit for this long, or without the raw topic, in seconds, the worker ends with an
            error.
        http_host: Where health and metrics listen.
        http_port: Port of health and metrics; 0 picks a free one.
        data_dir: Where the local copy of the catalogue snapshot and Faust's own state live.
        processes: Workers that one command runs; 0 is one a core.
        tracing: Where spans go: off, or otlp for what OpenTelemetry's own variables say.
    """

    group: str = "wasl-linker"
    batch_size: int = 512
    batch_within: float = 0.001
    batch_bytes: int = 8_388_608
    max_record_bytes: int = 1_000_000
    compression: str = "none"
    deliver_timeout: float = 20.0
    session_timeout: float = 30.0
    stall_after: float = 120.0
    http_host: str = "127.0.0.1"
    http_port: int = 6066
    data_dir: Path = Path(".wasl")
    processes: int = 0
    tracing: str = "off"


@dataclass(frozen=True, slots=True)
class MonitorSettings:
    """How the monitor page is served.

    Attributes:
        host: Where it listens.
        port: Its port; 0 picks a free one.
        token: Lets the catalogue be edited, and is asked for everywhere where the page leaves this machine; empty
            for none.
        names: Host names under which the page may be asked for, beside addresses and localhost.
        workers: Where the workers' health is asked for, such as ``127.0.0.1:6066``.
        max_text: Longest text that the page links, in characters.
    """

    host: str = "127.0.0.1"
    port: int = 6067
    token: str = field(default="", repr=False)
    names: str = ""
    workers: str = ""
    max_text: int = 20_000


@dataclass(frozen=True, slots=True)
class LagSettings:
    """How consumer lag is watched.

    Attributes:
        groups: Which groups: names with * and ?, separated by commas, ! before what is left out.
        topics: Which topics, in the same form.
        cluster: Name of the cluster, as the label ``cluster_name`` of metrics.
        interval: How often the exporter looks, in seconds.
        stall_after: With lag and a commit that stands still for this long, in seconds, a partition is stalled.
        warn_after: With lag that never fell for this long, in seconds, a partition is a warning.
        warn_seconds: A partition whose oldest uncommitted record is this old, in seconds, is a warning.
        rewound_for: How long a partition whose group went back stays rewound, in seconds.
        rate_window: The time over which rates are taken, in seconds.
    """

    groups: str = "*"
    topics: str = "!__*"
    cluster: str = "wasl"
    interval: float = 15.0
    stall_after: float = 120.0
    warn_after: float = 300.0
    warn_seconds: float = 300.0
    rewound_for: float = 600.0
    rate_window: float = 60.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set from outside."""

    kafka: KafkaSettings = field(default_factory=KafkaSettings)
    redis: RedisSettings = field(default_factory=RedisSettings)
    catalog: CatalogSettings = field(default_factory=CatalogSettings)
    worker: WorkerSettings = field(default_factory=WorkerSettings)
    monitor: MonitorSettings = field(default_factory=MonitorSettings)
    lag: LagSettings = field(default_factory=LagSettings)
    log_level: str = "INFO"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read the settings from ``env``.

        Args:
            env: Variables by name; the process environment when None.

        Raises:
            SettingsError: A value breaks its rule, or a ``WASL_`` variable is unknown.
        """
        env = os.environ if env is None else env
        known = {variable for variable, *_ in VARIABLES} | set(_OWN_ELSEWHERE)
        unknown = sorted(name for name in env if name.startswith("WASL_") and name not in known)
        if len(unknown) > 0:
            raise SettingsError(
                f"{unknown[0]} is not a setting.", remedy="Remove it, or see `wasl settings` for the names."
            )
        names = ("kafka", "topics", "redis", "catalog", "worker", "monitor", "lag", "")
        groups: dict[str, dict[str, Any]] = {name: {} for name in names}
        for variable, path, parse, _ in VARIABLES:
            if variable in env:
                group, _, name = path.rpartition(".")
                groups[group][name] = _parse(variable, env[variable], parse)
        return cls(
            kafka=KafkaSettings(topics=_different(TopicSettings(**groups["topics"])), **groups["kafka"]),
            redis=RedisSettings(**groups["redis"]),
            catalog=CatalogSettings(**groups["catalog"]),
            worker=WorkerSettings(**groups["worker"]),
            monitor=MonitorSettings(**groups["monitor"]),
            lag=LagSettings(**groups["lag"]),
            **groups[""],
        )

    def describe(self) -> list[tuple[str, str, str]]:
        """Return ``(variable, value in force with secrets masked, meaning)`` for every setting."""
        rows = []
        for variable, path, _, meaning in VARIABLES:
            group, _, name = path.rpartition(".")
            holder: Any = {"": self, "topics": self.kafka.topics}.get(group) or getattr(self, group)
            shown = {f.name: f.repr for f in fields(holder)}[name]
            value = str(getattr(holder, name))
            if not shown and value != "":
                value = _MASK
            rows.append((variable, _mask_url(value) if "://" in value else value, meaning))
        return rows


def _different(topics: TopicSettings) -> TopicSettings:
    names = [getattr(topics, each.name) for each in fields(topics)]
    for name in names:
        if names.count(name) > 1:
            same = [f"WASL_TOPIC_{each.name.upper()}" for each in fields(topics) if getattr(topics, each.name) == name]
            raise SettingsError(
                f"{' and '.join(same)} are both {name!r}; each kind of record has a topic of its own.",
                remedy="Correct one of them or unset it.",
            )
    return topics


def _parse(variable: str, text: str, parse: Callable[[str], Any]) -> Any:
    try:
        return parse(text)
    except ValueError as exc:
        is_secret = variable.endswith(("PASSWORD", "TOKEN"))
        shown = _MASK if is_secret and text.strip() != "" else _mask_url(text)
        raise SettingsError(f"{variable}={shown!r} is not allowed: {exc}.", remedy="Correct it or unset it.") from exc


def _text(text: str) -> str:
    if text.strip() == "":
        raise ValueError("it must not be empty")
    return text.strip()


def _secret(text: str) -> str:
    if text.strip() == "":
        raise ValueError("it must not be empty")
    return text


def _token(text: str) -> str:
    # As few as can be guessed by trying would be no lock; others than these do not travel in a header unharmed.
    if re.fullmatch(r"[!-~]{16,256}", text) is None:
        raise ValueError("16 to 256 letters, digits and signs of ASCII without spaces are asked for")
    return text


def _path(text: str) -> Path:
    return Path(_text(text))


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        value = int(text) if text.strip().lstrip("-").isdigit() else None
        if value is None or not low <= value <= high:
            raise ValueError(f"a whole number from {low} to {high} is asked for")
        return value

    return parse


def _seconds(low: float, high: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        rule = f"seconds from {low:g} to {high:g} are asked for"
        try:
            value = float(text)
        except ValueError as exc:
            raise ValueError(rule) from exc
        if not low <= value <= high:
            raise ValueError(rule)
        return value

    return parse


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.upper() not in allowed:
            raise ValueError(f"one of {', '.join(allowed)} is asked for")
        return text.upper()

    return parse


def _codec(text: str) -> str:
    return _one_of("NONE", "GZIP", "SNAPPY", "LZ4", "ZSTD")(text).lower()


def _exporter(text: str) -> str:
    return _one_of("OFF", "OTLP")(text).lower()


def _brokers(text: str) -> str:
    for broker in _text(text).split(","):
        found = _BROKER.fullmatch(broker.strip())
        if found is None or not 0 < int(found["port"] or 1) <= _HIGHEST_PORT:
            rule = f"hosts with ports from 1 to {_HIGHEST_PORT}, such as kafka-1:9092,kafka-2:9092, are asked for"
            raise ValueError(rule)
    return text.strip()


def _redis_url(text: str) -> str:
    if urlsplit(text).scheme not in {"redis", "rediss", "unix"}:
        raise ValueError("a URL that starts with redis://, rediss:// or unix:// is asked for")
    return text


# Read by the embedded servers and by the Makefile, not by the worker.
_OWN_ELSEWHERE: Final = ("WASL_HOME", "WASL_MAVEN_URL", "WASL_REQUIRE_APACHE")

VARIABLES: Final[tuple[tuple[str, str, Callable[[str], Any], str], ...]] = (
    ("WASL_KAFKA_BOOTSTRAP", "kafka.bootstrap_servers", _brokers, "Brokers, host:port, separated by commas"),
    ("WASL_KAFKA_SECURITY_PROTOCOL", "kafka.security_protocol", _one_of(*_PROTOCOLS), "How to talk to them"),
    ("WASL_KAFKA_SASL_MECHANISM", "kafka.sasl_mechanism", _text, "SASL mechanism"),
    ("WASL_KAFKA_SASL_USERNAME", "kafka.sasl_username", _text, "SASL user"),
    ("WASL_KAFKA_SASL_PASSWORD", "kafka.sasl_password", _secret, "SASL password"),
    ("WASL_KAFKA_SSL_CAFILE", "kafka.ssl_cafile", _text, "PEM file of the certificate authority"),
    ("WASL_KAFKA_SSL_CERTFILE", "kafka.ssl_certfile", _text, "PEM file of the client certificate"),
    ("WASL_KAFKA_SSL_KEYFILE", "kafka.ssl_keyfile", _text, "PEM file of the client key"),
    ("WASL_KAFKA_SSL_KEY_PASSWORD", "kafka.ssl_key_password", _secret, "Password of an encrypted client key"),
    ("WASL_TOPIC_RAW", "topics.raw", _text, "Topic of raw articles"),
    ("WASL_TOPIC_ENRICHED", "topics.enriched", _text, "Topic of enriched articles"),
    ("WASL_TOPIC_DEAD", "topics.dead", _text, "Topic of dead letters"),
    ("WASL_TOPIC_UNLINKED", "topics.unlinked", _text, "Topic of unlinked names"),
    ("WASL_REDIS_URL", "redis.url", _redis_url, "Redis"),
    ("WASL_REDIS_PREFIX", "redis.prefix", _text, "Prefix of every key in Redis"),
    ("WASL_CATALOG_AUTHOR", "catalog.author", _text, "Who changes the catalogue; empty means who is logged in"),
    (
        "WASL_CATALOG_KEEP",
        "catalog.keep",
        _whole(1, 100),
        "Versions of the catalogue kept in Redis, the live one included",
    ),
    ("WASL_GROUP", "worker.group", _text, "Consumer group of the workers"),
    ("WASL_BATCH_SIZE", "worker.batch_size", _whole(1, 10_000), "Most articles in a batch"),
    ("WASL_BATCH_WITHIN", "worker.batch_within", _seconds(0, 10), "Wait of a small batch for more, in seconds"),
    ("WASL_BATCH_BYTES", "worker.batch_bytes", _whole(65_536, 1_073_741_824), "Bytes after which a batch is full"),
    ("WASL_MAX_RECORD_BYTES", "worker.max_record_bytes", _whole(1_000, 50_000_000), "Largest input record"),
    ("WASL_COMPRESSION", "worker.compression", _codec, "Codec of what is written: none, gzip, snappy, lz4, zstd"),
    ("WASL_DELIVER_TIMEOUT", "worker.deliver_timeout", _seconds(1, 600), "Kafka's time to acknowledge, in seconds"),
    ("WASL_SESSION_TIMEOUT", "worker.session_timeout", _seconds(3, 600), "Group session timeout, in seconds"),
    ("WASL_STALL_AFTER", "worker.stall_after", _seconds(5, 3600), "Watchdog patience, in seconds"),
    ("WASL_HTTP_HOST", "worker.http_host", _text, "Address of health and metrics"),
    (
        "WASL_HTTP_PORT",
        "worker.http_port",
        _whole(0, 65_535),
        "Port of health and metrics; 0 picks a free one",
    ),
    ("WASL_DATA_DIR", "worker.data_dir", _path, "Local copy of the catalogue snapshot and worker state"),
    ("WASL_MONITOR_HOST", "monitor.host", _text, "Address of the monitor page"),
    ("WASL_MONITOR_PORT", "monitor.port", _whole(0, 65_535), "Port of the monitor page; 0 picks a free one"),
    ("WASL_MONITOR_TOKEN", "monitor.token", _token, "Token that lets the catalogue be edited on the monitor page"),
    ("WASL_MONITOR_NAMES", "monitor.names", _text, "Host names of the monitor page, separated by commas"),
    ("WASL_MONITOR_WORKERS", "monitor.workers", _text, "Workers that it asks, host:port, separated by commas"),
    ("WASL_MONITOR_MAX_TEXT", "monitor.max_text", _whole(100, 200_000), "Longest text that it links, in characters"),
    ("WASL_LAG_GROUPS", "lag.groups", _text, "Groups whose lag is watched: names with * and ?, ! leaves out"),
    ("WASL_LAG_TOPICS", "lag.topics", _text, "Topics on which it is watched, in the same form"),
    ("WASL_LAG_CLUSTER", "lag.cluster", _text, "Name of the cluster in metrics of lag"),
    ("WASL_LAG_INTERVAL", "lag.interval", _seconds(0.1, 3600), "How often lag is looked at, in seconds"),
    ("WASL_LAG_STALL_AFTER", "lag.stall_after", _seconds(1, 86_400), "Standing still makes stalled, in seconds"),
    ("WASL_LAG_WARN_AFTER", "lag.warn_after", _seconds(1, 86_400), "Lag that never fell makes a warning, in seconds"),
    ("WASL_LAG_WARN_SECONDS", "lag.warn_seconds", _seconds(1, 86_400), "Lag of this age makes a warning, in seconds"),
    ("WASL_LAG_REWOUND_FOR", "lag.rewound_for", _seconds(1, 86_400), "How long rewound stays so, in seconds"),
    ("WASL_LAG_RATE_WINDOW", "lag.rate_window", _seconds(1, 86_400), "Time over which rates are taken, in seconds"),
    ("WASL_PROCESSES", "worker.processes", _whole(0, 256), "Workers that `wasl worker` runs; 0 is one a core"),
    ("WASL_TRACING", "worker.tracing", _exporter, "Where spans of OpenTelemetry go: off, otlp"),
    ("WASL_LOG_LEVEL", "log_level", _one_of("DEBUG", "INFO", "WARNING", "ERROR"), "Log level"),
)
