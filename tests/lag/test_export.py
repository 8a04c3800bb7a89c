"""The exporter: what it shows, and what it shows when it sees nothing."""

from __future__ import annotations

import pytest
from aiohttp import ClientSession

from streams.errors import BrokerUnavailableError, SettingsError
from streams.lag.export import LagExporter
from streams.lag.history import LagHistory
from streams.lag.memory import MemoryOffsets
from streams.lag.watch import LagWatcher
from tests.support.clock import Clock


class Cluster(MemoryOffsets):
    """Answers, or not."""

    is_away = False

    def groups(self):
        if self.is_away:
            raise BrokerUnavailableError("Nobody answers.")
        return super().groups()


class World:
    def __init__(self, history=None):
        self.clock = Clock()
        self.cluster = Cluster()
        self.cluster.create("t")
        self.cluster.append("t", 900.0, 910.0)
        self.cluster.commit("g", "t", 1)
        self.exporter = LagExporter(
            LagWatcher(self.cluster, clock=self.clock, history=history),
            cluster="news",
            interval=10.0,
            clock=self.clock,
            timer=self.clock,
        )
        self.address = ""

    async def get(self, path):
        async with ClientSession() as session, session.get(f"{self.address}{path}") as answer:
            text = await answer.text()
            return answer.status, text

    async def lines(self):
        _, text = await self.get("/metrics")
        return set(text.splitlines())


@pytest.fixture
async def world():
    made = World()
    made.address = f"http://127.0.0.1:{await made.exporter.start('127.0.0.1', 0)}"
    yield made
    await made.exporter.stop()


LAG = 'kafka_consumergroup_lag{consumergroup="g",partition="0",topic="t"} 1.0'
SECONDS = 'kafka_consumergroup_group_lag_seconds{cluster_name="news",group="g",partition="0",topic="t"} 90.0'


async def test_lag_is_shown_with_the_names_that_dashboards_know(world):
    assert (await world.get("/readyz"))[0] == 503
    assert (await world.get("/healthz"))[0] == 200
    await world.exporter.look()
    lines = await world.lines()
    assert {LAG, SECONDS, "wasl_lag_looks_total 1.0", "wasl_lag_looked_timestamp_seconds 1000.0"} <= lines
    assert 'kafka_consumergroup_poll_time_ms{cluster_name="news"} 0.0' in lines
    assert "wasl_lag_history_usable 1.0" in lines
    assert 'wasl_lag_lost_records_total{group="g",partition="0",topic="t"} 0.0' in lines
    assert await world.get("/readyz") == (200, '{"status": "ok", "cluster": "memory"}')
    async with ClientSession() as session, session.get(f"{world.address}/metrics") as answer:
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"


async def test_a_failure_is_a_metric_and_soon_no_old_figure_is_shown(world, caplog):
    await world.exporter.look()
    world.cluster.is_away = True
    for number in range(1, 4):
        world.clock.now += 10.0
        await world.exporter.look()
        lines = await world.lines()
        assert f'wasl_lag_errors_total{{code="broker.unavailable"}} {number}.0' in lines
        assert LAG in lines
    assert caplog.text.count("lag cannot be seen") == 1
    assert (await world.get("/healthz"))[0] == 200
    world.clock.now += 0.1
    assert [line for line in await world.lines() if line.startswith("kafka_") and "{" in line] == []
    status, text = await world.get("/healthz")
    assert status == 503
    assert "Nobody answers." in text
    assert '"code": "broker.unavailable"' in text
    world.cluster.is_away = False
    await world.exporter.look()
    assert LAG in await world.lines()
    assert (await world.get("/healthz"))[0] == 200


async def test_groups_that_are_gone_are_no_longer_shown(world):
    await world.exporter.look()
    world.cluster.remove_group("g")
    await world.exporter.look()
    assert [line for line in await world.lines() if 'group="g"' in line] == []


async def test_a_history_that_is_not_usable_is_said(tmp_path):
    (tmp_path / "in-the-way").write_text("a file")
    world = World(LagHistory(tmp_path / "in-the-way" / "lag.sqlite3", keep=100))
    world.address = f"http://127.0.0.1:{await world.exporter.start('127.0.0.1', 0)}"
    await world.exporter.look()
    assert "wasl_lag_history_usable 0.0" in await world.lines()
    status, text = await world.get("/healthz")
    assert status == 200
    assert "cannot be written" in text
    await world.exporter.stop()


async def test_an_address_that_is_taken_is_an_error(world):
    port = int(world.address.rpartition(":")[2])
    with pytest.raises(SettingsError, match=f"127.0.0.1:{port}"):
        await World().exporter.start("127.0.0.1", port)
