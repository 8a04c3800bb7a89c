"""Apache Kafka's jars: a lock file of coordinates and checksums, fetched once into a cache.

A jar is downloaded under a temporary name and renamed once its checksum is right, so whatever stands in the
cache under its own name is whole, two processes may fetch at once, and a fetch that failed goes on where it
stopped. Where the repository refuses us and Maven is installed, Maven is asked instead: it knows the mirrors
and passwords in ``~/.m2/settings.xml``; the checksums are held against what it brings just the same.
"""

from __future__ import annotations

import hashlib
import logging
import re
import subprocess
import tempfile
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Final

from streams.embedded.process import last_words
from streams.errors import EmbeddedServerError

__all__ = ["Jar", "fetch_jars", "read_lock"]

_LOG = logging.getLogger(__name__)
_WORKERS: Final = 8  # what is waited for is the network
_ATTEMPTS: Final = 3
_TIMEOUT: Final = 30.0  # seconds without a byte
_MAVEN_TIMEOUT: Final = 600.0
_LINE: Final = re.compile(r"([\w.-]+):([\w.-]+):([\w.-]+)\s+([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Jar:
    """One jar of a Maven repository, and the checksum that it must have (SHA-256, hexadecimal)."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        """Name of the file, such as ``kafka-clients-4.4.0.jar``."""
        return f"{self.artifact}-{self.version}.jar"

    @property
    def path(self) -> str:
        """Path below the base URL of a Maven repository."""
        return f"{self.group.replace('.', '/')}/{self.artifact}/{self.version}/{self.file_name}"


def read_lock(text: str) -> tuple[Jar, ...]:
    """Read a lock file: one ``group:artifact:version sha256`` a line, ``#`` for comments.

    Raises:
        EmbeddedServerError: A line is of another form, or the file names no jar.
    """
    jars = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() == "" or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise EmbeddedServerError(
                f"Line {number} of the lock file is {line!r}, not `group:artifact:version sha256`.",
                remedy="Write the file anew with ops/lock-kafka.sh.",
            )
        jars.append(Jar(match[1], match[2], match[3], match[4]))
    if len(jars) == 0:
        raise EmbeddedServerError("The lock file names no jar.", remedy="Write the file anew with ops/lock-kafka.sh.")
    return tuple(jars)


def fetch_jars(jars: tuple[Jar, ...], folder: Path, *, base_url: str, maven: str | None = None) -> tuple[Path, ...]:
    """Bring the jars that are missing into a folder.

    Args:
        jars: What is wanted.
        folder: Where they are kept; made where it is missing.
        base_url: Maven repository, ``http://`` or ``https://``.
        maven: Path of ``mvn``, asked where the repository refuses; None for never.

    Returns:
        The jars' paths, in the order given.

    Raises:
        EmbeddedServerError: The URL is of another kind, a checksum is wrong, or a jar cannot be had.
    """
    if not base_url.startswith(("https://", "http://")):
        raise EmbeddedServerError(f"{base_url!r} is not the URL of a Maven repository: http(s):// is asked for.")
    folder.mkdir(parents=True, exist_ok=True)
    missing = tuple(jar for jar in jars if not (folder / jar.file_name).is_file())
    if len(missing) > 0:
        _LOG.info("fetching jars", extra={"missing": len(missing), "folder": str(folder)})
        refused = _download_all(missing, folder, base_url=base_url)
        if refused is not None:
            if maven is None:
                raise EmbeddedServerError(
                    f"Apache Kafka could not be fetched: {refused}.",
                    remedy="Set WASL_MAVEN_URL to a Maven repository that can be reached, or install Maven.",
                ) from refused
            _copy_with_maven(missing, folder, maven=maven)
    return tuple(folder / jar.file_name for jar in jars)


def _download_all(jars: tuple[Jar, ...], folder: Path, *, base_url: str) -> Exception | None:
    """Download the jars; return the first refusal of the repository."""
    with ThreadPoolExecutor(_WORKERS) as pool:
        downloads = [pool.submit(_download, jar, folder, base_url) for jar in jars]
        try:
            for download in downloads:
                refused = download.result()
                if refused is not None:
                    return refused
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    return None


def _download(jar: Jar, folder: Path, base_url: str) -> Exception | None:
    url = f"{base_url}/{jar.path}"
    refused: Exception | None = None
    for _ in range(_ATTEMPTS):
        try:
            body = _get(url)
        except (OSError, HTTPException) as exc:
            refused = exc
            if isinstance(exc, urllib.error.HTTPError):
                exc.close()
                if exc.code < 500:  # "no" is an answer; what may pass is tried again
                    break
            continue
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
            part.write(body)
        _accept(Path(part.name), jar, folder, source=url)
        return None
    return refused


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=_TIMEOUT) as answer:  # noqa: S310 - fetch_jars checks the scheme
        return bytes(answer.read())


def _copy_with_maven(jars: tuple[Jar, ...], folder: Path, *, maven: str) -> None:
    missing = [jar for jar in jars if not (folder / jar.file_name).is_file()]
    with tempfile.TemporaryDirectory(dir=folder) as work:
        pom = Path(work) / "pom.xml"
        pom.write_text(_pom(missing), encoding="utf-8")
        command = [maven, "-B", "-q", "-f", str(pom), "dependency:copy-dependencies"]
        command += ["-DexcludeTransitive=true", f"-DoutputDirectory={work}/jars"]
        try:
            run = subprocess.run(  # noqa: S603 - our own command line, no shell
                command, capture_output=True, text=True, check=False, timeout=_MAVEN_TIMEOUT
            )
        except (OSError, subprocess.TimeoutExpired) as exc:
            raise EmbeddedServerError(f"Maven could not fetch Apache Kafka: {exc}.") from exc
        if run.returncode != 0:
            raise EmbeddedServerError(f"Maven could not fetch Apache Kafka:\n{last_words(run.stdout + run.stderr)}")
        for jar in missing:
            _accept(Path(work) / "jars" / jar.file_name, jar, folder, source="Maven")


def _accept(part: Path, jar: Jar, folder: Path, *, source: str) -> None:
    """Give a fetched file its name, if its checksum is right."""
    found = hashlib.sha256(part.read_bytes()).hexdigest() if part.is_file() else "no file"
    if found != jar.sha256:
        part.unlink(missing_ok=True)
        raise EmbeddedServerError(
            f"{jar.file_name} from {source} has the SHA-256 {found}, and {jar.sha256} is asked for.",
            remedy="Do not use it; fetch again, or look at what stands between you and the repository.",
        )
    part.chmod(0o644)
    part.replace(folder / jar.file_name)


def _pom(jars: list[Jar]) -> str:
    dependencies = "\n".join(
        f"<dependency><groupId>{jar.group}</groupId><artifactId>{jar.artifact}</artifactId>"
        f"<version>{jar.version}</version></dependency>"
        for jar in jars
    )
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>\n'
        "<groupId>wasl</groupId><artifactId>embedded</artifactId><version>1</version>\n"
        f"<dependencies>\n{dependencies}\n</dependencies></project>\n"
    )
