"""``wasl catalog versions``: the versions that are kept."""

from __future__ import annotations

from dataclasses import asdict

import click

from streams.cli.catalog.options import format_option, opened_store, write_json
from streams.cli.connect import verbose_option

__all__ = ["command"]


@click.command("versions")
@format_option
@verbose_option
def command(format_: str, verbose: bool) -> None:
    """List the versions that are kept.

    With what they hold, who made them and which workers use them; the newest first.
    """
    with opened_store(verbose=verbose) as store:
        versions = store.versions()
    if format_ == "json":
        write_json([asdict(version) for version in versions])
        return
    if len(versions) == 0:
        click.echo("There is no catalogue yet.")
        return
    from streams.cli.terminal import format_table  # noqa: PLC0415 - help must not wait for it

    rows = [
        (
            info.build,
            info.version,
            info.state,
            str(info.entities),
            str(info.names),
            str(len(info.workers)),
            info.note.at or "",
            info.note.author or "",
            info.note.reason or "",
        )
        for info in versions
    ]
    head = ("build", "version", "state", "entities", "names", "workers", "made at", "by", "reason")
    click.echo(format_table(head, rows, right=("entities", "names", "workers")), nl=False)
