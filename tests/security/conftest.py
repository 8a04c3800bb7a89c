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
