"""Uses: which entities the catalogue gives a form to, each entity's postings taken together, commonest first."""

from __future__ import annotations

from math import log, log1p
from typing import TYPE_CHECKING, Final

from streams.linking.fold import surface_hash
from streams.linking.meanings import UNKNOWN_PRIOR
from streams.linking.shape import LOWER, NO_CASE, UPPER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.catalog.view import CatalogView, EntityCard, Posting
    from streams.linking.span import Span

__all__ = ["MAX_CONSIDERED", "Use", "uses_of"]

MAX_CONSIDERED: Final = 32
"""Most entities weighed for one form; of more, the commonest."""

# Weight of the prior against counts: as if the form had been seen this often before anybody counted.
_SMOOTHING: Final = 4.0
_FLOOR: Final = 1e-3
# log(1 + 49): from here on, shares of counts are trusted.
_OFTEN: Final = log1p(49)
_MAX_LEAD: Final = 4.0
_LEAST_LEAD: Final = 1e-6
_NO_HASH: Final = -1
# Letters of the longest acronym.
_ACRONYM: Final = 5
# Fatha and sukun.
_LEAST_TELLING: Final = {0x64E: None, 0x652: None}
_FIRST_HAN: Final = "\u3400"
_LAST_HAN: Final = "\u9fff"


class Use:
    """How one entity uses a form: its postings taken together.

    Attributes:
        number: Number of the entity in the view.
        card: What is known about it.
        count: How often the form was seen meaning it.
        exact: Whether one of its names is written as the surface is.
        is_label: Whether the form is a preferred name of it.
        in_language: Whether the form is a name in the article's language, or in none.
        in_english: Whether it is one in English.
        commonness: Log of its share in the form, smoothed by priors.
        seen_share: Its share in what was counted of the form, as far as counts are trusted.
        lead: How much commoner the commonest is than the next; 0 for all others.
    """

    __slots__ = (
        "card",
        "commonness",
        "count",
        "exact",
        "in_english",
        "in_language",
        "is_label",
        "lead",
        "number",
        "seen_share",
    )

    def __init__(self, number: int, card: EntityCard) -> None:
        self.number = number
        self.card = card
        self.count = 0
        self.exact = self.is_label = self.in_language = self.in_english = False
        self.commonness = self.seen_share = self.lead = 0.0


def uses_of(span: Span, postings: Sequence[Posting], catalog: CatalogView, language: str) -> list[Use]:
    """Return how entities use the form of ``span``, the commonest first, at most `MAX_CONSIDERED`.

    Args:
        span: A span with the form.
        postings: What the catalogue says of the form.
        catalog: The catalogue.
        language: Primary language subtag of the article.
    """
    written = _written(span, postings)
    likewise = _other_case(span, language)
    # Without capitals there is one way to write a name, marks aside.
    plain = span.shape == NO_CASE and not span.is_marked and not span.is_variant
    if plain and _has_han(span.surface):
        # In Chinese there are two, which only the name as written tells apart.
        plain = all(posting.surface_hash != written for posting in postings)
    found: dict[int, Use] = {}
    if len(postings) > 4 * MAX_CONSIDERED:
        postings = sorted(postings, key=lambda posting: (-posting.count, not posting.is_label))[: 4 * MAX_CONSIDERED]
    for posting in postings:
        use = found.get(posting.entity)
        if use is None:
            use = found[posting.entity] = Use(posting.entity, catalog.card(posting.entity))
        use.count += posting.count
        spoken = posting.language.partition("-")[0]
        use.exact = use.exact or plain or posting.surface_hash == written
        if posting.surface_hash == likewise and spoken == language:
            use.exact = True
        use.is_label = use.is_label or posting.is_label
        use.in_language = use.in_language or spoken in {language, "mul", "und"}
        use.in_english = use.in_english or spoken == "en"
    # What an editor blocked is no reading, not as a spelling variant of another name either.
    uses = [use for use in found.values() if span.key not in use.card.blocked]
    uses = _meant(uses, span, language)
    if span.shape == LOWER:
        uses = _lower_case(uses, is_word=" " not in span.key)
    if len(uses) > 1:
        _weigh(uses)
    uses.sort(key=lambda use: (-use.commonness, use.card.entity_id))
    if len(uses) > 0:
        behind = uses[1].commonness if len(uses) > 1 else -_MAX_LEAD
        uses[0].lead = max(_LEAST_LEAD, min(_MAX_LEAD, uses[0].commonness - behind))
    return uses[:MAX_CONSIDERED]


def _written(span: Span, postings: Sequence[Posting]) -> int:
    """Return the hash of the surface, without the marks of Arabic that tell least where only so a name is written.

    Who writes all the vowels of Amman (عَمّان) has written the doubled letter, by which it is not Oman.
    """
    written = surface_hash(span.surface)
    if not span.is_marked or any(posting.surface_hash == written for posting in postings):
        return written
    return surface_hash(span.surface.translate(_LEAST_TELLING))


def _has_han(surface: str) -> bool:
    return any(_FIRST_HAN <= char <= _LAST_HAN for char in surface)


def _other_case(span: Span, language: str) -> int:
    """Return the hash of a phrase with its first letter in the other case, -1 where case tells.

    But in English, it is the sentence that decides whether a title begins with a capital: *la Catedral de Santa Sofía*,
    *la catedral de Santa Sofía*.
    """
    surface = span.surface
    if language == "en" or span.shape == NO_CASE or " " not in span.key:
        return _NO_HASH
    return surface_hash(surface[0].swapcase() + surface[1:])


def _meant(uses: list[Use], span: Span, language: str) -> list[Use]:
    """Leave out whom nobody means who writes a form so, in this language."""
    if span.is_marked and any(use.exact for use in uses):
        # Who writes the marks by which two names differ has told which: عمّان is not عُمان.
        return [use for use in uses if use.exact]
    if span.shape == UPPER and len(span.key) <= _ACRONYM:
        return [use for use in uses if not _is_foreign(use, language)]
    return uses


def _is_foreign(use: Use, language: str) -> bool:
    """Whether an acronym is what others say for an entity that has a name here: *BCE* is no bank in English.

    Acronyms of English are written in every language.
    """
    return not use.in_language and not use.in_english and language in use.card.labels


def _lower_case(uses: list[Use], *, is_word: bool) -> list[Use]:
    """Leave out whose names have capitals: *apple* is the fruit where that is catalogued, and never the company."""
    exact = [use for use in uses if use.exact]
    return exact if is_word or len(exact) > 0 else uses


def _weigh(uses: list[Use]) -> None:
    """Set the commonness: counts of the form, smoothed by the squared priors of those who share it."""
    fame = [_FLOOR + (UNKNOWN_PRIOR if use.card.prior is None else use.card.prior) ** 2 for use in uses]
    all_fame = sum(fame)
    seen = sum(use.count for use in uses)
    reliance = min(1.0, log1p(seen) / _OFTEN)
    for use, share in zip(uses, fame, strict=True):
        use.seen_share = reliance * use.count / seen if seen > 0 else 0.0
        use.commonness = log((use.count + _SMOOTHING * share / all_fame) / (seen + _SMOOTHING))
