"""A child starts, is watched, obeys, and never outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from streams.embedded.process import ChildProcess, last_words
from streams.embedded.state import is_running, record_process, stop_process
from streams.errors import EmbeddedServerError

_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")

# Says so when it runs and when it is asked to end, and would go on for ever.
_TALKS = "trap 'echo bye; exit' TERM; echo up; while :; do sleep 0.05; done"

_PARENT = """\
import signal, sys
from pathlib import Path
from streams.embedded.process import ChildProcess

child = ChildProcess("child", ["/bin/sh", "-c", {talks!r}], log_path=Path(sys.argv[1]), die_with_parent={dies})
child.start(lambda: "up" in child.log_tail(), timeout=10)
print(child.pid, flush=True)
{then}
"""


@pytest.fixture
def child_of(tmp_path):
    """Make children that are stopped after the test."""
    children = []

    def make(code, **options):
        child = ChildProcess(
            "Child", [sys.executable, "-u", "-c", code], log_path=tmp_path / "logs" / "child.log", **options
        )
        children.append(child)
        return child

    yield make
    for child in children:
        child.kill()


def _run_parent(tmp_path, *, then, dies=True):
    """Run a parent in a process of its own; give that process and the record of its child."""
    code = _PARENT.format(talks=_TALKS, dies=dies, then=then)
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "log")],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )
    return parent, record_process("child", int(parent.stdout.readline()), log=tmp_path / "log")


def _state(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_it_is_ready_when_it_says_so(child_of, tmp_path):
    child = child_of("import time; print('up'); time.sleep(600)")
    child.start(lambda: "up" in child.log_tail(), timeout=10)
    assert child.running
    assert child.returncode is None
    assert child.log_tail() == "up"


def test_a_child_that_ends_early_is_an_error_with_its_last_words(child_of):
    child = child_of("import sys; print('one'); sys.exit('no such port')")
    with pytest.raises(EmbeddedServerError, match=r"(?s)status 1 before it was ready.*one\nno such port"):
        child.start(lambda: False, timeout=600)


def test_a_child_that_never_gets_ready_is_ended(child_of):
    child = child_of("import time; time.sleep(600)")
    with pytest.raises(EmbeddedServerError, match=r"not ready within 0\.2 seconds"):
        child.start(lambda: False, timeout=0.2)
    assert not child.running
    assert child.returncode == -signal.SIGKILL


def test_a_program_that_is_not_there_is_an_error(tmp_path):
    child = ChildProcess("Child", ["/no/such/program"], log_path=tmp_path / "log", die_with_parent=False)
    with pytest.raises(EmbeddedServerError, match="could not be started"):
        child.start(lambda: True, timeout=1)


def test_it_starts_once(child_of):
    child = child_of("import time; time.sleep(600)")
    child.start(lambda: True, timeout=5)
    with pytest.raises(EmbeddedServerError, match="running already"):
        child.start(lambda: True, timeout=5)


def test_it_starts_again_after_a_stop(child_of):
    child = child_of("import time; time.sleep(600)")
    child.start(lambda: True, timeout=5)
    first = child.pid
    child.stop()
    child.start(lambda: True, timeout=5)
    assert child.running
    assert child.pid != first


def test_stop_asks_with_sigterm(child_of):
    code = "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(7)); print('up'); time.sleep(600)"
    child = child_of(code)
    child.start(lambda: "up" in child.log_tail(), timeout=10)
    assert child.stop() == 7


def test_stop_forces_what_does_not_obey(child_of):
    child = child_of("import signal, time; signal.signal(15, signal.SIG_IGN); print('up'); time.sleep(600)")
    child.start(lambda: "up" in child.log_tail(), timeout=10)
    assert child.stop(grace=0.1) == -signal.SIGKILL


def test_stop_ends_a_paused_child_without_force(child_of):
    code = "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(7)); print('up'); time.sleep(600)"
    child = child_of(code)
    child.start(lambda: "up" in child.log_tail(), timeout=10)
    child.pause()
    assert child.stop() == 7


def test_stop_takes_the_childs_own_children_along(child_of, tmp_path, eventually):
    code = "import subprocess; p = subprocess.Popen(['/bin/sleep', '600']); print(p.pid); p.wait()"
    child = child_of(code)
    child.start(lambda: child.log_tail() != "", timeout=10)
    grandchild = record_process("grandchild", int(child.log_tail()), log=tmp_path)
    child.stop()
    eventually(lambda: not is_running(grandchild))


def test_stopping_what_never_ran_does_nothing(child_of):
    child = child_of("")
    assert child.stop() is None
    assert child.kill() is None
    assert child.pid is None
    assert child.log_tail() == ""


@_LINUX
def test_pause_freezes_and_resume_thaws(child_of, eventually):
    child = child_of("while True: pass")
    child.start(lambda: True, timeout=5)
    child.pause()
    eventually(lambda: _state(child.pid) == "T")
    assert child.running
    child.resume()
    eventually(lambda: _state(child.pid) in {"R", "S"})


def test_the_log_tail_is_the_end_of_a_long_log(child_of):
    child = child_of("print('\\n'.join(str(n) for n in range(100_000)))")
    with pytest.raises(EmbeddedServerError, match="status 0"):
        child.start(lambda: False, timeout=30)
    assert child.log_tail(2) == "99998\n99999"


@_LINUX
def test_it_dies_when_its_parent_is_killed(tmp_path, eventually):
    parent, record = _run_parent(tmp_path, then="signal.pause()")
    with parent:
        assert is_running(record)
        parent.kill()
    eventually(lambda: not is_running(record))


def test_it_is_asked_to_end_when_its_parent_exits(tmp_path, eventually):
    parent, record = _run_parent(tmp_path, then="sys.stdin.readline()")
    with parent:
        assert is_running(record)
        parent.communicate("\n")
    eventually(lambda: not is_running(record))
    assert (tmp_path / "log").read_text().endswith("bye\n")


def test_one_that_stays_behind_survives_its_parent(tmp_path):
    parent, record = _run_parent(tmp_path, then="", dies=False)
    with parent:
        parent.communicate()
    try:
        assert parent.returncode == 0
        assert stop_process(record, grace=10) == "stopped"
        assert (tmp_path / "log").read_text().endswith("bye\n")
    finally:
        stop_process(record, grace=0)


@_LINUX
def test_it_survives_the_thread_that_started_it(child_of):
    child = child_of("import time; print('up'); time.sleep(600)")
    thread = threading.Thread(target=child.start, args=(lambda: "up" in child.log_tail(),), kwargs={"timeout": 10})
    thread.start()
    thread.join()
    with pytest.raises(subprocess.TimeoutExpired):
        child._popen.wait(0.3)


def test_a_fork_does_not_end_its_parents_children(child_of):
    child = child_of("import time; time.sleep(600)")
    child.start(lambda: True, timeout=5)
    child._owner = os.getpid() + 1  # what a forked process sees
    child.end_with_parent()
    assert child.running


def test_last_words_leave_out_the_frames_of_a_stack_trace():
    output = "one\nException: broken\n\tat a.b.C(C.java:1)\n\tat a.b.D(D.java:2)\nCaused by: port\n\tat x.Y(Y.java:3)\n"
    assert last_words(output, 2) == "Exception: broken\nCaused by: port"


def test_what_begins_while_its_starter_is_interrupted_ends_at_once(tmp_path, monkeypatch):
    begun = []
    popen = subprocess.Popen

    def interrupted(*command, **options):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        time.sleep(0.3)
        begun.append(popen(*command, **options))
        return begun[0]

    monkeypatch.setattr(subprocess, "Popen", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        child = ChildProcess("child", ["/bin/sleep", "60"], log_path=tmp_path / "log", die_with_parent=False)
        with pytest.raises(KeyboardInterrupt):
            child.start(lambda: True, timeout=10)
        deadline = time.monotonic() + 10
        while len(begun) == 0 and time.monotonic() < deadline:
            time.sleep(0.01)
    finally:
        signal.signal(signal.SIGINT, before)
    assert begun[0].wait(10) == -signal.SIGKILL
