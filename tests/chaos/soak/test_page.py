"""The page and the plot say what the figures say."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from chaos.soak.page import page, panels, plot


@pytest.fixture
def document():
    return {
        "date": "2026-11-24",
        "machine": {"cores": 2, "kafka": "4.4.0", "python": "3.11.7"},
        "plan": {"minutes": 4.0, "warm_up": 1.0, "share": 0.8},
        "capacity": {"per_second": 1_234.5, "seconds": 40.0, "articles": 9_000, "cpu_s_per_million": 4_000.0},
        "rate": 987.6,
        "sender": {"sent": 1_000, "refused": 0, "late_s": 5.1},
        "check": {
            "acknowledged": 1_000,
            "seen": 999,
            "enriched": 1_010,
            "dead": 1,
            "duplicates": 7,
            "relinked": 5,
            "problems": {"lost": 1},
            "words": ["lost: one <record>"],
            "versions": 3,
        },
        "edits": 3,
        "ends": [[75, 90.0]],
        "stalls": [
            {"kind": "worker-frozen", "at": 70.0, "until": 75.0, "level": 9, "most": 99, "back": 88.0},
            {"kind": "broker-paused", "at": 130.0, "until": 140.0, "level": 9, "most": 199, "back": None},
        ],
        "minutes": [
            {
                "number": number,
                "count": 5,
                "p50": 10,
                "p95": 20,
                "p99": 30 + number,
                "most": 50,
                "is_quiet": number != 2,
            }
            for number in range(4)
        ],
        "samples": [
            {"at": 4.0 * at, "pss": 100.0, "rss": 120.0, "lag": None if at == 5 else 9, "cpu": 1.0, "pid": 3}
            for at in range(60)
        ],
        "verdicts": [{"name": "soak-lag", "is_met": False, "figure": "1 records", "bar": "0 at the end"}],
    }


def test_the_page_holds_every_figure(document):
    text = page(document, command="make soak", plot_name="p.svg", notes=["It rained."])
    assert "| soak-lag | missed | 1 records | 0 at the end |" in text
    assert "| worker-frozen | 1.2 | 5 | 9 | 99 | 13 |" in text
    assert "| broker-paused | 2.2 | 10 | 9 | 199 | never |" in text
    assert "1,000 records were acknowledged to the sender, and 999 have an outcome" in text
    assert "1 times: with 75 after 1.5 minutes" in text
    assert "| all, 2, medians | 10 | 20 | 32 | 50 |" in text
    assert {"$ make soak", "![memory, latency and lag](p.svg)", "It rained."} <= set(text.splitlines())


def test_a_worker_that_never_ended_is_said_so(document):
    assert "never ended" in page({**document, "ends": []}, command="make soak", plot_name="p.svg")


def test_the_plot_is_xml_with_three_panels(document):
    root = ET.fromstring(plot(document))
    lines = [each for each in root if each.tag.endswith("polyline")]
    assert len(lines) == 3
    assert len(lines[0].attrib["points"].split()) == len(document["samples"])
    assert len(lines[2].attrib["points"].split()) == len(document["samples"]) - 1


def test_a_panel_without_points_is_drawn():
    assert ET.fromstring(panels("a < b", [("none", [], [])], [], end=1.0)) is not None
