"""The weights of disambiguation: a readable, versioned file, and the names of the features it weighs.

Two log-linear models, one after the other; small trees (`streams.linking.trees`) correct the second.

1. *Ranking*, of the candidates e of a mention m among themselves: P(e | m, linkable) ∝ exp(rank · f(m, e)).
2. *Linking*, of the best of them: P(right) = 1 / (1 + exp(-link · [g(m), f(m, best), h])), where h tells how clearly
   it won. This is the confidence of a link, and what the threshold is held against.

Ranking is learnt from mentions only, linking from all spans: one model for both would have to trade the order of
candidates against the many spans that mean nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from librt.vecs import vec

from streams.linking.trees import Trees, grow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_extensions import i64

__all__ = [
    "CANDIDATE_CONTEXT",
    "CANDIDATE_FEATURES",
    "CANDIDATE_FREE",
    "LINK_FEATURES",
    "MARGIN_FEATURES",
    "SPAN_CONTEXT",
    "SPAN_FEATURES",
    "SPAN_FREE",
    "Model",
    "Weights",
    "calibrate",
    "default_weights",
    "dot",
    "parse_weights",
]

CANDIDATE_FREE: Final = (
    "commonness",  # log P(entity | form)
    "seen_share",  # its share of the times the form was seen, where it was seen often
    "top",  # the commonest of those that go by the form
    "lead",  # the same, by how much: difference of the logs, at most 4
    "prior",  # how famous the entity is
    "early",  # an early Wikidata item: those with low numbers are better known
    "obscure",  # known to be hardly famous at all
    "seen",  # log of how often the form was seen meaning it
    "exact",  # spelt exactly as a name of it
    "exact_marked",  # the same, diacritics included, where there are any
    "lowered",  # in lower case although the name is not
    "label",  # the form is a preferred name
    "language",  # the form is a name in the article's language
    "untyped",  # nobody said what it is
    "demonym",  # a place, called by what looks like the adjective of its people
    "label_end",  # the form is the end of its label: a surname
    "label_start",  # the form is the beginning of its label
    "label_inside",  # the form shares some other word with its label
    "label_initials",  # the form is made of the initials of its label
    "label_none",  # the form shares no word with its label
    "person",  # it is a person
    "organization",  # it is an organisation
    "place",  # it is a place
)
"""Features of a candidate that only the form and the surface decide."""

CANDIDATE_CONTEXT: Final = (
    "cue",  # words around it ask for this type
    "clash",  # words around it ask for another type
    "related",  # related entities are in the article
    "longer",  # a longer name of it, of which the form is a part, is in the article
    "other_name",  # a longer name of it, of which the form is no part, is in the article
    "label_here",  # share of the other words of its label that are in the article
    "label_near",  # share of the other words of its label that are beside the span
    "voted",  # words around the same form elsewhere in the article ask for this type
    "outvoted",  # they ask for another type
    "antecedent",  # surname, acronym or bare name of a fuller mention
    "first_name",  # first name of a person who is mentioned in full
    "first_word",  # first word of another fuller mention
    "contested",  # the catalogue gives the form to others only
    "description",  # words of its description are in the article
    "quoted_work",  # a work or a product, between quotation marks
    "comma_place",  # a place, and so is probably what stands across a comma: Mandan, N.D.
)
"""Features of a candidate that the article decides."""

CANDIDATE_FEATURES: Final = CANDIDATE_FREE + CANDIDATE_CONTEXT

SPAN_FREE: Final = (
    "bias",
    "lower_word",  # one word in lower case
    "lower_phrase",  # several words in lower case
    "half_lower",  # begins with a capital and goes on in lower case, unlike the name
    "the",  # begins with The
    "comma",  # holds a comma
    "words",  # number of words beyond the first, at most 3
    "phrase",  # several words, all of them capitalised
    "short",  # three characters or fewer, no acronym
    "acronym",  # two to five capitals
    "rivals",  # log of the number of candidates
    "caseless",  # in a script without capitals
    "caseless_word",  # one word in a script without capitals
    "digits",  # begins with a digit
    "number",  # nothing but digits
    "from_short",  # no catalogue name, only a short form of an antecedent
    "variant",  # no name is spelt so; only its variant key agrees
    "variant_word",  # the same, for one word
)
"""Features of a span that only the form and the surface decide."""

SPAN_CONTEXT: Final = (
    "counting",  # the catalogue counts how often names mean their entities
    "unseen",  # it counts, and never saw this form
    "lower_counted",  # lower case, in a catalogue that counts
    "initial",  # one capitalised word that heads a sentence
    "shouted",  # among words that are all in capitals
    "part_left",  # a capitalised word before it belongs to the same name
    "part_right",  # a capitalised word after it does
    "word_left",  # the same, for a span of one word
    "word_right",
    "whole",  # a phrase, and the name around it has no other words
    "clitic",  # after a glued clitic
    "glued",  # beside a hyphen, an underscore or a slash
    "compound",  # before a hyphen, in a language that makes compounds so
    "common",  # the same word stands in lower case elsewhere in the article
    "inflected",  # an ending was taken off
    "titled",  # share of the words around it that are capitalised
    "legal_right",  # a legal form follows
    "dateline",  # the place at the head of a news text
    "hash",  # after a hash or an at sign
    "before_noun",  # before a word in lower case that is no function word
    "before_function",  # before a function word
    "before_capital",  # before a capitalised word
    "after_the",  # after the article
    "after_preposition",  # after a preposition of place
    "after_of",  # after of or another function word that takes a name
    "after_capital",  # after a capitalised word
    "ordinary",  # what stands beside it makes it an ordinary word
    "quoted",  # between quotation marks
    "often",  # log of how often the form is in the article
    "proper",  # one that heads a sentence, and elsewhere is capitalised within one
    "inside",  # probability of the most probable longer span that overlaps it
    "around",  # probability of the most probable shorter span that overlaps it
    "nil_antecedent",  # short form of a name that nobody catalogued
)
"""Features of a span that the article decides."""

SPAN_FEATURES: Final = SPAN_FREE + SPAN_CONTEXT
MARGIN_FEATURES: Final = (
    "log_share",  # log of the best candidate's share in the ranking
    "share",  # that share
    "margin",  # how far it is ahead of the second
    "alone",  # it has no rival
)
LINK_FEATURES: Final = (
    *SPAN_FEATURES,
    *(f"best_{name}" for name in CANDIDATE_FEATURES),
    *MARGIN_FEATURES,
)
"""What the second model weighs, in order."""
_NO_TREES: Final = grow((), ())


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights in the order of the feature names.

    Attributes:
        version: Changes whenever a weight does; part of the linker's version.
        rank: One per name in `CANDIDATE_FEATURES`.
        link: One per name in `LINK_FEATURES`.
        trees: Over the same features as ``link``, added to its log odds once the whole article is known.
        threshold: A best candidate that is less probable is no link.
    """

    version: str
    rank: tuple[float, ...]
    link: tuple[float, ...]
    threshold: float
    trees: Trees = _NO_TREES


def calibrate(probability: float, table: Sequence[tuple[float, float]]) -> float:
    """Return the calibrated form of a raw probability: piecewise linear through the points of ``table``.

    Args:
        probability: 0 to 1.
        table: ``(raw, calibrated)`` points, both rising; without points nothing changes. Before the first, the line
            comes from 0; after the last, it stays level, since nothing was measured that is surer.
    """
    if len(table) == 0:
        return probability
    low, below = 0.0, 0.0
    for high, above in table:
        if probability <= high:
            # Rounding must not carry a point beyond the next one.
            return min(above, below + (above - below) * (probability - low) / (high - low)) if high > low else above
        low, below = high, above
    return below


class Model:
    """Weights as linking computes with them.

    Attributes:
        weights: What it is made of.
        rank: One per name in `CANDIDATE_FEATURES`.
        link: One per name in `LINK_FEATURES`.
        trees: The weights' own.
    """

    __slots__ = ("link", "rank", "trees", "weights")

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.rank: vec[float] = vec[float](weights.rank)
        self.link: vec[float] = vec[float](weights.link)
        self.trees = weights.trees


def dot(values: vec[float], start: i64, stop: i64, weights: vec[float], first: i64) -> float:
    """Return the sum of ``values[start:stop]``, weighed by ``weights`` from number ``first`` on, added in order."""
    total = 0.0
    at = start
    shift = first - start
    while at < stop:
        total += values[at] * weights[at + shift]
        at += 1
    return total


def parse_weights(document: dict[str, Any]) -> Weights:
    """Read weights from decoded JSON; a feature that the document does not name weighs nothing."""
    return Weights(
        version=str(document["version"]),
        rank=tuple(float(document["rank"].get(name, 0.0)) for name in CANDIDATE_FEATURES),
        link=tuple(float(document["link"].get(name, 0.0)) for name in LINK_FEATURES),
        threshold=float(document["threshold"]),
        trees=grow(document.get("trees", ()), LINK_FEATURES),
    )


@cache
def default_weights() -> Weights:
    """Return the weights that ship with the package."""
    return parse_weights(json.loads(files("streams.linking").joinpath("weights.json").read_bytes()))
