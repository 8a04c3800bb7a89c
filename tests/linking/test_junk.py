from __future__ import annotations

import base64
import re
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
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


# What is searched for near its marks only is what a search of the whole text finds.
_ADDRESS = re.compile(
    r"""(?:[a-z][a-z0-9+.-]{1,20}://|www\.)[^\s<>"'«»،؛]{1,2000}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"""
    r"""|(?<![\w@])@\w{1,50}""",
    re.IGNORECASE,
)
_PIECES = st.sampled_from(
    ["@", "://", "www.", "WWW.", "http", "x.org", "a.b-c", " ", "\n", "\u3000", "«", "،", "<", "é", "ب", "_", "+", "ſ"]
)


@given(st.lists(_PIECES | any_text, max_size=14).map("".join))
@settings(deadline=None, max_examples=300)
def test_addresses_are_what_the_whole_text_shows(source: str) -> None:
    # Long enough to be a token, which is junk for another reason.
    assume(re.search(r"[A-Za-z0-9+/_-]{20}", source) is None)
    asked = "@" in source or "://" in source or "www." in source
    assert junk_spans(source) == [found.span() for found in _ADDRESS.finditer(source) if asked]


@given(st.text("aB3-+/=é \n", max_size=120))
@settings(deadline=None, max_examples=300)
def test_tokens_begin_where_their_letters_do(source: str) -> None:
    pattern = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{20,}={0,2}(?![\w+/=])")
    starts = [found.start() for found in pattern.finditer(source)]
    assert {start for start, _ in junk_spans(source)} <= set(starts)
