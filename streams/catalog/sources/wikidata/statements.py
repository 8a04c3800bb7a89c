"""Statements of an item: which of them are facts, and their values.

A fact has the rank ``preferred``, or ``normal`` where none is preferred; ``deprecated`` never is one. ``somevalue``
and ``novalue`` say that a value is unknown or that there is none, so they hold nothing to take; but a preferred
``novalue`` still stands before all normal statements: who has no employer now is not related to the former one.
An end with ``novalue`` says that a statement has not ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams.catalog.sources.wikidata.options import ID_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["best", "item_numbers", "qualified", "strings", "texts"]

_LIMIT: Final = 10**ID_DIGITS


def best(claims: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the statements of a property that are facts, in their order.

    Args:
        claims: The statements of an item, by property.
        name: The property.
    """
    statements = claims.get(name)
    if statements is None:
        return []
    preferred = [statement for statement in statements if statement.get("rank") == "preferred"]
    if len(preferred) > 0:
        return preferred
    return [statement for statement in statements if statement.get("rank") != "deprecated"]


def _qualifiers(statement: dict[str, Any]) -> dict[str, Any]:
    """Return the qualifiers of a statement; older dumps write an empty list where there is none."""
    found = statement.get("qualifiers")
    return found if isinstance(found, dict) else {}


def _is_over(statement: dict[str, Any], end: str | None) -> bool:
    """Whether a statement has an end, known or not."""
    return end is not None and any(snak.get("snaktype") != "novalue" for snak in _qualifiers(statement).get(end, ()))


def _values(claims: dict[str, Any], name: str, *, unless: str | None = None) -> Iterator[Any]:
    for statement in best(claims, name):
        if _is_over(statement, unless):
            continue
        snak = statement["mainsnak"]
        if snak.get("snaktype") == "value":
            yield snak["datavalue"]["value"]


def item_numbers(claims: dict[str, Any], name: str) -> list[int]:
    """Return the numbers of the items that a property leads to, each once, in their order.

    Raises:
        ValueError: One has more digits than the ids of items have.
    """
    found: dict[int, None] = {}
    for value in _values(claims, name):
        # Dumps from before 2017 write no id; properties and lexemes have numbers of their own.
        if isinstance(value, dict) and value.get("entity-type", "item") == "item":
            number = value.get("numeric-id")
            if number is None and str(value.get("id", ""))[:1] == "Q":
                number = int(value["id"][1:])
            if isinstance(number, int) and number > 0:
                if number >= _LIMIT:
                    raise ValueError(f"{name} leads to item {number}, and ids have at most {ID_DIGITS} digits")
                found[number] = None
    return list(found)


def strings(claims: dict[str, Any], name: str, *, unless: str | None = None) -> list[str]:
    """Return the values of a property that are strings, each once, in their order.

    Args:
        claims: The statements of an item, by property.
        name: The property.
        unless: A qualifier that makes a statement one about the past, such as an end; None takes these as well.
    """
    return list(dict.fromkeys(value for value in _values(claims, name, unless=unless) if isinstance(value, str)))


def texts(claims: dict[str, Any], name: str) -> list[tuple[str, str]]:
    """Return language and text of the values of a property that are texts in a language."""
    return [(value["language"], value["text"]) for value in _values(claims, name) if isinstance(value, dict)]


def qualified(claims: dict[str, Any], name: str, qualifier: str, *, unless: str) -> list[str]:
    """Return the strings that qualify the statements of a property, each once.

    Args:
        claims: The statements of an item, by property.
        name: The property, which may have no value of its own.
        qualifier: The qualifier that is asked for.
        unless: A qualifier that makes the statement one about the past, such as an end.
    """
    found: dict[str, None] = {}
    for statement in best(claims, name):
        if not _is_over(statement, unless):
            for snak in _qualifiers(statement).get(qualifier, ()):
                if snak.get("snaktype") == "value" and isinstance(snak["datavalue"]["value"], str):
                    found[snak["datavalue"]["value"]] = None
    return list(found)
