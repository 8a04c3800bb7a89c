"""``wasl catalog import wikidata``: entities from a JSON dump."""

from __future__ import annotations

import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from streams.cli.catalog.import_ import check_replacing, put_entities, say_imported
from streams.cli.catalog.options import change_options, format_option, made_note, opened_store, write_json
from streams.cli.connect import verbose_option
from streams.cli.terminal import counted, note
from streams.cli.written import packed, refuse_read, written

if TYPE_CHECKING:
    from streams.catalog.sources.wikidata.options import ImportOptions
    from streams.catalog.sources.wikidata.run import DumpReport
    from streams.catalog.store import ImportReport

__all__ = ["command"]

_LEFT_OUT: Final = {
    "not_an_item": "no items, but properties or lexemes",
    "few_sitelinks": "with fewer sitelinks than asked for",
    "page_about_pages": "pages about pages: disambiguations, lists, categories",
    "no_name_in_the_languages": "without a name in the languages",
    "type_not_asked_for": "of a type that was not asked for",
    "class_leads_to_no_type": "whose classes lead to no type",
    "not_in_the_trees": "in none of the class trees",
    "twice": "older states of items that occur again",
    "listed_but_not_found": "listed, and not in the dump or without a name",
}


@click.command("wikidata")
@click.argument("dump")
@click.option(
    "--languages", metavar="TAGS", default="en,ar", show_default=True, help="Languages of names; mul as well."
)
@click.option(
    "--min-sitelinks", metavar="N", type=click.IntRange(0), default=1, show_default=True, help="Fewest sitelinks."
)
@click.option(
    "--types",
    metavar="TYPES",
    default="person,organization,place,product,work,event",
    show_default=True,
    help="Types that are kept, all, or classes such as Q6256.",
)
@click.option("--ids", metavar="FILE", type=click.Path(path_type=Path), help="Items that are kept in any case.")
@click.option("--work", metavar="DIR", type=click.Path(path_type=Path), help="Where to work; by default DUMP.import.")
@click.option("--jobs", metavar="N", type=click.IntRange(1), help="Worker processes; by default one a core.")
@click.option(
    "--max-broken",
    metavar="SHARE",
    type=click.FloatRange(0, 1),
    default=0.01,
    show_default=True,
    help="Largest share of lines that may be broken.",
)
@click.option("--restart", is_flag=True, help="Begin anew, whatever is in the work folder.")
@click.option(
    "--to",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the catalogue there (.zst, .gz or plain), not to Redis.",
)
@click.option("--replace", is_flag=True, help="Retire the entities that are not in the dump.")
@click.option("--stage", is_flag=True, help="Make a version beside the live one, for `wasl catalog promote`.")
@change_options
@format_option
@verbose_option
def command(dump: str, **given: Any) -> None:
    """Import entities from a JSON dump of Wikidata.

    DUMP is the file as it is published, plain or compressed with gzip, bzip2 or zstd; - is standard input. It is
    read in constant memory. An import that was interrupted goes on where it was if the same command is given again.
    """
    if dump == "-" and given["work"] is None:
        raise click.UsageError("Name a folder to work in with --work: standard input has no name of its own.")
    if given["to"] is not None and given["replace"]:
        raise click.UsageError("Give --to or --replace: what is not in a file is not retired in Redis.")
    if given["to"] is not None and given["stage"]:
        raise click.UsageError("Give --to or --stage: a file is no version.")
    refuse_read({"--to": given["to"]}, [path for path in (dump, given["ids"]) if path not in (None, "-")])
    report = _made(dump, given)
    if given["format_"] != "json":
        _say(report)
    if given["replace"]:
        check_replacing(report.counts.get("entities", 0), dump)
        _check_whole(report, dump)
    if given["to"] is not None:
        _write(report.catalogue, given["to"])
        imported = None
    else:
        imported = _imported(report, given)
    if given["format_"] == "json":
        write_json({"dump": report.counts, "import": None if imported is None else asdict(imported)})
    elif imported is None:
        click.echo(f"{counted(report.counts.get('entities', 0), 'entity', 'entities')} written to {given['to']}")
    else:
        shown = counted(imported.entities, "entity", "entities")
        now = f"build {imported.build} is staged as" if given["stage"] else "the catalogue is at"
        click.echo(f"{shown} imported; {now} version {imported.version}")
        say_imported(imported)


def _check_whole(report: DumpReport, name: str) -> None:
    from streams.errors import InputError  # noqa: PLC0415

    if report.counts.get("unclosed", 0) > 0:
        raise InputError(
            f"{name} begins with [ and ends without ], and --replace would retire the entities that are missing in it.",
            remedy="Give the whole dump, or import this one without --replace.",
        )


def _made(name: str, given: dict[str, Any]) -> DumpReport:
    from streams.catalog.sources.wikidata.dump import Dump  # noqa: PLC0415 - help must not wait for it
    from streams.catalog.sources.wikidata.run import import_dump  # noqa: PLC0415
    from streams.cli.articles import standard_input  # noqa: PLC0415
    from streams.cli.catalog.import_progress import DumpProgress  # noqa: PLC0415

    options = _options(given)
    dump = Dump(standard_input(), "standard input", size=None) if name == "-" else Dump.open(Path(name))
    try:
        with DumpProgress() as progress:
            return import_dump(
                dump,
                Path(f"{name}.import") if given["work"] is None else given["work"],
                options,
                jobs=given["jobs"] or _cores(),
                progress=progress,
                most_broken=given["max_broken"],
                restart=given["restart"],
            )
    finally:
        dump.close()


def _cores() -> int:
    """Return how many cores this process may use; not every system says so."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _options(given: dict[str, Any]) -> ImportOptions:
    from streams.catalog.sources.wikidata.options import (  # noqa: PLC0415 - see `_made`
        ImportOptions,
        parse_languages,
        parse_types,
        read_ids,
    )

    types, roots = parse_types(given["types"])
    return ImportOptions(
        languages=parse_languages(given["languages"]),
        min_sitelinks=given["min_sitelinks"],
        types=types,
        roots=roots,
        ids=frozenset() if given["ids"] is None else read_ids(given["ids"]),
    )


def _write(catalogue: Path, to: Path) -> None:
    """Write the catalogue, which is a zstd file, compressed as the name of the file says."""
    import zstandard  # noqa: PLC0415 - see `_made`

    with catalogue.open("rb") as source, written(to) as sink:
        if to.suffix == ".zst":
            shutil.copyfileobj(source, sink)
        else:
            with packed(sink, to.suffix) as target:
                zstandard.ZstdDecompressor().copy_stream(source, target)


def _imported(report: DumpReport, given: dict[str, Any]) -> ImportReport:
    from streams.catalog.sources.jsonl import read_entities  # noqa: PLC0415 - see `_made`
    from streams.catalog.sources.wikidata.redirects import read_redirects  # noqa: PLC0415
    from streams.cli.catalog.shown import publish_shown  # noqa: PLC0415

    made = made_note(author=given["author"], reason=given["reason"])
    with opened_store(verbose=given["verbose"]) as store:
        imported = put_entities(
            store,
            read_entities(report.catalogue),
            replace=given["replace"],
            merges=read_redirects(report.redirects),
            stage=given["stage"],
            note=made,
        )
        if len(imported.merged) > 0:
            note(f"{counted(len(imported.merged), 'id', 'ids')} merged into others, as Wikidata did")
        if not given["stage"]:
            publish_shown(store)
    return imported


def _say(report: DumpReport) -> None:
    counts = report.counts
    if report.is_resumed:
        note("went on with the work that was there")
    note(f"{counts.get('lines', 0):,} lines read, {counts.get('entities', 0):,} entities kept; left out:")
    for name, meaning in _LEFT_OUT.items():
        if counts.get(name, 0) > 0:
            note(f"  {counts[name]:,} {meaning}")
    if counts.get("unclosed", 0) > 0:
        note("the dump begins with [ and ends without ]: it was cut off, is damaged, or is an extract")
    if counts.get("broken", 0) > 0:
        note(f"{counted(counts['broken'], 'line', 'lines')} broken, listed in {report.broken}")
