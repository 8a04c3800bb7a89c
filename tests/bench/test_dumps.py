"""Generated dumps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from bench.dumps import FIRST_ID, dump_lines, write_dump
from streams.catalog.sources.wikidata.dump import Dump
from streams.events.entity import check_entity_id

if TYPE_CHECKING:
    from pathlib import Path


def test_the_same_seed_gives_the_same_dump_with_the_sizes_of_real_lines() -> None:
    lines = list(dump_lines(800))
    assert lines == list(dump_lines(800))
    assert lines != list(dump_lines(800, seed=1))
    assert (lines[0], lines[-1]) == (b"[\n", b"]\n")
    items = [orjson.loads(line.rstrip(b",\n")) for line in lines[1:-1]]
    assert [int(check_entity_id(item["id"])[1:]) - FIRST_ID for item in items] == list(range(1, 801))
    sizes = sorted(map(len, lines[1:-1]))
    assert 4_000 < sizes[400] < 9_000
    assert 9_000 < sum(sizes) / 800 < 16_000
    assert 0.3 < sum(len(item["sitelinks"]) > 0 for item in items) / 800 < 0.55
    assert any("P279" in item["claims"] for item in items)


def test_a_dump_is_compressed_as_its_name_says(tmp_path: Path) -> None:
    for name in ("d.json", "d.json.gz", "d.json.zst"):
        size = write_dump(tmp_path / name, 30)
        assert sum(len(block.data) for block in Dump.open(tmp_path / name).blocks()) == size
