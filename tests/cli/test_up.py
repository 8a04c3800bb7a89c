from __future__ import annotations

import json
import os
import signal
import subprocess
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from streams.embedded.state import read_state

if TYPE_CHECKING:
    from collections.abc import Callable

_ARTICLE = {"article_id": "a1", "title": "", "body": "Nvidia rose."}


def run(sandbox: Any, *args: str, given: str = "", code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        sandbox.command(*args), env=sandbox.env, input=given, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == code, done.stderr
    return done


@pytest.fixture
def foreground(sandbox: Any) -> Any:
    """``wasl up`` in the foreground, when it says that it is there."""
    with subprocess.Popen(
        sandbox.command("up"), env=sandbox.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        lines: list[str] = []
        while "Ctrl-C stops it.\n" not in lines:
            line = process.stderr.readline()
            assert line != "", lines
            lines.append(line)
        yield process
        process.kill()


def test_detached_it_stays_for_other_commands_until_down(sandbox: Any) -> None:
    said = run(sandbox, "up", "--detach").stdout
    state = read_state(sandbox.home)
    assert state is not None
    assert [process.name for process in state.processes] == ["Redis", "Tansu", "worker", "monitor"]
    assert f"WASL_KAFKA_BOOTSTRAP={state.bootstrap_servers}" in said

    assert "It runs already" in run(sandbox, "up", "--detach").stdout
    assert run(sandbox, "topics", "check").stdout.splitlines()[0] == "articles.raw: 8 partitions"
    assert "1 article sent to articles.raw" in run(sandbox, "produce", "-", given=json.dumps(_ARTICLE)).stderr
    (event,) = run(sandbox, "consume", "--follow", "--limit", "1", "--format", "jsonl").stdout.splitlines()
    assert [mention["entity_id"] for mention in json.loads(event)["mentions"]] == ["Q182477"]
    assert json.loads(run(sandbox, "catalog", "stats", "--format", "json").stdout)["entities"] > 100

    page = f"http://127.0.0.1:{state.processes[3].port}/"
    assert f"The monitor page: {page}" in said
    with urllib.request.urlopen(page, timeout=10) as answer:
        assert b"<title>Wasl monitor</title>" in answer.read()

    stopped = run(sandbox, "down").stdout.splitlines()
    assert stopped == ["monitor stopped", "worker stopped", "Tansu stopped", "Redis stopped"]
    assert sandbox.processes() == []
    assert run(sandbox, "down").stdout == "Nothing runs.\n"


def test_what_is_left_of_a_broken_stack_is_replaced_and_the_catalogue_is_kept(sandbox: Any) -> None:
    run(sandbox, "up", "--detach", "--no-monitor")
    run(sandbox, "catalog", "set", "--id", "local:zyx", "--type", "organization", "--label", "en=Zyx")
    before = read_state(sandbox.home)
    assert before is not None
    os.kill(before.processes[2].pid, signal.SIGKILL)
    again = run(sandbox, "up", "--detach", "--no-monitor")
    assert "Of the last start, worker no longer runs" in again.stderr
    assert "kept from the last time" in again.stderr
    assert "local:zyx" in run(sandbox, "catalog", "search", "zyx").stdout
    assert len(sandbox.processes()) == 3
    run(sandbox, "down")
    assert sandbox.processes() == []


def test_in_the_foreground_it_stops_on_ctrl_c(sandbox: Any, foreground: Any) -> None:
    assert "Nvidia" in run(sandbox, "catalog", "search", "nvidia").stdout
    foreground.send_signal(signal.SIGINT)
    assert foreground.wait(60) == 130
    assert sandbox.processes() == []
    assert read_state(sandbox.home) is None


def test_in_the_foreground_it_ends_when_it_is_taken_down(sandbox: Any, foreground: Any) -> None:
    run(sandbox, "down")
    assert foreground.wait(60) == 0
    assert "Stopped by `wasl down`." in foreground.stderr.read()
    assert sandbox.processes() == []


def test_in_the_foreground_the_end_of_a_server_is_an_error(
    sandbox: Any, foreground: Any, eventually: Callable[..., None]
) -> None:
    state = read_state(sandbox.home)
    assert state is not None
    os.kill(state.processes[0].pid, signal.SIGKILL)
    assert foreground.wait(60) == 1
    assert "error: Redis has ended." in foreground.stderr.read()
    eventually(lambda: sandbox.processes() == [])
    assert read_state(sandbox.home) is None


def test_a_port_that_is_taken_is_an_error_and_leaves_nothing(sandbox: Any, redis_server: Any) -> None:
    done = run(sandbox, "up", "--detach", "--redis-port", str(redis_server.port), code=1)
    assert f"error: Port {redis_server.port} on 127.0.0.1 is not free" in done.stderr
    assert sandbox.processes() == []
    assert read_state(sandbox.home) is None
