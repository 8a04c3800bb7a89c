from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.events.enriched import Mention
from streams.web.text import segments, shown


def _mention(start: int, end: int) -> Mention:
    return Mention("body", start, end, "", "person", "Q1", 0.9)


@pytest.mark.parametrize(
    ("name", "text", "spans", "most", "expected"),
    [
        ("nothing", "", [], None, []),
        ("no mention", "a b", [], None, ["a b"]),
        ("all of it", "Nvidia", [(0, 6)], None, [["Nvidia", 0]]),
        ("beyond the first plane", "🎉 Nvidia!", [(2, 8)], None, ["🎉 ", ["Nvidia", 0], "!"]),
        ("glued", "لإنفيديا", [(1, 8)], None, ["ل", ["إنفيديا", 0]]),
        ("side by side", "ab", [(0, 1), (1, 2)], None, [["a", 0], ["b", 1]]),
        ("overlapping", "abcd", [(0, 3), (2, 4)], None, [["abc", 0], "d"]),
        ("cut before", "abcdef", [(4, 6)], 5, ["abcde"]),
        ("cut after", "abcdef", [(0, 2)], 3, [["ab", 0], "c"]),
        ("empty mention", "ab", [(1, 1)], None, ["ab"]),
    ],
)
def test_a_text_is_cut_where_mentions_begin_and_end(name, text, spans, most, expected):
    mentions = [(at, _mention(*span)) for at, span in enumerate(spans)]
    assert segments(text, mentions, most=most) == expected


@given(
    st.text(max_size=40), st.lists(st.tuples(st.integers(-3, 45), st.integers(-3, 45)), max_size=5), st.integers(0, 45)
)
def test_whatever_the_offsets_are_the_text_comes_out_whole(text, spans, most):
    mentions = [(at, _mention(*span)) for at, span in enumerate(sorted(spans)) if span[0] >= 0]
    parts = segments(text, mentions, most=most)
    assert "".join(part if isinstance(part, str) else part[0] for part in parts) == shown(text[:most])


def test_what_would_be_obeyed_is_shown_and_what_would_reorder_is_left_out():
    assert shown("a\x00\x1b[31mb\x7f\x85") == "a␀␛[31mb␡\ufffd"
    assert shown("a\u202eb\u2066c\u2069") == "abc"
    assert shown("سطر\n\tآخر") == "سطر\n\tآخر"
    shown("\ud800").encode()
