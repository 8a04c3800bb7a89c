"""One stack for all commands of the pages, as `wasl up` starts it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from streams.embedded.ports import reserve_port
from streams.embedded.state import read_state
from tests.docs.console import Sandbox, shell_env

if TYPE_CHECKING:
    from collections.abc import Iterator

STORY = (
    '{"article_id": "story-0", "title": "Nvidia opens an office in Riyadh", "body": "Jensen Huang spoke in Riyadh.'
    ' Huang thanked Aramco. Zarnook Labs will join."}\n'
)


@pytest.fixture(scope="package")
def sandbox(apache_or_reason: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Broker, Redis, topics, starter catalogue, a worker and the monitor page, with one article linked."""
    folder = tmp_path_factory.mktemp("sandbox")
    env = shell_env(folder / "home")
    broker = "apache" if apache_or_reason is None else "tansu"
    up = ["wasl", "up", "--detach", "--broker", broker]
    done = subprocess.run(up, env=env, cwd=folder, capture_output=True, text=True, check=False, timeout=240)
    try:
        assert done.returncode == 0, done.stderr
        state = read_state(folder / "home")
        assert state is not None
        reserved = reserve_port()
        reserved.release()
        made = Sandbox(folder, env, state, reserved.port)
        (folder / "story.json").write_text(STORY, encoding="utf-8")
        made.run("wasl produce story.json")
        made.run("for try in {1..60}; do wasl consume | grep -q Nvidia && exit; sleep 0.3; done; exit 1")
        yield made
    finally:
        down = subprocess.run(["wasl", "down"], env=env, cwd=folder, capture_output=True, check=False, timeout=90)
    assert down.returncode == 0
