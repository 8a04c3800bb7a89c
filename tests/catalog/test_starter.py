"""The starter catalogue that every new user sees keeps its own rules."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from importlib.resources import files

import pytest
from babel import Locale

STARTER = files("streams.catalog.starter")
TYPES = {"person", "organization", "place", "product", "work", "event", "other"}
FIELDS = ["id", "type", "labels", "aliases", "description", "prior", "related", "external_ids"]
# Nationality adjectives are no mentions of a country, and these words stand in any text.
NEVER_NAMES = {
    "american", "british", "chinese", "french", "german", "saudi", "emirati", "egyptian", "japanese", "russian",
    "who", "it", "we", "us president", "company", "bank", "minister", "president", "the national", "the line",
    "أمريكي", "أمريكية", "الأمريكية", "الأمريكي", "الأميركية", "الأميركي", "سعودي", "السعودي", "إماراتي", "الإماراتية",
    "مصري", "المصرية", "الصينية", "الصيني", "شركة", "بنك", "البنك المركزي", "الرئيس", "الوزير", "معادن", "مصدر", "طاقة",
    "كريم", "طلبات", "علم", "غاب", "كانون", "النصر", "العربية", "الشرق", "الاتحاد", "تداول",
}  # fmt: skip


# Languages in which what is named otherwise there has its name as well.
OTHERS = ("de", "es", "fr", "it", "ja", "ko", "th", "tr", "zh")


def lines(name: str) -> list[str]:
    return (STARTER / name).read_text(encoding="utf-8").splitlines()


def read_entities() -> list[dict]:
    return [json.loads(line) for line in lines("catalog.jsonl")]


ENTITIES = read_entities()
BY_ID = {entity["id"]: entity for entity in ENTITIES}


def names_of(entity: dict) -> list[str]:
    return [*entity["labels"].values(), *(alias for aliases in entity["aliases"].values() for alias in aliases)]


def named(name: str) -> set[str]:
    return {entity["id"] for entity in ENTITIES if name.casefold() in {each.casefold() for each in names_of(entity)}}


def test_is_large_enough() -> None:
    assert len(ENTITIES) >= 450


def test_ids_are_unique_and_well_formed() -> None:
    assert [id_ for id_, count in Counter(entity["id"] for entity in ENTITIES).items() if count > 1] == []
    assert [id_ for id_ in BY_ID if re.fullmatch(r"Q[1-9]\d*|local:[a-z0-9]+(-[a-z0-9]+)*", id_) is None] == []


def test_fields_types_and_priors() -> None:
    wrong = [
        entity["id"]
        for entity in ENTITIES
        if list(entity) != FIELDS
        or entity["type"] not in TYPES
        or not isinstance(entity["prior"], float)
        or not 0.0 <= entity["prior"] <= 1.0
        or entity["external_ids"] != {}
        or not 3 <= len(entity["description"]) <= 200
    ]
    assert wrong == []


def test_every_entity_has_an_english_and_an_arabic_name() -> None:
    arabic = re.compile(r"[\u0621-\u064a]")
    wrong = [
        entity["id"]
        for entity in ENTITIES
        if not {"en", "ar"} <= set(entity["labels"]) <= {"en", "ar", *OTHERS}
        or re.search(r"[A-Za-z0-9]", entity["labels"]["en"]) is None
        or arabic.search(entity["labels"]["ar"]) is None
        or any(arabic.search(alias) is not None for alias in entity["aliases"].get("en", []))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_countries_are_called_in_other_languages_as_in_cldr(language: str) -> None:
    codes = {name: code for code, name in Locale("en").territories.items() if code.isalpha()}
    theirs = Locale(language).territories
    found = {
        entity["labels"]["en"]: (theirs[codes[entity["labels"]["en"]]], entity)
        for entity in ENTITIES
        if entity["description"].startswith(("country", "island country")) and entity["labels"]["en"] in codes
    }
    assert len(found) >= 70
    wrong = {
        name: expected
        for name, (expected, entity) in found.items()
        if expected not in (entity["labels"].get(language), *entity["aliases"].get(language, ()))
    }
    # Where the name is an ordinary word as well: of Thais and their language, and of means.
    assert wrong == {"th": {"Thailand": "ไทย"}, "ko": {"Sudan": "수단"}}.get(language, {})


def test_no_alias_is_empty_padded_or_repeated() -> None:
    wrong = []
    for entity in ENTITIES:
        for language, aliases in entity["aliases"].items():
            folded = [name.casefold() for name in [entity["labels"][language], *aliases]]
            if len(aliases) == 0 or len(set(folded)) != len(folded):
                wrong.append((entity["id"], language))
            wrong += [(entity["id"], alias) for alias in aliases if alias == "" or alias != " ".join(alias.split())]
    assert wrong == []


def test_no_name_is_a_word_of_any_text() -> None:
    wrong = [(entity["id"], name) for entity in ENTITIES for name in names_of(entity) if name.casefold() in NEVER_NAMES]
    assert wrong == []


def test_related_entities_exist_and_are_others() -> None:
    wrong = [
        (entity["id"], related)
        for entity in ENTITIES
        for related in entity["related"]
        if related not in BY_ID or related == entity["id"]
    ]
    assert wrong == []
    assert [entity["id"] for entity in ENTITIES if len(set(entity["related"])) != len(entity["related"])] == []


def test_every_wikidata_id_says_where_it_was_seen() -> None:
    rows = [line.split("\t") for line in lines("provenance.tsv")]
    assert rows[0] == ["id", "source", "seen"]
    assert [row for row in rows[1:] if len(row) != 3 or "" in row] == []
    ids = [row[0] for row in rows[1:]]
    assert len(set(ids)) == len(ids)
    assert set(ids) == {id_ for id_ in BY_ID if id_.startswith("Q")}


def test_rivals_share_names() -> None:
    holders: dict[str, set[str]] = defaultdict(set)
    for entity in ENTITIES:
        for name in names_of(entity):
            holders[name.casefold()].add(entity["id"])
    assert sum(len(ids) > 1 for ids in holders.values()) >= 25


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("Apple", {"Q312", "Q89"}),
        ("Amazon", {"Q3884", "Q3783"}),
        ("Tesla", {"Q478214", "Q9036"}),
        ("Jordan", {"Q810", "Q41421"}),
        ("Georgia", {"Q230", "Q1428"}),
        ("Washington", {"Q61", "Q1223", "Q23"}),
        ("Vera Rubin", {"local:nvidia-vera-rubin", "local:vera-rubin-astronomer"}),
        ("فيرا روبين", {"local:nvidia-vera-rubin", "local:vera-rubin-astronomer"}),
        ("بلومبرغ", {"Q14270642", "Q13977"}),
        ("الأهلي", {"local:al-ahly-egypt", "local:al-ahli-jeddah"}),
        ("سامسونغ", {"Q20718", "Q20716"}),
        ("إنفيديا", {"Q182477"}),
        ("OpenAI", {"Q21708200"}),
        ("أوبن إي آي", {"Q21708200"}),
        ("جينسن هوانغ", {"Q305177"}),
        ("سام ألتمان", {"Q7407093"}),
        ("تايبيه", {"Q1867"}),
        ("SoftBank", {"Q201653"}),
        ("سانتا كلارا", {"Q159260"}),
        ("GPT-5", {"local:gpt-5"}),
        ("ChatGPT", {"Q115564437"}),
    ],
)
def test_well_known_names_lead_to_their_entities(name: str, ids: set[str]) -> None:
    assert ids <= named(name)
