"""Reading what is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streams.catalog.sources.wikidata.options import (
    ImportOptions,
    item_number,
    parse_languages,
    parse_types,
    read_ids,
)
from streams.errors import InputError
from streams.events.types import ENTITY_TYPES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "number"),
    [("Q31", 31), ("Q999999999999", 999_999_999_999), ("Q1000000000000", None), ("Q0", None), ("Q031", None)]
    + [(text, None) for text in ("", "Q", "P31", "31", "q31", "Q3.1", "Q٣١", "Q31 ", "local:x")],
)
def test_ids_of_items(text: str, number: int | None) -> None:
    assert item_number(text) == number


def test_types_and_trees() -> None:
    assert parse_types("person, place") == ({"person", "place"}, frozenset())
    assert parse_types("all") == (set(ENTITY_TYPES), frozenset())
    assert parse_types("Q6256,Q515") == (set(ENTITY_TYPES), {6256, 515})
    assert parse_types("place,Q6256") == ({"place"}, {6256})
    with pytest.raises(InputError, match="'people', which is neither a type nor a class"):
        parse_types("person,people")


def test_languages() -> None:
    assert parse_languages(" ar,en ,,ar") == ("ar", "en")
    assert parse_languages("zh-Hant,EN,en") == ("zh-hant", "en")
    for text in ("", ",", "ar,e_n"):
        with pytest.raises(InputError):
            parse_languages(text)


def test_a_list_of_ids_may_have_remarks(tmp_path: Path) -> None:
    path = tmp_path / "ids.txt"
    path.write_text("# ours\nQ31\nQ5 human\n\nQ7,seven\nQ31 # again\n", encoding="utf-8")
    assert read_ids(path) == {31, 5, 7}
    path.write_text("\ufeffQ31\r\nQ5\r\n", encoding="utf-8")
    assert read_ids(path) == {31, 5}
    path.write_text("Q31\nzarquon\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"ids\.txt:2: 'zarquon' is no id"):
        read_ids(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_ids(tmp_path / "none.txt")


def test_every_option_makes_other_work() -> None:
    options = [
        ImportOptions(),
        ImportOptions(languages=("ar", "en")),
        ImportOptions(min_sitelinks=2),
        ImportOptions(types=frozenset({"person"})),
        ImportOptions(roots=frozenset({5})),
        ImportOptions(ids=frozenset({5})),
    ]
    assert len({each.digest() for each in options}) == len(options)
    assert ImportOptions().digest() == ImportOptions().digest()
