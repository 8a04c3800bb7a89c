"""Lines to candidates."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from streams.catalog.sources.wikidata.block import BlockResult, parse_block
from streams.catalog.sources.wikidata.options import ImportOptions
from tests.catalog.sources.wikidata.items import FIRST, dump_of, item, qid, to_item

if TYPE_CHECKING:
    from collections.abc import Sequence

_ANY = ImportOptions(min_sitelinks=0)
_LEADS = (
    b'{"type":"item","id":"Q5","labels":{"en":{"value":"x"}},"claims":{"%b":[{"mainsnak":{"snaktype":"value",'
    b'"datavalue":{"value":{"entity-type":"item",%b}}}}]},"sitelinks":{"xwiki":{"site":"xwiki"}}}'
)


def _candidates(result: BlockResult) -> list[dict[str, Any]]:
    if result.candidates == b"":
        return []
    return [
        orjson.loads(line) for line in zstandard.decompress(result.candidates, max_output_size=1 << 24).splitlines()
    ]


def _broken(result: BlockResult) -> list[tuple[int, str]]:
    found = [orjson.loads(line) for line in result.broken.splitlines()]
    return [(line["line"], line["reason"]) for line in found]


def test_brackets_commas_and_blank_lines_are_no_lines() -> None:
    one, two = orjson.dumps(item(1)), orjson.dumps(item(2))
    for data in (
        dump_of(one, two),
        one + b"\n" + two,
        b"\xef\xbb\xbf[\r\n" + one + b",\r\n\r\n" + two + b" ,\r\n]\r\n",
        b"[\n" + one + b", \n" + two + b"\n],\n",
    ):
        result = parse_block(data, 1, _ANY)
        assert [each["e"]["id"] for each in _candidates(result)] == [qid(1), qid(2)]
        assert result.counts == {"lines": 2, "items": 2, "candidates": 2}
        assert list(array("Q", result.ids)) == [FIRST + 1, FIRST + 2]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"type":"item","id":"Q5","labels":{}', "not valid JSON"),
        (b"{}", "there is no 'type'"),
        (b"5", "not of the dump's form"),
        (b'"Q5"', "not of the dump's form"),
        (b'{"type":"item","id":"P5","labels":{},"claims":{}}', "which is no item's"),
        (b'{"type":"item","id":"Q5"}', "there is no 'claims'"),
        (
            b'{"type":"item","id":"Q5","labels":{"en":"x"},"claims":{},"sitelinks":{"xwiki":{"site":"xwiki"}}}',
            "not of the dump's form",
        ),
        (
            b'{"type":"item","id":"Q5","labels":{"en":{"value":7}},"claims":{},"sitelinks":{"xwiki":{"site":"xwiki"}}}',
            "not of the dump's form",
        ),
        (
            b'{"type":"item","id":"Q5","labels":{},"claims":{"P31":[{"rank":"normal"}]},"sitelinks":{"xwiki":{"site":"xwiki"}}}',
            "there is no 'mainsnak'",
        ),
        (b'{"type":"item","id":"Q5","claims":{},"sitelinks":{}', "not valid JSON"),
        (b'garbage "id":"Q5" "sitelinks":{}}', "not valid JSON"),
        (b'{"type":"item","id":"Q5","claims":{},"sitelinks":5}', "has no len()"),
        (
            b'{"type":"item","id":"Q5","labels":{"en":{"value":"x"}},"claims":{},"sitelinks":{"x":{}},"lastrevid":"7"}',
            "its revision is '7', which is no whole number",
        ),
        *(
            (_LEADS % (name, number), "and ids have at most 12 digits")
            for name in (b"P279", b"P31", b"P17")
            for number in (
                b'"numeric-id":9223372036854775808',
                b'"id":"Q18446744073709551616"',
                b'"id":"Q1000000000000"',
            )
        ),
        (b"\xff\xfe\x00", "not valid JSON"),
        (b"<html>503</html>", "not valid JSON"),
    ],
)
@pytest.mark.parametrize("fewest", [0, 1])
def test_a_broken_line_is_listed_with_its_number_and_reason(line: bytes, reason: str, fewest: int) -> None:
    result = parse_block(dump_of(item(1), line, item(2)), 100, ImportOptions(min_sitelinks=fewest))
    [(number, said)] = _broken(result)
    assert number == 102
    assert reason in said
    assert result.counts["broken"] == 1
    assert len(_candidates(result)) == 2


def test_edit_streams_have_other_fields_before_the_id() -> None:
    edit = {"pageid": 7, "ns": 0, "title": qid(1), "lastrevid": 42, "modified": "2019-04-02T21:08:58Z", **item(1)}
    for fewest in (0, 1, 9):
        result = parse_block(orjson.dumps(edit), 1, ImportOptions(min_sitelinks=fewest))
        assert [each["r"] for each in _candidates(result)] == ([42] if fewest < 9 else [])
        assert result.counts["few_sitelinks"] == (1 if fewest == 9 else 0)


def test_what_is_no_item_is_counted() -> None:
    others = [
        b'{"type":"property","datatype":"string","id":"P1","labels":{},"claims":{}}',
        b'{"type":"lexeme","id":"L1","lemmas":{}}',
        b'{"id":"M1","type":"mediainfo","labels":{}}',
    ]
    result = parse_block(dump_of(*others), 1, _ANY)
    assert result.counts == {"lines": 3, "not_an_item": 3}


def test_redirects_are_gathered() -> None:
    result = parse_block(dump_of(b'{"entity":"Q1","redirect":"Q2"}', b'{"id":"Q3","redirect":"Q4"}'), 1, _ANY)
    assert [orjson.loads(line) for line in result.redirects.splitlines()] == [
        {"id": "Q1", "redirect": "Q2"},
        {"id": "Q3", "redirect": "Q4"},
    ]
    assert result.counts["redirects"] == 2


def test_what_is_left_out_is_counted_by_reason_and_still_says_its_classes() -> None:
    hidden = item(3, {"en": "Zarquon (disambiguation)"}, to_item("P31", "Q4167410"))
    unknown_class = item(4, None, to_item("P279", "Q5"), sitelinks=0)
    result = parse_block(
        dump_of(item(1, sitelinks=0), item(2, {"fi": "Laiva"}), hidden, unknown_class), 1, ImportOptions()
    )
    assert result.counts == {
        "lines": 4,
        "items": 4,
        "few_sitelinks": 2,
        "no_name_in_the_languages": 1,
        "page_about_pages": 1,
    }
    assert list(array("Q", result.edges)) == [FIRST + 4, 5]
    assert _candidates(result) == []


def test_listed_items_are_kept_whatever_they_are() -> None:
    options = ImportOptions(min_sitelinks=50, ids=frozenset({FIRST + 1, FIRST + 3}))
    hidden = item(3, None, to_item("P31", "Q4167410"))
    result = parse_block(dump_of(item(1, sitelinks=0), item(2, sitelinks=0), hidden), 1, options)
    assert [each["e"]["id"] for each in _candidates(result)] == [qid(1), qid(3)]


_ITEMS = st.builds(
    lambda number, sitelinks, is_class, label: item(
        number, {"en": label}, *([to_item("P279", "Q5")] if is_class else []), sitelinks=sitelinks
    ),
    st.integers(1, 50),
    st.integers(0, 6),
    st.booleans(),
    st.text(min_size=1, max_size=12),
)


@given(st.lists(_ITEMS, max_size=6), st.integers(1, 4), st.sets(st.integers(1, 50), max_size=4))
def test_the_short_way_out_changes_nothing(items: Sequence[dict[str, Any]], fewest: int, listed: set[int]) -> None:
    """Lines that are told by their last part alone are those that reading them whole would leave out."""
    options = ImportOptions(min_sitelinks=fewest, ids=frozenset(FIRST + number for number in listed))
    short = parse_block(dump_of(*items), 1, options)
    # Without the key that the short way looks for, every line is read whole.
    whole = parse_block(dump_of(*items).replace(b'"sitelinks":', b'"sitelinks" :'), 1, options)
    assert (short.candidates, short.ids, short.edges, short.broken) == (
        whole.candidates,
        whole.ids,
        whole.edges,
        whole.broken,
    )
    assert short.counts == whole.counts
