"""The automaton, and the offsets that it reports."""

from __future__ import annotations

import pytest

from streams.catalog.matcher import build_matcher, load_matcher
from streams.errors import SnapshotError


@pytest.mark.parametrize(
    ("name", "forms", "text", "expected"),
    [
        ("offsets are code points", ["بc", "日本", "😀x"], "😀x بc 日本", [(0, 2, 2), (3, 5, 0), (6, 8, 1)]),
        ("matches overlap", ["ab", "b", "abc"], "abc", [(0, 2, 0), (0, 3, 2), (1, 2, 1)]),
        ("nothing to find", [], "abc", []),
        ("nothing to search", ["ab"], "", []),
    ],
)
def test_matches(name: str, forms: list[str], text: str, expected: list[tuple[int, int, int]]) -> None:
    matcher = build_matcher(forms)
    assert sorted(matcher.find_overlapping(text)) == expected, name
    assert sorted(load_matcher(matcher.serialize()).find_overlapping(text)) == expected, name


@pytest.mark.parametrize("data", [b"", b"rubbish"])
def test_what_is_no_automaton_is_refused(data: bytes) -> None:
    with pytest.raises(SnapshotError, match="automaton cannot be loaded"):
        load_matcher(data)
