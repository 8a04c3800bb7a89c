from __future__ import annotations

import math
from dataclasses import replace

import pytest

np = pytest.importorskip("numpy")

from librt.vecs import vec  # noqa: E402

from streams.evaluate.boost import Boosting, boost  # noqa: E402
from streams.linking.trees import grow  # noqa: E402

_FREE = (-math.inf, math.inf)
_UP = (0.0, math.inf)
_NAMES = ("one", "other")
_PLAIN = Boosting(trees=40, depth=2, rate=0.3, rows=1.0, columns=1.0, penalty=1.0, least=1.0)


def _learn(rows, right, bounds, options=_PLAIN):
    rows, right = np.array(rows, float), np.array(right, float)
    trees = boost(rows, right, np.ones(len(rows)), np.zeros(len(rows)), bounds, _NAMES, options)
    return trees, [grow(trees, _NAMES).sum(vec[float](row)) for row in rows.tolist()]


def test_trees_learn_what_no_line_can_say() -> None:
    rows = [(0, 0), (0, 1), (1, 0), (1, 1)] * 20
    # Were all four as frequent, no first question would help.
    rows += [(0, 0)] * 10
    right = [one == other for one, other in rows]
    _, said = _learn(rows, right, [_FREE, _FREE])
    assert all((odds > 1) == answer for odds, answer in zip(said, right, strict=True))


def test_what_may_only_speak_for_it_never_speaks_against_it() -> None:
    rows = [(at % 10, at // 10 % 5) for at in range(200)]
    right = [one < 3 or one > 6 for one, _ in rows]
    options = replace(_PLAIN, depth=3)
    _, free = _learn(rows, right, [_FREE, _FREE], options)
    _, bound = _learn(rows, right, [_UP, _FREE], options)
    by_row = dict(zip(rows, bound, strict=True))
    assert all(
        by_row[one, other] <= by_row[one + 1, other] + 1e-9 for one, other in by_row if (one + 1, other) in by_row
    )
    free_by_row = dict(zip(rows, free, strict=True))
    assert any(
        free_by_row[one, other] > free_by_row[one + 1, other]
        for one, other in free_by_row
        if (one + 1, other) in free_by_row
    )


def test_the_same_examples_give_the_same_trees_and_another_seed_others() -> None:
    rows = [((at * 37) % 11, (at * 17) % 7) for at in range(150)]
    right = [(one + other) % 3 == 0 for one, other in rows]
    options = replace(_PLAIN, rows=0.6, columns=0.6)
    trees, _ = _learn(rows, right, [_FREE, _FREE], options)
    assert trees == _learn(rows, right, [_FREE, _FREE], options)[0]
    assert trees != _learn(rows, right, [_FREE, _FREE], replace(options, seed=2))[0]
    assert len(trees) == 40


def test_few_examples_make_no_question() -> None:
    trees, _ = _learn([(0, 0), (1, 1)], [False, True], [_FREE, _FREE], replace(_PLAIN, least=4.0, trees=1))
    assert trees == [[0.0]]
