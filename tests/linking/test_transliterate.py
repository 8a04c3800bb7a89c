from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.linking.fold import fold_text
from streams.linking.transliterate import MOST_READINGS, arabic_readings
from streams.linking.variants import variant_key
from tests.linking.strategies import any_text
from tests.linking.world import VARIANTS, entity, link, linked

if TYPE_CHECKING:
    from pathlib import Path

_LATIN = st.text("abcdefghijklmnopqrstuvwxyz '-.", max_size=40)


def _keys(name: str, *, most: int = MOST_READINGS) -> list[str | None]:
    return [variant_key(reading, "ar") for reading in arabic_readings(fold_text(name), most=most)]


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        ("Jensen Huang", "جينسن هوانغ"),
        ("Jensen Huang", "جنسن هوانج"),
        ("Mark Zuckerberg", "مارك زوكربيرغ"),
        ("Elon Tarvos", "إيلون تارفوس"),
        ("Thomas Becker", "توماس بيكر"),
        ("Michael Bloomberg", "مايكل بلومبرغ"),
        ("William Marsden", "ويليام مارسدن"),
        ("Felix Quandt", "فيليكس كواندت"),
        ("Hassan Kherbek", "حسن خيربك"),
        ("Barranquilla", "بارانكيلا"),
        ("São Bernardo", "ساو برناردو"),
    ],
)
def test_a_name_is_read_as_arabic_newsrooms_hear_it(name: str, heard: str) -> None:
    key = variant_key(fold_text(heard), "ar")
    assert key is not None
    assert key in _keys(name)


@pytest.mark.parametrize("name", ["Москва", "東京", "إنفيديا", "Müller & Söhne GmbH 24", "A1", "x", "", "--", ". '"])
def test_what_is_not_in_latin_letters_alone_is_not_read(name: str) -> None:
    assert arabic_readings(fold_text(name)) == ()


@given(_LATIN | any_text)
def test_readings_are_few_distinct_and_arabic(name: str) -> None:
    readings = arabic_readings(fold_text(name))
    assert len(set(readings)) == len(readings) <= MOST_READINGS
    assert all("\u0621" <= char <= "\u064a" or char == " " for reading in readings for char in reading)


@given(st.text("abcdefghijklmnopqrstuvwxyz ", max_size=40))
def test_fewer_readings_are_the_first_of_more(name: str) -> None:
    assert arabic_readings(name, most=1) == arabic_readings(name)[:1]


@pytest.mark.parametrize("build", VARIANTS.values(), ids=VARIANTS)
def test_a_person_whom_the_catalogue_knows_by_a_latin_name_alone_is_found_in_arabic(build) -> None:
    view = build([entity("Q77", "person", "Gerald Stromberg", prior=0.6)])
    links = link(view, "قال الرئيس التنفيذي جيرالد سترومبرغ إن الشركة ستتوسع.")
    assert ("جيرالد سترومبرغ", "Q77") in linked(links)


def test_most_people_of_the_catalogues_are_found_by_their_latin_name(shared_dir: Path) -> None:
    """On names of people that a catalogue has in English and in Arabic, none of which was looked at one by one."""
    pairs = set()
    for path in (shared_dir / "data" / "linking" / "catalogs").glob("*.jsonl.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                labels = json.loads(line)["labels"] if '"person"' in line and '"ar"' in line else {}
                if "en" in labels and "ar" in labels:
                    pairs.add((labels["en"], variant_key(fold_text(labels["ar"]), "ar")))
    pairs = {(english, arabic) for english, arabic in pairs if arabic is not None}
    found = sum(arabic in _keys(english) for english, arabic in pairs)
    assert len(pairs) > 200
    assert found / len(pairs) > 0.55
