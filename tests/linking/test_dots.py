from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.linking.dots import undotted
from streams.linking.text import Text
from tests.linking.strategies import any_text
from tests.linking.world import VARIANTS, named, tagged


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("哈利波特", "他讀哈利·波特。", ["哈利·波特"]),
        ("哈利波特", "他讀哈利・波特。", ["哈利・波特"]),
        ("哈利波特", "他讀哈利•波特。", ["哈利•波特"]),
        ("哈利波特", "他讀哈利⋅波特。", ["哈利⋅波特"]),
        ("哈利波特", "他讀哈利･波特。", ["哈利･波特"]),
        ("安娜貝克福斯特", "聽說安娜·貝克·福斯特來了", ["安娜·貝克·福斯特"]),
        ("哈利波特", "他讀哈利 波特。", []),
        ("哈利波特", "他讀哈利。波特", []),
        # Too short to tell.
        ("波特", "他讀波·特。", []),
    ],
)
@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_a_name_without_dots_is_found_where_a_text_has_them(variant, name: str, text: str, found: list[str]) -> None:
    spans = tagged(variant([named(name)]), text, "zh")
    assert [span.surface for span in spans] == found
    assert all(span.is_variant for span in spans)


def test_dots_are_dropped_in_chinese_alone() -> None:
    assert tagged(VARIANTS["compiled"]([named("Arden Vale")]), "so Ar·den Vale", "en") == []


@given(st.lists(any_text | st.sampled_from(["哈利·波特", "·", " ", "国・"])).map("".join))
@settings(deadline=None, max_examples=60)
def test_every_letter_leads_back_to_where_it_stands(source: str) -> None:
    text = Text("body", source, "zh")
    bare = undotted(text)
    if bare is None:
        return
    body = text.folded.text
    places = [bare.span(at, at + 1) for at in range(len(bare.key))]
    assert "".join(body[low:high] for low, high in places) == bare.key
    assert places == sorted(places)
    assert all(0 <= start < len(bare.key) for start in bare.starts)
