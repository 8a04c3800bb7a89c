"""Reading typed fields out of decoded JSON, with errors that name the field, the rule and the remedy.

All decoders of this room are built from these few functions, so that every event reports a broken rule in
the same words. Its counterpart for encoders is `streams.events.write`.

Length: the functions are few lines each and one vocabulary; in two modules a reader would have to guess in
which of them a word is.
"""

from __future__ import annotations

import datetime as dt
import re
import reprlib
from typing import TYPE_CHECKING, Any, Final

import orjson

from streams.errors import DecodeError, SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

__all__ = [
    "EXCERPT",
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_KEYS",
    "MAX_WHOLE",
    "check_depth",
    "choice",
    "decode_object",
    "excerpt",
    "external_ids",
    "flag",
    "items",
    "keyed",
    "known_only",
    "language_tag",
    "mismatch",
    "names",
    "number",
    "opaque",
    "required",
    "text",
    "texts",
    "timestamp",
    "whole",
]

MAX_DEPTH: Final = 32
"""Deepest nesting that a JSON event may have, the event itself being level 1; the parser stops at 1024."""

MAX_KEYS: Final = 1_000
"""Most languages, or schemes of ids, that one entity may have."""

EXCERPT: Final = 60
"""Characters of an offending value that an error message shows."""

# Well-formedness of RFC 5646 as far as linking cares: a language subtag, then subtags of 1 to 8 characters.
_LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\Z")

# The form of RFC 3339, section 5.6; which days a month has is asked of the calendar.
_TIMESTAMP: Final = re.compile(
    r"([0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))"
    r"[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]{1,9})?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])\Z"
)

MAX_WHOLE: Final = 2**53
"""Beyond this, JSON numbers are not whole in every language that may read them."""

MAX_BYTES: Final = 256 * 1024 * 1024
"""Largest JSON that is parsed at all; what may come from strangers has lower limits, such as WASL_MAX_RECORD_BYTES."""

# The built-in `repr` goes into every level and every item, and gives up with an error of its own at a depth.
_SHORT: Final = reprlib.Repr()
_SHORT.maxlevel = 3
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = EXCERPT


def excerpt(value: object) -> str:
    """Show ``value`` in an error message, shortened to ``EXCERPT`` characters.

    It costs little however large the value is, or however deeply it is nested: strangers send it.
    """
    if isinstance(value, (str, bytes)):
        shown = repr(value[: EXCERPT + 1])
        return shown if len(shown) <= EXCERPT else f"{shown[:EXCERPT]}… ({len(value)} characters)"
    shown = _SHORT.repr(value)
    return shown if len(shown) <= EXCERPT else f"{shown[:EXCERPT]}…"


def decode_object(data: bytes, event: str) -> dict[str, Any]:
    """Decode ``data`` into a JSON object.

    Args:
        data: The record's value.
        event: What is being read, for messages: ``raw article``.

    Raises:
        DecodeError: The bytes are not UTF-8 JSON, not an object, more than ``MAX_BYTES``, or nested too deeply.
    """
    if len(data) > MAX_BYTES:
        raise DecodeError(
            f"The {event} has {len(data)} bytes; at most {MAX_BYTES} are parsed.", remedy="Send smaller events."
        )
    if len(data) == 0:
        raise DecodeError(f"The {event} is empty (0 bytes).", remedy="Send a JSON object, or null for a tombstone.")
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as exc:
        raise DecodeError(
            f"The {event} is not valid JSON: {exc}. It begins with {excerpt(data[:EXCERPT])}.",
            remedy="Send one UTF-8 JSON object a record, without a byte order mark.",
        ) from exc
    if not isinstance(value, dict):
        raise DecodeError(
            f"The {event} is a JSON {_kind(value)}, not an object: {excerpt(value)}.",
            remedy="Send one JSON object a record.",
        )
    check_depth(value, event)
    return value


def check_depth(value: Any, event: str, *, limit: int = MAX_DEPTH) -> None:
    """Refuse JSON that is nested more deeply than ``limit``.

    Raises:
        DecodeError: The nesting is deeper.
    """
    level = [value]
    for _ in range(limit):
        level = [
            child
            for node in level
            if isinstance(node, (dict, list))
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, (dict, list))
        ]
        if len(level) == 0:
            return
    raise DecodeError(f"The {event} is nested more than {limit} levels deep.", remedy="Flatten it.")


def required(source: Mapping[str, Any], name: str, event: str) -> Any:
    """Return the value of a field that must be there and must not be null.

    Raises:
        SchemaError: The field is missing or null.
    """
    value = source.get(name)
    if value is None:
        state = "null" if name in source else "missing"
        raise SchemaError(f"The {event} has no {name}: it is {state}, and it is required.", remedy=f"Send {name}.")
    return value


def text(value: Any, path: str, *, most: int, least: int = 0) -> str:
    """Check that ``value`` is a string of ``least`` to ``most`` code points.

    Raises:
        SchemaError: It is not.
    """
    if not isinstance(value, str):
        raise _wrong(path, "a string", value)
    if not least <= len(value) <= most:
        raise SchemaError(
            f"{path} has {len(value)} characters; {least} to {most} are allowed.",
            remedy="Shorten it." if len(value) > most else "Fill it in or leave it out.",
        )
    return value


def texts(value: Any, path: str, *, most_items: int, most: int) -> tuple[str, ...]:
    """Check that ``value`` is a list of at most ``most_items`` strings of 1 to ``most`` code points.

    Raises:
        SchemaError: It is not.
    """
    return items(value, path, lambda item, at: text(item, at, most=most, least=1), most=most_items)


def items(value: Any, path: str, read: Callable[[Any, str], Any], *, most: int) -> tuple[Any, ...]:
    """Check that ``value`` is a list of at most ``most`` items, and read each with ``read(item, path)``.

    Raises:
        SchemaError: It is not, or an item breaks its rule.
    """
    if not isinstance(value, list):
        raise _wrong(path, "a list", value)
    if len(value) > most:
        raise SchemaError(f"{path} has {len(value)} items; at most {most} are allowed.", remedy="Split or drop some.")
    return tuple(read(item, f"{path}[{index}]") for index, item in enumerate(value))


def whole(value: Any, path: str, *, least: int = 0, most: int = MAX_WHOLE) -> int:
    """Check that ``value`` is a whole number from ``least`` to ``most``.

    ``1.0`` is a whole number in JSON Schema, and some serialisers write whole numbers so.

    Raises:
        SchemaError: It is not.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(path, "a whole number", value)
    if not least <= value <= most:
        raise SchemaError(f"{path} is {value}; {least} to {most} is allowed.", remedy="Correct it.")
    return value


def number(value: Any, path: str, *, least: float, most: float) -> float:
    """Check that ``value`` is a number from ``least`` to ``most``.

    Raises:
        SchemaError: It is not.
    """
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise _wrong(path, "a number", value)
    if not least <= value <= most:
        raise SchemaError(f"{path} is {value}; {least:g} to {most:g} is allowed.", remedy="Correct it.")
    return float(value)


def flag(value: Any, path: str) -> bool:
    """Check that ``value`` is true or false.

    Raises:
        SchemaError: It is not.
    """
    if not isinstance(value, bool):
        raise _wrong(path, "true or false", value)
    return value


def choice(value: Any, path: str, allowed: Collection[str]) -> str:
    """Check that ``value`` is one of the ``allowed`` words.

    Raises:
        SchemaError: It is not.
    """
    if not isinstance(value, str) or value not in allowed:
        raise SchemaError(
            f"{path} is {excerpt(value)}; one of {', '.join(sorted(allowed))} is allowed.", remedy="Correct it."
        )
    return value


def timestamp(value: Any, path: str) -> str:
    """Check that ``value`` is an RFC 3339 date and time with an offset, and return it as received.

    Raises:
        SchemaError: It is not.
    """
    shown = text(value, path, most=40, least=1)
    # `datetime.fromisoformat` takes more than RFC 3339, and not the same in every version of Python.
    found = _TIMESTAMP.match(shown)
    if found is None:
        raise _not_a_time(shown, path)
    try:
        dt.date.fromisoformat(found[1])
    except ValueError as exc:
        raise _not_a_time(shown, path) from exc
    return shown


def language_tag(value: Any, path: str) -> str:
    """Check that ``value`` has the form of a BCP 47 language tag.

    Raises:
        SchemaError: It has not.
    """
    tag = text(value, path, most=35, least=2)
    if _LANGUAGE_TAG.match(tag) is None:
        raise SchemaError(
            f"{path} is {excerpt(tag)}, not a BCP 47 language tag.", remedy="Send ar, en, pt-BR or the like."
        )
    return tag


def opaque(value: Any, path: str) -> dict[str, Any]:
    """Check that ``value`` is an object, and return it unread.

    Raises:
        SchemaError: It is not.
    """
    if not isinstance(value, dict):
        raise _wrong(path, "an object", value)
    return value


def keyed(value: Any, path: str) -> dict[str, Any]:
    """Check that ``value`` is an object of at most ``MAX_KEYS`` fields, and return it unread.

    Raises:
        SchemaError: It is not.
    """
    fields = opaque(value, path)
    if len(fields) > MAX_KEYS:
        raise SchemaError(f"{path} has {len(fields)} fields; at most {MAX_KEYS} are allowed.", remedy="Drop some.")
    return fields


def names(value: Any, path: str, *, most: int) -> dict[str, str]:
    """Check that ``value`` is an object of names of 1 to ``most`` code points by language tag.

    Raises:
        SchemaError: It is not.
    """
    return {
        language_tag(tag, f"a key of {path}"): text(name, f"{path}.{tag}", most=most, least=1)
        for tag, name in keyed(value, path).items()
    }


def external_ids(value: Any, path: str) -> dict[str, str | tuple[str, ...]]:
    """Check that ``value`` is an object of ids, or lists of ids, by scheme.

    Raises:
        SchemaError: It is not.
    """
    return {
        text(scheme, f"a key of {path}", most=100, least=1): (
            texts(ids, f"{path}.{scheme}", most_items=100, most=200)
            if isinstance(ids, list)
            else text(ids, f"{path}.{scheme}", most=200, least=1)
        )
        for scheme, ids in keyed(value, path).items()
    }


def mismatch(path: str, field: str, start: int, end: int, found: str, surface: str) -> SchemaError:
    """Return the error for a mention whose offsets do not give its surface."""
    return SchemaError(
        f"{path} says {excerpt(surface)}, but {field}[{start}:{end}] is {excerpt(found)}.",
        remedy="Count offsets in Unicode code points of the text as received.",
    )


def known_only(source: Mapping[str, Any], known: Collection[str], event: str) -> None:
    """Refuse fields that the event does not define.

    Raises:
        SchemaError: There is such a field.
    """
    unknown = sorted(source.keys() - set(known))
    if len(unknown) > 0:
        raise SchemaError(
            f"The {event} has a field that its schema does not know: {excerpt(unknown[0])}.",
            remedy=f"Known are {', '.join(sorted(known))}.",
        )


def _wrong(path: str, wanted: str, value: Any) -> SchemaError:
    return SchemaError(f"{path} is a {_kind(value)}, not {wanted}: {excerpt(value)}.", remedy=f"Send {wanted}.")


def _not_a_time(shown: str, path: str) -> SchemaError:
    return SchemaError(
        f"{path} is {excerpt(shown)}, not an RFC 3339 date and time with an offset.",
        remedy="Send it as 2026-01-31T09:30:00Z.",
    )


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true/false value"
    for kind, name in ((str, "string"), (list, "list"), (dict, "object"), (int, "number"), (float, "number")):
        if isinstance(value, kind):
            return name
    return type(value).__name__
