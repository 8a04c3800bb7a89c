"""Batches of records as other clients than ours can send them."""

from __future__ import annotations

import asyncio

import zstandard
from aiokafka import AIOKafkaProducer
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from aiokafka.record.util import encode_varint

BAD_NAME = b"x-\xff\xfe"
ESCAPED = "x-\\xff\\xfe"


class Name(str):  # noqa: SLOT000 - it holds what it was made from
    """A header's name that is not UTF-8, as clients that know bytes alone may send it."""

    def __new__(cls, name):
        made = super().__new__(cls, name.decode("utf-8", "backslashreplace"))
        made.name = name
        return made

    def encode(self, *_):
        return self.name


def batch(records, *, codec=0):
    """Return a batch of (key, value, headers), as Kafka would hand it out."""
    builder = _DefaultRecordBatchBuilderPy(2, codec, 0, -1, -1, -1, 1 << 30)
    for number, (key, value, headers) in enumerate(records):
        builder.append(number, 1_700_000_000_000 + number, key, value, headers)
    return bytes(builder.build())


def number(value):
    """Return a number as Kafka writes it."""
    made = bytearray()
    encode_varint(value, made.append)
    return bytes(made)


def raw_record(at, key, value, headers=(), *, attributes=0):
    """Return a record as it stands in a batch, which no library of Python writes with attributes."""

    def sized(data):
        return number(-1) if data is None else number(len(data)) + data

    made = bytes([attributes]) + number(at) + number(at) + sized(key) + sized(value) + number(len(headers))
    made += b"".join(sized(name) + sized(header) for name, header in headers)
    return number(len(made)) + made


def with_records(data, packed):
    """Return a batch with other bytes for its records."""
    data = data[:61] + packed
    return data[:8] + (len(data) - 12).to_bytes(4, "big") + data[12:]


class _RawBuilder(_DefaultRecordBatchBuilderPy):
    """Builds a batch of records that are written already."""

    raw = b""

    def _maybe_compress(self):
        del self._buffer[self.HEADER_STRUCT.size :]
        self._buffer += self.raw
        return self._compression_type != 0


def send_raw_batch(bootstrap, topic, raw, *, codec=0, pack=zstandard.compress):
    """Write records of `raw_record` to the first partition of a topic as one batch, packed where there is a codec."""
    builder = _RawBuilder(2, codec, 0, -1, -1, -1, 1 << 20)
    builder.raw = b"".join(raw) if codec == 0 else pack(b"".join(raw))
    _send(bootstrap, topic, [(None, None, [])] * len(raw), builder)


def send_batch(bootstrap, topic, records, *, codec=0, size=None):
    """Write (key, value, headers) to the first partition of a topic as one batch."""

    most = 1_048_576 if size is None else size
    _send(bootstrap, topic, records, _DefaultRecordBatchBuilderPy(2, codec, 0, -1, -1, -1, most))


def _send(bootstrap, topic, records, builder):
    async def send():
        most = builder._batch_size
        producer = AIOKafkaProducer(bootstrap_servers=bootstrap, max_batch_size=most, max_request_size=most)
        await producer.start()
        try:
            made = producer.create_batch()
            made._builder = builder
            for key, value, headers in records:
                made.append(key=key, value=value, timestamp=None, headers=headers)
            await (await producer.send_batch(made, topic, partition=0))
        finally:
            await producer.stop()

    asyncio.run(send())
