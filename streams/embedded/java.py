"""The Java that runs Apache Kafka."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.errors import EmbeddedServerError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["OLDEST_JAVA", "Java", "find_java"]

OLDEST_JAVA: Final = 17  # what the brokers of Kafka 4 are compiled for

_VERSION: Final = re.compile(r'version "((\d+)[^"]*)"')
_REMEDY: Final = f"Install a Java runtime, {OLDEST_JAVA} or newer, or set JAVA_HOME to one."


@dataclass(frozen=True, slots=True)
class Java:
    """A Java that can run Apache Kafka: its program, and its version as it gives it."""

    program: str
    version: str


def find_java(java_home: Path | None = None) -> Java:
    """Find a Java that is new enough.

    Args:
        java_home: The installation to use; None looks on the search path.

    Raises:
        EmbeddedServerError: There is none, it does not run, or it is too old.
    """
    found = shutil.which("java") if java_home is None else shutil.which("java", path=str(java_home / "bin"))
    if found is None:
        where = "on the search path" if java_home is None else f"in JAVA_HOME={java_home}"
        raise EmbeddedServerError(f"There is no Java {where}.", remedy=_REMEDY)
    try:
        answer = subprocess.run(  # noqa: S603 - the program found above
            [found, "-version"], capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise EmbeddedServerError(f"{found} does not run: {exc}.", remedy=_REMEDY) from exc
    match = _VERSION.search(answer.stderr + answer.stdout)
    if match is None:
        raise EmbeddedServerError(f"{found} does not tell its version (status {answer.returncode}).", remedy=_REMEDY)
    version, major = match[1], int(match[2])
    if major < OLDEST_JAVA:  # what calls itself "1.8" is too old as well
        raise EmbeddedServerError(
            f"{found} is Java {version}, and Apache Kafka 4 needs {OLDEST_JAVA} or newer.", remedy=_REMEDY
        )
    return Java(found, version)
