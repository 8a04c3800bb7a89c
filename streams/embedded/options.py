"""What the environment says about the embedded servers, read once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MAVEN_CENTRAL", "EmbeddedOptions"]

MAVEN_CENTRAL: Final = "https://repo1.maven.org/maven2"


@dataclass(frozen=True, slots=True)
class EmbeddedOptions:
    """Where the embedded servers keep things and get things from.

    Attributes:
        home: Folder of data, logs and the state file (``WASL_HOME``, by default ``.wasl``).
        cache: Folder of downloads shared by all projects (``XDG_CACHE_HOME``, by default ``~/.cache``).
        maven_url: Base URL of the Maven repository (``WASL_MAVEN_URL``).
        java_home: Java installation to use (``JAVA_HOME``); None means the one on the search path.
        require_apache: Whether Apache Kafka must not be replaced (``WASL_REQUIRE_APACHE``, or ``CI``).
    """

    home: Path = Path(".wasl")
    cache: Path = Path("~/.cache/wasl")
    maven_url: str = MAVEN_CENTRAL
    java_home: Path | None = None
    require_apache: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> EmbeddedOptions:
        """Read the options.

        Args:
            env: Variables by name; the process environment when None. A variable set to "" counts as unset.
        """
        given = {name: value for name, value in (os.environ if env is None else env).items() if value != ""}
        cache = Path(given.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "wasl"
        java_home = given.get("JAVA_HOME")
        return cls(
            home=Path(given.get("WASL_HOME", ".wasl")).expanduser().absolute(),
            cache=cache,
            maven_url=given.get("WASL_MAVEN_URL", MAVEN_CENTRAL).rstrip("/"),
            java_home=None if java_home is None else Path(java_home),
            require_apache=_is_true(given.get("WASL_REQUIRE_APACHE")) or _is_true(given.get("CI")),
        )


def _is_true(text: str | None) -> bool:
    return text is not None and text.lower() not in {"0", "false", "no"}
