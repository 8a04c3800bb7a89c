"""Automata beside the snapshot: every form is found once, whatever the order in which forms came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from librt.vecs import vec
from mypy_extensions import i64

from streams.catalog import overlay_search
from streams.catalog.overlay_search import Search
from streams.linking.trie import END_BITS, FORM, Trie
from tests.catalog.strategies import patient

if TYPE_CHECKING:
    import pytest

_TEXT = "".join(f"<{number}>" for number in range(600))


def _grown(batches: list[list[int]], used: set[int]) -> Search:
    search = Search()
    for batch in batches:
        search = search.with_forms(batch, text=lambda form: f"<{form}>", is_used=used.__contains__)
    return search


def _found(search: Search) -> list[tuple[int, int, int]]:
    return [
        (start, found >> END_BITS, found & FORM)
        for trie in map(Trie, search.automata)
        for start in range(len(_TEXT))
        for found in trie.follow(_TEXT, start, ord(_TEXT[start]), vec[i64]())
    ]


@given(st.lists(st.lists(st.integers(0, 599), unique=True, max_size=300), max_size=6))
@patient
def test_each_form_is_found_once(batches: list[list[int]]) -> None:
    every = {form for batch in batches for form in batch}
    found = sorted((form, _TEXT[start:end]) for start, end, form in _found(_grown(batches, every)))
    assert found == [(form, f"<{form}>") for form in sorted(every)]


def test_what_nobody_uses_any_more_is_left_out_when_automata_are_laid_together() -> None:
    search = _grown([[1, 2], [3]], {2, 3})
    assert sorted(form for *_, form in _found(search)) == [2, 3]


def test_a_form_that_was_left_out_is_found_when_it_is_used_again() -> None:
    search = _grown([[1], [2], [1]], {2})
    assert sorted(form for *_, form in _found(search)) == [1, 2]


def test_nothing_new_leaves_it_as_it_is() -> None:
    search = _grown([[1, 2]], {1, 2})
    assert search.with_forms([2], text=str, is_used=lambda _: True) is search


def test_many_forms_are_in_few_automata_and_each_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlay_search, "_MOST", 100)
    search, texts = Search(), {}
    for start in range(0, 4_000, 50):
        texts |= {form: f"<{form}>" for form in range(start, start + 50)}
        search = search.with_forms(range(start, start + 50), text=texts.__getitem__, is_used=texts.__contains__)
    # With automata of at most 100 forms there would be 40.
    assert len(search.automata) <= overlay_search._FEW
    tries = [Trie(automaton) for automaton in search.automata]
    for form, text in texts.items():
        found = [each & FORM for trie in tries for each in trie.follow(text, 0, ord("<"), vec[i64]())]
        assert found == [form]
