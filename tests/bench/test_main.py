from __future__ import annotations

import pytest

from bench.__main__ import LEVELS, main
from bench.instructions import read_perf
from bench.rows import Row
from bench.stages import STAGES, timed


def test_a_run_writes_its_record_and_ends_with_a_line_a_target(tmp_path, capsys, monkeypatch):
    def broken(config):
        yield Row("fold", f"quick: {config.quick}", {"median_us": 1.0})
        raise OSError("the disk is on fire")

    monkeypatch.setitem(LEVELS, "fold", broken)
    code = main(["--quick", "--only", "fold", "--date", "2024-06-07", "--results", str(tmp_path)])
    assert code == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith("target ")
    assert all(" met " in line or " missed " in line for line in lines if line.startswith("target "))
    text = (tmp_path / "2024-06-07.md").read_text(encoding="utf-8")
    assert "quick: True" in text
    assert "the disk is on fire" in text


def test_an_unknown_level_or_date_is_refused(capsys):
    for arguments in (["--only", "warp"], ["--date", "yesterday"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
    assert "warp" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("123456,,instructions:u,1000,100.00,,\n", 123456),
        ("warning\n42,,instructions:u,1,100.00,,", 42),
        ("<not supported>,,instructions:u,0,100.00,,\n", None),
        ("", None),
    ],
)
def test_counts_are_read_from_what_perf_prints(text, expected):
    assert read_perf(text) == expected


def test_stages_are_timed_without_those_inside_them_and_put_back():
    from streams.linking import disambiguate, enrich

    before = enrich.decide, disambiguate.score
    readings = iter(range(0, 10_000, 10))
    with timed(lambda: next(readings)) as times:
        inner = times.wrap("inner", lambda: None)
        outer = times.wrap("outer", inner)
        outer()
        assert enrich.decide is not before[0]
    assert times.own == {"inner": 10, "outer": 20}
    assert (enrich.decide, disambiguate.score) == before


def test_the_linker_still_has_most_of_the_stages():
    from importlib import import_module

    there = [any(hasattr(import_module(module), name) for name in names) for module, names in STAGES.values()]
    assert sum(there) >= len(there) - 3
