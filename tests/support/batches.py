"""Batches of records as other clients than ours can send them."""

from __future__ import annotations

import asyncio

from aiokafka import AIOKafkaProducer
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

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


def send_batch(bootstrap, topic, records, *, codec=0, size=None):
    """Write (key, value, headers) to the first partition of a topic as one batch."""

    async def send():
        most = 1_048_576 if size is None else size
        producer = AIOKafkaProducer(bootstrap_servers=bootstrap, max_batch_size=most, max_request_size=most)
        await producer.start()
        try:
            made = producer.create_batch()
            made._builder = _DefaultRecordBatchBuilderPy(2, codec, 0, -1, -1, -1, most)
            for key, value, headers in records:
                made.append(key=key, value=value, timestamp=None, headers=headers)
            await (await producer.send_batch(made, topic, partition=0))
        finally:
            await producer.stop()

    asyncio.run(send())
