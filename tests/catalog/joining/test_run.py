"""A source joined with a catalogue: what stands in it afterwards, whatever the order and however often."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.catalog.joining.statements import CATALOGUE
from streams.catalog.sources.origin import Given, local_id
from streams.events.entity import Alias, Entity
from tests.catalog.joining.places import Catalogue, aliases, company, entity, source
from tests.catalog.strategies import LANGUAGES, names, patient

if TYPE_CHECKING:
    from streams.catalog.joining.statements import Statement
    from streams.catalog.sources.origin import Source

_JORDAN = Entity("Q810", "place", {"en": "Jordan", "ar": "الأردن"}, external_ids={"iso3166": "JO"})
# Each example joins several times.
_quick = settings(patient, max_examples=40)
_SCHEMES = ("lei", "isin", "geonames")


# --- What joins -------------------------------------------------------------------------------------------


def test_an_id_in_common_joins_and_is_certain() -> None:
    catalogue = Catalogue.of(entity("Q1", "Arab Bank", external_ids={"lei": "L1"}))
    combined = catalogue.add(source("gleif", company("lei", "L1", "ARAB BANK PLC")))
    assert (combined.counts.certain, combined.counts.inferred, combined.counts.new) == (1, 0, 0)
    assert catalogue.entities.keys() == {"Q1"}
    assert catalogue.entities["Q1"].labels == {"en": "Arab Bank", "mul": "ARAB BANK PLC"}
    assert {each.inferred for each in catalogue.statements["Q1"]} == {False}


def test_a_name_joins_within_one_country_and_is_marked_as_inferred_also_the_second_time() -> None:
    catalogue = Catalogue.of(_JORDAN, entity("Q1", "Arab Bank", related=("Q810",)))
    for _ in range(2):
        combined = catalogue.add(source("gleif", company("lei", "L1", "ARAB BANK P.L.C.", country="JO")))
        assert (combined.counts.certain, combined.counts.inferred, combined.counts.new) == (0, 1, 0)
        said = {each.source: each.inferred for each in catalogue.statements["Q1"]}
        assert said == {CATALOGUE: False, "gleif": True}
    assert catalogue.entities["Q1"].external_ids == {"lei": "L1"}
    # The country is called as the catalogue calls it.
    assert catalogue.entities["Q1"].related == ("Q810",)


def test_a_name_joins_nothing_abroad_nor_of_another_type_nor_what_has_another_id() -> None:
    for held in (
        entity("Q1", "Arab Bank", related=("Q30",)),
        entity("Q1", "Arab Bank"),
        entity("Q1", "Arab Bank", "person", related=("Q810",)),
        entity("Q1", "Arab Bank", related=("Q810",), external_ids={"lei": "L2"}),
    ):
        catalogue = Catalogue.of(_JORDAN, held)
        assert catalogue.add(source("gleif", company("lei", "L1", "Arab Bank", country="JO"))).counts.new == 1
        assert catalogue.entities["Q1"] == held


def test_a_name_that_fits_several_joins_none_of_them() -> None:
    catalogue = Catalogue.of(_JORDAN, *(entity(f"Q{number}", "Arab Bank", related=("Q810",)) for number in (1, 2)))
    assert catalogue.add(source("gleif", company("lei", "L1", "Arab Bank", country="JO"))).counts.ambiguous == 1
    assert "local:lei-l1" in catalogue.entities
    two = [company("lei", key, "Arab Bank", country="JO") for key in ("L1", "L2")]
    catalogue = Catalogue.of(_JORDAN, entity("Q1", "Arab Bank", related=("Q810",)))
    assert catalogue.add(source("gleif", *two)).counts.ambiguous == 2
    assert catalogue.entities.keys() == {"Q810", "Q1", "local:lei-l1", "local:lei-l2"}


def test_who_runs_a_market_under_its_own_name_is_no_market_in_either_order() -> None:
    for name, count in (("Zarq Bank", 2), ("Zarq Exchange", 1)):
        sources = (
            source("exchanges", company("mic", "XZAR", name.upper(), country="JO")),
            source("tickers", company("isin", "I1", name, country="JO")),
        )
        for order in (sources, sources[::-1]):
            catalogue = Catalogue.of()
            for each in order:
                catalogue.add(each)
            assert len(catalogue.entities) == count


def test_names_can_be_left_out_of_it() -> None:
    catalogue = Catalogue.of(_JORDAN, entity("Q1", "Arab Bank", related=("Q810",)))
    given_ = source("gleif", company("lei", "L1", "Arab Bank", country="JO"))
    assert catalogue.add(given_, by_name=False).counts.new == 1


def test_what_the_catalogue_does_not_hold_can_be_left_out() -> None:
    catalogue = Catalogue.of(entity("Q1", "Arab Bank", external_ids={"lei": "L1"}))
    given_ = source("gleif", company("lei", "L1", "ARAB BANK PLC"), company("lei", "L2", "Another"))
    combined = catalogue.add(given_, only_known=True)
    assert (combined.counts.read, combined.counts.new) == (2, 0)
    assert catalogue.entities.keys() == {"Q1"}
    assert catalogue.entities["Q1"].labels["mul"] == "ARAB BANK PLC"


def test_without_a_country_labels_must_agree_in_two_languages() -> None:
    def cldr(ar: str) -> Source:
        labels = {"en": "Jordan", "ar": ar}
        return source("cldr", Given(Entity("local:iso3166-jo", "place", labels, external_ids={"iso3166": "JO"})))

    held = Entity("Q810", "place", {"en": "Jordan", "ar": "الأردن"})
    assert Catalogue.of(held).add(cldr("الاردن")).counts.inferred == 1
    assert Catalogue.of(held).add(cldr("جوردان")).counts.new == 1


def test_a_qid_that_a_source_states_is_taken_and_what_else_claims_its_ids_is_reported() -> None:
    catalogue = Catalogue.of(entity("Q1", "Bank", external_ids={"lei": "L1"}))
    combined = catalogue.add(source("own", Given(entity("Q2", "Bank", external_ids={"lei": "L1"}))))
    assert catalogue.entities.keys() == {"Q1", "Q2"}
    (conflict,) = combined.conflicts
    assert (conflict.entity_id, conflict.property, conflict.values[CATALOGUE]) == ("Q2", "id", ("Q1",))


def test_an_id_that_turns_out_to_be_an_item_of_wikidata_redirects_to_it() -> None:
    catalogue = Catalogue.of()
    place = company("geonames", "250441", "Amman")
    catalogue.add(source("geonames", place))
    assert catalogue.entities.keys() == {"local:geonames-250441"}
    catalogue.entities["Q3805"] = entity("Q3805", "Amman", external_ids={"geonames": "250441"})
    catalogue.add(source("geonames", place))
    assert catalogue.entities.keys() == {"Q3805"}
    assert catalogue.redirects == {"local:geonames-250441": "Q3805"}
    before = deepcopy(catalogue)
    assert catalogue.add(source("geonames", place)).counts.unchanged == 1
    assert catalogue == before


# --- What wins --------------------------------------------------------------------------------------------


def test_what_differs_is_reported_and_the_catalogue_wins_unless_told_otherwise() -> None:
    held = Entity("Q1", "place", {"en": "Bank", "ar": "بنك"}, external_ids={"lei": "L1", "ticker": "OLD"})
    labels, ids = {"en": "bank", "ar": "مصرف"}, {"lei": "L1", "ticker": "NEW"}
    given_ = source("own", Given(Entity("local:own-1", "organization", labels, external_ids=ids)))
    catalogue = Catalogue.of(held)
    conflicts = catalogue.add(given_).conflicts
    assert [(each.property, each.kept) for each in conflicts] == [
        ("label:ar", CATALOGUE), ("external:ticker", CATALOGUE), ("type", CATALOGUE),
    ]  # fmt: skip
    assert conflicts[0].values == {CATALOGUE: ("بنك",), "own": ("مصرف",)}
    kept = catalogue.entities["Q1"]
    assert (kept.type, kept.labels, kept.aliases["ar"]) == ("place", held.labels, aliases("مصرف"))
    assert kept.external_ids == {"lei": "L1", "ticker": ("OLD", "NEW")}
    other = Catalogue.of(held)
    assert {each.kept for each in other.add(given_, prefer=["own"]).conflicts} == {"own"}
    won = other.entities["Q1"]
    assert (won.type, won.labels, won.aliases["ar"]) == ("organization", labels, aliases("بنك"))


def test_a_newer_version_of_a_source_takes_the_place_of_the_older_and_leaves_what_others_say() -> None:
    catalogue = Catalogue.of(entity("Q1", "Bank", aliases={"en": (Alias("The Bank", 7),)}, external_ids={"lei": "L1"}))
    catalogue.add(source("gleif", company("lei", "L1", "Old Name Inc")))
    catalogue.add(source("gleif", company("lei", "L1", "New Name Inc"), version="2"))
    held = catalogue.entities["Q1"]
    assert held.labels == {"en": "Bank", "mul": "New Name Inc"}
    assert held.aliases == {"en": (Alias("The Bank", 7),)}
    assert {each.version for each in catalogue.statements["Q1"] if each.source == "gleif"} == {"2"}


def test_what_an_editor_changes_stays() -> None:
    catalogue = Catalogue.of()
    given_ = source("gleif", company("lei", "L1", "LEGAL NAME INC"))
    catalogue.add(given_)
    edited = Entity("local:lei-l1", "product", {"mul": "Brand"}, external_ids={"lei": "L1"})
    catalogue.entities[edited.id] = edited
    combined = catalogue.add(given_)
    assert catalogue.entities[edited.id].labels == {"mul": "Brand"}
    assert catalogue.entities[edited.id].type == "product"
    assert {each.property for each in combined.conflicts} == {"label:mul", "type"}


def test_what_was_taken_back_is_not_brought_back_by_another_source() -> None:
    catalogue = Catalogue.of(entity("Q1", "Bank", external_ids={"lei": "L1"}))
    told = Entity("Q1", "organization", {"en": "Bank"}, description="A wrong one.", prior=0.9)
    catalogue.add(source("table", Given(told)))
    held = catalogue.entities["Q1"]
    assert (held.description, held.prior) == ("A wrong one.", 0.9)
    # An editor takes it back, or a rollback does, or what was staged never goes live.
    catalogue.entities["Q1"] = replace(held, description=None, prior=None)
    catalogue.add(source("gleif", company("lei", "L1", "Bank Inc")))
    held = catalogue.entities["Q1"]
    assert (held.description, held.prior) == (None, None)
    assert held.labels == {"en": "Bank", "mul": "Bank Inc"}


# --- Any catalogues ---------------------------------------------------------------------------------------


@st.composite
def _things(draw: st.DrawFn, kind: str) -> list[Given]:
    """Some of six things, by some of their ids; a source may know their QIDs."""
    found = []
    for number in draw(st.lists(st.integers(1, 6), unique=True, max_size=6)):
        schemes = draw(st.lists(st.sampled_from(_SCHEMES), min_size=1, unique=True))
        ids = {scheme: f"{scheme.upper()}{number}" for scheme in schemes}
        if draw(st.booleans()):
            ids["ticker"] = draw(st.sampled_from(["A", "B"]))
        own = f"Q{number}" if kind == "items" else local_id(min(schemes), ids[min(schemes)])
        labels = draw(st.dictionaries(st.sampled_from(LANGUAGES), names, min_size=1, max_size=3))
        others = draw(st.dictionaries(st.sampled_from(LANGUAGES), st.lists(names, min_size=1, max_size=2), max_size=2))
        found.append(
            Given(
                Entity(
                    own,
                    draw(st.sampled_from(["place", "organization"])),
                    labels,
                    {tag: aliases(*dict.fromkeys(texts)) for tag, texts in others.items()},
                    prior=draw(st.none() | st.sampled_from([0.25, 0.5])),
                    external_ids=ids,
                )
            )
        )
    return found


def _by_source(statements: dict[str, list[Statement]]) -> dict[str, set[Statement]]:
    return {entity_id: set(said) for entity_id, said in statements.items()}


@_quick
@given(_things("items"), _things("others"), st.lists(st.sampled_from(["gleif", "cldr"]), unique=True))
def test_importing_twice_changes_nothing(held: list[Given], given_: list[Given], prefer: list[str]) -> None:
    catalogue = Catalogue.of(*(each.entity for each in held))
    first = catalogue.add(source("gleif", *given_), prefer=prefer)
    before = deepcopy(catalogue)
    second = catalogue.add(source("gleif", *given_), prefer=prefer)
    assert catalogue == before
    assert (second.changed, second.merged) == (frozenset(), {})
    assert second.conflicts == first.conflicts


@_quick
@given(
    _things("items"), _things("others"), _things("others"), st.lists(st.sampled_from(["gleif", "cldr"]), unique=True)
)
def test_two_sources_give_the_same_catalogue_in_either_order(
    held: list[Given], one: list[Given], other: list[Given], prefer: list[str]
) -> None:
    sources = source("gleif", *one), source("cldr", *other)
    ends, reports = [], []
    for order in (sources, sources[::-1]):
        catalogue = Catalogue.of(*(each.entity for each in held))
        for _ in range(2):
            last = [catalogue.add(each, prefer=prefer) for each in order]
        ends.append((catalogue.entities, _by_source(catalogue.statements)))
        reports.append({(each.entity_id, each.property): each for combined in last for each in combined.conflicts})
    assert ends[0] == ends[1]
    # Whichever comes second reports what differs, and both say the same of it.
    assert reports[0] == reports[1]


@_quick
@given(_things("others"), _things("others"))
def test_a_name_joins_the_same_in_either_order(one: list[Given], other: list[Given]) -> None:
    gleif = source("gleif", *(company("lei", f"L{n}", each.entity.name(), country="JO") for n, each in enumerate(one)))
    tickers = source(
        "tickers", *(company("isin", f"I{n}", each.entity.name(), country="JO") for n, each in enumerate(other))
    )
    ends = []
    for order in ((gleif, tickers), (tickers, gleif)):
        catalogue = Catalogue.of()
        for each in order:
            catalogue.add(each)
        before = deepcopy(catalogue)
        for each in order:
            catalogue.add(each)
        assert catalogue == before
        ends.append((catalogue.entities, _by_source(catalogue.statements)))
    assert ends[0] == ends[1]
