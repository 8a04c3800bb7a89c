"""``wasl link``: link the names in a file, without a broker.

The form ``wasl link --format jsonl`` is for other programs, and stays as it is: see docs/reference/cli.md.
It loads neither rich nor anything of Kafka or Redis.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from streams.cli.terminal import note
from streams.cli.written import refuse_read, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.catalog.view import CatalogView
    from streams.cli.articles import Located

__all__ = ["STDOUT", "command"]

STDOUT: Final = "-"
_FORMATS: Final = ("text", "table", "json", "jsonl")


@click.command("link")
@click.argument("file", required=False)
@click.option("--input", "input_", metavar="FILE", help="Another way to name FILE.")
@click.option("--output", metavar="FILE", default=STDOUT, help="Where results go; - is standard output.")
@click.option(
    "--catalog",
    "catalogs",
    metavar="FILE",
    multiple=True,
    help="Catalogue as JSONL, gzipped or not; may be given several times. Default: the starter catalogue.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help="Marked text, a table of entities, everything as JSON, or one line of mentions for each article.",
)
@click.option("--explain", is_flag=True, help="Show every candidate of every name, with its score and why.")
@click.option("--title", default="", help="Title of an article that is plain text.")
def command(
    file: str | None,
    input_: str | None,
    output: str,
    catalogs: tuple[str, ...],
    format_: str,
    explain: bool,
    title: str,
) -> None:
    """Link the names in a file, without a broker.

    FILE holds raw articles or documents {"id", "text"} as JSON or JSONL, or one article as plain text; - is
    standard input. The catalogue is loaded into memory; Redis is not asked.
    """
    from streams.cli.articles import read_articles  # noqa: PLC0415 - `wasl --help` must not wait for it

    path = _one_input(file, input_)
    if explain and format_ == "jsonl":
        raise click.UsageError("--explain has no place in the fixed format jsonl; use --format json.")
    refuse_read({"--output": None if output == STDOUT else output}, (path, *catalogs))
    view = _load(catalogs)
    items = read_articles(path, title=title)
    with _sink(output) as sink:
        if format_ == "jsonl":
            _link_lines(items, view, sink)
        else:
            _report(items, view, sink, format_=format_, explain=explain)


def _one_input(file: str | None, input_: str | None) -> str:
    given = [path for path in (file, input_) if path is not None]
    if len(given) != 1:
        raise click.UsageError("Name one FILE, or - for standard input.")
    return given[0]


def _load(catalogs: tuple[str, ...]) -> CatalogView:
    from streams.catalog.load import load_view, unite_all  # noqa: PLC0415 - see `command`

    if len(catalogs) > 0:
        view = load_view([Path(path) for path in catalogs])
        if next(view.records(), None) is None:
            note(f"warning: the catalogue has no entities, so nothing is linked: {', '.join(catalogs)}")
        return view
    from streams.catalog.records import Record  # noqa: PLC0415
    from streams.catalog.snapshot import view_of  # noqa: PLC0415
    from streams.catalog.starter import read_starter  # noqa: PLC0415

    return view_of(Record(entity.id, entity) for entity in unite_all(read_starter()).values())


def _link_lines(items: Iterator[Located], view: CatalogView, sink: IO[bytes]) -> None:
    import orjson  # noqa: PLC0415 - see `command`

    from streams.cli.articles import located, read_document  # noqa: PLC0415
    from streams.linking.enrich import link_article  # noqa: PLC0415

    for item in items:
        shown_id, article = read_document(item)
        with located(item.where):
            links = link_article(article, view)
        mentions = [
            {
                "start": mention.start,
                "end": mention.end,
                "surface": mention.surface,
                "type": mention.type,
                "entity_id": mention.entity_id,
                "confidence": mention.confidence,
            }
            for mention in links.mentions
            if mention.field == "body"
        ]
        sink.write(orjson.dumps({"id": shown_id, "mentions": mentions}, option=orjson.OPT_APPEND_NEWLINE))


def _report(items: Iterator[Located], view: CatalogView, sink: IO[bytes], *, format_: str, explain: bool) -> None:
    from streams.cli import link_report  # noqa: PLC0415 - see `command`
    from streams.cli.terminal import takes_colour  # noqa: PLC0415

    reports = link_report.link_all(items, view, explain=explain)
    if format_ == "json":
        sink.write(link_report.as_json(reports))
    elif format_ == "table":
        sink.write(link_report.as_table(reports).encode())
    else:
        colour = sink is sys.stdout.buffer and takes_colour(sys.stdout)
        for report in reports:
            sink.write(link_report.as_text(report, colour=colour).encode())


@contextmanager
def _sink(output: str) -> Iterator[IO[bytes]]:
    if output == STDOUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with written(Path(output)) as sink:
        yield sink
