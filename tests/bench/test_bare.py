from __future__ import annotations

from bench.bare import bare_scan
from streams.catalog.records import Record
from streams.catalog.snapshot import view_of
from streams.events.entity import Entity


def test_every_form_is_found_also_inside_words() -> None:
    view = view_of(
        [Record("Q1", Entity("Q1", "place", {"en": "Arden"})), Record("Q2", Entity("Q2", "place", {"en": "Den"}))]
    )
    text = "in arden, not in gardens"
    found = bare_scan(view)(text)
    assert sorted(text[low:high] for low, high, _ in found) == ["arden", "arden", "den", "den"]
