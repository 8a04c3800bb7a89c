"""What the verbs that join a source with the catalogue have in common: reading, joining, reporting, importing."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click

from streams.cli.catalog.import_ import put_entities, say_imported
from streams.cli.catalog.options import change_options, format_option, made_note, opened_store, write_json
from streams.cli.connect import verbose_option
from streams.cli.render import isolated, printable
from streams.cli.terminal import counted, note
from streams.cli.written import packed, refuse_read, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from streams.catalog.joining.run import Combined
    from streams.catalog.sources.origin import Reading, Source
    from streams.catalog.store import ImportReport

__all__ = ["import_source", "joining_options", "tags"]

_SHOWN: Final = 20
"""Different cells that were left out which are named one by one."""


def joining_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every verb that joins a source has."""
    path = click.Path(path_type=Path)
    for option in (
        click.option("--known-only", is_flag=True, help="Add to what the catalogue holds, and bring in nothing new."),
        click.option("--no-names", is_flag=True, help="Join by ids alone, never by name and country."),
        click.option("--prefer", metavar="SOURCE", multiple=True, help="Source that wins over the others; repeatable."),
        click.option("--conflicts", metavar="FILE", type=path, help="Write where sources differ there, as JSON lines."),
        click.option("--to", metavar="FILE", type=path, help="Write what it speaks of there, not to Redis."),
        click.option("--with", "with_", metavar="FILE", type=path, multiple=True, help="With --to: join with this."),
        click.option("--stage", is_flag=True, help="Make a version beside the live one, for `wasl catalog promote`."),
        change_options,
        format_option,
        verbose_option,
    ):
        function = option(function)
    return function


def tags(given: str) -> list[str]:
    """Return the language tags in ``en,ar``.

    Raises:
        InputError: There is none.
    """
    from streams.errors import InputError  # noqa: PLC0415 - help must not wait for it

    found = list(dict.fromkeys(tag.strip() for tag in given.split(",") if tag.strip() != ""))
    if len(found) == 0:
        raise InputError("No language is named.", remedy="Name at least one, such as --languages en,ar.")
    return found


def import_source(source: Source, given: dict[str, Any], *, file: Path | None = None) -> None:
    """Join a source with the catalogue, say where they differ, and import it or write it to a file.

    Args:
        source: The source.
        given: What `joining_options` took.
        file: The file of the user's that the source is read from, if there is one.
    """
    if given["to"] is None and len(given["with_"]) > 0:
        raise click.UsageError("Give --with together with --to: in Redis, the catalogue there is joined with.")
    if given["to"] is not None and given["stage"]:
        raise click.UsageError("Give --to or --stage: a file is no version.")
    if given["to"] is not None and given["conflicts"] is not None:
        _check_apart(given["to"], given["conflicts"])
    _check_kept(file, given)
    with ExitStack() as stack:
        # What cannot be written is said before anything is imported.
        sink = None if given["conflicts"] is None else stack.enter_context(_sink(given["conflicts"]))
        if given["to"] is not None:
            combined, imported = _to_file(source, given), None
        else:
            combined, imported = _to_redis(source, given)
        if sink is not None:
            for conflict in combined.conflicts:
                sink.write(_line(asdict(conflict)))
    by_property = Counter(conflict.property for conflict in combined.conflicts)
    if given["format_"] == "json":
        write_json(
            {
                "source": asdict(source.origin),
                "counts": asdict(combined.counts),
                **_read_json(source.reading),
                "conflicts": dict(by_property.most_common()),
                "merged": len(combined.merged),
                "merged_into": combined.merged,
                "import": None if imported is None else asdict(imported),
            }
        )
        return
    _say(source, combined, by_property, given["conflicts"])
    if given["to"] is not None:
        _say_merged(combined.merged)
        click.echo(f"{counted(len(combined.entities), 'entity', 'entities')} written to {given['to']}")
    elif imported is None:
        click.echo("nothing changes; the catalogue stays as it is")
    else:
        shown = counted(imported.entities, "entity", "entities")
        now = f"build {imported.build} is staged as" if given["stage"] else "the catalogue is at"
        click.echo(f"{shown} imported; {now} version {imported.version}")
        say_imported(imported)


def _to_redis(source: Source, given: dict[str, Any]) -> tuple[Combined, ImportReport | None]:
    from streams.catalog.joining.provenance import StoreBase, write_statements  # noqa: PLC0415 - for help
    from streams.catalog.joining.run import combine  # noqa: PLC0415
    from streams.catalog.redis_errors import redis_errors  # noqa: PLC0415
    from streams.catalog.redis_switch import leased  # noqa: PLC0415
    from streams.cli.catalog.shown import publish_shown, shown  # noqa: PLC0415

    made = made_note(author=given["author"], reason=given["reason"] or f"{source.origin.name} {source.origin.version}")
    with opened_store(verbose=given["verbose"]) as store:
        base = StoreBase(store)
        _check_preferred(source, given, base.licences())
        combined = combine(
            source,
            base,
            prefer=given["prefer"],
            by_name=not given["no_names"],
            only_known=given["known_only"],
        )
        write = partial(write_statements, store, combined.statements, source.origin)
        if len(combined.changed) == 0:
            with redis_errors("Importing a source"), leased(store, cut=base.cut) as lease:
                write(lease.keep)
            return combined, None
        changed = (entity for entity in combined.entities if entity.id in combined.changed)
        given_shown = shown(changed, total=len(combined.changed), label="importing")
        # Ids that were given out and turned out to be others go on to resolve.
        merges = sorted(combined.merged.items())
        report = put_entities(
            store,
            given_shown,
            replace=False,
            merges=merges,
            stage=given["stage"],
            cut=base.cut,
            beside=write,
            note=made,
        )
        if not given["stage"]:
            write_statements(store, {}, source.origin, gone=report.merged)
            publish_shown(store)
    return combined, report


def _check_apart(to: Path, conflicts: Path) -> None:
    from streams.catalog.joining.provenance import sidecar_path  # noqa: PLC0415 - see `_to_redis`

    for path, what in ((to, "the catalogue"), (sidecar_path(to), "its provenance")):
        if path.resolve() == conflicts.resolve():
            raise click.UsageError(f"--conflicts names {path}, where --to writes {what}: name another file.")


def _check_kept(file: Path | None, given: dict[str, Any]) -> None:
    from streams.catalog.joining.provenance import sidecar_path  # noqa: PLC0415 - see `_to_redis`

    outputs = {"--conflicts": given["conflicts"], "--to": given["to"]}
    if given["to"] is not None:
        outputs["The provenance of --to,"] = sidecar_path(given["to"])
    read = [] if file is None else [file]
    refuse_read(outputs, (*read, *given["with_"], *map(sidecar_path, given["with_"])))


def _check_preferred(source: Source, given: dict[str, Any], licences: Iterable[str]) -> None:
    from streams.catalog.joining.statements import check_preferred  # noqa: PLC0415 - see `_to_redis`

    check_preferred(given["prefer"], {source.origin.name, *(each.partition(" ")[0] for each in licences)})


def _to_file(source: Source, given: dict[str, Any]) -> Combined:
    from streams.catalog.joining.base import MemoryBase  # noqa: PLC0415 - see `_to_redis`
    from streams.catalog.joining.provenance import read_sidecar, sidecar_lines, sidecar_path  # noqa: PLC0415
    from streams.catalog.joining.run import combine  # noqa: PLC0415
    from streams.catalog.sources.jsonl import read_entities  # noqa: PLC0415
    from streams.events.entity import encode_entity  # noqa: PLC0415

    statements: dict[str, Any] = {}
    licences = {f"{source.origin.name} {source.origin.version}": source.origin.licence}
    for path in map(sidecar_path, given["with_"]):
        if path.exists():
            said, known = read_sidecar(path)
            statements.update(said)
            licences.update(known)
    _check_preferred(source, given, licences)
    base = MemoryBase((entity for path in given["with_"] for entity in read_entities(path)), statements)
    combined = combine(
        source, base, prefer=given["prefer"], by_name=not given["no_names"], only_known=given["known_only"]
    )
    _write(given["to"], (encode_entity(entity) + b"\n" for entity in combined.entities))
    _write(sidecar_path(given["to"]), sidecar_lines(combined.statements, licences))
    return combined


def _say_merged(merged: dict[str, str]) -> None:
    """Name the ids that redirect from now on, which no file of entities can say."""
    if len(merged) > 0:
        each = [f"{gone} into {stays}" for gone, stays in islice(merged.items(), _SHOWN)]
        shown = ", ".join(each) + (" …" if len(merged) > _SHOWN else "")
        note(f"  not in the file, and for `wasl catalog merge` where the ids are imported: {shown}")


def _read_json(reading: Reading | None) -> dict[str, Any]:
    if reading is None:
        return {}
    # The name of a file need not be UTF-8, and JSON must be.
    left_out = [
        {"what": what, "cells": cells, "first": printable(first)} for what, (cells, first) in reading.left_out.items()
    ]
    return {"rows": reading.rows, "left_out": left_out, "left_out_more": reading.more}


def _say_left_out(reading: Reading) -> None:
    for what, (cells, first) in islice(reading.left_out.items(), _SHOWN):
        note(f"  left out: {what} ({first}{'' if cells == 1 else f' and {cells - 1} more'})")
    rest = reading.more + sum(cells for cells, _ in islice(reading.left_out.values(), _SHOWN, None))
    if rest > 0:
        note(f"  left out: {counted(rest, 'cell', 'cells')} more like these; --format json lists more of them")


def _line(document: Any) -> bytes:
    import orjson  # noqa: PLC0415 - see `_to_redis`

    return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)


@contextmanager
def _sink(path: Path) -> Iterator[IO[bytes]]:
    with written(path) as sink, packed(sink, path.suffix) as file:
        yield file


def _write(path: Path, lines: Iterable[bytes]) -> None:
    with _sink(path) as file:
        for line in lines:
            file.write(line)


def _say(source: Source, combined: Combined, by_property: Counter[str], conflicts: Path | None) -> None:
    origin, counts = source.origin, combined.counts
    rows = "" if source.reading is None else f"{counted(source.reading.rows, 'row', 'rows')}, "
    licence = "" if origin.licence == "" else f" ({isolated(origin.licence)})"
    note(f"{origin.name} {origin.version}{licence}: {rows}{counted(counts.read, 'entity', 'entities')} read")
    if source.reading is not None:
        _say_left_out(source.reading)
    note(f"  {counts.new} new, {counts.certain} found by an id, {counts.inferred} found by a name (inferred)")
    for number, meaning in (
        (counts.unchanged, "as they were before"),
        (counts.ambiguous, "whose name fits several others, and which stand by themselves"),
        (counts.retired, "left retired"),
        (len(combined.merged), "merged into others, since they are the same"),
    ):
        if number > 0:
            note(f"  {number} {meaning}")
    if len(by_property) > 0:
        shown = ", ".join(f"{number} of {name}" for name, number in by_property.most_common(8))
        where = f"listed in {conflicts}" if conflicts is not None else "--conflicts FILE lists them"
        note(f"  {counted(by_property.total(), 'conflict', 'conflicts')} ({shown}); {where}")
