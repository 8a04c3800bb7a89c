"""Trees: small corrections to a linear model, where one feature matters only beside another.

A tree asks for one feature after the other, whether it is below a cut, and ends in a number; the numbers of all trees
are added. They are learnt by gradient boosting (Friedman 2001), see `streams.evaluate.boost`.

How much a feature tells in one decision is the sum of the steps that its questions make, from the mean of what a
node's examples get to the mean of what the chosen half gets (Saabas 2014: "Interpreting random forests").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from librt.vecs import append, vec
from mypy_extensions import i16, i64

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Trees", "grow"]

_MOST_NODES: Final = 32_767  # so that two bytes name one


class Trees:
    """Trees over one row of features, laid out flat: each node stands right before what lies below its cut.

    Attributes:
        sources: The trees as they were read, one list each; trees are equal where these are.

    Raises:
        ValueError: They have more than 32,767 nodes.
    """

    __slots__ = ("_cuts", "_features", "_highs", "_means", "_roots", "sources")

    def __init__(self, sources: Sequence[Sequence[Any]], numbers: dict[str, int]) -> None:
        self.sources = tuple(sources)
        # By node: the feature it asks for, or -1 in a leaf; the cut; where to go at or above it; the mean.
        self._features: vec[i16] = vec[i16]()
        self._cuts: vec[float] = vec[float]()
        self._highs: vec[i16] = vec[i16]()
        self._means: vec[float] = vec[float]()
        self._roots: vec[i16] = vec[i16]()
        for source in self.sources:
            self._roots = append(self._roots, i16(len(self._features)))
            self._add(source, numbers)
        if len(self._features) > _MOST_NODES:
            raise ValueError(f"{len(self._features)} nodes of trees are more than {_MOST_NODES}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Trees) and self.sources == other.sources

    def __hash__(self) -> int:
        return hash(len(self.sources))

    def __len__(self) -> int:
        return len(self.sources)

    def narrow(self, row: vec[float], known: Sequence[bool]) -> tuple[float, vec[i16]]:
        """Ask all that can be asked while only some features are known.

        Args:
            row: The row, of which only the known features count.
            known: Which are, by number.

        Returns:
            The sum of what those trees say that ask for nothing else, and the nodes at which the others stand: what
            `finish` goes on from.
        """
        features, means = self._features, self._means
        told = 0.0
        waiting: vec[i16] = vec[i16]()
        for root in self._roots:
            at: i64 = i64(root)
            feature: i64 = i64(features[at])
            while feature >= 0 and known[feature]:
                at = at + 1 if row[feature] < self._cuts[at] else i64(self._highs[at])
                feature = i64(features[at])
            if feature < 0:
                told += means[at]
            else:
                waiting = append(waiting, i16(at))
        # Appending leaves room for more, and this is kept.
        return told, waiting[:]

    def sum(self, row: vec[float]) -> float:
        """Return the sum of what all trees say of ``row``."""
        return self.finish(row, self._roots)

    def finish(self, row: vec[float], nodes: vec[i16]) -> float:
        """Return the sum of what is said of ``row`` below ``nodes``."""
        features, cuts, highs, means = self._features, self._cuts, self._highs, self._means
        total = 0.0
        count: i64 = len(nodes)
        number: i64 = 0
        while number < count:
            at: i64 = i64(nodes[number])
            feature: i64 = i64(features[at])
            while feature >= 0:
                at = at + 1 if row[feature] < cuts[at] else i64(highs[at])
                feature = i64(features[at])
            total += means[at]
            number += 1
        return total

    def contributions(self, row: Sequence[float], bias: int) -> list[float]:
        """Return how much each feature of ``row`` tells; what the trees say of every row goes to feature ``bias``.

        The contributions add up to `sum`.
        """
        told = [0.0] * len(row)
        for root in self._roots:
            at = i64(root)
            told[bias] += self._means[at]
            while self._features[at] >= 0:
                feature = i64(self._features[at])
                to = at + 1 if row[feature] < self._cuts[at] else i64(self._highs[at])
                told[feature] += self._means[to] - self._means[at]
                at = to
        return told

    def _add(self, source: Sequence[Any], numbers: dict[str, int]) -> None:
        at: i64 = len(self._features)
        is_leaf = len(source) == 1
        self._features = append(self._features, i16(-1 if is_leaf else numbers[source[0]]))
        self._cuts = append(self._cuts, 0.0 if is_leaf else float(source[1]))
        self._means = append(self._means, float(source[0] if is_leaf else source[2]))
        self._highs = append(self._highs, i16(0))
        if not is_leaf:
            self._add(source[3], numbers)
            self._highs[at] = i16(len(self._features))
            self._add(source[4], numbers)


def grow(sources: Sequence[Sequence[Any]], features: Sequence[str]) -> Trees:
    """Read trees over ``features``.

    Args:
        sources: Each tree is a leaf ``[number]`` or a question ``[feature, cut, mean, below, else]``, where the last
            two are trees again, and mean is what its examples get on average.
        features: Names, in the order of the rows that will be asked about.
    """
    return Trees(sources, {name: at for at, name in enumerate(features)})
