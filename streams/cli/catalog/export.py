"""``wasl catalog export``: the catalogue as a file."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.cli.catalog.options import opened_store
from streams.cli.connect import verbose_option
from streams.cli.terminal import counted, note
from streams.cli.written import packed, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.catalog.records import Record

__all__ = ["command"]


@click.command("export")
@click.argument("file")
@verbose_option
def command(file: str, verbose: bool) -> None:
    """Write the entities of the catalogue to a file.

    FILE is JSONL, one entity a line in the order of their ids, compressed if its name ends with .gz or .zst; - is
    standard output. `wasl catalog import` and `wasl link --catalog` read it. Retired and merged ids, blocks and
    boosts are no part of an entity, and are only counted. Changes made meanwhile may or may not be in it, a merge with
    one of its two entities alone; it is said how many there were. A Redis that holds no catalogue is refused, and FILE
    stays as it is.
    """
    from streams.catalog.feed_load import filled_position  # noqa: PLC0415 - help must not wait for it

    counts: Counter[str] = Counter()
    with opened_store(verbose=verbose) as store:
        # An emptied Redis must not take the place of the last export.
        (began, _), lines = filled_position(store), _lines(store.records(), counts)
        if file == "-":
            sys.stdout.buffer.writelines(lines)
            sys.stdout.buffer.flush()
        else:
            path = Path(file)
            with written(path) as sink, packed(sink, path.suffix) as target:
                for line in lines:
                    target.write(line)
        ended, version = store.position()
    note(f"{counted(counts.pop('entity', 0), 'entity', 'entities')} written; the catalogue is at version {version}")
    for what, count in sorted(counts.items()):
        note(f"  not in the file: {count} {what}")
    if ended != began:
        changes = counted(ended - began, "change", "changes")
        note(f"  {changes} made meanwhile, which may be in the file, in part or not at all: export again")


def _lines(records: Iterable[Record], counts: Counter[str]) -> Iterator[bytes]:
    from streams.catalog.marks import NO_MARKS  # noqa: PLC0415 - help must not wait for it
    from streams.events.entity import encode_entity  # noqa: PLC0415

    for record in records:
        if record.marks != NO_MARKS:
            counts["blocked or boosted"] += 1
        if record.redirect is not None:
            counts["merged"] += 1
        elif record.live is None:
            counts["retired"] += 1
        else:
            counts["entity"] += 1
            yield encode_entity(record.live) + b"\n"
