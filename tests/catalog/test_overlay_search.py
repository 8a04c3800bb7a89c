"""Automata beside the snapshot: every form is found once, whatever the order in which forms came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from librt.vecs import vec
from mypy_extensions import i64

from streams.catalog import overlay_search
from streams.catalog.overlay_search import Search
from streams.linking.trie import END_BITS, FORM, Trie
from tests.catalog.strategies import patient

if TYPE_CHECKING:
    from collections.abc import Callable

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


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Make few forms many; what is returned are the forms of each automaton that is built."""
    built: list[int] = []
    part = overlay_search._part

    def noted(forms: list[int], text: Callable[[int], str]) -> Any:
        built.append(len(forms))
        return part(forms, text)

    for name, value in (("_SMALL", 8), ("_MOST", 128), ("_LARGE", 32), ("_part", noted)):
        monkeypatch.setattr(overlay_search, name, value)
    return built


@pytest.mark.parametrize("at_once", [1, 7, 50, 126, 300])
def test_many_forms_are_in_few_automata_and_each_is_found(small: list[int], at_once: int) -> None:
    search, texts = Search(), {}
    for start in range(0, 4_000, at_once):
        new = range(start, min(start + at_once, 4_000))
        texts |= {form: f"<{form}>" for form in new}
        search = search.with_forms(new, text=texts.__getitem__, is_used=texts.__contains__)
        # Those of up to 8, 32 and 128 forms.
        assert len(search.automata) <= overlay_search._FEW + 3
    tries = [Trie(automaton) for automaton in search.automata]
    for form, text in texts.items():
        found = [each & FORM for trie in tries for each in trie.follow(text, 0, ord("<"), vec[i64]())]
        assert found == [form]
    # Each form was laid into an automaton a few times.
    assert sum(small) < 4_000 * 30


def test_one_form_beside_many_is_no_work(small: list[int]) -> None:
    texts = {form: f"<{form}>" for form in range(4_100)}
    search = Search()
    for start in range(0, 4_000, 50):
        search = search.with_forms(range(start, start + 50), text=texts.__getitem__, is_used=texts.__contains__)
    small.clear()
    for form in range(4_000, 4_008):
        search = search.with_forms([form], text=texts.__getitem__, is_used=texts.__contains__)
    assert max(small) <= 128
    assert sum(small) <= 200
