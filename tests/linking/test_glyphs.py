from __future__ import annotations

import pytest

from streams.events.entity import Entity
from streams.linking.fold import fold_text
from streams.linking.glyphs import glyph_key, glyphs
from tests.linking.world import compiled, tagged


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("겨울의 정원", "겨울의정원", "ko"),
        ("ブルー・ガーデン", "ブルーガーデン", "ja"),
        ("ブルー・ガーデン", "ブルー ガーデン", "ja"),
        ("ヴェリタス社の謎", "ベリタス社の謎", "ja"),
        ("ネオ・ヴラド", "ネオ・ブラド", "ja"),
        ("コンピュータゲーム", "コンピューターゲーム", "ja"),
        ("安娜·貝克", "安娜貝克", "zh"),
        ("第3號花園", "第三號花園", "zh"),
        ("第三の庭園", "第3の庭園", "ja"),
        ("제5번 협주곡", "5번 협주곡", "ko"),
        ("แฮร์รี่ มอร์แกน", "แฮร์รี มอร์แกน", "th"),
        ("ความทรงจำของสายลม", "ความทรงจําของสายลม", "th"),
    ],
)
def test_spellings_share_a_key(one: str, other: str, language: str) -> None:
    key = glyph_key(fold_text(one), language)
    assert key is not None
    assert glyphs(fold_text(other))[0] == key


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("서울", "ko"),
        ("三月花園曲", "zh"),
        ("東京大学", "ja"),
        ("ソニー", "ja"),
        ("北京大学", "zh"),
        ("กรุง", "th"),
        ("", "ko"),
        ("·", "zh"),
    ],
)
def test_what_is_short_or_cannot_vary_has_no_key(name: str, language: str) -> None:
    assert glyph_key(fold_text(name), language) is None


@pytest.mark.parametrize(
    ("name", "text", "language", "found"),
    [
        ("겨울의 정원", "겨울의정원은 언제 나왔나요?", "ko", [("겨울의정원", 1)]),
        ("겨울의 정원", "소설 《겨울의정원》의 작가", "ko", [("겨울의정원", 0)]),
        ("겨울의 정원", "한겨울의정원은 춥다", "ko", []),
        ("겨울의 정원", "겨울의정원사가 왔다", "ko", []),
        ("ブルー・ガーデン", "映画ブルーガーデンの監督", "ja", [("ブルーガーデン", 0)]),
        ("ブルー・ガーデン", "ブルーガーデナーの一日", "ja", []),
        ("安娜·貝克", "請問安娜貝克是誰？", "zh", [("安娜貝克", 0)]),
    ],
)
def test_a_variant_stands_as_a_word(name: str, text: str, language: str, found: list[tuple[str, int]]) -> None:
    spans = tagged(compiled([Entity("Q1", "work", {language: name})]), text, language)
    assert [(span.surface, span.ending) for span in spans] == found
    assert all(span.is_variant for span in spans)
