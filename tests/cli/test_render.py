from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.cli.render import FSI, PDI, Style, isolated, mark, printable, without_marks

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Found:
    start: int
    end: int
    type: str = "organization"
    entity_id: str | None = "Q182477"


# Letters of several scripts, what marks are made of, and what terminals and bidi would stumble over.
_ALPHABET = st.sampled_from(
    list("aZ é هإنفيديا אב 株式 ไทย [](→?)\n\t\r\x1b\x07\x9b\x7f\u202e\u202b\u2066\u2068\u2069\u200f\ud800")
)
_TEXTS = st.one_of(st.text(_ALPHABET, max_size=60), st.text(max_size=60))


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Found]]:
    text = draw(_TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=10, unique=True)))
    spans = zip(cuts[::2], cuts[1::2], strict=False)
    ids = st.sampled_from(["Q182477", "local:nvidia-vera-rubin", None])
    return text, [Found(start, end, entity_id=draw(ids)) for start, end in spans]


@given(marked_texts(), st.booleans())
def test_taking_the_marks_out_gives_the_text_back(case: tuple[str, list[Found]], colour: bool) -> None:
    text, mentions = case
    assert without_marks(mark(text, mentions, Style(colour=colour))) == printable(text)


@given(case=marked_texts())
def test_isolates_are_balanced_and_as_many_as_mentions(
    case: tuple[str, list[Found]], balanced: Callable[[str], bool]
) -> None:
    text, mentions = case
    marked = mark(text, mentions)
    assert balanced(marked)
    assert marked.count(FSI) == len(mentions)


@given(marked_texts())
def test_without_colour_nothing_reaches_the_terminal_that_it_would_obey(case: tuple[str, list[Found]]) -> None:
    text, mentions = case
    marked = mark(text, mentions)
    assert not any((ord(char) < 0x20 and char not in "\n\t") or 0x7F <= ord(char) < 0xA0 for char in marked)
    marked.encode("utf-8")


@given(_TEXTS)
def test_printable_changes_nothing_the_second_time(text: str) -> None:
    assert printable(printable(text)) == printable(text)


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs"])))
def test_printable_leaves_letters_alone(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "mentions", "expected"),
    [
        ("", [], ""),
        ("no name", [], "no name"),
        ("Nvidia rose", [Found(0, 6)], f"{FSI}[Nvidia → Q182477]{PDI} rose"),
        ("قالت إنفيديا", [Found(5, 12)], f"قالت {FSI}[إنفيديا → Q182477]{PDI}"),
        ("ab", [Found(0, 1), Found(1, 2, entity_id=None)], f"{FSI}[a → Q182477]{PDI}{FSI}[b → ?]{PDI}"),
        ("a\x1b[2Jb", [], "a\u241b[2Jb"),
        ("a\u202eb\u2069", [Found(0, 4)], f"{FSI}[ab → Q182477]{PDI}"),
    ],
    ids=["empty", "none", "latin", "arabic", "adjacent", "escape", "overrides"],
)
def test_mark(text: str, mentions: list[Found], expected: str) -> None:
    assert mark(text, mentions) == expected


def test_colour_tells_linked_from_unlinked() -> None:
    linked = mark("a", [Found(0, 1)], Style(colour=True))
    unlinked = mark("a", [Found(0, 1, entity_id=None)], Style(colour=True))
    assert "\x1b[0;1;33m" in linked
    assert "\x1b[0;2;33m" in unlinked
    assert linked.endswith(f"\x1b[0m{PDI}")


@pytest.mark.parametrize(("text", "expected"), [("Q42", "Q42"), ("إنفيديا", f"{FSI}إنفيديا{PDI}"), ("", "")])
def test_isolated(text: str, expected: str) -> None:
    assert isolated(text) == expected
