"""How far an import is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.cli.catalog.import_progress import DumpProgress, describe_reading

if TYPE_CHECKING:
    import pytest


def test_the_time_left_comes_from_the_bytes_of_the_file() -> None:
    counts = {"lines": 12_345, "candidates": 678}
    line = describe_reading(250_000_000, 1_000_000_000, counts, speed=1e6)
    assert line == "25.0 % read, 12:30 left; 12,345 lines, 678 candidates"
    assert "2:46:40 left" in describe_reading(0, 10_000_000_000, counts, speed=1e6)
    assert describe_reading(5_000_000, None, {"broken": 2}, speed=1.0) == ("5 MB read; 0 lines, 0 candidates, 2 broken")


def test_without_a_terminal_a_line_is_told_now_and_then() -> None:
    told: list[str] = []
    now = iter([0.0, 5.0, 20.0, 21.0, 40.0])
    with DumpProgress(is_terminal=False, clock=lambda: next(now), tell=told.append) as progress:
        # What an earlier run has read does not count as speed.
        for read in (600, 650, 700, 710, 800):
            progress.reading(read, 1_000, {})
        progress.resolving(0, 10)
    assert told == ["70.0 % read, 1:00 left; 0 lines, 0 candidates", "80.0 % read, 0:40 left; 0 lines, 0 candidates"]


def test_on_a_terminal_there_is_a_bar_for_each_phase(capfd: pytest.CaptureFixture[str]) -> None:
    with DumpProgress(is_terminal=True) as progress:
        progress.reading(10, 100, {"lines": 5})
        progress.reading(50, 100, {"lines": 9})
        progress.resolving(0, 4)
        progress.resolving(4, 4)
    shown = capfd.readouterr().err
    assert "reading" in shown
    assert "9 lines, 0 candidates" in shown
    assert "writing" in shown
    assert "4 of 4 candidates" in shown
