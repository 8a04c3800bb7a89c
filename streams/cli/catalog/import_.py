"""``wasl catalog import``: catalogue files into Redis."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from streams.cli.catalog.options import format_option, opened_store, write_json
from streams.cli.connect import verbose_option
from streams.cli.terminal import counted, note

__all__ = ["command"]


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1)
@click.option("--starter", is_flag=True, help="Import the catalogue that comes with the package.")
@click.option("--replace", is_flag=True, help="Retire the entities that are not in the files.")
@format_option
@verbose_option
def command(files: tuple[str, ...], starter: bool, replace: bool, format_: str, verbose: bool) -> None:
    """Import catalogue files, or the starter catalogue.

    FILE is catalogue JSONL, gzipped or not. Everything becomes visible at once, or nothing does. An entity
    that the catalogue holds already is replaced; if several files hold it, its names are united. The snapshot
    that workers load is compiled and put into Redis as well.
    """
    if starter == (len(files) > 0):
        raise click.UsageError("Name at least one FILE, or give --starter alone.")
    from streams.catalog.load import unite_all  # noqa: PLC0415 - help must not wait for it
    from streams.catalog.publish import publish  # noqa: PLC0415
    from streams.catalog.sources.jsonl import read_entities  # noqa: PLC0415
    from streams.catalog.starter import starter_path  # noqa: PLC0415

    paths = [starter_path()] if starter else [Path(file) for file in files]
    entities = unite_all(entity for path in paths for entity in read_entities(path))
    with opened_store(verbose=verbose) as store:
        report = store.put_many(entities.values(), replace=replace)
        if format_ != "json":
            imported = counted(report.entities, "entity", "entities")
            click.echo(f"{imported} imported; the catalogue is at version {report.version}")
        # Compiled once here, fetched by every worker; without it, each host would compile for itself.
        publish(store)
    if format_ == "json":
        write_json(asdict(report))
        return
    if report.retired > 0:
        click.echo(f"{counted(report.retired, 'entity', 'entities')} retired")
    if len(report.redirected) > 0:
        shown = ", ".join(report.redirected[:10]) + (" …" if len(report.redirected) > 10 else "")
        note(f"{len(report.redirected)} left out, since they were merged into others: {shown}")
