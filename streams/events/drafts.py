"""Frozen values, made quickly.

A frozen dataclass sets each of its fields through `object.__setattr__`, which for an article's hundreds of mentions,
candidates, entities and names takes longer than to find them. Here each is filled in as a draft, an open class with
the same fields, and then becomes the frozen value that it is a draft of. What comes out is that very class: frozen,
equal and hashed as ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from streams.events.enriched import Candidate, LinkedEntity, Mention
from streams.events.unlinked import UnlinkedName

__all__ = ["candidate_of", "entity_of", "mention_of", "unlinked_of"]

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class _Candidate:
    def __init__(self, entity_id: str, score: float) -> None:
        self.entity_id = entity_id
        self.score = score
        self.__class__ = Candidate  # type: ignore[assignment]


class _Mention:
    def __init__(
        self,
        field: str,
        start: int,
        end: int,
        surface: str,
        type_: str,
        entity_id: str | None,
        confidence: float,
        candidates: tuple[Candidate, ...],
    ) -> None:
        self.field = field
        self.start = start
        self.end = end
        self.surface = surface
        self.type = type_
        self.entity_id = entity_id
        self.confidence = confidence
        self.candidates = candidates
        self.__class__ = Mention  # type: ignore[assignment]


class _LinkedEntity:
    def __init__(
        self,
        entity_id: str,
        type_: str,
        name: str,
        salience: float,
        mention_count: int,
        external_ids: dict[str, str | tuple[str, ...]],
        labels: dict[str, str] | None,
    ) -> None:
        self.entity_id = entity_id
        self.type = type_
        self.name = name
        self.salience = salience
        self.mention_count = mention_count
        self.external_ids = external_ids
        self.labels = labels
        self.__class__ = LinkedEntity  # type: ignore[assignment]


class _UnlinkedName:
    def __init__(
        self,
        name_key: str,
        name: str,
        type_: str,
        language: str,
        article_id: str,
        field: str,
        start: int,
        end: int,
        mention_count: int,
        context: str,
        seen_at: str,
    ) -> None:
        self.name_key = name_key
        self.name = name
        self.type = type_
        self.language = language
        self.article_id = article_id
        self.field = field
        self.start = start
        self.end = end
        self.mention_count = mention_count
        self.context = context
        self.seen_at = seen_at
        self.__class__ = UnlinkedName  # type: ignore[assignment]


candidate_of = cast("Callable[[str, float], Candidate]", _Candidate)
"""Make a candidate of its fields, in order."""

mention_of = cast("Callable[[str, int, int, str, str, str | None, float, tuple[Candidate, ...]], Mention]", _Mention)
"""Make a mention of its fields, in order."""

entity_of = cast(
    "Callable[[str, str, str, float, int, dict[str, Any], dict[str, str] | None], LinkedEntity]", _LinkedEntity
)
"""Make a linked entity of its fields, in order."""

unlinked_of = cast("Callable[[str, str, str, str, str, str, int, int, int, str, str], UnlinkedName]", _UnlinkedName)
"""Make an unlinked name of its fields, in order."""
