"""Redis's errors, mapped to ours at the edge."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from redis import exceptions

from streams.errors import CatalogError, ConflictError, InputError, StoreUnavailableError
from streams.events.read import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ERRORS", "map_error", "redis_errors"]

_AWAY: Final = "See whether Redis runs and WASL_REDIS_URL names it; the same call may succeed later."
_REFUSED: Final = "See the settings of Redis and the rights of its user."

ERRORS: Final[tuple[tuple[type[Exception], type[CatalogError], str], ...]] = (
    (exceptions.WatchError, ConflictError, "Try again."),
    (exceptions.AuthenticationError, CatalogError, "Correct the user and password in WASL_REDIS_URL."),
    (exceptions.AuthorizationError, CatalogError, _REFUSED),
    (exceptions.BusyLoadingError, StoreUnavailableError, _AWAY),
    (exceptions.ReadOnlyError, StoreUnavailableError, _AWAY),
    (exceptions.OutOfMemoryError, StoreUnavailableError, "Give Redis more memory, or prune what else it holds."),
    (exceptions.ConnectionError, StoreUnavailableError, _AWAY),
    (exceptions.TimeoutError, StoreUnavailableError, _AWAY),
    (exceptions.ClusterError, StoreUnavailableError, _AWAY),
    (exceptions.TryAgainError, StoreUnavailableError, _AWAY),
    (exceptions.ResponseError, CatalogError, _REFUSED),
    (exceptions.RedisError, CatalogError, _REFUSED),
    # What redis-py lets through from the socket.
    (OSError, StoreUnavailableError, _AWAY),
)
"""What each class of error becomes, the first that fits, and the remedy."""


def map_error(error: Exception, action: str) -> CatalogError:
    """Return our error for one of Redis's.

    Args:
        error: What redis-py raised.
        action: What was being done, for the message: ``Reading the catalogue``.
    """
    if isinstance(error, exceptions.ExecAbortError) and "OOM" in str(error):
        # A Redis that fills up between two commands of a transaction says so when it discards the whole.
        error = exceptions.OutOfMemoryError(str(error))
    for theirs, ours, remedy in ERRORS:
        if isinstance(error, theirs):
            return ours(f"{action} failed: {type(error).__name__}: {error}.", remedy=remedy)
    return CatalogError(f"{action} failed: {type(error).__name__}: {error}.", remedy=_REFUSED)


@contextmanager
def redis_errors(action: str) -> Iterator[None]:
    """Raise what happens inside as ours.

    Raises:
        StoreUnavailableError: Redis cannot be reached just now.
        ConflictError: Somebody else wrote what was being watched.
        CatalogError: Redis refused.
        InputError: A text that was to be sent holds half a surrogate pair, as words of a command line may.
    """
    try:
        yield
    except UnicodeEncodeError as exc:
        raise InputError(
            f"{action} failed: {excerpt(exc.object)} cannot be written as UTF-8.", remedy="Give it in UTF-8."
        ) from exc
    except (exceptions.RedisError, OSError) as exc:
        raise map_error(exc, action) from exc
