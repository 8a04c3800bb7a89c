"""What sources say of an entity, statement by statement, and the entity that follows from it.

An entity is a function of the set of statements and of the order in which sources are preferred: whichever of two
sources comes first, the result is the same. What loses is kept as a statement, so that the next import finds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from streams.catalog.sources.origin import ID_SCHEMES, values_of
from streams.errors import InputError
from streams.events.entity import Alias, Entity
from streams.linking.fold import fold_text, trim_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from streams.catalog.sources.origin import Origin

__all__ = [
    "CATALOGUE",
    "ORDER",
    "Conflict",
    "Statement",
    "check_own",
    "check_preferred",
    "is_stated",
    "ranking",
    "resolve",
    "statements_of",
]

CATALOGUE: Final = "catalogue"
"""The source of what an entity held before any source was joined with it, and of what editors changed since."""

ORDER: Final = (CATALOGUE, "", "brands", "cldr", "geonames", "exchanges", "gleif", "tickers")
"""Sources, the most trusted first; the empty name stands for users' own tables."""

# Two ids in one of these contradict each other; a company has several tickers, and several ISINs.
_ONE: Final = frozenset(ID_SCHEMES) - {"isin", "yahoo"}
# Spelt differently everywhere, and never worth a look.
_NO_CONFLICT: Final = frozenset({"website", "operator_lei"})
# Where an entity has none of these, who gave it one was taken back.
_MAY_LACK: Final = frozenset({"description", "prior"})
_ALIASES: Final = 2_000
_RELATED: Final = 1_000
_IDS: Final = 100
_DEMONYMS: Final = 100


class Statement(NamedTuple):
    """One thing that one source says of an entity; a tuple, since there are millions.

    Attributes:
        property: ``type``, ``label:LANG``, ``alias:LANG``, ``description``, ``prior``, ``related``,
            ``external:SCHEME`` or ``demonym:LANG``.
        value: Its value.
        source: Name of the source.
        version: Version of the source.
        inferred: Whether the source does not say so itself: it was derived, or the source says it of an entity that
            was joined by its name.
    """

    property: str
    value: str | float
    source: str
    version: str
    inferred: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources that say different things of one property.

    Attributes:
        entity_id: The entity.
        property: The property.
        kept: The source that wins; for properties with several values, the one whose values come first.
        values: What each source says, by source.
    """

    entity_id: str
    property: str
    kept: str
    values: Mapping[str, tuple[str | float, ...]]


def ranking(prefer: Sequence[str] = ()) -> Callable[[str], tuple[int, int, str]]:
    """Return the key by which sources are sorted, the most trusted first.

    Args:
        prefer: Sources that come before all others, in this order.
    """
    default = ORDER.index("")

    def rank(source: str) -> tuple[int, int, str]:
        known = ORDER.index(source) if source in ORDER else default
        return (prefer.index(source) if source in prefer else len(prefer), known, source)

    return rank


def check_preferred(prefer: Sequence[str], known: Iterable[str]) -> None:
    """Refuse to prefer what no statement can come from.

    Args:
        prefer: See `ranking`.
        known: Sources that the catalogue has statements of, and the one that is joined with it.

    Raises:
        InputError: One of ``prefer`` is neither among them nor in `ORDER`.
    """
    sources = {*ORDER, *known} - {""}
    for name in prefer:
        if name not in sources:
            raise InputError(
                f"{name!r} cannot be preferred: it is no source of this catalogue.",
                remedy=f"Name one of {', '.join(sorted(sources))}.",
            )


def check_own(name: str) -> None:
    """Refuse to call a user's table what another source is called: it would take the place of what that one said.

    Args:
        name: What the table is called.

    Raises:
        InputError: It is in `ORDER`.
    """
    if name != "" and name in ORDER:
        raise InputError(
            f"A table cannot be called {name!r}: what the source of that name said would be lost.",
            remedy="Give it another name with --source.",
        )


def statements_of(
    entity: Entity, origin: Origin, *, inferred: Collection[str] = (), is_guess: bool = False
) -> list[Statement]:
    """Return what ``entity`` says, as statements of a source.

    Args:
        entity: The entity.
        origin: The source.
        inferred: Properties that the source does not state itself.
        is_guess: Whether it is inferred that the source speaks of this entity.
    """
    found: list[tuple[str, str | float]] = [("type", entity.type)]
    found += ((f"label:{tag}", text) for tag, text in entity.labels.items())
    found += ((f"alias:{tag}", alias.text) for tag, names in entity.aliases.items() for alias in names)
    found += [] if entity.description is None else [("description", entity.description)]
    found += [] if entity.prior is None else [("prior", entity.prior)]
    found += (("related", other) for other in entity.related)
    found += ((f"external:{scheme}", value) for scheme in entity.external_ids for value in values_of(entity, scheme))
    found += ((f"demonym:{tag}", name) for tag, names in entity.demonyms.items() for name in names)
    return [Statement(name, value, origin.name, origin.version, is_guess or name in inferred) for name, value in found]


def is_stated(statement: Statement, entity: Entity) -> bool:
    """Whether ``entity`` still shows what a statement says; what lost against another statement counts as shown."""
    kind, _, of = statement.property.partition(":")
    if kind in ("label", "alias"):
        return statement.value == entity.labels.get(of) or any(
            alias.text == statement.value for alias in entity.aliases.get(of, ())
        )
    if kind == "related":
        return statement.value in entity.related
    if kind == "external":
        values = values_of(entity, of)
        return len(values) > 0 if of in _ONE else statement.value in values
    if kind == "demonym":
        return statement.value in entity.demonyms.get(of, ())
    if kind in _MAY_LACK:
        return getattr(entity, kind) is not None
    return True


def resolve(
    entity_id: str,
    statements: Iterable[Statement],
    rank: Callable[[str], tuple[int, int, str]],
    *,
    counts: dict[tuple[str, str], int] | None = None,
) -> tuple[Entity, list[Conflict]]:
    """Return the entity that follows from statements, and where they differ.

    Args:
        entity_id: Its id.
        statements: What sources say; at least one type and one name.
        rank: What `ranking` returns.
        counts: How often a name was seen, by language and text.
    """
    by_property: dict[str, dict[str, dict[str | float, bool]]] = {}
    for each in sorted(statements, key=lambda each: rank(each.source)):
        by_property.setdefault(each.property, {}).setdefault(each.source, {})[each.value] = each.inferred
    labels: dict[str, str] = {}
    names: dict[str, dict[str, None]] = {}
    external: dict[str, str | tuple[str, ...]] = {}
    demonyms: dict[str, tuple[str, ...]] = {}
    single: dict[str, Any] = {}
    related: list[str] = []
    conflicts: list[Conflict] = []
    for name in sorted(by_property, key=lambda name: (not name.startswith("label:"), name)):
        sources = by_property[name]
        kind, _, of = name.partition(":")
        values = list(dict.fromkeys(value for said in sources.values() for value in said))
        if kind == "label":
            labels[of] = str(values[0])
            names.setdefault(of, {}).update(dict.fromkeys(map(str, values[1:])))
        elif kind == "alias":
            names.setdefault(of, {}).update(dict.fromkeys(map(str, values)))
        elif kind == "related":
            related = [str(value) for value in values if value != entity_id][:_RELATED]
        elif kind == "external":
            kept = _external(of, sources)
            external[of] = kept[0] if len(kept) == 1 else kept
        elif kind == "demonym":
            demonyms[of] = tuple(map(str, values[:_DEMONYMS]))
        else:
            single[name] = values[0]
        if _differ(kind, of, sources):
            shown = {source: tuple(said) for source, said in sorted(sources.items())}
            conflicts.append(Conflict(entity_id, name, next(iter(sources)), shown))
    seen = {} if counts is None else counts
    aliases = {
        tag: tuple(Alias(text, seen.get((tag, text))) for text in found if text != labels.get(tag))[:_ALIASES]
        for tag, found in names.items()
    }
    entity = Entity(
        entity_id,
        single["type"],
        labels,
        {tag: found for tag, found in aliases.items() if len(found) > 0},
        single.get("description"),
        single.get("prior"),
        tuple(related),
        external,
        demonyms,
    )
    return entity, conflicts


def _external(scheme: str, sources: dict[str, dict[str | float, bool]]) -> tuple[str, ...]:
    first = next(iter(sources.values()))
    if scheme in _ONE:
        return tuple(map(str, first))
    return tuple(dict.fromkeys(str(value) for said in sources.values() for value in said))[:_IDS]


def _differ(kind: str, of: str, sources: dict[str, dict[str | float, bool]]) -> bool:
    """Whether two sources contradict each other: spellings that fold alike do not, nor do lists that overlap."""
    if len(sources) < 2:
        return False
    if kind == "type":
        # A type that a source does not state itself contradicts nobody.
        return len({value for said in sources.values() for value, guessed in said.items() if not guessed}) > 1
    if kind == "label":
        return len({fold_text(trim_name(str(next(iter(said))))) for said in sources.values()}) > 1
    if kind != "external" or of in _NO_CONFLICT:
        return False
    groups = [set(said) for said in sources.values()]
    return any(len(first & second) == 0 for number, first in enumerate(groups) for second in groups[:number])
