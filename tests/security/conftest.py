"""Servers that ask for certificates, passwords and rights."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from streams.embedded.ports import LOOPBACK, reserve_port
from streams.embedded.probe import accepts_connections
from streams.embedded.server import Server, ServerSpec
from tests.security.certs import Authority

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def authority(tmp_path_factory, embedded_options):
    """An authority that our servers and clients trust."""
    if shutil.which("openssl") is None:
        if embedded_options.require_apache:
            pytest.fail("there is no openssl to make certificates with")
        pytest.skip("there is no openssl to make certificates with")
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def stranger(tmp_path_factory, authority):
    """An authority that nobody trusts."""
    return Authority(tmp_path_factory.mktemp("stranger"), "Stranger")


@pytest.fixture
def secured_redis(authority, tmp_path):
    """Start Redis with TLS alone, and the users of ops/security: ``secured_redis(client_certs=True)``."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("the Redis in the wheel has no TLS")
    passwords = {"wasl-worker": "workers-secret-1", "wasl-editor": "editors-secret-2"}
    users = (ROOT / "ops" / "security" / "redis-users.acl").read_text(encoding="utf-8")
    users = users.replace("CHANGE-THE-WORKERS-PASSWORD", passwords["wasl-worker"])
    users = users.replace("CHANGE-THE-EDITORS-PASSWORD", passwords["wasl-editor"])
    started = []

    def start(*, client_certs=False):
        (tmp_path / "users.acl").write_text(f"{users}user admin on nopass ~* &* +@all\n", encoding="utf-8")
        pair, port = authority.issue("redis"), reserve_port()
        spec = ServerSpec(
            name="Redis",
            command=(
                program,
                *("--port", "0", "--tls-port", str(port.port), "--bind", LOOPBACK, "--save", ""),
                *("--tls-cert-file", str(pair.cert), "--tls-key-file", str(pair.key)),
                *("--tls-ca-cert-file", str(authority.ca.cert), "--tls-auth-clients", "yes" if client_certs else "no"),
                *("--aclfile", str(tmp_path / "users.acl"), "--dir", str(tmp_path)),
            ),
            log_path=tmp_path / "redis.log",
            ready=accepts_connections,
            version=lambda _: "with TLS",
        )
        server = Server(spec, (port,)).started()
        started.append(server)
        return SecuredRedis(server, authority, passwords)

    yield start
    for server in started:
        server.close()


class SecuredRedis:
    """A Redis with TLS, and the URLs of its users."""

    def __init__(self, server, authority, passwords):
        self.server = server
        self.authority = authority
        self.passwords = passwords

    def url(self, user, *, password=None, ca=None, pair=None):
        secret = self.passwords.get(user, "x") if password is None else password
        found = f"rediss://{user}:{secret}@{self.server.address}/0?ssl_ca_certs={ca or self.authority.ca.cert}"
        return found if pair is None else f"{found}&ssl_certfile={pair.cert}&ssl_keyfile={pair.key}"


_SECRETS = {
    f"wasl-{role}": f"{role}s-secret" for role in ("worker", "producer", "consumer", "monitor", "page", "steward")
}


def start_secured_kafka(folder, options, authority, *, protocol, client_auth):
    """Start Apache Kafka with TLS, client certificates or passwords, and rights; ``admin`` may do everything."""
    from streams.embedded.apache import ApacheConfig, start_apache

    pair = authority.issue("kafka")
    tls = {
        "keystore.type": "PEM",
        "keystore.certificate.chain": pair.cert.read_text(encoding="ascii"),
        "keystore.key": pair.key.read_text(encoding="ascii"),
        "truststore.type": "PEM",
        "truststore.certificates": authority.ca.cert.read_text(encoding="ascii"),
        "client.auth": client_auth,
    }
    config = ApacheConfig(
        security_protocol=protocol,
        scram_users={**_SECRETS, "admin": "admins-secret"} if protocol.startswith("SASL") else {},
        properties={
            **{f"listener.name.client.ssl.{name}": value for name, value in tls.items()},
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            # The broker talks to itself without a name; the clients' listener gives everybody one.
            "super.users": "User:ANONYMOUS;User:admin;User:CN=admin",
        },
    )
    return start_apache(folder, options, config=config)


@pytest.fixture(scope="session")
def sasl_kafka(apache_or_reason, embedded_options, authority, tmp_path_factory):
    """Apache Kafka that asks for TLS and a password, with no right granted yet."""
    if apache_or_reason is not None:
        pytest.skip(apache_or_reason)
    folder = tmp_path_factory.mktemp("sasl-kafka")
    with start_secured_kafka(folder, embedded_options, authority, protocol="SASL_SSL", client_auth="none") as server:
        yield server


@pytest.fixture(scope="session")
def kafka_as(sasl_kafka, authority):
    """Settings of a user: ``kafka_as("wasl-worker")``."""
    from streams.settings import KafkaSettings

    def made(user, *, password=None, cafile=None, protocol="SASL_SSL"):
        secret = {**_SECRETS, "admin": "admins-secret"}.get(user, "") if password is None else password
        return KafkaSettings(
            bootstrap_servers=sasl_kafka.address,
            security_protocol=protocol,
            sasl_username=user,
            sasl_password=secret,
            ssl_cafile=str(cafile or authority.ca.cert),
        )

    return made
