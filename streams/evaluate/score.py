"""Scoring: strict span and id, micro-averaged.

- A link is right where a mark has its very span and accepts its entity, and wrong otherwise: also where nothing is
  marked, and where the mark says that no entity of the catalogue is meant.
- Not scored are links outside the part of the document that is evaluated, and on marks that are optional or refer
  back; of several links on one span, the first is scored.
- A mark with an entity is missed where no link with its span has an id that it accepts.
- ``named`` leaves out marks that are no names, and links on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.evaluate.gold import GoldDocument, GoldMention
    from streams.evaluate.link import Link, LinksById

__all__ = ["Counts", "Judgement", "Score", "count", "found", "judge", "score"]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many links were right and wrong, and how many marks were missed.

    Attributes:
        right: Right links.
        wrong: Wrong links.
        missed: Marks with an entity and without a right link.
    """

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of the links that are right, 0 to 1; 0 without links."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong > 0 else 0.0

    @property
    def recall(self) -> float:
        """Share of the marks that were linked right, 0 to 1; 0 without marks."""
        return self.right / (self.right + self.missed) if self.right + self.missed > 0 else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both > 0 else 0.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One thing that is counted: a link that is right or wrong, or a mark that was missed.

    A link to the wrong entity on a marked span is two judgements, for it costs precision and recall.

    Attributes:
        link: The link; None where a mark was missed.
        mark: The mark with the span of the link, or the missed one; None where nothing is marked.
    """

    link: Link | None
    mark: GoldMention | None

    @property
    def is_named(self) -> bool:
        """Whether it counts among names."""
        return self.mark is None or self.mark.named

    @property
    def is_right(self) -> bool:
        """Whether it is a right link."""
        return self.link is not None and self.mark is not None and self.mark.accepts(self.link.entity_id)

    @property
    def counts(self) -> Counts:
        """What it adds to the counts."""
        if self.link is None:
            return Counts(missed=1)
        return Counts(right=1) if self.is_right else Counts(wrong=1)


@dataclass(frozen=True, slots=True)
class Score:
    """Result on some documents.

    Attributes:
        all: Over all scored marks.
        named: Over names alone; the figure by which linkers are compared.
        found: Marks with an entity, scored or not, that have a link with their span and an id that they accept.
        marked: Marks with an entity, scored or not.
    """

    all: Counts = Counts()
    named: Counts = Counts()
    found: int = 0
    marked: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.all + other.all, self.named + other.named, self.found + other.found, self.marked + other.marked
        )


def judge(document: GoldDocument, links: Iterable[Link]) -> Iterator[Judgement]:
    """Yield the judgements on the links of a document, then those on its missed marks.

    Args:
        document: The marked text.
        links: Its links, in any order; overlaps are allowed.
    """
    given = list(links)
    marks = document.by_span
    first: dict[tuple[int, int], Link] = {}
    for link in given:
        if document.covers(*link.span):
            first.setdefault(link.span, link)
    for span, link in first.items():
        mark = marks.get(span)
        if mark is None or mark.is_scored:
            yield Judgement(link, mark)
    linked = {(link.span, link.entity_id) for link in given}
    for span, mark in marks.items():
        if mark.entity_id is None or not mark.is_scored or not document.covers(*span):
            continue
        if not any((span, entity_id) in linked for entity_id in (mark.entity_id, *mark.also_accepted)):
            yield Judgement(None, mark)


def count(judgements: Iterable[Judgement]) -> Counts:
    """Add judgements up."""
    total = Counts()
    for judgement in judgements:
        total += judgement.counts
    return total


def found(document: GoldDocument, links: Iterable[Link]) -> tuple[int, int]:
    """Return how many marks with an entity have a right link, and how many there are; scored or not."""
    linked = {(link.span, link.entity_id) for link in links}
    marks = [mark for mark in document.mentions if mark.entity_id is not None]
    hits = (
        any((mark.span, entity_id) in linked for entity_id in (mark.entity_id, *mark.also_accepted)) for mark in marks
    )
    return sum(hits), len(marks)


def score(documents: Iterable[GoldDocument], links: LinksById) -> Score:
    """Score the links of ``documents``; links of other documents are passed over."""
    total = Score()
    for document in documents:
        given = links.get(document.id, ())
        judgements = list(judge(document, given))
        total += Score(count(judgements), count(each for each in judgements if each.is_named), *found(document, given))
    return total
