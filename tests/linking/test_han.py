from __future__ import annotations

from importlib.resources import files

import pytest

from streams.events.entity import Entity
from streams.linking.fold import fold, fold_text
from streams.linking.han import SIMPLIFIED
from tests.linking.world import VARIANTS, compiled, link, linked, named
from tests.support.han import make_table


def test_the_table_is_that_of_opencc() -> None:
    table = files("streams.linking").joinpath("han.txt").read_text(encoding="utf-8")
    assert table == make_table(), "write it anew with `python -m tests.support.han`"


def test_what_is_simplified_is_simple() -> None:
    assert len(SIMPLIFIED) > 2_900
    assert SIMPLIFIED.keys().isdisjoint(SIMPLIFIED.values())


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("國際貨幣基金組織", "国际货币基金组织"),
        ("臺灣", "台湾"),
        # A compatibility form of a traditional character, and a text in which kana are composed.
        ("\uf902", "车"),
        ("か\u3099國", "が国"),
    ],
)
def test_both_writings_fold_alike(traditional: str, simplified: str) -> None:
    assert fold_text(traditional) == fold_text(simplified)


def test_the_way_back_leads_to_what_was_written() -> None:
    folded = fold("在聯合國說")
    assert folded.source[slice(*folded.span(1, 4))] == "聯合國"


def test_two_names_that_fold_alike_are_told_apart_as_written() -> None:
    people = {"Q2": "余光", "Q3": "餘光"}
    view = compiled(Entity(entity_id, "person", {"zh": name}, prior=0.8) for entity_id, name in people.items())
    for entity_id, name in people.items():
        assert linked(link(view, f"他看見{name}走來", language="zh")) == [(name, entity_id)]


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_a_name_is_found_in_the_other_writing(variant) -> None:
    view = variant([named("國際貨幣基金組織", type_="organization")])
    assert linked(link(view, "国际货币基金组织表示，经济增长放缓。", language="zh")) == [("国际货币基金组织", "Q1")]
