from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.linking import chars
from streams.linking.chars import flags_of


@given(st.characters())
def test_flags_say_what_python_says(char: str) -> None:
    flags = flags_of(ord(char))
    assert (flags & chars.ALNUM != 0) is char.isalnum()
    assert flags & chars.CLASS in {chars.NONE, chars.SIGN} or char.isalnum()
    if flags & chars.CASELESS != 0:
        assert char == char.lower() == char.upper()
    if flags & chars.CAPITAL != 0:
        assert char.isupper()
    if flags & chars.SMALL != 0:
        assert char.islower()


@pytest.mark.parametrize(
    ("char", "kind"),
    [("a", chars.ALPHABET), ("ا", chars.ARABIC), ("한", chars.HANGUL), ("ア", chars.KATAKANA), ("天", chars.SPACELESS),
     ("\u0e34", chars.SIGN), ("٠", chars.ARABIC), ("-", chars.NONE), ("\U0010ffff", chars.NONE)],
)  # fmt: skip
def test_classes(char: str, kind: int) -> None:
    assert flags_of(ord(char)) & chars.CLASS == kind


def test_clitics_are_glued_to_arabic_letters_alone() -> None:
    assert flags_of(ord("ب")) & chars.ARABIC_LETTER != 0
    assert all(flags_of(ord(char)) & chars.ARABIC_LETTER == 0 for char in "گa٣ـ،")
