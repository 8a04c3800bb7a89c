from __future__ import annotations

import xml.etree.ElementTree as ET

import orjson
import pytest

from bench.plot import bars, lines
from bench.report import page, plots, write
from bench.rows import Row
from bench.targets import judge

_ROWS = [
    Row("link", "seed, 10,000 aliases", {"median_us": 100.0, "per_second": 10_000.0}),
    Row("link", "seed, 1,000,000 aliases", {"median_us": 250.0, "per_second": 4_000.0}),
    Row("scan", "seed, 10,000 aliases", {"median_us": 20.0}),
    Row("scan", "seed, 1,000,000 aliases", {"median_us": 50.0}),
    Row("length", "ar, 2,000 B", {"ns_per_char": 80.0}),
    Row("peers", "a|b & <c>", {"median_us": 900.0, "note": None}),
    Row("peers", "absent", {"note": "not installed"}),
]
_ABOUT = {"host_class": "test-1cpu", "load_before": [0.5]}


@pytest.mark.parametrize("values", [{}, {"one": 0.0}, {"a <b> & c": 3.5, "other": 12.0}])
def test_bars_are_well_formed_and_as_long_as_their_values(values):
    root = ET.fromstring(bars("A & B", values, unit="µs"))
    _, *drawn = [each for each in root.iter() if each.tag.endswith("rect")]
    widths = [float(each.get("width")) for each in drawn]
    assert len(widths) == len(values)
    most = max(values.values(), default=0.0)
    assert widths == [pytest.approx(300 * value / most, abs=0.1) if most > 0 else 0.0 for value in values.values()]


@pytest.mark.parametrize("series", [{}, {"s": [(10.0, 5.0)]}, {"s": [(10.0, 5.0), (1e6, 70.0)], "t": [(10.0, 1.0)]}])
def test_points_of_lines_stay_inside_their_axes(series):
    root = ET.fromstring(lines("T", series, x="x", y="y"))
    circles = [each for each in root.iter() if each.tag.endswith("circle")]
    assert len(circles) == sum(map(len, series.values()))
    assert all(80 <= float(each.get("cx")) <= 540 and 60 <= float(each.get("cy")) <= 320 for each in circles)


def test_plots_are_drawn_of_what_is_there():
    assert set(plots(_ROWS)) == {"aliases", "length", "peers-median-us"}
    assert plots([]) == {}


def test_the_page_shows_every_row_and_every_target():
    text = page("2024-06-07", _ABOUT, _ROWS, judge(_ROWS), images=["aliases"])
    assert "| seed, 1,000,000 aliases | 250.0 | 4,000.0 |" in text
    assert r"a\|b & <c>" in text
    assert "| absent |" in text
    assert "not installed" in text
    assert "![aliases](2024-06-07-aliases.svg)" in text
    for target in judge(_ROWS):
        assert f"| {target.name} |" in text


def test_a_record_can_be_read_back(tmp_path):
    json_path, page_path = write("2024-06-07", _ABOUT, _ROWS, judge(_ROWS), folder=tmp_path)
    record = orjson.loads(json_path.read_bytes())
    assert json_path.name == "2024-06-07-test-1cpu.json"
    assert [row["case"] for row in record["rows"]] == [row.case for row in _ROWS]
    assert {target["name"]: target["met"] for target in record["targets"]}["link-1m-interim"] is True
    assert page_path.name == "2024-06-07.md"
    for line in page_path.read_text(encoding="utf-8").splitlines():
        if line.startswith("!["):
            assert (tmp_path / line.rpartition("(")[2].rstrip(")")).is_file()
