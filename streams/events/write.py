"""Writing JSON, with errors of our own for what JSON cannot hold."""

from __future__ import annotations

from typing import Any

import orjson

from streams.errors import SchemaError

__all__ = ["dump"]


def dump(document: Any, event: str, *, sort_keys: bool = False) -> bytes:
    """Write ``document`` as UTF-8 JSON without white space.

    Args:
        document: Plain values, tuples and dataclasses.
        event: What is being written, for messages: ``raw article``.
        sort_keys: Whether equal documents must give equal bytes, whatever the order of their keys.

    Raises:
        SchemaError: A text holds a lone surrogate, or a value is none that JSON has.
    """
    try:
        return orjson.dumps(document, option=orjson.OPT_SORT_KEYS if sort_keys else None)
    except orjson.JSONEncodeError as exc:
        raise SchemaError(
            f"The {event} cannot be written as JSON: {exc}.",
            remedy="Replace lone surrogates, and numbers of more than 64 bits, before encoding.",
        ) from exc
