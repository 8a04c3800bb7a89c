"""``wasl catalog retire``: an entity that nothing links to any more."""

from __future__ import annotations

import click

from streams.cli.catalog.options import edit_options, format_option, made_change, opened_store, reported
from streams.cli.connect import verbose_option

__all__ = ["command"]


@click.command("retire")
@click.argument("entity_id", metavar="ID")
@edit_options
@format_option
@verbose_option
def command(
    entity_id: str, author: str | None, reason: str | None, expect: str | None, format_: str, verbose: bool
) -> None:
    """Retire an entity: nothing links to it any more.

    Its id still resolves; `wasl catalog set` brings it back.
    """
    change = made_change("retire", entity_id, author=author, reason=reason)
    with opened_store(verbose=verbose) as store:
        sequence = store.apply(change, expect=expect, first=False)
    reported(change, sequence, f"{entity_id} retired", format_=format_)
