"""``wasl catalog block``: see `streams.catalog.apply_edit`."""

from __future__ import annotations

import click

from streams.cli.catalog.options import edit_options, format_option, made_edit, opened_store, reported
from streams.cli.connect import verbose_option

__all__ = ["command"]


@click.command("block")
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
    """Never link a name to an entity.

    ALIAS then never means the entity, in any spelling that folds to the same form, not as a short form or variant of
    another name either, and whatever is imported later; `wasl catalog unblock` takes it back.
    """
    edit = made_edit("block", entity_id, alias=alias, author=author, reason=reason)
    with opened_store(verbose=verbose) as store:
        sequence = store.apply(edit, expect=expect, first=False)
    reported(edit, sequence, f"{alias!r} blocked for {entity_id}", format_=format_)
