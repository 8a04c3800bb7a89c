"""What the sign of each weight may be, and why.

Some twenty documents make a set: a feature that occurs in three of them can come out with the wrong sign by chance, and
then a linker that is right for the wrong reason breaks on the next text. So a weight whose direction is known
beforehand may not cross zero. A few have a least value besides: what they measure is scarce in the training texts and
common elsewhere, so that the texts cannot tell its worth. A feature that is not named here may go either way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["LINK_SIGNS", "RANK_SIGNS", "Sign", "bounds"]


@dataclass(frozen=True, slots=True)
class Sign:
    """Least and greatest value of a weight.

    Attributes:
        least: At least this.
        most: At most this.
        reason: Why.
    """

    least: float
    most: float
    reason: str


def _for(names: str, reason: str, *, least: float = 0.0) -> dict[str, Sign]:
    return dict.fromkeys(names.split(), Sign(least, math.inf, reason))


def _against(names: str, reason: str, *, most: float = 0.0) -> dict[str, Sign]:
    return dict.fromkeys(names.split(), Sign(-math.inf, most, reason))


RANK_SIGNS: Final[dict[str, Sign]] = {
    **_for("commonness", "the commoner meaning is the likelier; most catalogues count nothing", least=0.3),
    **_for("top lead", "the commoner meaning is the likelier"),
    **_for("prior", "fame speaks for an entity; the catalogue of most texts here knows none", least=0.5),
    **_for("early", "fame speaks for an entity"),
    **_for("seen seen_share", "a form that was seen meaning an entity often means it"),
    **_for("exact", "a better fit of the name cannot speak against the entity", least=0.3),
    **_for("exact_marked", "who writes diacritics means them; few texts here do", least=1.0),
    **_for("label language", "a better fit of the name cannot speak against the entity"),
    **_for("cue", "a type that the words ask for speaks for it; few texts here ask", least=1.0),
    **_for("related", "company speaks for an entity; the catalogue of most texts here knows none", least=1.0),
    **_for("other_name voted", "another name, or a cue elsewhere in the article, cannot speak against an entity"),
    **_for("label_here label_near", "the rest of its name in the article cannot speak against an entity"),
    **_against("outvoted", "a cue for another type elsewhere in the article cannot speak for an entity"),
    **_for("longer", "a fuller name of the entity cannot speak against it", least=0.5),
    **_for("description", "words of its description cannot speak against it", least=0.3),
    **_for("quoted_work", "titles of works stand between quotation marks"),
    **_for("comma_place", "a place stands beside a place"),
    **_for("antecedent first_name first_word", "a fuller mention cannot speak against the entity"),
    **_against("contested", "others go by the form, and this entity does not"),
    **_against("obscure", "obscurity speaks against an entity"),
    **_against("lowered", "a name in lower case is a worse fit; edited texts hardly show any", most=-2.0),
    **_against("clash", "words that ask for another type speak against this one; few texts here ask", most=-1.0),
    **_against("untyped", "what nobody typed is more often no name"),
    **_against("demonym", "the adjective of a people is no mention of its country"),
}
"""Of the model that ranks candidates; positive speaks for a candidate."""

LINK_SIGNS: Final[dict[str, Sign]] = {
    **_for("phrase whole", "the more words of a name stand there, the less by chance"),
    **_for(
        "best_exact best_exact_marked best_label best_language best_seen best_seen_share best_commonness best_prior",
        "what speaks for an entity speaks for a link to it",
    ),
    **_for(
        "best_cue best_related best_longer best_antecedent best_first_name best_first_word best_description",
        "what the article says of an entity cannot speak against a link to it",
    ),
    **_for("best_quoted_work", "titles of works stand between quotation marks"),
    **_for("best_comma_place", "a place stands beside a place"),
    **_for(
        "best_other_name best_voted best_label_here best_label_near",
        "what the article says of an entity cannot speak against a link to it",
    ),
    **_against("best_outvoted", "what speaks against an entity does so here too"),
    **_against("inside", "of spans that overlap, the longer one is the likelier"),
    **_for("log_share share margin alone", "a clear winner is no worse than a narrow one"),
    **_against("unseen", "a form that was never seen in counted texts is rather no mention"),
    **_against("lower_word lower_phrase lower_counted half_lower", "what is not written like a name is rather none"),
    **_against("the", "most names are mentioned without their article"),
    **_against("comma", "a name with its qualifier is mostly two mentions"),
    **_against("part_left part_right word_left word_right glued", "a part of a longer name is rather no mention"),
    **_against("number", "a number is rather a quantity"),
    **_against("short", "short forms are ambiguous"),
    **_against("clitic inflected", "a clitic or an ending may be a part of another word"),
    **_against("ordinary", "an ordinary word is no name; few texts here show any", most=-5.0),
    **_against("from_short", "a form that no catalogue holds is a guess"),
    **_against("nil_antecedent", "a part of a name that nobody catalogued means its bearer", most=-4.0),
    **_against("best_lowered best_demonym best_contested best_clash", "what speaks against an entity does so here too"),
}
"""Of the model that judges the best candidate; positive speaks for a link."""

_FREE: Final = Sign(-math.inf, math.inf, "may go either way")


def bounds(features: Iterable[str], signs: Mapping[str, Sign]) -> list[tuple[float, float]]:
    """Return the least and the greatest value of each feature's weight, infinite where it is free."""
    return [(sign.least, sign.most) for sign in (signs.get(name, _FREE) for name in features)]
