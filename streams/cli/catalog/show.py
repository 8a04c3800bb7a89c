"""``wasl catalog show``: one entity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from streams.cli.catalog.options import describe_entity, describe_marks, format_option, opened_store, write_json
from streams.cli.connect import verbose_option
from streams.cli.render import isolated
from streams.cli.terminal import note

if TYPE_CHECKING:
    from streams.catalog.redis_ import RedisStore
    from streams.events.entity import Entity

__all__ = ["command"]


@click.command("show")
@click.argument("entity_id", metavar="ID", required=False)
@click.option("--alias", metavar="NAME", help="The entity that goes by this name, if only one does.")
@click.option("--external", metavar="SCHEME=ID", help="The entity that has this id elsewhere, such as lei=….")
@click.option("--provenance", is_flag=True, help="Show who says what of it, and under which licence.")
@format_option
@verbose_option
def command(
    entity_id: str | None, alias: str | None, external: str | None, provenance: bool, format_: str, verbose: bool
) -> None:
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
        said = _said(store, record.entity) if provenance else []
    entity, marks, revision = record.entity, record.marks, revision_of(record)
    if format_ == "json":
        about = {"retired": record.retired, "revision": revision, "merged": merged, "marks": marks_document(marks)}
        shown = {"provenance": said} if provenance else {}
        write_json({**entity_document(entity), **about, **shown})
        return
    if entity.id != wanted:
        note(f"{wanted} was merged into {entity.id}")
    click.echo("\n".join([describe_entity(entity), *describe_marks(marks)]))
    if len(merged) > 0:
        click.echo(f"  merged into it: {', '.join(merged)}")
    if record.retired:
        click.echo("  retired: nothing links to it any more")
    click.echo(f"  revision: {revision}")
    _say_provenance(said)


def _say_provenance(said: list[dict[str, Any]]) -> None:
    for each in said:
        version = "" if each["source_version"] == "" else f" {each['source_version']}"
        about = [part for part in (isolated(each["licence"]), "inferred" if each["inferred"] else "") if part != ""]
        end = "" if len(about) == 0 else f" ({', '.join(about)})"
        click.echo(f"  {each['property']}: {isolated(str(each['value']))} says {each['source']}{version}{end}")


def _said(store: RedisStore, entity: Entity) -> list[dict[str, Any]]:
    """Return who says what of an entity; what nobody is known to have said stands in no statement."""
    import orjson  # noqa: PLC0415 - see `command`

    from streams.catalog.joining.provenance import StoreBase, sidecar_lines  # noqa: PLC0415
    from streams.catalog.joining.statements import is_stated  # noqa: PLC0415

    base = StoreBase(store)
    said = {
        entity_id: [each for each in statements if is_stated(each, entity)]
        for entity_id, statements in base.statements([entity.id]).items()
    }
    return [orjson.loads(line) for line in sidecar_lines(said, base.licences())]


def _only(store: RedisStore, alias: str | None, external: str | None) -> str:
    from streams.errors import UnknownEntityError  # noqa: PLC0415 - see `command`

    if alias is not None:
        sought, found = f"the name {alias!r}", store.find(alias)
    else:
        scheme, separator, value = (external or "").partition("=")
        if separator == "":
            raise click.BadParameter(f"{external!r} is not SCHEME=ID, such as ticker=NVDA.", param_hint="--external")
        sought, found = f"{scheme} {value}", store.find_external(scheme, value)
    if len(found) == 1:
        return found[0]
    if len(found) == 0:
        raise UnknownEntityError(f"No entity has {sought}.", remedy="Search it: `wasl catalog search`.")
    raise UnknownEntityError(
        f"{len(found)} entities have {sought}: {', '.join(found[:10])}.", remedy="Show one of them by its id."
    )
