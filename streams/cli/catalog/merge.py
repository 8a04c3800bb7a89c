"""``wasl catalog merge``: one entity into another."""

from __future__ import annotations

import click

from streams.cli.catalog.options import edit_options, format_option, made_change, opened_store, reported
from streams.cli.connect import verbose_option

__all__ = ["command"]


@click.command("merge")
@click.argument("old")
@click.argument("new")
@edit_options
@format_option
@verbose_option
def command(
    old: str, new: str, author: str | None, reason: str | None, expect: str | None, format_: str, verbose: bool
) -> None:
    """Merge an entity into another.

    The id OLD redirects to NEW for ever; NEW gains the names of OLD. The revision that is expected is that of OLD.
    """
    change = made_change("merge", old, into=new, author=author, reason=reason)
    with opened_store(verbose=verbose) as store:
        sequence = store.apply(change, expect=expect, first=False)
    reported(change, sequence, f"{old} merged into {new}", format_=format_)
