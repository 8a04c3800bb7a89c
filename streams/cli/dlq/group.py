"""``wasl dlq``: its table of verbs."""

from __future__ import annotations

from typing import Final

import click

from streams.cli.group import LazyCommand, LazyGroup

__all__ = ["command"]


def _verb(name: str, module: str, summary: str) -> tuple[str, LazyCommand]:
    return name, LazyCommand(f"streams.cli.dlq.{module}", "command", summary)


_VERBS: Final = dict(
    (
        _verb("list", "list_", "Count dead letters by their cause."),
        _verb("show", "show", "Show one dead letter whole."),
        _verb("replay", "replay", "Send records back to where they were read."),
        _verb("drop", "drop", "Decide that nothing is to be done about some."),
    )
)


@click.group("dlq", cls=LazyGroup, lazy=_VERBS)
def command() -> None:
    """Look at dead letters, and act on them.

    A dead letter holds a record that could not be processed, whole. What is decided about it is remembered in
    Kafka, beside the letters; nothing is ever deleted from their topic.
    """
