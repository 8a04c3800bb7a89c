"""Sightings: what is noted of each form and of each entity while an article is gone through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from librt.vecs import vec

from streams.linking.lexicon import KINDS
from streams.linking.shape import LOWER, TITLE, UPPER

if TYPE_CHECKING:
    from mypy_extensions import i64

    from streams.linking.meanings import Meaning

__all__ = ["LEAST", "SURE", "UNKNOWN", "Form", "Sighting"]

LEAST: Final = 0.05
"""An entity is present from this probability on."""
SURE: Final = 0.3
"""What is related to an entity gains from this probability on."""
UNKNOWN: Final = -1.0
"""Not yet worked out."""

_KINDS: Final = len(KINDS)


class Form:
    """A folded form, and what the article does with it.

    Attributes:
        times: How often it stands there.
        is_proper: Whether it is capitalised where no sentence begins.
        is_capital: Whether it stands there with a capital.
        is_lower: Whether it stands there in lower case.
        votes: How much the words around all of its spans ask for each type, by number; empty where they ask for none.
    """

    __slots__ = ("is_capital", "is_lower", "is_proper", "times", "votes")

    def __init__(self) -> None:
        self.times: i64 = 0
        self.is_proper = False
        self.is_capital = False
        self.is_lower = False
        self.votes: vec[float] = vec[float]()

    def note(self, shape: int) -> None:
        """Note the shape in which it stands there."""
        if shape == LOWER:
            self.is_lower = True
        elif shape in (TITLE, UPPER):
            self.is_capital = True

    def is_common(self) -> bool:
        """Whether it stands there with a capital and in lower case."""
        return self.is_capital and self.is_lower

    def voted(self, cues: vec[float], kind: i64) -> tuple[float, float]:
        """Return how much the words around the form elsewhere ask for a type, and for others.

        Args:
            cues: What those around the span itself ask for, which is left aside.
            kind: The type's number.
        """
        agreed = against = 0.0
        number: i64 = 1
        while number < _KINDS:
            strength = self.votes[number]
            if len(cues) > 0:
                strength -= cues[number]
            if number == kind:
                agreed += strength
            else:
                against += strength
            number += 1
        return agreed, against


class Sighting:
    """An entity, and what the first round found of it in the article.

    Attributes:
        meaning: What one of its forms means; for its card.
        present: How probable its most probable mention is.
        number: Its number among those that are present; -1 for others.
        told: How probable the most probable mention is that means it rather than any other.
        incoming: The same of entities that are related to it.
        form: The form that may mean it; of several, the first.
        has_forms: Whether there are several.
    """

    __slots__ = (
        "_key",
        "_low",
        "_order",
        "_others",
        "_share",
        "form",
        "has_forms",
        "incoming",
        "known_related",
        "meaning",
        "neighbours",
        "number",
        "present",
        "told",
    )

    def __init__(self, meaning: Meaning, form: Form) -> None:
        self.meaning = meaning
        self.form = form
        self.has_forms = False
        self.present = LEAST
        self.number: i64 = -1
        self.told = SURE
        self.incoming = 0.0
        self.neighbours: list[int] | None = None
        self.known_related = UNKNOWN
        # Where it is first named in several words.
        self._order: i64 = -1
        self._low: i64 = 0
        # Most entities go by one form in an article.
        self._key = ""
        self._share = 0.0
        self._others: dict[str, float] | None = None

    def is_told_from(self, other: Sighting) -> bool:
        """Whether it is another entity, there by another form: a rival for the one name of both tells nothing."""
        return self is not other and (self.has_forms or self.form is not other.form)

    def goes_by(self, key: str, probability: float) -> None:
        """Note a form that probably means it."""
        if self._key == "":
            self._key = key
        if self._key == key:
            self._share = max(self._share, probability)
            return
        others = self._others
        if others is None:
            others = self._others = {}
        if probability > others.get(key, 0.0):
            others[key] = probability

    def is_named_at(self, order: i64, low: i64) -> None:
        """Note a place, later than those before, where it is probably named in several words."""
        if self._order < 0:
            self._order = order
            self._low = low

    def is_told_after(self, order: i64, low: i64) -> bool:
        """Whether it is first named in several words behind a place in the same text."""
        return self._order == order and self._low > low

    def has_longer(self, key: str) -> bool:
        """Whether it may go by a longer form than ``key``."""
        return len(self._key) > len(key) or self._others is not None

    def longer(self, key: str) -> tuple[float, float]:
        """Return the probabilities of its longer forms.

        Returns:
            Of one that ``key`` is a part of, and of one that it is no part of.
        """
        whole = other = 0.0
        part = f" {key} "
        if len(self._key) > len(key):
            if part in f" {self._key} ":
                whole = self._share
            else:
                other = self._share
        if self._others is not None:
            for form, share in self._others.items():
                if len(form) > len(key):
                    if part in f" {form} ":
                        whole = max(whole, share)
                    else:
                        other = max(other, share)
        return whole, other
