"""``wasl catalog show``: one entity."""

from __future__ import annotations

import click

from streams.cli.catalog.options import describe_entity, format_option, opened_store, write_json
from streams.cli.connect import verbose_option
from streams.cli.terminal import note

__all__ = ["command"]


@click.command("show")
@click.argument("entity_id", metavar="ID")
@format_option
@verbose_option
def command(entity_id: str, format_: str, verbose: bool) -> None:
    """Show an entity.

    The id of an entity that was merged shows the one that it was merged into.
    """
    from streams.errors import UnknownEntityError  # noqa: PLC0415 - help must not wait for it
    from streams.events.entity import check_entity_id, entity_document  # noqa: PLC0415

    check_entity_id(entity_id)
    with opened_store(verbose=verbose) as store:
        record = store.record(entity_id)
        entity = store.get(entity_id)
        if entity is None or record is None:
            raise UnknownEntityError(
                f"The catalogue has no entity {entity_id}.", remedy="Search it by name: `wasl catalog search`."
            )
        retired = record.retired if record.redirect is None else False
    if format_ == "json":
        write_json(entity_document(entity))
        return
    if entity.id != entity_id:
        note(f"{entity_id} was merged into {entity.id}")
    click.echo(describe_entity(entity))
    if retired:
        click.echo("  retired: nothing links to it any more")
