"""What tells of an entity wherever its form stands."""

from __future__ import annotations

import pytest

from streams.linking.meanings import told_by_type, told_by_use
from streams.linking.tag import tag
from streams.linking.text import Text
from streams.linking.uses import uses_of
from streams.linking.weights import CANDIDATE_FREE
from tests.linking.world import compiled, entity


def _told(text: str, *, adjective: bool = False, **fields: object) -> dict[str, float]:
    view = compiled([entity(fields.pop("id", "Q1"), "place", "Arden", **fields)])
    span = next(span for span in tag(Text("body", text, "en"), view, "en") if span.form is not None)
    [use] = uses_of(span, view.postings(span.form), view, "en")
    told = told_by_use(use, span, adjective=adjective)
    return dict(zip(CANDIDATE_FREE, told, strict=False))


@pytest.mark.parametrize(
    ("type_", "told"),
    [
        ("person", (1.0, 0.0, 0.0)),
        ("organization", (0.0, 1.0, 0.0)),
        ("place", (0.0, 0.0, 1.0)),
        ("work", (0.0, 0.0, 0.0)),
    ],
)
def test_what_its_type_tells(type_: str, told: tuple[float, float, float]) -> None:
    view = compiled([entity("Q1", type_, "Arden")])
    [card] = [view.card(number) for number in range(2) if view.card(number).entity_id == "Q1"]
    assert told_by_type(card) == told


def test_what_its_use_tells() -> None:
    told = _told("in Arden", prior=0.01)
    assert (told["exact"], told["label"], told["language"], told["obscure"]) == (1.0, 1.0, 1.0, 1.0)
    assert _told("in ARDEN")["exact"] == 0.0


def test_an_early_item_is_told_from_a_late_one_and_an_id_of_our_own_from_both() -> None:
    first, own, late = (_told("in Arden", id=id_)["early"] for id_ in ("Q64", "local:arden", "Q99999999"))
    assert first == 1.0 > own > late >= 0.0
