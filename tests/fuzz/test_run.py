"""The fuzzer finds what is broken, and everything else holds for some thousand inputs."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time

import pytest

from fuzz import run
from fuzz.mutate import JsonMutator
from fuzz.run import Limits, fuzz_target
from fuzz.targets import TARGETS, Target, seeds_of

# Forks of this process may hold what the tests before have opened.
_COUNT = 1_500


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_breaks_on_a_bounded_run(name: str, tmp_path) -> None:
    result = fuzz_target(name, seed=int(os.environ.get("FUZZ_SEED", "7")), count=_COUNT, folder=tmp_path)
    assert result.crashes == []
    assert result.inputs == _COUNT
    assert result.accepted > 0, "all inputs were refused: they do not get far"
    assert result.slowest < 1.0


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_is_refused_in_an_orderly_way_or_taken(name: str) -> None:
    target = TARGETS[name]
    for seed in seeds_of(target):
        with contextlib.suppress(*target.refusals):
            target.check(seed)


def _fails(data: bytes) -> bool:
    raise ZeroDivisionError(str(len(data)))


def _hangs(data: bytes) -> bool:
    while True:
        time.sleep(0.01)


def _is_slow(data: bytes) -> bool:
    end = time.thread_time() + 0.2
    while time.thread_time() < end:
        pass
    return True


def _dies(data: bytes) -> bool:
    os.kill(os.getpid(), signal.SIGKILL)
    return True


def _eats(data: bytes) -> bool:
    return len(bytearray(10**9)) > 0


@pytest.mark.parametrize(
    ("check", "found"),
    [
        (_fails, "ZeroDivisionError at test_run.py"),
        (_hangs, "not done after 0.5 s"),
        (_is_slow, "of processor time"),
        (_dies, f"ended by signal {signal.SIGKILL.value}"),
        (_eats, "MemoryError"),
    ],
)
def test_whatever_breaks_is_found_and_its_input_kept(check, found, tmp_path, monkeypatch) -> None:
    armed = []

    def after_the_first(data: bytes) -> bool:
        # The first is tried before the limits hold.
        armed.append(data)
        return check(data) if len(armed) > 1 else True

    target = Target("it", (), lambda seeds, chance: lambda: b"input", after_the_first, ())
    monkeypatch.setitem(run.TARGETS, "it", target)
    limits = Limits(seconds=0.1, hang=0.5, memory=256 << 20)
    result = fuzz_target("it", seed=1, count=2, folder=tmp_path, limits=limits)
    assert any(found in crash for crash in result.crashes), result.crashes
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"input"]


def test_the_same_seed_gives_the_same_inputs() -> None:
    seeds = [b'{"a": 1, "b": ["x"]}', b"{}"]
    one, two = (JsonMutator(seeds, random.Random(5), good=seeds[:1]) for _ in range(2))
    first = [one() for _ in range(200)]
    assert first == [two() for _ in range(200)]
    assert len(set(first)) > 100
