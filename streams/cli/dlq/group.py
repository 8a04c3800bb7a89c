"""``wasl dlq``: its table of verbs."""

from __future__ import annotations

from typing import Final

import click

from streams.cli.group import LazyGroup, verbs

__all__ = ["command"]


_VERBS: Final = verbs(
    "streams.cli.dlq",
    ("list", "list_", "Count dead letters by their cause."),
    ("show", "show", "Show one dead letter whole."),
    ("replay", "replay", "Send records back to where they were read."),
    ("drop", "drop", "Decide that nothing is to be done about some."),
)


@click.group("dlq", cls=LazyGroup, lazy=_VERBS)
def command() -> None:
    """Look at dead letters, and act on them.

    A dead letter holds a record that could not be processed, whole. What is decided about it is remembered in
    Kafka, beside the letters; nothing is ever deleted from their topic.
    """
