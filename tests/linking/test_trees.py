from __future__ import annotations

import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from librt.vecs import vec

from streams.linking.trees import grow
from streams.linking.weights import LINK_FEATURES, default_weights

_STUMP = ["b", 0.5, 0.25, [-1.0], [1.5]]
_DEEP = ["a", 1.0, 0.1, ["b", 2.0, -0.2, [-0.5], [0.25]], [2.0]]


@pytest.mark.parametrize(
    ("trees", "row", "said"),
    [
        ([], (0.0, 0.0), 0.0),
        ([[0.5]], (0.0, 0.0), 0.5),
        ([_STUMP], (9.0, 0.4), -1.0),
        ([_STUMP], (9.0, 0.5), 1.5),
        ([_DEEP], (0.5, 1.0), -0.5),
        ([_DEEP], (0.5, 2.0), 0.25),
        ([_DEEP], (1.0, 0.0), 2.0),
        ([_STUMP, _DEEP, [0.5]], (0.0, 3.0), 2.25),
    ],
)
def test_trees_are_asked_and_added(trees: list, row: tuple[float, ...], said: float) -> None:
    assert grow(trees, ("a", "b")).sum(vec[float](row)) == said


@given(st.lists(st.floats(-3, 3), min_size=2, max_size=2))
def test_what_features_tell_adds_up_to_what_trees_say(row: list[float]) -> None:
    trees = grow([_STUMP, _DEEP], ("a", "b"))
    assert sum(trees.contributions(row, 0)) == pytest.approx(trees.sum(vec[float](row)))


@given(st.lists(st.floats(-3, 3), min_size=2, max_size=2), st.lists(st.booleans(), min_size=2, max_size=2))
def test_trees_that_were_asked_in_part_go_on_from_there(row: list[float], known: list[bool]) -> None:
    trees = grow([_STUMP, _DEEP, [0.5]], ("a", "b"))
    there = vec[float]([value if is_known else 9.0 for value, is_known in zip(row, known, strict=True)])
    told, nodes = trees.narrow(there, known)
    assert told + trees.finish(vec[float](row), nodes) == pytest.approx(trees.sum(vec[float](row)))
    assert len(nodes) <= (0 if all(known) else 2)


def test_a_feature_tells_what_its_questions_change() -> None:
    trees = grow([_DEEP], ("a", "b", "bias"))
    # From 0.1 to -0.2 by a, from there to 0.25 by b; what all rows get goes to the bias.
    assert trees.contributions((0.0, 3.0, 1.0), 2) == pytest.approx([-0.3, 0.45, 0.1])


def test_trees_that_say_the_same_are_equal() -> None:
    assert grow([_STUMP], ("a", "b")) == grow([_STUMP], ("a", "b"))
    assert grow([_STUMP], ("a", "b")) != grow([_DEEP], ("a", "b"))
    assert len(grow([_STUMP, _DEEP], ("a", "b"))) == 2


def test_the_shipped_trees_ask_for_features_that_there_are() -> None:
    document = json.loads(files("streams.linking").joinpath("weights.json").read_bytes())
    waiting, asked = list(document["trees"]), set()
    while len(waiting) > 0:
        node = waiting.pop()
        if len(node) > 1:
            asked.add(node[0])
            waiting += node[3:]
    assert len(default_weights().trees) == len(document["trees"]) > 0
    assert asked <= set(LINK_FEATURES)
