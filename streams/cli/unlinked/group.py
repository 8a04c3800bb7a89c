"""``wasl unlinked``: its table of verbs."""

from __future__ import annotations

from typing import Final

import click

from streams.cli.group import LazyGroup, verbs

__all__ = ["command"]

_VERBS: Final = verbs(
    "streams.cli.unlinked", ("top", "top", "Rank the names that the catalogue lacks, those in most articles first.")
)


@click.group("unlinked", cls=LazyGroup, lazy=_VERBS)
def command() -> None:
    """Look at the names that articles mention and the catalogue lacks."""
