"""Laying out a trie: its limits, and its steps; that all forms are found in it is tested with the matcher."""

from __future__ import annotations

import pytest

from streams.errors import SnapshotError
from streams.linking.trie_build import TrieBuilder

_FORMS = [f"{number:05b}x" for number in range(32)]


def _built(forms: list[str], nodes: int = 1_000, **limits: int) -> tuple[bytes, bytes, bytes]:
    builder = TrieBuilder(forms, range(len(forms)), **limits)
    while builder.build(nodes):
        pass
    return builder.parts()


def test_the_length_of_steps_changes_nothing() -> None:
    assert _built(_FORMS, 1) == _built(_FORMS, 7) == _built(_FORMS)


def test_it_is_done_in_steps() -> None:
    builder = TrieBuilder(_FORMS, range(32))
    # Two steps in which letters are counted, and one for each of the 31 nodes that forms part at.
    assert [builder.build(1) for _ in range(33)] == [True] * 32 + [False]


def test_nothing_makes_a_trie_without_forms() -> None:
    states, labels, tails = _built([])
    assert (len(states) // 8, labels, tails) == (64, b"", b"")


def test_more_states_than_there_may_be_are_refused() -> None:
    forms = [f"{number:010b}x" for number in range(1_024)]
    states, _, _ = _built(forms)
    needed = len(states) // 8
    assert _built(forms, most_states=needed)[0] == states
    with pytest.raises(SnapshotError, match=f"need more than {needed - 1:,} states"):
        _built(forms, most_states=needed - 1)


def test_it_never_grows_beyond_what_it_may_have() -> None:
    forms = [f"{number:012b}x" for number in range(4_096)]
    needed = len(_built(forms)[0]) // 8
    for most in range(needed - 600, needed + 1, 50):
        try:
            states, _, _ = _built(forms, most_states=most)
        except SnapshotError:
            continue
        assert len(states) // 8 <= most


def test_longer_tails_than_there_may_be_are_refused() -> None:
    forms = ["abcdef", "xbcdef", "ybcdef"]
    # Each has five letters, the byte behind them and a number of four bytes.
    assert len(_built(forms, most_tails=21)[2]) == 30
    with pytest.raises(SnapshotError, match="longer than 20 bytes together"):
        _built(forms, most_tails=20)
