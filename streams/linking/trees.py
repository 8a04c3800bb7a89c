"""Trees: small corrections to a linear model, where one feature matters only beside another.

A tree asks for one feature after the other, whether it is below a cut, and ends in a number; the numbers of all trees
are added. They are learnt by gradient boosting (Friedman 2001), see `streams.evaluate.boost`.

How much a feature tells in one decision is the sum of the steps that its questions make, from the mean of what a
node's examples get to the mean of what the chosen half gets (Saabas 2014: "Interpreting random forests").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Trees", "grow"]


class Trees:
    """Trees over one row of features, laid out flat.

    Attributes:
        sources: The trees as they were read, one list each; trees are equal where these are.
    """

    __slots__ = ("_cuts", "_features", "_highs", "_lows", "_means", "_roots", "sources")

    def __init__(self, sources: Sequence[Sequence[Any]], numbers: dict[str, int]) -> None:
        self.sources = tuple(sources)
        # By node: the feature it asks for, or -1 in a leaf; the cut; where to go below it, and where else; the mean.
        self._features: list[int] = []
        self._cuts: list[float] = []
        self._lows: list[int] = []
        self._highs: list[int] = []
        self._means: list[float] = []
        self._roots: list[int] = [self._add(source, numbers) for source in self.sources]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Trees) and self.sources == other.sources

    def __hash__(self) -> int:
        return hash(len(self.sources))

    def __len__(self) -> int:
        return len(self.sources)

    def sum(self, row: Sequence[float]) -> float:
        """Return the sum of what all trees say of ``row``."""
        features, cuts, lows, highs, means = self._features, self._cuts, self._lows, self._highs, self._means
        total = 0.0
        for root in self._roots:
            at = root
            feature = features[at]
            while feature >= 0:
                at = lows[at] if row[feature] < cuts[at] else highs[at]
                feature = features[at]
            total += means[at]
        return total

    def contributions(self, row: Sequence[float], bias: int) -> list[float]:
        """Return how much each feature of ``row`` tells; what the trees say of every row goes to feature ``bias``.

        The contributions add up to `sum`.
        """
        told = [0.0] * len(row)
        for root in self._roots:
            at = root
            told[bias] += self._means[at]
            while self._features[at] >= 0:
                feature = self._features[at]
                to = self._lows[at] if row[feature] < self._cuts[at] else self._highs[at]
                told[feature] += self._means[to] - self._means[at]
                at = to
        return told

    def _add(self, source: Sequence[Any], numbers: dict[str, int]) -> int:
        at = len(self._features)
        leaf = len(source) == 1
        self._features.append(-1 if leaf else numbers[source[0]])
        self._cuts.append(0.0 if leaf else float(source[1]))
        self._means.append(float(source[0] if leaf else source[2]))
        self._lows.append(0)
        self._highs.append(0)
        if not leaf:
            self._lows[at] = self._add(source[3], numbers)
            self._highs[at] = self._add(source[4], numbers)
        return at


def grow(sources: Sequence[Sequence[Any]], features: Sequence[str]) -> Trees:
    """Read trees over ``features``.

    Args:
        sources: Each tree is a leaf ``[number]`` or a question ``[feature, cut, mean, below, else]``, where the last
            two are trees again, and mean is what its examples get on average.
        features: Names, in the order of the rows that will be asked about.
    """
    return Trees(sources, {name: at for at, name in enumerate(features)})
