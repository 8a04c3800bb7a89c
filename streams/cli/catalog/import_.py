"""``wasl catalog import``: catalogue files into Redis, and the verbs that import from elsewhere."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from streams.cli.catalog.options import change_options, format_option, made_note, opened_store, write_json
from streams.cli.connect import verbose_option
from streams.cli.group import LazyCommand, LazyGroup
from streams.cli.terminal import counted, note

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.catalog.redis_ import RedisStore
    from streams.catalog.store import Beside, ImportReport, Note
    from streams.events.entity import Entity

__all__ = ["ImportGroup", "check_replacing", "command", "put_entities", "say_imported"]

_JOINED: Final = "streams.cli.catalog.import_sources"
_SOURCES: Final = {
    "wikidata": LazyCommand(
        "streams.cli.catalog.import_wikidata", "command", "Import entities from a JSON dump of Wikidata."
    ),
    "cldr": LazyCommand(
        _JOINED, "cldr", "Import countries, regions and currencies with their names from Unicode CLDR."
    ),
    "geonames": LazyCommand(_JOINED, "geonames", "Import places from GeoNames."),
    "brands": LazyCommand(
        _JOINED, "brands", "Import brands, operators and transit networks with QIDs from name-suggestion-index."
    ),
    "gleif": LazyCommand(_JOINED, "gleif", "Import legal entities from GLEIF."),
    "tickers": LazyCommand(_JOINED, "tickers", "Import listed companies with ISIN and tickers."),
    "exchanges": LazyCommand(_JOINED, "exchanges", "Import markets by their ISO 10383 code (MIC)."),
    "csv": LazyCommand(_JOINED, "csv", "Import a table of your own, CSV or JSONL, by a mapping of its columns."),
}


class ImportGroup(LazyGroup):
    """A group that is a command as well: its first word is one of its verbs, or else a file to import."""

    # Options may stand behind the files, as with any command.
    allow_interspersed_args = True

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Hand over to the verb that the first word names."""
        verb = self.get_command(click.Context(self), args[0]) if len(args) > 0 else None
        if verb is None:
            return super().make_context(info_name, args, parent, **extra)
        return verb.make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words as files and options."""
        return click.Command.parse_args(self, ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Import the files."""
        return click.Command.invoke(self, ctx)


def put_entities(
    store: RedisStore,
    entities: Iterable[Entity],
    *,
    replace: bool,
    merges: Iterable[tuple[str, str]] = (),
    stage: bool = False,
    cut: int | None = None,
    beside: Beside | None = None,
    note: Note | None = None,
) -> ImportReport:
    """Import entities into the store; the one place where a source's entities enter it.

    Args:
        store: The store.
        entities: The entities, one an id.
        replace: Whether to retire those that are not among them.
        merges: Ids that have become others, each with the other.
        stage: Whether the result waits for `wasl catalog promote` instead of going live.
        cut: Sequence of the catalogue that the entities were worked out from; None where none was asked.
        beside: See `streams.catalog.store.CatalogStore.put_many`.
        note: Who imports, why and when; None means whoever is logged in, now.
    """
    made = made_note(author=None, reason=None) if note is None else note
    return store.put_many(entities, replace=replace, merges=merges, stage=stage, cut=cut, beside=beside, note=made)


def check_replacing(count: int, where: str) -> None:
    """Refuse to replace a whole catalogue by nothing.

    Args:
        count: Entities that were read.
        where: What they were read from.

    Raises:
        InputError: There are none.
    """
    from streams.errors import InputError  # noqa: PLC0415 - help must not wait for it

    if count == 0:
        raise InputError(
            f"No entity was read from {where}, and --replace would retire the whole catalogue.",
            remedy="Name what holds the catalogue that is to be live.",
        )


def say_imported(report: ImportReport) -> None:
    """Say what an import did, once it is done."""
    if report.retired > 0:
        click.echo(f"{counted(report.retired, 'entity', 'entities')} retired")
    if len(report.redirected) > 0:
        shown = ", ".join(report.redirected[:10]) + (" …" if len(report.redirected) > 10 else "")
        note(f"{len(report.redirected)} left out, since they were merged into others: {shown}")


class _United:
    """Lines whose id another line had before.

    Attributes:
        lines: How many there are.
        types: The types of those that differ in them, in the order of the lines, by id; the last one holds.
    """

    def __init__(self) -> None:
        self.lines = 0
        self.types: dict[str, list[str]] = {}

    def add(self, entity: Entity, known: Entity) -> None:
        self.lines += 1
        if entity.type != known.type:
            self.types.setdefault(entity.id, [known.type]).append(entity.type)

    def say(self) -> None:
        if self.lines > 0:
            lines = counted(self.lines, "line", "lines")
            note(f"{lines} united with others of the same id: names add up, and later fields win")
        if len(self.types) > 0:
            each = [f"{entity_id} ({', then '.join(types)})" for entity_id, types in self.types.items()]
            shown = ", ".join(each[:10]) + (" …" if len(each) > 10 else "")
            note(f"  whose types differ: {shown}")


def _say_kept(store: RedisStore, *, format_: str) -> None:
    if format_ == "json":
        write_json(None)
    else:
        click.echo(f"the catalogue is not empty; it stays at version {store.version()}")


@click.group("import", cls=ImportGroup, lazy=_SOURCES, invoke_without_command=True)
@click.argument("files", metavar="FILE...", nargs=-1)
@click.option("--starter", is_flag=True, help="Import the catalogue that comes with the package.")
@click.option("--if-empty", is_flag=True, help="Only into a catalogue that holds nothing; another stays as it is.")
@click.option("--replace", is_flag=True, help="Retire the entities that are not in the files.")
@click.option("--stage", is_flag=True, help="Make a version beside the live one, for `wasl catalog promote`.")
@change_options
@format_option
@verbose_option
def command(
    files: tuple[str, ...],
    starter: bool,
    if_empty: bool,
    replace: bool,
    stage: bool,
    author: str | None,
    reason: str | None,
    format_: str,
    verbose: bool,
) -> None:
    """Import catalogue files, or the starter catalogue.

    FILE is catalogue JSONL, compressed with gzip or zstd, or not. Everything becomes visible at once, or nothing
    does. An entity that the catalogue holds already is replaced; if several files hold it, its names are united.
    The snapshot that workers load is compiled and put into Redis as well.

    With one of the commands below in the place of FILE, entities come from elsewhere.
    """
    if starter == (len(files) > 0):
        raise click.UsageError("Name at least one FILE, or give --starter alone.")
    if if_empty and (replace or stage):
        raise click.UsageError("Give --if-empty without --replace and --stage: it changes nothing that is there.")
    from streams.catalog.load import unite_all  # noqa: PLC0415 - help must not wait for it
    from streams.catalog.publish import is_published  # noqa: PLC0415
    from streams.catalog.sources.jsonl import read_entities  # noqa: PLC0415
    from streams.catalog.starter import starter_path  # noqa: PLC0415
    from streams.cli.catalog.shown import publish_shown, shown  # noqa: PLC0415

    paths = [starter_path()] if starter else [Path(file) for file in files]
    united = _United()
    entities = unite_all((entity for path in paths for entity in read_entities(path)), on_known=united.add)
    if replace:
        check_replacing(len(entities), ", ".join(map(str, paths)))
    with opened_store(verbose=verbose) as store:
        made = made_note(author=author, reason=reason)
        given = shown(entities.values(), total=len(entities), label="importing")
        if if_empty:
            report = store.fill(given, note=made)
        else:
            report = put_entities(store, given, replace=replace, stage=stage, note=made)
        if report is None:
            if not is_published(store):
                # Whoever imported it died before that.
                publish_shown(store)
            _say_kept(store, format_=format_)
            return
        if format_ != "json":
            imported = counted(report.entities, "entity", "entities")
            now = f"build {report.build} is staged" if stage else "the catalogue is at"
            click.echo(f"{imported} imported; {now}{' as' if stage else ''} version {report.version}")
        if not stage:
            # Compiled once here, fetched by every worker; without it, each host would compile for itself.
            publish_shown(store)
    if format_ == "json":
        write_json({**asdict(report), "united": united.lines, "types_differ": united.types})
        return
    united.say()
    say_imported(report)
