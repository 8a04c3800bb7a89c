from __future__ import annotations

import base64
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.linking.junk import junk_spans
from streams.linking.text import Text
from tests.linking.strategies import any_text


def _junk(text: str) -> list[str]:
    return [text[start:end] for start, end in junk_spans(text)]


@pytest.mark.parametrize(
    ("text", "junk"),
    [
        ("plain text, with 3.5 numbers and a-dash", []),
        ("see https://x.org/a?b=c#d now", ["https://x.org/a?b=c#d"]),
        ("see HTTP://X.ORG now", ["HTTP://X.ORG"]),
        ("see www.x.org, now", ["www.x.org,"]),
        ("على https://x.org/a، ثم", ["https://x.org/a"]),
        ('<a href="https://x.org">', ["https://x.org"]),
        ("mail info@x.org now", ["info@x.org"]),
        ("as @someone says", ["@someone"]),
        ("a @ b", []),
        ("#Apple", []),
        ("id 8fA9dK3lQ0zXc7Vb5Nm1 end", ["8fA9dK3lQ0zXc7Vb5Nm1"]),
        ("Donaudampfschifffahrtsgesellschaft sank", []),
        ("a-long-name-with-many-dashes", []),
        ("x" * 40, ["x" * 40]),
    ],
)
def test_what_is_no_prose(text: str, junk: list[str]) -> None:
    assert _junk(text) == junk


@pytest.mark.parametrize("payload", [b"ip: 203.0.113.7", b"ip: 198.51.100.23", b"visitor=42; Apple"])
def test_residue_takes_the_rest_of_its_line(payload: bytes) -> None:
    token = base64.b64encode(payload).decode()
    assert _junk(f"before\n{token} and more\nafter") == [f"{token} and more"]
    assert _junk(f"before\n{token} and more") == [f"{token} and more"]
    assert _junk(f"before {token.rstrip('=')}") == [token.rstrip("=")]


def test_stretches_that_overlap_are_one() -> None:
    token = base64.b64encode(b"ip: 203.0.113.7").decode()
    assert _junk(f"https://x.org/{token} a@b.org @you\nend") == [f"https://x.org/{token}", "a@b.org", "@you"]
    assert _junk(f"{token} https://x.org a@b.org\nend") == [f"{token} https://x.org a@b.org"]


@given(
    st.lists(any_text | st.sampled_from(["https://", "www.", "@", "a@b.c", "aXA6IDIwMy4wLjExMy43", " "])).map("".join)
)
@settings(deadline=None, max_examples=60)
def test_stretches_are_in_order_and_apart(text: str) -> None:
    spans = junk_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    prepared = Text("body", text, "en")
    inside = {at for start, end in spans for at in range(start, end)}
    assert {at for at in range(len(text)) if prepared.is_junk_source(at)} == inside
