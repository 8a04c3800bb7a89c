"""The parent of several workers: what it decides, and real forks that do little."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from streams.workers.family import Decision, Record, decide

_ROOT = Path(__file__).resolve().parents[2]
BEGAN = Record(started=100.0)


@pytest.mark.parametrize(
    ("name", "record", "code", "now", "expected"),
    [
        ("the first failure", BEGAN, 70, 110.0, Decision(1.0, Record(100.0, 1, 1))),
        ("the next waits longer", Record(100.0, 1, 1), 75, 110.0, Decision(2.0, Record(100.0, 2, 2))),
        ("a signal is a failure", Record(100.0, 3, 3), -9, 110.0, Decision(8.0, Record(100.0, 4, 4))),
        ("five in a row are enough", Record(100.0, 4, 4), 70, 110.0, Decision(None, Record(100.0, 5, 5))),
        ("one that lived begins anew", Record(100.0, 4, 4), 70, 160.0, Decision(1.0, Record(100.0, 5, 1))),
        ("what cannot start is not tried again", BEGAN, 1, 101.0, Decision(None, Record(100.0, 1, 1))),
    ],
)
def test_what_the_parent_decides(name, record, code, now, expected):
    assert decide(record, code, now=now) == expected, name


_PROGRAM = """
import os, sys, time
from pathlib import Path
from streams.errors import SettingsError
from streams.log import configure_logging
from streams.workers import family

configure_logging(is_human=False)
folder, kind = Path(sys.argv[1]), sys.argv[2]
family._FIRST_WAIT = 0.05

def wait(child):
    os.read(child.alive, 1)
    return 0

def worker(child):
    (folder / f"{child.number}.{child.restarts}").write_text(str(os.getpid()))
    if kind == "bad":
        raise SettingsError("It cannot be.")
    if kind == "failing" and child.number == 1:
        return 70
    if kind == "raising":
        raise ZeroDivisionError
    return wait(child)

def front(child, sockets):
    (folder / "front").write_text(str([str(socket) for socket in sockets]))
    return wait(child)

print(os.getpid(), flush=True)
sys.exit(family.run_family(2, worker=worker, front=front))
"""


@pytest.fixture
def family(tmp_path):
    """Start a family in a process of its own."""
    started = []

    def start(kind):
        with (tmp_path / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM, str(tmp_path), kind], cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=log
            )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def ended(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # An orphan that nobody has waited for yet.
    return " Z " in Path(f"/proc/{pid}/stat").read_text() if Path(f"/proc/{pid}/stat").exists() else True


def test_one_that_is_killed_is_started_anew(family, tmp_path, eventually):
    process = family("well")
    eventually(lambda: (tmp_path / "1.0").exists() and (tmp_path / "0.0").exists() and (tmp_path / "front").exists())
    eventually(lambda: (tmp_path / "1.0").read_text() != "")
    os.kill(int((tmp_path / "1.0").read_text()), signal.SIGKILL)
    eventually((tmp_path / "1.1").exists)
    assert not (tmp_path / "0.1").exists()
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


@pytest.mark.parametrize(("kind", "code"), [("failing", 70), ("bad", 1), ("raising", 70)])
def test_what_goes_on_failing_ends_the_family_with_its_code(family, tmp_path, kind, code):
    assert family(kind).wait(30) == code
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert lines[-1]["message"] == "a process of this worker ended, and is not started anew"
    assert len(list(tmp_path.glob("[01].[1-9]"))) >= (0 if kind == "bad" else 4)


def test_nobody_outlives_the_parent(family, tmp_path, eventually):
    process = family("well")
    eventually(lambda: all((tmp_path / name).exists() for name in ("0.0", "1.0", "front")))
    pids = [int((tmp_path / name).read_text()) for name in ("0.0", "1.0")]
    process.kill()
    process.wait()
    eventually(lambda: all(map(ended, pids)))
