"""From an item of the dump to an entity, but for its type, which takes the classes of the whole dump.

`prior` counts the wikis that have an article: ``log(1 + n) / log(301)``, and 1 from 300 on. It grows by the same
step for 1, 3, 7, 15 … articles, as fame does: 0.12 for one, 0.42 for ten, 0.81 for a hundred.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Any, Final

from streams.catalog.sources.wikidata.statements import item_numbers, qualified, strings, texts
from streams.events.entity import MAX_DEMONYMS, MAX_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MAX_RELATED", "MUL", "RELATIONS", "derive", "prior"]

MUL: Final = "mul"
"""The language tag of a name that is written so in every language with the Latin script."""

MAX_RELATED: Final = 50
"""Most related entities: what tells namesakes apart is said early, and lists of hundreds are of another kind."""

RELATIONS: Final = (
    "P108",  # employer
    "P127",  # owned by
    "P749",  # parent organization
    "P159",  # headquarters location
    "P169",  # chief executive officer
    "P39",  # position held
    "P102",  # member of political party
    "P54",  # member of sports team
    "P17",  # country
    "P27",  # country of citizenship
    "P131",  # located in the administrative territorial entity
    "P463",  # member of
)
"""Properties that lead to related entities, the most telling first."""

_MAX_ALIASES: Final = 2_000
_SHORT: Final = 3
_MAX_DESCRIPTION: Final = 2_000
_MAX_IDS: Final = 100
_MAX_ID: Final = 200
_FULL: Final = log(301)
_END: Final = "P582"  # end time
_EXTERNAL: Final = (
    ("lei", "P1278"),
    ("isin", "P946"),
    ("geonames", "P1566"),
    ("website", "P856"),
    ("iso3166", "P297"),
    ("iso4217", "P498"),
)


def prior(sitelinks: int) -> float:
    """Return how famous an entity with so many sitelinks is, 0 to 1."""
    return min(1.0, round(log(1 + sitelinks) / _FULL, 3))


def derive(item: dict[str, Any], languages: tuple[str, ...]) -> dict[str, Any] | None:
    """Return an item as catalogue JSON without its type; None where it has no name in these languages.

    Args:
        item: The item, with ``labels``, ``aliases`` and the rest as the dump writes them.
        languages: Languages whose names are taken; ``mul`` is taken as well.
    """
    claims = _map(item, "claims")
    wanted = (*languages, MUL) if MUL not in languages else languages
    found = _map(item, "labels")
    labels = {tag: found[tag]["value"] for tag in wanted if tag in found}
    labels = {tag: label for tag, label in labels.items() if _is_name(label)}
    names: dict[str, dict[str, None]] = {}
    given = _map(item, "aliases")
    for tag in wanted:
        if tag in given:
            names[tag] = dict.fromkeys(alias["value"] for alias in given[tag])
    for name in ("P1813", "P1448"):  # short name, official name
        for tag, text in texts(claims, name) if name in claims else ():
            if tag in wanted:
                names.setdefault(tag, {})[text] = None
    demonyms = _demonyms(claims, wanted) if "P1549" in claims else {}
    aliases = _aliases(names, labels, {text for texts_ in demonyms.values() for text in texts_})
    if len(labels) == 0 and len(aliases) == 0:
        return None
    number = item["id"]
    document: dict[str, Any] = {
        "id": number,
        "labels": labels,
        "aliases": aliases,
        "description": _description(_map(item, "descriptions"), wanted),
        "prior": prior(len(item.get("sitelinks") or ())),
        "related": _related(claims, number),
        "external_ids": _external_ids(claims),
    }
    if len(demonyms) > 0:
        document["demonyms"] = demonyms
    return document


def _map(item: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a field that is a map, and that older dumps write as an empty list where it is empty."""
    value = item.get(name)
    return value if isinstance(value, dict) else {}


def _is_name(text: str) -> bool:
    return 0 < len(text) <= MAX_NAME and not text.isspace()


def _is_alias(text: str) -> bool:
    """Whether texts may be searched for it: not for flags, nor for codes such as ``be`` that are words besides."""
    if not _is_name(text) or not any(char.isalnum() for char in text):
        return False
    return len(text) > _SHORT or not (text.isascii() and text.islower())


def _demonyms(claims: dict[str, Any], wanted: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for tag, text in texts(claims, "P1549"):
        if tag in wanted and _is_name(text):
            found.setdefault(tag, {})[text] = None
    return {tag: list(names)[:MAX_DEMONYMS] for tag, names in found.items()}


def _aliases(names: dict[str, dict[str, None]], labels: dict[str, str], without: Iterable[str]) -> dict[str, list[str]]:
    """Return the names that are neither the label of their language nor a demonym: nationalities are no names."""
    folded = {text.casefold() for text in without}
    aliases = {}
    for tag, texts_ in names.items():
        kept = [text for text in texts_ if text != labels.get(tag) and _is_alias(text)]
        if len(folded) > 0:
            kept = [text for text in kept if text.casefold() not in folded]
        if len(kept) > 0:
            aliases[tag] = kept[:_MAX_ALIASES]
    return aliases


def _description(found: dict[str, Any], wanted: tuple[str, ...]) -> str | None:
    for tag in wanted:
        if tag in found and found[tag]["value"] != "":
            text: str = found[tag]["value"]
            return text[:_MAX_DESCRIPTION]
    return None


def _related(claims: dict[str, Any], own: str) -> list[str]:
    found: dict[str, None] = {}
    for name in RELATIONS:
        if name in claims:
            found.update(dict.fromkeys(f"Q{number}" for number in item_numbers(claims, name)))
    found.pop(own, None)
    return list(found)[:MAX_RELATED]


def _external_ids(claims: dict[str, Any]) -> dict[str, list[str]]:
    found = {scheme: strings(claims, name) for scheme, name in _EXTERNAL if name in claims}
    tickers: list[str] = []
    if "P414" in claims:  # stock exchange; a listing that has ended is none
        tickers += qualified(claims, "P414", "P249", unless=_END)
    if "P249" in claims:
        tickers += strings(claims, "P249", unless=_END)
    found["ticker"] = list(dict.fromkeys(tickers))
    kept = {scheme: [text for text in ids if 0 < len(text) <= _MAX_ID][:_MAX_IDS] for scheme, ids in found.items()}
    return {scheme: ids for scheme, ids in kept.items() if len(ids) > 0}
