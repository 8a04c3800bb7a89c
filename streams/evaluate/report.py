"""Everything that is measured on one gold file."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.evaluate.calibration import equal_mass, equal_width, error
from streams.evaluate.errors import confusions, outcomes
from streams.evaluate.score import Counts, Score, judge, score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from streams.catalog.view import CatalogView
    from streams.evaluate.calibration import Bin, Graded
    from streams.evaluate.errors import Confusion, Outcome
    from streams.evaluate.gold import GoldDocument
    from streams.evaluate.link import LinksById
    from streams.evaluate.score import Judgement

__all__ = ["Handled", "Part", "SetReport", "confidence_bins", "confidences", "report_on"]

_UNTYPED: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Handled:
    """How often mentions with a phenomenon were treated right: linked right, or left alone where they are NIL.

    Attributes:
        marked: Scored mentions with the phenomenon.
        right: Those that were treated right.
        counts: Links and missed mentions among them.
    """

    marked: int
    right: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a set.

    Attributes:
        name: Language or type.
        counts: Over names.
    """

    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class SetReport:
    """What was measured on one set.

    Attributes:
        name: Its name.
        documents: Its documents.
        links: Their links.
        score: Over all of it.
        languages: By the document's language.
        types: By the type of the entity that a link leads to, or that a missed mention means.
        phenomena: By phenomenon, where the gold names any.
        outcomes: Every scored mention.
        confusions: The errors, costliest first.
        graded: Confidence and outcome of the links that have one, over names.
    """

    name: str
    documents: tuple[GoldDocument, ...]
    links: LinksById
    score: Score
    languages: tuple[Part, ...]
    types: tuple[Part, ...]
    phenomena: dict[str, Handled]
    outcomes: tuple[Outcome, ...]
    confusions: tuple[Confusion, ...]
    graded: tuple[Graded, ...]


def report_on(
    name: str,
    documents: Sequence[GoldDocument],
    links: LinksById,
    *,
    view: CatalogView | None,
    explain: bool,
) -> SetReport:
    """Measure links on a set.

    Args:
        name: Name of the set.
        documents: Its marked texts.
        links: Their links.
        view: The catalogue, which knows types; without one, every type is unknown.
        explain: Whether the links were made here with ``view``, so that linking can say why it missed a mention.
    """
    judged = [(document, list(judge(document, links.get(document.id, ())))) for document in documents]
    named = [(document, each) for document, judgements in judged for each in judgements if each.is_named]
    found = outcomes(documents, links, view=view if explain else None)
    return SetReport(
        name=name,
        documents=tuple(documents),
        links=links,
        score=score(documents, links),
        languages=_parts(named, lambda document, _: document.language or "und"),
        types=_parts(named, lambda _, judgement: _type(judgement, view)),
        phenomena=_phenomena(judged),
        outcomes=tuple(found),
        confusions=tuple(confusions(each for each in found if each.is_named)),
        graded=confidences(documents, links),
    )


def confidences(documents: Iterable[GoldDocument], links: LinksById) -> tuple[Graded, ...]:
    """Return confidence and outcome of every link of a name that has a confidence, each counting 1."""
    return tuple(
        (judgement.link.confidence, judgement.is_right, 1.0)
        for document in documents
        for judgement in judge(document, links.get(document.id, ()))
        if judgement.link is not None and judgement.link.confidence is not None and judgement.is_named
    )


def confidence_bins(graded: Sequence[Graded]) -> dict[str, tuple[list[Bin], float]]:
    """Return bins of equal width and of equal mass, each with the expected calibration error over them."""
    kinds = {"equal_width": equal_width(graded), "equal_mass": equal_mass(graded)} if len(graded) > 0 else {}
    return {kind: (bins, error(bins)) for kind, bins in kinds.items()}


def _parts(
    judged: Iterable[tuple[GoldDocument, Judgement]], name_of: Callable[[GoldDocument, Judgement], str]
) -> tuple[Part, ...]:
    parts: dict[str, Counts] = defaultdict(Counts)
    for document, judgement in judged:
        parts[name_of(document, judgement)] += judgement.counts
    return tuple(Part(name, parts[name]) for name in sorted(parts, key=lambda each: (-_size(parts[each]), each)))


def _size(counts: Counts) -> int:
    return counts.right + counts.wrong + counts.missed


def _type(judgement: Judgement, view: CatalogView | None) -> str:
    entity_id = judgement.link.entity_id if judgement.link is not None else None
    if entity_id is None and judgement.mark is not None:
        entity_id = judgement.mark.entity_id
    number = None if view is None or entity_id is None else view.entity(entity_id)
    return _UNTYPED if view is None or number is None else view.card(number).type


def _phenomena(judged: Iterable[tuple[GoldDocument, list[Judgement]]]) -> dict[str, Handled]:
    marked: Counter[str] = Counter()
    spoilt: Counter[str] = Counter()
    counts: dict[str, Counts] = defaultdict(Counts)
    for document, judgements in judged:
        for mark in document.by_span.values():
            if mark.is_scored and document.covers(*mark.span):
                marked.update(mark.phenomena)
        with_mark = [(each, each.mark) for each in judgements if each.mark is not None]
        for judgement, mark in with_mark:
            for name in mark.phenomena:
                counts[name] += judgement.counts
        # A wrong entity is two judgements on one mention.
        for mark in {mark.span: mark for judgement, mark in with_mark if not judgement.is_right}.values():
            spoilt.update(mark.phenomena)
    return {name: Handled(marked[name], marked[name] - spoilt[name], counts[name]) for name in sorted(marked)}
