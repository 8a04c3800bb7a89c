"""A record as it stands in a batch, read as Kafka reads it.

Its Python libraries read two things differently, and cannot go on behind a record that has them:

- The attributes, of which none is in use yet, are one byte. The libraries read a number of any length there.
- Kafka takes a header with a name that is not UTF-8. Here each wrong byte of it becomes an escape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LONGEST_NUMBER", "Record", "read_number", "read_record"]

LONGEST_NUMBER: Final = 10
"""Most bytes of a number."""


class Record(NamedTuple):
    """A record.

    Attributes:
        after: Milliseconds between the first timestamp of its batch and its own.
        number: Its offset, counted from the first of its batch.
        key: Its key, or None.
        value: Its value, or None for a tombstone.
        headers: Its headers, in order.
    """

    after: int
    number: int
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]


def read_record(data: bytes) -> Record:
    """Read a record.

    Args:
        data: All of it, behind its size.

    Raises:
        ValueError: It is none.
    """
    try:
        return _read(data)
    except IndexError as exc:
        raise ValueError(f"A record of {len(data)} bytes ends within a number") from exc


def read_number(data: Sequence[int], at: int) -> tuple[int, int]:
    """Return a number as Kafka writes it, seven bits a byte and its sign in the lowest, and where it ends.

    Raises:
        IndexError: The data ends before the number does.
        ValueError: It is too long.
    """
    value = data[at]
    if value < 0x80:  # as most are
        return (value >> 1) ^ -(value & 1), at + 1
    value, shift = value & 0x7F, 7
    for end in range(at + 1, at + LONGEST_NUMBER):
        byte = data[end]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (value >> 1) ^ -(value & 1), end + 1
        shift += 7
    raise ValueError(f"A number has more than {LONGEST_NUMBER} bytes")


def _read(data: bytes) -> Record:
    after, at = read_number(data, 1)
    number, at = read_number(data, at)
    key, at = _read_bytes(data, at)
    value, at = _read_bytes(data, at)
    count, at = read_number(data, at)
    if count < 0:
        raise ValueError(f"A record has {count} headers")
    headers = []
    for _ in range(count):
        name, at = _read_bytes(data, at)
        if name is None:
            raise ValueError("A header has no name")
        header, at = _read_bytes(data, at)
        headers.append((name.decode("utf-8", "backslashreplace"), header))
    if at != len(data):
        raise ValueError(f"A record has {len(data)} bytes, and what it holds comes to {at}")
    return Record(after, number, key, value, headers)


def _read_bytes(data: bytes, at: int) -> tuple[bytes | None, int]:
    size, at = read_number(data, at)
    if size < 0:
        return None, at
    return data[at : at + size], at + size
