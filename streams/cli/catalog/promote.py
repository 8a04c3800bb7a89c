"""``wasl catalog promote``: which version is live."""

from __future__ import annotations

import click

from streams.cli.catalog.options import change_options, format_option, made_note, opened_store, switched
from streams.cli.connect import verbose_option

__all__ = ["command"]


@click.command("promote")
@click.argument("version", metavar="VERSION")
@change_options
@format_option
@verbose_option
def command(version: str, author: str | None, reason: str | None, format_: str, verbose: bool) -> None:
    """Make a version live.

    VERSION is a build, a version or the beginning of one, as `wasl catalog versions` shows them: one that was staged
    with `wasl catalog import --stage`, or one that was live before. Workers take it over between two batches. What
    editors changed since it was made stays as they left it, and the command says how much that was.
    """
    note = made_note(author=author, reason=reason)
    with opened_store(verbose=verbose) as store:
        report = store.promote(version, note=note)
        switched(store, report, format_=format_)
