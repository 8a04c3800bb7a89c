"""The automaton: whatever the forms, all of them are found wherever they stand, and nothing else."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from librt.vecs import vec
from mypy_extensions import i64

from streams.catalog.matcher import build_automaton, load_automaton
from streams.errors import SnapshotError
from streams.linking.trie import END_BITS, FORM, NOWHERE, Trie

_LETTERS = st.sampled_from("abb بת日本😀𐀀\x00~\u07ff\u0800\ud800\uffff")
_Found = list[tuple[int, int, int]]


def _followed(data: bytes, text: str) -> _Found:
    trie = Trie(load_automaton(data))
    return sorted(
        (start, found >> END_BITS, found & FORM)
        for start in range(len(text))
        for found in trie.follow(text, start, ord(text[start]), vec[i64]())
    )


def _stepped(data: bytes, text: str) -> _Found:
    """Return the same, a letter at a time."""
    trie, found = Trie(load_automaton(data)), []
    for start in range(len(text)):
        place = trie.start()
        for at in range(start, len(text)):
            place = trie.step(place, ord(text[at]))
            if place == NOWHERE:
                break
            form = trie.ending(place)
            if form != NOWHERE:
                found.append((start, at + 1, form))
    return found


@pytest.mark.parametrize(
    ("name", "forms", "text", "expected"),
    [
        ("offsets are code points", ["بc", "日本", "😀x"], "😀x بc 日本", [(0, 2, 2), (3, 5, 0), (6, 8, 1)]),
        ("matches overlap", ["ab", "b", "abc"], "abc", [(0, 2, 0), (0, 3, 2), (1, 2, 1)]),
        ("a form ends in another", ["abc", "bc", "c"], "abcd", [(0, 3, 0), (1, 3, 1), (2, 3, 2)]),
        ("a letter that no form has", ["ab"], "a😀ab", [(2, 4, 0)]),
        ("a text ends within the rest of a form", ["abcdef", "b"], "abcd", [(1, 2, 1)]),
        ("the rest of a form is another", ["aéx", "ab"], "aéz aéx", [(4, 7, 0)]),
        ("nothing to find", [], "abc", []),
        ("nothing to search", ["ab"], "", []),
    ],
)
def test_matches(name: str, forms: list[str], text: str, expected: _Found) -> None:
    assert _followed(build_automaton(forms), text) == expected, name


@given(st.lists(st.text(_LETTERS, min_size=1, max_size=5), max_size=40, unique=True), st.text(_LETTERS, max_size=40))
def test_every_form_is_found_wherever_it_stands(forms: list[str], text: str) -> None:
    data = build_automaton(forms)
    expected = sorted(
        (start, start + len(form), number)
        for number, form in enumerate(forms)
        for start in range(len(text))
        if text.startswith(form, start)
    )
    assert _followed(data, text) == sorted(_stepped(data, text)) == expected


@given(st.sets(st.text("abcdefgh", min_size=1, max_size=8), min_size=200, max_size=400))
def test_each_of_many_forms_has_its_number(forms: set[str]) -> None:
    listed = sorted(forms)
    trie = Trie(load_automaton(build_automaton(listed)))
    assert [trie.form(form) for form in listed] == list(range(len(listed)))


def test_who_has_very_many_letters_after_one_letter_finds_them_all() -> None:
    forms = [f"a{chr(code)}" for code in range(0x4E00, 0x5E00)]
    trie = Trie(load_automaton(build_automaton(forms)))
    assert [trie.form(form) for form in forms] == list(range(len(forms)))


def test_forms_have_the_numbers_that_they_are_given() -> None:
    data = build_automaton(["ab", "b", "a"], numbers=[7, 1 << 31, (1 << 32) - 1])
    assert _followed(data, "ab") == [(0, 1, (1 << 32) - 1), (0, 2, 7), (1, 2, 1 << 31)]


def test_the_order_of_forms_changes_numbers_and_nothing_else() -> None:
    forms = [f"{number:b}" for number in range(500)]
    assert build_automaton(forms[::-1], numbers=range(499, -1, -1)) == build_automaton(forms)


_WHOLE = build_automaton(["ab", "abc", "xyzé", "xb"])
_END = 16
_NONE_AT_ALL = bytes(12) + b"trie"


@pytest.mark.parametrize(
    "data", [b"", b"rubbish", bytes(100), _WHOLE[:200], _WHOLE[:-1], _WHOLE[8:], _WHOLE + b"\0", _NONE_AT_ALL]
)
def test_what_is_no_automaton_is_refused(data: bytes) -> None:
    with pytest.raises(SnapshotError, match="automaton cannot be loaded"):
        load_automaton(data)


def test_a_damaged_one_is_followed_to_an_end_whatever_it_says() -> None:
    places = [at for at in range(len(_WHOLE) - _END) if _WHOLE[at] not in (0, 0xFF)]
    assert len(places) > 20
    for at in places:
        for value in (0, 1, 0x40, 0x7F, 0x80, 0xC0, 0xFF):
            _follow_all(Trie(load_automaton(_WHOLE[:at] + bytes([value]) + _WHOLE[at + 1 :])), "abcxyzébab")


def _follow_all(trie: Trie, text: str) -> None:
    for start in range(len(text)):
        with suppress(IndexError, ValueError):
            trie.follow(text, start, ord(text[start]), vec[i64]())
        with suppress(IndexError, ValueError):
            place = trie.start()
            for letter in text[start:]:
                place = trie.step(place, ord(letter))
                if place == NOWHERE:
                    break
                trie.ending(place)
