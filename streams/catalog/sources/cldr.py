"""Countries, regions and currencies with their names, from Unicode CLDR by way of Babel.

Babel (BSD-3-Clause, typed, pure Python) is how Python programs read CLDR. Data: Unicode-3.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.catalog.sources.origin import Given, Origin, Source, is_name, local_id, missing_package
from streams.errors import InputError
from streams.events.entity import Alias, Entity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from babel import Locale

__all__ = ["NAME", "open_cldr"]

NAME: Final = "cldr"

# Codes of which no text speaks: unknown, pseudo-locales, the outlying rest of Oceania.
_NO_TERRITORY: Final = frozenset({"ZZ", "XA", "XB", "QO"})
_UNIONS: Final = frozenset({"EU", "EZ", "UN"})
# No currency, and the code for tests.
_NO_CURRENCY: Final = frozenset({"X" * 3, "XTS"})
# One of each plural that CLDR knows: Arabic has six.
_COUNTS: Final = (None, 0, 1, 2, 3, 11, 100)


def open_cldr(languages: Sequence[str]) -> Source:
    """Open CLDR.

    Args:
        languages: Languages whose names are read; what is called by none of them is left out.

    Raises:
        InputError: Babel is not installed, or CLDR does not know a language.
    """
    try:
        from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - an optional package
        from babel.core import get_cldr_version  # noqa: PLC0415
    except ImportError as exc:
        raise missing_package("babel", exc) from exc
    locales = {}
    for language in languages:
        try:
            locales[language] = Locale.parse(language, sep="-")
        except (UnknownLocaleError, ValueError) as exc:
            raise InputError(f"CLDR has no language {language!r}.", remedy="Give tags such as en,ar,zh-Hant.") from exc
    return Source(Origin(NAME, str(get_cldr_version()), "Unicode-3.0"), _read(locales))


def _read(locales: Mapping[str, Locale]) -> Iterator[Given]:
    codes = sorted({str(code) for locale in locales.values() for code in locale.territories} - _NO_TERRITORY)
    for code in codes:
        labels = {tag: locale.territories[code] for tag, locale in locales.items() if code in locale.territories}
        scheme = "m49" if code.isdigit() else "iso3166"
        type_ = "organization" if code in _UNIONS else "place"
        yield Given(Entity(local_id(scheme, code), type_, labels, external_ids={scheme: code}))
    for code in sorted({str(code) for locale in locales.values() for code in locale.currencies} - _NO_CURRENCY):
        # What CLDR has no name for in a language is called by its code there.
        named = {tag: locale for tag, locale in locales.items() if locale.currencies.get(code, code) != code}
        if len(named) > 0:
            labels = {tag: locale.currencies[code] for tag, locale in named.items()}
            aliases = {tag: _plurals(code, locale) for tag, locale in named.items()}
            aliases = {tag: names for tag, names in aliases.items() if len(names) > 0}
            yield Given(Entity(local_id("iso4217", code), "other", labels, aliases, external_ids={"iso4217": code}))


def _plurals(code: str, locale: Locale) -> tuple[Alias, ...]:
    from babel.numbers import get_currency_name  # noqa: PLC0415 - see `open_cldr`

    names = dict.fromkeys(get_currency_name(code, count=count, locale=locale) for count in _COUNTS)
    return tuple(Alias(name) for name in names if name != locale.currencies[code] and is_name(name))
