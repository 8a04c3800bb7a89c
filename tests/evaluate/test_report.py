"""What is measured on a set: errors and their kinds, parts, phenomena; as JSON; and compared."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from streams.errors import InputError
from streams.evaluate.compare import compare, read_measurement
from streams.evaluate.document import FORMAT, as_document
from streams.evaluate.errors import outcomes
from streams.evaluate.gold import GoldDocument, read_gold
from streams.evaluate.link import Link, LinksById, link_documents
from streams.evaluate.report import SetReport, report_on
from streams.linking.weights import default_weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streams.catalog.snapshot import SnapshotView

_TEXT = "Apple hired Tim Cook in London. Zorvex and an apple fell; Cupertino slept."


def marked(surface: str, entity_id: str | None, *phenomena: str) -> dict[str, Any]:
    start = _TEXT.index(surface)
    return {
        "start": start,
        "end": start + len(surface),
        "surface": surface,
        "entity_id": entity_id,
        "named": True,
        "optional": False,
        "coref": False,
        "phenomena": list(phenomena),
    }


@pytest.fixture
def documents(write_jsonl: Callable[..., Path]) -> list[GoldDocument]:
    marks = [
        marked("Apple", "Q312", "ambiguous"),
        marked("Tim Cook", "Q265852"),
        marked("London", "Q92561", "ambiguous"),
        marked("Zorvex", None, "nil"),
        marked("Cupertino", "Q84", "variant"),
    ]
    return read_gold(write_jsonl("g.jsonl", {"id": "a", "language": "en", "text": _TEXT, "gold": marks}))


def linked(surface: str, entity_id: str, confidence: float | None = 0.5) -> Link:
    start = _TEXT.index(surface)
    return Link(start, start + len(surface), entity_id, confidence)


@pytest.fixture
def links() -> LinksById:
    return {
        "a": (
            linked("Apple", "Q312", 0.9),
            linked("London", "Q84"),
            linked("Zorvex", "Q89"),
            linked("apple", "Q89"),
        )
    }


@pytest.fixture
def report(documents: list[GoldDocument], links: LinksById, view: SnapshotView) -> SetReport:
    return report_on("set", documents, links, view=view, explain=True)


def test_every_error_has_its_kind(report: SetReport) -> None:
    assert [(each.surface, each.kind, each.gold, each.found) for each in report.outcomes] == [
        ("Apple", "right", "Q312", "Q312"),
        ("Tim Cook", "missed: overlapped", "Q265852", None),
        ("London", "wrong entity", "Q92561", "Q84"),
        ("Zorvex", "link on a NIL", None, "Q89"),
        ("apple", "no gold there", None, "Q89"),
        ("Cupertino", "missed: no candidate", "Q84", None),
    ]


def test_a_mention_below_the_threshold_says_so(
    documents: list[GoldDocument], view: SnapshotView, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No probability reaches this threshold.
    weights = replace(default_weights(), threshold=1.1)
    monkeypatch.setattr("streams.linking.enrich.default_weights", lambda: weights)
    links = link_documents(documents, view)
    assert links == {"a": ()}
    found = {each.surface: each for each in outcomes(documents, links, view=view)}
    assert found["Apple"].kind == "missed: below threshold"
    assert "best: Apple (Q312)" in found["Apple"].why
    assert found["Cupertino"].kind == "missed: no candidate"


def test_of_links_from_elsewhere_nobody_knows_why_one_is_missing(
    documents: list[GoldDocument], links: LinksById, view: SnapshotView
) -> None:
    report = report_on("set", documents, links, view=view, explain=False)
    assert {each.kind for each in report.outcomes if each.found is None} == {"missed"}


def test_the_costliest_error_comes_first(report: SetReport) -> None:
    first = report.confusions[0]
    assert (first.kind, first.surface, first.gold, first.found, first.count) == (
        "wrong entity",
        "London",
        "Q92561",
        "Q84",
        1,
    )
    assert (first.examples[0].before, first.examples[0].after[:5]) == ("Apple hired Tim Cook in ", ". Zor")
    assert [each.cost for each in report.confusions] == [2, 1, 1, 1, 1]


def test_parts(report: SetReport) -> None:
    assert [(part.name, part.counts.right, part.counts.wrong, part.counts.missed) for part in report.languages] == [
        ("en", 1, 3, 3)
    ]
    types = {part.name: (part.counts.right, part.counts.wrong, part.counts.missed) for part in report.types}
    assert types == {"organization": (1, 0, 0), "place": (0, 1, 2), "other": (0, 2, 0), "person": (0, 0, 1)}


def test_phenomena_count_mentions_that_are_treated_right(report: SetReport) -> None:
    treated = {name: (handled.right, handled.marked) for name, handled in report.phenomena.items()}
    assert treated == {"ambiguous": (1, 2), "nil": (0, 1), "variant": (0, 1)}


def test_an_unlinked_nil_is_treated_right(documents: list[GoldDocument], view: SnapshotView) -> None:
    report = report_on("set", documents, {}, view=view, explain=False)
    assert report.phenomena["nil"].right == 1
    assert report.score.named.missed == 4


def as_json(report: SetReport, name: str) -> dict[str, Any]:
    return as_document([report], name=name, linker="l", catalog="c")


def test_json_holds_figures_and_mentions(report: SetReport) -> None:
    document = as_json(report, "run")
    assert json.loads(json.dumps(document)) == document
    assert document["format"] == FORMAT
    part = document["sets"]["set"]
    assert part["named"] == {"precision": 0.25, "recall": 0.25, "f1": 0.25, "right": 1, "wrong": 3, "missed": 3}
    assert (part["found"], part["marked"], part["found_share"]) == (1, 4, 0.25)
    assert part["calibration"]["links"] == 4
    assert part["calibration"]["bins"] == 15
    # One of three at 0.5 would have to be right, and is not; the one at 0.9 is.
    assert part["calibration"]["equal_width"]["expected_calibration_error"] == pytest.approx((3 * 0.5 + 0.1) / 4)
    assert len(part["mentions"]) == 6
    assert sum(part["errors"].values()) == 5


def test_no_confidence_no_calibration(documents: list[GoldDocument], view: SnapshotView) -> None:
    links = {"a": (linked("Apple", "Q312", None),)}
    report = report_on("set", documents, links, view=view, explain=False)
    assert as_json(report, "run")["calibration"] is None


def test_what_changed(documents: list[GoldDocument], links: LinksById, report: SetReport, view: SnapshotView) -> None:
    later = {"a": (linked("Apple", "Q89"), linked("Tim Cook", "Q265852"), linked("London", "Q84"))}
    after = report_on("set", documents, later, view=view, explain=True)
    found = compare(as_json(report, "old"), as_json(after, "new"))
    assert (found.before, found.after) == ("old", "new")
    assert found.sets[0].before == (0.25, 0.25, 0.25)
    assert found.sets[0].after == pytest.approx((1 / 3, 1 / 4, 2 / 7), abs=1e-4)
    assert {change.surface for change in found.better} == {"Tim Cook", "Zorvex", "apple"}
    assert [(change.surface, change.before, change.after) for change in found.worse] == [
        ("Apple", "right", "wrong entity")
    ]
    assert found.other == ()


def test_sets_that_only_one_has_are_named(report: SetReport) -> None:
    old, new = as_json(report, "old"), as_json(report, "new")
    new["sets"]["more"] = new["sets"]["set"]
    found = compare(old, new)
    assert found.only == ("more",)
    assert (found.better, found.worse, found.other) == ((), (), ())


def test_only_a_measurement_is_compared(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for content, message in ((b"[]", "no measurement"), (b"{", "cannot be read"), (b'{"format": "x"}', FORMAT)):
        path.write_bytes(content)
        with pytest.raises(InputError, match=message):
            read_measurement(path)
