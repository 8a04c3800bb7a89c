"""Links that touch no proper noun are counted on a treebank."""

from __future__ import annotations

import runpy
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from streams.errors import InputError
from streams.evaluate.treebank import Sentence, Tally, read_sentences, tallied
from streams.events.entity import encode_entity
from tests.linking.world import compiled, entity

if TYPE_CHECKING:
    from pathlib import Path


def _line(number: str, form: str, part: str) -> str:
    return "\t".join((number, form, "_", part, *"______"))


# مررت بلندن: the second word is two, of which the second is a name.
_TEXT = "\n".join(
    (
        "# sent_id = 1",
        "# text = مررت بلندن الآن",
        _line("1", "مررت", "VERB"),
        _line("2-3", "بلندن", "_"),
        _line("2", "ب", "ADP"),
        _line("3", "لندن", "PROPN"),
        _line("3.1", "_", "NOUN"),
        _line("4", "الآن", "ADV"),
        "",
        "# text = London calls Arden",
        _line("1", "London", "PROPN"),
        _line("2", "calls", "VERB"),
        _line("3", "Arden", "NOUN"),
    )
)
_ENTITIES = [entity("Q84", "place", "London", "لندن"), entity("Q1", "place", "Arden")]


@pytest.fixture
def treebank(tmp_path: Path) -> Path:
    path = tmp_path / "some.conllu"
    path.write_text(_TEXT + "\n\n", encoding="utf-8")
    return path


def test_words_stand_where_they_are_written(treebank: Path) -> None:
    assert list(read_sentences(treebank)) == [
        Sentence("مررت بلندن الآن", ((5, 10),)),
        Sentence("London calls Arden", ((0, 6),)),
    ]


def test_what_touches_no_proper_noun_is_counted(treebank: Path) -> None:
    links, names = tallied(read_sentences(treebank), compiled(_ENTITIES))
    assert links == Tally(3, Counter({("Arden", "Q1"): 1}))
    assert names == Tally(0, Counter())


def test_so_are_unlinked_names(tmp_path: Path) -> None:
    path = tmp_path / "names.conllu"
    words = (("They", "PRON"), ("saw", "VERB"), ("Fenwick", "PROPN"), ("on", "ADP"), ("Motion", "NOUN"))
    lines = [_line(str(number), *word) for number, word in enumerate(words, 1)]
    path.write_text("\n".join(["# text = They saw Fenwick on Motion", *lines, ""]), encoding="utf-8")
    _, names = tallied(read_sentences(path), compiled([]))
    assert names == Tally(2, Counter({("Motion", None): 1}))


def test_it_is_a_command(
    treebank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog = tmp_path / "catalog.jsonl"
    catalog.write_bytes(b"".join(encode_entity(one) + b"\n" for one in _ENTITIES))
    monkeypatch.setattr(sys, "argv", ["treebank", str(treebank), "--catalog", str(catalog)])
    monkeypatch.delitem(sys.modules, "streams.evaluate.treebank")
    runpy.run_module("streams.evaluate.treebank", run_name="__main__")
    assert capsys.readouterr().out == (
        "some.conllu: 3 links, 1 of them on no proper noun (0.333)\n  1 × Arden → Q1\n"
        "some.conllu: 0 unlinked names, 0 of them on no proper noun (0.000)\n"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"1\tA\n", "sentence 1: there is no line '# text ='"),
        (b"# text = A\n1\tA\n", "sentence 1: a line has 2 columns, not 10"),
        ("# text = A\n{}".format(_line("1", "B", "NOUN")).encode(), "'B' does not stand in the text"),
        (b"\xff", "cannot be read"),
    ],
)
def test_what_is_no_treebank_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "bad.conllu"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        list(read_sentences(path))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        list(read_sentences(tmp_path / "none.conllu"))
