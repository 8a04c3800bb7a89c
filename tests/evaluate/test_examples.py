from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from streams.evaluate.examples import NIL, Example, examples_of
from streams.evaluate.gold import read_gold
from streams.linking.weights import CANDIDATE_FEATURES, LINK_FEATURES, default_weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streams.catalog.snapshot import SnapshotView

_TEXT = "Apple hired Tim Cook in London."


def marked(surface: str, entity_id: str | None, **more: Any) -> dict[str, Any]:
    start = _TEXT.index(surface)
    return {"start": start, "end": start + len(surface), "surface": surface, "entity_id": entity_id, **more}


@pytest.fixture
def examples(write_jsonl: Callable[..., Path], view: SnapshotView) -> Callable[..., list[Example]]:
    def made(*marks: dict[str, Any], partial: bool = False, **more: Any) -> list[Example]:
        path = write_jsonl("g.jsonl", {"id": "a", "language": "en", "text": _TEXT, "gold": list(marks), **more})
        return list(examples_of(read_gold(path), view, default_weights(), is_partial=partial))

    return made


def test_answers(examples: Callable[..., list[Example]]) -> None:
    # In the order of the text: Apple with two candidates, Tim Cook with one, Cook by itself, London with two.
    without = examples()
    assert {each.answer for each in without} == {NIL}
    assert {len(each.candidates) for each in without} == {1, 2}
    with_mark = examples(marked("London", "Q92561"))
    assert [each.answer for each in with_mark].count(NIL) == len(with_mark) - 1
    (answer,) = (each.answer for each in with_mark if each.answer != NIL)
    assert answer in {0, 1}


def test_features_are_those_of_linking(examples: Callable[..., list[Example]]) -> None:
    for each in examples():
        assert len(each.features) == len(LINK_FEATURES)
        assert all(len(row) == len(CANDIDATE_FEATURES) for row in each.candidates)


@pytest.mark.parametrize("flag", [{"optional": True}, {"coref": True}, {"named": False}])
def test_marks_that_are_not_scored_teach_nothing(examples: Callable[..., list[Example]], flag: dict[str, bool]) -> None:
    assert len(examples(marked("London", "Q84", **flag))) == len(examples()) - 1


def test_an_entity_that_is_no_candidate_is_nil(examples: Callable[..., list[Example]]) -> None:
    assert {each.answer for each in examples(marked("London", "Q1"))} == {NIL}


def test_what_lies_inside_a_marked_mention_teaches_nothing(examples: Callable[..., list[Example]]) -> None:
    plain, covered = examples(), examples(marked("Tim Cook", "Q265852"))
    inner = sum(each.answer == NIL for each in plain) - sum(each.answer == NIL for each in covered)
    assert len(covered) == len(plain) - inner + 1
    assert sum(each.answer != NIL for each in covered) == 1


def test_in_a_partial_set_only_what_touches_a_mark_teaches(examples: Callable[..., list[Example]]) -> None:
    (only,) = examples(marked("London", "Q84"), partial=True)
    assert only.answer != NIL


def test_what_lies_outside_the_part_that_is_scored_teaches_nothing(examples: Callable[..., list[Example]]) -> None:
    assert len(examples(evaluation_span=[0, 5])) == 1
