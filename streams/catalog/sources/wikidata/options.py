"""What of a dump becomes a catalogue."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import orjson

from streams.catalog.sources.wikidata.classes import NEWSWORTHY
from streams.errors import EventError, InputError
from streams.events.read import language_tag
from streams.events.types import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["EVERYTHING", "ID_DIGITS", "ImportOptions", "item_number", "parse_languages", "parse_types", "read_ids"]

EVERYTHING: Final = "all"
"""The word for every type, ``other`` included."""

ID_DIGITS: Final = 12
"""Most digits of an item's number, as the catalogue's ids have it."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What of a dump becomes a catalogue; the same options over the same dump give the same bytes.

    Attributes:
        languages: Languages whose names are taken, the most wanted first; ``mul`` is always taken as well.
        min_sitelinks: Fewest sitelinks of an entity.
        types: Types that are kept.
        roots: Numbers of classes: where there are some, only entities below one of them are kept.
        ids: Numbers of items that are kept whatever the other options say, if only they have a name.
    """

    languages: tuple[str, ...] = ("en", "ar")
    min_sitelinks: int = 1
    types: frozenset[str] = NEWSWORTHY
    roots: frozenset[int] = frozenset()
    ids: frozenset[int] = frozenset()

    def digest(self) -> str:
        """Return a short name of these options; work that was begun with others cannot be gone on with."""
        fields = [
            self.languages,
            self.min_sitelinks,
            sorted(self.types),
            sorted(self.roots),
            sorted(self.ids),
        ]
        return hashlib.sha256(orjson.dumps(fields)).hexdigest()[:16]


def item_number(text: str) -> int | None:
    """Return the number of an item's id, ``31`` for ``Q31``; None where it is no such id."""
    digits = text[1:]
    if text[:1] != "Q" or not digits.isascii() or not digits.isdigit() or digits[0] == "0" or len(digits) > ID_DIGITS:
        return None
    return int(digits)


def parse_languages(text: str) -> tuple[str, ...]:
    """Read ``en,ar,zh-Hant``, in either case; Wikidata writes its tags in small letters.

    Raises:
        InputError: A part is no language tag, or there is none.
    """
    tags = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip() != ""))
    if len(tags) == 0:
        raise InputError("No language is named.", remedy="Name at least one, such as --languages en,ar.")
    for tag in tags:
        try:
            language_tag(tag, "A language")
        except EventError as exc:
            raise InputError(exc.message, remedy=exc.remedy) from exc
    return tags


def parse_types(text: str) -> tuple[frozenset[str], frozenset[int]]:
    """Read ``person,place``, ``all`` or classes such as ``Q6256,Q515``; return the types and the classes.

    Raises:
        InputError: A part is neither a type nor an item's id.
    """
    types: set[str] = set()
    roots: set[int] = set()
    for part in (part.strip() for part in text.split(",")):
        number = item_number(part)
        if number is not None:
            roots.add(number)
        elif part == EVERYTHING:
            types.update(ENTITY_TYPES)
        elif part in ENTITY_TYPES:
            types.add(part)
        else:
            raise InputError(
                f"--types names {part!r}, which is neither a type nor a class of Wikidata.",
                remedy=f"Name {', '.join(ENTITY_TYPES)}, {EVERYTHING}, or classes such as Q6256.",
            )
    # Whoever names trees alone wants what is in them, of whatever type.
    return frozenset(types if len(types) > 0 else ENTITY_TYPES), frozenset(roots)


def read_ids(path: Path) -> frozenset[int]:
    """Read a list of items: one id a line, and whatever follows it after a space, tab or comma; ``#`` is a remark.

    Raises:
        InputError: The file cannot be read, or a line does not begin with an item's id.
    """
    try:
        # Editors of Windows begin a text with a byte order mark.
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"The list {path} cannot be read: {exc}.", remedy="Give a text file, one id a line.") from exc
    return frozenset(_numbers(lines, str(path)))


def _numbers(lines: Iterable[str], name: str) -> Iterable[int]:
    for count, line in enumerate(lines, start=1):
        words = line.partition("#")[0].replace(",", " ").split()
        if len(words) == 0:
            continue
        number = item_number(words[0])
        if number is None:
            raise InputError(
                f"{name}:{count}: {words[0]!r} is no id of an item.", remedy="Write one id a line, such as Q182477."
            )
        yield number
