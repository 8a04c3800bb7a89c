from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streams.linking.around import Around
from streams.linking.beside import NOTHING, after, before, legal_after, near, titled
from streams.linking.fold import fold_text
from streams.linking.spans import make_span
from streams.linking.text import Text
from streams.linking.weights import LINK_FEATURES

if TYPE_CHECKING:
    from streams.linking.span import Span


def _span(text: str, name: str = "Arden") -> Span:
    prepared = Text("body", text, "en")
    low = prepared.folded.text.index(fold_text(name))
    span = make_span(prepared, low, low + len(fold_text(name)), "en")
    assert span is not None
    return span


def _words(text: str) -> tuple[Around, int, int]:
    """The words of a text, where Arden starts in it and where it ends."""
    span = _span(text)
    return Around(span.text), span.low, span.high


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Arden", ""),
        ("so, Arden, so", ""),
        ("said Arden fans", "before_noun"),
        ("said Arden is", "before_function"),
        ("said Arden Hills", "before_capital"),
        ("past the Arden", "after_the"),
        ("live in Arden", "after_preposition"),
        ("mayor of Arden", "after_of"),
        ("New Arden", "after_capital"),
        ("in Arden and", "before_function after_preposition"),
        ("Arden 3", ""),
    ],
)
def test_the_words_beside(text: str, told: str) -> None:
    around, low, high = _words(text)
    features = (after(around, high, around.after(high)), before(around, low, around.before(low)))
    assert {LINK_FEATURES[each] for each in features if each != NOTHING} == set(told.split())


@pytest.mark.parametrize(("text", "told"), [("Arden Inc. grew", True), ("Arden, Inc.", True), ("Arden grew", False)])
def test_a_legal_form_after_it(text: str, told: bool) -> None:
    around, _, high = _words(text)
    assert legal_after(around, high, around.after(high)) is told


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
    assert titled(*_words(text)) == pytest.approx(share)


@pytest.mark.parametrize(
    ("words", "share"),
    [("two three four five six seven", 1.0), ("one eight", 0.0), ("one two", 0.5), ("arden", 0.0)],
)
def test_three_words_on_either_side_are_near(words: str, share: float) -> None:
    around, low, high = _words("one two three four Arden five six seven eight")
    assert near(around, words.split(), around.before(low), around.after(high)) == share
