"""The page goes beside the figures."""

from __future__ import annotations

import orjson

from chaos.soak.__main__ import write_page
from tests.chaos.soak.test_page import document  # noqa: F401 - a fixture


def test_page_and_plot_lie_beside_the_figures(tmp_path, document):  # noqa: F811 - likewise
    figures = tmp_path / "2026-11-24-soak.json"
    figures.write_bytes(orjson.dumps(document))
    write_page(figures, notes=["It rained."])
    page = (tmp_path / "2026-11-24-soak.md").read_text()
    assert 'make soak SOAK="--minutes 4 --json 2026-11-24-soak.json"' in page
    assert "](2026-11-24-soak.svg)" in page
    assert (tmp_path / "2026-11-24-soak.svg").read_text().startswith("<svg")
