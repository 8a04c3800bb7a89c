"""The run itself: servers, one worker, what it can do, then most of that for a long time with ten stalls in between."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from kafka import KafkaConsumer, TopicPartition

from bench.process import cpu_of, memory_of, resident_of, tree_of
from chaos.crew import Crew
from chaos.soak.judge import Sample, Stall, caught_up, judge, minutes_of, planned
from chaos.soak.reader import read_outcomes
from chaos.soak.sender import send_articles
from streams.catalog.publish import publish
from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.starter import read_starter
from streams.embedded.apache import ApacheConfig, start_apache
from streams.embedded.options import EmbeddedOptions
from streams.embedded.redis_ import redis_url, start_redis
from streams.errors import BrokerError
from streams.events.change import CatalogChange
from streams.events.entity import Entity
from streams.kafka.admin import create_topics, open_admin
from streams.kafka.topics import declared_topics
from streams.settings import KafkaSettings, RedisSettings, Settings, TopicSettings, WorkerSettings
from streams.workers.watchdog import OffsetReader

if TYPE_CHECKING:
    from pathlib import Path

    from streams.embedded.server import Server

__all__ = ["Options", "run_soak"]

_PARTITIONS: Final = 4
_SESSION: Final = 10.0
_MARKED: Final = "local:soakmark"
# The embedded broker is made to start quickly; this one is to run well.
_JVM: Final = ("-Xms1g", "-Xmx1g", "-XX:+UseG1GC")
# Topics shrink behind the reader, which says so if they overtake it: an hour of articles fits no small disk.
_RETENTION: Final = {"segment.bytes": str(1 << 28), "retention.bytes": str(1 << 31)}
_EDIT_EVERY: Final = 60.0
_LOOK_EVERY: Final = 2.0

_Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How a soak is run.

    Attributes:
        minutes: How long the load lasts.
        warm_up: Minutes at its beginning that do not count.
        share: Share of the capacity that is sent.
        backlog: Records that are waiting when the capacity is measured.
        folder: For data and logs.
    """

    minutes: float
    warm_up: float
    share: float
    backlog: int
    folder: Path


@dataclass
class _Stage:
    """What runs: servers, the worker, the sender and the reader."""

    broker: Server
    redis: Server
    kafka: KafkaSettings
    store: RedisStore
    crew: Crew
    sender: Any
    reader: Any
    consumer: Any
    offsets: OffsetReader
    samples: list[Sample] = field(default_factory=list)
    edits: int = 0

    def written(self) -> int:
        """Return how many outcomes stand in the topics."""
        asked = [TopicPartition(self.kafka.topics.enriched, number) for number in range(_PARTITIONS)]
        asked.append(TopicPartition(self.kafka.topics.dead, 0))
        return sum(self.consumer.end_offsets(asked).values())

    def lag(self) -> int | None:
        """Return how many records the group has not committed; None where the broker does not say."""
        try:
            found = self.offsets.read("soak", self.kafka.topics.raw)
        except BrokerError:
            return None
        return sum(each.end - (each.committed or 0) for each in found.values())

    def sample(self, at: float, *, with_lag: bool) -> None:
        """Look at the worker and the lag."""
        pid = self.crew.pid(0)
        lag = self.lag() if with_lag else None
        if pid is None:
            return
        tree = tree_of(pid)
        cpu, pss, rss = (sum(map(of, tree)) for of in (cpu_of, memory_of, resident_of))
        if pss > 0:
            self.samples.append(Sample(round(at, 1), round(pss, 2), round(rss, 2), lag, round(cpu, 2), pid))

    def edit(self) -> None:
        """Change an entity of the catalogue, as editors do all day."""
        self.edits += 1
        marked = Entity(_MARKED, "organization", {"en": "Soakmark"}, external_ids={"mark": str(self.edits)})
        self.store.apply(CatalogChange("set", _MARKED, entity=marked))

    def begin(self, kind: str) -> None:
        """Begin a stall."""
        if kind.startswith("worker"):
            self.crew.send(0, signal.SIGSTOP)
        else:
            (self.broker if kind.startswith("broker") else self.redis).pause()

    def end(self, kind: str) -> None:
        """End it."""
        if kind.startswith("worker"):
            self.crew.send(0, signal.SIGCONT)
        else:
            (self.broker if kind.startswith("broker") else self.redis).resume()


def run_soak(options: Options, say: _Say) -> dict[str, Any]:
    """Run it, and return everything that was measured, as JSON's values.

    Args:
        options: How.
        say: Told what happens.

    Raises:
        TimeoutError: The worker does not work.
    """
    with ExitStack() as scope:
        stage = _set(scope, options.folder)
        capacity = _measure(stage, options, say)
        rate = capacity["per_second"] * options.share
        return {"capacity": capacity, "rate": round(rate, 1), **_load(stage, options, rate, say)}


def _set(scope: ExitStack, folder: Path) -> _Stage:
    broker = start_apache(folder / "kafka", EmbeddedOptions.from_env(), config=ApacheConfig(jvm_options=_JVM))
    scope.callback(broker.close)
    redis = start_redis(folder / "redis", persistent=True)
    scope.callback(redis.close)
    # A paused server cannot be asked to end.
    scope.callback(broker.resume)
    scope.callback(redis.resume)
    topics = TopicSettings("soak.raw", "soak.enriched", "soak.dead", "soak.unlinked")
    kafka = KafkaSettings(bootstrap_servers=broker.address, topics=topics)
    settings = Settings(kafka=kafka, worker=WorkerSettings(group="soak"))
    specs = [
        replace(spec, configs={**spec.configs, **_RETENTION})
        for spec in declared_topics(settings, partitions=_PARTITIONS)
    ]
    with open_admin(kafka) as admin:
        create_topics(admin, specs)
    store = RedisStore(connect(RedisSettings(url=redis_url(redis)), timeout=2.0))
    scope.callback(store.client.close)
    store.put_many(read_starter(), replace=True)
    publish(store)
    environment = {
        "WASL_KAFKA_BOOTSTRAP": broker.address,
        "WASL_TOPIC_RAW": topics.raw,
        "WASL_TOPIC_ENRICHED": topics.enriched,
        "WASL_TOPIC_DEAD": topics.dead,
        "WASL_TOPIC_UNLINKED": topics.unlinked,
        "WASL_REDIS_URL": redis_url(redis),
        "WASL_GROUP": "soak",
        "WASL_HTTP_PORT": "0",
        "WASL_SESSION_TIMEOUT": f"{_SESSION:g}",
    }
    crew = Crew(folder, environment, lambda number: folder / f"data{number}")
    scope.callback(crew.close)
    consumer = KafkaConsumer(bootstrap_servers=broker.address)
    scope.callback(consumer.close)
    offsets = OffsetReader(kafka)
    scope.callback(offsets.close)
    sender = _spawn(scope, send_articles, broker.address, topics.raw)
    reader = _spawn(scope, read_outcomes, broker.address, topics, _PARTITIONS)
    return _Stage(broker, redis, kafka, store, crew, sender, reader, consumer, offsets)


def _spawn(scope: ExitStack, target: Callable[..., None], *given: Any) -> Any:
    context = multiprocessing.get_context("spawn")
    mine, its = context.Pipe()
    process = context.Process(target=target, args=(its, *given), daemon=True)
    process.start()
    its.close()
    scope.callback(process.join, 10)
    scope.callback(mine.close)
    return mine


def _measure(stage: _Stage, options: Options, say: _Say) -> dict[str, Any]:
    """Have the worker work off a backlog, and take the rate of the middle of it."""
    say(f"sending a backlog of {options.backlog:,} records")
    stage.sender.send(("fill", options.backlog))
    _answer(stage.sender, 600)
    say("starting the worker")
    stage.crew.open(1)
    low, high = int(0.2 * options.backlog), int(0.95 * options.backlog)
    _when(stage, low // 2, within=120)
    # As in the hour to come: what was changed since the snapshot is searched beside it.
    stage.edit()
    first = _when(stage, low, within=120)
    pid = stage.crew.pid(0)
    cpu = -sum(map(cpu_of, tree_of(pid or 0)))
    last = _when(stage, high, within=600)
    cpu += sum(map(cpu_of, tree_of(pid or 0)))
    done, seconds = last[1] - first[1], last[0] - first[0]
    _when(stage, options.backlog, within=300)
    _until_none(stage, within=60)
    found = {
        "per_second": round(done / seconds, 1),
        "seconds": round(seconds, 1),
        "articles": done,
        "cpu_s_per_million": round(cpu / done * 1e6, 1),
    }
    say(f"capacity: {found}")
    return found


def _when(stage: _Stage, wanted: int, *, within: float) -> tuple[float, int]:
    deadline = time.monotonic() + within
    while (written := stage.written()) < wanted:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the worker wrote {written:,} records within {within:g} s; {wanted:,} were wanted")
        time.sleep(0.1)
    return time.monotonic(), written


def _until_none(stage: _Stage, *, within: float) -> int | None:
    deadline = time.monotonic() + within
    while (lag := stage.lag()) != 0 and time.monotonic() < deadline:
        time.sleep(0.5)
    return lag


def _load(stage: _Stage, options: Options, rate: float, say: _Say) -> dict[str, Any]:
    seconds, warm_up = options.minutes * 60, options.warm_up * 60
    stage.sender.send(("pace", rate, seconds))
    first, began_ms = _answer(stage.sender, 60)
    stage.reader.send(("pace", first, began_ms, rate))
    say(f"sending {rate:,.0f} records a second for {options.minutes:g} minutes")
    began = began_ms / 1_000
    stalls = _watch(stage, began, planned(seconds, warm_up), seconds, say)
    sent = _answer(stage.sender, 300)
    final_lag = _until_none(stage, within=180)
    stage.sender.send(("keep", options.folder))
    kept = _answer(stage.sender, 60)
    found = _read_all(stage, kept["sent"] - kept["refused"])
    stage.reader.send(("finish", options.folder))
    found = _answer(stage.reader, 600)
    last = stage.crew.close()
    starts = [stall.at for stall in stalls] + [seconds]
    stalls = [caught_up(stall, stage.samples, before=starts[number + 1]) for number, stall in enumerate(stalls)]
    minutes = minutes_of(found.pop("delays"), stalls, end=seconds)
    problems = sum(found["problems"].values()) + kept["refused"]
    verdicts = judge(stage.samples, minutes, stalls, warm_up=warm_up, final_lag=final_lag, problems=problems)
    return {
        "sender": {**sent, **kept},
        "final_lag": final_lag,
        "check": found,
        "edits": stage.edits,
        "ends": [[ended.code, round(ended.at - began, 1)] for ended in stage.crew.ends],
        "last_end": [ended.code for ended in last],
        "stalls": stalls,
        "minutes": minutes,
        "samples": stage.samples,
        "verdicts": verdicts,
    }


def _watch(stage: _Stage, began: float, plan: list[tuple[float, str, float]], seconds: float, say: _Say) -> list[Stall]:
    """Sample, edit and stall until the load ends."""
    stalls: list[Stall] = []
    under_way: tuple[float, str, float] | None = None
    looked = edited = 0.0
    while (now := time.time() - began) < seconds:
        if under_way is None and len(plan) > 0 and now >= plan[0][0]:
            _, kind, held = plan.pop(0)
            stage.begin(kind)
            under_way = (time.time() - began, kind, held)
            say(f"{now:.0f} s: {kind} for {held:g} s")
        elif under_way is not None and now >= under_way[0] + under_way[2]:
            stage.end(under_way[1])
            stalls.append(Stall(under_way[1], round(under_way[0], 1), round(time.time() - began, 1)))
            under_way = None
        elif now - looked >= _LOOK_EVERY:
            looked = now
            stage.sample(now, with_lag=under_way is None or not under_way[1].startswith("broker"))
        elif now - edited >= _EDIT_EVERY and under_way is None:
            edited = now
            stage.edit()
            say(_line(stage, now))
        time.sleep(0.1)
    return stalls


def _line(stage: _Stage, now: float) -> str:
    stage.reader.send(("count",))
    counts = _answer(stage.reader, 60)
    last = stage.samples[-1]
    return (
        f"{now:.0f} s: {last.pss:.1f} MB, lag {last.lag}, {counts['seen']:,} checked, {counts['duplicates']} twice, "
        f"{counts['relinked']} anew, problems {counts['problems']} {counts['words'][:2]}, ends {len(stage.crew.ends)}"
    )


def _read_all(stage: _Stage, wanted: int) -> dict[str, Any]:
    """Wait until every record has been seen with an outcome, or nothing more comes."""
    before = -1
    while True:
        stage.reader.send(("count",))
        counts: dict[str, Any] = _answer(stage.reader, 120)
        if counts["seen"] >= wanted or counts["seen"] == before:
            return counts
        before = counts["seen"]
        time.sleep(5.0)


def _answer(connection: Any, within: float) -> Any:
    if not connection.poll(within):
        raise TimeoutError(f"a process of the soak did not answer within {within:g} s")
    with suppress(EOFError):
        return connection.recv()
    raise TimeoutError("a process of the soak has ended; its last words stand above")
