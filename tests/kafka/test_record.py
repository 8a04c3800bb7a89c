"""A record as Kafka reads it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from aiokafka.record.util import decode_varint
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.record import Record, read_number, read_record
from tests.support.batches import number, raw_record

BYTES = st.none() | st.binary(max_size=200)


@given(st.integers(-(2**63), 2**63 - 1), st.binary(max_size=3))
def test_a_number_is_read_as_kafkas_library_reads_it(value, behind):
    data = number(value)
    assert read_number(data + behind, 0) == decode_varint(bytearray(data + behind)) == (value, len(data))


@given(st.integers(0, 255), BYTES, BYTES, st.lists(st.tuples(st.text(), BYTES), max_size=3))
def test_a_record_comes_back_whatever_its_attributes_are(attributes, key, value, headers):
    written = [(name.encode("utf-8"), header) for name, header in headers]
    data = raw_record(5, key, value, written, attributes=attributes)
    assert read_record(data[read_number(data, 0)[1] :]) == Record(5, 5, key, value, headers)


@given(st.binary(max_size=40))
def test_what_is_no_record_is_an_error_of_one_kind(data):
    with suppress(ValueError):
        read_record(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "ends within a number"),
        (b"\0\0\0\1\1", "ends within a number"),
        (b"\0" + b"\x80" * 10, "more than 10 bytes"),
        (b"\0\0\0\1\1\1", "-1 headers"),
        (b"\0\0\0\1\1\2\1\1", "no name"),
        (b"\0\0\0\1\1\0\0", "has 7 bytes, and what it holds comes to 6"),
        (b"\0\0\0\1\x14\0\0", "ends within a number"),
    ],
)
def test_the_error_says_what_is_wrong(data, why):
    with pytest.raises(ValueError, match=why):
        read_record(data)
