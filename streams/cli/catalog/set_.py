"""``wasl catalog set``: add or replace entities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from streams.cli.catalog.options import (
    by_language,
    edit_options,
    format_option,
    made_change,
    opened_store,
    reported,
)
from streams.cli.connect import verbose_option
from streams.events.types import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.events.entity import Entity

__all__ = ["command", "edited"]


@click.command("set")
@click.argument("file", required=False)
@click.option("--id", "entity_id", metavar="ID", help="Id of the entity: a Wikidata QID, or local:…")
@click.option("--type", "type_", type=click.Choice(ENTITY_TYPES), help="Its type; a new entity needs one.")
@click.option("--label", "labels", metavar="LANG=NAME", multiple=True, help="Its name in a language; repeatable.")
@click.option("--alias", "aliases", metavar="LANG=NAME", multiple=True, help="Another name of it; repeatable.")
@click.option("--description", metavar="TEXT", help="A few words that tell it from its namesakes.")
@click.option("--prior", metavar="P", type=click.FloatRange(0, 1), help="How famous it is, 0 to 1.")
@click.option("--related", metavar="ID", multiple=True, help="An entity often mentioned with it; repeatable.")
@click.option("--first", is_flag=True, help="Begin a catalogue in a Redis that holds none.")
@edit_options
@format_option
@verbose_option
def command(
    file: str | None,
    entity_id: str | None,
    type_: str | None,
    labels: tuple[str, ...],
    aliases: tuple[str, ...],
    description: str | None,
    prior: float | None,
    related: tuple[str, ...],
    first: bool,
    author: str | None,
    reason: str | None,
    expect: str | None,
    format_: str,
    verbose: bool,
) -> None:
    """Add or replace entities.

    Entities come whole from FILE (catalogue JSONL, - is standard input), or one is named with --id: options
    then change what they name and leave the rest as it is.
    """
    if (file is None) == (entity_id is None):
        raise click.UsageError("Name a FILE, or an entity with --id.")
    if file is not None and (
        any(value is not None for value in (type_, description, prior)) or len(labels + aliases + related) > 0
    ):
        raise click.UsageError("With a FILE, the entities come whole from it: leave the options of --id out.")
    from streams.catalog.records import revision_of  # noqa: PLC0415 - help must not wait for it

    names = (by_language(labels, "--label"), by_language(aliases, "--alias"))
    with opened_store(verbose=verbose) as store:
        entities: Iterable[Entity]
        if file is not None:
            entities = list(_read(file))
            if expect is not None and len(entities) != 1:
                raise click.UsageError("--expect is for one entity.")
        else:
            given = {"type": type_, "description": description, "prior": prior}
            record = store.record(entity_id or "")
            before = None if record is None else record.entity
            # What is written is what was read and a part: nobody may have changed it in between.
            expect = revision_of(record) if expect is None else expect
            entity = edited(before, entity_id or "", given, labels=names[0], aliases=names[1], related=related)
            entities = [entity]
        for entity in entities:
            change = made_change("set", entity.id, author=author, reason=reason, entity=entity)
            sequence = store.apply(change, expect=expect, first=first)
            reported(change, sequence, f"{entity.id} set", format_=format_)


def edited(
    before: Entity | None,
    entity_id: str,
    given: dict[str, str | float | None],
    *,
    labels: dict[str, list[str]],
    aliases: dict[str, list[str]],
    related: tuple[str, ...],
) -> Entity:
    """Return the entity with the given parts replaced and the given names added, checked.

    Args:
        before: The entity as it is, or None.
        entity_id: Its id; one that redirects is kept, so that the change is refused rather than misplaced.
        given: ``type``, ``description`` and ``prior``; None leaves what is there.
        labels: Names by language; the last one of a language wins.
        aliases: Further names by language.
        related: Further related entities.

    Raises:
        SchemaError: A part breaks its rule.
    """
    from streams.events.entity import entity_document, parse_entity  # noqa: PLC0415 - help must not wait for it

    document = {"labels": {}, "aliases": {}, "related": []} if before is None else entity_document(before)
    document["id"] = entity_id
    document.update({name: value for name, value in given.items() if value is not None})
    document["labels"].update({language: names[-1] for language, names in labels.items()})
    for language, names in aliases.items():
        known = document["aliases"].setdefault(language, [])
        texts = {name if isinstance(name, str) else name["text"] for name in known}
        known.extend(name for name in dict.fromkeys(names) if name not in texts)
    document["related"] = list(dict.fromkeys([*document["related"], *related]))
    return parse_entity(document)


def _read(file: str) -> Iterator[Entity]:
    from pathlib import Path  # noqa: PLC0415 - see `edited`

    from streams.catalog.sources.jsonl import read_entities, read_lines  # noqa: PLC0415

    if file == "-":
        import io  # noqa: PLC0415

        from streams.cli.articles import standard_input  # noqa: PLC0415

        yield from read_lines(io.BytesIO(standard_input().read()), "standard input")
    else:
        yield from read_entities(Path(file))
