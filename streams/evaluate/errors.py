"""What went wrong, mention by mention: which kind of error, on what, and what the linker knew."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.evaluate.score import judge
from streams.linking.enrich import explain_article

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.catalog.view import CatalogView
    from streams.evaluate.gold import GoldDocument, GoldMention
    from streams.evaluate.link import Link, LinksById

__all__ = ["ERRORS", "KINDS", "RIGHT", "Confusion", "Outcome", "confusions", "outcomes"]

RIGHT: Final = "right"
_WRONG: Final = "wrong entity"
_NIL: Final = "link on a NIL"
_NOTHING: Final = "no gold there"
_BELOW: Final = "missed: below threshold"
_OVERLAPPED: Final = "missed: overlapped"
_NO_CANDIDATE: Final = "missed: no candidate"
_MISSED: Final = "missed"
ERRORS: Final = (_WRONG, _NIL, _NOTHING, _BELOW, _OVERLAPPED, _NO_CANDIDATE, _MISSED)
"""Kinds of error; ``missed`` alone is where links were read from a file, so that nobody knows why."""
KINDS: Final = (RIGHT, *ERRORS)
_CONTEXT: Final = 40
_EXAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mention: one that is marked, or one that was linked, or both.

    Attributes:
        document: Id of the document.
        start: First code point.
        end: One past the last.
        surface: The text in between.
        kind: One of `KINDS`.
        gold: What it means; None for NIL, and where nothing is marked.
        found: What it was linked to, or None.
        confidence: Of the link, where the linker says.
        why: What the linker says of a missed mention; may be empty.
        before: Text before it.
        after: Text after it.
        is_named: Whether it counts among names.
    """

    document: str
    start: int
    end: int
    surface: str
    kind: str
    gold: str | None
    found: str | None
    confidence: float | None
    why: str
    before: str
    after: str
    is_named: bool

    @property
    def cost(self) -> int:
        """How many counts it spoils: a wrong entity costs precision and recall."""
        return 0 if self.kind == RIGHT else 2 if self.kind == _WRONG else 1


@dataclass(frozen=True, slots=True)
class Confusion:
    """One error, made once or several times.

    Attributes:
        kind: One of `ERRORS`.
        surface: Where; compared without case.
        gold: What it means, or None.
        found: What it was linked to, or None.
        cost: How many counts it spoils, over all times.
        examples: The first few times.
        count: How often.
    """

    kind: str
    surface: str
    gold: str | None
    found: str | None
    cost: int
    examples: tuple[Outcome, ...]
    count: int


def outcomes(documents: Iterable[GoldDocument], links: LinksById, *, view: CatalogView | None) -> list[Outcome]:
    """Return the outcome of every mention that is scored, document by document and in order.

    Args:
        documents: Marked texts.
        links: Their links.
        view: The catalogue with which the links were made here, which is asked why mentions were missed; None where
            they come from elsewhere.
    """
    result = []
    for document in documents:
        given = links.get(document.id, ())
        wrong = {
            judgement.link.span
            for judgement in judge(document, given)
            if judgement.link is not None and not judgement.is_right
        }
        found = []
        reasons: dict[tuple[int, int], str] | None = None
        for judgement in judge(document, given):
            link, mark = judgement.link, judgement.mark
            if link is not None:
                kind = RIGHT if judgement.is_right else _kind_of_wrong(mark)
                found.append(_outcome(document, link.span, kind, mark, link))
            elif mark is not None and mark.span not in wrong:
                if reasons is None:
                    reasons = {} if view is None else _reasons(document, view)
                kind = _MISSED if view is None else _kind_of_missed(reasons.get(mark.span))
                found.append(_outcome(document, mark.span, kind, mark, None, reasons.get(mark.span, "")))
        result.extend(sorted(found, key=lambda each: (each.start, each.end)))
    return result


def confusions(found: Iterable[Outcome]) -> list[Confusion]:
    """Return the errors among ``found``, put together by kind, surface and entities; the costliest first."""
    groups: dict[tuple[str, str, str, str], list[Outcome]] = defaultdict(list)
    for each in found:
        if each.kind != RIGHT:
            groups[each.kind, each.surface.casefold(), each.gold or "", each.found or ""].append(each)
    ranked = [
        Confusion(
            kind=group[0].kind,
            surface=group[0].surface,
            gold=group[0].gold,
            found=group[0].found,
            cost=sum(each.cost for each in group),
            examples=tuple(group[:_EXAMPLES]),
            count=len(group),
        )
        for _, group in sorted(groups.items())
    ]
    # The sort is stable: errors that cost the same stay in alphabetical order.
    return sorted(ranked, key=lambda each: -each.cost)


def _kind_of_wrong(mark: GoldMention | None) -> str:
    if mark is None:
        return _NOTHING
    return _NIL if mark.entity_id is None else _WRONG


def _kind_of_missed(reason: str | None) -> str:
    if reason is None:
        return _NO_CANDIDATE
    return _BELOW if "threshold" in reason else _OVERLAPPED


def _reasons(document: GoldDocument, view: CatalogView) -> dict[tuple[int, int], str]:
    """Return what linking says of each span of the text on which it took a decision."""
    return {
        (each.start, each.end): f"{each.reason}; best: {each.candidates[0].name} ({each.candidates[0].entity_id}), "
        f"{each.candidates[0].probability:.2f}"
        for each in explain_article(document.article, view)
        if each.field == "body" and len(each.candidates) > 0
    }


def _outcome(
    document: GoldDocument,
    span: tuple[int, int],
    kind: str,
    mark: GoldMention | None,
    link: Link | None,
    why: str = "",
) -> Outcome:
    start, end = span
    text = document.text
    return Outcome(
        document=document.id,
        start=start,
        end=end,
        surface=text[start:end],
        kind=kind,
        gold=None if mark is None else mark.entity_id,
        found=None if link is None else link.entity_id,
        confidence=None if link is None else link.confidence,
        why=why,
        before=_line(text[max(0, start - _CONTEXT) : start]),
        after=_line(text[end : end + _CONTEXT]),
        is_named=mark is None or mark.named,
    )


def _line(text: str) -> str:
    return " ".join(text.split("\n"))
