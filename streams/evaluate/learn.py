"""Learning: from loaded sets to weights, and cross-validation of what was learnt. TRAINING.md says how, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from streams.evaluate.boost import Boosting
from streams.evaluate.examples import examples_of
from streams.evaluate.fit import boost_link, fit_link, fit_rank
from streams.evaluate.link import link_documents
from streams.evaluate.report import confidences
from streams.evaluate.score import Score, score
from streams.evaluate.signs import LINK_SIGNS, RANK_SIGNS, bounds
from streams.linking.weights import CANDIDATE_FEATURES, LINK_FEATURES, parse_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.evaluate.calibration import Graded
    from streams.evaluate.fit import Group
    from streams.evaluate.link import LinksById
    from streams.evaluate.sets import TextSet
    from streams.linking.weights import Weights

__all__ = ["FOLDS", "Options", "Validation", "cross_validate", "graded_links", "learn"]

FOLDS: Final = 5
# In the cross-validation 0.34 to 0.42 are alike; trees fit the texts that they were learnt from too well to choose it
# there.
_THRESHOLD: Final = 0.36
_BOOSTING: Final = Boosting()


@dataclass(frozen=True, slots=True)
class Options:
    """How to learn.

    Attributes:
        rounds: How often examples are made anew with the weights just learnt.
        rank_penalty: Of the squared, scaled weights of ranking.
        link_penalty: Of those of linking.
        threshold: A best candidate below this is no link.
        trees: How trees are learnt that correct linking; None learns none.
    """

    rounds: int = 2
    rank_penalty: float = 0.003
    link_penalty: float = 0.003
    threshold: float = _THRESHOLD
    trees: Boosting | None = _BOOSTING


@dataclass(frozen=True, slots=True)
class Validation:
    """Result of cross-validation.

    Attributes:
        scores: By set, on documents that the weights were not learnt from.
        links: By set, the links of those documents.
        thresholds: Of each fold.
    """

    scores: dict[str, Score]
    links: dict[str, LinksById]
    thresholds: tuple[float, ...]


def learn(sets: Sequence[TextSet], options: Options, *, note: Callable[[str], None]) -> Weights:
    """Learn weights from all documents of ``sets``.

    Begins with weights of zero, whatever the shipped ones are, so that the same texts and the same code give the same
    weights.

    Args:
        sets: The sets.
        options: How.
        note: Is told about progress.
    """
    rank_bounds, link_bounds = bounds(CANDIDATE_FEATURES, RANK_SIGNS), bounds(LINK_FEATURES, LINK_SIGNS)
    threshold = options.threshold
    rank = [max(low, min(high, 0.0)) for low, high in rank_bounds]
    link = [0.0] * len(LINK_FEATURES)
    groups: list[Group] = []
    for turn in range(options.rounds):
        rank = fit_rank(_groups(sets, _weights(rank, link, threshold)), rank_bounds, penalty=options.rank_penalty)
        groups = _groups(sets, _weights(rank, link, threshold))
        link = fit_link(groups, link_bounds, penalty=options.link_penalty)
        note(f"round {turn + 1} of {options.rounds}: {sum(len(group) for group, _ in groups)} examples")
    if options.trees is None:
        return _weights(rank, link, threshold)
    trees = boost_link(groups, link, link_bounds, LINK_FEATURES, options.trees)
    note(f"{len(trees)} trees")
    return _weights(rank, link, threshold, trees)


def cross_validate(
    sets: Sequence[TextSet], options: Options, *, note: Callable[[str], None], folds: int = FOLDS
) -> Validation:
    """Learn from all but a part of the documents and link that part, for each of ``folds`` parts in turn.

    Args:
        sets: The sets.
        options: How to learn.
        note: Is told about progress.
        folds: Number of parts.
    """
    splits = [each.split(folds) for each in sets]
    scores = {each.plan.name: Score() for each in sets}
    links: dict[str, LinksById] = {each.plan.name: {} for each in sets}
    thresholds = []
    for fold in range(folds):
        learnt_from = [replace(each, documents=split[fold][0]) for each, split in zip(sets, splits, strict=True)]
        weights = learn(learnt_from, options, note=lambda _: None)
        thresholds.append(weights.threshold)
        for each, split in zip(sets, splits, strict=True):
            found = link_documents(split[fold][1], each.view, weights=weights)
            links[each.plan.name].update(found)
            scores[each.plan.name] += score(split[fold][1], found)
        note(f"fold {fold + 1} of {folds}")
    return Validation(scores, links, tuple(thresholds))


def graded_links(sets: Sequence[TextSet], links: dict[str, LinksById]) -> dict[str, list[Graded]]:
    """Return confidence and outcome of the links of each fully marked set; with weight 1 each.

    Only names count. A partial set tells nothing of links on what it leaves unmarked, and is left out.
    """
    return {
        each.plan.name: list(confidences(each.documents, links[each.plan.name]))
        for each in sets
        if not each.plan.is_partial
    }


def _groups(sets: Sequence[TextSet], weights: Weights) -> list[Group]:
    return [
        (list(examples_of(each.documents, each.view, weights, is_partial=each.plan.is_partial)), each.plan.weight)
        for each in sets
    ]


def _weights(
    rank: Sequence[float],
    link: Sequence[float],
    threshold: float,
    trees: Sequence[Any] = (),
) -> Weights:
    return parse_weights(
        {
            "version": "0",
            "threshold": threshold,
            "rank": dict(zip(CANDIDATE_FEATURES, rank, strict=True)),
            "link": dict(zip(LINK_FEATURES, link, strict=True)),
            "trees": trees,
        }
    )
