"""Gradient boosting of small trees on top of a linear model (Friedman 2001), with Newton steps and signs.

The linear model says most; trees add what it cannot say, such as that fame tells less where forms are counted. Each
tree is fitted to the gradient of the logistic loss at what is said so far, on a part of the examples and of the
features, and is added at a small rate. Questions are asked at quantiles.

Signs hold for trees too: where a feature may only speak for a link, the half above the cut never gets less than the
half below, and neither do their halves (as XGBoost and LightGBM have it).

Everything is drawn from one seeded generator: the same examples give the same trees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    _Array = NDArray[np.float64]
    _Whole = NDArray[np.int64]

__all__ = ["Boosting", "boost"]

_BINS: Final = 32
_DIGITS: Final = 3
_CUT_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Boosting:
    """How trees are learnt.

    Attributes:
        trees: How many.
        depth: Questions from root to leaf, at most.
        rate: Share of each tree's say that is added.
        penalty: Of the squared number in a leaf.
        least: Second derivatives that a half must have, summed: about four times its uncertain examples.
        rows: Share of examples that a tree sees.
        columns: Share of features that it may ask for.
        seed: Of the generator.
    """

    trees: int = 150
    depth: int = 3
    rate: float = 0.06
    penalty: float = 5.0
    least: float = 4.0
    rows: float = 0.9
    columns: float = 0.5
    seed: int = 1


@dataclass(frozen=True, slots=True)
class _Data:
    """Examples as boosting sees them: the bin of each feature, made distinct from other features' bins."""

    bins: _Whole
    cuts: list[_Array]
    signs: _Whole


@dataclass(frozen=True, slots=True)
class _Node:
    """Examples that came to one place, what they pull towards, and between which numbers they must stay."""

    rows: _Whole
    slope: _Array
    curve: _Array
    low: float
    high: float


def boost(
    rows: _Array,
    right: _Array,
    shares: _Array,
    start: _Array,
    bounds: Sequence[tuple[float, float]],
    names: Sequence[str],
    options: Boosting,
) -> list[list[Any]]:
    """Learn trees.

    Args:
        rows: Examples by features.
        right: 1 where the answer is yes, else 0.
        shares: How much each example counts; on average 1.
        start: Log odds that the linear model gives each; the trees are added to them.
        bounds: Least and greatest weight of each feature; a feature that may not cross zero keeps its direction.
        names: Of the features.
        options: How.

    Returns:
        Trees as `streams.linking.trees.grow` reads them.
    """
    data = _binned(rows, bounds)
    random = np.random.Generator(np.random.PCG64(options.seed))
    said = start.copy()
    numbers = {name: at for at, name in enumerate(names)}
    trees = []
    for _ in range(options.trees):
        seen = np.flatnonzero(random.random(len(rows)) < options.rows)
        asked = np.flatnonzero(random.random(rows.shape[1]) < options.columns)
        probable = 1.0 / (1.0 + np.exp(-said))
        slope, curve = shares * (probable - right), shares * probable * (1.0 - probable)
        node = _Node(seen, slope, curve, -np.inf, np.inf)
        tree = _grow(data, node, asked, names, options, options.depth)
        said += _say(tree, rows, numbers)
        trees.append(tree)
    return trees


def _binned(rows: _Array, bounds: Sequence[tuple[float, float]]) -> _Data:
    cuts, bins = [], np.empty(rows.shape, np.int64)
    for at, column in enumerate(rows.T):
        values = np.unique(column)
        if len(values) > _BINS:
            values = np.unique(np.quantile(column, np.linspace(0, 1, _BINS), method="nearest"))
        # Rounded as they are written: learning splits as linking will.
        cuts.append(np.unique(np.round((values[1:] + values[:-1]) / 2, _CUT_DIGITS) + 0.0))
        bins[:, at] = np.searchsorted(cuts[-1], column, side="right") + at * _BINS
    signs = np.array([1 if low >= 0 else -1 if high <= 0 else 0 for low, high in bounds])
    return _Data(bins, cuts, signs)


def _grow(data: _Data, node: _Node, asked: _Whole, names: Sequence[str], options: Boosting, depth: int) -> list[Any]:
    step = float(_step(node.slope[node.rows].sum(), node.curve[node.rows].sum(), node, options))
    # Without the sum, a small negative number would become -0.0.
    mean = round(step * options.rate, _DIGITS) + 0.0
    split = _best_split(data, node, asked, options) if depth > 0 and len(asked) > 0 else None
    if split is None:
        return [mean]
    feature, cut = split
    above = data.bins[node.rows, feature] - feature * _BINS > cut
    low_rows, high_rows = node.rows[~above], node.rows[above]
    steps = [_step(node.slope[half].sum(), node.curve[half].sum(), node, options) for half in (low_rows, high_rows)]
    middle = sum(steps) / 2
    sign = data.signs[feature]
    low_node = _Node(
        low_rows,
        node.slope,
        node.curve,
        max(node.low, middle) if sign < 0 else node.low,
        min(node.high, middle) if sign > 0 else node.high,
    )
    high_node = _Node(
        high_rows,
        node.slope,
        node.curve,
        max(node.low, middle) if sign > 0 else node.low,
        min(node.high, middle) if sign < 0 else node.high,
    )
    return [
        names[feature],
        float(data.cuts[feature][cut]),
        mean,
        _grow(data, low_node, asked, names, options, depth - 1),
        _grow(data, high_node, asked, names, options, depth - 1),
    ]


def _best_split(data: _Data, node: _Node, asked: _Whole, options: Boosting) -> tuple[int, int] | None:
    """Return the feature, and the number of its cut, that lower the loss most; None where none does."""
    flat = data.bins[np.ix_(node.rows, asked)].ravel()
    size = data.bins.shape[1] * _BINS
    shape = (data.bins.shape[1], _BINS)
    slope = np.bincount(flat, np.repeat(node.slope[node.rows], len(asked)), size).reshape(shape)[asked].cumsum(axis=1)
    curve = np.bincount(flat, np.repeat(node.curve[node.rows], len(asked)), size).reshape(shape)[asked].cumsum(axis=1)
    all_slope, all_curve = node.slope[node.rows].sum(), node.curve[node.rows].sum()
    low, high = _step(slope, curve, node, options), _step(all_slope - slope, all_curve - curve, node, options)
    gain = (
        _worth(slope, curve, low, options)
        + _worth(all_slope - slope, all_curve - curve, high, options)
        - _worth(all_slope, all_curve, _step(all_slope, all_curve, node, options), options)
    )
    signs = data.signs[asked][:, None]
    allowed = (curve >= options.least) & (all_curve - curve >= options.least) & (signs * (high - low) >= 0)
    gain = np.where(allowed, gain, 0.0)
    at = int(gain.argmax())
    if gain.flat[at] <= 1e-9:
        return None
    return int(asked[at // _BINS]), at % _BINS


def _step(slope: Any, curve: Any, node: _Node, options: Boosting) -> Any:
    return np.clip(-slope / (curve + options.penalty), node.low, node.high)


def _worth(slope: Any, curve: Any, step: Any, options: Boosting) -> Any:
    """How much the loss falls by a step, to the second order."""
    return -(slope * step + (curve + options.penalty) * step * step / 2)


def _say(tree: list[Any], rows: _Array, numbers: dict[str, int]) -> _Array:
    said = np.empty(len(rows))
    waiting = [(tree, np.arange(len(rows)))]
    while len(waiting) > 0:
        node, here = waiting.pop()
        if len(node) == 1:
            said[here] = node[0]
        else:
            below = rows[here, numbers[node[0]]] < node[1]
            waiting += [(node[3], here[below]), (node[4], here[~below])]
    return said
