"""Learning, on sets that are small enough for a unit test: the fits, cross-validation, the file, the program."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest

from streams.errors import InputError
from streams.evaluate.calibration import equal_width, error
from streams.evaluate.examples import NIL, Example
from streams.evaluate.fit import fit_link, fit_rank
from streams.evaluate.learn import Options, cross_validate, graded_links, learn
from streams.evaluate.link import link_documents
from streams.evaluate.report import report_on
from streams.evaluate.results import Measured, write_results
from streams.evaluate.score import score
from streams.evaluate.sets import SetPlan, TextSet, load_sets
from streams.evaluate.signs import LINK_SIGNS, RANK_SIGNS, bounds
from streams.evaluate.train import load_training_sets, train
from streams.evaluate.weights_file import format_weights, weights_document
from streams.linking.weights import CANDIDATE_FEATURES, LINK_FEATURES, default_weights, parse_weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_FREE = (-math.inf, math.inf)


def test_ranking_learns_what_tells_the_right_candidate() -> None:
    # The second feature tells, the first is noise, the third would tell but may not.
    rows = [((0.0, 1.0, 0.0), (1.0, 0.0, 1.0)), ((1.0, 1.0, 0.0), (0.0, 0.0, 1.0))] * 10
    examples = [Example(row, (1.0,), 0) for row in rows]
    noise, telling, held = fit_rank([(examples, 1.0)], [_FREE, _FREE, (0.0, math.inf)], penalty=0.01)
    assert telling > 1
    assert abs(noise) < 0.01
    assert held == 0


def test_ranking_learns_only_from_choices() -> None:
    choice = Example(((1.0,), (0.0,)), (1.0,), 0)
    single, nil = Example(((-9.0,),), (1.0,), 0), Example(((-9.0,), (9.0,)), (1.0,), NIL)
    with_others = fit_rank([([choice, single, nil], 1.0)], [_FREE], penalty=0.01)
    assert with_others == fit_rank([([choice], 1.0)], [_FREE], penalty=0.01)


def test_linking_learns_the_share_of_right_links() -> None:
    examples = [Example(((1.0,),), (1.0,), 0 if at < 3 else NIL) for at in range(4)]
    (bias,) = fit_link([(examples, 1.0)], [_FREE], penalty=0.1)
    assert 1 / (1 + math.exp(-bias)) == pytest.approx(0.75, abs=1e-3)


def test_linking_counts_only_the_best_as_right() -> None:
    examples = [Example(((1.0,), (2.0,)), (1.0,), 1)] * 3 + [Example(((1.0,),), (1.0,), 0)]
    (bias,) = fit_link([(examples, 1.0)], [_FREE], penalty=0.1)
    assert 1 / (1 + math.exp(-bias)) == pytest.approx(0.25, abs=1e-3)


def test_sets_count_by_their_weight_however_long_they_are() -> None:
    right, wrong = Example(((1.0,),), (1.0,), 0), Example(((1.0,),), (1.0,), NIL)
    (even,) = fit_link([([right] * 50, 1.0), ([wrong], 1.0)], [_FREE], penalty=0.1)
    (leaning,) = fit_link([([right] * 50, 3.0), ([wrong], 1.0)], [_FREE], penalty=0.1)
    assert even == pytest.approx(0, abs=1e-4)
    assert leaning == pytest.approx(math.log(3), abs=1e-3)


def test_every_rule_of_sign_has_a_feature_and_a_reason() -> None:
    for signs, features in ((RANK_SIGNS, CANDIDATE_FEATURES), (LINK_SIGNS, LINK_FEATURES)):
        assert sorted(signs.keys() - set(features)) == []
        assert all(sign.reason != "" and sign.least < sign.most for sign in signs.values())


def test_the_shipped_weights_keep_the_signs() -> None:
    weights = default_weights()
    for values, features, signs in (
        (weights.rank, CANDIDATE_FEATURES, RANK_SIGNS),
        (weights.link, LINK_FEATURES, LINK_SIGNS),
    ):
        pairs = zip(features, values, bounds(features, signs), strict=True)
        assert [name for name, value, (low, high) in pairs if not low - 1e-9 <= value <= high + 1e-9] == []


_CITIES = ("Arvika", "Borlund", "Celimont", "Dravik", "Estoril", "Fanaro")


@pytest.fixture
def sets(write_jsonl: Callable[..., Path]) -> list[TextSet]:
    """Texts about cities that have small namesakes, with a word that is also one of their names."""
    entities = [
        entity
        for at, city in enumerate(_CITIES)
        for entity in (
            {"id": f"Q{at + 1}", "type": "place", "labels": {"en": city}, "prior": 0.9},
            {"id": f"Q{at + 9000001}", "type": "place", "labels": {"en": city}, "prior": 0.01},
        )
    ]
    documents = []
    for at in range(30):
        city, other = _CITIES[at % 6], _CITIES[(at + 1) % 6]
        text = f"The mayor of {city} spoke for an hour, and nobody called it {other.lower()} again. Then {city} slept."
        marks = [
            {"start": start, "end": start + len(city), "surface": city, "entity_id": f"Q{at % 6 + 1}"}
            for start in (text.index(city), text.rindex(city))
        ]
        documents.append({"id": f"d{at}", "language": "en", "text": text, "gold": marks})
    path = write_jsonl("gold.jsonl", *documents)
    write_jsonl("catalog.jsonl", *entities)
    return load_sets([(SetPlan("cities", path.name, "catalog.jsonl", 1.0), path.parent)])


def test_learning_learns_and_is_deterministic(sets: list[TextSet]) -> None:
    notes: list[str] = []
    weights = learn(sets, Options(rounds=1), note=notes.append)
    assert weights == learn(sets, Options(rounds=1), note=lambda _: None)
    links = link_documents(sets[0].documents, sets[0].view, weights=weights)
    assert score(sets[0].documents, links).named.f1 == 1
    assert len(notes) == 2
    assert len(weights.trees) > 0


def test_cross_validation_links_every_document_once(sets: list[TextSet]) -> None:
    found = cross_validate(sets, Options(rounds=1, threshold=0.4), note=lambda _: None, folds=3)
    assert found.thresholds == (0.4, 0.4, 0.4)
    assert found.links["cities"].keys() == {document.id for document in sets[0].documents}
    assert found.scores["cities"] == score(sets[0].documents, found.links["cities"])
    graded = graded_links(sets, found.links)["cities"]
    assert len(graded) == found.scores["cities"].named.right + found.scores["cities"].named.wrong
    assert error(equal_width(graded)) < 0.2


def test_the_program_writes_a_file_that_linking_reads(sets: list[TextSet], tmp_path: Path) -> None:
    target = tmp_path / "weights.json"
    notes: list[str] = []
    learnt = train(sets, target, date="2026-11-23", note=notes.append, options=Options(rounds=1))
    document = json.loads(target.read_text())
    assert parse_weights(document) == learnt
    assert (document["version"], document["date"]) == ("1", "2026-11-23")
    assert document["trained_on"] == ["cities: 30 documents, weight 1"]
    assert list(document["rank"]) == list(CANDIDATE_FEATURES)
    assert list(document["link"]) == list(LINK_FEATURES)
    assert any(line.split() == ["cities", "1.000", "1.000"] for line in notes)


def test_the_same_numbers_keep_version_and_date(sets: list[TextSet]) -> None:
    first = weights_document(default_weights(), [(0.5, 0.4)], trained_on=sets, date="2026-01-01", before=None)
    again = weights_document(default_weights(), [(0.5, 0.4)], trained_on=sets, date="2026-02-02", before=first)
    assert again == first
    other = weights_document(default_weights(), [], trained_on=sets, date="2026-02-02", before=first)
    assert (other["version"], other["date"]) == ("2", "2026-02-02")


def test_the_file_is_one_line_a_number(sets: list[TextSet]) -> None:
    document = weights_document(
        default_weights(), [(0.5, 0.4), (0.9, 0.8)], trained_on=sets, date="2026-01-01", before=None
    )
    written = format_weights(document)
    assert json.loads(written) == document
    assert "[0.5, 0.4]" in written
    assert "-0.0," not in written


def test_without_sets_there_is_nothing_to_learn_from(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to learn from"):
        load_training_sets(tmp_path)


def test_a_dated_result(sets: list[TextSet], tmp_path: Path) -> None:
    validation = cross_validate(sets, Options(rounds=1, threshold=0.4), note=lambda _: None, folds=2)
    links = link_documents(sets[0].documents, sets[0].view)
    report = report_on("cities", sets[0].documents, links, view=sets[0].view, explain=False)
    measured = Measured((report,), {"xct-ar": (3, 4)}, validation, graded_links(sets, validation.links))
    page = write_results(measured, tmp_path / "results", date="2026-11-23").read_text()
    assert "| cities | " in page
    assert "| xct-ar | 3 of 4 | 0.750 |" in page
    assert "unrealistically well" in page
    assert "ELEVANT" in page
    for kind in ("json", "svg"):
        assert f"2026-11-23-linking.{kind}" in page
        assert (tmp_path / "results" / f"2026-11-23-linking.{kind}").is_file()
    data: dict[str, Any] = json.loads((tmp_path / "results" / "2026-11-23-linking.json").read_text())
    assert data["cross_validated"]["sets"]["cities"]["named"]["f1"] == 1
    assert "- [Linking, 2026-11-23](2026-11-23-linking.md)" in (tmp_path / "results" / "README.md").read_text()
    # Texts of others are not copied.
    assert "mayor" not in json.dumps(data)
