"""``wasl catalog``: its table of verbs."""

from __future__ import annotations

from typing import Final

import click

from streams.cli.group import LazyCommand, LazyGroup

__all__ = ["command"]


def _verb(name: str, module: str, summary: str) -> tuple[str, LazyCommand]:
    return name, LazyCommand(f"streams.cli.catalog.{module}", "command", summary)


_VERBS: Final = dict(
    (
        _verb("import", "import_", "Import catalogue files, or the starter catalogue."),
        _verb("show", "show", "Show an entity."),
        _verb("search", "search", "Search entities by a name."),
        _verb("set", "set_", "Add or replace entities."),
        _verb("merge", "merge", "Merge an entity into another."),
        _verb("split", "split", "Move some names of an entity to another."),
        _verb("retire", "retire", "Retire an entity: nothing links to it any more."),
        _verb("block", "block", "Never link a name to an entity."),
        _verb("unblock", "unblock", "Take a block back."),
        _verb("boost", "boost", "Give an entity, or one of its names, a prior of your own."),
        _verb("edit", "edit", "Apply a file of changes."),
        _verb("log", "log", "Show who changed what, when and why."),
        _verb("versions", "versions", "List the versions that are kept."),
        _verb("diff", "diff", "Compare two versions."),
        _verb("promote", "promote", "Make a version live."),
        _verb("rollback", "rollback", "Go back to the version that was live before."),
        _verb("export", "export", "Write the entities of the catalogue to a file."),
        _verb("publish", "publish", "Compile the snapshot that workers load, with every change since the last."),
        _verb("stats", "stats", "Count what the catalogue holds."),
    )
)


@click.group("catalog", cls=LazyGroup, lazy=_VERBS)
def command() -> None:
    """Look into the catalogue, and change it while workers run.

    The catalogue is in Redis. Workers take a change over between two batches, without a pause.
    """
