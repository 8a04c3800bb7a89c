"""Faust's consumer as Wasl uses it, without a broker; with one, it is tested by `test_delivery` and its neighbours."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace

import pytest
from aiokafka import errors as kafka
from aiokafka.structs import TopicPartition
from faust.transport.drivers import aiokafka as faust_driver
from faust.types import TP

from streams.workers.ledger import Ledger
from streams.workers.source import Limits, Source, Work, _Thread

FIRST, SECOND = TopicPartition("raw", 0), TopicPartition("raw", 1)


def records(*offsets, size=10):
    return [SimpleNamespace(offset=offset, serialized_value_size=size) for offset in offsets]


class Fetcher:
    """Gives what it holds, as aiokafka's fetcher does."""

    def __init__(self, held):
        self.held = held
        self.asked = []
        self.is_empty = asyncio.Event()
        self._closed = False
        self._subscriptions = SimpleNamespace(fetch_context=nullcontext)

    async def fetched_records(self, partitions, timeout, max_records):
        self.asked.append((timeout, max_records))
        for at in partitions:
            taken = self.held.get(at, [])[:max_records]
            if len(taken) > 0:
                self.held[at] = self.held[at][len(taken) :]
                return {at: taken}
        self.is_empty.set()
        return {}


class Consumer:
    """Commits and seeks as aiokafka's consumer does."""

    def __init__(self, *, fetcher=None, committed=None, error=None):
        self._fetcher = fetcher
        self._closed = False
        self.offset = committed
        self.error = error
        self.sought = []

    async def committed(self, at):
        return self.offset

    def seek(self, at, offset):
        if self.error is not None:
            raise self.error
        self.sought.append((at, offset))

    async def commit(self, offsets):
        if self.error is not None:
            raise self.error


def thread_with(consumer):
    thread = _Thread.__new__(_Thread)
    thread._consumer = consumer
    return thread


async def fetch(held, limits):
    fetcher = Fetcher(held)
    found = await thread_with(Consumer(fetcher=fetcher)).fetch(frozenset(held), limits)
    return {at: [record.offset for record in taken] for at, taken in found.items()}, fetcher


async def test_a_batch_ends_at_its_number_of_records():
    found, fetcher = await fetch({FIRST: records(*range(100))}, Limits(records=70, within=0))
    assert found == {FIRST: list(range(70))}
    assert len(fetcher.held[FIRST]) == 30


async def test_a_batch_ends_at_its_bytes_one_slice_more_or_less():
    found, _ = await fetch({FIRST: records(*range(500), size=1_000)}, Limits(records=500, bytes=50_000, within=0))
    assert 50 <= len(found[FIRST]) <= 50 + 32


async def test_a_batch_ends_at_its_bytes_one_record_more_or_less_once_large_ones_came():
    limits = Limits(within=0)
    large = limits.record_bytes - 100
    thread = thread_with(Consumer(fetcher=Fetcher({FIRST: records(*range(200), size=large)})))
    sizes = [len((await thread.fetch(frozenset({FIRST}), limits))[FIRST]) * large for _ in range(3)]
    assert sizes[0] == 32 * large
    assert all(limits.bytes <= size < limits.bytes + large for size in sizes[1:])


async def test_records_that_are_larger_than_a_batch_are_taken_one_by_one_and_small_ones_are_not_for_long():
    limits = Limits(records=1_000, bytes=1_000, within=0)
    fetcher = Fetcher({FIRST: records(*range(40), size=2_000) + records(*range(40, 140), size=10)})
    thread = thread_with(Consumer(fetcher=fetcher))
    found = [len((await thread.fetch(frozenset({FIRST}), limits))[FIRST]) for _ in range(10)]
    assert found == [32] + [1] * 8 + [100]
    assert [asked for _, asked in fetcher.asked[9:13]] == [1, 32, 32, 32]


async def test_only_a_batch_of_few_records_waits_for_company():
    _, fetcher = await fetch({FIRST: records(*range(40))}, Limits(records=100, within=3600))
    assert fetcher.asked[0] == (1.0, 32)
    assert [timeout for timeout, _ in fetcher.asked[1:]] == [0, 0]


async def test_company_comes_into_the_same_batch():
    fetcher = Fetcher({FIRST: records(0)})
    thread = thread_with(Consumer(fetcher=fetcher))
    fetching = asyncio.ensure_future(thread.fetch(frozenset({FIRST, SECOND}), Limits(within=0.05)))
    await fetcher.is_empty.wait()
    fetcher.held[SECOND] = records(7)
    found = await fetching
    assert {at: [record.offset for record in taken] for at, taken in found.items()} == {FIRST: [0], SECOND: [7]}


@pytest.mark.parametrize(("committed", "expected"), [(None, 5), (3, 3), (9, 5)])
async def test_what_cannot_be_handled_is_read_again_from_where_nothing_is_lost(committed, expected):
    consumer = Consumer(committed=committed)
    await thread_with(consumer).put_back({FIRST: 5})
    assert consumer.sought == [(FIRST, expected)]


async def test_a_partition_that_went_to_another_worker_is_not_read_again():
    consumer = Consumer(committed=3, error=kafka.IllegalStateError("not assigned"))
    await thread_with(consumer).put_back({FIRST: 5})
    assert consumer.sought == []


@pytest.mark.parametrize(
    ("error", "committed"),
    [(None, True), (kafka.CommitFailedError("already rebalanced"), False), (kafka.RequestTimedOutError(), False)],
)
async def test_a_commit_that_is_refused_crashes_nothing(error, committed):
    assert await thread_with(Consumer(error=error))._commit({TP("raw", 0): 5}) is committed


class Thread:
    """Stands for the consumer's thread: whatever is asked of it is done here."""

    def __init__(self, found, before=lambda: None):
        self.found = found
        self.before = before
        self.back = []

    async def call(self, asked):
        return await asked

    async def fetch(self, partitions, limits):
        self.before()
        return self.found

    async def put_back(self, firsts):
        self.back.append(firsts)


def work(**changes):
    async def nothing(*_):
        pass

    given = Work(
        nothing,
        nothing,
        Ledger(),
        Limits(),
        on_assignment=lambda _: None,
        on_fetched=lambda _: None,
        on_rest=lambda: None,
    )
    return replace(given, **changes)


@pytest.fixture
def source():
    made = Source.__new__(Source)
    made.work, made._turn = work(), 0
    made.flow_active = True
    made._active_partitions = {TP("raw", 0), TP("raw", 1)}
    return made


async def test_what_is_taken_is_pending(source):
    source._thread = Thread({FIRST: records(3, 4, 8)})
    assert await source._take() == source._thread.found
    assert source.work.ledger.pending() == 3


async def test_what_stands_where_other_records_stood_is_pending_whatever_becomes_of_those(source):
    """Kafka may lose the end of a log, and take others there while the first are still being delivered."""
    ledger, under_way = Ledger(), []

    async def deliver():
        while len(under_way) > 0:
            ledger.done_all("raw", 0, under_way.pop())

    source.work = work(ledger=ledger, idle=deliver)
    source._thread = Thread({FIRST: records(3, 4)})
    await source._take()
    under_way.append([3, 4])
    await source._take()
    await deliver()
    assert ledger.pending() == 2
    source._thread.found = {FIRST: records(5, 6)}
    await source._take()
    assert ledger.pending() == 4
    assert ledger.committable() == {}


async def test_partitions_that_are_taken_back_while_others_are_delivered_are_put_back(source):
    async def deliver():
        source.work.ledger.done_all("raw", 0, [3, 4])
        source.flow_active = False

    source.work = work(idle=deliver)
    source._thread = Thread({FIRST: records(3, 4)})
    await source._take()
    assert await source._take() == {}
    assert source._thread.back == [{FIRST: 3}]
    assert source.work.ledger.committable() == {("raw", 0): 5}


async def test_a_rest_is_told_once_after_batches(source, monkeypatch):
    comes, told = [{}, {FIRST: records(3)}, {FIRST: records(4)}, {}, {}, {FIRST: records(5)}, {}], []

    async def handle(found):
        told.extend(record.offset for record in found[FIRST])

    def come():
        if len(comes) == 1:
            services.should_stop = True
        source._thread.found = comes.pop(0)

    services = SimpleNamespace(should_stop=False)
    source.work = work(handle=handle, on_rest=lambda: told.append("rest"))
    source._thread = Thread({}, come)
    monkeypatch.setattr(Source, "should_stop", False)
    await source._drain_messages(services)
    assert told == [3, 4, "rest", 5, "rest"]


@pytest.mark.parametrize("what", ["stopped", "given out anew"])
async def test_what_comes_while_partitions_are_taken_back_is_put_back(source, what):
    def change():
        if what == "stopped":
            source.flow_active = False
        else:
            source._turn += 1

    source._thread = Thread({FIRST: records(3, 4), SECOND: records(9)}, change)
    assert await source._take() == {}
    assert source._thread.back == [{FIRST: 3, SECOND: 9}]
    assert source.work.ledger.pending() == 0


async def test_a_partition_with_a_backlog_is_no_error(source, monkeypatch):
    partition = SimpleNamespace(highwater=90, position=10, timestamp=1_000_000_000)
    assignment = SimpleNamespace(active=True, state_value=lambda _: partition)
    fetcher = Fetcher({})
    fetcher._subscriptions = SimpleNamespace(subscription=SimpleNamespace(assignment=assignment))
    monkeypatch.setattr(Source, "assignment", lambda _: {TP("raw", 0)})
    monkeypatch.setattr(Source, "should_stop", False)
    monkeypatch.setattr(Source, "sleep", lambda *_: asyncio.sleep(0))
    source.app = SimpleNamespace(
        conf=SimpleNamespace(stream_processing_timeout=300.0),
        monitor=SimpleNamespace(stream_inbound_time={}),
        topics=SimpleNamespace(acks_enabled_for=lambda _: True),
    )
    told = []
    thread = source._thread = thread_with(Consumer(fetcher=fetcher))
    thread.consumer, thread.log = source, SimpleNamespace(error=lambda text, *_: told.append(text))
    thread.time_started, thread.tp_stream_timeout_secs, thread.tp_fetch_request_timeout_secs = -1_000.0, 300.0, 300.0
    await source.verify_all_partitions_active()
    assert told == []


async def test_only_an_assignment_that_came_counts(monkeypatch):
    """Before a worker has joined its group, Kafka takes from it what it never had."""

    async def nothing(*_):
        pass

    monkeypatch.setattr(faust_driver.Consumer, "on_partitions_revoked", nothing)
    monkeypatch.setattr(faust_driver.Consumer, "on_partitions_assigned", nothing)
    told = []
    consumer = Source.__new__(Source)
    consumer.work, consumer._turn = work(on_assignment=told.append), 0
    await consumer.on_partitions_revoked(set())
    await consumer.on_partitions_assigned({TP("raw", 0), TP("raw", 2)}, 1)
    await consumer.on_partitions_revoked({TP("raw", 0), TP("raw", 2)})
    await consumer.on_partitions_assigned(set(), 2)
    assert told == [None, frozenset({0, 2}), None, frozenset()]
