"""What a worker knows about itself, and what health and readiness make of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streams.errors import WaslError

__all__ = ["CatalogState", "WorkerState", "health", "readiness"]


@dataclass(slots=True)
class WorkerState:
    """A worker's state; written by the worker, read by its endpoint and its watchdog.

    Attributes:
        assigned: Partitions that it reads, none for a spare worker; None until Kafka has said so, at first and after
            it has taken them back to give them out anew.
        in_hand: Articles taken whose output is not yet acknowledged.
        delivering_since: When the batch under way was handed to Kafka, in seconds of the worker's clock; None where
            none is.
        is_stopping: Whether it was asked to end.
        failure: Why it is about to end with an error.
    """

    assigned: frozenset[int] | None = None
    in_hand: int = 0
    delivering_since: float | None = None
    is_stopping: bool = False
    failure: WaslError | None = None


@dataclass(frozen=True, slots=True)
class CatalogState:
    """The catalogue that a worker uses.

    Attributes:
        version: Its version; None where none is loaded.
        is_live: Whether changes of it arrive.
        reason: Why they do not.
    """

    version: str | None = None
    is_live: bool = field(default=False)
    reason: str | None = None


def health(state: WorkerState) -> tuple[int, dict[str, Any]]:
    """Return the HTTP status and the document of ``/livez``: whether the process should go on living."""
    if state.failure is not None:
        return 503, {"status": "failed", "reason": state.failure.message, "code": state.failure.code}
    return 200, {"status": "stopping" if state.is_stopping else "ok"}


def readiness(state: WorkerState, catalog: CatalogState) -> tuple[int, dict[str, Any]]:
    """Return the HTTP status and the document of ``/readyz``: whether articles are being linked."""
    reasons = []
    if state.failure is not None:
        reasons.append(state.failure.message)
    if state.is_stopping:
        reasons.append("The worker is stopping.")
    if state.assigned is None:
        reasons.append("Kafka has not yet given this worker its partitions.")
    if catalog.version is None:
        reasons.append("No catalogue is loaded yet.")
    document: dict[str, Any] = {
        "status": "ready" if len(reasons) == 0 else "not ready",
        "partitions": None if state.assigned is None else sorted(state.assigned),
        "articles_in_hand": state.in_hand,
        "catalog": {"version": catalog.version, "is_live": catalog.is_live},
    }
    if len(reasons) > 0:
        document["reason"] = " ".join(reasons)
        document["reasons"] = reasons
    elif not catalog.is_live:
        reason = "The catalogue's store cannot be reached." if catalog.reason is None else catalog.reason
        document["notice"] = f"Catalogue changes do not arrive; the last known version is used. {reason}"
    return (200 if len(reasons) == 0 else 503), document
