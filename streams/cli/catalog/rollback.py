"""``wasl catalog rollback``: which version is live."""

from __future__ import annotations

import click

from streams.cli.catalog.options import change_options, format_option, made_note, opened_store, switched
from streams.cli.connect import verbose_option

__all__ = ["command"]


@click.command("rollback")
@change_options
@format_option
@verbose_option
def command(author: str | None, reason: str | None, format_: str, verbose: bool) -> None:
    """Go back to the version that was live before.

    Like `wasl catalog promote` of that version: entities that editors changed meanwhile stay as they left them, and
    merged ids redirect for ever.
    """
    note = made_note(author=author, reason=reason)
    with opened_store(verbose=verbose) as store:
        report = store.rollback(note=note)
        switched(store, report, format_=format_)
