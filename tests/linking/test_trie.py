"""Following a text through forms; that it finds all of them is tested with the matcher."""

from __future__ import annotations

import pytest
from librt.vecs import vec
from mypy_extensions import i64

from streams.catalog.matcher import build_automaton, load_automaton
from streams.catalog.view import Automaton
from streams.linking.trie import FORM, NOWHERE, Trie


def test_one_can_begin_with_a_letter_that_is_not_there() -> None:
    trie = Trie(load_automaton(build_automaton(["xb", "ab"])))
    assert [found & FORM for found in trie.follow("ab", 0, ord("x"), vec[i64]())] == [0]


def test_it_is_followed_step_by_step() -> None:
    trie = Trie(load_automaton(build_automaton(["ab", "abé", "b"])))
    place = trie.start()
    endings = []
    for letter in "abé":
        place = trie.step(place, ord(letter))
        endings.append(trie.ending(place))
    assert endings == [NOWHERE, 0, 1]
    assert trie.step(place, ord("a")) == trie.step(trie.start(), ord("x")) == NOWHERE


def test_a_form_is_found_by_itself() -> None:
    trie = Trie(load_automaton(build_automaton(["ab", "abc"])))
    assert [trie.form(text) for text in ("ab", "abc", "a", "abcd", "", "b")] == [0, 1, None, None, None, None]


def test_what_is_damaged_raises_and_reads_nothing_else() -> None:
    whole = load_automaton(build_automaton(["ab", "abc"]))
    trie = Trie(Automaton(whole.data[:64], whole.labels, whole.letters, whole.tails))
    with pytest.raises(IndexError):
        trie.form("abc")
