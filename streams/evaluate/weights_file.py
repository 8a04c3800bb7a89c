"""The file of weights, written so that people can read it and a difference shows what changed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from streams.linking.weights import CANDIDATE_FEATURES, LINK_FEATURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.evaluate.sets import TextSet
    from streams.linking.weights import Weights

__all__ = ["format_weights", "weights_document"]

_DIGITS: Final = 3
_NUMBERS: Final = ("threshold", "rank", "link", "calibration", "trees")
# Indentation would put every number of a pair on a line of its own.
_PAIR: Final = re.compile(r"\[\s+([0-9.]+),\s+([0-9.]+)\s+\]")


def weights_document(
    weights: Weights,
    calibration: Sequence[tuple[float, float]],
    *,
    trained_on: Sequence[TextSet],
    date: str,
    before: dict[str, Any] | None,
) -> dict[str, Any]:
    """Return what the file says; where no number changed, what it said before.

    Args:
        weights: The weights, unrounded; their version is not looked at.
        calibration: ``(raw, calibrated)`` points.
        trained_on: The sets that they were learnt from.
        date: Day, ``YYYY-MM-DD``.
        before: The file as it is; None where there is none.
    """
    numbers: dict[str, Any] = {
        "threshold": weights.threshold,
        "rank": {name: _rounded(weight) for name, weight in zip(CANDIDATE_FEATURES, weights.rank, strict=True)},
        "link": {name: _rounded(weight) for name, weight in zip(LINK_FEATURES, weights.link, strict=True)},
        "calibration": [list(point) for point in calibration],
        "trees": list(weights.trees.sources),
    }
    if before is not None and all(before.get(name) == numbers[name] for name in _NUMBERS):
        return before
    return {
        "version": "1" if before is None else str(int(before["version"]) + 1),
        "date": date,
        "trained_on": [
            f"{each.plan.name}: {len(each.documents)} documents, weight {each.plan.weight:g}" for each in trained_on
        ],
        **numbers,
    }


def format_weights(document: dict[str, Any]) -> str:
    """Write the file: features in the order of the code, one a line, and so are trees."""
    plain = {name: value for name, value in document.items() if name != "trees"}
    written = _PAIR.sub(r"[\1, \2]", json.dumps(plain, indent=2, ensure_ascii=False)).removesuffix("\n}")
    trees = ",".join(f"\n    {json.dumps(tree)}" for tree in document["trees"])
    return f'{written},\n  "trees": [{trees}\n  ]\n}}\n'


def _rounded(weight: float) -> float:
    # Without the sum, a small negative number would become -0.0.
    return round(weight, _DIGITS) + 0.0
