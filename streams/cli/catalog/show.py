"""``wasl catalog show``: one entity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from streams.cli.catalog.options import describe_entity, describe_marks, format_option, opened_store, write_json
from streams.cli.connect import verbose_option
from streams.cli.terminal import note

if TYPE_CHECKING:
    from streams.catalog.redis_ import RedisStore

__all__ = ["command"]


@click.command("show")
@click.argument("entity_id", metavar="ID", required=False)
@click.option("--alias", metavar="NAME", help="The entity that goes by this name, if only one does.")
@click.option("--external", metavar="SCHEME=ID", help="The entity that has this id elsewhere, such as lei=….")
@format_option
@verbose_option
def command(entity_id: str | None, alias: str | None, external: str | None, format_: str, verbose: bool) -> None:
    """Show an entity.

    The id of an entity that was merged shows the one that it was merged into. The revision is what edits take with
    --expect.
    """
    if sum(given is not None for given in (entity_id, alias, external)) != 1:
        raise click.UsageError("Name an ID, or give --alias or --external.")
    from streams.catalog.marks import marks_document  # noqa: PLC0415 - help must not wait for it
    from streams.catalog.records import revision_of  # noqa: PLC0415
    from streams.errors import UnknownEntityError  # noqa: PLC0415
    from streams.events.entity import check_entity_id, entity_document  # noqa: PLC0415

    if entity_id is not None:
        check_entity_id(entity_id)
    with opened_store(verbose=verbose) as store:
        wanted = _only(store, alias, external) if entity_id is None else entity_id
        record = store.record(wanted)
        if record is not None and record.redirect is not None:
            record = store.record(record.redirect)
        if record is None or record.entity is None:
            raise UnknownEntityError(
                f"The catalogue has no entity {wanted}.", remedy="Search it by name: `wasl catalog search`."
            )
        merged = store.merged_into(record.id)
    entity, marks, revision = record.entity, record.marks, revision_of(record)
    if format_ == "json":
        about = {"retired": record.retired, "revision": revision, "merged": merged, "marks": marks_document(marks)}
        write_json({**entity_document(entity), **about})
        return
    if entity.id != wanted:
        note(f"{wanted} was merged into {entity.id}")
    click.echo(describe_entity(entity))
    for line in describe_marks(marks):
        click.echo(line)
    if len(merged) > 0:
        click.echo(f"  merged into it: {', '.join(merged)}")
    if record.retired:
        click.echo("  retired: nothing links to it any more")
    click.echo(f"  revision: {revision}")


def _only(store: RedisStore, alias: str | None, external: str | None) -> str:
    from streams.errors import UnknownEntityError  # noqa: PLC0415 - see `command`

    if alias is not None:
        asked, found = f"goes by {alias!r}", store.find(alias)
    else:
        scheme, separator, value = (external or "").partition("=")
        if separator == "":
            raise click.BadParameter(f"{external!r} is not SCHEME=ID, such as ticker=NVDA.", param_hint="--external")
        asked, found = f"has {scheme} {value}", store.find_external(scheme, value)
    if len(found) == 1:
        return found[0]
    if len(found) == 0:
        raise UnknownEntityError(f"No entity {asked}.", remedy="Search it: `wasl catalog search`.")
    raise UnknownEntityError(
        f"{len(found)} entities {asked}: {', '.join(found[:10])}.", remedy="Show one of them by its id."
    )
