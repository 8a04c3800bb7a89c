"""Gold documents and links as they may come, including those that no careful person would write."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

_IDS = st.sampled_from(["Q1", "Q2", "Q3"])
_LENGTH = 6


@st.composite
def gold(draw: st.DrawFn) -> dict[str, Any]:
    text = "abcdef"
    marks = []
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, _LENGTH - 1))
        end = draw(st.integers(start + 1, _LENGTH))
        mark: dict[str, Any] = {
            "start": start,
            "end": end,
            "surface": text[start:end],
            "entity_id": draw(st.none() | _IDS),
            "named": draw(st.booleans()),
            "optional": draw(st.sampled_from([False, False, True])),
            "coref": draw(st.sampled_from([False, False, True])),
        }
        if draw(st.booleans()):
            mark["also_accepted"] = draw(st.lists(_IDS, max_size=2))
        marks.append(mark)
    document: dict[str, Any] = {"id": "d", "language": "en", "text": text, "gold": marks}
    if draw(st.booleans()):
        low = draw(st.integers(0, _LENGTH))
        document["evaluation_span"] = [low, draw(st.integers(low, _LENGTH))]
    return document


@st.composite
def mentions(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, _LENGTH - 1))
        found.append(
            {
                "start": start,
                "end": draw(st.integers(start + 1, _LENGTH)),
                "entity_id": draw(st.none() | _IDS),
                "confidence": draw(st.none() | st.floats(0, 1)),
            }
        )
    return found
