"""All that the page shows of a running Wasl, gathered from what the ports tell; no clock and no I/O.

Length: one value's state and its one document; split, a reader would have to look up every field twice.
"""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from streams.errors import EventError
from streams.events.dead import decode_dead_letter
from streams.events.enriched import decode_enriched_article
from streams.web.documents import article_document, group_document
from streams.web.history import History, Sample
from streams.web.sizing import BUSY, Cost, load_cost, needed
from streams.web.text import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.errors import WaslError
    from streams.events.enriched import EnrichedArticle
    from streams.lag.compute import GroupLag
    from streams.web.ports import CatalogSeen, WorkerSeen

__all__ = ["ARTICLES", "Board"]

ARTICLES: Final = 30
"""Enriched articles that are kept."""

_CAUSES: Final = 100
_UNREADABLE: Final = "unreadable"


@dataclass(slots=True)
class _Cause:
    """Dead letters of one cause."""

    code: str
    stage: str
    count: int = 0
    last_at: str | None = None
    message: str = ""
    remedy: str = ""
    article_id: str | None = None
    position: str | None = None
    attempts: int = 1


class Board:
    """What is known now.

    Args:
        group: The consumer group of the workers, whose lag is drawn.
        cost: What an article was measured to cost; None takes the newest record.
    """

    def __init__(self, group: str, *, cost: Cost | None = None) -> None:
        self._group = group
        self._cost = load_cost() if cost is None else cost
        self._history = History()
        self._sample: Sample | None = None
        self._groups: tuple[GroupLag, ...] = ()
        self._workers: tuple[WorkerSeen, ...] = ()
        self._catalog: CatalogSeen | None = None
        self._catalog_since: float | None = None
        self._causes: dict[str, _Cause] = {}
        self._dead = 0
        self._articles: deque[tuple[int, EnrichedArticle]] = deque(maxlen=ARTICLES)
        self._seen = 0
        self._unreadable = 0
        self._notices: dict[str, WaslError] = {}

    def take_lag(self, groups: Sequence[GroupLag], *, now: float) -> None:
        """Take in how far the groups are behind.

        Args:
            groups: Every group that is watched.
            now: Seconds since 1970-01-01 UTC.
        """
        self._groups = tuple(groups)
        own = next((group for group in groups if group.group == self._group), None)
        if own is None:
            self._sample = Sample(now)
        else:
            partitions = own.partitions
            self._sample = Sample(
                now,
                lag=own.lag,
                lag_seconds=own.lag_seconds,
                arriving=_total(each.arrival_rate for each in partitions),
                done=_total(each.rate for each in partitions),
            )
        self._history.add(self._sample)
        self._notices.pop("lag", None)

    def take_workers(self, workers: Sequence[WorkerSeen]) -> None:
        """Take in the workers."""
        self._workers = tuple(workers)
        self._notices.pop("workers", None)

    def take_catalog(self, seen: CatalogSeen, *, now: float) -> None:
        """Take in the state of the catalogue.

        Args:
            seen: The state.
            now: Seconds since 1970-01-01 UTC.
        """
        if self._catalog is None or self._catalog.version != seen.version:
            self._catalog_since = now
        self._catalog = seen
        self._notices.pop("catalog", None)

    def take_enriched(self, values: Sequence[bytes], *, skipped: int = 0) -> list[dict[str, Any]]:
        """Take in enriched articles, and return them as the page shows them, oldest first.

        Args:
            values: Values of their records.
            skipped: How many came before them and are not looked at.
        """
        self._seen += skipped
        self._notices.pop("tail", None)
        documents = []
        for value in values:
            self._seen += 1
            try:
                article = decode_enriched_article(value)
            except EventError:
                self._unreadable += 1
                continue
            self._articles.append((self._seen, article))
            documents.append(article_document(article, self._seen))
        return documents

    def take_dead(self, values: Sequence[bytes]) -> None:
        """Take in dead letters."""
        for value in values:
            self._dead += 1
            try:
                letter = decode_dead_letter(value)
            except EventError as exc:
                cause = self._cause(_UNREADABLE, "receiving")
                cause.message, cause.remedy = shown(exc.message), shown(exc.remedy)
                continue
            origin, failure = letter.origin, letter.failure
            cause = self._cause(failure.code, failure.stage)
            cause.last_at = letter.failed_at
            cause.message, cause.remedy = shown(failure.message), shown(failure.remedy)
            cause.article_id = None if letter.article_id is None else shown(letter.article_id)
            cause.position = f"{shown(origin.topic)} {origin.partition} @ {origin.offset}"
            cause.attempts = letter.attempts

    def take_error(self, source: str, error: WaslError) -> None:
        """Note that a source does not answer; it is forgotten as soon as it does.

        What it last said of how far the workers are behind, or of changes that arrive, is no longer known to be so.

        Args:
            source: ``lag``, ``workers``, ``catalog``, ``tail`` or ``view``.
            error: Why.
        """
        self._notices[source] = error
        if source == "lag":
            self._sample = None

    def forget_error(self, source: str) -> None:
        """Note that a source answers again."""
        self._notices.pop(source, None)

    def article(self, number: int) -> dict[str, Any] | None:
        """Return an article whole; None where it is no longer kept."""
        found = next((article for kept, article in self._articles if kept == number), None)
        return None if found is None else article_document(found, number, clip=None)

    def live(self) -> dict[str, Any]:
        """Return what changes all the time, without history and articles."""
        return {
            "sample": None if self._sample is None else self._sample.row(),
            "group": self._group,
            "groups": [group_document(group) for group in self._groups],
            "workers": [_worker(worker) for worker in self._workers],
            "catalog": self._catalog_document(),
            "dead": self._dead_document(),
            "seen": self._seen,
            "sizing": self._sizing_document(),
            "unreadable": self._unreadable,
            "notices": [
                {"source": source, "code": error.code, "message": error.message, "remedy": error.remedy}
                for source, error in sorted(self._notices.items())
            ],
        }

    def whole(self) -> dict[str, Any]:
        """Return all there is, for a page that has just come."""
        return {
            **self.live(),
            "history": self._history.rows(),
            "articles": [article_document(article, number) for number, article in self._articles],
        }

    def _cause(self, code: str, stage: str) -> _Cause:
        code = shown(code)
        if code not in self._causes and len(self._causes) >= _CAUSES:
            code = "other"
        cause = self._causes.setdefault(code, _Cause(code, stage))
        cause.count += 1
        return cause

    def _catalog_document(self) -> dict[str, Any] | None:
        seen = self._catalog
        if seen is None:
            return None
        is_told = "catalog" not in self._notices
        return {
            "version": seen.version,
            "since": self._catalog_since,
            "sequence": seen.sequence,
            "counts": seen.counts,
            "by_type": seen.by_type,
            "changes": list(seen.changes),
            "is_live": seen.is_live and is_told,
            "age": round(seen.age, 1) if seen.age is not None and is_told else None,
            "copy_version": seen.copy_version,
            "overlay": seen.overlay,
        }

    def _sizing_document(self) -> dict[str, Any] | None:
        """What the present rate asks for; None while no rate is known."""
        if self._sample is None or self._sample.arriving is None:
            return None
        need = needed(self._sample.arriving, self._cost.article_us)
        return {
            "cores": round(need.cores, 3),
            "workers": need.workers,
            "partitions": need.partitions,
            "most": round(BUSY * 1e6 / self._cost.article_us, 1),
            "measured": asdict(self._cost),
        }

    def _dead_document(self) -> dict[str, Any]:
        causes = sorted(self._causes.values(), key=lambda cause: (-cause.count, cause.code))
        return {
            "total": self._dead,
            "causes": [
                {
                    "code": cause.code,
                    "stage": cause.stage,
                    "count": cause.count,
                    "last_at": cause.last_at,
                    "message": cause.message,
                    "remedy": cause.remedy,
                    "article_id": cause.article_id,
                    "position": cause.position,
                    "attempts": cause.attempts,
                }
                for cause in causes
            ],
        }


def _total(values: Any) -> float | None:
    known = [value for value in values if value is not None]
    return max(0.0, sum(known)) if len(known) > 0 else None


def _worker(worker: WorkerSeen) -> dict[str, Any]:
    return {
        "name": shown(worker.name),
        "partitions": None if worker.partitions is None else list(worker.partitions),
        "is_ready": worker.is_ready,
        "in_hand": worker.in_hand,
        "catalog": None if worker.catalog is None else shown(worker.catalog),
        "is_live": worker.is_live,
        "note": None if worker.note is None else shown(worker.note),
    }
