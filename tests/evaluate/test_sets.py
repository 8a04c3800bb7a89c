from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from streams.evaluate.sets import HELD_OUT, OWN, SHARED, SetPlan, TextSet, load_sets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def document(name: str, entity_id: str) -> dict[str, Any]:
    mark = {"start": 0, "end": 1, "surface": "x", "entity_id": entity_id}
    return {"id": name, "language": "en", "text": "xyz", "gold": [mark]}


@pytest.fixture
def load(write_jsonl: Callable[..., Path]) -> Callable[..., TextSet]:
    def loaded(**options: Any) -> TextSet:
        path = write_jsonl("g.jsonl", *(document(f"d{at}", f"Q{at // 4 + 1}") for at in range(40)))
        write_jsonl("c.jsonl", {"id": "Q1", "type": "other", "labels": {"en": "xylophone"}})
        (only,) = load_sets([(SetPlan("s", path.name, "c.jsonl", 1.0, **options), path.parent)])
        return only

    return loaded


def test_every_document_is_measured_on_once(load: Callable[..., TextSet]) -> None:
    loaded = load()
    tested = []
    for learnt_from, measured_on in loaded.split(5):
        assert {each.id for each in learnt_from}.isdisjoint(each.id for each in measured_on)
        assert len(learnt_from) + len(measured_on) == 40
        tested.extend(each.id for each in measured_on)
    assert sorted(tested) == sorted(each.id for each in loaded.documents)
    assert [len(measured_on) for _, measured_on in loaded.split(5)] == [8] * 5


def test_a_split_is_the_same_every_time(load: Callable[..., TextSet]) -> None:
    loaded = load()
    assert loaded.split(5) == loaded.split(5)


def test_questions_about_one_entity_stay_together(load: Callable[..., TextSet]) -> None:
    for learnt_from, measured_on in load(is_partial=True).split(5):
        known = {each.mentions[0].entity_id for each in learnt_from}
        assert all(each.mentions[0].entity_id not in known for each in measured_on)


def test_a_sample_is_a_fixed_part(load: Callable[..., TextSet]) -> None:
    first = [each.id for each in load(sample=10).documents]
    assert len(first) == 10
    assert first == [each.id for each in load(sample=10).documents]
    assert first != [f"d{at}" for at in range(10)]


def test_a_set_that_is_not_there_is_left_out(tmp_path: Path) -> None:
    assert load_sets([(plan, tmp_path) for plan in (*SHARED, *OWN, *HELD_OUT)]) == []


def test_a_catalogue_is_loaded_once(write_jsonl: Callable[..., Path]) -> None:
    path = write_jsonl("g.jsonl", document("a", "Q1"))
    write_jsonl("c.jsonl", {"id": "Q1", "type": "other", "labels": {"en": "xylophone"}})
    first, second = load_sets([(SetPlan(name, path.name, "c.jsonl", 1.0), path.parent) for name in ("s", "t")])
    assert first.view is second.view


def test_nothing_is_learnt_from_what_is_held_out() -> None:
    assert {plan.gold for plan in HELD_OUT}.isdisjoint(plan.gold for plan in (*SHARED, *OWN))
