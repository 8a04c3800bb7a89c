"""Listed companies with ISIN and tickers, from pytickersymbols.

pytickersymbols (MIT, pure Python, from Python 3.11 on) is renewed every few weeks; it has no types, so this module is
all that knows it. Its country is sometimes a city, and is only taken where CLDR knows it as a country.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

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
    from collections.abc import Iterable, Iterator

__all__ = ["NAME", "open_tickers"]

NAME: Final = "tickers"


def open_tickers() -> Source:
    """Open the list of companies.

    Raises:
        InputError: pytickersymbols or Babel is not installed.
    """
    try:
        from babel import Locale  # noqa: PLC0415 - an optional package
        from pytickersymbols import PyTickerSymbols  # noqa: PLC0415
    except ImportError as exc:
        raise missing_package("pytickersymbols", exc) from exc
    territories = Locale.parse("en").territories
    codes = {name.casefold(): str(code) for code, name in territories.items() if len(code) == 2}
    stocks = PyTickerSymbols().get_all_stocks()
    return Source(Origin(NAME, package_version("pytickersymbols"), "MIT"), _read(stocks, codes))


def _read(stocks: Iterable[dict[str, Any]], codes: dict[str, str]) -> Iterator[Given]:
    for stock in stocks:
        name, isins = stock["name"], sorted(set(stock.get("isins") or ()))
        yahoo = [each["yahoo"] for each in stock.get("symbols") or () if each.get("yahoo")]
        symbol = stock.get("symbol") or (yahoo[0] if len(yahoo) > 0 else None)
        if not is_name(name) or (len(isins) == 0 and symbol is None):
            continue
        country = codes.get((stock.get("country") or "").casefold())
        tickers = tuple(dict.fromkeys(([] if symbol is None else [symbol]) + yahoo))
        ids: dict[str, str | tuple[str, ...]] = {"ticker": tickers} if len(tickers) > 0 else {}
        if len(isins) > 0:
            own, ids["isin"] = local_id("isin", isins[0]), tuple(isins)
        else:
            # Without an ISIN, the symbol at Yahoo is the key by which the list itself knows a company.
            ids["yahoo"] = symbol or yahoo[0]
            own = local_id("yahoo", symbol or yahoo[0])
        website = (stock.get("metadata") or {}).get("website")
        if isinstance(website, str) and 0 < len(website) <= 200:
            ids["website"] = website
        related = () if country is None else (country_id(country),)
        yield Given(
            Entity(own, "organization", {"mul" if is_latin(name) else "und": name}, related=related, external_ids=ids),
            country,
        )
