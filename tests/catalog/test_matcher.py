"""The automaton: what linking reads in its bytes is what the library that built it finds."""

from __future__ import annotations

import pytest
from daachorse import CharwiseDoubleArrayAhoCorasick
from hypothesis import given
from hypothesis import strategies as st
from librt.vecs import vec
from mypy_extensions import i64

from streams.catalog.matcher import build_automaton, load_automaton
from streams.errors import SnapshotError
from streams.linking.trie import END_BITS, FORM, Trie

_LETTERS = st.sampled_from("abb بت日本😀𐀀\x00~\u07ff\u0800\uffff")


def _followed(data: bytes, text: str, numbers: list[int] | range = range(0)) -> list[tuple[int, int, int]]:
    trie = Trie(load_automaton(data, numbers=numbers))
    return sorted(
        (start, found >> END_BITS, found & FORM)
        for start in range(len(text))
        for found in trie.follow(text, start, ord(text[start]), vec[i64]())
    )


@pytest.mark.parametrize(
    ("name", "forms", "text", "expected"),
    [
        ("offsets are code points", ["بc", "日本", "😀x"], "😀x بc 日本", [(0, 2, 2), (3, 5, 0), (6, 8, 1)]),
        ("matches overlap", ["ab", "b", "abc"], "abc", [(0, 2, 0), (0, 3, 2), (1, 2, 1)]),
        ("a form ends in another", ["abc", "bc", "c"], "abcd", [(0, 3, 0), (1, 3, 1), (2, 3, 2)]),
        ("a letter that no form has", ["ab"], "a😀ab", [(2, 4, 0)]),
        ("nothing to find", [], "abc", []),
        ("nothing to search", ["ab"], "", []),
    ],
)
def test_matches(name: str, forms: list[str], text: str, expected: list[tuple[int, int, int]]) -> None:
    assert _followed(build_automaton(forms), text) == expected, name


@given(st.sets(st.text(_LETTERS, min_size=1, max_size=5), max_size=12), st.text(_LETTERS, max_size=40))
def test_following_finds_what_the_library_finds(forms: set[str], text: str) -> None:
    data = build_automaton(sorted(forms))
    theirs = CharwiseDoubleArrayAhoCorasick.deserialize(data[-4:] + data[:-4])
    assert _followed(data, text) == sorted(theirs.find_overlapping(text))


def test_forms_have_the_numbers_that_they_are_given() -> None:
    assert _followed(build_automaton(["a", "b"]), "ab", [7, 1 << 31]) == [(0, 1, 7), (1, 2, 1 << 31)]


@pytest.mark.parametrize("data", [b"", b"rubbish", bytes(100), build_automaton(["ab"])[:200], b"\xff" * 80])
def test_what_is_no_automaton_is_refused(data: bytes) -> None:
    with pytest.raises(SnapshotError, match="automaton cannot be loaded"):
        load_automaton(data)
