from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.events.envelope import CONTENT_TYPE, Envelope, carry_over, read_envelope, write_headers

_TEXT = st.text(max_size=30)
_ENVELOPES = st.builds(
    Envelope,
    id=_TEXT,
    source=_TEXT,
    type=_TEXT,
    time=st.none() | _TEXT,
    subject=st.none() | _TEXT,
    causation=st.none() | _TEXT,
)
_FOREIGN = st.lists(
    st.tuples(
        st.text(max_size=12).filter(lambda name: not name.startswith("ce_") and name.lower() != "content-type"),
        st.none() | st.binary(max_size=12),
    ),
    max_size=5,
)


@given(_ENVELOPES, _FOREIGN)
def test_any_envelope_comes_back_as_it_was(envelope: Envelope, carried: list[tuple[str, bytes | None]]) -> None:
    assert read_envelope(write_headers(envelope, carried)) == envelope


@given(_ENVELOPES, _ENVELOPES, _FOREIGN)
def test_foreign_headers_are_carried_over_in_order(
    received: Envelope, sent: Envelope, foreign: list[tuple[str, bytes | None]]
) -> None:
    arrived = write_headers(received, foreign)
    left = write_headers(sent, carry_over(arrived))
    assert read_envelope(left) == sent
    assert carry_over(left) == [(name, b"" if value is None else value) for name, value in foreign]


@given(_FOREIGN, _ENVELOPES)
def test_attributes_anywhere_among_the_headers_are_left_behind(
    foreign: list[tuple[str, bytes | None]], envelope: Envelope
) -> None:
    mixed = [*foreign[:2], *write_headers(envelope), ("Content-Type", b"text/plain"), *foreign[2:]]
    assert carry_over(mixed) == foreign


def test_repeated_names_are_kept_and_so_are_bytes_that_are_no_text() -> None:
    headers = [("traceparent", b"00-1"), ("x", b"\xff"), ("x", b""), ("traceparent", b"00-2")]
    assert carry_over(headers) == headers


@pytest.mark.parametrize("headers", [None, [], [("traceparent", b"00-1")]])
def test_without_attributes_there_is_no_envelope(headers: list[tuple[str, bytes | None]] | None) -> None:
    assert read_envelope(headers) is None
    assert carry_over(headers) == (headers or [])


@pytest.mark.parametrize("missing", ["ce_specversion", "ce_id", "ce_source", "ce_type"])
def test_an_envelope_without_a_required_attribute_is_none(missing: str) -> None:
    headers = write_headers(Envelope(id="1", source="/s", type="t"))
    assert read_envelope([header for header in headers if header[0] != missing]) is None
    assert read_envelope([(name, None if name == missing else value) for name, value in headers]) is None


def test_headers_are_those_of_the_kafka_binding() -> None:
    envelope = Envelope(id="1", source="/wasl", type="wasl.article.raw.v1", subject="مقال")
    assert write_headers(envelope, [("traceparent", b"00-1"), ("empty", None)]) == [
        ("ce_specversion", b"1.0"),
        ("ce_id", b"1"),
        ("ce_source", b"/wasl"),
        ("ce_type", b"wasl.article.raw.v1"),
        ("ce_subject", "مقال".encode()),
        ("content-type", CONTENT_TYPE.encode()),
        ("traceparent", b"00-1"),
        ("empty", b""),
    ]


def test_an_attribute_that_is_no_utf_8_is_shown_rather_than_refused() -> None:
    headers = [("ce_specversion", b"1.0"), ("ce_id", b"\xff"), ("ce_source", b"/s"), ("ce_type", b"t")]
    assert read_envelope(headers) == Envelope(id="\ufffd", source="/s", type="t")
