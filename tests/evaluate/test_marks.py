from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.catalog.load import load_view
from streams.catalog.starter import starter_path
from streams.errors import InputError
from streams.evaluate.gold import GoldDocument, read_gold
from streams.evaluate.marks import compile_marks

_GOLD = Path(__file__).resolve().parents[1] / "gold"
_FILES = ("dev", "held-out", "held-out-b", "held-out-c", "held-out-d")
_EUROPEAN = frozenset("ar en de fr es it tr".split())
_LANGUAGES = {"held-out-b": _EUROPEAN}
_TRAPS = ("traps-dev", "traps-held-out")

_SOURCE = """\
# a en
= A [headline]

[[Apple|Q312|ambiguous,possessive]]'s [[gap|NIL|trap]] and an [[apple|Q89?]].
{U+200F}[[LG|Q1/Q2]] و[[قطر|Q846|clitic]]
# b ar
نص
"""


def test_the_notation() -> None:
    first, second = compile_marks(_SOURCE, "x")
    assert (first["id"], first["language"], first["title"]) == ("a", "en", "A [headline]")
    assert first["text"] == "Apple's gap and an apple.\n\u200fLG وقطر"
    assert [first["text"][mark["start"] : mark["end"]] for mark in first["gold"]] == [
        "Apple",
        "gap",
        "apple",
        "LG",
        "قطر",
    ]
    assert [mark["entity_id"] for mark in first["gold"]] == ["Q312", None, "Q89", "Q1", "Q846"]
    assert [mark["optional"] for mark in first["gold"]] == [False, False, True, False, False]
    assert first["gold"][0]["phenomena"] == ["ambiguous", "possessive"]
    assert first["gold"][3]["also_accepted"] == ["Q2"]
    assert second == {"id": "b", "language": "ar", "title": "", "text": "نص", "gold": []}


@pytest.mark.parametrize(
    ("source", "line"),
    [("text", 1), ("# a", 1), ("# a en\n[[x|Q1", 2), ("# a en\nok\n[[x]]", 3), ("# a en\n{U+20}", 2)],
)
def test_what_breaks_the_notation_is_named_with_its_line(source: str, line: int) -> None:
    with pytest.raises(InputError, match=rf"^f\.txt:{line}: "):
        compile_marks(source, "f.txt")


_WORDS = st.text(st.characters(blacklist_characters="[]|{}\n\r", blacklist_categories=["Cs", "Cc", "Zl", "Zp"]))


@given(parts=st.lists(st.tuples(_WORDS, _WORDS.filter(lambda word: word != "")), min_size=1, max_size=5))
def test_offsets_are_right_whatever_the_text(parts: list[tuple[str, str]]) -> None:
    line = "".join(f"{before}[[{surface}|Q1]]" for before, surface in parts)
    (document,) = compile_marks(f"# a en\nx{line}", "x")
    assert document["text"] == "x" + "".join(before + surface for before, surface in parts)
    assert [document["text"][mark["start"] : mark["end"]] for mark in document["gold"]] == [each for _, each in parts]


@pytest.mark.parametrize("name", [*_FILES, *_TRAPS])
def test_our_gold_is_what_its_source_says(name: str) -> None:
    made = compile_marks((_GOLD / f"{name}.txt").read_text(encoding="utf-8"), name)
    held = [json.loads(line) for line in (_GOLD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    assert held == made, f"run python -m streams.evaluate.marks tests/gold/{name}.txt"


@pytest.fixture(scope="module")
def ours() -> dict[str, list[GoldDocument]]:
    return {name: read_gold(_GOLD / f"{name}.jsonl") for name in (*_FILES, *_TRAPS)}


def test_our_gold_knows_only_entities_of_the_starter_catalogue(ours: dict[str, list[GoldDocument]]) -> None:
    view = load_view([starter_path()])
    ids = {
        entity_id
        for documents in ours.values()
        for document in documents
        for mark in document.mentions
        if mark.entity_id is not None
        for entity_id in (mark.entity_id, *mark.also_accepted)
    }
    assert len(ids) > 150
    assert sorted(entity_id for entity_id in ids if view.entity(entity_id) is None) == []


def test_our_gold_has_the_languages_and_phenomena_that_its_page_tells_of(ours: dict[str, list[GoldDocument]]) -> None:
    page = (_GOLD / "README.md").read_text(encoding="utf-8")
    told = {line.split("`")[1] for line in page.partition("## Phenomena")[2].splitlines() if line.startswith("| `")}
    for file in _FILES:
        documents = ours[file]
        assert {document.language for document in documents} == _LANGUAGES.get(file, _EUROPEAN | {"ja", "zh", "ko"})
        found = {name for document in documents for mark in document.mentions for name in mark.phenomena}
        assert found == told
    assert [f"| {len(documents)} |" in page for documents in ours.values()] == [True] * len(ours)


def test_a_word_of_the_traps_is_a_name_in_some_sentences_and_none_in_others(
    ours: dict[str, list[GoldDocument]],
) -> None:
    for name in _TRAPS:
        marks = [mark for document in ours[name] for mark in document.mentions]
        names = {mark.surface for mark in marks if mark.entity_id is not None}
        words = {mark.surface for mark in marks if "trap" in mark.phenomena}
        assert all(mark.entity_id is None for mark in marks if "trap" in mark.phenomena)
        assert len(names & words) * 2 > len(words)


def test_what_is_held_out_is_not_learnt_from(ours: dict[str, list[GoldDocument]]) -> None:
    texts = {name: {document.text for document in documents} for name, documents in ours.items()}
    learnt = texts["dev"] | texts["traps-dev"]
    assert all(learnt.isdisjoint(texts[name]) for name in texts if "held-out" in name)
    assert len(texts["held-out"]) < len(texts["dev"])
