"""Antecedents: fuller names in the article to which short forms refer back, catalogued or not."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from streams.linking.candidates import Candidacy
from streams.linking.features import Decision
from streams.linking.shortforms import occurrences, short_forms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.linking.names import Names
    from streams.linking.text import Text

__all__ = ["give_antecedents", "mark_uncatalogued"]

_SURE: Final = 0.35
_LIKELY: Final = 0.2
_MAX_ADDED: Final = 2_000

_Position = tuple[int, int]


def give_antecedents(decisions: Sequence[Decision], texts: Sequence[Text], language: str) -> list[Decision]:
    """Give short forms the entities of their antecedents as candidates.

    Args:
        decisions: Decisions that were scored once.
        texts: The article's texts, in order.
        language: Primary language subtag of the article.

    Returns:
        New decisions, on short forms that are no form of the catalogue; at most 2,000.
    """
    owners: dict[tuple[str, bool], list[Decision]] = defaultdict(list)
    for decision in decisions:
        best = decision.best
        if best.probability >= _SURE:
            for short in short_forms(decision.span, best.card.type):
                owners[short].append(decision)
    known = {(id(decision.span.text), decision.span.low, decision.span.high): decision for decision in decisions}
    order = {id(text): at for at, text in enumerate(texts)}
    added: list[Decision] = []
    for (form, strong), antecedents in owners.items():
        for span in occurrences(form, texts, [decision.span for decision in antecedents], language):
            where = (id(span.text), span.low, span.high)
            if where not in known:
                if len(added) >= _MAX_ADDED:
                    return added
                known[where] = Decision(span, [])
                added.append(known[where])
            elif not strong and _is_place(known[where]):
                # The first word of Miami Heat is the name of a place.
                continue
            _give(known[where], antecedents, order, strong=strong)
    return added


def _is_place(decision: Decision) -> bool:
    return len(decision.candidates) > 0 and decision.best.card.type == "place" and decision.best.probability >= _LIKELY


def mark_uncatalogued(decisions: Sequence[Decision], texts: Sequence[Text], names: dict[str, Names]) -> None:
    """Mark the decisions on spans that are a short form of a name which stands before them and nobody catalogued."""
    order = {text.field: at for at, text in enumerate(texts)}
    parts = _uncatalogued_parts(decisions, order, names)
    if len(parts) == 0:
        return
    for decision in decisions:
        span = decision.span
        owners = parts.get(span.key)
        if owners is None or any(
            candidate.antecedent + candidate.first_name + candidate.first_word > 0 for candidate in decision.candidates
        ):
            continue
        around = names[span.text.field].around(span.start, span.end)
        alone = around is None or len(around.words) == 1
        if alone and any(owner <= (order[span.text.field], span.start) for owner in owners):
            decision.nil_antecedent = 1.0


def _uncatalogued_parts(
    decisions: Sequence[Decision], order: dict[str, int], names: dict[str, Names]
) -> dict[str, list[_Position]]:
    """Return the first and last words of the names that no likely link overlaps, with where the names end."""
    linked: dict[str, list[_Position]] = defaultdict(list)
    for decision in decisions:
        if decision.best.probability >= _SURE:
            linked[decision.span.text.field].append((decision.span.start, decision.span.end))
    parts: dict[str, list[_Position]] = defaultdict(list)
    for field, at in order.items():
        for name in names[field].found:
            if len(name.words) > 1 and not any(low < name.end and name.start < high for low, high in linked[field]):
                for word in {name.words[0], name.words[-1]}:
                    parts[word].append((at, name.end))
    return parts


def _give(decision: Decision, antecedents: Sequence[Decision], order: dict[int, int], *, strong: bool) -> None:
    """Give ``decision`` each antecedent's entity; of several, whom the article names in full most often comes first.

    What stands before the short form comes before what stands after it, which serves headlines.
    """
    here = (order[id(decision.span.text)], decision.span.low)
    best: dict[str, Candidacy] = {}
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for antecedent in antecedents:
        candidate = antecedent.best
        entity_id = candidate.card.entity_id
        if entity_id not in best or candidate.probability > best[entity_id].probability:
            best[entity_id] = candidate
        there = (order[id(antecedent.span.text)], antecedent.span.low)
        (before if there < here else after)[entity_id] += 1
    ranked = sorted(best, key=lambda entity_id: (-before[entity_id], -after[entity_id], entity_id))
    for rank, entity_id in enumerate(ranked):
        own = next((candidate for candidate in decision.candidates if candidate.card.entity_id == entity_id), None)
        if own is None:
            own = Candidacy(best[entity_id].number, best[entity_id].card)
            own.is_contested = decision.span.form is not None
            decision.candidates.append(own)
        share = best[entity_id].probability / (rank + 1)
        if strong:
            own.antecedent = max(own.antecedent, share)
        elif own.card.type == "person":
            own.first_name = max(own.first_name, share)
        else:
            own.first_word = max(own.first_word, share)
