"""The shape of a surface form: what its capitals tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.chars import CASELESS, flags_of

if TYPE_CHECKING:
    from mypy_extensions import i64

__all__ = ["LOWER", "MIXED", "NO_CASE", "TITLE", "UNKNOWN", "UPPER", "shape_of"]

NO_CASE: Final = 0
LOWER: Final = 1
TITLE: Final = 2
UPPER: Final = 3
MIXED: Final = 4
UNKNOWN: Final = -1
"""Nobody looked yet."""


def shape_of(surface: str) -> int:
    """Return ``NO_CASE`` (Arabic, Han, digits), ``LOWER``, ``TITLE``, ``UPPER`` or ``MIXED`` (iPhone, OpenAI)."""
    length: i64 = len(surface)
    at: i64 = 0
    while at < length and flags_of(ord(surface[at])) & CASELESS != 0:
        at += 1
    if at == length:
        return NO_CASE
    lower = surface.lower()
    if surface == lower:
        return NO_CASE if surface == surface.upper() else LOWER
    if surface.isupper():
        return UPPER
    return TITLE if surface.istitle() or surface[0].isupper() else MIXED
