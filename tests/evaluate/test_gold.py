from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from streams.errors import InputError
from streams.evaluate.gold import read_gold
from tests.evaluate.strategies import gold

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_MARK = {"start": 0, "end": 3, "surface": "آبل", "entity_id": "Q312", "named": True, "optional": False, "coref": False}


def document(**changes: Any) -> dict[str, Any]:
    return {"id": "a", "language": "ar", "title": "عنوان", "text": "آبل تربح", "gold": [_MARK], **changes}


def marked(**changes: Any) -> dict[str, Any]:
    return document(gold=[{**_MARK, **changes}])


def test_every_field_is_read(write_jsonl: Callable[..., Path]) -> None:
    (read,) = read_gold(
        write_jsonl("g.jsonl", document(evaluation_span=[0, 5], gold=[{**_MARK, "phenomena": ["nil", "clitic"]}]))
    )
    assert (read.id, read.language, read.title, read.text, read.evaluated) == ("a", "ar", "عنوان", "آبل تربح", (0, 5))
    (mark,) = read.mentions
    assert (mark.span, mark.surface, mark.entity_id, mark.phenomena) == ((0, 3), "آبل", "Q312", ("nil", "clitic"))
    assert (read.article.title, read.article.body, read.article.language) == ("عنوان", "آبل تربح", "ar")
    assert read.covers(0, 5)
    assert not read.covers(0, 6)


def test_what_may_be_left_out(write_jsonl: Callable[..., Path]) -> None:
    (read,) = read_gold(
        write_jsonl(
            "g.jsonl",
            {"id": "a", "text": "xy", "gold": [{"start": 0, "end": 1, "surface": "x", "entity_id": None}]},
        )
    )
    assert (read.language, read.title, read.evaluated) == (None, "", (0, 2))
    assert (read.mentions[0].named, read.mentions[0].is_scored, read.mentions[0].accepts("Q1")) == (True, True, False)


def test_a_file_may_be_gzipped_and_hold_blank_lines(tmp_path: Path) -> None:
    path = tmp_path / "g.jsonl.gz"
    path.write_bytes(gzip.compress(b"\n" + json.dumps(document()).encode() + b"\n\n"))
    assert [each.id for each in read_gold(path)] == ["a"]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (marked(surface="آپل"), "text[0:3]"),
        (marked(end=99), "99"),
        (marked(end=0), "1 to"),
        (marked(named="yes"), "true or false"),
        (marked(entity_id=""), "0 characters"),
        (document(gold=[{key: value for key, value in _MARK.items() if key != "entity_id"}]), "no entity_id"),
        (document(evaluation_span=[5, 1]), "the smaller one first"),
        (document(evaluation_span=[1]), "two offsets"),
        (document(language="arabic language"), "BCP 47"),
        ({"id": "a", "text": "x"}, "no gold"),
    ],
)
def test_a_broken_rule_is_named_with_its_line(
    write_jsonl: Callable[..., Path], bad: dict[str, Any], message: str
) -> None:
    path = write_jsonl("g.jsonl", document(id="first"), bad)
    with pytest.raises(InputError) as caught:
        read_gold(path)
    assert caught.value.message.startswith(f"{path}:2: ")
    assert message in caught.value.message


def test_an_id_may_not_come_twice(write_jsonl: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match="twice"):
        read_gold(write_jsonl("g.jsonl", document(), document()))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_gold(tmp_path / "none.jsonl")


@given(value=gold())
def test_marks_give_their_surface(tmp_path_factory: pytest.TempPathFactory, value: dict[str, Any]) -> None:
    path = tmp_path_factory.getbasetemp() / "any-gold.jsonl"
    path.write_text(json.dumps(value))
    (read,) = read_gold(path)
    assert all(read.text[mark.start : mark.end] == mark.surface for mark in read.mentions)
    assert len(read.mentions) == len(value["gold"])
