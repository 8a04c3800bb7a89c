"""What a source gives: entities under ids of their own, and who says so under which licence."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final

from streams.errors import InputError
from streams.events.entity import MAX_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.events.entity import Entity

__all__ = [
    "ID_SCHEMES",
    "Given",
    "Origin",
    "Reading",
    "Source",
    "country_id",
    "is_latin",
    "is_name",
    "key_pairs",
    "local_id",
    "missing_package",
    "package_version",
    "scheme_of",
    "values_of",
]

ID_SCHEMES: Final = ("iso3166", "m49", "iso4217", "geonames", "lei", "mic", "isin", "yahoo")
"""Schemes whose ids name one thing in the world; the first that an entity has gives it its ``local:`` id."""

_LOCAL: Final = re.compile(rf"local:({'|'.join(ID_SCHEMES)})-.")
_UNFIT: Final = re.compile(r"[^a-z0-9._-]+")
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_MAX_KEY: Final = 90
_LEFT_OUT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Origin:
    """Who says something.

    Attributes:
        name: Name of the source.
        version: Its version.
        licence: The licence of its data, an SPDX expression where there is one.
    """

    name: str
    version: str
    licence: str


@dataclass(frozen=True, slots=True)
class Given:
    """An entity as a source gives it.

    Attributes:
        entity: The entity, under a QID that the source states or under a ``local:`` id made from the source's key.
        country: ISO 3166 code of its country, upper case; None where the source does not say.
        inferred: Properties that the source does not state in so many words, such as ``alias:ar``.
    """

    entity: Entity
    country: str | None = None
    inferred: frozenset[str] = frozenset()


class Reading:
    """What is noted while rows are read; all of it is there when the last was.

    Attributes:
        rows: Rows that were read.
        left_out: What was left out and why, each with how many cells and where the first of them is; at most
            ``_LEFT_OUT`` different ones.
        more: Cells that were left out beside those.
    """

    __slots__ = ("left_out", "more", "rows")

    def __init__(self) -> None:
        self.rows = 0
        self.left_out: dict[str, tuple[int, str]] = {}
        self.more = 0

    def leave_out(self, why: str, where: str) -> None:
        """Note that a cell is left out.

        Args:
            why: What, and why.
            where: Its row, as ``file:line``, or the file.
        """
        if why not in self.left_out and len(self.left_out) == _LEFT_OUT:
            self.more += 1
            return
        cells, first = self.left_out.get(why, (0, where))
        self.left_out[why] = (cells + 1, first)


@dataclass(frozen=True, slots=True)
class Source:
    """A source that is open for reading.

    Attributes:
        origin: Who it is.
        given: Its entities; they can be read once.
        reading: What is noted while they are read, for a source that has rows.
    """

    origin: Origin
    given: Iterable[Given]
    reading: Reading | None = None


def local_id(scheme: str, key: str, *, exact: bool = False) -> str:
    """Return the permanent ``local:`` id of what a source calls ``key``.

    Args:
        scheme: What kind of key it is.
        key: The key.
        exact: Whether keys that differ in case alone are two; where the key does not fit an id, a digest keeps it
            apart from its like.
    """
    fit = _UNFIT.sub("-", key.lower())[:_MAX_KEY]
    if fit != (key if exact else key.lower()):
        fit += "-" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"local:{scheme}-{fit}"


def country_id(code: str) -> str:
    """Return the ``local:`` id of a country by its ISO 3166 code."""
    return local_id("iso3166", code)


def scheme_of(entity_id: str) -> str | None:
    """Return the scheme that an id was made from; None for QIDs and for ids that somebody chose."""
    found = _LOCAL.match(entity_id)
    return None if found is None else found[1]


def values_of(entity: Entity, scheme: str) -> tuple[str, ...]:
    """Return the ids of an entity in a scheme."""
    ids = entity.external_ids.get(scheme, ())
    return (ids,) if isinstance(ids, str) else ids


def key_pairs(entity: Entity) -> Iterator[tuple[str, str]]:
    """Return ``(scheme, id)`` for each id that names one thing, in the order of `ID_SCHEMES`."""
    for scheme in ID_SCHEMES:
        for value in values_of(entity, scheme):
            yield scheme, value


def is_name(text: Any) -> bool:
    """Whether a source's value can be a name: a text of at most 300 characters, one of them a letter or digit."""
    return isinstance(text, str) and len(text) <= MAX_NAME and any(char.isalnum() for char in text)


def is_latin(text: str) -> bool:
    """Whether every letter of ``text`` is Latin: such a name is written so in every language (``mul``)."""
    return all(_LATIN.match(letter) is not None for letter in _LETTER.findall(text))


def missing_package(package: str, exc: ImportError) -> InputError:
    """Return the error of somebody who has not installed what a source is read with."""
    return InputError(
        f"This source is read with the package {package}, which is not installed ({exc}).",
        remedy="Install it: pip install 'wasl[sources]'.",
    )


def package_version(package: str) -> str:
    """Return the version of an installed package.

    Raises:
        InputError: It is not installed.
    """
    try:
        return version(package)
    except PackageNotFoundError as exc:
        raise missing_package(package, exc) from exc
