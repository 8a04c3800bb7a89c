"""``wasl catalog unblock``: see `streams.catalog.apply_edit`."""

from __future__ import annotations

import click

from streams.cli.catalog.options import edit_options, format_option, made_edit, opened_store, reported
from streams.cli.connect import verbose_option

__all__ = ["command"]


@click.command("unblock")
@click.argument("entity_id", metavar="ID")
@click.argument("alias")
@edit_options
@format_option
@verbose_option
def command(
    entity_id: str,
    alias: str,
    author: str | None,
    reason: str | None,
    expect: str | None,
    format_: str,
    verbose: bool,
) -> None:
    """Take a block back.

    ALIAS may mean the entity again.
    """
    edit = made_edit("unblock", entity_id, alias=alias, author=author, reason=reason)
    with opened_store(verbose=verbose) as store:
        sequence = store.apply(edit, expect=expect, first=False)
    reported(edit, sequence, f"{alias!r} unblocked for {entity_id}", format_=format_)
