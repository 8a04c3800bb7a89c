from __future__ import annotations

import pytest

from streams.errors import SettingsError
from streams.lag.patterns import Patterns

CHOICES = [
    # patterns, names that match, names that do not
    ((), ["a", "__x", "wasl-linker"], []),
    (("*",), ["a", "wasl-linker"], []),
    (("wasl-*",), ["wasl-", "wasl-a"], ["wasl", "x-wasl-a", "WASL-a"]),
    (("a", "b?"), ["a", "b1"], ["b", "ab", "b12"]),
    (("a, b?",), ["a", "b1"], ["b", "ab"]),
    (("!__*",), ["a", "_a"], ["__a"]),
    (("wasl-*,!*-test",), ["wasl-a"], ["wasl-test", "b"]),
    (("!*-test", "wasl-*"), ["wasl-a"], ["wasl-test", "b"]),
    (("[ab].c",), ["a.c"], ["[ab].c", "abc"]),
]


@pytest.mark.parametrize(("patterns", "chosen", "left_out"), CHOICES)
def test_which_names_are_chosen(patterns, chosen, left_out):
    found = Patterns.parse(patterns)
    assert [name for name in chosen if not found.matches(name)] == []
    assert [name for name in left_out if found.matches(name)] == []


@pytest.mark.parametrize("text", ["", " ", "!", "a,", ",", "a,!"])
def test_an_empty_part_is_refused(text):
    with pytest.raises(SettingsError, match="empty part"):
        Patterns.parse([text])
