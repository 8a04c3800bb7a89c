"""The batch loop on fakes."""

from __future__ import annotations

import asyncio
import json

import pytest

from streams.errors import TopicError
from streams.events.ids import RecordPosition
from streams.metrics import WorkerMetrics
from streams.settings import TopicSettings
from streams.workers.deliver import Courier
from streams.workers.loop import BatchLoop, rfc3339_now
from streams.workers.records import InputRecord, Rules
from streams.workers.state import WorkerState
from streams.workers.static import StaticCatalog
from tests.support.linker import LINKER, FakeView, fake_link


class Slow:
    """A broker that answers only when it is told to."""

    def __init__(self, error=None):
        self.sent = []
        self.error = error
        self.answer = asyncio.Event()

    async def send(self, records):
        self.sent.append([record.value for record in records])
        batch = asyncio.ensure_future(self._wait())
        return [batch] * len(records)

    async def _wait(self):
        await self.answer.wait()
        if self.error is not None:
            raise self.error

    async def renew(self):
        pass


RULES = Rules(TopicSettings(), LINKER, fake_link, lambda: 0.0)


def records(*bodies, first=0):
    return [
        InputRecord(
            RecordPosition("raw", 0, number),
            b"k",
            json.dumps({"article_id": "a", "title": "", "body": body}).encode(),
        )
        for number, body in enumerate(bodies, first)
    ]


class Made:
    """A loop, and what it told."""

    def __init__(self, broker, rules=RULES, **options):
        self.done, self.failures = [], []
        self.state, self.metrics = WorkerState(), WorkerMetrics()
        self.loop = BatchLoop(
            rules,
            StaticCatalog(FakeView()),
            Courier(broker, rules, now=rfc3339_now),
            done=lambda positions: self.done.extend(at.offset for at in positions),
            fail=self.failures.append,
            metrics=self.metrics,
            state=self.state,
            **options,
        )


async def test_a_record_is_done_only_when_all_of_its_batch_is_acknowledged():
    broker = Slow()
    made = Made(broker)
    await made.loop.handle(records("Nvidia", "POISON", "Zarquon"))
    assert len(broker.sent[0]) == 4
    assert (made.done, made.state.in_hand) == ([], 3)
    broker.answer.set()
    await made.loop.idle()
    assert made.done == [0, 1, 2]
    assert made.state.in_hand == 0
    lines = set(made.metrics.expose().decode().splitlines())
    assert {
        "wasl_articles_total 3.0",
        "wasl_enriched_total 2.0",
        "wasl_unlinked_names_total 1.0",
        'wasl_dead_letters_total{code="linking.poison"} 1.0',
        "wasl_batch_articles_sum 3.0",
        'wasl_stage_seconds_count{stage="link"} 2.0',
        'wasl_stage_seconds_count{stage="deliver"} 1.0',
    } <= lines


async def test_a_batch_is_linked_while_the_one_before_is_under_way_and_sent_after_it():
    broker = Slow()
    is_linked = asyncio.Event()

    def link(article, view):
        if article.body == "two":
            is_linked.set()
        return fake_link(article, view)

    made = Made(broker, Rules(TopicSettings(), LINKER, link, lambda: 0.0))
    await made.loop.handle(records("one"))
    second = asyncio.ensure_future(made.loop.handle(records("two", first=1)))
    await is_linked.wait()
    for _ in range(10):
        await asyncio.sleep(0)
    assert len(broker.sent) == 1
    assert not second.done()
    broker.answer.set()
    await second
    await made.loop.idle()
    assert [len(batch) for batch in broker.sent] == [1, 1]
    assert made.done == [0, 1]


async def test_what_takes_long_to_link_goes_out_in_parts():
    broker = Slow()
    broker.answer.set()
    clock = iter(range(1_000))  # every look at the clock is a second later
    made = Made(broker, Rules(TopicSettings(), LINKER, fake_link, lambda: next(clock)))
    await made.loop.handle(records("one", "two", "three"))
    await made.loop.idle()
    assert [len(batch) for batch in broker.sent] == [1, 1, 1]
    assert made.done == [0, 1, 2]


@pytest.mark.parametrize(("count", "parts"), [(30, [15, 15]), (60, [60])], ids=["few", "a backlog"])
async def test_of_few_records_what_is_linked_goes_out_sooner(count, parts):
    broker = Slow()
    broker.answer.set()
    ticks = iter(range(1_000_000))
    # Five looks at the clock for each record: a good millisecond in all.
    rules = Rules(TopicSettings(), LINKER, fake_link, lambda: next(ticks) * 0.00026)
    made = Made(broker, rules)
    await made.loop.handle(records(*["one"] * count))
    await made.loop.idle()
    assert [len(batch) for batch in broker.sent] == parts
    assert made.done == list(range(count))


async def test_what_was_handed_over_is_on_the_wire_before_more_is_linked():
    on_the_wire, linked = [], []

    class Wire(Slow):
        async def send(self, records):
            # As aiokafka does: one task wakes another, which writes.
            loop, number = asyncio.get_running_loop(), len(self.sent)
            loop.call_soon(loop.call_soon, loop.call_soon, on_the_wire.append, number)
            return await super().send(records)

    def link(article, view):
        linked.append(len(on_the_wire))
        return fake_link(article, view)

    broker = Wire()
    broker.answer.set()
    clock = iter(range(1_000))
    made = Made(broker, Rules(TopicSettings(), LINKER, link, lambda: next(clock)))
    await made.loop.handle(records("one", "two", "three"))
    await made.loop.idle()
    assert linked == [0, 1, 2]


async def test_what_is_not_linked_when_partitions_are_taken_back_is_left_alone():
    broker = Slow()
    broker.answer.set()
    clock, turns = iter(range(1_000)), iter([True, True, False])
    rules = Rules(TopicSettings(), LINKER, fake_link, lambda: next(clock))
    made = Made(broker, rules, goes_on=lambda: next(turns))
    await made.loop.handle(records("one", "two", "three"))
    await made.loop.idle()
    assert made.done == [0, 1]
    assert made.state.in_hand == 0


async def test_nothing_is_done_of_a_batch_that_cannot_be_delivered():
    broker = Slow(TopicError("There is no such topic."))
    broker.answer.set()
    made = Made(broker)
    await made.loop.handle(records("Nvidia", "Zarquon"))
    await made.loop.idle()
    assert [type(error) for error in made.failures] == [TopicError]
    assert made.done == []
    assert made.state.in_hand == 2


async def test_what_cannot_even_be_sent_ends_the_worker_too():
    class Closed(Slow):
        async def send(self, records):
            raise TopicError("There is no such topic.")

    made = Made(Closed())
    await made.loop.handle(records("Nvidia"))
    assert [type(error) for error in made.failures] == [TopicError]
    assert made.done == []
