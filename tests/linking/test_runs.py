"""Runs of capitalised words are what a regular expression, easy to read and slow to search, says they are."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from streams.linking.runs import runs_in, split_run
from tests.linking.strategies import any_text

_CASED = [chr(code) for low, high in ((0x41, 0x590), (0x1E00, 0x2000)) for code in range(low, high)]
_UPPER = "".join(char for char in _CASED if char.isupper())
_LOWER = "".join(char for char in _CASED if char.islower())
# Scripts without capitals, whose letters are glued to names and are no part of them.
_GLUED = (
    r"\u0600-\u077f\u08a0-\u08ff\u0e01-\u0e3a\u0e40-\u0e45\u0e47-\u0e4e\u0e80-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff"
    r"\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U00031fff"
)
_WORD = rf"(?:[{_UPPER}]|\b(?:al|el|d|l|mc)[-'’](?=[{_UPPER}]))(?:(?![{_GLUED}])[\w'’&.-])*"
_JOIN = (
    r"(?:of(?:\sthe)?|de(?:\sla|l)?|del|der|den|di|da|do|dos|du|van(?:\sde[nr])?|von(?:\sde[nr])?|bin|ibn|al|el|y"
    r"|&|for|and)"
)
_RUN = re.compile(
    rf"(?<![{_UPPER}{_LOWER}0-9_]){_WORD}(?:[ \u00a0]{_WORD}|[ \u00a0]{_JOIN}[ \u00a0](?={_WORD}){_WORD})*"
)
_PIECES = st.sampled_from(
    ["Bank", "Arden", "Al-Assad", "McCoy", "É", "a", "of", "the", "de", "la", "l", "del", "van", "den", "der", "von",
     "bin", "y", "&", "and", "al-", "el’", "d'", "l'", "mc-", "B", " ", " ", " ", " ", "\u00a0", "\n", "-", "'", ".",
     ", ", "_", "9", "و", "天"]
)  # fmt: skip


@given(st.lists(_PIECES | any_text, max_size=12).map("".join))
@settings(deadline=None, max_examples=400)
@example("the Bank of the Arden, Omar de la Cruz del Toro van\nder Berg")
@example("xAl-Assad al-Assad وal-Assad iPhone 9Lives El d'Este")
@example("Bank\u10a0 of Arden\u10d0")
def test_runs_are_what_the_expression_finds(source: str) -> None:
    expected = [found.span() for found in _RUN.finditer(source) if ". " not in found[0]]
    found = [run for run in runs_in(source) if not any(low <= run[0] < high for low, high in _dotted(source))]
    assert found == expected


def _dotted(source: str) -> list[tuple[int, int]]:
    return [found.span() for found in _RUN.finditer(source) if ". " in found[0]]


def test_a_full_stop_parts_runs_unless_it_abbreviates() -> None:
    source = "Orla Fenwick. Quillon Labs of Sen. Bram Tosk"
    assert [source[low:high] for low, high in runs_in(source)] == ["Orla Fenwick.", "Quillon Labs of Sen. Bram Tosk"]


@given(any_text)
def test_words_of_a_run_are_parted_by_spaces(source: str) -> None:
    expected = [found.span() for found in re.finditer("[^ \u00a0]+", source)]
    assert split_run(source, 0, len(source)) == expected
