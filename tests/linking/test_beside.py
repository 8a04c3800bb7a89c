from __future__ import annotations

import pytest

from streams.linking.beside import beside, legal_after, near_words, titled
from streams.linking.fold import fold_text
from streams.linking.tag import Span, make_span
from streams.linking.text import Text

_KINDS = ("noun", "function", "capital", "the", "place", "of", "name")


def _span(text: str, name: str = "Arden") -> Span:
    prepared = Text("body", text, "en")
    low = prepared.folded.text.index(fold_text(name))
    span = make_span(prepared, low, low + len(fold_text(name)), "en")
    assert span is not None
    return span


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Arden", ""),
        ("so, Arden, so", ""),
        ("said Arden fans", "noun"),
        ("said Arden is", "function"),
        ("said Arden Hills", "capital"),
        ("past the Arden", "the"),
        ("live in Arden", "place"),
        ("mayor of Arden", "of"),
        ("New Arden", "name"),
        ("in Arden and", "function place"),
        ("Arden 3", ""),
    ],
)
def test_the_words_beside(text: str, kinds: str) -> None:
    told = {kind for kind, value in zip(_KINDS, beside(_span(text)), strict=True) if value == 1.0}
    assert told == set(kinds.split())


@pytest.mark.parametrize(("text", "told"), [("Arden Inc. grew", True), ("Arden, Inc.", True), ("Arden grew", False)])
def test_a_legal_form_after_it(text: str, told: bool) -> None:
    assert legal_after(_span(text)) is told


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Rain Over Whole Arden Keeps Players Waiting", 1.0),
        ("there was rain over Arden which keeps people waiting", 0.0),
        ("Rain Over Arden keeps people waiting", 0.4),
        ("Long Gone. Arden sleeps quietly", 0.0),
        ("Arden", 0.0),
    ],
)
def test_the_share_of_capitals_around(text: str, share: float) -> None:
    assert titled(_span(text)) == pytest.approx(share)


def test_three_words_on_either_side_are_near() -> None:
    assert near_words(_span("one two three four Arden five six seven eight")) == set(
        "two three four five six seven".split()
    )
