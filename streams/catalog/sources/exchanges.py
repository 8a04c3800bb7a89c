"""Markets by their ISO 10383 code (MIC), from the package iso10383.

iso10383 (Apache-2.0, typed, pure Python) wraps the list that ISO publishes free of charge; its year and month are its
version. The LEI of a market is that of who operates it, so it joins nothing.
"""

from __future__ import annotations

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
from streams.events.entity import Alias, Entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iso10383 import MICEntry

__all__ = ["NAME", "open_exchanges"]

NAME: Final = "exchanges"
_SHORTEST: Final = 3


def open_exchanges(*, segments: bool = True) -> Source:
    """Open the list of markets; expired ones are left out.

    Args:
        segments: Whether to read the segments of markets as well as the markets.

    Raises:
        InputError: iso10383 is not installed.
    """
    try:
        from iso10383 import MIC, Status  # noqa: PLC0415 - an optional package
    except ImportError as exc:
        raise missing_package("iso10383", exc) from exc
    entries = (mic.value for mic in MIC)
    kept = (
        entry for entry in entries if entry.status is not Status.expired and (segments or entry.operating_mic is None)
    )
    return Source(Origin(NAME, package_version("iso10383"), "Apache-2.0"), _read(kept))


def _read(entries: Iterable[MICEntry]) -> Iterator[Given]:
    for entry in entries:
        name, acronym, code = entry.market_name, entry.acronym, entry.iso_country_code
        if not is_name(name):
            continue
        # Codes that are words of Python, such as "in", have an underscore behind them.
        country = None if code is None else code.name.rstrip("_").upper()
        other = {"website": entry.website, "operator_lei": entry.legal_entity_identifier}
        has_acronym = acronym is not None and is_name(acronym) and len(acronym) >= _SHORTEST and acronym != name
        entity = Entity(
            local_id("mic", entry.mic),
            "organization",
            {"mul" if is_latin(name) else "und": name},
            {"mul": (Alias(acronym),)} if acronym is not None and has_acronym else {},
            related=() if country is None else (country_id(country),),
            external_ids={"mic": entry.mic, **{scheme: value for scheme, value in other.items() if value is not None}},
        )
        yield Given(entity, country)
