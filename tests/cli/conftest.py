from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from streams.cli import cli

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result


@pytest.fixture
def clean_env(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No settings, and no stack of the developer's own."""
    for name in [name for name in os.environ if name.startswith("WASL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WASL_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def wasl(clean_env: None) -> Callable[..., Result]:
    """Run ``wasl`` in this process: ``wasl("link", "f.txt", input=…, env=…)``."""

    def run(*args: str, **options: object) -> Result:
        return CliRunner().invoke(cli, args, prog_name="wasl", **options)

    return run


@pytest.fixture(scope="session")
def balanced() -> Callable[[str], bool]:
    """Whether every isolate is closed where it was opened, and none lies in another."""

    def check(text: str) -> bool:
        inside = False
        for char in text:
            if char == "\u2068" and not inside:
                inside = True
            elif char == "\u2069" and inside:
                inside = False
            elif char in "\u2066\u2067\u2068\u2069":
                return False
        return not inside

    return check


class Sandbox:
    """A folder in which commands run as processes of their own, and by which all their children are known."""

    def __init__(self, folder: Path) -> None:
        self.temp = folder / "temp"
        self.temp.mkdir()
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("WASL_")}
        self.env |= {"TMPDIR": str(self.temp), "WASL_HOME": str(folder / "home")}
        self.home = folder / "home"

    def command(self, *args: str) -> list[str]:
        return [sys.executable, "-m", "streams", *args]

    def processes(self) -> list[str]:
        """What still runs of all that was started here, known by its environment or by where it works.

        Redis writes its title over its environment, but works in its own folder.
        """
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    environ = (folder / "environ").read_bytes()
                    works_in = (folder / "cwd").readlink()
                    state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                except OSError:
                    continue
                is_ours = f"TMPDIR={self.temp}\0".encode() in environ or self.temp.parent in works_in.parents
                if is_ours and state != "Z":
                    found.append(command)
        return found


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    if not Path("/proc/self/environ").exists():
        pytest.skip("what a command leaves behind is looked up in /proc")
    return Sandbox(tmp_path)


@pytest.fixture
def topics_env(clean_env: None, bootstrap_servers: str, unique: str) -> dict[str, str]:
    """Settings of a broker with the four topics, which no other test has."""
    env = {
        "WASL_KAFKA_BOOTSTRAP": bootstrap_servers,
        **{f"WASL_TOPIC_{name.upper()}": f"{unique}-{name}" for name in ("raw", "enriched", "dead", "unlinked")},
    }
    created = CliRunner().invoke(cli, ["topics", "create", "--partitions", "2"], env=env)
    assert created.exit_code == 0, created.output
    return env
