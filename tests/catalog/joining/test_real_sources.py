"""The small packages of data, joined one after the other."""

from __future__ import annotations

import sys
from functools import cache
from itertools import islice

import pytest

from streams.catalog.sources.cldr import open_cldr
from streams.catalog.sources.exchanges import open_exchanges
from streams.catalog.sources.geonames import open_geonames
from streams.catalog.sources.origin import Source
from streams.catalog.sources.tickers import open_tickers
from streams.events.entity import Entity
from tests.catalog.joining.places import Catalogue

_HELD = (
    Entity("Q810", "place", {"en": "Jordan", "ar": "الأردن"}),
    Entity("Q183", "place", {"en": "Germany"}, external_ids={"iso3166": "DE"}),
    Entity("Q152057", "organization", {"en": "BASF SE"}, related=("Q183",)),
    Entity("Q3805", "place", {"en": "Amman"}, external_ids={"geonames": "250441"}),
)


@cache
def _sources() -> tuple[Source, ...]:
    places = open_geonames(least=15_000)
    slices = (
        open_cldr(["en", "ar"]),
        Source(places.origin, islice(places.given, 18_900, 19_400)),
        open_exchanges(segments=False),
        open_tickers(),
    )
    return tuple(Source(each.origin, list(each.given)) for each in slices)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="pytickersymbols needs Python 3.11")
@pytest.mark.parametrize("seen", [_HELD, ()], ids=["joined with items", "joined with nothing"])
def test_real_sources_give_the_same_in_either_order_and_change_nothing_when_repeated(seen: tuple[Entity, ...]) -> None:
    ends = []
    for order in (_sources(), _sources()[::-1]):
        catalogue = Catalogue.of(*seen)
        # Countries that CLDR finds by their names are known by their codes from then on: once more settles that.
        for source in order * (1 if len(seen) == 0 else 2):
            catalogue.add(source)
        before = dict(catalogue.entities)
        for source in order:
            assert catalogue.add(source).changed == frozenset()
        assert catalogue.entities == before
        ends.append(before)
    assert ends[0] == ends[1]
    if len(seen) > 0:
        assert ends[0]["Q152057"].external_ids["isin"] == "DE000BASF111"
        assert ends[0]["Q3805"].labels["mul"] == "Amman"
        assert ends[0]["Q810"].external_ids == {"iso3166": "JO"}
