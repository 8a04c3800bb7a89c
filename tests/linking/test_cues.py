from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streams.linking.around import Around
from streams.linking.cues import announces, is_dateline, is_demonym, type_cues
from streams.linking.fold import fold_text
from streams.linking.lexicon import KINDS
from streams.linking.spans import make_span
from streams.linking.text import Text

if TYPE_CHECKING:
    from streams.linking.span import Span


def _told(span: Span) -> dict[str, float]:
    """What the words around a span ask for, by type."""
    around = Around(span.text)
    found = type_cues(span, around, around.before(span.low - span.clitic), around.after(span.high + span.ending))
    return {kind: strength for kind, strength in zip(KINDS, found, strict=False) if strength > 0}


def _cues(text: str, name: str, language: str = "en") -> dict[str, float]:
    prepared = Text("body", text, language)
    low = prepared.folded.text.index(fold_text(name))
    span = make_span(prepared, low, low + len(fold_text(name)), language)
    assert span is not None
    return _told(span)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("said Mr Arden today", "Arden", "person"),
        ("the chairman, Arden, left", "Arden", "person"),
        ("shares of the company Arden fell", "Arden", "organization"),
        ("they live in Arden now", "Arden", "place"),
        ("the city of Arden now", "Arden", "place"),
        ("the new app Arden now", "Arden", "product"),
        ("her novel Arden now", "Arden", "work"),
        ("Arden, who left", "Arden", "person"),
        ("so Arden said", "Arden", "person"),
        ("so Arden Inc grew", "Arden", "organization"),
        ("in 1990 of Arden, Tenn., today", "Arden", "place"),
        ("of Arden,Ore. today", "Arden", "place"),
        ("of Arden, Ohio", "Arden", "place"),
        ("of Arden, OH 43210 today", "Arden", "place"),
        ("of Arden, OH, today", "Arden", "place"),
        ("ARDEN, N.Y. fell", "ARDEN", "place"),
        ("of Vey, Ark. today", "Ark.", "place"),
        ("of Vey,Ark. today", "Ark", "place"),
        ("of Vey, N.J.", "N.J.", "place"),
        ("so Arden County grew", "Arden", "place"),
        ("قال السيد آردن", "آردن", "person"),
        ("قال رئيس آردن", "آردن", "person"),
        ("الرئيس آردن", "آردن", "person"),
        ("عالمة الفلك العالمة آردن", "آردن", "person"),
        ("أعلنت شركة آردن", "آردن", "organization"),
        ("أعلنت مؤسسة آردن", "آردن", "organization"),
        ("سهم شركة آردن", "آردن", "organization"),
        ("وصل إلى مدينة آردن", "آردن", "place"),
        ("وصل لمدينة آردن", "آردن", "place"),
        ("وبشركة آردن", "آردن", "organization"),
        ("في رقائق آردن", "آردن", "product"),
        ("من رواية آردن", "آردن", "work"),
    ],
)
def test_the_words_around_a_name_ask_for_a_type(text: str, name: str, kind: str) -> None:
    cues = _cues(text, name)
    assert max(cues, key=cues.__getitem__) == kind


@pytest.mark.parametrize(
    "text",
    [
        "yesterday Arden slept",
        "with a company. Arden slept",
        "the company (Arden) slept",
        "the chairman: Arden slept; who",
    ],
)
def test_cues_do_not_reach_over_the_end_of_a_sentence(text: str) -> None:
    sure = {kind for kind, strength in _cues(text, "Arden").items() if strength >= 1.0}
    assert sure == set()


@pytest.mark.parametrize(
    ("text", "name"),
    [("so Arden, Orepool. They left", "Arden"), ("so Arden, or others left", "Arden"), ("so Arden Ark. left", "Ark"),
     ("so 1990, Ark. left", "Ark"), (", Ark. left", "Ark"), ("Vey, ark. left", "ark"), ("Ark", "Ark"),
     ("Arden,", "Arden"), ("beat Arden, Man City and others", "Arden"), ("so Arden, Miss Universe, left", "Arden"),
     ("so Arden, OR WHOEVER", "Arden"), ("SO ARDEN, OR, SO", "ARDEN"), ("so Arden, OR somebody", "Arden")],
)  # fmt: skip
def test_what_is_no_state_behind_a_comma(text: str, name: str) -> None:
    assert "place" not in _cues(text, name)


@pytest.mark.parametrize("language", ["de", "es", "fr", "ar"])
def test_states_are_known_in_english_texts_alone(language: str) -> None:
    assert "place" in _cues("so Arden, La., left", "Arden")
    assert "place" not in _cues("so Arden, La., left", "Arden", language)


@pytest.mark.parametrize(
    ("text", "surer"), [("so Arden said", "person"), ("so Arden announced", "organization"), ("so Arden denied", None)]
)
def test_who_speaks_is_a_person_or_an_organisation(text: str, surer: str | None) -> None:
    cues = _cues(text, "Arden")
    assert set(cues) == {"person", "organization"}
    assert {kind for kind, strength in cues.items() if strength == max(cues.values())} == (
        {"person", "organization"} if surer is None else {surer}
    )


def test_whoever_heads_something_is_not_what_is_headed() -> None:
    cues = _cues("the chairman of Arden left", "Arden")
    assert "person" not in cues
    assert {"organization", "place"} <= set(cues)


def test_a_word_beside_the_name_asks_more_than_one_further_off() -> None:
    assert (
        _cues("the company Arden left", "Arden")["organization"]
        > (_cues("the company called Arden left", "Arden")["organization"])
    )


@pytest.mark.parametrize(
    ("word", "kind"),
    [("الدكتور", "person"), ("والدكتور", "person"), ("الرئيس", "person"), ("يدعى", "person"), ("تدعى", "organization"),
     ("تسمى", "other"), ("شركة", None), ("قال", None), ("president", None)],
)  # fmt: skip
def test_words_that_announce_a_name(word: str, kind: str | None) -> None:
    assert announces(fold_text(word)) == kind


@pytest.mark.parametrize(
    "name",
    ["Canadian", "Americans", "Chinese", "British", "Saudi", "French", "Dutch", "السعودي", "الأمريكية", "مصريون"],
)
def test_adjectives_of_peoples(name: str) -> None:
    assert is_demonym(fold_text(name))


@pytest.mark.parametrize("name", ["Canada", "Egypt", "France", "Chinese wall", "مصر", "قطر", "Fi", "New Orleans"])
def test_what_is_no_adjective_of_a_people(name: str) -> None:
    assert not is_demonym(fold_text(name))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ARDEN - The mayor said", True),
        ("Mayor speaks\nARDEN, N.Y. (AP) — The mayor said", True),
        ("ARDEN (Reuters) - The mayor said", True),
        ("Arden - The mayor said", False),
        ("so ARDEN - The mayor said", False),
        ("ARDEN MAYOR SPEAKS - AGAIN", False),
    ],
)
def test_the_place_at_the_head_of_a_news_text(text: str, told: bool) -> None:
    prepared = Text("body", text, "en")
    low = prepared.folded.text.index("arden")
    span = make_span(prepared, low, low + 5, "en")
    assert span is not None
    assert is_dateline(span) is told
    assert ("place" in _told(span)) is told
