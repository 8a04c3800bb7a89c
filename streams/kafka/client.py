"""How to reach Kafka, as the keyword arguments that kafka-python and aiokafka ask for."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

from kafka import KafkaConsumer
from kafka.net.compat import KafkaNetClient

from streams.errors import SettingsError
from streams.kafka.errors import translate
from streams.kafka.lenient import read_any_record

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.settings import KafkaSettings

__all__ = ["aiokafka_arguments", "connect", "kafka_python_arguments", "ssl_context"]

_CLIENT_ID = "wasl"
_HANGS_UP = (
    "See that the brokers of WASL_KAFKA_BOOTSTRAP run, and that they accept WASL_KAFKA_SASL_USERNAME with its "
    "password: a broker hangs up on a wrong one."
)


def ssl_context(kafka: KafkaSettings) -> ssl.SSLContext | None:
    """Return the TLS context, or None where the protocol has none.

    Raises:
        SettingsError: A certificate or key cannot be read.
    """
    if not kafka.security_protocol.endswith("SSL"):
        return None
    try:
        context = ssl.create_default_context(cafile=kafka.ssl_cafile or None)
    except (OSError, ssl.SSLError) as exc:
        raise SettingsError(
            f"WASL_KAFKA_SSL_CAFILE={kafka.ssl_cafile!r} cannot be read: {exc}.", remedy="Give a PEM file."
        ) from exc
    if kafka.ssl_certfile != "":
        try:
            # A function, since OpenSSL would ask at the terminal where none is given and one is needed.
            context.load_cert_chain(
                kafka.ssl_certfile, kafka.ssl_keyfile or None, password=lambda: kafka.ssl_key_password
            )
        except (OSError, ssl.SSLError) as exc:
            raise SettingsError(
                f"WASL_KAFKA_SSL_CERTFILE={kafka.ssl_certfile!r} and its key cannot be read: {exc}.",
                remedy="Give PEM files that belong together, and WASL_KAFKA_SSL_KEY_PASSWORD for an encrypted key.",
            ) from exc
    return context


def _arguments(kafka: KafkaSettings) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "bootstrap_servers": [server.strip() for server in kafka.bootstrap_servers.split(",")],
        "client_id": _CLIENT_ID,
        "security_protocol": kafka.security_protocol,
    }
    context = ssl_context(kafka)
    if context is not None:
        arguments["ssl_context"] = context
    if kafka.security_protocol.startswith("SASL"):
        arguments["sasl_mechanism"] = kafka.sasl_mechanism
        arguments["sasl_plain_username"] = kafka.sasl_username
        arguments["sasl_plain_password"] = kafka.sasl_password
    return arguments


def kafka_python_arguments(kafka: KafkaSettings, *, timeout: float = 10.0) -> dict[str, Any]:
    """Return the arguments of every kafka-python client.

    Args:
        kafka: The settings.
        timeout: How long to look for a broker, in seconds.

    Raises:
        SettingsError: A certificate or key cannot be read.
    """
    return {**_arguments(kafka), "bootstrap_timeout_ms": round(timeout * 1000)}


def aiokafka_arguments(kafka: KafkaSettings) -> dict[str, Any]:
    """Return the arguments of every aiokafka client.

    Raises:
        SettingsError: A certificate or key cannot be read.
    """
    return _arguments(kafka)


def connect(build: Callable[..., Any], kafka: KafkaSettings, *, timeout: float = 10.0, **options: Any) -> Any:
    """Build a kafka-python client that has found a broker.

    Where none answers, kafka-python leaves the half-built client's thread and sockets behind; they are closed.
    A consumer reads every record that Kafka takes (see `streams.kafka.record`).

    Args:
        build: The class of the client.
        kafka: How to reach Kafka.
        timeout: How long to look for a broker, in seconds.
        options: Further arguments of the client.

    Raises:
        BrokerUnavailableError: No broker answers, or it hangs up on this user.
        SettingsError: A certificate or key cannot be read.
    """
    arguments = kafka_python_arguments(kafka, timeout=timeout)
    made: list[Any] = []

    def remembered(**configs: Any) -> Any:
        made.append(KafkaNetClient(**configs))
        return made[-1]

    try:
        client = build(**arguments, **options, kafka_client=remembered)
    except Exception as exc:
        for half in made:
            half.close()
        error = translate(exc, doing=f"a connection to {kafka.bootstrap_servers}")
        if error.retriable and kafka.security_protocol.startswith("SASL"):
            error = type(error)(error.message, remedy=_HANGS_UP)
        raise error from exc
    if isinstance(client, KafkaConsumer):
        read_any_record(client)
    return client
