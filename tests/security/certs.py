"""Certificates for tests: an authority, a server and clients, made by openssl."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, as PEM files."""

    cert: Path
    key: Path


class Authority:
    """An authority of its own, in a folder of its own."""

    def __init__(self, folder: Path, name: str = "Test authority") -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.ca = Pair(folder / "ca.pem", folder / "ca.key")
        # Kafka asks for PKCS#8, which -newkey writes.
        self._openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"),
            *("-subj", f"/CN={name}", "-keyout", str(self.ca.key), "-out", str(self.ca.cert)),
        )

    def issue(self, name: str, *, password: str | None = None) -> Pair:
        """Issue a certificate for ``name`` and 127.0.0.1."""
        pair = Pair(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        request, extensions = self._folder / f"{name}.csr", self._folder / f"{name}.ext"
        extensions.write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n", encoding="ascii")
        secret = ("-nodes",) if password is None else ("-passout", f"pass:{password}")
        self._openssl(
            *("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", *secret, "-subj", f"/CN={name}"),
            *("-keyout", str(pair.key), "-out", str(request)),
        )
        self._openssl(
            *("x509", "-req", "-days", "2", "-in", str(request), "-CA", str(self.ca.cert), "-CAkey", str(self.ca.key)),
            *("-CAcreateserial", "-extfile", str(extensions), "-out", str(pair.cert)),
        )
        return pair

    @staticmethod
    def _openssl(*arguments: str) -> None:
        done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False, timeout=30)
        assert done.returncode == 0, done.stderr
