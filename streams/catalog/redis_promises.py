"""What a Redis promises of its data by its settings, held against what a catalogue needs.

Nothing else would tell: a Redis that keeps nothing on disk, or that evicts what is seldom read, answers like any other
until it has forgotten a part of the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from redis.exceptions import RedisError, ResponseError

from streams.catalog.redis_errors import map_error

__all__ = ["BrokenPromise", "broken_promises"]

_NEEDED: Final = (
    (
        "appendonly",
        "yes",
        "it writes no change to disk when it is made; edits since its last dump, or all of them, are lost when it ends",
    ),
    ("appendfsync", "always", "edits of the last seconds that were answered are lost when it is killed"),
    ("maxmemory-policy", "noeviction", "it removes parts of the catalogue where memory is short"),
)


@dataclass(frozen=True, slots=True)
class BrokenPromise:
    """Something that a Redis does not promise.

    Attributes:
        message: What, and what follows from it.
        remedy: What to do about it.
    """

    message: str
    remedy: str


def broken_promises(client: Any) -> tuple[BrokenPromise, ...]:
    """Ask a Redis for the settings on which the catalogue rests, and return what it does not promise.

    Args:
        client: From `streams.catalog.redis_.connect`.

    Raises:
        CatalogError: Redis does not answer.
    """
    found: dict[str, str] = {}
    refusal = "it names none of its settings"
    try:
        for name, _, _ in _NEEDED:
            found |= client.config_get(name)
    except ResponseError as exc:
        refusal = str(exc)
    except (RedisError, OSError) as exc:
        raise map_error(exc, "Asking for the settings of Redis") from exc
    if len(found) == 0:
        wanted = ", ".join(f"{name} {value}" for name, value, _ in _NEEDED)
        return (
            BrokenPromise(
                f"Redis cannot be asked whether it keeps the catalogue: {refusal}.",
                f"See in the settings of its service that it has {wanted}, or what comes to the same.",
            ),
        )
    if found.get("appendonly") != "yes":
        found.pop("appendfsync", None)  # there is nothing to sync
    return tuple(
        BrokenPromise(
            f"Redis has {name} {found[name]}: {why}.",
            f"Run `redis-cli config set {name} {value}`, and write it to its redis.conf.",
        )
        for name, value, why in _NEEDED
        if name in found and found[name] != value
    )
