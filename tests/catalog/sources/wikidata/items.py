"""Items of a dump that does not exist: companies, people and classes are invented, and ids lie outside Wikidata's.

Real are only the ids of properties and of the classes that decide types.
"""

from __future__ import annotations

from typing import Any

import orjson

FIRST = 900_000_000_000
"""Wikidata has some hundred million items; none of these exists."""


def qid(number: int) -> str:
    return f"Q{FIRST + number}"


def statement(
    name: str,
    value: Any,
    *,
    kind: str = "string",
    rank: str = "normal",
    snaktype: str = "value",
    qualifiers: Any = None,
) -> dict[str, Any]:
    snak: dict[str, Any] = {"snaktype": snaktype, "property": name}
    if snaktype == "value":
        snak["datavalue"] = {"value": value, "type": kind}
    made: dict[str, Any] = {"mainsnak": snak, "type": "statement", "rank": rank}
    if qualifiers is not None:
        made["qualifiers"] = qualifiers
    return made


def to_item(name: str, target: str, **options: Any) -> dict[str, Any]:
    value = {"entity-type": "item", "numeric-id": int(target[1:]), "id": target}
    return statement(name, value, kind="wikibase-entityid", **options)


def in_language(name: str, language: str, text: str, **options: Any) -> dict[str, Any]:
    return statement(name, {"text": text, "language": language}, kind="monolingualtext", **options)


def qualifier(name: str, value: Any, *, snaktype: str = "value") -> dict[str, list[Any]]:
    return {name: [statement(name, value, snaktype=snaktype)["mainsnak"]]}


def item(
    number: int | str,
    labels: dict[str, str] | None = None,
    *statements: dict[str, Any],
    aliases: dict[str, list[str]] | None = None,
    descriptions: dict[str, str] | None = None,
    sitelinks: int = 3,
    **more: Any,
) -> dict[str, Any]:
    claims: dict[str, list[Any]] = {}
    for each in statements:
        claims.setdefault(each["mainsnak"]["property"], []).append(each)
    labels = {"en": "Somebody"} if labels is None else labels
    return {
        "type": "item",
        "id": number if isinstance(number, str) else qid(number),
        "labels": {tag: {"language": tag, "value": text} for tag, text in labels.items()},
        "descriptions": {tag: {"language": tag, "value": text} for tag, text in (descriptions or {}).items()},
        "aliases": {
            tag: [{"language": tag, "value": text} for text in texts] for tag, texts in (aliases or {}).items()
        },
        "claims": claims,
        "sitelinks": {f"x{n}wiki": {"site": f"x{n}wiki", "title": "T", "badges": []} for n in range(sitelinks)},
        **more,
    }


def dump_of(*items: dict[str, Any] | bytes) -> bytes:
    lines = [each if isinstance(each, bytes) else orjson.dumps(each) for each in items]
    return b"[\n" + b",\n".join(lines) + b"\n]\n"


HUMAN, COUNTRY, BUSINESS = "Q5", "Q6256", "Q4830453"

COMPANY = item(
    1,
    {"en": "Zarquon Shipwrights", "ar": "زاركون للسفن", "mul": "Zarquon"},
    to_item("P31", BUSINESS),
    to_item("P414", qid(70), qualifiers=qualifier("P249", "ZRQN")),
    to_item("P414", qid(71), qualifiers={**qualifier("P249", "ZRQ"), "P407": []}),
    to_item("P414", qid(72), rank="deprecated", qualifiers=qualifier("P249", "WRONG")),
    to_item("P414", qid(73), qualifiers={**qualifier("P249", "OLD"), **qualifier("P582", None, snaktype="somevalue")}),
    to_item("P414", qid(74), qualifiers=[]),
    to_item("P414", qid(75), qualifiers=qualifier("P249", None, snaktype="somevalue")),
    statement("P249", "ZQ.X"),
    statement("P946", "XX0000000001"),
    statement("P1278", "EXAMPLE0000000000042"),
    statement("P856", "https://zarquon.example"),
    in_language("P1813", "en", "ZSW"),
    in_language("P1448", "en", "Zarquon Shipwrights and Daughters plc"),
    in_language("P1448", "fi", "Zarquonin Laivanrakentajat"),
    to_item("P169", qid(2)),
    to_item("P17", qid(3)),
    to_item("P127", None or qid(4), snaktype="novalue"),
    to_item("P159", qid(5)),
    aliases={"en": ["Zarquon", "zsw", "ZSW Group", "\U0001f6a2"], "fi": ["Laivat"]},
    descriptions={"ar": "شركة مخترعة", "en": "invented shipbuilder"},
    sitelinks=10,
)
"""A company that does not exist, with everything that makes a company's statements awkward."""
