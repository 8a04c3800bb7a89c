"""``wasl catalog publish``: the snapshot that workers load, anew."""

from __future__ import annotations

from dataclasses import asdict

import click

from streams.cli.catalog.options import format_option, opened_store, write_json
from streams.cli.catalog.shown import publish_shown
from streams.cli.connect import verbose_option

__all__ = ["command"]


@click.command("publish")
@format_option
@verbose_option
def command(format_: str, verbose: bool) -> None:
    """Compile the snapshot that workers load, with every change since the last.

    Imports, promotions and rollbacks do this by themselves. After very many changes it spares workers the memory of
    them, and those that start the time to read them: a worker that holds thousands takes the new snapshot over with
    the next change.
    """
    with opened_store(verbose=verbose) as store:
        published = publish_shown(store)
    if format_ == "json":
        write_json(asdict(published))
        return
    click.echo(f"the snapshot of version {published.version} is in Redis")
