"""A monitor page on ports in memory, served from a thread, and a real Chromium that opens it."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from dataclasses import dataclass, field
from typing import Any

import pytest

from streams.catalog.memory import MemoryStore
from streams.catalog.records import Record
from streams.catalog.snapshot import view_of
from streams.events.article import RawArticle, Source
from streams.events.dead import DeadLetter, Failure, Origin, encode_dead_letter
from streams.events.enriched import EnrichedArticle, encode_enriched_article
from streams.events.entity import Alias, Entity
from streams.lag.compute import Observation, group_lags
from streams.linking.enrich import LINKER, link_article
from streams.settings import MonitorSettings
from streams.web.board import Board
from streams.web.editor import Editor
from streams.web.live import Live
from streams.web.memory import MemoryCatalog, MemoryLag, MemoryTail, MemoryWorkers
from streams.web.playground import Playground
from streams.web.ports import Arrived, CatalogSeen, WorkerSeen
from streams.web.server import Server
from streams.web.versions import Versions

TOKEN = "0123456789abcdef-secret"
GROUP = "wasl-linker"
NOW = 1_795_470_000.0
SECTIONS = ("overview", "articles", "try", "catalogue", "dead")
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'`&lt;"

ENTITIES = (
    Entity(
        "Q182477",
        "organization",
        {"en": "Nvidia", "ar": "إنفيديا"},
        {"en": (Alias("NVIDIA Corp", 7),)},
        description="chip designer",
        related=("Q305177",),
        external_ids={"lei": "549300S4KLFTLO7GSQ80"},
    ),
    Entity("Q305177", "person", {"en": "Jensen Huang", "ar": "جنسن هوانغ"}, description="head of Nvidia"),
    Entity("Q3692", "place", {"en": "Riyadh", "ar": "الرياض"}),
    Entity(
        "local:hostile",
        "product",
        {"en": HOSTILE, "ar": "خبيث"},
        {"en": (Alias("Hostile Corp"),)},
        description=f"javascript:alert(3) {HOSTILE}",
        external_ids={HOSTILE[:40]: HOSTILE},
    ),
)
ARTICLE = RawArticle(
    "a-1",
    "Nvidia opens an office in Riyadh",
    "Jensen Huang spoke in Riyadh 🎉. Huang thanked Qalamoun Robotics. قالت إنفيديا إن المكتب سيفتح.",
    source=Source(name="Gulf Wire"),
)
EVIL = RawArticle(
    HOSTILE,
    f"{HOSTILE} Hostile Corp",
    f"{HOSTILE}\u202e Hostile Corp \u2066 Nvidia {'x' * 600}",
    source=Source(name=HOSTILE),
)


def enriched(article: RawArticle, view: Any) -> bytes:
    links = link_article(article, view)
    return encode_enriched_article(
        EnrichedArticle(
            article, links.language, links.mentions, links.entities, LINKER, view.version, "2026-11-23T10:00:00Z"
        )
    )


def dead(code: str, message: str = "It is no JSON.", *, article_id: str | None = "a-9") -> bytes:
    return encode_dead_letter(
        DeadLetter(
            Origin("articles.raw", 3, 17, b"k", b"not json"),
            Failure(code, "receiving", message, "Send JSON."),
            attempts=1,
            failed_at="2026-11-23T10:00:00Z",
            article_id=article_id,
        )
    )


def lag(at: float, *, committed: int = 90, end: int = 100) -> Any:
    """A group as it is after two looks, ten seconds apart."""
    first = Observation(at - 10, GROUP, "articles.raw", 0, committed - 30, end - 40, members=1)
    now = Observation(at, GROUP, "articles.raw", 0, committed, end, committed_timestamp=at - 4, members=1)
    return group_lags([(first, now)])


@dataclass
class Monitor:
    """A running page, and all that is behind it."""

    settings: MonitorSettings = field(default_factory=lambda: MonitorSettings(port=0, token=TOKEN))
    is_open: bool = False
    every: float = 0.1

    def __post_init__(self) -> None:
        self.store = MemoryStore()
        self.store.put_many(ENTITIES)
        self.view = view_of(Record(entity.id, entity) for entity in ENTITIES)
        stats = self.store.stats()
        self.catalog = MemoryCatalog(
            self.view,
            CatalogSeen(
                version=stats.version,
                sequence=stats.sequence,
                counts={"entities": 4, "retired": 0, "redirects": 0, "names": 8},
                by_type=stats.by_type,
                is_live=True,
                age=0.0,
                copy_version=stats.version,
            ),
        )
        self.lag = MemoryLag(lag(NOW))
        self.tail = MemoryTail()
        self.workers = MemoryWorkers((WorkerSeen("127.0.0.1:6066", (0, 1), True, 3, stats.version, True),))
        self.board = Board(GROUP)
        self.time = NOW
        self.loop = asyncio.new_event_loop()
        self.port = 0
        self._ready = threading.Event()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self.loop.run_until_complete, args=(self._serve(),), daemon=True)
        self.published = threading.Event()
        self._thread.start()
        assert self._ready.wait(10)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def now(self) -> float:
        self.time += 2.0
        return self.time

    def arrive(self, *articles: RawArticle, letters: tuple[bytes, ...] = ()) -> None:
        self.tail.waiting.append(Arrived(tuple(enriched(each, self.view) for each in articles), letters))

    async def _serve(self) -> None:
        live = Live(
            self.board,
            lag=self.lag,
            tail=self.tail,
            workers=self.workers,
            catalog=self.catalog,
            clock=self.now,
            every=self.every,
            backoff=self.every,
        )
        playground = Playground(self.catalog, max_text=self.settings.max_text)
        editor = Editor(self.store, clock=lambda: "2026-11-23T10:00:00Z")
        server = Server(
            self.settings,
            board=self.board,
            live=live,
            editor=editor,
            versions=Versions(self.store, clock=lambda: "2026-11-23T10:00:00Z", publish=self._publish),
            playground=playground,
            is_open=self.is_open,
            version="9.9.9",
        )
        self.port = await server.start()
        live.start()
        self._ready.set()
        await self._ended.wait()
        await live.stop()
        await server.stop()
        playground.close()

    def _publish(self) -> None:
        self.published.set()

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(15)
        assert not self._thread.is_alive()
        self.loop.close()


def find_chromium() -> str:
    """The path of Chromium; without one a test fails in CI, and is skipped elsewhere."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path is not None:
            return path
    reason = "no Chromium is installed; on Debian: apt-get install chromium"
    if os.environ.get("CI", "") != "":
        pytest.fail(reason)
    pytest.skip(reason)


def go(page: Any, section: str) -> None:
    """Go to a section of the page by its link."""
    page.click(f'nav a[href="#{section}"]')
    page.wait_for_selector(f"#view-{section}:not([hidden])")


def fed(monitor: Monitor) -> Monitor:
    """Let an article and three dead letters arrive."""
    monitor.arrive(ARTICLE, letters=(dead("event.undecodable"), dead("event.invalid"), dead("event.undecodable")))
    return monitor
