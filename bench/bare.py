"""The bare matcher: daachorse, the fastest library that was measured, finding every form also inside words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daachorse import CharwiseDoubleArrayAhoCorasick

from streams.catalog.forms import forms_of_record

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.catalog.snapshot import SnapshotView

__all__ = ["bare_scan"]


def bare_scan(view: SnapshotView) -> Callable[[str], list[tuple[int, int, int]]]:
    """Return the library's own search over the forms of ``view``."""
    forms = {form for record in view.records() for form, *_ in forms_of_record(record)}
    return CharwiseDoubleArrayAhoCorasick(sorted(forms)).find_overlapping
