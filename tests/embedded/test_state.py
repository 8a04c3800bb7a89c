"""The state file round-trips, and nothing but what was recorded is ever ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from streams.embedded import state
from streams.embedded.state import (
    StackState,
    add_process,
    alone,
    is_running,
    read_state,
    record_process,
    state_path,
    stop_all,
    stop_process,
    write_state,
)
from streams.errors import EmbeddedServerError

_OBEYS = "import time; print('up', flush=True); time.sleep(600)"
_STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"


@pytest.fixture
def run(tmp_path):
    """Start Python code as a process; give its record."""
    started = []

    def start(code=_OBEYS, name="server"):
        popen = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        started.append(popen)
        assert popen.stdout.readline() == "up\n"
        return record_process(name, popen.pid, log=tmp_path / "log", port=9092, version="1", now=lambda: 5.0)

    yield start
    for popen in started:
        with popen:
            popen.kill()


def _stack(*processes):
    return StackState("tansu", "127.0.0.1:9092", "redis://127.0.0.1:6379/0", processes)


def test_round_trip(tmp_path, run):
    written = _stack(run(name="Redis"), run(name="وسيط"))
    write_state(tmp_path / "home", written)
    assert read_state(tmp_path / "home") == written
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["state.json"]


def test_no_file_is_no_state(tmp_path):
    assert read_state(tmp_path) is None
    assert stop_all(tmp_path) == ()
    assert stop_all(tmp_path / "nowhere") == ()


@pytest.mark.parametrize(
    "text", ["", "{", "\udcff", "[]", "{}", '{"processes": [{}]}', '{"processes": [], "extra": 1}']
)
def test_a_broken_file_is_an_error_that_names_it(tmp_path, text):
    state_path(tmp_path).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(EmbeddedServerError, match=r"state\.json is not a state file"):
        read_state(tmp_path)


@pytest.mark.parametrize("use", [read_state, stop_all, lambda home: write_state(home, _stack())])
def test_a_home_that_is_no_folder_is_told(tmp_path, use):
    home = tmp_path / "file"
    home.write_text("")
    with pytest.raises(
        EmbeddedServerError, match=r"file.* cannot be (read|made): (Not a directory|File exists)"
    ) as told:
        use(home)
    assert "Set WASL_HOME" in told.value.remedy


def test_a_state_file_that_cannot_be_read_is_told(tmp_path):
    state_path(tmp_path).mkdir()
    with pytest.raises(EmbeddedServerError, match=r"state\.json cannot be read: Is a directory"):
        read_state(tmp_path)
    with pytest.raises(EmbeddedServerError, match=r"state\.json cannot be written: Is a directory"):
        write_state(tmp_path, _stack())


def test_a_worker_joins_the_stack(tmp_path, run):
    server, worker = run(name="Redis"), run(name="worker")
    write_state(tmp_path, _stack(server))
    assert add_process(tmp_path, worker) == _stack(server, worker)
    assert read_state(tmp_path) == _stack(server, worker)


def test_a_worker_that_starts_again_takes_the_place_of_the_one_before(tmp_path, run):
    server, worker, page, again = run(name="Redis"), run(name="worker"), run(name="monitor"), run(name="worker")
    write_state(tmp_path, _stack(server, worker, page))
    assert add_process(tmp_path, again) == _stack(server, again, page)
    assert read_state(tmp_path) == _stack(server, again, page)


def test_a_worker_cannot_join_what_does_not_run(tmp_path, run):
    with pytest.raises(EmbeddedServerError, match="No stack runs"):
        add_process(tmp_path, run())


def test_stop_all_stops_the_latest_first_and_forgets(tmp_path, run):
    server, worker = run(name="Redis"), run(name="worker")
    write_state(tmp_path, _stack(server, worker))
    assert stop_all(tmp_path) == ((worker, "stopped"), (server, "stopped"))
    assert not is_running(server)
    assert not is_running(worker)
    assert read_state(tmp_path) is None


@pytest.mark.parametrize("is_first", [True, False], ids=["the first time", "again"])
def test_while_a_stack_is_started_who_stops_it_waits(tmp_path, run, is_first):
    waited, stopped = threading.Event(), []
    with alone(tmp_path / "home", waiting=waited.set):
        assert not waited.is_set()
        if not is_first:
            write_state(tmp_path / "home", _stack())
        stopping = threading.Thread(target=lambda: stopped.append(stop_all(tmp_path / "home", waiting=waited.set)))
        stopping.start()
        assert waited.wait(10)
        worker = run(name="worker")
        write_state(tmp_path / "home", _stack(worker))
    stopping.join(10)
    assert stopped == [((worker, "stopped"),)]


def test_what_does_not_obey_is_killed(run):
    record = run(_STUBBORN)
    assert stop_process(record, grace=0.1) == "killed"
    assert not is_running(record)


def test_a_paused_process_is_stopped_without_force(run):
    record = run()
    os.kill(record.pid, signal.SIGSTOP)
    assert stop_process(record, grace=10) == "stopped"


def test_a_stranger_with_the_same_number_is_left_alone(run):
    record = run()
    stranger = replace(record, identity="another start")
    assert not is_running(stranger)
    assert stop_process(stranger) == "gone"
    assert is_running(record)


def test_what_has_ended_is_gone(run):
    record = run()
    os.kill(record.pid, signal.SIGKILL)
    os.waitid(os.P_PID, record.pid, os.WEXITED | os.WNOWAIT)
    assert not is_running(record), "a zombie has ended"
    assert stop_process(record) == "gone"


def test_only_what_runs_can_be_recorded(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""]) as popen:
        popen.wait()
    with pytest.raises(EmbeddedServerError, match=r"worker .* is not running"):
        record_process("worker", popen.pid, log=tmp_path / "log")


def test_without_proc_ps_tells_the_identity(run, monkeypatch, tmp_path):
    if not os.access("/bin/ps", os.X_OK):
        pytest.skip("there is no /bin/ps here")
    run()
    monkeypatch.setattr(state, "_HAS_PROC", False)
    first = run()
    assert is_running(first)
    os.kill(first.pid, signal.SIGKILL)
    os.waitid(os.P_PID, first.pid, os.WEXITED | os.WNOWAIT)
    assert not is_running(first)


def test_somebody_elses_process_is_an_error(run, monkeypatch):
    record = run()

    def refuse(pid, number):
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr(os, "kill", refuse)
        with pytest.raises(EmbeddedServerError, match="belongs to somebody else"):
            stop_process(record)


def test_the_file_is_json_that_people_can_read(tmp_path, run):
    record = run(name="Redis")
    write_state(tmp_path, _stack(record))
    written = json.loads(state_path(tmp_path).read_text())
    assert written["processes"][0]["pid"] == record.pid
    assert written["processes"][0]["started_at"] == 5.0
