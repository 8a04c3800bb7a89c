"""Looking again and again: what is reported, what is remembered, and what is asked of Kafka."""

from __future__ import annotations

import asyncio
import threading

import pytest

from streams.errors import BrokerUnavailableError
from streams.lag.compute import LagRules
from streams.lag.history import LagHistory
from streams.lag.memory import MemoryOffsets
from streams.lag.patterns import Patterns
from streams.lag.watch import LagWatcher
from tests.support.clock import Clock

RULES = LagRules(stall_after=60.0, warn_after=600.0, warn_seconds=10_000.0, rewound_for=200.0, rate_window=60.0)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def cluster():
    made = MemoryOffsets()
    made.create("t", partitions=2)
    made.append("t", 900.0, 910.0, 920.0, 930.0)
    return made


def watch(cluster, clock, **options):
    return LagWatcher(cluster, rules=RULES, clock=clock, **options)


async def look(watcher):
    """What is seen, by group, topic and partition."""
    groups = await watcher.observe()
    return {(each.group, each.topic, each.partition): each for group in groups for each in group.partitions}


async def test_a_group_is_there_once_it_has_committed_also_without_members(cluster, clock):
    watcher = watch(cluster, clock)
    assert await watcher.observe() == ()
    cluster.join("g", 2)
    assert await watcher.observe() == ()
    cluster.commit("g", "t", 1)
    [group] = await watcher.observe()
    assert (group.group, group.members, group.lag, group.lag_seconds, group.at) == ("g", 2, 3, 90.0, 1_000.0)
    assert [(each.partition, each.committed, each.lag) for each in group.partitions] == [(0, 1, 3), (1, None, None)]
    cluster.join("g", 0)
    clock.now += 100.0
    [group] = await watcher.observe()
    assert (group.members, group.lag_seconds, group.state) == (0, 190.0, "stopped")
    cluster.remove_group("g")
    assert await watcher.observe() == ()


async def test_only_what_is_chosen_is_asked_for_and_reported(cluster, clock):
    cluster.create("other")
    cluster.create("__internal")
    for group in ("wasl-a", "wasl-b", "else"):
        for topic in ("t", "other", "__internal"):
            cluster.commit(group, topic, 0)
    assert {key[:2] for key in await look(watch(cluster, clock))} == {
        (group, topic) for group in ("wasl-a", "wasl-b", "else") for topic in ("t", "other")
    }
    chosen = watch(cluster, clock, groups=Patterns.parse(["wasl-*,!*-b"]), topics=Patterns.parse(["t", "__*"]))
    assert {key[:2] for key in await look(chosen)} == {("wasl-a", "t"), ("wasl-a", "__internal")}


async def test_a_record_is_fetched_once_for_an_offset_and_again_after_a_minute(cluster, clock):
    watcher = watch(cluster, clock)
    cluster.commit("g", "t", 1)
    for _ in range(5):
        clock.now += 10.0
        assert (await look(watcher))["g", "t", 0].lag_seconds == clock.now - 910.0
    assert cluster.fetched == 1
    cluster.commit("g", "t", 2)
    assert (await look(watcher))["g", "t", 0].lag_seconds == clock.now - 920.0
    cluster.commit("g", "t", 4)
    assert (await look(watcher))["g", "t", 0].lag_seconds == 0.0
    assert cluster.fetched == 2
    cluster.commit("g", "t", 3)
    await look(watcher)
    clock.now += 60.0
    await look(watcher)
    assert cluster.fetched == 4


async def test_groups_at_several_offsets_of_a_partition_each_have_their_record(cluster, clock):
    for number in range(4):
        cluster.commit(f"g{number}", "t", number)
    found = await look(watch(cluster, clock))
    assert [found[f"g{number}", "t", 0].lag_seconds for number in range(4)] == [100.0, 90.0, 80.0, 70.0]


async def test_what_no_reader_sees_is_no_lag_until_a_record_follows(cluster, clock):
    watcher = watch(cluster, clock)
    cluster.append("t", None)
    cluster.commit("g", "t", 4)
    found = (await look(watcher))["g", "t", 0]
    assert (found.committed, found.end, found.lag, found.lag_seconds) == (4, 5, 0, 0.0)
    await look(watcher)
    assert cluster.fetched == 1
    cluster.append("t", 990.0)
    found = (await look(watcher))["g", "t", 0]
    assert (found.lag, found.lag_seconds) == (1, 10.0)


async def test_lost_records_are_counted_once_and_lag_counts_from_what_is_there(cluster, clock):
    watcher = watch(cluster, clock)
    cluster.commit("g", "t", 1)
    await look(watcher)
    assert watcher.lost == {("g", "t", 0): 0}
    cluster.drop_before("t", 3)
    for _ in range(3):
        found = (await look(watcher))["g", "t", 0]
        assert (found.lost, found.lag, found.lag_seconds) == (2, 1, 70.0)
        assert watcher.lost["g", "t", 0] == 2
    cluster.commit("g", "t", 3)
    assert (await look(watcher))["g", "t", 0].lost == 0
    cluster.append("t", 940.0, 950.0)
    cluster.drop_before("t", 5)
    await look(watcher)
    assert watcher.lost["g", "t", 0] == 4
    cluster.delete("t")
    await look(watcher)
    assert watcher.lost == {}


async def test_a_topic_that_is_gone_is_not_reported_and_made_anew_it_is_rewound(cluster, clock):
    watcher = watch(cluster, clock)
    cluster.commit("g", "t", 3)
    await look(watcher)
    cluster.delete("t")
    clock.now += 10.0
    assert await look(watcher) == {}
    cluster.create("t")
    cluster.append("t", 1_005.0, 1_006.0)
    cluster.commit("g", "t", 1)
    clock.now += 10.0
    found = (await look(watcher))["g", "t", 0]
    assert (found.state, found.lag, found.lag_seconds) == ("rewound", 1, 14.0)
    cluster.commit("g", "t", 2)
    assert (await look(watcher))["g", "t", 0].state == "ok"


async def test_a_restart_forgets_neither_states_nor_rates_nor_counts_losses_twice(cluster, clock, tmp_path):
    path = tmp_path / "state" / "lag.sqlite3"

    def begin():
        return watch(cluster, clock, history=LagHistory(path, keep=2 * RULES.window))

    watcher = begin()
    cluster.join("g", 1)
    cluster.commit("g", "t", 1)
    cluster.drop_before("t", 2)
    await look(watcher)
    clock.now += 50.0
    assert (await look(watcher))["g", "t", 0].state == "ok"
    clock.now += 10.0
    watcher = begin()
    found = (await look(watcher))["g", "t", 0]
    assert (found.state, found.rate, found.arrival_rate) == ("stalled", 0.0, 0.0)
    assert watcher.lost["g", "t", 0] == 0
    assert watcher.problem is None
    # Without the history, nothing of it is known.
    assert (await look(watch(cluster, clock)))["g", "t", 0].state == "ok"


async def test_the_history_of_another_cluster_is_not_taken(clock, tmp_path):
    path = tmp_path / "lag.sqlite3"
    for name, committed in (("one", 4), ("two", 1)):
        cluster = MemoryOffsets(name)
        cluster.create("t")
        cluster.append("t", 900.0, 910.0, 920.0, 930.0, 940.0)
        cluster.commit("g", "t", committed)
        watcher = watch(cluster, clock, history=LagHistory(path, keep=2 * RULES.window))
        assert (await look(watcher))["g", "t", 0].state == "ok", name
        assert watcher.cluster == name
        clock.now += 1.0


class Failing(MemoryOffsets):
    """Answers, or not."""

    is_away = False

    def groups(self):
        if self.is_away:
            raise BrokerUnavailableError("Nobody answers.")
        return super().groups()


async def test_what_was_seen_stays_when_kafka_does_not_answer(clock):
    cluster = Failing()
    cluster.create("t")
    cluster.append("t", 900.0, 910.0)
    cluster.commit("g", "t", 0)
    watcher = watch(cluster, clock)
    await look(watcher)
    cluster.is_away = True
    with pytest.raises(BrokerUnavailableError):
        await watcher.observe()
    cluster.is_away = False
    clock.now += 10.0
    cluster.commit("g", "t", 1)
    assert (await look(watcher))["g", "t", 0].rate == 0.1


class Slow(MemoryOffsets):
    """Lets nobody close it while it is asked."""

    def __init__(self):
        super().__init__()
        self.asked = threading.Event()
        self.answer = threading.Event()
        self.is_busy = False

    def groups(self):
        self.is_busy = True
        self.asked.set()
        assert self.answer.wait(10)
        self.is_busy = False
        return ()

    def close(self):
        assert not self.is_busy


async def test_a_look_that_is_cancelled_is_over_before_the_connections_are_closed(clock):
    cluster = Slow()
    watcher = watch(cluster, clock)
    looking = asyncio.ensure_future(watcher.observe())
    await asyncio.to_thread(cluster.asked.wait, 10)
    looking.cancel()
    closing = asyncio.ensure_future(watcher.close())
    done, _ = await asyncio.wait({closing}, timeout=0.05)
    assert done == set()
    cluster.answer.set()
    await closing
    with pytest.raises(asyncio.CancelledError):
        await looking
