"""Fitting the two models: both convex, bounded and deterministic. The only module that needs NumPy and SciPy.

Features are scaled by their standard deviation while fitting, so that the penalty treats a rare one and a common one
alike, but for the very rare; the weights that come out are for the features as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.optimize import minimize

from streams.evaluate.boost import boost

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from streams.evaluate.boost import Boosting
    from streams.evaluate.examples import Example

    _Array = NDArray[np.float64]
    _Bounds = Sequence[tuple[float, float]]

__all__ = ["Group", "boost_link", "fit_link", "fit_rank"]

Group = tuple["Sequence[Example]", float]
"""Examples of one set, and the weight of the set."""

_STEPS: Final = 1_000
# A feature that only a few examples have would be cheap to weigh heavily: it is scaled as if it varied this much.
_LEAST_DEVIATION: Final = {"rank": 0.2, "link": 0.15}


def fit_rank(groups: Sequence[Group], bounds: _Bounds, *, penalty: float) -> list[float]:
    """Learn to rank candidates: conditional logit over the examples that have a right candidate and a rival.

    A set counts by its weight and the square root of the number of its examples.

    Args:
        groups: The sets.
        bounds: Least and greatest weight of each feature.
        penalty: Of the sum of the squared, scaled weights.
    """
    kept, shares = _ranked(groups)
    candidates, scale = _scaled([each for example in kept for each in example.candidates], "rank")
    first, owner, right = _places(kept)

    def loss(theta: _Array) -> tuple[float, _Array]:
        scores = candidates @ theta
        top = np.maximum.reduceat(scores, first)
        powers = np.exp(scores - top[owner])
        totals = np.add.reduceat(powers, first)
        value = float((shares * (np.log(totals) + top - scores[right])).sum())
        expected = powers / totals[owner] * shares[owner]
        expected[right] -= shares
        return value + penalty * float(theta @ theta), candidates.T @ expected + 2 * penalty * theta

    return _least(loss, bounds, scale)


def boost_link(
    groups: Sequence[Group], weights: Sequence[float], bounds: _Bounds, names: Sequence[str], options: Boosting
) -> list[list[Any]]:
    """Learn trees that correct the judgement of the best candidate.

    Args:
        groups: The sets; they count as for `fit_link`.
        weights: The judgement.
        bounds: Least and greatest weight of each feature, for its sign.
        names: Of the features.
        options: How.
    """
    kept, shares = _judged(groups)
    rows = np.array([example.features for example in kept])
    right = np.array([float(example.answer == 0) for example in kept])
    return boost(rows, right, shares * len(kept), rows @ np.array(weights), bounds, names, options)


def fit_link(groups: Sequence[Group], bounds: _Bounds, *, penalty: float) -> list[float]:
    """Learn to judge the best candidate: logistic regression on whether it is the right one.

    Every set counts by its weight, however many examples it has.

    Args:
        groups: The sets; their examples were made with the ranking that will be used.
        bounds: Least and greatest weight of each feature; the first feature, the bias, is not penalised.
        penalty: Of the sum of the squared, scaled weights.
    """
    kept, shares = _judged(groups)
    right = np.array([float(example.answer == 0) for example in kept])
    features, scale = _scaled([example.features for example in kept], "link", bias=0)
    penalties = np.full(features.shape[1], penalty)
    penalties[0] = 0.0

    def loss(theta: _Array) -> tuple[float, _Array]:
        odds = features @ theta
        value = float((shares * (np.logaddexp(0.0, odds) - right * odds)).sum())
        slope = features.T @ (shares * (1.0 / (1.0 + np.exp(-odds)) - right))
        return value + float((penalties * theta * theta).sum()), slope + 2 * penalties * theta

    return _least(loss, bounds, scale)


def _ranked(groups: Sequence[Group]) -> tuple[list[Example], _Array]:
    """Return the examples that have a right candidate and a rival, and the share of each."""
    kept: list[Example] = []
    shares: list[float] = []
    for group, weight in groups:
        ranked = [example for example in group if example.answer >= 0 and len(example.candidates) > 1]
        kept.extend(ranked)
        shares.extend([weight / len(ranked) ** 0.5] * len(ranked) if len(ranked) > 0 else [])
    return kept, np.array(shares) / sum(shares)


def _places(kept: Sequence[Example]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return, in one list of all candidates, each example's first and right one, and the example of each candidate."""
    sizes = [len(example.candidates) for example in kept]
    first = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64)
    owner = np.repeat(np.arange(len(kept)), sizes)
    return first, owner, first + np.array([example.answer for example in kept])


def _judged(groups: Sequence[Group]) -> tuple[list[Example], _Array]:
    """Return all examples, and the share of each."""
    kept = [example for group, _ in groups for example in group]
    shares = np.array([weight / len(group) for group, weight in groups for _ in group])
    return kept, shares / shares.sum()


def _scaled(rows: Sequence[Sequence[float]], model: str, *, bias: int | None = None) -> tuple[_Array, _Array]:
    values = np.array(rows)
    scale = np.maximum(values.std(axis=0), _LEAST_DEVIATION[model])
    if bias is not None:
        scale[bias] = 1.0
    return values / scale, scale


def _least(loss: Callable[[_Array], tuple[float, _Array]], bounds: _Bounds, scale: _Array) -> list[float]:
    low, high = np.array(bounds).T
    start = np.clip(np.zeros(len(scale)), low * scale, high * scale)
    limits = list(zip(low * scale, high * scale, strict=True))
    found: Any = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=limits, options={"maxiter": _STEPS})
    return [float(weight) for weight in found.x / scale]
