from __future__ import annotations

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
    import os

    for name in [name for name in os.environ if name.startswith("WASL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WASL_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def wasl(clean_env: None) -> Callable[..., Result]:
    """Run ``wasl`` in this process: ``wasl("link", "f.txt", input=…, env=…)``."""

    def run(*args: str, **options: object) -> Result:
        return CliRunner().invoke(cli, args, prog_name="wasl", **options)

    return run
