from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.events.enriched import Mention
from streams.linking.salience import rounded, salience


def _mention(entity_id: str | None, start: int = 0, field: str = "body") -> Mention:
    return Mention(field, start, start + 1, "x", "other", entity_id, 0.9)


@given(st.lists(st.tuples(st.sampled_from(["Q1", "Q2", "Q3", None]), st.integers(0, 999), st.booleans()), max_size=30))
def test_shares_add_up_to_one(drawn: list[tuple[str | None, int, bool]]) -> None:
    mentions = [_mention(entity_id, start, "title" if is_title else "body") for entity_id, start, is_title in drawn]
    shares = salience(mentions, 1_000)
    assert set(shares) == {entity_id for entity_id, _, _ in drawn if entity_id is not None}
    assert all(0.0 < share <= 1.0 for share in shares.values())
    assert len(shares) == 0 or sum(shares.values()) == pytest.approx(1.0, abs=1e-4 * len(shares))


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ([_mention("Q1", 0, "title")], [_mention("Q2", 0)]),
        ([_mention("Q1", 0)], [_mention("Q2", 900)]),
        ([_mention("Q1", 500), _mention("Q1", 600)], [_mention("Q2", 400)]),
        ([_mention("Q1", 0, "title")], [_mention("Q2", 500), _mention("Q2", 600)]),
    ],
    ids=["title", "beginning", "twice", "title before two"],
)
def test_what_weighs_more(more: list[Mention], less: list[Mention]) -> None:
    shares = salience([*less, *more], 1_000)
    assert shares["Q1"] > shares["Q2"]


def test_names_without_an_entity_count_nothing() -> None:
    assert salience([_mention(None), _mention("Q1")], 10) == {"Q1": 1.0}
    assert salience([_mention(None)], 10) == {}


def test_an_article_without_a_body_has_a_title() -> None:
    assert salience([_mention("Q1", 0, "title"), _mention("Q2", 3, "title")], 0) == {"Q1": 0.5, "Q2": 0.5}


@given(st.floats(0, 1) | st.integers(0, 20_000).map(lambda number: number / 20_000))
def test_rounding_is_what_python_calls_rounding(value: float) -> None:
    assert repr(rounded(value)) == repr(round(value, 4))
