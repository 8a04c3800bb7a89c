from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import SchemaError
from streams.events.dead import DeadLetter, Failure, Origin, decode_dead_letter, encode_dead_letter, event_id

_HEADERS = st.lists(st.tuples(st.text(max_size=20), st.none() | st.binary(max_size=20)), max_size=4).map(tuple)
_WHOLE = st.integers(min_value=0, max_value=2**53)
_LETTERS = st.builds(
    DeadLetter,
    origin=st.builds(
        Origin,
        topic=st.text(min_size=1, max_size=249),
        partition=_WHOLE,
        offset=_WHOLE,
        key=st.none() | st.binary(max_size=40),
        value=st.none() | st.binary(max_size=200),
        headers=_HEADERS,
        timestamp=st.none() | st.integers(min_value=-1, max_value=2**53),
    ),
    failure=st.builds(
        Failure,
        code=st.text(min_size=1, max_size=100),
        stage=st.sampled_from(["starting", "receiving", "processing", "sending"]),
        message=st.text(max_size=200),
        remedy=st.text(max_size=200),
    ),
    attempts=st.integers(min_value=1, max_value=2**53),
    failed_at=st.just("2026-01-31T09:30:00Z"),
    article_id=st.none() | st.text(min_size=1, max_size=512),
)


def _letter(*, value: bytes = b"x", message: str = "m", remedy: str = "r") -> DeadLetter:
    return DeadLetter(
        origin=Origin(topic="articles.raw", partition=0, offset=7, key=None, value=value),
        failure=Failure(code="event.undecodable", stage="receiving", message=message, remedy=remedy),
        attempts=1,
        failed_at="2026-01-31T09:30:00Z",
    )


@given(_LETTERS)
def test_any_record_comes_back_byte_for_byte(letter: DeadLetter) -> None:
    data = encode_dead_letter(letter)
    assert decode_dead_letter(data) == letter
    assert encode_dead_letter(decode_dead_letter(data)) == data


def test_a_header_without_a_value_differs_from_one_with_an_empty_value() -> None:
    origin = Origin("t", 0, 0, key=b"", value=b"", headers=(("a", None), ("a", b""), ("A", b"\xff")))
    letter = DeadLetter(origin, Failure("c", "sending", ""), attempts=2, failed_at="2026-01-31T09:30:00Z")
    back = decode_dead_letter(encode_dead_letter(letter))
    assert back.origin.headers == (("a", None), ("a", b""), ("A", b"\xff"))
    assert back.origin.key == b""


def test_a_record_without_a_value_differs_from_one_with_an_empty_value() -> None:
    tombstone, empty = (replace(_letter(), origin=Origin("t", 0, 0, b"k", value)) for value in (None, b""))
    assert decode_dead_letter(encode_dead_letter(tombstone)) == tombstone
    assert decode_dead_letter(encode_dead_letter(empty)) == empty
    # Who reads by version 1.0 finds a value there.
    assert orjson.loads(encode_dead_letter(tombstone))["origin"]["value"] == ""
    assert event_id(tombstone, carried=0) != event_id(empty, carried=0)


@pytest.mark.parametrize(
    "headers",
    [
        tuple((f"h{number}", b"") for number in range(10_001)),
        (("n" * 40_000, b"v"), ("🚀" * 32_768, None), ("m" * 32_767, b"")),
    ],
    ids=["many", "long"],
)
def test_headers_of_any_number_and_length_come_back(
    headers: tuple[tuple[str, bytes | None], ...], schema_of: dict[str, Any]
) -> None:
    letter = replace(_letter(), origin=Origin("t", 0, 0, None, b"x", headers))
    data = encode_dead_letter(letter)
    assert decode_dead_letter(data) == letter
    schema_of["dead-letter"].validate(orjson.loads(data))


@pytest.mark.parametrize("timestamp", [2**53 + 1, 2**63 - 1, -2, -(2**63)])
def test_a_timestamp_that_not_every_reader_of_json_knows_is_left_out(timestamp: int) -> None:
    letter = replace(_letter(), origin=Origin("t", 0, 0, None, b"x", timestamp=timestamp))
    back = decode_dead_letter(encode_dead_letter(letter))
    assert back.origin.timestamp is None
    assert event_id(back, carried=0) == event_id(letter, carried=0)


def test_long_messages_are_cut_so_that_the_letter_can_always_be_read() -> None:
    back = decode_dead_letter(encode_dead_letter(_letter(message="🚀" * 3_000, remedy="ع" * 2_001)))
    assert back.failure.message == "🚀" * 2_000
    assert back.failure.remedy == "ع" * 2_000


def test_the_letter_is_at_most_a_third_larger_than_the_record_and_what_is_said_about_it() -> None:
    record = bytes(range(256)) * 4_000
    empty, full = encode_dead_letter(_letter(value=b"")), encode_dead_letter(_letter(value=record))
    assert len(full) - len(empty) <= len(record) * 4 / 3 + 4


@pytest.mark.parametrize("value", ["QQ", "QQ=", "QR==", "QUJD=", "QUJD\n", "_-8=", "Q Q=", "ابجد", "===="])
def test_what_is_not_canonical_base64_is_refused(value: str) -> None:
    document = orjson.loads(encode_dead_letter(_letter()))
    document["origin"]["value"] = value
    with pytest.raises(SchemaError, match=r"origin\.value is not Base64") as refusal:
        decode_dead_letter(orjson.dumps(document))
    assert "RFC 4648" in refusal.value.remedy
