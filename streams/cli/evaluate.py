"""``wasl evaluate``: how good links are on marked texts, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from streams.cli.render import printable
from streams.cli.written import refuse_read
from streams.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streams.catalog.view import CatalogView
    from streams.evaluate.report import SetReport

__all__ = ["command"]

_SHOWN: Final = 12


@click.command("evaluate")
@click.argument("gold", nargs=-1, required=True)
@click.option(
    "--catalog",
    "catalogs",
    metavar="FILE",
    multiple=True,
    help="Catalogue as JSONL, gzipped or not; may be given several times. Default: the starter catalogue.",
)
@click.option(
    "--predictions", metavar="FILE", help="Judge the links in this file, as `wasl link --format jsonl` writes them."
)
@click.option("--html", metavar="FILE", help="Write an error report: one page with every text and its mentions.")
@click.option("--json", "json_", metavar="FILE", help="Write everything as JSON, mention by mention.")
@click.option("--diagram", metavar="FILE.svg", help="Write a diagram of how often links of each confidence are right.")
@click.option("--compare", metavar="OLD.json", help="Show what changed since an earlier --json FILE.")
@click.option("--name", default="wasl", show_default=True, help="What to call this run.")
@click.option(
    "--errors", metavar="N", type=click.IntRange(min=0), default=_SHOWN, show_default=True, help="Show so many errors."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="Tables for people, or everything as JSON for programs.",
)
def command(
    gold: tuple[str, ...],
    catalogs: tuple[str, ...],
    predictions: str | None,
    html: str | None,
    json_: str | None,
    diagram: str | None,
    compare: str | None,
    name: str,
    errors: int,
    format_: str,
) -> None:
    """Measure links on texts in which people marked what names mean.

    GOLD holds documents {"id", "text", "gold": [{"start", "end", "surface", "entity_id", …}]}, one a line; each file
    is a set of its own. They are linked with the catalogue, unless the links come from a file.
    """
    import orjson  # noqa: PLC0415 - `wasl --help` must not wait for it

    from streams.cli.evaluate_report import as_text, change_text  # noqa: PLC0415
    from streams.evaluate.compare import compare as compared  # noqa: PLC0415
    from streams.evaluate.compare import read_measurement  # noqa: PLC0415
    from streams.evaluate.document import as_document  # noqa: PLC0415

    if compare is not None and format_ == "json":
        raise click.UsageError("--compare is for people; for programs, compare two --json files.")
    read = [path for path in (*gold, *catalogs, predictions, compare) if path is not None]
    refuse_read({"--html": html, "--json": json_, "--diagram": diagram}, read)
    before = None if compare is None else read_measurement(Path(compare))
    view = None if predictions is not None and len(catalogs) == 0 else _load(catalogs)
    name, reports = printable(name), list(_measure(gold, view, predictions))
    linker, version = _linker(predictions), None if view is None else view.version
    document = as_document(reports, name=name, linker=linker, catalog=version)
    whole = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    svg = _svg(reports, name)
    if html is not None:
        _write(html, _page(reports, view, name, svg).encode())
    if json_ is not None:
        _write(json_, whole)
    if diagram is not None:
        _write(diagram, svg.encode())
    if format_ == "json":
        click.get_binary_stream("stdout").write(whole)
        return
    click.echo(as_text(reports, document, errors=errors), nl=False)
    if before is not None:
        click.echo(change_text(compared(before, document), shown=errors), nl=False)


def _load(catalogs: tuple[str, ...]) -> CatalogView:
    from streams.catalog.load import load_view  # noqa: PLC0415 - see `command`
    from streams.catalog.starter import starter_path  # noqa: PLC0415

    return load_view([Path(path) for path in catalogs] if len(catalogs) > 0 else [starter_path()])


def _measure(gold: Sequence[str], view: CatalogView | None, predictions: str | None) -> Iterator[SetReport]:
    from streams.evaluate.gold import read_gold  # noqa: PLC0415 - see `command`
    from streams.evaluate.link import link_documents, read_predictions  # noqa: PLC0415
    from streams.evaluate.report import report_on  # noqa: PLC0415

    given = None if predictions is None else read_predictions(Path(predictions))
    sets = [(name, read_gold(Path(path))) for name, path in zip(_names(gold), gold, strict=True)]
    for name, documents in sets:
        links = link_documents(documents, view) if given is None and view is not None else given or {}
        yield report_on(name, documents, links, view=view, explain=given is None)


def _names(paths: Sequence[str]) -> list[str]:
    """Return the files' names without their endings; with their folders where two would be the same."""
    names = [Path(path).name.removesuffix(".gz").removesuffix(".jsonl") for path in paths]
    # They need not be UTF-8, and a report must be.
    return [printable(name if names.count(name) == 1 else path) for name, path in zip(names, paths, strict=True)]


def _linker(predictions: str | None) -> str:
    if predictions is not None:
        return f"predictions of {printable(Path(predictions).name)}"
    from streams.linking.enrich import LINKER  # noqa: PLC0415 - see `command`

    return f"{LINKER.name} {LINKER.version}"


def _svg(reports: Sequence[SetReport], name: str) -> str:
    from streams.evaluate.diagram import reliability_svg  # noqa: PLC0415 - see `command`

    return reliability_svg([link for report in reports for link in report.graded], title=f"Reliability: {name}")


def _page(reports: Sequence[SetReport], view: CatalogView | None, name: str, svg: str) -> str:
    from streams.evaluate.page import error_page  # noqa: PLC0415 - see `command`
    from streams.linking.cards import card_name  # noqa: PLC0415

    def name_of(entity_id: str) -> str:
        number = None if view is None else view.entity(entity_id)
        return entity_id if view is None or number is None else card_name(view.card(number), "en")

    return error_page(reports, title=f"Links of {name}", name_of=name_of, diagram=svg)


def _write(path: str, data: Any) -> None:
    try:
        Path(path).write_bytes(data)
    except OSError as exc:
        raise InputError(
            f"{path} cannot be written: {exc.strerror}.", remedy="Name a file in a folder that you may write to."
        ) from exc
