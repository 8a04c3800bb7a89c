from __future__ import annotations

import importlib.util
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from streams.catalog.load import load_view
from streams.evaluate.gold import read_gold
from streams.evaluate.link import Link, link_documents, read_predictions
from streams.evaluate.score import Counts, score
from tests.evaluate.strategies import gold, mentions

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


def accepted(mark: dict[str, Any] | None, entity_id: str) -> bool:
    if mark is None or mark["entity_id"] is None:
        return False
    return entity_id == mark["entity_id"] or entity_id in mark.get("also_accepted", [])


def restated(document: dict[str, Any], found: list[dict[str, Any]]) -> dict[str, tuple[int, int, int]]:
    """The rules once more, one after the other, as slowly as they are said."""
    low, high = document.get("evaluation_span") or [0, len(document["text"])]
    # Of several marks on one span, the last.
    marks = {(mark["start"], mark["end"]): mark for mark in document["gold"]}
    links = [link for link in found if link["entity_id"] is not None]

    totals = {"all": [0, 0, 0], "named": [0, 0, 0]}

    def add(place: int, *, named: bool) -> None:
        totals["all"][place] += 1
        totals["named"][place] += named

    spans: list[tuple[int, int]] = []
    for link in links:
        span = (link["start"], link["end"])
        if link["start"] < low or link["end"] > high or span in spans:
            continue
        spans.append(span)
        mark = marks.get(span)
        if mark is not None and (mark["optional"] or mark["coref"]):
            continue
        add(0 if accepted(mark, link["entity_id"]) else 1, named=mark is None or mark["named"])
    for span, mark in marks.items():
        is_counted = mark["entity_id"] is not None and not mark["optional"] and not mark["coref"]
        if not is_counted or span[0] < low or span[1] > high:
            continue
        if not any((each["start"], each["end"]) == span and accepted(mark, each["entity_id"]) for each in links):
            add(2, named=mark["named"])
    return {name: (total[0], total[1], total[2]) for name, total in totals.items()}


def ours(tmp: Path, document: dict[str, Any], found: list[dict[str, Any]]) -> dict[str, tuple[int, int, int]]:
    (tmp / "gold.jsonl").write_text(json.dumps(document) + "\n")
    (tmp / "pred.jsonl").write_text(json.dumps({"id": "d", "mentions": found}) + "\n")
    result = score(read_gold(tmp / "gold.jsonl"), read_predictions(tmp / "pred.jsonl"))
    return {
        name: (counts.right, counts.wrong, counts.missed)
        for name, counts in (("all", result.all), ("named", result.named))
    }


@given(document=gold(), found=mentions())
@settings(max_examples=400, deadline=None)
def test_counts_are_those_of_the_rules(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any], found: list[dict[str, Any]]
) -> None:
    assert ours(tmp_path_factory.getbasetemp(), document, found) == restated(document, found)


def mark(start: int, end: int, entity_id: str | None, **more: object) -> dict[str, Any]:
    return {
        "start": start,
        "end": end,
        "surface": "Apple and Intel"[start:end],
        "entity_id": entity_id,
        "named": True,
        "optional": False,
        "coref": False,
        **more,
    }


def link(start: int, end: int, entity_id: str | None) -> dict[str, Any]:
    return {"start": start, "end": end, "entity_id": entity_id}


@pytest.mark.parametrize(
    ("name", "marks", "links", "expected"),
    [
        ("right", [mark(0, 5, "Q1")], [link(0, 5, "Q1")], (1, 0, 0)),
        ("wrong entity costs twice", [mark(0, 5, "Q1")], [link(0, 5, "Q2")], (0, 1, 1)),
        ("other span", [mark(0, 5, "Q1")], [link(0, 4, "Q1")], (0, 1, 1)),
        ("also accepted", [mark(0, 5, "Q1", also_accepted=["Q2"])], [link(0, 5, "Q2")], (1, 0, 0)),
        ("linked NIL", [mark(0, 5, None)], [link(0, 5, "Q1")], (0, 1, 0)),
        ("NIL never accepts", [mark(0, 5, None, also_accepted=["Q1"])], [link(0, 5, "Q1")], (0, 1, 0)),
        ("unlinked NIL", [mark(0, 5, None)], [link(0, 5, None)], (0, 0, 0)),
        ("optional", [mark(0, 5, "Q1", optional=True)], [link(0, 5, "Q2")], (0, 0, 0)),
        ("coref", [mark(0, 5, "Q1", coref=True)], [], (0, 0, 0)),
        ("no mark", [], [link(0, 5, "Q1")], (0, 1, 0)),
        ("unnamed", [mark(0, 5, "Q1", named=False)], [link(0, 5, "Q2")], (0, 0, 0)),
        ("the first of two links counts", [mark(0, 5, "Q1")], [link(0, 5, "Q2"), link(0, 5, "Q1")], (0, 1, 0)),
    ],
)
def test_rules(
    tmp_path: Path, name: str, marks: list[dict[str, Any]], links: list[dict[str, Any]], expected: tuple[int, int, int]
) -> None:
    document = {"id": "d", "text": "Apple and Intel", "gold": marks}
    assert ours(tmp_path, document, links)["named"] == expected, name


def test_found_counts_marks_that_are_not_scored_too(tmp_path: Path) -> None:
    document = {
        "id": "d",
        "text": "Apple and Intel",
        "gold": [mark(0, 5, "Q1", optional=True), mark(10, 15, "Q2"), mark(6, 9, None)],
    }
    (tmp_path / "gold.jsonl").write_text(json.dumps(document))
    (tmp_path / "pred.jsonl").write_text(json.dumps({"id": "d", "mentions": [link(0, 5, "Q1")]}))
    result = score(read_gold(tmp_path / "gold.jsonl"), read_predictions(tmp_path / "pred.jsonl"))
    assert (result.found, result.marked) == (1, 2)
    assert result.named == Counts(0, 0, 1)


def test_shares_of_nothing_are_zero() -> None:
    assert (Counts().precision, Counts().recall, Counts().f1) == (0, 0, 0)
    assert Counts(3, 1, 2).precision == 3 / 4
    assert Counts(3, 1, 2).recall == 3 / 5
    assert Counts(3, 1, 2).f1 == pytest.approx(2 / 3)


@pytest.fixture(scope="module")
def official(shared_dir: Path) -> ModuleType:
    """The scorer of the data folder."""
    spec = importlib.util.spec_from_file_location("official", shared_dir / "data" / "linking" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "catalog"),
    [
        ("news/dev", "news/catalog.jsonl"),
        ("dev/oke-2015-eval", "news/catalog.jsonl"),
        ("dev/derczynski", "news/catalog.jsonl"),
        ("dev/msnbc-updated", "news/catalog.jsonl"),
    ],
)
def test_figures_are_those_of_the_other_scorer(shared_dir: Path, official: ModuleType, name: str, catalog: str) -> None:
    folder = shared_dir / "data" / "linking"
    path = folder / f"{name}.jsonl"
    documents = read_gold(path)
    links = link_documents(documents, load_view([folder / catalog]))
    # Every third mark is linked to its entity besides, so that there is something right in every set.
    predicted = {
        document.id: [
            *({"start": each.start, "end": each.end, "entity_id": each.entity_id} for each in links[document.id]),
            *(
                {"start": each.start, "end": each.end, "entity_id": each.entity_id}
                for each in document.mentions[::3]
                if each.entity_id is not None
            ),
        ]
        for document in documents
    }
    given_links = {
        key: tuple(Link(each["start"], each["end"], each["entity_id"]) for each in value)
        for key, value in predicted.items()
    }
    raw = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    theirs = official.score(raw, predicted)
    result = score(documents, given_links)
    assert (result.all.right, result.all.wrong, result.all.missed) == (theirs["tp"], theirs["fp"], theirs["fn"])
    for counts, figures in ((result.all, theirs["all"]), (result.named, theirs["named"])):
        assert (round(counts.precision, 3), round(counts.recall, 3), round(counts.f1, 3)) == figures
    assert result.all.right > 0
