from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from streams.cli.root import UNREAD
from streams.cli.up_parts import recorded
from streams.embedded.ports import take_back
from streams.embedded.state import ProcessRecord, StackState, add_process, read_state, record_process, write_state
from streams.embedded.tansu import start_tansu

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
    assert run(sandbox, "down").stdout.startswith(f"Nothing runs in {sandbox.home}; ")


def test_a_detached_stack_stays_where_nobody_reads_its_addresses(sandbox: Any) -> None:
    inlet, outlet = os.pipe()
    os.close(inlet)
    with os.fdopen(outlet, "wb") as unread:
        command = sandbox.command("up", "--detach", "--no-monitor")
        done = subprocess.run(command, env=sandbox.env, stdout=unread, stderr=subprocess.PIPE, timeout=120, check=False)
    assert done.returncode == UNREAD
    assert b"Exception" not in done.stderr
    assert len(sandbox.processes()) == 3
    run(sandbox, "down")
    assert sandbox.processes() == []


def end(sandbox: Any, *names: str) -> StackState:
    """Kill parts of the stack, and return what it was."""
    state = state_of(sandbox)
    for process in state.processes:
        if process.name in names:
            os.kill(process.pid, signal.SIGKILL)
    return state


def state_of(sandbox: Any) -> StackState:
    state = read_state(sandbox.home)
    assert state is not None
    return state


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def pids(state: StackState) -> dict[str, int]:
    return {process.name: process.pid for process in state.processes}


def addresses(state: StackState) -> list[tuple[str, int | None]]:
    return [(process.name, process.port) for process in state.processes]


def test_of_two_at_once_the_second_finds_what_the_first_has_started(sandbox: Any) -> None:
    def both() -> list[str]:
        begun = [
            subprocess.Popen(sandbox.command("up", "--detach"), env=sandbox.env, stdout=-1, stderr=-1, text=True)
            for _ in range(2)
        ]
        said = [process.communicate(timeout=120) for process in begun]
        assert [process.returncode for process in begun] == [0, 0], said
        assert len(sandbox.processes()) == 4
        waited = f"Another command is starting or stopping the stack in {sandbox.home}: waiting until it is done.\n"
        assert [waited in told for _, told in said].count(True) == 1
        return sorted(shown.partition(";")[0] for shown, _ in said)

    assert both()[0] == "It runs already"
    end(sandbox, "Redis", "worker")
    assert both() == ["It runs again", "It runs already"]
    run(sandbox, "down")
    assert sandbox.processes() == []


def test_only_what_has_ended_starts_again_and_the_records_stay(sandbox: Any) -> None:
    run(sandbox, "up", "--detach")
    run(sandbox, "catalog", "set", "--id", "local:zyx", "--type", "organization", "--label", "en=Zyx")
    run(sandbox, "produce", "-", given=json.dumps(_ARTICLE))
    run(sandbox, "consume", "--follow", "--limit", "1")
    before = end(sandbox, "monitor", "worker")
    again = run(sandbox, "up", "--detach")
    assert "Of the last start, worker and monitor no longer run.\n1/2 worker … ready" in again.stderr
    assert again.stdout.startswith("It runs again; `wasl down` stops it.\n")
    state = state_of(sandbox)
    assert addresses(state) == addresses(before)
    kept = {name for name, pid in pids(state).items() if pids(before)[name] == pid}
    assert kept == {"Redis", "Tansu"}
    assert "Nvidia" in run(sandbox, "consume").stdout

    end(sandbox, "Redis")
    assert "entities, kept from the last time" in run(sandbox, "up", "--detach").stderr
    assert {name for name, pid in pids(state_of(sandbox)).items() if pids(state)[name] == pid} == {
        "Tansu",
        "worker",
        "monitor",
    }
    assert "local:zyx" in run(sandbox, "catalog", "search", "zyx").stdout
    assert "Nvidia" in run(sandbox, "consume").stdout
    assert len(sandbox.processes()) == 4
    run(sandbox, "down")
    assert sandbox.processes() == []


def test_a_broker_that_forgets_takes_the_worker_with_it(sandbox: Any) -> None:
    run(sandbox, "up", "--detach", "--no-monitor")
    before = end(sandbox, "Tansu")
    again = run(sandbox, "up", "--detach")
    assert "Of the last start, Tansu no longer runs.\nTansu kept its records in memory" in again.stderr
    state = state_of(sandbox)
    assert addresses(state) == addresses(before)
    assert pids(state)["Redis"] == pids(before)["Redis"]
    assert pids(state)["worker"] != pids(before)["worker"]
    run(sandbox, "produce", "-", given=json.dumps(_ARTICLE))
    assert "Nvidia" in run(sandbox, "consume", "--follow", "--limit", "1").stdout
    run(sandbox, "down")
    assert sandbox.processes() == []


def test_a_broker_that_came_back_empty_gets_its_topics_with_the_worker(
    sandbox: Any, eventually: Callable[..., None]
) -> None:
    run(sandbox, "up", "--detach", "--no-monitor")
    before = end(sandbox, "Tansu", "worker")
    port = dict(addresses(before))["Tansu"]
    assert port is not None
    eventually(lambda: not listens(port))
    with start_tansu(sandbox.home / "tansu", port=take_back(port)) as broker:
        add_process(sandbox.home, recorded(broker))
        assert "Of the last start, worker no longer runs.\n" in run(sandbox, "up", "--detach").stderr
        assert run(sandbox, "topics", "check").stdout.splitlines()[0] == "articles.raw: 8 partitions"
        run(sandbox, "produce", "-", given=json.dumps(_ARTICLE))
        assert "Nvidia" in run(sandbox, "consume", "--follow", "--limit", "1").stdout
        run(sandbox, "down")
    assert sandbox.processes() == []


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        (("--broker", "apache"), "its broker is tansu: --broker apache cannot change that"),
        (("--kafka-port", "1"), "its broker is at port 9: --kafka-port 1 cannot change that"),
        (("--redis-port", "1"), "its Redis is at port 9: --redis-port 1 cannot change that"),
        (("--no-monitor",), "it has the monitor page: --no-monitor cannot change that"),
    ],
)
def test_what_runs_is_not_what_was_asked_for(sandbox: Any, options: tuple[str, ...], rule: str) -> None:
    parts = [
        record_process(name, os.getpid(), log=sandbox.home / "log", port=9)
        for name in ("Redis", "Tansu", "worker", "monitor")
    ]
    write_state(sandbox.home, StackState("tansu", "127.0.0.1:9", "redis://127.0.0.1:9/0", tuple(parts)))
    refused = run(sandbox, "up", "--detach", *options, code=1)
    assert f"error: A stack runs already in {sandbox.home}, and {rule}." in refused.stderr
    assert "wasl down" in refused.stderr
    same = ("--broker", "tansu", "--kafka-port", "9", "--redis-port", "9", "--monitor")
    assert run(sandbox, "up", "--detach", *same).stdout.startswith("It runs already")


def test_a_stack_that_has_ended_comes_back_with_its_broker(sandbox: Any, apache_or_reason: str | None) -> None:
    if apache_or_reason is not None:
        pytest.skip(f"Apache Kafka cannot run here: {apache_or_reason}")
    gone = ProcessRecord("Redis", os.getpid(), "another start", 0.0, 9, "", "")
    write_state(sandbox.home, StackState("apache", "127.0.0.1:9", "redis://127.0.0.1:9/0", (gone,)))
    run(sandbox, "up", "--detach", "--no-monitor")
    before = end(sandbox, "Redis")
    assert [process.name for process in before.processes] == ["Redis", "Apache Kafka", "worker"]
    run(sandbox, "up", "--detach")
    assert pids(state_of(sandbox)) | {"Redis": 0} == pids(before) | {"Redis": 0}
    run(sandbox, "down")
    assert sandbox.processes() == []


def test_in_the_foreground_it_stops_on_ctrl_c(sandbox: Any, foreground: Any) -> None:
    assert "Nvidia" in run(sandbox, "catalog", "search", "nvidia").stdout
    foreground.send_signal(signal.SIGINT)
    assert foreground.wait(60) == 130
    assert sandbox.processes() == []
    assert read_state(sandbox.home) is None


def test_in_the_foreground_a_page_that_was_started_again_stops_too(sandbox: Any, foreground: Any) -> None:
    before = end(sandbox, "monitor")
    run(sandbox, "up", "--detach")
    assert addresses(state_of(sandbox)) == addresses(before)
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


@pytest.mark.parametrize(
    ("verb", "rule"),
    [
        (("up", "--detach"), " cannot be made: File exists."),
        (("down",), "/state.json cannot be read: Not a directory."),
        (("consume",), "/state.json cannot be read: Not a directory."),
    ],
)
def test_a_home_that_is_no_folder_is_an_error(sandbox: Any, verb: tuple[str, ...], rule: str) -> None:
    sandbox.home.write_text("")
    said = run(sandbox, *verb, code=1).stderr
    assert said.startswith(f"error: {sandbox.home}{rule}\n  Set WASL_HOME")
    assert sandbox.processes() == []


def test_a_home_that_cannot_be_made_is_an_error(sandbox: Any) -> None:
    sandbox.home.mkdir()
    (sandbox.home / "redis").write_text("")
    said = run(sandbox, "up", "--detach", code=1).stderr
    assert f"error: {sandbox.home}/redis cannot be made: File exists.\n  Set WASL_HOME" in said
    assert sandbox.processes() == []


def test_a_port_that_is_taken_is_an_error_and_leaves_nothing(sandbox: Any, redis_server: Any) -> None:
    done = run(sandbox, "up", "--detach", "--redis-port", str(redis_server.port), code=1)
    assert f"error: Port {redis_server.port} on 127.0.0.1 is not free" in done.stderr
    assert sandbox.processes() == []
    assert read_state(sandbox.home) is None
