"""``wasl catalog``: its table of verbs."""

from __future__ import annotations

from typing import Final

import click

from streams.cli.group import LazyGroup, verbs

__all__ = ["command"]


_VERBS: Final = verbs(
    "streams.cli.catalog",
    ("import", "import_", "Import catalogue files, or the starter catalogue."),
    ("show", "show", "Show an entity."),
    ("search", "search", "Search entities by a name."),
    ("set", "set_", "Add or replace entities."),
    ("merge", "merge", "Merge an entity into another."),
    ("split", "split", "Move some names of an entity to another."),
    ("retire", "retire", "Retire an entity: nothing links to it any more."),
    ("block", "block", "Never link a name to an entity."),
    ("unblock", "unblock", "Take a block back."),
    ("boost", "boost", "Give an entity, or one of its names, a prior of your own."),
    ("edit", "edit", "Apply a file of changes."),
    ("log", "log", "Show who changed what, when and why."),
    ("versions", "versions", "List the versions that are kept."),
    ("diff", "diff", "Compare two versions."),
    ("promote", "promote", "Make a version live."),
    ("rollback", "rollback", "Go back to the version that was live before."),
    ("export", "export", "Write the entities of the catalogue to a file."),
    ("publish", "publish", "Compile the snapshot that workers load, with every change since the last."),
    ("stats", "stats", "Count what the catalogue holds."),
)


@click.group("catalog", cls=LazyGroup, lazy=_VERBS)
def command() -> None:
    """Look into the catalogue, and change it while workers run.

    The catalogue is in Redis. Workers take a change over between two batches, without a pause.
    """
