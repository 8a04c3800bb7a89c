"""The tables of sizes, from records."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from bench.sizing import PAGE, RATES, Records, main, model_of, tables, written
from streams.web.sizing import load_cost

if TYPE_CHECKING:
    from pathlib import Path

_MODEL = model_of(Records())


def _record(folder: Path, date: str, rows: list[tuple[str, str, dict[str, Any]]]) -> None:
    document = {
        "date": date,
        "rows": [{"level": level, "case": case, "figures": figures} for level, case, figures in rows],
    }
    (folder / f"{date}.json").write_text(json.dumps(document), encoding="utf-8")


def test_the_page_and_the_cost_are_those_of_the_newest_record() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert written(page, _MODEL, cores=8, price=0.05) == page, "Write it anew: python -m bench.sizing"
    assert load_cost().article_us == pytest.approx(_MODEL.article_us, abs=0.1)
    assert load_cost().date == _MODEL.date


def test_the_date_is_a_day_whatever_the_record_is_called() -> None:
    assert date.fromisoformat(_MODEL.date).isoformat() == _MODEL.date


def test_every_figure_comes_from_the_newest_record_that_has_it(tmp_path: Path) -> None:
    _record(tmp_path, "2026-01-01", [("link", "seed, 10 aliases", {"median_us": 9.0}), ("start", "a", {"cpu_s": 1.0})])
    _record(tmp_path, "2026-01-02", [("link", "seed, 10 aliases", {"median_us": 5.0}), ("start", "failed", {})])
    _record(tmp_path, "2026-01-03-other", [("link", "broker", {"note": "Apache Kafka 4.4.0"})])
    (tmp_path / "2026-01-03.json").write_text("[]", encoding="utf-8")
    records = Records([tmp_path])
    assert records.rows("link") == ("2026-01-02", {"seed, 10 aliases": {"median_us": 5.0}})
    assert records.rows("start") == ("2026-01-01", {"a": {"cpu_s": 1.0}})
    assert records.rows("none") == ("", {})


def test_the_tables_have_a_row_for_each_rate_and_number_of_machines() -> None:
    said = tables(_MODEL, cores=8, price=0.05)
    for rate in RATES:
        assert f"\n| {rate:,} | " in said
    for machines in (1, 10, 100):
        assert f"\n| {machines} | {8 * machines:,} | " in said


def test_a_cheaper_article_asks_for_less_and_a_dearer_hour_costs_more() -> None:
    cheap = replace(_MODEL, link_us=100.0, handing_us=100.0)
    assert "| 10,000 | 2.00 | 4 | 1 | 8 |" in tables(cheap, cores=8, price=1.0)
    # 200 s of a core, half busy: 0.11 hours.
    assert "| at 1 for the hour of a core, an example | 0.111 |" in tables(cheap, cores=8, price=1.0)
    assert "| at 3 for the hour of a core, an example | 0.333 |" in tables(cheap, cores=8, price=3.0)


def test_what_a_worker_was_measured_to_take_beside_linking_is_used_where_it_is_known(tmp_path: Path) -> None:
    whole = Records()
    rows = [
        (level, case, figures)
        for level in (
            "link",
            "scan",
            "decode",
            "encode",
            "sizes-content",
            "sizes-memory",
            "sizes-redis",
            "sizes-whole",
        )
        for case, figures in whole.rows(level)[1].items()
    ]
    rows += [
        ("pipeline", "worker, finding nothing", {"cpu_s_per_million": 77.0}),
        ("pipeline", "worker", {"per_cpu_second": 1_000.0}),
        ("pipeline", "two workers", {"per_cpu_second": 950.0}),
        ("length", "ar, 2,000 B", {"ns_per_char": 80.0}),
        ("length", "ar, 20,000 B", {"ns_per_char": 100.0}),
    ]
    _record(tmp_path, "2026-01-01", rows)
    model = model_of(Records([tmp_path]))
    encode = next(iter(whole.rows("encode")[1].values()))["median_us"]
    assert model.handing_us == pytest.approx(77.0 + encode)
    assert model.second == pytest.approx(1.9)
    assert model.per_1000_chars == {"ar": 90.0}


def test_it_can_be_looked_at_without_writing(capsys: pytest.CaptureFixture[str]) -> None:
    before = PAGE.read_bytes()
    assert main(["--show", "--cores", "16", "--price", "0.031"]) == 0
    assert "machines of 16 cores" in capsys.readouterr().out
    assert PAGE.read_bytes() == before
