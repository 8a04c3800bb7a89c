"""The catalogue of a run: a Redis of its own, entities that all articles name, and which version was live when.

One entity carries a mark that changes with every version, so that an event shows in its content which version it was
linked with, whatever it says.
"""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from chaos.proxy import TcpProxy
from streams.catalog.publish import publish
from streams.catalog.redis_ import RedisStore, connect
from streams.embedded.redis_ import redis_url, start_redis
from streams.errors import WaslError
from streams.events.change import CatalogChange
from streams.events.entity import Alias, Entity
from streams.settings import RedisSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streams.embedded.server import Server

__all__ = ["MARKED", "LiveVersion", "Shelf"]

MARKED: Final = "local:chaosmark"
"""Id of the entity whose external id ``mark`` changes with every version."""

_ENTITIES: Final = (
    Entity("Q182477", "organization", {"en": "Nvidia", "ar": "إنفيديا"}, prior=0.9),
    Entity("Q85", "place", {"en": "Cairo", "ar": "القاهرة"}, prior=0.9),
    Entity("Q305177", "person", {"en": "Jensen Huang", "ar": "جنسن هوانغ"}, {"ar": (Alias("هوانغ"),)}, prior=0.8),
    Entity("Q312", "organization", {"en": "Apple Inc.", "ar": "آبل"}, {"en": (Alias("Apple"),)}, prior=0.9),
)


@dataclass(frozen=True, slots=True)
class LiveVersion:
    """A version of the catalogue, and when it was live.

    Attributes:
        version: Its name.
        mark: What the marked entity carries in it.
        since: When it may have gone live at the earliest, in seconds since the epoch.
        until: When it may have ceased to be at the latest; infinite for the last.
    """

    version: str
    mark: str
    since: float
    until: float = float("inf")


class Shelf:
    """Redis with a catalogue, behind a proxy; started with the object.

    Args:
        folder: Where its data are; a new one.
        clock: Seconds since the epoch.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock
        self._lock = threading.Lock()
        self._mark = 0
        self.versions: list[LiveVersion] = []
        self.server = start_redis(folder / "redis0", persistent=True)
        self._servers = [self.server]
        self.proxy = TcpProxy(self.server.port)
        self.store = self._connected(self.server)
        self.fill()

    @property
    def url(self) -> str:
        """URL for workers, which leads through the proxy."""
        return f"redis://{self.proxy.address}/0"

    def fill(self) -> None:
        """Import the whole catalogue anew, with the next mark, and publish its snapshot."""
        with self._lock:
            self._mark += 1
            mark, since = self._mark, self._clock()
            self.store.put_many([*_ENTITIES, _marked(mark)], replace=True)
            self._note(mark, since)
            publish(self.store)

    def promote(self) -> bool:
        """Make a version with another mark live; return whether Redis took it."""
        with self._lock:
            self._mark += 1
            mark, since = self._mark, self._clock()
            try:
                self.store.apply(CatalogChange("set", MARKED, entity=_marked(mark)))
            except WaslError:
                with contextlib.suppress(WaslError):  # it may have been taken all the same
                    self._settle(since)
                return False
            self._note(mark, since)
            return True

    def settle(self) -> None:
        """Note what is live, after something happened to Redis."""
        with self._lock:
            self._settle(self._clock())

    def fail_over(self) -> None:
        """Have a second Redis follow the first, kill the first, and lead everybody to the second."""
        second = start_redis(self._folder / f"redis{len(self._servers)}", persistent=True)
        self._servers.append(second)
        with self._lock:
            store = self._connected(second)
            store.client.replicaof("127.0.0.1", self.server.port)
            deadline = time.monotonic() + 20
            while store.client.info("replication")["master_link_status"] != "up":
                if time.monotonic() > deadline:
                    raise TimeoutError("the second Redis does not follow the first")
                time.sleep(0.02)
            began = self._clock()
            self.server.kill()
            store.client.replicaof("NO", "ONE")
            self.store.client.close()
            self.server, self.store = second, store
            self.proxy.lead_to(second.port)
            self._settle(began)

    def close(self) -> None:
        """End it."""
        self.store.client.close()
        self.proxy.close()
        for server in self._servers:
            server.resume()
            server.kill()
            server.close()

    def _connected(self, server: Server) -> RedisStore:
        return RedisStore(connect(RedisSettings(url=redis_url(server)), timeout=2.0), buckets=4)

    def _settle(self, since: float) -> None:
        entity = self.store.get(MARKED)
        if entity is not None:
            mark = str(entity.external_ids["mark"])
            if mark != self.versions[-1].mark:
                self._note(int(mark), since)

    def _note(self, mark: int, since: float) -> None:
        now = self._clock()
        if len(self.versions) > 0:
            self.versions[-1] = replace(self.versions[-1], until=now)
        self.versions.append(LiveVersion(self.store.version(), str(mark), since))


def _marked(mark: int) -> Entity:
    return Entity(MARKED, "organization", {"en": "Chaosmark"}, external_ids={"mark": str(mark)})
