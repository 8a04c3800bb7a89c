"""The entity types that every room shares."""

from __future__ import annotations

from typing import Final

__all__ = ["ENTITY_TYPES", "OTHER"]

ENTITY_TYPES: Final = ("person", "organization", "place", "product", "work", "event", "other")
"""In a fixed order: snapshots store a type as its index here, so new types are only ever appended."""

OTHER: Final = "other"
