"""``wasl catalog search``: entities by a name."""

from __future__ import annotations

import click

from streams.cli.catalog.options import format_option, opened_store, write_json
from streams.cli.connect import verbose_option

__all__ = ["command"]


@click.command("search")
@click.argument("text", required=False)
@click.option("--external", metavar="SCHEME=ID", help="Entities that have this id elsewhere, instead of TEXT.")
@click.option(
    "--limit", metavar="N", type=click.IntRange(1, 1_000), default=20, show_default=True, help="At most so many."
)
@format_option
@verbose_option
def command(text: str | None, external: str | None, limit: int, format_: str, verbose: bool) -> None:
    """Search entities by a name.

    Entities that go by TEXT come first, then those with a name that begins with it, then those that have it
    inside a name; case, diacritics and the spelling of Arabic letters do not matter. TEXT may be an id.
    """
    if (text is None) == (external is None):
        raise click.UsageError("Give TEXT or --external.")
    scheme, separator, value = (external or "").partition("=")
    if text is None and separator == "":
        raise click.BadParameter(f"{external!r} is not SCHEME=ID, such as ticker=NVDA.", param_hint="--external")
    with opened_store(verbose=verbose) as store:
        if text is None:
            ids = store.find_external(scheme, value)[:limit]
            found = tuple(entity for entity in map(store.get, ids) if entity is not None)
        else:
            found = store.search(text, limit=limit)
    if format_ == "json":
        from streams.events.entity import entity_document  # noqa: PLC0415 - help must not wait for it

        write_json([entity_document(entity) for entity in found])
        return
    if len(found) == 0:
        click.echo("No entity was found.")
        return
    from streams.cli.tally import all_labels  # noqa: PLC0415 - see above
    from streams.cli.terminal import format_table  # noqa: PLC0415

    rows = [
        (entity.id, entity.type, all_labels(entity.labels) or entity.name(), entity.description or "")
        for entity in found
    ]
    click.echo(format_table(("id", "type", "name", "description"), rows), nl=False)
