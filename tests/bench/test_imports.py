"""Measuring imports."""

from __future__ import annotations

import os

import bench.imports as module
from bench.imports import imports, process_tree
from bench.rows import Config
from bench.targets import judge


def test_rows_are_what_the_targets_ask_for(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "REAL", tmp_path / "none")
    monkeypatch.setattr(
        module, "dump_lines", lambda count: list(iter([b'{"type":"item","id":"Q1","claims":{}}\n'] * 9))
    )
    monkeypatch.setattr(module, "_whole", lambda count: {"peak_mb": 100.0 if count == 10_000 else 104.0})
    rows = list(imports(Config(quick=True, full=False, kind="generated")))
    judged = {target.name: target for target in judge(rows)}
    assert judged["import-speed"].figure is not None
    assert judged["import-speed"].figure > 0
    assert judged["import-memory"].figure == 1.04
    assert judged["import-memory"].is_met


def test_a_process_tree_begins_with_the_process_and_ends_with_it():
    assert process_tree(os.getpid())[0] == os.getpid()
    assert process_tree(2**22 + 1) == []
