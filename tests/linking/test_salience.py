from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.linking.salience import Salience, rounded

Place = tuple[str, str, int]


def _mention(entity_id: str, start: int = 0, field: str = "body") -> Place:
    return entity_id, field, start


def salience(mentions: list[Place], body_length: int) -> dict[str, float]:
    measured = Salience(body_length)
    for mention in mentions:
        measured.note(*mention)
    return measured.shares()


@given(st.lists(st.tuples(st.sampled_from(["Q1", "Q2", "Q3"]), st.integers(0, 999), st.booleans()), max_size=30))
def test_shares_add_up_to_one(drawn: list[tuple[str, int, bool]]) -> None:
    mentions = [_mention(entity_id, start, "title" if is_title else "body") for entity_id, start, is_title in drawn]
    shares = salience(mentions, 1_000)
    assert list(shares) == list(dict.fromkeys(entity_id for entity_id, _, _ in drawn))
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
def test_what_weighs_more(more: list[Place], less: list[Place]) -> None:
    shares = salience([*less, *more], 1_000)
    assert shares["Q1"] > shares["Q2"]


def test_mentions_are_counted() -> None:
    measured = Salience(10)
    assert measured.shares() == {}
    for entity_id, start in (("Q1", 0), ("Q2", 3), ("Q1", 9)):
        measured.note(entity_id, "body", start)
    assert [measured.count(entity_id) for entity_id in measured.shares()] == [2, 1]


def test_an_article_without_a_body_has_a_title() -> None:
    assert salience([_mention("Q1", 0, "title"), _mention("Q2", 3, "title")], 0) == {"Q1": 0.5, "Q2": 0.5}


@given(st.floats(0, 1) | st.integers(0, 20_000).map(lambda number: number / 20_000))
def test_rounding_is_what_python_calls_rounding(value: float) -> None:
    assert repr(rounded(value)) == repr(round(value, 4))
