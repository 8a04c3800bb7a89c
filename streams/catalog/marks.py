"""What editors say about an entity beside its own record: names that never mean it, and priors of their own.

Marks stand beside the entity, not in it, so that an import that brings the entity anew leaves them in force,
and so that an entity stays what its source says.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from streams.events import read, write

if TYPE_CHECKING:
    from streams.events.entity import Entity

__all__ = [
    "MAX_MARKS",
    "NO_MARKS",
    "Marks",
    "encode_marks",
    "marked_entity",
    "marks_document",
    "parse_marks",
    "unite_marks",
]

MAX_MARKS: Final = 2_000
"""Most forms of one entity that may be blocked, and most that may be boosted."""

_EVENT: Final = "list of marks"


@dataclass(frozen=True, slots=True)
class Marks:
    """What editors say about an entity.

    Attributes:
        blocked: Forms (folded names) that are never linked to it, in order.
        counts: By form, how often an editor wants it to count as seen meaning the entity, beside what was seen.
        prior: How famous an editor says it is, 0 to 1, in place of what the source says; None where none did.
    """

    blocked: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    prior: float | None = None


NO_MARKS: Final = Marks()
"""Nothing said."""


def marks_document(marks: Marks) -> dict[str, Any]:
    """Return marks as plain JSON values, without what was not said."""
    document: dict[str, Any] = {}
    if len(marks.blocked) > 0:
        document["blocked"] = list(marks.blocked)
    if len(marks.counts) > 0:
        document["counts"] = marks.counts
    if marks.prior is not None:
        document["prior"] = marks.prior
    return document


def parse_marks(document: Any) -> Marks:
    """Read what `marks_document` gave.

    Raises:
        SchemaError: It did not give this.
    """
    fields = read.opaque(document, "marks")
    read.known_only(fields, ("blocked", "counts", "prior"), _EVENT)
    counts = read.opaque(fields.get("counts", {}), "counts")
    prior = fields.get("prior")
    return Marks(
        blocked=read.texts(fields.get("blocked", []), "blocked", most_items=MAX_MARKS, most=10_000),
        counts={form: read.whole(count, f"counts.{form}", least=1) for form, count in counts.items()},
        prior=None if prior is None else read.number(prior, "prior", least=0, most=1),
    )


def encode_marks(marks: Marks) -> bytes:
    """Write marks as JSON; equal marks give equal bytes."""
    return write.dump(marks_document(marks), _EVENT, sort_keys=True)


def unite_marks(stays: Marks, gone: Marks, *, known: frozenset[str]) -> Marks:
    """Return the marks of an entity into which another is merged: its own, and of the other's what they leave open.

    Args:
        stays: Marks of the entity that stays.
        gone: Marks of the one that goes.
        known: Forms by which the entity that stays went already; what was blocked for the other is not for these.
    """
    return Marks(
        blocked=tuple(sorted({*stays.blocked, *(form for form in gone.blocked if form not in known)})[:MAX_MARKS]),
        counts=dict(sorted({**gone.counts, **stays.counts}.items())[:MAX_MARKS]),
        prior=gone.prior if stays.prior is None else stays.prior,
    )


def marked_entity(entity: Entity, marks: Marks, *, fold: Any) -> Entity:
    """Return ``entity`` without the names whose form is blocked; it may be left without any.

    Args:
        entity: The entity.
        marks: What editors said about it.
        fold: Gives the form of a name.
    """
    if len(marks.blocked) == 0:
        return entity
    blocked = frozenset(marks.blocked)
    aliases = {
        language: tuple(alias for alias in names if fold(alias.text) not in blocked)
        for language, names in entity.aliases.items()
    }
    return replace(
        entity,
        labels={language: text for language, text in entity.labels.items() if fold(text) not in blocked},
        aliases={language: names for language, names in aliases.items() if len(names) > 0},
    )
